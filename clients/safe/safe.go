// Package safe turns text from outside (vendors, files, the operating system)
// into text that is harmless to draw, and keeps what arrived beside it.
//
// It works by an allow-list of code points, never by recognising escape
// sequences: an unterminated sequence would swallow clinical text, and a new
// one would pass. What is not allowed becomes visible (U+241B, U+FFFD) or, if it
// was invisible to begin with, is dropped and counted. It must not know who
// sent a text or where it is drawn.
package safe

// Limits of the shown forms, in code points.
const (
	lineMax = 200
	longMax = 16_000
)

// Text is one line of foreign text: the shown form, and the raw one for sending
// back. Two Texts are == exactly when the same raw text arrived. The zero value
// is the empty text.
type Text struct{ form }

// Long is foreign text of several lines. It differs from Text in keeping line
// feeds and in its length.
type Long struct{ form }

// Line makes a one-line Text: line breaks become ⏎, tabs two spaces, at most
// 200 code points are shown, and a cut ends in "… (+N)".
func Line(s string) Text { return Text{shape(s, lineMax, false)} }

// Paragraphs makes a Long: line feeds stay (CR LF becomes LF, a lone CR ⏎), at
// most 16,000 code points are shown, and a cut ends in "… (+N)".
func Paragraphs(s string) Long { return Long{shape(s, longMax, true)} }

// Clean returns the shown form of one line of any foreign string: words of an
// error, a file name, a keyring label.
func Clean(s string) string { return Line(s).String() }

// UnmarshalJSON takes a string, a number (its literal), true, false or null
// (the empty text). Anything else is an error that does not quote the value.
func (t *Text) UnmarshalJSON(data []byte) error {
	s, err := scalar(data)
	if err == nil {
		*t = Line(s)
	}
	return err
}

// UnmarshalJSON takes a string, a number (its literal), true, false or null
// (the empty text). Anything else is an error that does not quote the value.
func (l *Long) UnmarshalJSON(data []byte) error {
	s, err := scalar(data)
	if err == nil {
		*l = Paragraphs(s)
	}
	return err
}
