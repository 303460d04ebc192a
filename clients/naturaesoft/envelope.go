package naturaesoft

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// The document shows an envelope for some answers and none for most, so what
// is accepted here is wider than any one answer (NS-2, NS-17). What cannot be
// understood is an error that names the place and never quotes the value.

// object is a JSON object with its fields in the order of arrival.
type object []member

type member struct {
	name  string
	value json.RawMessage
}

var errNotObject = errors.New("the answer is not an object")

func parseObject(raw json.RawMessage) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errNotObject
	}
	var o object
	for dec.More() {
		t, err := dec.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, errNotObject
		}
		var v json.RawMessage
		if dec.Decode(&v) != nil {
			return nil, errNotObject
		}
		o = append(o, member{name, v})
	}
	if _, err := dec.Token(); err != nil {
		return nil, errNotObject
	}
	return o, nil
}

// find returns the value of the first of the names the object has, nil when it
// has none. The exact spelling wins over another case of it.
func (o object) find(names ...string) json.RawMessage {
	for _, name := range names {
		var folded json.RawMessage
		for i := len(o) - 1; i >= 0; i-- { // of a name sent twice the last holds
			if o[i].name == name {
				return o[i].value
			}
			if folded == nil && strings.EqualFold(o[i].name, name) {
				folded = o[i].value
			}
		}
		if folded != nil {
			return folded
		}
	}
	return nil
}

// void reports a value that says nothing: absent, null or an empty object,
// array or string.
func void(raw json.RawMessage) bool {
	var b bytes.Buffer
	if len(raw) == 0 || json.Compact(&b, raw) != nil {
		return len(raw) == 0
	}
	switch b.String() {
	case "null", "{}", "[]", `""`:
		return true
	}
	return false
}

func isNull(raw json.RawMessage) bool {
	return len(raw) == 0 || string(bytes.TrimSpace(raw)) == "null"
}

// first is the first significant byte: '{', '[', '"' ..., 0 for none.
func first(raw json.RawMessage) byte {
	if b := bytes.TrimSpace(raw); len(b) > 0 {
		return b[0]
	}
	return 0
}

// unwrap takes the documented {"data": ...} off an answer; an answer without
// it is the value itself (NS-2).
func unwrap(raw json.RawMessage) json.RawMessage {
	if o, err := parseObject(raw); err == nil {
		if data := o.find("data"); data != nil {
			return data
		}
	}
	return raw
}

// one is the single record of an answer: bare, in data, in a list of exactly
// one, or under one of the names. Beside is what surrounds a record that stood
// under a name, nil otherwise.
func one(raw json.RawMessage, names ...string) (record, beside object, err error) {
	v := unwrap(raw)
	if first(v) == '[' {
		var items []json.RawMessage
		if json.Unmarshal(v, &items) != nil || len(items) != 1 {
			return nil, nil, errors.New("the answer is a list where one record was expected")
		}
		v = items[0]
	}
	o, err := parseObject(v)
	if err != nil {
		return nil, nil, err
	}
	if inner := o.find(names...); first(inner) == '{' {
		record, err = parseObject(inner)
		return record, o, err
	}
	return o, nil, nil
}

// counts are the totals of a list as far as the answer states them; -1 is
// unknown.
type counts struct{ page, limit, total, pages int }

// list is the rows of an answer (NS-17): a bare array, an array in data, or an
// array in an object, there or at the top, under one of the names or else the
// first array of objects. null in the place of the list is an empty list.
func list(raw json.RawMessage, names ...string) ([]object, counts, error) {
	none := counts{-1, -1, -1, -1}
	levels := []object{}
	v := raw
	for range 3 { // the answer, its data, and a data in data
		if first(v) != '{' {
			break
		}
		o, err := parseObject(v)
		if err != nil {
			return nil, none, err
		}
		levels = append(levels, o)
		if v = o.find("data"); v == nil {
			v = o.rows(names)
			break
		}
	}
	if v == nil || first(v) != '[' && !isNull(v) {
		return nil, none, fmt.Errorf("the answer holds no list of %s", names[0])
	}
	var items []json.RawMessage
	if err := json.Unmarshal(v, &items); err != nil {
		return nil, none, fmt.Errorf("the list of %s is broken", names[0])
	}
	rows := make([]object, len(items))
	for i, item := range items {
		o, err := parseObject(item)
		if err != nil {
			return nil, none, fmt.Errorf("entry %d of %s is not a record", i+1, names[0])
		}
		rows[i] = o
	}
	return rows, totals(levels), nil
}

// rows is the member that holds the list: by name, else the first array of
// objects, else the only array.
func (o object) rows(names []string) json.RawMessage {
	if v := o.find(names...); v != nil && (first(v) == '[' || isNull(v)) {
		return v
	}
	var arrays []json.RawMessage
	for _, m := range o {
		var items []json.RawMessage
		if first(m.value) != '[' || json.Unmarshal(m.value, &items) != nil {
			continue
		}
		if len(items) > 0 && first(items[0]) == '{' {
			return m.value
		}
		arrays = append(arrays, m.value)
	}
	if len(arrays) == 1 {
		return arrays[0]
	}
	return nil
}

// totals reads pagination, meta or the levels themselves, innermost first.
func totals(levels []object) counts {
	var places []object
	for i := len(levels) - 1; i >= 0; i-- {
		for _, name := range []string{"pagination", "paging", "meta"} {
			if o, err := parseObject(levels[i].find(name)); err == nil {
				places = append(places, o)
				if o, err := parseObject(o.find("pagination")); err == nil {
					places = append(places, o)
				}
			}
		}
		places = append(places, levels[i])
	}
	read := func(names ...string) int {
		for _, o := range places {
			if n, err := number(o.find(names...)); err == nil && n >= 0 {
				return n
			}
		}
		return -1
	}
	return counts{
		page:  read("page", "currentPage", "current_page"),
		limit: read("limit", "perPage", "per_page", "pageSize", "page_size"),
		total: read("total", "totalCount", "total_count", "totalItems"),
		pages: read("totalPages", "total_pages", "pages", "lastPage", "last_page"),
	}
}
