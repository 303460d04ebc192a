package form

import (
	"fmt"
	"strings"

	"frontdesk/ui/theme"
)

// listRows is the most lines a list takes.
const listRows = 8

func (f *ComboField) draw(p pen) drawing {
	row, x := f.box(p, f.inner(), f.placeholder)
	d := drawing{x: x}
	hint := ""
	switch {
	case f.pending() && !f.open:
		hint = "searching" + p.th.Glyph.Ellipsis
	case f.picked:
		hint = f.pick.Detail
	}
	if hint != "" && f.inner()+4+theme.Width(hint) <= f.cols {
		row += "  " + p.muted.of(hint)
	}
	d.rows = []string{row}
	if f.open && p.on {
		d.popup = f.list(p)
	}
	return d
}

// list draws the options around the marked one, and a last line that says what
// is not there.
func (f *ComboField) list(p pen) []string {
	th, n := p.th, len(f.shown)
	say := func(words string) []string { return []string{p.muted.of(th.Truncate("  "+words, f.cols))} }
	switch {
	case f.out:
		return say("searching" + th.Glyph.Ellipsis)
	case f.trouble != "":
		return say(f.trouble)
	case n == 0 && f.line.text() == "":
		return say("nothing to choose from")
	case n == 0:
		return say("nothing fits “" + strings.TrimSpace(f.line.text()) + "”")
	}
	var rows []string
	first, end := f.span()
	for i := first; i < end; i++ {
		o, mark, style := f.shown[i], "  ", p.text
		if i == f.at {
			mark, style = th.Glyph.Cursor+" ", p.selected
		}
		row := style.of(th.Truncate(mark+o.Label, f.cols))
		if left := f.cols - theme.Width(mark+o.Label) - 2; o.Detail != "" && left > 3 {
			row += "  " + p.muted.of(th.Truncate(o.Detail, left))
		}
		rows = append(rows, row)
	}
	if end-first < n && f.tall > 1 {
		rows = append(rows, say(fmt.Sprintf("%d to %d of %d", first+1, end, n))...)
	}
	return rows
}

// span is the part of the options that is drawn.
func (f *ComboField) span() (first, end int) {
	n := len(f.shown)
	rows := max(1, min(f.tall, listRows))
	if n > rows {
		rows = max(1, rows-1)
	}
	first = max(0, min(f.at-rows/2, n-rows))
	return first, min(n, first+rows)
}

func (f *ComboField) click(x, y int) {
	if y == 0 {
		f.aim(x)
		return
	}
	if first, end := f.span(); f.open && !f.out && first+y-1 < end {
		f.take(f.shown[first+y-1])
	}
}
