package slots

import (
	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/table"
)

// gridTop is the lines over the rows of a grid, gridLeft the cells beside them.
const gridTop, gridLeft = 3, 7

// wheelStep is the rows one notch of the wheel moves, as in a list.
const wheelStep = 3

// cell is a row of a day.
type cell struct{ row, col int }

// point takes the cursor to what is clicked, and along with the wheel. Two
// clicks on one cell are its enter.
func (g *grid) point(msg tea.MouseMsg) {
	if g.columns == nil {
		return
	}
	switch msg := msg.(type) {
	case table.DoubleMsg:
		*msg.Open, g.twice = g.twice, false
	case tea.MouseClickMsg:
		last := g.struck
		at, ok := g.under(msg.X, msg.Y)
		if g.twice = ok && at == last; !ok {
			at = cell{-1, -1}
		} else {
			g.row, g.col = at.row, at.col
		}
		g.struck = at
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			g.row = max(0, g.row-wheelStep)
		case tea.MouseWheelDown:
			g.row = min(g.rows()-1, g.row+wheelStep)
		}
	}
}

// under is the cell at a place counted from the grid's upper left corner.
func (g *grid) under(x, y int) (cell, bool) {
	at := cell{g.top + y - gridTop, (x - gridLeft) / g.cell()}
	return at, x >= gridLeft && y >= gridTop && at.row < g.rows() && at.col < len(g.columns)
}
