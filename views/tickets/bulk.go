package tickets

import (
	"errors"
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/rest"
	"frontdesk/state/tickets"
	"frontdesk/ui"
)

// bulk is one write to several tickets, with a result for each. It is a dialog
// that may be closed: the writes go on.
type bulk struct {
	v     *View
	title string
	rows  []*bulkRow
	run   func(*bulkRow) tea.Cmd
	width int
	tall  int
	top   int
	// closed says that nobody sees its rows any more.
	closed bool
}

// bulkRow is one ticket of a bulk. Its methods do nothing on nil: a single
// write has no row.
type bulkRow struct {
	b      *bulk
	t      *tickets.Ticket
	state  progress
	words  string
	flight *flight // its comment; nil: none
}

type progress uint8

const (
	waiting progress = iota
	going
	fine
	bad
	back // taken back by the person, and not sent again from here
	open // it may have landed
)

// together is how many writes of a bulk are on their way at a time.
const together = 8

func (v *View) newBulk(title string, chosen []*tickets.Ticket, run func(*bulkRow) tea.Cmd) *bulk {
	b := &bulk{v: v, title: title, run: run}
	for _, t := range chosen {
		b.rows = append(b.rows, &bulkRow{b: b, t: t})
	}
	return b
}

// more starts what waits, as far as there is room.
func (b *bulk) more() tea.Cmd {
	var cmds []tea.Cmd
	out := b.count(going)
	for _, r := range b.rows {
		if r.state == waiting && out < together {
			r.state, out = going, out+1
			cmds = append(cmds, b.run(r))
		}
	}
	return tea.Batch(cmds...)
}

func (b *bulk) count(p progress) int {
	n := 0
	for _, r := range b.rows {
		if r.state == p {
			n++
		}
	}
	return n
}

// landed ends a write well; without a row it is said.
func (r *bulkRow) landed(v *View, words string) tea.Cmd {
	if r == nil {
		return v.env.Say(words)
	}
	r.state, r.words = fine, "done"
	return r.b.more()
}

// failed ends a write that did not happen.
func (r *bulkRow) failed(v *View, err error) tea.Cmd {
	if r == nil {
		return v.fail(err)
	}
	r.state, r.words = bad, rest.UserMessage(err)
	if errors.Is(err, ui.ErrTakenBack) {
		r.state, r.words = back, "taken back, kept as a draft"
	}
	return r.b.more()
}

// unseen says how a row ended to somebody who has closed the dialog.
func (r *bulkRow) unseen(say func() tea.Cmd) tea.Cmd {
	if r == nil || !r.b.closed {
		return nil
	}
	return say()
}

// doubted marks a write that may have landed: it is never sent again from here.
func (r *bulkRow) doubted() {
	if r != nil {
		r.state, r.words = open, "may have landed; frontdesk looks"
	}
}

// bulkStatus sets one status on several tickets.
func (v *View) bulkStatus(chosen []*tickets.Ticket, word string) tea.Cmd {
	b := v.newBulk(fmt.Sprintf("Status %s on %d tickets", word, len(chosen)), chosen, func(r *bulkRow) tea.Cmd {
		return v.setStatus(r.t, word, r)
	})
	v.env.Open(b)
	return b.more()
}

// bulkComment sends one comment to several tickets.
func (v *View) bulkComment(chosen []*tickets.Ticket, text string) tea.Cmd {
	b := v.newBulk(fmt.Sprintf("Comment on %d tickets", len(chosen)), chosen, func(r *bulkRow) tea.Cmd {
		return v.comment(r.t.Key, tickets.Mark{}, text, r, nil)
	})
	v.env.Open(b)
	return b.more()
}

// reasonLines are kept for why a row failed.
const reasonLines = 4

// Title names what is being done.
func (b *bulk) Title() string { return b.title }

// Resize gives the rows their cells.
func (b *bulk) Resize(width, height int) {
	b.width, b.tall = min(width, 76), max(1, min(len(b.rows), height-reasonLines-2))
	b.top = max(0, min(b.top, len(b.rows)-b.tall))
}

// Update works the dialog's keys.
func (b *bulk) Update(msg tea.Msg) tea.Cmd {
	if w, ok := msg.(tea.MouseWheelMsg); ok {
		switch w.Button {
		case tea.MouseWheelUp:
			b.scroll(-1)
		case tea.MouseWheelDown:
			b.scroll(1)
		}
	}
	m, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	k := b.v.keys
	switch {
	case key.Matches(m, k.Close):
		b.closed = true
		b.v.env.Close(b)
		b.v.board.table.ClearMarks()
	case key.Matches(m, k.LineUp):
		b.scroll(-1)
	case key.Matches(m, k.LineDown):
		b.scroll(1)
	case key.Matches(m, k.Retry) && b.count(bad) > 0:
		for _, r := range b.rows {
			if r.state == bad {
				r.state, r.words = waiting, ""
			}
		}
		return b.more()
	}
	return nil
}

// scroll shows what is lines further down.
func (b *bulk) scroll(lines int) { b.top = max(0, min(b.top+lines, len(b.rows)-b.tall)) }

// View draws a line for each ticket.
func (b *bulk) View() string {
	th := b.v.env.Theme
	glyph := map[progress]string{waiting: " ", going: th.Glyph.Ellipsis, fine: th.Glyph.Ok, bad: th.Glyph.Cross, back: "-", open: th.Glyph.Unknown}
	var lines []string
	for _, r := range b.rows[b.top:min(len(b.rows), b.top+b.tall)] {
		words := r.words
		switch r.state {
		case waiting:
			words = "waits its turn"
		case going:
			if words = "on its way"; r.flight != nil && r.flight.held != nil && r.flight.held() {
				words = "not sent yet, can be taken back"
			}
		}
		line := fmt.Sprintf("%s %s  %s  ", glyph[r.state], fit(th, short(r.t.Key), 9), fit(th, r.t.Subject.String(), 24))
		lines = append(lines, fit(th, line+words, b.width))
	}
	sum := fmt.Sprintf("%d of %d done", b.count(fine), len(b.rows))
	if n := b.count(bad); n > 0 {
		sum += fmt.Sprintf(", %d failed", n)
	}
	if n := b.count(back); n > 0 {
		sum += fmt.Sprintf(", %d taken back", n)
	}
	if n := b.count(open); n > 0 {
		sum += fmt.Sprintf(", %d may have landed", n)
	}
	lines = append(lines, "", sum)
	if r := b.firstBad(); r != nil { // why, uncut
		lines = append(lines, strings.Split(ansi.Wrap(short(r.t.Key)+": "+r.words, b.width, " "), "\n")...)
	}
	return strings.Join(lines, "\n")
}

// firstBad is the first row on show that failed.
func (b *bulk) firstBad() *bulkRow {
	for _, r := range b.rows[b.top:min(len(b.rows), b.top+b.tall)] {
		if r.state == bad {
			return r
		}
	}
	return nil
}

// ShortHelp is the dialog's keys.
func (b *bulk) ShortHelp() []key.Binding {
	k := b.v.keys
	k.Retry.SetEnabled(b.count(bad) > 0)
	k.LineUp.SetEnabled(len(b.rows) > b.tall)
	k.LineDown.SetEnabled(len(b.rows) > b.tall)
	return []key.Binding{k.Retry, k.LineUp, k.LineDown, k.Close}
}

// FullHelp is the same.
func (b *bulk) FullHelp() [][]key.Binding { return [][]key.Binding{b.ShortHelp()} }
