package anglehealth

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"frontdesk/clients/safe"
)

// ID names a member or a group. Angle Health makes none: whoever enrols sets
// it, keeps it, and finds the member by it for ever after.
type ID string

// maxID is far beyond any id, and short enough to be drawn.
const maxID = 100

// NewID makes an id nobody else has: 128 random bits, and nothing in it that
// says who it stands for. It must be stored before it is sent.
func NewID() ID {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return ID("fd-" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])))
}

var ssnShape = regexp.MustCompile(`^\d{3}[- ]?\d{2}[- ]?\d{4}$`)

// Problem says in a sentence why the id cannot be used for something new, and
// "" when it can. An id that looks like a social security number is refused,
// because an id stands in every list.
func (id ID) Problem() string {
	s := string(id)
	switch {
	case s == "":
		return "The id is missing."
	case len(s) > maxID || safe.Line(s).Altered() || strings.TrimSpace(s) != s:
		return "The id must be one short line of plain characters."
	case ssnShape.MatchString(s):
		return "The id looks like a social security number; use another one."
	}
	return ""
}

// UnmarshalJSON takes a string, a number or null. Since ids are drawn as they
// are, one that holds more than plain short text is an error, which never
// quotes it.
func (id *ID) UnmarshalJSON(raw []byte) error {
	var t safe.Text
	if json.Unmarshal(raw, &t) != nil || t.Altered() || len(t.Raw()) > maxID {
		return errors.New("an id must be short and plain")
	}
	*id = ID(t.Raw())
	return nil
}
