package naturaesoft

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"frontdesk/clients/safe"
)

// ID names a record of the EMR. The vendor sends ids as numbers in one place
// and as strings in another (ProviderID 1 and "1"), so an ID holds the digits or
// the text and two IDs are equal when those are. Numbers of any size stay
// exact. The zero value means that no id was given.
type ID string

var idShape = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// Valid reports whether the id can stand in a path: letters, digits, "_" and
// "-" only, and not zero. An id that is not valid is never sent, because an
// empty or odd path segment turns "remove one" into "remove all".
func (id ID) Valid() bool {
	return idShape.MatchString(string(id)) && strings.Trim(string(id), "0") != ""
}

// maxID is far beyond any id, and short enough to be drawn.
const maxID = 100

// UnmarshalJSON takes a string, a whole number (also 8.198787e+07) or null.
// Since ids are drawn as they are, one that holds more than plain short text is
// an error, which never quotes it.
func (id *ID) UnmarshalJSON(raw []byte) error {
	var s *string
	if json.Unmarshal(raw, &s) == nil {
		*id = ""
		if s == nil {
			return nil
		}
		text := strings.TrimSpace(*s)
		if len(text) > maxID || safe.Line(text).Altered() {
			return errors.New("an id must be short and plain")
		}
		*id = ID(text)
		return nil
	}
	n, ok := whole(raw)
	if !ok {
		return errors.New("an id must be text or a whole number")
	}
	*id = ID(n)
	return nil
}

// wire is the id as a JSON number when it is a plain one, as the documents'
// examples write ids, and as a string otherwise.
func (id ID) wire() json.RawMessage {
	if plainNumber.MatchString(string(id)) {
		return json.RawMessage(id)
	}
	return quote(string(id))
}

var plainNumber = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// whole writes a JSON number as plain digits. Exponents are bounded: a few
// bytes such as 1e999999999 must not become a gigabyte of zeros.
func whole(raw []byte) (string, bool) {
	d, ok := exact(string(raw))
	if !ok || !d.IsInteger() {
		return "", false
	}
	return d.BigInt().String(), true
}

// exact reads a decimal number that is short enough to be computed with.
func exact(s string) (decimal.Decimal, bool) {
	const places = 30
	if len(s) > 2*places {
		return decimal.Decimal{}, false
	}
	d, err := decimal.NewFromString(s)
	if err != nil || d.Exponent() > places || d.Exponent() < -places {
		return decimal.Decimal{}, false
	}
	return d, true
}

// quote is s as a JSON string.
func quote(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil { // a string always has a JSON form
		panic(err)
	}
	return b
}
