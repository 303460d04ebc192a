package naturaesoft

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
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
		return refused(op, o)
	case op.Effect == rest.Read:
		return nil
	}
	inner, err := rest.ParseObject(o.Find("data"))
	word := string(body) == http.StatusText(status) // "OK", as web servers write
	switch {
	case err == nil && (denies(inner) || complains(inner)):
		return partly(op, words(inner)) // whether all of it was refused is not said
	case op.Name == opUpsertProducts.Name && refusesSome(body):
		return partly(op, &rest.Error{})
	case op.Name == opCreateProspect.Name && (isNull(body) || word):
		return &rest.Error{Kind: rest.KindDecode, Code: noContent}
	case len(body) > 0 && !json.Valid(body) && !word, string(unwrap(body)) == "false":
		// Somebody else's page in the place of an answer: the write may never
		// have reached the vendor. And false is no way to say that it is done.
		return &rest.Error{Kind: rest.KindDecode}
	}
	return nil
}

// refused is the error of an answer that refuses. It is about the whole write
// unless something stands beside the complaints: data, or, of several products,
// complaints about some.
func refused(op rest.Op, o rest.Object) *rest.Error {
	e := words(o)
	code, _ := statusCode(o)
	several := op.Name == opUpsertProducts.Name && !rest.Void(o.Find("errors"))
	if !rest.Void(o.Find("data")) || several || code >= http.StatusInternalServerError {
		return partly(op, e)
	}
	return e
}

// partly makes e the error of a write that may have been done in part. To
// others, such as signing in, a no is a no and not to be tried over.
func partly(op rest.Op, e *rest.Error) *rest.Error {
	if op.Effect == rest.Create {
		e.Kind = rest.KindServer
	}
	return e
}

// refuses reports a 2xx answer whose body says no: success false, a status of
// failure, or an error in the place of data. A write that reports errors beside
// its data was not done, or not all of it.
func refuses(op rest.Op, o rest.Object) bool {
	if denies(o) {
		return true
	}
	bare := rest.Void(o.Find("data"))
	if complains(o) && (bare || op.Effect != rest.Read) {
		return true
	}
	// Without data beside it, a status may be a field of the record itself.
	switch {
	case !fails(o):
		return false
	case bare:
		return !rest.Void(o.Find("message"))
	}
	return op.Effect != rest.Read
}

// refusesSome reports an answer that lists what became of each product, with
// one of them refused.
func refusesSome(body []byte) bool {
	results, _, _ := list(body, "products", "results")
	return slices.ContainsFunc(results, func(o rest.Object) bool {
		return denies(o) || complains(o) || fails(o)
	})
}

// denies reports a success, or an ok, that is false.
func denies(o rest.Object) bool {
	for _, name := range []string{"success", "ok"} {
		if yes, known := rest.YesNo(o.Find(name)); known && !yes {
			return true
		}
	}
	return false
}

// complains reports an error, or errors, that say something.
func complains(o rest.Object) bool {
	if yes, known := rest.YesNo(o.Find("error")); !rest.Void(o.Find("error")) && (!known || yes) {
		return true
	}
	return !rest.Void(o.Find("errors"))
}

// fails reports a status "error", "fail" and the like, false, or an HTTP one.
func fails(o rest.Object) bool {
	if code, ok := statusCode(o); ok {
		return code >= http.StatusBadRequest
	}
	var status any
	_ = json.Unmarshal(o.Find("status"), &status)
	word, _ := status.(string)
	switch strings.ToLower(word) {
	case "error", "fail", "failed", "failure":
		return true
	}
	return status == false
}

// statusCode is the HTTP status that an answer repeats in its body.
func statusCode(o rest.Object) (int, bool) {
	code, err := number(o.Find("statusCode", "status"))
	return code, err == nil && code >= 100 && code <= 599
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
