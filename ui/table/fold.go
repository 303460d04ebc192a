package table

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold is s without case and accents, for comparing.
func fold(s string) string { return string(appendFold(nil, s)) }

// appendFold appends the folded s to b. It decomposes rune by rune: marks are
// dropped anyway, so their order does not matter.
func appendFold(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			b = append(b, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		parts := norm.NFKD.PropertiesString(s[i:]).Decomposition()
		if i += size; len(parts) == 0 {
			b = appendRune(b, r)
		}
		for len(parts) > 0 {
			r, size = utf8.DecodeRune(parts)
			b = appendRune(b, r)
			parts = parts[size:]
		}
	}
	return b
}

// appendRune appends one decomposed rune, unless it is a mark on another.
func appendRune(b []byte, r rune) []byte {
	if unicode.Is(unicode.Mn, r) {
		return b
	}
	r = unicode.ToLower(r)
	if p := plain(r); p != "" {
		return append(b, p...)
	}
	return utf8.AppendRune(b, r)
}

// plain is what people type for a letter that Unicode does not take apart; ""
// for all others.
func plain(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'þ':
		return "th"
	case 'ħ':
		return "h"
	case 'ı':
		return "i"
	case 'ς':
		return "σ"
	}
	return ""
}
