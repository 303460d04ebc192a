package anglehealth

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"frontdesk/clients/rest"
)

// SSN is a social security number on its way out. Whatever prints, logs or
// encodes it gets the masked form; the zero value is none.
type SSN struct{ digits string }

// ParseSSN takes nine digits, bare or as 123-45-6789. The error never quotes
// them.
func ParseSSN(s string) (SSN, error) {
	s = strings.TrimSpace(s)
	digits := strings.NewReplacer("-", "", " ", "").Replace(s)
	if !ssnShape.MatchString(s) || digits[:3] == "000" || digits[3:5] == "00" || digits[5:] == "0000" {
		return SSN{}, errors.New("a social security number has nine digits, as in 123-45-6789, and no part of it is all zeros")
	}
	return SSN{digits}, nil
}

// Given reports that there is a number.
func (s SSN) Given() bool { return s.digits != "" }

// String is the masked form: ***-**-6789.
func (s SSN) String() string { return s.LastFour().String() }

// GoString is the masked form, for %#v.
func (s SSN) GoString() string { return s.String() }

// Format writes the masked form whatever the verb.
func (s SSN) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalJSON writes the masked form. What is sent is made elsewhere.
func (s SSN) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// LogValue is the masked form.
func (s SSN) LogValue() slog.Value { return slog.StringValue(s.String()) }

// LastFour is the part that may be kept and shown.
func (s SSN) LastFour() LastFour {
	if s.digits == "" {
		return LastFour{}
	}
	return LastFour{Digits: s.digits[5:], Given: true}
}

// Expose is the whole number, for sealing it or sending it and nothing else.
func (s SSN) Expose() string {
	if s.digits == "" {
		return ""
	}
	return s.digits[:3] + "-" + s.digits[3:5] + "-" + s.digits[5:]
}

// LastFour is what is left of a social security number that arrived. Given
// with no Digits means that something came which held fewer than four.
type LastFour struct {
	Digits string
	Given  bool
}

// String is ***-**-6789, or words when the digits are not known.
func (l LastFour) String() string {
	switch {
	case l.Digits != "":
		return "***-**-" + l.Digits
	case l.Given:
		return "on file"
	}
	return ""
}

var notDigit = regexp.MustCompile(`\D`)

// UnmarshalJSON keeps the last four digits and drops the rest.
func (l *LastFour) UnmarshalJSON(raw []byte) error {
	digits := notDigit.ReplaceAllString(string(raw), "")
	*l = LastFour{Given: !rest.Void(raw)}
	if n := len(digits); n >= 4 && l.Given {
		l.Digits = strings.Clone(digits[n-4:])
	}
	return nil
}
