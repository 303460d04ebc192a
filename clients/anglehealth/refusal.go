package anglehealth

import (
	"net/http"
	"regexp"

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
	no, alone := o.Refuses()
	if !no {
		return nil
	}
	e := words(o)
	if !alone {
		e.Kind = rest.KindServer
	}
	return e
}

// words are the vendor's. Where fields say more, what looks like a code is one.
func words(o rest.Object) *rest.Error {
	e := o.Words()
	if word := e.Message.Raw(); len(e.Fields) > 0 && codeShape.MatchString(word) {
		e.Code, e.Message = word, safe.Text{}
	}
	return e
}

// codeShape is what a code may look like: codes are logged, sentences are not.
var codeShape = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,24}$`)
