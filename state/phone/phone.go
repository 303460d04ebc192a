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

// How many digits a number of another country has, its country code among them
// (ITU-T E.164).
const LeastAbroad, MostAbroad = 7, 15

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

// Coded is the digits of s from the country code on, and whether s has one:
// behind a + or behind what is dialed here before it. A zero in brackets is
// dialed inside a country only: +44 (0)20.
func Coded(s string) (digits string, coded bool) {
	if strings.HasPrefix(s, "+") {
		return Digits(strings.ReplaceAll(s, "(0)", "")), true
	}
	digits = Digits(s)
	if rest, exit := strings.CutPrefix(digits, "011"); exit && len(digits) > Long {
		return rest, true
	}
	return digits, false
}

// Written is a number's ten digits as (212) 555-0147.
func Written(d string) string { return "(" + d[:3] + ") " + d[3:6] + "-" + d[6:] }
