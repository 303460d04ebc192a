package connect4healthcare

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/safe"
)

// ID names a record; 0 is none.
type ID int64

// String returns the digits, "" for no id.
func (id ID) String() string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}

// UnmarshalJSON takes a whole number however written, one in quotes, or null.
// The error never quotes the value.
func (id *ID) UnmarshalJSON(raw []byte) error {
	text := unquoted(raw)
	if text == "null" || text == "" {
		*id = 0
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		if n, err = wholeNumber(text); err != nil {
			return err
		}
	}
	*id = ID(n)
	return nil
}

// wholeNumber reads 202.0 and 8.198787e+07, as programs write ids that keep all
// numbers as floats, as far as a float is exact.
func wholeNumber(text string) (int64, error) {
	const exact = 1 << 53
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > exact {
		return 0, errors.New("an id must be a whole number")
	}
	return int64(f), nil
}

// Flag is yes, no, or not told.
type Flag uint8

// The flags.
const (
	Unknown Flag = iota
	No
	Yes
)

// String returns "yes", "no" or "unknown".
func (f Flag) String() string {
	switch f {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return "unknown"
}

// UnmarshalJSON takes true, 1, "true", "Success" and their opposites (C4-10);
// anything else is Unknown.
func (f *Flag) UnmarshalJSON(raw []byte) error {
	switch strings.ToLower(unquoted(raw)) {
	case "true", "1", "success", "ok", "yes":
		*f = Yes
	case "false", "0", "error", "fail", "failed", "failure", "no":
		*f = No
	default:
		*f = Unknown
	}
	return nil
}

// unquoted is the text of a string, the literal of anything else.
func unquoted(raw []byte) string {
	raw = bytes.TrimSpace(raw)
	var s string
	if len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &s) == nil {
		return strings.TrimSpace(s)
	}
	return string(raw)
}

// A loose is a field of which no example has a value: any JSON, shown as text.
type loose struct{ safe.Text }

// UnmarshalJSON never fails.
func (l *loose) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" || l.Text.UnmarshalJSON(raw) == nil {
		return nil // most fields are null, in long lists
	}
	l.Text = safe.Text{}
	var b bytes.Buffer
	if json.Compact(&b, raw) == nil && b.String() != "{}" && b.String() != "[]" {
		l.Text = safe.Line(b.String())
	}
	return nil
}

// A long is the same of several lines.
type long struct{ safe.Long }

// UnmarshalJSON never fails.
func (l *long) UnmarshalJSON(raw []byte) error {
	if l.Long.UnmarshalJSON(raw) != nil {
		l.Long = safe.Paragraphs(string(raw))
	}
	return nil
}

// A stamp is a moment as the vendor writes it; one nobody can read is zero.
type stamp struct{ time.Time }

var stampLayouts = []string{"2006/01/02 15:04:05 -0700", time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST"}

// UnmarshalJSON never fails.
func (s *stamp) UnmarshalJSON(raw []byte) error {
	s.Time = time.Time{}
	for _, layout := range stampLayouts {
		if t, err := time.Parse(layout, unquoted(raw)); err == nil {
			s.Time = t
			return nil
		}
	}
	return nil
}

// A day is a date as the vendor writes it; one nobody can read is zero.
type day struct{ civil.Date }

// UnmarshalJSON never fails.
func (d *day) UnmarshalJSON(raw []byte) error {
	d.Date = civil.Date{}
	for _, layout := range []string{"2006/01/02", time.DateOnly} {
		if t, err := time.Parse(layout, unquoted(raw)); err == nil {
			d.Date = civil.DateOf(t)
			return nil
		}
	}
	return nil
}

// A list is an array, a single object as a list of one, or null as an empty
// one. A nil list was not there at all.
type list[T any] []T

// UnmarshalJSON decodes all rows in one go: lists are long.
func (l *list[T]) UnmarshalJSON(raw []byte) error {
	*l = list[T]{}
	switch raw = bytes.TrimSpace(raw); {
	case string(raw) == "null":
		return nil
	case len(raw) > 0 && raw[0] == '{':
		*l = make(list[T], 1)
		return json.Unmarshal(raw, &(*l)[0])
	}
	return json.Unmarshal(raw, (*[]T)(l))
}

// rows reads a list and makes records of its rows.
func rows[W interface{ record() (T, error) }, T any](wire list[W]) ([]T, error) {
	if wire == nil {
		return nil, errors.New("no list")
	}
	out := make([]T, len(wire))
	for i := range wire {
		var err error
		if out[i], err = wire[i].record(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
