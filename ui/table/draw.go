package table

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/ui/theme"
)

// View draws the table in exactly the cells Resize gave. While a filter is
// being worked out it shows the rows as they were before.
func (t *sheet) View() string {
	if t.width <= 0 || t.height <= 0 {
		return ""
	}
	lines := make([]string, 0, t.height)
	if t.head() > 0 {
		lines = append(lines, t.header())
	}
	if len(t.visible) == 0 {
		lines = append(lines, t.message()...)
	}
	top, body := t.top(), t.body()
	for at := top; at < min(top+body, len(t.visible)); at++ {
		lines = append(lines, t.row(at))
	}
	for len(lines) < t.height-t.foot() {
		lines = append(lines, "")
	}
	if t.foot() > 0 {
		lines = append(append(lines, t.notice()...), t.lastLine())
	}
	return strings.Join(lines, "\n")
}

func (t *sheet) header() string {
	var b strings.Builder
	b.WriteString(blanks(t.gutter()))
	gap := ""
	for i, c := range t.cols {
		w := t.widths[i]
		if w == 0 {
			continue
		}
		title := c.Title
		if i == t.sortBy {
			title = t.th.Truncate(title, w-2)
			title = strings.TrimLeft(title+" "+t.arrow(), " ")
		}
		b.WriteString(gap + t.fit(title, w, c.Right))
		gap = blanks(t.gap)
	}
	return t.th.Title.Render(t.within(b.String()))
}

func (t *sheet) arrow() string {
	if t.desc {
		return t.th.Glyph.SortDown
	}
	return t.th.Glyph.SortUp
}

func (t *sheet) row(at int) string {
	var (
		b      strings.Builder
		i      = t.visible[at]
		chosen = at == t.cur
		gap    = " "
	)
	b.WriteString(either(chosen, t.th.Glyph.Cursor, " "))
	if !t.unmarkable {
		b.WriteString(either(t.marked[i], t.th.Glyph.Mark, t.th.Glyph.Unmarked))
	}
	for n, c := range t.cols {
		if t.widths[n] == 0 {
			continue
		}
		cell := t.fit(oneLine(c.cell(i)), t.widths[n], c.Right)
		if c.style != nil && !chosen && strings.TrimSpace(cell) != "" { // a style of nothing is bytes for nothing
			cell = c.style(i).Render(cell)
		}
		b.WriteString(gap + cell)
		gap = blanks(t.gap)
	}
	if chosen {
		return t.th.Selected.Render(t.th.Pad(b.String(), t.width))
	}
	return t.within(b.String())
}

func (t *sheet) fit(s string, width int, right bool) string {
	if right {
		return t.th.PadLeft(s, width)
	}
	return t.th.Pad(s, width)
}

// within cuts a line of columns that do not fit however few they are.
func (t *sheet) within(line string) string {
	if t.tight {
		return t.th.Truncate(line, t.width)
	}
	return line
}

// message is what the body says when it has no rows to show.
func (t *sheet) message() []string {
	words, style := t.empty, t.th.Muted
	switch {
	case t.failed != "":
		words, style = t.th.Glyph.Cross+" "+t.failed, t.th.Danger
	case t.loading != "":
		words, style = t.loading, t.th.Info
	case len(t.order) > 0:
		words = fmt.Sprintf("Nothing matches %q. Esc clears the filter.",
			t.th.Truncate(t.Filter(), shortFilter))
		if t.missed != "" {
			words += " " + t.missed
		}
	}
	indent := min(t.gutter(), t.width/4)
	lines := t.wrap(words, t.width-indent, t.body())
	for i, l := range lines {
		lines[i] = blanks(indent) + style.Render(l)
	}
	return lines
}

// wrap breaks text into at most limit lines; what is left over is cut.
func (t *sheet) wrap(text string, width, limit int) []string {
	if limit <= 0 {
		return nil
	}
	lines := strings.Split(ansi.Wrap(text, width, ""), "\n")
	if len(lines) > limit {
		rest := strings.Join(lines[limit-1:], " ")
		lines = append(lines[:limit-1], rest)
	}
	for i, l := range lines {
		lines[i] = t.th.Truncate(l, width)
	}
	return lines
}

// Cursor is where the filter's text is being typed, counted from the upper
// left corner of the view; nil when it is not.
func (t *sheet) Cursor() *tea.Cursor {
	if !t.filtering || t.height <= 0 || t.width <= 0 {
		return nil
	}
	_, x := t.field()
	c := tea.NewCursor(min(x, t.width-1), t.height-1)
	style := t.th.TextInput().Cursor
	c.Shape, c.Blink, c.Color = style.Shape, style.Blink, style.Color
	return c
}

// window is the part of text that shows position pos in width cells, and how
// many cells lie before pos in it.
func window(text []rune, pos, width int) (string, int) {
	before := string(text[:pos])
	if over := theme.Width(before) - width + 1; over > 0 {
		before = ansi.TruncateLeft(before, over, "")
	}
	x := theme.Width(before)
	return before + ansi.Truncate(string(text[pos:]), max(0, width-x), ""), x
}

func either(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

func blanks(n int) string { return strings.Repeat(" ", max(0, n)) }
