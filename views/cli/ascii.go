package cli

import (
	"io"
	"strings"
)

// Plain reports that words and signs are to be in ASCII: somebody asked for it,
// or the terminal or the locale has nothing else. It is the same for the screen.
func Plain(asked bool, env func(string) string) bool {
	_, locale := localeOf(env)
	return asked || env("TERM") == "linux" || locale != "" && !inUTF8(locale)
}

// localeOf is the variable that decides about letters, and what it says: ""
// where none is set.
func localeOf(env func(string) string) (name, locale string) {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := env(name); v != "" {
			return name, v
		}
	}
	return "", ""
}

func inUTF8(locale string) bool {
	return strings.Contains(strings.ToUpper(strings.ReplaceAll(locale, "-", "")), "UTF8")
}

// quotes are the marks that the screen does without too, see theme.Plain.
var quotes = strings.NewReplacer("“", `"`, "”", `"`)

// Words is w for words to a person, which has no typographic quotation marks
// where they are plain. JSON, CSV and what would be sent do not go through it.
func Words(w io.Writer, plain bool) io.Writer {
	if plain {
		return plainWords{w}
	}
	return w
}

type plainWords struct{ io.Writer }

// Write writes p, which holds whole characters.
func (w plainWords) Write(p []byte) (int, error) {
	if _, err := quotes.WriteString(w.Writer, string(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}
