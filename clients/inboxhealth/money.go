package inboxhealth

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// Cents is an amount of money in whole US cents (IH-15). It never passes
// through a floating point number.
type Cents int64

// String spells the amount like "$1,234.56" or "-$0.05".
func (c Cents) String() string {
	sign, n := "", uint64(c)
	if c < 0 {
		sign, n = "-", -n
	}
	whole := strconv.FormatUint(n/100, 10)
	var b strings.Builder
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return fmt.Sprintf("%s$%s.%02d", sign, b.String(), n%100)
}

var errNotCents = errors.New("not whole cents")

// UnmarshalJSON takes a whole number, also in quotes; a fraction of a cent is
// an error, which never quotes it.
func (c *Cents) UnmarshalJSON(raw []byte) error {
	n, ok := whole(raw)
	if !ok {
		return errNotCents
	}
	*c = Cents(n)
	return nil
}

// Amount is money as a record states it, or leaves out: not Known is unknown,
// which is not the same as nothing.
type Amount struct {
	Cents Cents
	Known bool
}

// String spells the amount, or "unknown".
func (a Amount) String() string {
	if !a.Known {
		return "unknown"
	}
	return a.Cents.String()
}

// Flag is yes, no, or not stated.
type Flag struct{ On, Known bool }

// String is "yes", "no" or "unknown".
func (f Flag) String() string {
	switch {
	case !f.Known:
		return "unknown"
	case f.On:
		return "yes"
	}
	return "no"
}

// ID numbers a record of the vendor, from 1 on. 0 is none.
type ID int64

// String is the number as it stands in a path.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

var errNotID = errors.New("not a record's number")

// UnmarshalJSON takes a whole number, also in quotes, or null, which is 0.
func (id *ID) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		*id = 0
		return nil
	}
	n, ok := whole(raw)
	if !ok || n < 0 {
		return errNotID
	}
	*id = ID(n)
	return nil
}

// whole reads a whole number of JSON exactly, also one in quotes. What does not
// fit an int64 is none, and neither is a few bytes that stand for a gigabyte of
// zeros.
func whole(raw []byte) (int64, bool) {
	s := strings.TrimSpace(string(raw))
	var quoted string
	if json.Unmarshal(raw, &quoted) == nil {
		s = strings.TrimSpace(quoted)
	}
	if len(s) > 40 {
		return 0, false
	}
	d, err := decimal.NewFromString(s)
	if err != nil || d.Exponent() > 20 || d.Exponent() < -20 || !d.IsInteger() {
		return 0, false
	}
	n := d.BigInt()
	return n.Int64(), n.IsInt64()
}
