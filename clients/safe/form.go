package safe

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
)

// A form is what Text and Long share. It stays at 24 bytes, because tables
// hold a hundred thousand rows of them: an altered text keeps its shown and
// its raw form behind each other in one string.
type form struct {
	s       string
	cut     uint32 // altered: s[:cut] is shown, s[cut:] is raw
	hidden  uint16
	altered bool
}

// shape makes the form of s that shows at most limit code points.
func shape(s string, limit int, long bool) form {
	if plain(s, limit, long) {
		return form{s: s}
	}
	shown, hidden := rewrite(s, limit, long)
	if shown == s {
		return form{s: s}
	}
	return form{
		s:       shown + s,
		cut:     uint32(len(shown)),
		hidden:  uint16(min(hidden, math.MaxUint16)),
		altered: true,
	}
}

// plain finds the common case, printable ASCII, without decoding.
func plain(s string, limit int, long bool) bool {
	if len(s) > limit {
		return false
	}
	for i := range len(s) {
		if b := s[i]; (b < ' ' || b > '~') && (b != '\n' || !long) {
			return false
		}
	}
	return true
}

// String returns the shown form, the only one that may be drawn.
func (f form) String() string {
	if f.altered {
		return f.s[:f.cut]
	}
	return f.s
}

// Raw returns exactly what arrived, for sending back. It must never be drawn.
func (f form) Raw() string {
	if f.altered {
		return f.s[f.cut:]
	}
	return f.s
}

// Altered reports that the shown form is not what arrived: something was
// replaced, dropped or cut. Sending an edited shown form would lose it.
func (f form) Altered() bool { return f.altered }

// Hidden counts the code points that were dropped because they cannot be seen
// or are too many: bidirectional controls, zero-width characters, tags,
// piled-up accents. It stops at 65,535.
func (f form) Hidden() int { return int(f.hidden) }

// Empty reports that there is nothing to see: no text, or only spaces.
func (f form) Empty() bool { return strings.Trim(f.String(), " \n") == "" }

// MarshalJSON writes the raw form as a JSON string.
func (f form) MarshalJSON() ([]byte, error) { return json.Marshal(f.Raw()) }

// The value itself is patient data, so the error must not quote it.
var errNotScalar = errors.New("a text was expected, not a list or an object")

// scalar reads the text of a JSON string, number, boolean or null.
func scalar(data []byte) (string, error) {
	data = bytes.TrimSpace(data)
	if bytes.HasPrefix(data, []byte(`"`)) {
		var s string
		if json.Unmarshal(data, &s) != nil {
			return "", errNotScalar
		}
		return s, nil
	}
	if !json.Valid(data) || data[0] == '{' || data[0] == '[' {
		return "", errNotScalar
	}
	if data[0] == 'n' {
		return "", nil
	}
	return string(data), nil
}
