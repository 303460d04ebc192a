package anglehealth

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// check finds the vendor's words in an error answer, and refusals inside a
// success. The document describes neither, so the usual shapes are looked for
// and anything else is left to the status.
func check(op rest.Op, status int, _ http.Header, body []byte) *rest.Error {
	o, err := rest.ParseObject(body)
	switch {
	case status >= http.StatusBadRequest:
		return words(o)
	case status < 200 || status > 299 || err != nil:
		return nil
	}
	return refusal(o)
}

// refusal reads a 2xx answer that says no. One that also holds something else
// was perhaps done in part, which nobody can tell.
func refusal(o rest.Object) *rest.Error {
	said, more := false, false
	for _, m := range o {
		switch strings.ToLower(m.Name) {
		case "error", "errors":
			said = said || !rest.Void(m.Value) && string(m.Value) != "false" && string(m.Value) != "0"
		case "success":
			yes, known := rest.YesNo(m.Value)
			said = said || known && !yes
		case "status":
			said = said || !rest.Void(o.Find("message")) && failing(m.Value)
		case "message", "code", "fields", "detail":
		default:
			more = more || !rest.Void(m.Value)
		}
	}
	if !said {
		return nil
	}
	e := words(o)
	if more {
		e.Kind = rest.KindServer
	}
	return e
}

// failing reads the words of a status that says no.
func failing(raw json.RawMessage) bool {
	switch strings.ToLower(rest.FirstText(raw).Raw()) {
	case "error", "fail", "failed", "failure":
		return true
	}
	return false
}

// words reads {"error": "..."}, {"error": {"message", "code"}}, {"message"},
// and the complaints in fields or errors by wire name.
func words(o rest.Object) *rest.Error {
	e := &rest.Error{}
	places := []rest.Object{o}
	if inner, err := rest.ParseObject(o.Find("error")); err == nil {
		places = []rest.Object{inner, o}
	}
	for _, p := range places {
		for _, name := range []string{"message", "error", "detail"} {
			if e.Message.Empty() {
				e.Message = rest.FirstText(p.Find(name))
			}
		}
		if code := rest.FirstText(p.Find("code")).Raw(); len(code) <= longestCode && codeShape.MatchString(code) {
			e.Code = code
		}
		for _, name := range []string{"fields", "errors"} {
			fields, _ := rest.ParseObject(p.Find(name))
			for _, m := range fields {
				if said := rest.FirstText(m.Value); !said.Empty() && len(e.Fields) < maxFields {
					if e.Fields == nil {
						e.Fields = map[string]safe.Text{}
					}
					e.Fields[safe.Clean(m.Name)] = said
				}
			}
		}
	}
	if e.Message.Empty() {
		e.Message = rest.FirstText(o.Find("errors"))
	}
	if word := e.Message.Raw(); len(e.Fields) > 0 && len(word) <= longestCode && codeShape.MatchString(word) {
		e.Code, e.Message = word, safe.Text{} // the fields say more
	}
	return e
}

// maxFields is more than any form has.
const maxFields = 100

const longestCode = 24

// codeShape is what a code may look like: codes are logged, sentences are not.
var codeShape = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
