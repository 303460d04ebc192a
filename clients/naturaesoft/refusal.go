package naturaesoft

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"frontdesk/clients/rest"
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
	case err == nil && (inner.Denies() || inner.Complains()):
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
	several := op.Name == opUpsertProducts.Name && !rest.Void(o.Find("errors"))
	if !rest.Void(o.Find("data")) || several || o.StatusCode() >= http.StatusInternalServerError {
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
	if o.Denies() {
		return true
	}
	bare := rest.Void(o.Find("data"))
	if o.Complains() && (bare || op.Effect != rest.Read) {
		return true
	}
	// Without data beside it, a status may be a field of the record itself.
	switch {
	case !o.Fails():
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
		return o.Denies() || o.Complains() || o.Fails()
	})
}

// words are the vendor's, its complaints by the fields as the document spells
// them.
func words(o rest.Object) *rest.Error {
	e := o.Words()
	for name, said := range maps.Clone(e.Fields) {
		delete(e.Fields, name)
		e.Fields[wireName(name)] = said
	}
	return e
}

// wireName is a field as the document spells it, so that a complaint finds its
// place in a form.
func wireName(s string) string {
	for _, f := range prospectFields {
		if strings.EqualFold(f, s) {
			return f
		}
	}
	return s
}
