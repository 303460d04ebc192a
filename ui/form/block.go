package form

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/clipperhouse/uax29/v2/graphemes"

	"frontdesk/ui/theme"
)

// block edits text of several lines: each line by a line, and here what goes
// across them. It wraps only what is seen, so a key costs the same in a note
// as in a long article.
type block struct {
	line
	lines []string // the one with the cursor is as old as the last move
	row   int      // the line with the cursor
	goal  int      // the cell up and down keep to; -1: where the cursor is
	wide  int      // cells of a row
	tall  int      // rows seen
	top   place    // the first of them
}

// place is a row of the wrapped text: the line, and the row within it.
type place struct{ line, row int }

func (p place) before(q place) bool { return p.line < q.line || p.line == q.line && p.row < q.row }

func newBlock(tall int) block {
	return block{line: newLine(), lines: []string{""}, goal: -1, wide: 40, tall: max(1, tall)}
}

func (b *block) store() { b.lines[b.row] = b.line.text() }

func (b *block) text() string {
	b.store()
	return strings.Join(b.lines, "\n")
}

func (b *block) retype(s string) {
	b.lines = strings.Split(lines(s), "\n")
	b.row, b.goal, b.top = len(b.lines)-1, -1, place{}
	b.line.retype(b.lines[b.row])
}

// enter puts the cursor before character pos of line row.
func (b *block) enter(row, pos int) {
	b.row = row
	b.in.SetValue(b.lines[row])
	b.in.SetCursor(pos)
}

func (b *block) insert(s string) {
	parts := strings.Split(s, "\n")
	last := len(parts) - 1
	if last == 0 {
		b.line.insert(s)
		return
	}
	now, end := []rune(b.line.text()), utf8.RuneCountInString(parts[last])
	pos := b.in.Position()
	parts[0] = string(now[:pos]) + parts[0]
	parts[last] += string(now[pos:])
	b.lines = slices.Replace(b.lines, b.row, b.row+1, parts...)
	b.enter(b.row+last, end)
}

// join makes one line of row and the next.
func (b *block) join(row int) {
	b.store()
	seam := utf8.RuneCountInString(b.lines[row])
	b.lines = slices.Replace(b.lines, row, row+2, b.lines[row]+b.lines[row+1])
	b.enter(row, seam)
}

func (b *block) edit(k tea.KeyPressMsg) bool {
	b.store()
	m, goal, last := inputKeys, b.goal, len(b.lines)-1
	start := b.in.Position() == 0 && b.row > 0
	end := b.in.Position() == utf8.RuneCountInString(b.lines[b.row]) && b.row < last
	b.goal = -1
	switch {
	case k.Text != "":
		b.insert(lines(k.Text))
	case is(k, keyNewLine):
		b.insert("\n")
	case is(k, keyLineUp):
		b.climb(-1, goal)
	case is(k, keyLineDown):
		b.climb(1, goal)
	case is(k, keyPageUp, keyPageDown):
		dir := 1
		if is(k, keyPageUp) {
			dir = -1
		}
		for range max(1, b.tall-1) {
			b.climb(dir, goal)
			goal = b.goal
		}
	case is(k, keyTextStart):
		b.enter(0, 0)
	case is(k, keyTextEnd):
		b.enter(last, math.MaxInt)
	case start && is(k, m.CharacterBackward, m.WordBackward):
		b.enter(b.row-1, math.MaxInt)
	case end && is(k, m.CharacterForward, m.WordForward):
		b.enter(b.row+1, 0)
	case start && is(k, m.DeleteCharacterBackward, m.DeleteWordBackward, m.DeleteBeforeCursor):
		b.join(b.row - 1)
	case end && is(k, m.DeleteCharacterForward, m.DeleteWordForward, m.DeleteAfterCursor):
		b.join(b.row)
	default:
		return b.line.edit(k)
	}
	return true
}

