package tickets

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/safe"
	"frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// lane is one column of the board: the tickets of one status.
type lane struct {
	title string
	all   []*tickets.Ticket
}

// laneOrder is how far a status is from being done; others stand between the
// new ones and the closed.
var laneOrder = map[string]int{"new": -5, "open": -4, "reopen": -3, "reopened": -3, "in progress": -2, "pending": -1}

// laneUp deals sorted tickets into columns. Statuses that differ only in case
// or blanks are one.
func laneUp(sorted []*tickets.Ticket) []lane {
	at := map[string]int{}
	var lanes []lane
	for _, t := range sorted {
		name := strings.ToLower(strings.Join(strings.Fields(t.Status.String()), " "))
		i, ok := at[name]
		if !ok {
			i = len(lanes)
			at[name] = i
			lanes = append(lanes, lane{title: dash(safe.Line(strings.Join(strings.Fields(t.Status.Raw()), " ")))})
		}
		lanes[i].all = append(lanes[i].all, t)
	}
	rank := func(l lane) int { return laneOrder[strings.ToLower(l.title)] + 10*yes(l.all[0].Closed()) }
	slices.SortStableFunc(lanes, func(a, b lane) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a.title, b.title)) })
	return lanes
}

// swap changes between list and columns; the cursor stays on its ticket.
func (b *board) swap() {
	if t, ok := b.selected(); ok {
		b.keep(t.Key)
	}
	if b.columns = !b.columns; b.columns {
		b.rows(0)
		b.place()
	}
}

// place is the column and row of the cursor. A ticket that is gone leaves it on
// the first.
func (b *board) place() (col, row int) {
	b.rows(0)
	for col, l := range b.lanes {
		for row, t := range l.all {
			if t.Key == b.at {
				return col, row
			}
		}
	}
	if len(b.lanes) > 0 {
		b.at = b.lanes[0].all[0].Key
	}
	return 0, 0
}

// move works the arrow keys in the columns.
func (b *board) move(msg tea.KeyPressMsg) {
	k := b.v.keys
	col, row := b.place()
	if len(b.lanes) == 0 {
		return
	}
	last := len(b.lanes[col].all) - 1
	switch {
	case key.Matches(msg, k.Up):
		row = max(0, row-1)
	case key.Matches(msg, k.Down):
		row = min(last, row+1)
	case key.Matches(msg, k.First):
		row = 0
	case key.Matches(msg, k.Last):
		row = last
	case key.Matches(msg, k.Left):
		col = max(0, col-1)
	case key.Matches(msg, k.Right):
		col = min(len(b.lanes)-1, col+1)
	}
	row = min(row, len(b.lanes[col].all)-1)
	b.keep(b.lanes[col].all[row].Key)
}

// leastLane is the fewest cells a column is drawn in.
const leastLane = 24

// shownLanes are the columns around the one of the cursor: the first, how many,
// and the cells of each, without the blank behind it.
func (b *board) shownLanes(at int) (first, n, width int) {
	n = min(len(b.lanes), max(1, b.width/leastLane))
	return max(0, min(at-n/2, len(b.lanes)-n)), n, b.width/n - 1
}

// top is the first ticket of a column that is drawn, and how many are.
func (l lane) top(cursor, height int) (first, shown int) {
	shown = max(1, (height-1)/2)
	return max(0, min(max(cursor, 0)-shown/2, len(l.all)-shown)), shown
}

// under is the ticket drawn at a cell, counted from the columns' upper left
// one.
func (b *board) under(x, y int) (tickets.Key, bool) {
	at, row := b.place()
	if len(b.lanes) == 0 || x < 0 || y < 1 {
		return tickets.Key{}, false
	}
	height := max(1, b.height-len(b.head()))
	first, n, width := b.shownLanes(at)
	i := x / (width + 1)
	if i >= n {
		return tickets.Key{}, false
	}
	cursor := -1
	if first+i == at {
		cursor = row
	}
	l := b.lanes[first+i]
	top, shown := l.top(cursor, height)
	if t := top + (y-1)/2; t < min(len(l.all), top+shown) {
		return l.all[t].Key, true
	}
	return tickets.Key{}, false
}

// point works the mouse in the columns: a click chooses a ticket, a second one
// opens it, and the wheel moves in the column.
func (b *board) point(msg tea.MouseMsg) {
	switch msg := msg.(type) {
	case table.DoubleMsg:
		k, ok := b.under(msg.X, msg.Y)
		*msg.Open = ok && k == b.struck
	case tea.MouseClickMsg:
		b.begun, b.struck = true, tickets.Key{}
		if k, ok := b.under(msg.X, msg.Y); ok {
			if b.at == k { // another may be drawn there when a column moves
				b.struck = k
			}
			b.keep(k)
		}
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			b.move(ui.Press("up"))
		case tea.MouseWheelDown:
			b.move(ui.Press("down"))
		}
	}
}

// drawColumns draws the columns around the cursor, two lines a ticket.
func (b *board) drawColumns(height int) string {
	th := b.v.env.Theme
	at, row := b.place()
	if len(b.lanes) == 0 {
		return th.Muted.Render(" No ticket is like this. Press esc for all open ones, v for other views.")
	}
	first, n, width := b.shownLanes(at)
	cols := make([][]string, n)
	for i := range n {
		cursor := -1
		if first+i == at {
			cursor = row
		}
		lead := " "
		if i == 0 && first > 0 {
			lead = th.Glyph.Left
		}
		cols[i] = b.drawLane(b.lanes[first+i], lead, cursor, width, height)
	}
	lines := make([]string, height)
	for y := range height {
		parts := make([]string, n)
		for i := range cols {
			parts[i] = cols[i][y]
		}
		lines[y] = strings.Join(parts, " ")
	}
	if left := len(b.lanes) - first - n; left > 0 {
		lines[0] = th.Truncate(lines[0], b.width-12) + th.Muted.Render(fmt.Sprintf(" %d more %s", left, th.Glyph.Right))
	}
	return strings.Join(lines, "\n")
}

// drawLane draws a lead, a title and the tickets around the cursor.
func (b *board) drawLane(l lane, lead string, cursor, width, height int) []string {
	th := b.v.env.Theme
	lines := []string{th.Title.Render(fit(th, fmt.Sprintf("%s %s (%d)", lead, l.title, len(l.all)), width))}
	first, shown := l.top(cursor, height)
	for i := first; i < len(l.all) && i < first+shown; i++ {
		t := l.all[i]
		mark, facts := " ", []string{t.Source.Badge(), dash(t.Urgency), b.v.waits(t)}
		if b.v.unread(t) {
			mark = th.Glyph.Unread
		}
		if who := b.v.holder(t.Key); who != "" {
			facts = append(facts, who)
		}
		one := fit(th, mark+" "+t.Subject.String(), width-1)
		two := fit(th, "  "+strings.Join(facts, " "+th.Glyph.Bullet+" "), width-1)
		if i == cursor {
			lines = append(lines, th.Selected.Render(th.Glyph.Cursor+one), th.Selected.Render(" "+two))
			continue
		}
		lines = append(lines, " "+one, " "+th.Muted.Render(two))
	}
	for len(lines) < height {
		lines = append(lines, strings.Repeat(" ", width))
	}
	return lines[:height]
}
