package naturaesoft

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"frontdesk/clients/rest"
)

// The document shows an envelope for some answers and none for most, so what
// is accepted here is wider than any one answer (NS-2, NS-17). What cannot be
// understood is an error that names the place and never quotes the value.

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
	if o, err := rest.ParseObject(raw); err == nil {
		if data := o.Find("data"); data != nil {
			return data
		}
	}
	return raw
}

// one is the single record of an answer: bare, in data, in a list of exactly
// one, or under one of the names. Beside is what surrounds a record that stood
// under a name, nil otherwise.
func one(raw json.RawMessage, names ...string) (record, beside rest.Object, err error) {
	v := unwrap(raw)
	if first(v) == '[' {
		var items []json.RawMessage
		if json.Unmarshal(v, &items) != nil || len(items) != 1 {
			return nil, nil, errors.New("the answer is a list where one record was expected")
		}
		v = items[0]
	}
	o, err := rest.ParseObject(v)
	if err != nil {
		return nil, nil, err
	}
	if inner := o.Find(names...); first(inner) == '{' {
		record, err = rest.ParseObject(inner)
		return record, o, err
	}
	return o, nil, nil
}

// holds reports a record with something under at least one of the names. Some
// vendors answer {} or a mere message about a record that is not there, and an
// empty record must not be taken for its content, let alone be saved back.
func holds(o rest.Object, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return !rest.Void(o.Find(name)) })
}

// counts are the totals of a list as far as the answer states them; -1 is
// unknown.
type counts struct{ page, limit, total, pages int }

// list is the rows of an answer (NS-17): a bare array, an array in data, or an
// array in an object, there or at the top, under one of the names or else the
// first array of objects. null in the place of the list is an empty list.
func list(raw json.RawMessage, names ...string) ([]rest.Object, counts, error) {
	none := counts{-1, -1, -1, -1}
	levels := []rest.Object{}
	v := raw
	for range 3 { // the answer, its data, and a data in data
		if first(v) != '{' {
			break
		}
		o, err := rest.ParseObject(v)
		if err != nil {
			return nil, none, err
		}
		levels = append(levels, o)
		if v = o.Find("data"); v == nil {
			v = rows(o, names)
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
	records := make([]rest.Object, len(items))
	for i, item := range items {
		o, err := rest.ParseObject(item)
		if err != nil {
			return nil, none, fmt.Errorf("entry %d of %s is not a record", i+1, names[0])
		}
		records[i] = o
	}
	return records, totals(levels), nil
}

// rows is the member that holds the list: by name, else the first array of
// objects, else the only array.
func rows(o rest.Object, names []string) json.RawMessage {
	if v := o.Find(names...); v != nil && (first(v) == '[' || isNull(v)) {
		return v
	}
	var arrays []json.RawMessage
	for _, m := range o {
		var items []json.RawMessage
		if first(m.Value) != '[' || json.Unmarshal(m.Value, &items) != nil {
			continue
		}
		if len(items) > 0 && first(items[0]) == '{' {
			return m.Value
		}
		arrays = append(arrays, m.Value)
	}
	if len(arrays) == 1 {
		return arrays[0]
	}
	return nil
}

// totals reads pagination, meta or the levels themselves, innermost first.
func totals(levels []rest.Object) counts {
	var places []rest.Object
	for i := len(levels) - 1; i >= 0; i-- {
		for _, name := range []string{"pagination", "paging", "meta"} {
			if o, err := rest.ParseObject(levels[i].Find(name)); err == nil {
				places = append(places, o)
				if o, err := rest.ParseObject(o.Find("pagination")); err == nil {
					places = append(places, o)
				}
			}
		}
		places = append(places, levels[i])
	}
	read := func(names ...string) int {
		for _, o := range places {
			if n, err := number(o.Find(names...)); err == nil && n >= 0 {
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
