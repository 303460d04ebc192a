package theme

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Width is the number of cells s takes on the screen. s is one line and may
// hold styles.
func Width(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return ansi.StringWidth(s)
		}
	}
	return len(s)
}

// Truncate cuts s to at most width cells; a cut is shown by the theme's
// ellipsis, which counts. Styles in s survive, and no wide character is
// halved.
func (t *Theme) Truncate(s string, width int) string {
	switch {
	case width <= 0:
		return ""
	case Width(s) <= width:
		return s
	}
	return ansi.Truncate(s, width, t.Glyph.Ellipsis)
}

// Pad is s in exactly width cells, at their left.
func (t *Theme) Pad(s string, width int) string {
	s = t.Truncate(s, width)
	return s + blank(width-Width(s))
}

// PadLeft is s in exactly width cells, at their right.
func (t *Theme) PadLeft(s string, width int) string {
	s = t.Truncate(s, width)
	return blank(width-Width(s)) + s
}

// arrows are the arrow keys where they cannot be drawn.
var arrows = strings.NewReplacer("←", "left", "→", "right", "↑", "up", "↓", "down")

// KeyName is how a key is called where borders are ASCII: "→" is "right".
func (t *Theme) KeyName(key string) string {
	if t.options.ASCII {
		return arrows.Replace(key)
	}
	return key
}

var quotes = strings.NewReplacer("“", `"`, "”", `"`)

// Plain is a whole screen without the quotation marks that an old font lacks,
// where borders are ASCII. No cell moves.
func (t *Theme) Plain(screen string) string {
	if t.options.ASCII {
		return quotes.Replace(screen)
	}
	return screen
}

// KeyHint draws a key and what it does: "enter open".
func (t *Theme) KeyHint(key, words string) string {
	return t.Key.Render(key) + " " + t.Muted.Render(words)
}

// TextInput is the look of a text field: a real, steady cursor, so that
// nothing moves on an idle screen and screen magnifiers can follow it.
func (t *Theme) TextInput() textinput.Styles {
	state := textinput.StyleState{
		Text: t.Input, Placeholder: t.Placeholder, Suggestion: t.Muted, Prompt: t.Muted,
	}
	return textinput.Styles{
		Focused: state, Blurred: state,
		Cursor: textinput.CursorStyle{Shape: tea.CursorBar},
	}
}

func blank(n int) string { return strings.Repeat(" ", max(0, n)) }
