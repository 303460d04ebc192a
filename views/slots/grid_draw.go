package slots

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
)

func (g *grid) View() string {
	th := g.v.env.Theme
	head := th.Strong.Render(" "+titled(g.provider)) + th.Muted.Render(fmt.Sprintf("  %s  %d min  %s free  %s busy  %s held",
		g.provider.Specialty, g.v.find.what.duration, th.Glyph.Free, th.Glyph.Busy, th.Glyph.Held))
	lines := []string{th.Truncate(head, g.width), th.Truncate(g.status(), g.width)}
	if g.columns == nil {
		return strings.Join(lines, "\n")
	}
	lines = append(lines, g.heads())
	visible := max(1, g.height-len(lines))
	g.top = min(max(g.top, g.row-visible+1), max(0, g.row))
	g.top = max(0, min(g.top, g.rows()-visible))
	for i := g.top; i < min(g.rows(), g.top+visible); i++ {
		lines = append(lines, g.line(i))
	}
	return strings.Join(lines, "\n")
}

func (g *grid) status() string {
	th := g.v.env.Theme
	month := " " + g.date().In(time.UTC).Format("January 2006") + "  "
	switch {
	case g.fault != "":
		return th.Danger.Render(" " + th.Glyph.Cross + " " + g.fault)
	case g.load.Out():
		return th.Muted.Render(month + "reading the schedule...")
	}
	return th.Muted.Render(month + "answered " + g.asOf.In(g.v.env.Zone).Format("15:04") + ", practice time")
}

// narrow is the width of a day below which only a time has room in it.
const narrow = 9

// cell is the width of one day.
func (g *grid) cell() int { return max(6, (g.width-7)/g.days) }

func (g *grid) heads() string {
	th := g.v.env.Theme
	var b strings.Builder
	b.WriteString("       ")
	for i, c := range g.columns {
		name := day(c.date)
		switch {
		case g.cell() < narrow:
			name = name[:2] + name[3:6]
		case g.cell() < 12:
			name = name[:6]
		}
		if g.days > 1 && i == g.col {
			name = th.Glyph.Cursor + name
		}
		b.WriteString(th.Title.Render(th.Pad(name, g.cell()-1)) + " ")
	}
	return ansi.Truncate(b.String(), g.width, "")
}

// line draws one row of the grid.
func (g *grid) line(row int) string {
	th := g.v.env.Theme
	from, _ := g.span()
	at := from + row*g.step()
	label := "     "
	if at%30 == 0 {
		label = fmt.Sprintf("%02d:%02d", at/60, at%60)
	}
	var b strings.Builder
	b.WriteString(" " + th.Muted.Render(label) + " ")
	for col := range g.columns {
		text, style := g.content(col, at)
		text = th.Pad(text, g.cell()-2)
		if row == g.row && col == g.col {
			b.WriteString(th.Selected.Render(th.Glyph.Cursor+text) + " ")
			continue
		}
		b.WriteString(" " + style(text) + " ")
	}
	return ansi.Truncate(b.String(), g.width, "")
}

// content says what a column shows from at for one row. Free time comes first: a
// row of the week is long enough to be partly busy.
func (g *grid) content(col, at int) (string, func(...string) string) {
	th, c := g.v.env.Theme, g.columns[col]
	b, held := g.claim(col, at, at+g.step())
	if t, ok := g.slotAt(col, at); ok {
		if b, held = g.claimOf(col, t); !held {
			return g.free(t), th.Good.Render
		}
	}
	if held {
		return th.Glyph.Held + " " + b.State.Word() + " " + g.v.owner(b), th.Warn.Render
	}
	for _, v := range c.visits {
		if m := minute(v.Time); m < at+g.step() && m+v.Duration > at {
			return g.busy(v, at), th.Muted.Render
		}
	}
	if c.err != nil {
		return th.Glyph.Unknown, th.Danger.Render
	}
	return "", th.Text.Render
}

// free is a free time, without its sign where only the time has room.
func (g *grid) free(t civil.Time) string {
	words := g.v.env.Theme.Glyph.Free + " " + clock(t)
	if ansi.StringWidth(words) > g.cell()-2 {
		return clock(t)
	}
	return words
}

// busy is a visit in one of its rows; its first one says what it is.
func (g *grid) busy(v naturaesoft.Visit, at int) string {
	mark := g.v.env.Theme.Glyph.Busy
	switch {
	case minute(v.Time) < at, g.cell() < narrow:
		return mark
	case g.days > 1:
		return mark + " " + v.Type.String()
	}
	return fmt.Sprintf("%s %s, %d min", mark, v.Type, v.Duration)
}
