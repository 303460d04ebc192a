// Package markdown lays text in Markdown out for a screen: headings, lists,
// quotes, tables, code, emphasis and links, which is what articles of a
// knowledge base hold. What it does not know stays as it was written. It draws
// text only: links are words and an address, pictures are words, HTML is text.
// It must not know whose text it is, and styles come with drawing, so that
// laying out can happen in a command.
package markdown

import (
	"strings"

	"charm.land/lipgloss/v2"

	"frontdesk/clients/safe"
	"frontdesk/ui/theme"
)

// Role is what a piece of a line is; the theme says how it looks.
type Role uint8

// The roles. Those that mean something are told by a word or sign as well.
const (
	Plain  Role = iota
	Strong      // stressed
	Soft        // marks, addresses, lines
	Title       // a heading
	Code        // in backticks, which stay
	Good        // added
	Bad         // taken away
	Warn        // look here
)

// Span is a piece of a line in one role.
type Span struct {
	Text string
	Role Role
}

// Line is one row of a page that has been laid out.
type Line []Span

// One is a line of one role.
func One(role Role, text string) Line { return Line{{text, role}} }

// Width is the number of cells the line takes.
func (l Line) Width() int {
	n := 0
	for _, s := range l {
		n += theme.Width(s.Text)
	}
	return n
}

// String is the line's text.
func (l Line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Render draws the line in at most width cells.
func (l Line) Render(th *theme.Theme, width int) string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(style(th, s.Role).Render(s.Text))
	}
	return th.Truncate(b.String(), width)
}

func style(th *theme.Theme, r Role) lipgloss.Style {
	switch r {
	case Strong:
		return th.Strong
	case Soft:
		return th.Muted
	case Title:
		return th.Title
	case Code:
		return th.Accent
	case Good:
		return th.Good
	case Bad:
		return th.Danger
	case Warn:
		return th.Warn
	}
	return th.Text
}

// least is the narrowest page; below it nothing can be read.
const least = 10

// Lay lays text out in lines of at most width cells. It may take a few
// milliseconds for a long text: call it in a command.
func Lay(text safe.Long, width int) []Line {
	p := page{width: max(least, width)}
	p.blocks(strings.Split(text.String(), "\n"), nil, 0)
	for len(p.out) > 0 && len(p.out[len(p.out)-1]) == 0 {
		p.out = p.out[:len(p.out)-1]
	}
	return p.out
}
