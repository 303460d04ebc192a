package tickets

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/theme"
)

// head is the lines above the rows: what is shown, and how the systems are.
func (b *board) head() []string {
	th := b.v.env.Theme
	first := th.Strong.Render(" Tickets") + "  "
	switch {
	case b.typed:
		first = b.input.View()
	case b.person != (ui.Person{}):
		first += "about " + safe.Clean(strings.TrimSpace(b.person.First+" "+b.person.Last))
	case b.query.String() == "":
		first += "all, closed ones as well"
	default:
		first += strings.TrimSpace(b.named + "  " + th.Accent.Render(b.query.String()))
	}
	lines := []string{th.Truncate(first, b.width)}
	if b.typed {
		return append(lines, b.judged()...)
	}
	return append(lines, b.systems()...)
}

// faultLines are enough for a sentence at 80 cells.
const faultLines = 3

// systems are how old each system's rows are. What is wrong with one takes
// lines of its own.
func (b *board) systems() []string {
	th := b.v.env.Theme
	var fine, out []string
	for _, f := range b.v.feeds {
		line, bad := f.state()
		if !bad {
			fine = append(fine, line)
			continue
		}
		out = append(out, b.danger(line)...)
	}
	if len(fine) > 0 {
		out = append([]string{th.Muted.Render(th.Truncate(" "+strings.Join(fine, " "+th.Glyph.Bullet+" "), b.width))}, out...)
	}
	return out
}

// danger is a sentence about what is wrong, on lines of its own.
func (b *board) danger(words string) (lines []string) {
	th := b.v.env.Theme
	wrapped := strings.Split(ansi.Wrap(th.Glyph.Cross+" "+words, max(10, b.width-2), " "), "\n")
	for _, l := range wrapped[:min(faultLines, len(wrapped))] {
		lines = append(lines, " "+th.Danger.Render(l))
	}
	return lines
}

func (b *board) View() string {
	head := strings.Join(b.head(), "\n") + "\n"
	if b.columns {
		return head + b.drawColumns(max(1, b.height-len(b.head())))
	}
	return head + b.table.View()
}

// dash shows what was not told as unknown.
func dash(t safe.Text) string {
	if t.Empty() {
		return "?"
	}
	return t.String()
}

// fit is one line of a width.
func fit(th *theme.Theme, s string, width int) string { return th.Pad(th.Truncate(s, width), width) }
