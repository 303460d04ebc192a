package sandbox

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plainLetters are letters which Unicode does not take apart into a letter and
// a mark.
var plainLetters = strings.NewReplacer(
	"đ", "d", "ø", "o", "ł", "l", "ß", "ss", "æ", "ae", "œ", "oe", "ı", "i", "ð", "d", "þ", "th")

// fold makes spellings alike which differ in case and marks only.
func fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return plainLetters.Replace(b.String())
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// words splits folded text at spaces. A word with punctuation inside counts
// whole without it and in its parts: O'Brien is found by "obr" and by "bri".
func words(s string) []string {
	var all []string
	for _, field := range strings.Fields(fold(s)) {
		parts := strings.FieldsFunc(field, func(r rune) bool { return !wordRune(r) })
		if len(parts) > 1 {
			all = append(all, strings.Join(parts, ""))
		}
		all = append(all, parts...)
	}
	return all
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// joined is the folded text without spaces and punctuation.
func joined(s string) string {
	return strings.Map(func(r rune) rune {
		if wordRune(r) {
			return r
		}
		return -1
	}, fold(s))
}

// digits keeps the digits of a phone number.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
