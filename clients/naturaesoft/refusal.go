package naturaesoft

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// noContent is the code of a write that succeeded without a word, where an id
// could have stood.
const noContent = "no-content"

// check finds the vendor's words in an error answer, and refusals inside a
// success. The document describes neither, so the usual shapes are looked for
// and anything else is left to the status.
func check(op rest.Op, status int, _ http.Header, body []byte) *rest.Error {
	o, err := rest.ParseObject(body)
	switch {
	case status >= http.StatusBadRequest:
		return words(o)
	case status < 200 || status > 299:
		return nil
	case err == nil && refuses(op, o):
		e := words(o)
		if !rest.Void(o.Find("data")) { // done in part
			e.Kind = rest.KindServer
		}
		return e
	case op.Name == opCreateProspect.Name && isNull(body):
		return &rest.Error{Kind: rest.KindDecode, Code: noContent}
	case op.Effect != rest.Read && len(body) > 0 && !json.Valid(body):
		// Somebody else's page in the place of an answer: the write may never
		// have reached the vendor.
		return &rest.Error{Kind: rest.KindDecode}
	}
	return nil
}

// refuses reports a 2xx answer whose body says no: success false, status
// "error", or an error in the place of data. A write that reports errors beside
// its data was not done, or not all of it.
func refuses(op rest.Op, o rest.Object) bool {
	if ok, known := rest.YesNo(o.Find("success")); known && !ok {
		return true
	}
	complaint := !rest.Void(o.Find("error")) || !rest.Void(o.Find("errors"))
	if ok, known := rest.YesNo(o.Find("error")); known && !ok {
		complaint = !rest.Void(o.Find("errors"))
	}
	bare := rest.Void(o.Find("data"))
	if complaint && (bare || op.Effect != rest.Read) {
		return true
	}
	var status string
	if !bare || json.Unmarshal(o.Find("status"), &status) != nil {
		return false
	}
	switch strings.ToLower(status) {
	case "error", "fail", "failed", "failure":
		return !rest.Void(o.Find("message"))
	}
	return false
}

// words reads {"error": "..."}, {"error": {"message", "code"}}, {"message"},
// and field complaints in errors or fields: a map, or a list of records.
func words(o rest.Object) *rest.Error {
	e := &rest.Error{}
	places := []rest.Object{o}
	if inner, err := rest.ParseObject(o.Find("error")); err == nil {
		places = []rest.Object{inner, o}
	}
	for _, p := range places {
		for _, name := range []string{"message", "error", "msg", "detail", "title"} {
			if e.Message.Empty() {
				e.Message = rest.FirstText(p.Find(name))
			}
		}
		if code := rest.FirstText(p.Find("code", "errorCode")).Raw(); len(code) <= 40 && codeShape.MatchString(code) {
			e.Code = code
		}
		for _, name := range []string{"errors", "fields", "details"} {
			for field, said := range complaints(p.Find(name)) {
				if e.Fields == nil {
					e.Fields = map[string]safe.Text{}
				}
				e.Fields[field] = said
			}
		}
	}
	if e.Message.Empty() {
		e.Message = rest.FirstText(o.Find("errors"))
	}
	return e
}

// codeShape is what a code may look like: codes are logged, sentences are not.
var codeShape = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// complaints is a map of field to words, or a list of records that name a
// field and its words.
func complaints(raw json.RawMessage) map[string]safe.Text {
	out := map[string]safe.Text{}
	if o, err := rest.ParseObject(raw); err == nil {
		for _, m := range o {
			if said := rest.FirstText(m.Value); !said.Empty() {
				out[wireName(m.Name)] = said
			}
		}
		return out
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return out
	}
	for _, item := range items {
		o, err := rest.ParseObject(item)
		if err != nil {
			continue
		}
		r := reader{o: o}
		field := r.text("field", "path", "param", "property")
		said := r.text("message", "msg", "error")
		if !field.Empty() && !said.Empty() {
			out[wireName(field.String())] = said
		}
	}
	return out
}

// wireName is a field as the document spells it, so that a complaint finds its
// place in a form.
func wireName(s string) string {
	for _, f := range prospectFields {
		if strings.EqualFold(f, s) {
			return f
		}
	}
	return safe.Clean(s)
}
