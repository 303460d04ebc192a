package anglehealth

import (
	"bytes"
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
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF")))
	o, err := parseObject(body)
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
func refusal(o object) *rest.Error {
	said, more := false, false
	for _, m := range o {
		switch strings.ToLower(m.name) {
		case "error", "errors":
			said = said || !void(m.value) && string(m.value) != "false"
		case "success":
			said = said || string(m.value) == "false"
		case "status":
			said = said || !void(o.find("message")) && failing(m.value)
		case "message", "code", "fields", "detail":
		default:
			more = more || !void(m.value)
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
	switch strings.ToLower(firstText(raw).Raw()) {
	case "error", "fail", "failed", "failure":
		return true
	}
	return false
}

// words reads {"error": "..."}, {"error": {"message", "code"}}, {"message"},
// and the complaints in fields or errors by wire name.
func words(o object) *rest.Error {
	e := &rest.Error{}
	places := []object{o}
	if inner, err := parseObject(o.find("error")); err == nil {
		places = []object{inner, o}
	}
	for _, p := range places {
		for _, name := range []string{"message", "error", "detail"} {
			if e.Message.Empty() {
				e.Message = firstText(p.find(name))
			}
		}
		if code := firstText(p.find("code")).Raw(); len(code) <= longestCode && codeShape.MatchString(code) {
			e.Code = code
		}
		for _, name := range []string{"fields", "errors"} {
			fields, _ := parseObject(p.find(name))
			for _, m := range fields {
				if said := firstText(m.value); !said.Empty() && len(e.Fields) < maxFields {
					if e.Fields == nil {
						e.Fields = map[string]safe.Text{}
					}
					e.Fields[safe.Clean(m.name)] = said
				}
			}
		}
	}
	if e.Message.Empty() {
		e.Message = firstText(o.find("errors"))
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

// firstText is a text, or the first one of a list.
func firstText(raw json.RawMessage) safe.Text {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) == nil && len(items) > 0 {
		raw = items[0]
	}
	var t safe.Text
	if len(raw) == 0 || json.Unmarshal(raw, &t) != nil {
		return safe.Text{}
	}
	return t
}
