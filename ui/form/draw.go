package form

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/theme"
)

const (
	gutter   = 2  // the cell that marks the field with the keyboard, and a gap
	narrow   = 50 // below this labels stand above their fields
	mark     = " *"
	footRows = 5 // a form lower than this has no last line of its own
)

// Resize tells the cells View may fill.
func (f *Form) Resize(w, h int) {
	if w != f.w {
		f.wide = 0
	}
	f.w, f.h = max(1, w), max(1, h)
	if f.left = gutter; f.w >= narrow {
		f.left += f.labels() + 1
	}
	for _, fd := range f.fields {
		fd.size(max(1, f.w-f.left), max(1, f.h-2))
	}
}

// labels is the width of the column of labels.
func (f *Form) labels() int {
	widest := 0
	for _, fd := range f.fields {
		widest = max(widest, theme.Width(fd.props().label)+len(mark))
	}
	return min(widest, f.w/3)
}

// spot is what a line of the form belongs to: a row of the drawing of a field,
// or something around it (row -1).
type spot struct{ field, row int }

// sheet is the whole form, before scrolling.
type sheet struct {
	lines    []string
	spots    []spot
	x, y     int // cursor
	from, to int // lines of the field with the keyboard, heading included
	wide     int // cells of its widest line, and of help that is not shown yet
}

func (s *sheet) add(line string, field, row int) {
	s.wide = max(s.wide, theme.Width(line))
	s.lines = append(s.lines, line)
	s.spots = append(s.spots, spot{field, row})
}

func (f *Form) sheet() sheet {
	var s sheet
	for i, fd := range f.fields {
		from, p := len(s.lines), fd.props()
		if p.section != "" {
			if i > 0 {
				s.add("", -1, -1)
			}
			from = len(s.lines)
			s.add(f.inks.title.of(p.section), -1, -1)
		}
		f.field(&s, i, fd)
		if i == f.at {
			s.from, s.to = from, len(s.lines)
		}
	}
	return s
}

// field adds one field: label, drawing, complaint, help.
func (f *Form) field(s *sheet, i int, fd Field) {
	p, have := pen{&f.inks, f.th, i == f.at}, fd.props()
	lead, blank, style := strings.Repeat(" ", gutter), strings.Repeat(" ", f.left), p.text
	if p.on {
		lead, style = p.accent.of(f.th.Glyph.Cursor)+" ", p.strong
	}
	if f.w < narrow {
		s.add(lead+style.of(f.named(have, f.w-gutter)), i, -1)
		lead = blank
	} else {
		w := f.left - gutter - 1
		lead += style.of(f.th.Pad(f.named(have, w), w)) + " "
	}
	d := fd.draw(p)
	if p.on {
		s.x, s.y = f.left+d.x, len(s.lines)+d.y
	}
	for n, row := range append(d.rows, d.popup...) {
		s.add(lead+row, i, n)
		lead = blank
	}
	w := max(1, f.w-f.left)
	if have.complaint != "" {
		for _, l := range f.say(have.complaint, w) {
			s.add(blank+l, i, -1)
		}
	}
	if have.helped == "" {
		return
	}
	for _, l := range wrap(have.helped, w) {
		if s.wide = max(s.wide, f.left+theme.Width(l)); p.on {
			s.add(blank+p.muted.of(l), i, -1)
		}
	}
}

// wrap is words in rows of w cells. It breaks at spaces only, where it can: a
// day or a number is not torn at its hyphens.
func wrap(words string, w int) []string {
	if theme.Width(words) <= w {
		return []string{words}
	}
	starts := breaks(words, w)
	rows := make([]string, len(starts))
	for i := range starts {
		rows[i] = strings.TrimRight(rowText(words, starts, i), " ")
	}
	return rows
}

// named is the label in w cells; the mark of a required field is never cut.
func (f *Form) named(p *spec, w int) string {
	if !p.required {
		return f.th.Truncate(p.label, w)
	}
	return f.th.Truncate(p.label, w-len(mark)) + mark
}

// say is a complaint in w cells, with its glyph.
func (f *Form) say(words string, w int) []string {
	out := wrap(words, max(1, w-2))
	for i, l := range out {
		lead := "  "
		if i == 0 {
			lead = f.th.Glyph.Cross + " "
		}
		out[i] = f.inks.danger.of(lead + l)
	}
	return out
}

