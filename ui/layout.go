package ui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// The screen, from the top: header, tabs, body, notice line, key hints.
const (
	bodyTop  = 2
	bodyRest = 4 // lines that are not body
)

// layout is the only place that divides the screen. Dialogs lie inside a
// border and one column of padding, clear of the header and the key hints.
func (a *App) layout() {
	for _, v := range a.views {
		v.Resize(a.width, max(1, a.height-bodyRest))
	}
	for _, d := range a.env.dialogs {
		d.Resize(max(10, a.width-6), max(3, a.height-5))
	}
}

// Title is the window's title. It is constant: a title is seen by whoever passes.
const Title = "frontdesk"

// View draws the screen.
func (a *App) View() tea.View {
	notice := a.notice()
	base := strings.Join([]string{a.header(), a.tabs(), a.body(strings.Count(notice, "\n")), notice, a.hints()}, "\n")
	v := tea.NewView(base)
	v.AltScreen = true
	v.WindowTitle = Title
	v.ReportFocus = true
	if len(a.env.dialogs) == 0 {
		if c, ok := a.view().(Cursored); ok {
			v.Cursor = moved(c.Cursor(), 0, bodyTop)
		}
		return v
	}
	v.Content, v.Cursor = a.layers(base)
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
func (a *App) layers(base string) (string, *tea.Cursor) {
	lines := strings.Split(base, "\n")
	var cursor *tea.Cursor
	for _, d := range a.env.dialogs {
		box := strings.Split(a.box(d), "\n")
		w, h := ansi.StringWidth(box[0]), len(box)
		x, y := max(0, (a.width-w)/2), max(1, (a.height-1-h)/2)
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
	text := clip(d.View(), max(10, a.width-6), max(3, a.height-5))
	box := lipgloss.NewStyle().Border(th.Box).BorderForeground(th.Border.GetForeground()).
		Padding(0, 1).Render(text)
	top, rest, _ := strings.Cut(box, "\n")
	width := ansi.StringWidth(top)
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
	var health []string
	for _, h := range a.env.Health() {
		style := th.Muted
		switch h.Word {
		case "up", "idle":
		case "slow", "limited":
			style = th.Warn
		default:
			style = th.Danger
		}
		health = append(health, h.Vendor+" "+style.Render(h.Word))
	}
	right := a.env.PracticeNow().Format("Mon 2 Jan 15:04 MST") + "  " + strings.Join(health, "  ")
	room := a.width - ansi.StringWidth(left) - ansi.StringWidth(right) - 3
	return spread(left+" "+th.Truncate(a.env.Practice, max(0, room)), right, a.width)
}

func (a *App) tabs() string {
	th := a.env.Theme
	var b strings.Builder
	for i, v := range a.views {
		name := " " + v.Title() + " "
		if len(a.views) > 1 {
			name = " " + string(rune('1'+i)) + " " + v.Title() + " "
		}
		if i == a.active {
			b.WriteString(th.TabActive.Render(th.Glyph.Cursor + name))
		} else {
			b.WriteString(th.Tab.Render(" " + name))
		}
	}
	keys := ""
	if a.env.Keys != "" {
		keys = th.Muted.Render("keys: " + a.env.Keys)
	}
	if d := a.env.Drafts; d != nil && d.Trouble() != "" {
		keys = th.Warn.Render(th.Glyph.Warn+" "+d.Trouble()) + "  " + keys
	}
	return spread(b.String(), keys, a.width)
}

// notice tells what just happened and which writes are out. A sentence is
// never cut: it takes the lines it needs, from the body's last ones.
func (a *App) notice() string {
	th := a.env.Theme
	out := ""
	for _, words := range a.env.writes {
		out = th.Warn.Render("sending: " + words)
	}
	if len(a.ahead) > 0 {
		out += th.Warn.Render(fmt.Sprintf("  %d keys wait, esc drops them", len(a.ahead)))
	}
	n := a.env.notice
	words := n.words
	if words == "" {
		return spread("", out, a.width)
	}
	style, glyph := th.Info, th.Glyph.Ok
	if n.bad {
		style, glyph = th.Danger, th.Glyph.Cross
	}
	lines := strings.Split(ansi.Wrap(glyph+" "+words, max(10, a.width-ansi.StringWidth(out)-2), " "), "\n")
	lines = lines[:min(len(lines), max(1, a.height-bodyRest))]
	for i, l := range lines {
		lines[i] = style.Render(l)
	}
	lines[len(lines)-1] = spread(lines[len(lines)-1], out, a.width)
	return strings.Join(lines, "\n")
}

// hints shows the keys of whoever has the keyboard, as many as fit.
func (a *App) hints() string {
	keys := a.view().ShortHelp()
	last := a.keys.Help
	if n := len(a.env.dialogs); n > 0 {
		keys = a.env.dialogs[n-1].ShortHelp()
		last = key.Binding{}
	} else if a.view().Typing() {
		last = key.Binding{}
	}
	th := a.env.Theme
	room := a.width
	if last.Enabled() && len(last.Keys()) > 0 {
		room -= 8
	}
	var b strings.Builder
	used := 0
	for _, k := range keys {
		if !k.Enabled() {
			continue
		}
		hint := th.KeyHint(k.Help().Key, k.Help().Desc)
		w := ansi.StringWidth(hint) + 2
		if used+w > room {
			break
		}
		b.WriteString(hint + "  ")
		used += w
	}
	if len(last.Keys()) > 0 {
		return spread(b.String(), th.KeyHint("?", "help"), a.width)
	}
	return b.String()
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
