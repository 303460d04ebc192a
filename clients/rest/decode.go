package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// decode reads the only JSON value of body into v. Numbers that go into an any
// stay json.Number, because ids may exceed a float64.
func decode(body []byte, v any) reason {
	body = trim(body)
	switch {
	case len(body) == 0:
		return emptyBody
	case string(body) == "null":
		// It would decode to "no records", which the vendor did not say.
		return nullBody
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return decodeReason(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return extraJSON
	}
	return ""
}

// decodeReason names the field by our own name for it, and never the value.
func decodeReason(err error) reason {
	var (
		kind   *json.UnmarshalTypeError
		syntax *json.SyntaxError
	)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return cutJSON
	case errors.As(err, &syntax):
		return brokenJSON
	case errors.As(err, &kind) && kind.Field != "":
		found, _, _ := strings.Cut(kind.Value, " ") // "number -5" holds the value
		return otherShape + reason(": field "+kind.Field+" is a "+found)
	}
	return otherShape
}

// page reports that an answer is a web page: a login form, a proxy's or
// maintenance message.
func page(h http.Header, body []byte) bool {
	body = trim(body)
	if len(body) == 0 {
		return false
	}
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "text/html", "application/xhtml+xml":
		return true
	}
	return bytes.HasPrefix(body, []byte("<"))
}

// trim removes a byte order mark and white space.
func trim(body []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF")))
}
