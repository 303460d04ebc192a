package form

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// AreaField is text of several lines; Enter starts a new one. Its value is the
// text without space at its end; as long as nobody edits it, exactly what Set
// gave.
type AreaField struct {
	common[*AreaField]
	block
	most int
	top  bool
}

// Area makes a field for text, rows lines high. Longer text scrolls.
func Area(name, label string, rows int) *AreaField {
	f := &AreaField{block: newBlock(rows)}
	f.common = common[*AreaField]{me: f, spec: spec{
		name: name, label: oneLine(label), defaultWidth: 72,
		emptyRemedy: "this is needed. Type it to go on.",
	}}
	return f
}

// Max refuses more than n characters. Nothing is cut off: what is too much can
// be seen and shortened.
func (f *AreaField) Max(n int) *AreaField { f.most = n; return f }

// FromTop puts the cursor before a text that is given, for texts that are read
// before they are changed; without it, behind it.
func (f *AreaField) FromTop() *AreaField { f.top = true; return f }

func (f *AreaField) size(cols, tall int) {
	f.spec.size(cols, tall)
	f.block.wide = max(1, f.inner()-1) // the last cell is for the cursor
}

func (f *AreaField) press(k tea.KeyPressMsg) (reply, tea.Cmd) {
	if f.edit(k) {
		return took, nil
	}
	return pass, nil
}

func (f *AreaField) paste(s string) tea.Cmd {
	f.insert(lines(s))
	f.goal = -1
	return nil
}

func (f *AreaField) put(value string) {
	if f.retype(value); f.top {
		f.enter(0, 0)
	}
}

func (f *AreaField) value() string {
	if f.text() == f.start {
		return f.given
	}
	return strings.TrimRight(f.text(), " \n")
}

func (f *AreaField) fault() string {
	if f.text() == f.start {
		return ""
	}
	return tooLong(f.value(), f.most)
}

func (f *AreaField) draw(p pen) drawing {
	w, ink := f.inner(), p.input
	rows, x, y := f.seen()
	if f.placeholder != "" && f.text() == "" {
		rows, ink = []string{"(" + f.placeholder + ")"}, p.placeholder
	}
	d := drawing{x: min(x, w-1) + 1, y: y}
	for i := range f.block.tall {
		s := ""
		if i < len(rows) {
			s = strings.TrimRight(rows[i], " ")
		}
		d.rows = append(d.rows, p.border.of(p.th.Box.Left)+ink.of(p.th.Pad(s, w))+p.border.of(p.th.Box.Right))
	}
	return d
}

func (f *AreaField) click(x, y int) { f.aim(x-1, y) }

func (f *AreaField) keys() (own, edit []key.Binding) {
	return []key.Binding{keyNewLine}, append(editKeys(),
		keyLineDown, keyLineUp, keyPageDown, keyPageUp, keyTextStart, keyTextEnd)
}
