package rest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"frontdesk/clients/safe"
)

// Some documents describe neither errors nor refusals inside a success. What is
// usual is read here, once for all vendors; what follows from it, each client
// knows.

// maxFields is more than any form has.
const maxFields = 100

// Words is the error of what an answer says: a sentence, a code, complaints
// about fields by wire name, at its top or in its "error". Its Kind is left to
// the status.
func (o Object) Words() *Error {
	e := &Error{}
	places := []Object{o}
	if inner, err := ParseObject(o.Find("error")); err == nil {
		places = []Object{inner, o}
	}
	for _, p := range places {
		for _, name := range []string{"message", "error", "msg", "detail", "title"} {
			if e.Message.Empty() {
				e.Message = Said(p.Find(name))
			}
		}
		if code := (&Error{Code: Said(p.Find("code", "errorCode")).Raw()}).code(); code != "" {
			e.Code = code
		}
		for _, name := range []string{"errors", "fields", "details"} {
			e.object(p.Find(name))
		}
	}
	if e.Message.Empty() && len(e.Fields) == 0 {
		e.Message = Said(o.Find("errors"))
	}
	return e
}

// object adds complaints: a map of field to words, or a list of records that
// name a field and its words.
func (e *Error) object(raw json.RawMessage) {
	if o, err := ParseObject(raw); err == nil {
		for _, m := range o {
			e.complain(m.Name, Said(m.Value))
		}
		return
	}
	var items []json.RawMessage
	_ = json.Unmarshal(raw, &items) // anything else complains of no field
	for _, item := range items {
		if o, err := ParseObject(item); err == nil {
			e.complain(Said(o.Find("field", "path", "param", "property")).Raw(), Said(o.Find("message", "msg", "error")))
		}
	}
}

func (e *Error) complain(field string, said safe.Text) {
	if field == "" || said.Empty() || len(e.Fields) == maxFields {
		return
	}
	if e.Fields == nil {
		e.Fields = map[string]safe.Text{}
	}
	e.Fields[safe.Clean(field)] = said
}

// Said is what a value says to a person: a text, the texts of a list, the
// message of a record or else the texts in it. Yes and no say nothing.
func Said(raw json.RawMessage) safe.Text { return safe.Line(said(raw, 3)) }

// said looks as deep as errors are usually nested.
func said(raw json.RawMessage, deep int) string {
	var items []json.RawMessage
	if o, err := ParseObject(raw); err == nil {
		if words := o.Find("message", "msg", "error"); words != nil {
			items = append(items, words)
		} else {
			for _, m := range o {
				items = append(items, m.Value)
			}
		}
	} else if json.Unmarshal(raw, &items) != nil {
		return plain(raw)
	}
	var all []string
	for _, item := range items {
		if deep == 0 {
			break
		}
		if one := said(item, deep-1); one != "" {
			all = append(all, one)
		}
	}
	return strings.Join(all, "; ")
}

// plain is a text or a number.
func plain(raw json.RawMessage) string {
	var t safe.Text
	if s := string(raw); s == "" || s == "true" || s == "false" || json.Unmarshal(raw, &t) != nil {
		return ""
	}
	return t.Raw()
}

// Refuses reports an answer that says no. Alone tells that nothing else stands
// in it: otherwise it was perhaps done in part, which nobody can tell.
func (o Object) Refuses() (no, alone bool) {
	no = o.Denies() || o.Complains() || o.Fails() && !Void(o.Find("message"))
	return no, !slices.ContainsFunc(o.Beside(), func(m Member) bool { return !Void(m.Value) })
}

// Beside is what an answer holds but its words about itself.
func (o Object) Beside() Object {
	return slices.DeleteFunc(slices.Clone(o), func(m Member) bool {
		switch strings.ToLower(m.Name) {
		case "success", "ok", "status", "statuscode", "code", "message", "error", "errors", "fields", "detail":
			return true
		}
		return false
	})
}

// Denies reports a success, or an ok, that is false.
func (o Object) Denies() bool {
	for _, name := range []string{"success", "ok"} {
		if yes, known := YesNo(o.Find(name)); known && !yes {
			return true
		}
	}
	return false
}

// Complains reports an error, or errors, that say something.
func (o Object) Complains() bool {
	for _, name := range []string{"error", "errors"} {
		if v := o.Find(name); !Void(v) && string(v) != "false" && string(v) != "0" {
			return true
		}
	}
	return false
}

// Fails reports a status "error", "fail" and the like, false, or an HTTP one. A
// record may have a status of its own: what stands beside it tells.
func (o Object) Fails() bool {
	if code := o.StatusCode(); code != 0 {
		return code >= http.StatusBadRequest
	}
	v := o.Find("status")
	switch strings.ToLower(Said(v).Raw()) {
	case "error", "fail", "failed", "failure":
		return true
	}
	return string(v) == "false"
}

// StatusCode is the HTTP status that an answer repeats in its body, 0 for none.
func (o Object) StatusCode() int {
	var n json.Number
	if json.Unmarshal(o.Find("statusCode", "status"), &n) != nil {
		return 0
	}
	if code, err := n.Int64(); err == nil && code >= 100 && code <= 599 {
		return int(code)
	}
	return 0
}
