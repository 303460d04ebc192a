// Package phone is what everybody who reads a number of the North American
// plan has to agree on: what may stand between its digits, which 1 is the
// country's, and how it is written. Whether a number can exist, and what is to
// be done about one of another country, is its readers' business. It is a leaf:
// it imports nothing of ours.
package phone

import (
	"strings"
	"unicode"
)

// Long is how many digits a number of the plan has, without the country's 1.
const Long = 10

// Digits are the digits of s.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// Strange finds the first rune of s that belongs in no number: neither a digit
// nor what people write between digits. It tells whether there is one.
func Strange(s string) (rune, bool) {
	for _, r := range s {
		if !strings.ContainsRune("0123456789+()./", r) && !unicode.In(r, unicode.Pd, unicode.Zs) {
			return r, true
		}
	}
	return 0, false
}

// National is digits without the plan's country code, and whether they had
// one: a 1 before ten others, or before any where a country code was written.
func National(digits string, coded bool) (string, bool) {
	if !coded && len(digits) != Long+1 {
		return digits, false
	}
	return strings.CutPrefix(digits, "1")
}

// Written is a number's ten digits as (212) 555-0147.
func Written(d string) string { return "(" + d[:3] + ") " + d[3:6] + "-" + d[6:] }