// breaks is where the rows of s begin when it is wrapped after spaces to w
// cells, counted in characters. Spaces hang over the end.
func breaks(s string, w int) []int {
	starts, n, cells := []int{0}, 0, 0
	gap, gapCells := 0, 0 // behind the last space
	for g := graphemes.FromString(s); g.Next(); {
		c := g.Value()
		cw := theme.Width(c)
		for c != " " && cells > 0 && cells+cw > w {
			if gap > starts[len(starts)-1] {
				starts, cells = append(starts, gap), cells-gapCells
			} else {
				starts, cells = append(starts, n), 0
			}
			gap = 0
		}
		n, cells = n+utf8.RuneCountInString(c), cells+cw
		if c == " " {
			gap, gapCells = n, cells
		}
	}
	return starts
}

// rowOf is the row that character pos is drawn in.
func rowOf(starts []int, pos int) int {
	row := 0
	for row+1 < len(starts) && starts[row+1] <= pos {
		row++
	}
	return row
}

// rowText is one row of s.
func rowText(s string, starts []int, row int) string {
	runes := []rune(s)
	if row+1 < len(starts) {
		return string(runes[starts[row]:starts[row+1]])
	}
	return string(runes[starts[row]:])
}

// nearest is the character of s in a row that is drawn at cell x or before.
func nearest(s string, starts []int, row, x int) int {
	pos, at, text := starts[row], 0, rowText(s, starts, row)
	for g := graphemes.FromString(text); g.Next(); {
		n := utf8.RuneCountInString(g.Value())
		at += theme.Width(g.Value())
		if at > x || row+1 < len(starts) && pos+n == starts[row+1] {
			break
		}
		pos += n
	}
	return pos
}

// spot is the cursor's row and cell.
func (b *block) spot() (p place, x int) {
	s, pos := b.line.text(), b.in.Position()
	starts := breaks(s, b.wide)
	p = place{b.row, rowOf(starts, pos)}
	return p, theme.Width(string([]rune(s)[starts[p.row]:pos]))
}

// next is the row above (dir -1) or below p, and whether there is one.
func (b *block) next(p place, dir int) (place, bool) {
	p.row += dir
	switch {
	case p.row < 0 && p.line == 0:
		return p, false
	case p.row < 0:
		p.line--
		p.row = len(breaks(b.lines[p.line], b.wide)) - 1
	case p.row >= len(breaks(b.lines[p.line], b.wide)):
		p.line, p.row = p.line+1, 0
	}
	return p, p.line < len(b.lines)
}

// climb moves the cursor by one row.
func (b *block) climb(dir, goal int) {
	b.store()
	p, x := b.spot()
	if goal >= 0 {
		x = goal
	}
	b.goal = x
	if to, ok := b.next(p, dir); ok {
		s := b.lines[to.line]
		b.enter(to.line, nearest(s, breaks(s, b.wide), to.row, x))
	}
}

// seen is the rows on screen and the cursor in them.
func (b *block) seen() (rows []string, x, y int) {
	b.store()
	cursor, x := b.spot()
	first := cursor
	for range b.tall - 1 {
		if p, ok := b.next(first, -1); ok {
			first = p
		}
	}
	switch {
	case cursor.before(b.top):
		b.top = cursor
	case b.top.before(first):
		b.top = first
	}
	b.top.row = min(b.top.row, len(breaks(b.lines[b.top.line], b.wide))-1)
	p, ok := b.top, true
	for len(rows) < b.tall && ok {
		if p == cursor {
			y = len(rows)
		}
		rows = append(rows, rowText(b.lines[p.line], breaks(b.lines[p.line], b.wide), p.row))
		p, ok = b.next(p, 1)
	}
	return rows, x, y
}

// aim puts the cursor at a cell of a row that is seen.
func (b *block) aim(x, y int) {
	b.store()
	p, ok := b.top, true
	for range y {
		if q, more := b.next(p, 1); ok && more {
			p = q
		} else {
			ok = false
		}
	}
	s := b.lines[p.line]
	b.enter(p.line, nearest(s, breaks(s, b.wide), p.row, x))
	b.goal = -1
}
