package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/ui/table"
)

// handMouse gives the mouse to the terminal, for selecting text, or takes it
// back.
func (a *App) handMouse() tea.Cmd {
	a.env.Mouse = !a.env.Mouse
	if a.env.Mouse {
		return a.env.Say("The mouse works in frontdesk. ctrl+t gives it back to the terminal.")
	}
	return a.env.Say("The mouse is the terminal's now: drag to select text. ctrl+t takes it back.")
}

// mouse sends a click or a turn of the wheel to what lies under it: the top
// dialog and nothing else while one is open, a tab, a key in the footer, or the
// body. Whoever gets it finds it counted from their own upper left cell.
func (a *App) mouse(msg tea.MouseMsg) tea.Cmd {
	m := msg.Mouse()
	click, isClick := msg.(tea.MouseClickMsg)
	switch {
	case a.lock.on || a.lock.hidden || len(a.ahead) > 0 || a.waiting(msg):
		return nil
	case isClick && click.Button != tea.MouseLeft:
		return nil
	case m.Y == a.height-1:
		if k, ok := a.hintAt(m.X); ok && isClick {
			return a.route(k)
		}
		return nil
	}
	if n := len(a.env.dialogs); n > 0 {
		d := a.env.dialogs[n-1]
		w, h := boxSize(a.box(d))
		x, y := a.place(w, h)
		if m.X < x+2 || m.X >= x+w-2 || m.Y <= y || m.Y >= y+h-1 {
			return nil
		}
		return a.hit(d, msg, x+2, y+1)
	}
	switch {
	case m.Y == bodyTop-1:
		if i := a.tabAt(m.X); i >= 0 && isClick {
			return a.show(i)
		}
		return nil
	case m.Y < bodyTop || m.Y >= a.height-bodyRest+bodyTop:
		return nil
	}
	cmd := a.hit(a.view(), msg, 0, bodyTop)
	a.layout()
	return cmd
}

// double is the longest between two clicks that are meant as one.
const double = 400 * time.Millisecond

// click is when and where the mouse was pressed, and who was told.
type click struct {
	at   time.Time
	line int
	to   updater
}

// hit tells a view or a dialog of the mouse. Two quick clicks on one row of a
// table open it: they press Enter.
func (a *App) hit(to updater, msg tea.MouseMsg, x, y int) tea.Cmd {
	cmd := a.tell(a.view(), to, Shift(msg, x, y))
	m, ok := msg.(tea.MouseClickMsg)
	if !ok {
		return cmd
	}
	last, now := a.clicked, a.env.Now()
	a.clicked = click{now, m.Y, to}
	if last.to != to || last.line != m.Y || now.Sub(last.at) >= double || a.front() != to {
		return cmd
	}
	a.clicked = click{}
	open := false
	cmd = tea.Batch(cmd, a.tell(a.view(), to, Shift(table.DoubleMsg{MouseClickMsg: m, Open: &open}, x, y)))
	if open {
		cmd = tea.Batch(cmd, a.route(Press("enter")))
	}
	return cmd
}

// Shift is a mouse event as somebody sees it whose upper left cell is x, y.
// Other messages stay as they are.
func Shift(msg tea.Msg, x, y int) tea.Msg {
	switch m := msg.(type) {
	case tea.MouseClickMsg:
		m.X, m.Y = m.X-x, m.Y-y
		return m
	case table.DoubleMsg:
		m.X, m.Y = m.X-x, m.Y-y
		return m
	case tea.MouseWheelMsg:
		m.X, m.Y = m.X-x, m.Y-y
		return m
	case tea.MouseReleaseMsg:
		m.X, m.Y = m.X-x, m.Y-y
		return m
	case tea.MouseMotionMsg:
		m.X, m.Y = m.X-x, m.Y-y
		return m
	}
	return msg
}

func boxSize(box string) (w, h int) {
	h = 1
	first := len(box)
	for i := range len(box) {
		if box[i] == '\n' {
			first = min(first, i)
			h++
		}
	}
	return ansi.StringWidth(box[:first]), h
}
