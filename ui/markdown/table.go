package markdown

import "strings"

const (
	mostColumns = 10
	leastColumn = 6 // cells
	between     = 2 // cells
)

// table draws columns, with cells of several rows where the page is narrow. A
// table that cannot fit is drawn as its text.
func (p *page) table(lines []string, i int, lead Line) int {
	var rows [][]Line
	rows = append(rows, cells(lines[i], true))
	for i += 2; i < len(lines) && strings.Contains(lines[i], "|") && strings.TrimSpace(lines[i]) != ""; i++ {
		rows = append(rows, cells(lines[i], false))
	}
	widths, ok := columns(rows, p.room(lead))
	if !ok {
		for _, row := range rows {
			p.add(wrap(listed(row), lead, lead, p.width)...)
		}
		return i
	}
	for n, row := range rows {
		p.add(drawn(row, widths, lead)...)
		if n == 0 {
			p.add(join(lead, ruled(widths)))
		}
	}
	return i
}

// cells are the contents of a row of a table.
func cells(l string, head bool) []Line {
	l = strings.TrimSpace(l)
	l = strings.TrimSuffix(strings.TrimPrefix(l, "|"), "|")
	var out []Line
	for _, c := range strings.Split(strings.ReplaceAll(l, `\|`, "\x00"), "|") {
		spans := inline(strings.ReplaceAll(strings.TrimSpace(c), "\x00", "|"))
		if head {
			spans = stress(spans, Strong)
		}
		out = append(out, spans)
	}
	return out
}

// columns shares the room among the columns, taking from the widest.
func columns(rows [][]Line, room int) (widths []int, ok bool) {
	n := len(rows[0])
	if n > mostColumns {
		return nil, false
	}
	widths = make([]int, n)
	for _, row := range rows {
		for c := range min(n, len(row)) {
			widths[c] = max(widths[c], min(room, row[c].Width()))
		}
	}
	for total(widths) > room {
		widest := 0
		for c, w := range widths {
			if w > widths[widest] {
				widest = c
			}
		}
		if widths[widest] <= leastColumn {
			return nil, false
		}
		widths[widest]--
	}
	return widths, true
}

func total(widths []int) int {
	n := between * (len(widths) - 1)
	for _, w := range widths {
		n += w
	}
	return n
}

func drawn(row []Line, widths []int, lead Line) []Line {
	parts, tall := make([][]Line, len(widths)), 1
	for c, w := range widths {
		if c < len(row) {
			parts[c] = wrap(row[c], nil, nil, max(1, w))
		}
		tall = max(tall, len(parts[c]))
	}
	out := make([]Line, tall)
	for y := range out {
		line := join(lead, nil)
		for c, w := range widths {
			var cell Line
			if y < len(parts[c]) {
				cell = parts[c][y]
			}
			line = pushAll(line, cell)
			if c < len(widths)-1 {
				line = push(line, Span{strings.Repeat(" ", max(0, w-cell.Width())+between), Plain})
			}
		}
		out[y] = line
	}
	return out
}

func ruled(widths []int) Line {
	var parts []string
	for _, w := range widths {
		parts = append(parts, strings.Repeat("-", w))
	}
	return One(Soft, strings.Join(parts, strings.Repeat(" ", between)))
}

func listed(row []Line) []Span {
	var out []Span
	for i, c := range row {
		if i > 0 {
			out = append(out, Span{" | ", Soft})
		}
		out = append(out, c...)
	}
	return out
}
