package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// The screen, from the top: header, tabs, body, notice line, key hints.
const (
	bodyTop  = 2
	bodyRest = 4 // lines that are not body
)

// headerPractice is how much of the practice's name stands in the header before
// the vendors' words and the time give way.
const headerPractice = 12

// headerTime is the practice's time, with its zone.
const headerTime = "Mon 2 Jan 15:04 MST"

// leastDialog is how many lines a dialog keeps, however long a notice is.
const leastDialog = 8

// layout is the only place that divides the screen. Dialogs lie inside a
// border and one column of padding, clear of the header, the notice and the key
// hints.
func (a *App) layout() {
	for _, v := range a.views {
		v.Resize(a.width, max(1, a.height-bodyRest))
	}
	a.noted = a.note()
	for _, d := range a.env.dialogs {
		d.Resize(a.dialogRoom())
	}
	if d := a.env.over; d != nil {
		d.Resize(a.dialogRoom())
	}
}

// note counts the lines of the notice beyond the first, as many as dialogs keep
// clear of.
func (a *App) note() int {
	return min(strings.Count(a.notice(), "\n"), max(0, a.height-5-leastDialog))
}

// makeRoom divides the screen anew when the notice has become longer or
// shorter.
func (a *App) makeRoom() {
	if a.note() != a.noted {
		a.layout()
	}
}

// dialogRoom is the cells inside a dialog's border.
func (a *App) dialogRoom() (width, height int) {
	return max(10, a.width-6), max(3, a.height-5-a.noted)
}

// Title is the window's title. It is constant: a title is seen by whoever passes.
const Title = "frontdesk"

// View draws the screen.
func (a *App) View() tea.View {
	if a.lock.on || a.lock.hidden {
		return a.curtain()
	}
	notice := a.notice()
	base := strings.Join([]string{a.header(), a.tabs(), a.body(strings.Count(notice, "\n")), notice, a.hints()}, "\n")
	v := a.frame(base)
	if len(a.env.dialogs) > 0 {
		v.Content, v.Cursor = a.layers(base, a.env.dialogs...)
	} else if c, ok := a.view().(Cursored); ok {
		v.Cursor = moved(c.Cursor(), 0, bodyTop)
	}
	v.Content = a.env.Theme.Plain(v.Content)
	return v
}