// screen is what is seen: head, the part of the sheet around the keyboard, and
// foot.
type screen struct {
	sheet
	head []string
	end  int // the line after the last one shown
	foot bool
}

func (f *Form) screen() screen {
	f.inks.mix(f.th)
	s := screen{sheet: f.sheet()}
	f.wide = max(f.wide, min(s.wide, f.w))
	for _, words := range f.words {
		s.head = append(s.head, f.say(words, f.w)...)
	}
	if most := f.h / 3; len(s.head) > most {
		s.head = s.head[:most]
	}
	room, n := f.h-len(s.head), len(s.lines)
	s.foot = f.h >= footRows && (room < n || f.held != nil || f.legend() != "")
	if s.foot {
		room--
	}
	if !f.rolled {
		f.follow(s.sheet, room)
	}
	f.top = max(0, min(f.top, n-room))
	s.end = min(n, f.top+room)
	return s
}

// follow brings the field with the keyboard into sight.
func (f *Form) follow(s sheet, room int) {
	if s.to > f.top+room {
		f.top = s.to - room
	}
	if s.from < f.top {
		f.top = s.from
	}
	if s.y >= f.top+room { // the field alone is higher than the form
		f.top = s.y - room + 1
	}
}

// Wheel scrolls a form that is longer than its room by lines, until the next key
// or click; the keyboard stays where it is.
func (f *Form) Wheel(lines int) {
	f.screen()
	f.top, f.rolled = f.top+lines, true
	f.screen()
}

func (f *Form) legend() string {
	for _, fd := range f.fields {
		if fd.props().required {
			return "* needed"
		}
	}
	return ""
}

// Wide is the cells its widest line has needed since the width was given, also
// of lines out of sight and of help for fields that have not had the keyboard: a
// frame of that width stays as it is.
func (f *Form) Wide() int { return f.wide }

// View draws the form in at most the cells given to Resize.
func (f *Form) View() string {
	s := f.screen()
	rows := append(s.head, s.lines[f.top:s.end]...)
	if s.foot {
		rows = append(rows, f.inks.muted.of(f.below(s)))
	}
	for i, row := range rows {
		rows[i] = f.th.Truncate(row, f.w)
	}
	return strings.Join(rows, "\n")
}

// below is the last line: what a key waits for, what the mark means, and what
// is out of sight.
func (f *Form) below(s screen) string {
	var parts []string
	if f.held != nil {
		parts = append(parts, "waiting for the list, esc stops")
	}
	if l := f.legend(); l != "" {
		parts = append(parts, l)
	}
	more := func(n int, glyph, where string) {
		if n <= 0 {
			return
		}
		words := fmt.Sprintf("%s %d", glyph, n)
		if f.w >= narrow {
			words += " more " + where
		}
		parts = append(parts, words)
	}
	more(f.top, f.th.Glyph.Up, "above")
	more(len(s.lines)-s.end, f.th.Glyph.Down, "below")
	return strings.Join(parts, "   ")
}

// Cursor is where text goes, relative to View.
func (f *Form) Cursor() *tea.Cursor {
	s := f.screen()
	if s.y < f.top || s.y >= s.end {
		return nil
	}
	c := tea.NewCursor(min(s.x, f.w-1), s.y-f.top+len(s.head))
	c.Shape, c.Blink = tea.CursorBar, false
	return c
}

// Click is a press of the mouse at a cell of View: it gives the keyboard to
// the field there and works what was hit. It reports whether there is a field.
func (f *Form) Click(x, y int) bool {
	s := f.screen()
	line := f.top + y - len(s.head)
	if y < len(s.head) || line < 0 || line >= s.end {
		return false
	}
	at := s.spots[line]
	if at.field < 0 {
		return false
	}
	if f.held, f.rolled = nil, false; at.field != f.at {
		f.move(at.field)
	}
	fd := f.on()
	if x >= f.left && at.row >= 0 {
		before := fd.text()
		fd.click(x-f.left, at.row)
		if fd.text() != before {
			fd.props().complaint, fd.props().vendors = "", false
		}
	}
	return true
}
