package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
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
// maintenance message. JSON stays JSON where a server calls it a page, as those
// do that name no type of their own.
func page(h http.Header, body []byte) bool {
	body = trim(body)
	if len(body) == 0 || body[0] == '{' || body[0] == '[' {
		return false
	}
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "text/html", "application/xhtml+xml":
		return true
	}
	return body[0] == '<'
}

// inUTF8 is a body in the only encoding JSON has. Bytes of another one would be
// read as U+FFFD, and a record that is sent back would lose them for good; so a
// server that names one of Western Europe is believed where the bytes bear it
// out.
func inUTF8(h http.Header, body []byte) []byte {
	if utf8.Valid(body) {
		return body
	}
	_, named, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return body
	}
	table := charmap.Windows1252 // what people mean by Latin-1
	switch strings.ToLower(named["charset"]) {
	case "iso-8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252":
	case "iso-8859-15", "iso8859-15", "latin9":
		table = charmap.ISO8859_15
	default:
		return body
	}
	decoded, err := table.NewDecoder().Bytes(body)
	if err != nil { // these tables have a place for every byte
		return body
	}
	return decoded
}

// trim removes a byte order mark and white space.
func trim(body []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF")))
}