// frame is how the terminal is used, whatever is on it.
func (a *App) frame(text string) tea.View {
	v := tea.NewView(text)
	v.AltScreen = true
	v.WindowTitle = Title
	v.ReportFocus = true
	if a.env.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

func moved(c *tea.Cursor, dx, dy int) *tea.Cursor {
	if c != nil {
		c.X += dx
		c.Y += dy
	}
	return c
}

// layers lays the open dialogs over the screen, line by line: a canvas of every
// cell takes longer than all the rest of a frame.
func (a *App) layers(base string, dialogs ...Dialog) (string, *tea.Cursor) {
	lines := strings.Split(base, "\n")
	var cursor *tea.Cursor
	for _, d := range dialogs {
		box := strings.Split(a.box(d), "\n")
		w, h := ansi.StringWidth(box[0]), len(box)
		x, y := a.place(w, h)
		for i, l := range box {
			if y+i < len(lines) {
				lines[y+i] = over(lines[y+i], l, x, w)
			}
		}
		cursor = nil
		if c, ok := d.(Cursored); ok {
			cursor = moved(c.Cursor(), x+2, y+1)
		}
	}
	return clip(strings.Join(lines, "\n"), a.width, a.height), cursor
}

// place is the upper left cell of a box of that size: in the middle, but for a
// notice that would be hidden.
func (a *App) place(w, h int) (x, y int) {
	return max(0, (a.width-w)/2), max(1, min((a.height-1-h)/2, a.height-2-a.noted-h))
}

// over puts text of width w over a line from cell x on. A wide character that
// is cut through gives way to a blank.
func over(line, text string, x, w int) string {
	left := ansi.Truncate(line, x, "")
	left += strings.Repeat(" ", x-ansi.StringWidth(left))
	rest := max(0, ansi.StringWidth(line)-x-w)
	right := ansi.TruncateLeft(line, x+w, "")
	if ansi.StringWidth(right) > rest {
		right = ansi.TruncateLeft(line, x+w+1, "")
	}
	return left + ansi.ResetStyle + text + ansi.ResetStyle + strings.Repeat(" ", rest-ansi.StringWidth(right)) + right
}

// box draws a dialog's border with its title in the top edge.
func (a *App) box(d Dialog) string {
	th := a.env.Theme
	width, height := a.dialogRoom()
	text := clip(d.View(), width, height)
	box := lipgloss.NewStyle().Border(th.Box).BorderForeground(th.Border.GetForeground()).
		Padding(0, 1).Render(text)
	top, rest, _ := strings.Cut(box, "\n")
	width = ansi.StringWidth(top)
	title := " " + th.Truncate(d.Title(), width-6) + " "
	edge := ansi.Truncate(top, 2, "") + th.Title.Render(title) + ansi.TruncateLeft(top, 2+ansi.StringWidth(title), "")
	return edge + "\n" + rest
}

// clip cuts text to a rectangle.
func clip(text string, width, height int) string {
	lines := strings.Split(text, "\n")
	if len(lines) > height {
		lines = lines[:height]
	}
	for i, l := range lines {
		if ansi.StringWidth(l) > width {
			lines[i] = ansi.Truncate(l, width, "")
		}
	}
	return strings.Join(lines, "\n")
}

// body is the view, less the lines a long notice lies over.
func (a *App) body(covered int) string {
	height := max(1, a.height-bodyRest-covered)
	text := clip(a.view().View(), a.width, height)
	return text + strings.Repeat("\n", height-1-strings.Count(text, "\n"))
}

// header says where we are: program, environment, practice, time with zone,
// vendors. What does not fit is dropped from the least needed.
func (a *App) header() string {
	th := a.env.Theme
	badge := th.Badge.Render(" SANDBOX ")
	if a.env.Live {
		badge = th.BadgeLive.Render(" LIVE ")
	}
	left := th.Strong.Render("frontdesk") + " " + badge
	when := a.env.PracticeNow().Format(headerTime)
	all, troubled := a.health()
	for _, h := range [][2]string{{left, when + "  " + all}, {left, when + "  " + troubled}, {badge, when + "  " + troubled}, {left, troubled}} {
		if practice := a.practice(h[0], h[1]); practice != "" {
			return spread(h[0]+" "+practice, h[1], a.width)
		}
	}
	return spread(badge+" "+a.practice(badge, troubled), troubled, a.width)
}

// practice is as much of its name as stands between left and right, none if
// that is too little to know it by.
func (a *App) practice(left, right string) string {
	room := a.width - ansi.StringWidth(left) - ansi.StringWidth(right) - 3
	if room < min(ansi.StringWidth(a.env.Practice), headerPractice) {
		return ""
	}
	return a.env.Theme.Truncate(a.env.Practice, room)
}

// health is a word for each vendor, and in short: each that is in trouble and
// how many are not.
func (a *App) health() (all, troubled string) {
	th := a.env.Theme
	var words, bad []string
	for _, h := range a.env.Health() {
		style := th.Danger
		switch h.Word {
		case "up", "idle":
			words = append(words, h.Vendor+" "+th.Muted.Render(h.Word))
			continue
		case "slow", "limited":
			style = th.Warn
		}
		words = append(words, h.Vendor+" "+style.Render(h.Word))
		bad = append(bad, words[len(words)-1])
	}
	if well := len(words) - len(bad); well > 1 {
		bad = append(bad, th.Muted.Render(strconv.Itoa(well)+" up"))
	} else if well == 1 {
		bad = words // nothing to shorten
	}
	return strings.Join(words, "  "), strings.Join(bad, "  ")
}

// notice tells what just happened and which writes are out. A sentence is
// never cut: it takes the lines it needs, from the body's last ones.
func (a *App) notice() string {
	th := a.env.Theme
	out := a.sending()
	if len(a.ahead) > 0 {
		out += th.Warn.Render("  " + Count(len(a.ahead), "key waits, esc drops it", "keys wait, esc drops them"))
	}
	n := a.env.notice
	words := n.words
	if a.lock.warned(a.env.Now()) {
		return spread(th.Warn.Render(th.Glyph.Warn+" Nobody has typed for a while: this desk locks soon. Any key keeps it open."), out, a.width)
	}
	if words == "" {
		return spread("", out, a.width)
	}
	style, glyph := th.Info, th.Glyph.Ok
	if n.bad {
		style, glyph = th.Danger, th.Glyph.Cross
	}
	said, room := glyph+" "+words, a.width-ansi.StringWidth(out)-2
	below := out != "" && ansi.StringWidth(said) > room && room < a.width/2 // no column of two words a line
	if below {
		room = a.width
	}
	lines := strings.Split(ansi.Wrap(said, max(10, room), " "), "\n")
	lines = lines[:min(len(lines), max(1, a.height-bodyRest))]
	for i, l := range lines {
		lines[i] = style.Render(l)
	}
	if below && len(lines) < a.height-bodyRest {
		lines = append(lines, "")
	}
	lines[len(lines)-1] = spread(lines[len(lines)-1], out, a.width)
	return strings.Join(lines, "\n")
}

// sending names the write that can be taken back, or one that is out.
func (a *App) sending() string {
	th := a.env.Theme
	if n := len(a.env.pending); n > 0 {
		p := a.env.pending[n-1]
		left := (p.until.Sub(a.env.Now()) + time.Second - 1) / time.Second
		words := fmt.Sprintf("%s: sent in %d s", p.words, max(0, left))
		if n > 1 {
			words += fmt.Sprintf(" (%d before it)", n-1)
		}
		return th.Warn.Render(words) + " " + th.KeyHint("ctrl+x", "take back")
	}
	for _, words := range a.env.writes {
		return th.Warn.Render("sending: " + words)
	}
	return ""
}

// spread puts one text at the left and one at the right edge; the left one
// gives way.
func spread(left, right string, width int) string {
	gap := width - ansi.StringWidth(left) - ansi.StringWidth(right)
	if gap < 1 && right != "" {
		left = ansi.Truncate(left, max(0, width-ansi.StringWidth(right)-1), "")
		gap = width - ansi.StringWidth(left) - ansi.StringWidth(right)
	}
	return left + strings.Repeat(" ", max(0, gap)) + ansi.Truncate(right, width, "")
}
