package inboxhealth

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// object is a record as it arrived.
type object map[string]json.RawMessage

var errNotObject = errors.New("a record was expected")

func parseObject(raw json.RawMessage) (object, error) {
	var o object
	if json.Unmarshal(raw, &o) != nil || o == nil {
		return nil, errNotObject
	}
	return o, nil
}

func isNull(raw json.RawMessage) bool {
	s := strings.TrimSpace(string(raw))
	return s == "" || s == "null"
}

// blank reports a field without a value.
func blank(raw json.RawMessage) bool {
	s := strings.TrimSpace(string(raw))
	return isNull(raw) || s == `""` || s == "[]" || s == "{}"
}

// single is the record of an answer: under its root name as documented, or the
// answer itself when that has an id.
func single(raw json.RawMessage, root string) (object, error) {
	o, err := parseObject(raw)
	if err != nil {
		return nil, err
	}
	if inner := o[root]; !isNull(inner) {
		return parseObject(inner)
	}
	if isNull(o["id"]) {
		return nil, fmt.Errorf("it holds no %s", spoken(root))
	}
	return o, nil
}

// several are the records of an answer: under their root name as documented,
// or the answer itself when that is a list.
func several(raw json.RawMessage, root string) ([]object, error) {
	var rows []json.RawMessage
	if json.Unmarshal(raw, &rows) != nil {
		o, err := parseObject(raw)
		if err != nil {
			return nil, err
		}
		held, there := o[root]
		if !there || json.Unmarshal(held, &rows) != nil {
			return nil, fmt.Errorf("it holds no list of %s", spoken(root))
		}
	}
	all := make([]object, len(rows))
	for i, row := range rows {
		o, err := parseObject(row)
		if err != nil {
			return nil, fmt.Errorf("entry %d of %s is not a record", i+1, spoken(root))
		}
		all[i] = o
	}
	return all, nil
}

// spoken is a root name as a person says it.
func spoken(root string) string { return strings.ReplaceAll(root, "_", " ") }

// A reader takes typed values out of a record and keeps the first complaint,
// which names the field and never quotes what it held. A missing or null field
// is the zero value.
type reader struct {
	o   object
	err error
}

func (r *reader) complain(name, want string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s is not %s", name, want)
	}
}

// text is the first of the fields that is there.
func (r *reader) text(names ...string) safe.Text { return safe.Line(r.plain(names...)) }

func (r *reader) long(names ...string) safe.Long { return safe.Paragraphs(r.plain(names...)) }

func (r *reader) plain(names ...string) string {
	for _, name := range names {
		v := r.o[name]
		if isNull(v) {
			continue
		}
		var t safe.Long
		if json.Unmarshal(v, &t) != nil {
			r.complain(name, "text")
		}
		return t.Raw()
	}
	return ""
}

func (r *reader) id(name string) (id ID) {
	if v := r.o[name]; v != nil && json.Unmarshal(v, &id) != nil {
		r.complain(name, "a record's number")
	}
	return id
}

// amount is the first of the fields that states one.
func (r *reader) amount(names ...string) Amount {
	for _, name := range names {
		v := r.o[name]
		if isNull(v) {
			continue
		}
		var c Cents
		if json.Unmarshal(v, &c) != nil {
			r.complain(name, "whole cents")
		}
		return Amount{c, true}
	}
	return Amount{}
}

func (r *reader) count(name string) int {
	v := r.o[name]
	if isNull(v) {
		return 0
	}
	n, ok := whole(v)
	if !ok || int64(int(n)) != n {
		r.complain(name, "a whole number")
	}
	return int(n)
}

// flag takes true and false, 1 and 0, and both in quotes (IH-8).
func (r *reader) flag(name string) Flag {
	v := r.o[name]
	if isNull(v) {
		return Flag{}
	}
	on, known := rest.YesNo(v)
	if !known && !rest.Void(v) {
		r.complain(name, "true or false")
	}
	return Flag{on, known}
}

// date takes YYYY-MM-DD, and the day a date-time was written with: an office
// far from Greenwich means the day it wrote (IH-8).
func (r *reader) date(name string) civil.Date {
	s := r.plain(name)
	day, _, _ := strings.Cut(strings.TrimSpace(s), "T")
	d, err := civil.ParseDate(day)
	if err != nil && s != "" {
		r.complain(name, "a date YYYY-MM-DD")
	}
	return d
}

// stamp is zero when it is missing or cannot be read.
func (r *reader) stamp(name string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, r.plain(name))
	if err != nil {
		return time.Time{}
	}
	return t
}

// rows are records inside a record; known tells an empty list from none.
func rows[T any](r *reader, name string, decode func(*reader) T) (all []T, known bool) {
	v := r.o[name]
	if isNull(v) {
		return nil, false
	}
	var items []object
	if json.Unmarshal(v, &items) != nil {
		r.complain(name, "a list of records")
		return nil, false
	}
	for i, item := range items {
		inner := &reader{o: item}
		all = append(all, decode(inner))
		if inner.err != nil {
			r.complain(name+" "+strconv.Itoa(i+1), "readable")
		}
	}
	return all, true
}
