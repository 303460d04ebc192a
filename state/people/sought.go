package people

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/state/phone"
)

// Sought is what a search that found nobody tells of a new person, by the
// vendor's field names: an e-mail address, a whole phone number, or names as
// "First Last" or "Last, First"; one name alone is the last one. Names typed in
// small letters begin with capitals. Nothing where it cannot be told.
func Sought(text string) map[string]string {
	text = strings.Join(strings.Fields(text), " ")
	last, first, comma := strings.Cut(text, ",")
	switch {
	case strings.Contains(text, "@"):
		return map[string]string{"EMail": text}
	case IsNumber(text):
		if len(phone.Digits(text)) < tail {
			return nil
		}
		return map[string]string{"Phone": text}
	case text == "" || strings.ContainsAny(text, "0123456789"):
		return nil
	case !comma:
		at := strings.LastIndexByte(text, ' ')
		first, last = text[:max(0, at)], text[at+1:]
	}
	return map[string]string{"FirstName": capitals(first), "LastName": capitals(last)}
}

// capitals is a name typed in small letters as it is written; others stay.
func capitals(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		if first, size := utf8.DecodeRuneInString(w); name == strings.ToLower(name) {
			words[i] = string(unicode.ToUpper(first)) + w[size:]
		}
	}
	return strings.Join(words, " ")
}
