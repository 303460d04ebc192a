package tty

import (
	"bytes"
	"io"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// painter draws views on the alternate screen and sends only what changed since
// the view before. A painter of its own instead of Bubble Tea's, because that
// one waits for the next tick of a clock and repaints every row with a wide
// character in every frame.
//
// Of a view it knows the content, the cursor (not its colour), the mouse, focus
// and paste modes, the title and the keyboard enhancements; nothing else passes
// the Wall.
type painter struct {
	to      io.Writer
	scr     *uv.TerminalRenderer
	out     bytes.Buffer    // what scr wrote
	cells   uv.ScreenBuffer // what the terminal shows
	next    uv.ScreenBuffer // what it is to show
	lines   []string        // of shown's content; nil: compare all cells
	shown   *tea.View       // as painted last; nil: the screen is not ours
	colours colorprofile.Profile
	whole   bool // everything is to be painted again
	sync    bool // the terminal shows frames as a whole
	widths  bool // the terminal knows how wide grapheme clusters are
}

func newPainter(to io.Writer, env []string) *painter {
	p := &painter{to: to}
	p.scr = uv.NewTerminalRenderer(&p.out, env)
	p.scr.SetFullscreen(true)
	p.scr.SetRelativeCursor(false)
	p.scr.SetBackspace(true)
	return p
}

// resize makes room and paints everything again: what a terminal shows after it
// changed its size is its own affair.
func (p *painter) resize(w, h int) {
	p.cells, p.next = uv.NewScreenBuffer(w, h), uv.NewScreenBuffer(w, h)
	p.measure()
	p.whole = true
}

// colour says which colours the terminal has.
func (p *painter) colour(has colorprofile.Profile) {
	if has != p.colours {
		p.colours, p.whole = has, true
		p.scr.SetColorProfile(has)
	}
}

// measure says how wide characters are taken to be.
func (p *painter) measure() {
	p.cells.Method, p.next.Method = ansi.WcWidth, ansi.WcWidth
	if p.widths {
		p.cells.Method, p.next.Method = ansi.GraphemeWidth, ansi.GraphemeWidth
	}
}

// paint shows the view. Without a change it writes nothing.
func (p *painter) paint(v tea.View) {
	var b strings.Builder
	if p.shown == nil {
		b.WriteString(ansi.ResetModifyOtherKeys + ansi.SetModeAltScreenSaveCursor + ansi.ResetModeTextCursorEnable)
		if p.widths {
			b.WriteString(ansi.SetModeUnicodeCore)
		}
		p.whole = true
	}
	b.WriteString(modeChange(p.shown, &v))
	was, is := p.shown != nil && p.shown.Cursor != nil, v.Cursor != nil
	if was && !is {
		b.WriteString(ansi.ResetModeTextCursorEnable)
	}
	if p.draw(v); p.out.Len() > 0 {
		p.frame(&b, was && is)
	}
	if is && !was {
		b.WriteString(ansi.SetModeTextCursorEnable)
	}
	p.shown = &v
	if b.Len() > 0 {
		_, _ = io.WriteString(p.to, b.String())
	}
}

// frame moves what was drawn to b, in a way that shows as little as possible of
// its making.
func (p *painter) frame(b *strings.Builder, cursor bool) {
	before, after := "", ""
	switch {
	case p.sync:
		before, after = ansi.SetModeSynchronizedOutput, ansi.ResetModeSynchronizedOutput
	case cursor: // that would be seen to fly about
		before, after = ansi.ResetModeTextCursorEnable, ansi.SetModeTextCursorEnable
	}
	b.WriteString(before)
	b.Write(p.out.Bytes())
	b.WriteString(after)
	p.out.Reset()
}

// draw compares the view's cells with those the terminal shows.
func (p *painter) draw(v tea.View) {
	if p.whole { // also of colours somebody else has left
		_, _ = p.scr.WriteString(ansi.ResetStyle)
		p.scr.Erase()
		p.scr.SetPosition(-1, -1)
		p.whole, p.lines = false, nil
	}
	if p.lines == nil || p.shown.Content != v.Content {
		uv.NewStyledString(v.Content).Draw(p.next, p.next.Bounds())
		p.update(strings.Split(v.Content, "\n"))
	}
	if c := v.Cursor; c != nil { // a terminal goes no further than its edge
		p.scr.MoveTo(max(0, min(c.X, p.cells.Width()-1)), max(0, min(c.Y, p.cells.Height()-1)))
	}
	_ = p.scr.Flush() // to memory
}

// update brings the renderer and the cells to what is to be shown.
func (p *painter) update(lines []string) {
	if top, end, n := shifted(p.lines, lines); n != 0 && end <= len(p.cells.Lines) {
		p.scroll(top, end, n)
	}
	var changed []int
	for y, line := range p.next.Lines {
		if !same(p.cells.Lines[y], line) {
			copy(p.cells.Lines[y], line)
			changed = append(changed, y)
		}
	}
	p.lines = lines
	p.render(changed)
}

// render shows the renderer the rows that changed and no others, because it
// sends a row with a wide character whole whether that changed or not.
func (p *painter) render(changed []int) {
	rows := p.cells.Lines
	for _, y := range changed {
		p.cells.TouchLine(0, y, len(rows[y]))
	}
	if end := filled(rows); len(changed) > 0 && changed[len(changed)-1] >= end && end > 0 {
		// When the end of a screen becomes blank, the renderer erases
		// from the row above on.
		p.cells.TouchLine(0, end-1, len(rows[end-1]))
	}
	p.scr.Render(p.cells.RenderBuffer)
}

// filled is how many rows there are without the blank ones at the end.
func filled(rows []uv.Line) int {
	n := len(rows)
	for n > 0 && blank(rows[n-1]) {
		n--
	}
	return n
}

func blank(line uv.Line) bool {
	for x := range line {
		if !line[x].Equal(&uv.EmptyCell) {
			return false
		}
	}
	return true
}

func same(a, b uv.Line) bool {
	for x := range a {
		if !a[x].Equal(&b[x]) {
			return false
		}
	}
	return true
}

// leave makes the terminal what it was. The next view takes it again.
func (p *painter) leave() {
	if p.shown == nil {
		return
	}
	var b strings.Builder
	if p.widths {
		b.WriteString(ansi.ResetModeUnicodeCore)
	}
	b.WriteString(modeChange(p.shown, nil) + ansi.ResetModeAltScreenSaveCursor + ansi.SetModeTextCursorEnable)
	p.shown = nil
	_, _ = io.WriteString(p.to, b.String())
}

// report takes a terminal's answer about one of its modes.
func (p *painter) report(msg tea.ModeReportMsg) {
	switch msg.Mode {
	case ansi.ModeSynchronizedOutput:
		p.sync = msg.Value == ansi.ModeReset
	case ansi.ModeUnicodeCore:
		if msg.Value == ansi.ModeNotRecognized || msg.Value == ansi.ModePermanentlyReset || p.widths {
			return
		}
		p.widths, p.lines = true, nil
		p.measure()
		if p.shown != nil {
			_, _ = io.WriteString(p.to, ansi.SetModeUnicodeCore)
		}
	}
}
