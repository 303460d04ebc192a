// Package theme holds every colour, style, border and glyph of the console,
// named by what they mean. It must not know what is drawn with them: no
// component, no view and no vendor. A meaning is never carried by colour
// alone: whoever uses a style also draws a glyph or a word.
package theme

import (
	"charm.land/lipgloss/v2"
)

// Name is a palette a person can choose, as it is written in the
// configuration.
type Name string

// The palettes. Auto is Light or Dark by the terminal's background; a name
// that is none of these counts as Auto.
const (
	Auto         Name = "auto"
	Light        Name = "light"
	Dark         Name = "dark"
	HighContrast Name = "contrast"
)

// Options say which look is wanted and what the terminal can do.
type Options struct {
	Name    Name
	Dark    bool // the terminal's background is dark
	NoColor bool // no colour and no text attribute at all
	ASCII   bool // borders and glyphs in plain ASCII
	Colors  int  // 16, 256 or 1<<24; 0 counts as 16
}

// Theme is one look. Components keep the pointer and read it whenever they
// draw, so that Apply reaches them all. It is used on the update goroutine
// only.
type Theme struct {
	Text, Muted, Strong      lipgloss.Style // body text, less of it, more of it
	Title, Accent            lipgloss.Style // headings; what draws the eye
	Selected                 lipgloss.Style // the row or option under the cursor
	Good, Warn, Danger, Info lipgloss.Style // always beside a glyph or a word
	Key                      lipgloss.Style // the name of a key in a hint
	Border                   lipgloss.Style // lines and frames
	Tab, TabActive           lipgloss.Style
	Badge, BadgeLive         lipgloss.Style // the word SANDBOX; the word LIVE
	Input, Placeholder       lipgloss.Style // text typed; text where none is yet

	Box   lipgloss.Border
	Glyph Glyphs

	options Options
}

// New makes the theme for o.
func New(o Options) *Theme {
	t := new(Theme)
	t.Apply(o)
	return t
}

// Apply changes the theme in place to what o asks for.
func (t *Theme) Apply(o Options) {
	*t = Theme{options: o, Box: lipgloss.NormalBorder(), Glyph: unicode}
	if o.ASCII {
		t.Box, t.Glyph = lipgloss.ASCIIBorder(), ascii
	}
	if !o.NoColor {
		t.paint(o)
	}
}

// Options returns what the theme was last made from, to change one part of it
// and Apply it again.
func (t *Theme) Options() Options { return t.options }
