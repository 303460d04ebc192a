package people

import "strings"

// Sound is how a name sounds in English, roughly: Cathy and Kathie, Meyer and
// Maier, Stephen and Steven are the same. A name without letters from a to z
// sounds like itself.
func Sound(name string) string {
	folded := Fold(name)
	letters := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, folded)
	if letters == "" {
		return folded
	}
	return skeleton(endings.Replace(openings(letters)))
}

// openings are letters that are silent at the beginning.
func openings(s string) string {
	for _, p := range [][2]string{{"kn", "n"}, {"gn", "n"}, {"wr", "r"}, {"ps", "s"}, {"x", "s"}} {
		if rest, ok := strings.CutPrefix(s, p[0]); ok {
			return p[1] + rest
		}
	}
	return s
}

// endings are groups of letters with a sound of their own.
var endings = strings.NewReplacer(
	"sch", "s", "tch", "s", "ch", "k", "sh", "s", "ph", "f", "gh", "", "ck", "k", "th", "t",
	"ce", "se", "ci", "si", "cy", "sy", "qu", "k", "x", "ks",
)

// sounds are letters that are heard as another.
var sounds = [26]byte{
	'a', 'p', 'k', 't', 'a', 'f', 'k', 0, 'a', 'j', 'k', 'l', 'm',
	'n', 'a', 'p', 'k', 'r', 's', 't', 'a', 'f', 0, 's', 'a', 's',
}

// skeleton keeps the sound of the first letter and of every consonant, none
// twice in a row.
func skeleton(s string) string {
	var out []byte
	last := byte(0)
	for i := range len(s) {
		c := sounds[s[i]-'a']
		if c == 0 && i == 0 {
			c = s[i]
		}
		if c != 0 && c != last && (c != 'a' || i == 0) {
			out = append(out, c)
		}
		if c != 0 {
			last = c
		}
	}
	return string(out)
}
