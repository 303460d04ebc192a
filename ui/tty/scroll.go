package tty

import (
	"fmt"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
)

// scroll moves rows that are still on the screen, further up or down, instead
// of painting them again. The renderer can do that itself, but counts on being
// shown every row then, and sends each that has a wide character.
func (p *painter) scroll(top, end, n int) {
	rows := p.cells.Lines[top:end]
	steps := fmt.Sprintf("\x1b[%d;%dr", top+1, end)
	if n > 0 {
		steps += fmt.Sprintf("\x1b[%dH", end) + strings.Repeat("\n", n)
		gone := append([]uv.Line(nil), rows[:n]...)
		copy(rows, rows[n:])
		copy(rows[len(rows)-n:], gone)
		erase(rows[len(rows)-n:])
	} else {
		steps += fmt.Sprintf("\x1b[%dH", top+1) + strings.Repeat("\x1bM", -n)
		gone := append([]uv.Line(nil), rows[len(rows)+n:]...)
		copy(rows[-n:], rows)
		copy(rows, gone)
		erase(rows[:-n])
	}
	// What the renderer would send for this is not sent, so that it knows
	// what is on the screen.
	var moved []int
	for y := top; y < end; y++ {
		moved = append(moved, y)
	}
	p.render(moved)
	_ = p.scr.Flush()
	p.out.Reset()
	_, _ = p.scr.WriteString(steps + "\x1b[r")
	p.scr.SetPosition(-1, -1)
}

func erase(rows []uv.Line) {
	for _, line := range rows {
		for x := range line {
			line[x] = uv.EmptyCell
		}
	}
}

// shifted finds rows that moved by n lines, up if that is more than 0, within
// the rows from top to end; n is 0 when it is not worth it.
func shifted(was, is []string) (top, end, n int) {
	at := make(map[string]int, len(was))
	for y, line := range was {
		at[line] = y
	}
	votes, most := map[int]int{}, 2
	for y, line := range is {
		from, ok := at[line]
		if !ok || from == y || y < len(was) && was[y] == line || strings.TrimSpace(line) == "" {
			continue
		}
		if votes[from-y]++; votes[from-y] > most {
			n, most = from-y, votes[from-y]
		}
	}
	if n == 0 {
		return 0, 0, 0
	}
	best := 0
	for y, run := 0, 0; y < len(is); y++ {
		if run++; y+n < 0 || y+n >= len(was) || is[y] != was[y+n] {
			run = 0
		}
		if run > best {
			best, top, end = run, y+1-run+min(0, n), y+1+max(0, n)
		}
	}
	if best < 2*max(n, -n) {
		return 0, 0, 0
	}
	return top, end, n
}
