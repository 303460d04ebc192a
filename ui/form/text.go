package form

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/clipperhouse/uax29/v2/graphemes"

	"frontdesk/ui/theme"
)

// line edits one line of text. The drawing is its own: the input's does not
// say where it has scrolled to, and its cursor counts characters, not cells.
type line struct {
	in  textinput.Model
	off int // cells scrolled out on the left
}

func newLine() line {
	in := textinput.New()
	in.Prompt, in.KeyMap = "", inputKeys
	in.SetVirtualCursor(false)
	in.Focus()
	return line{in: in}
}

func (l *line) text() string { return l.in.Value() }

func (l *line) retype(s string) {
	l.in.SetValue(oneLine(s))
	l.in.CursorEnd()
}

func (l *line) insert(s string) {
	// As a paste, text is never taken for the name of a key.
	l.in, _ = l.in.Update(tea.PasteMsg{Content: s})
}

// edit takes text and editing keys.
func (l *line) edit(k tea.KeyPressMsg) bool {
	if k.Text != "" {
		l.insert(oneLine(k.Text))
		return true
	}
	if !is(k, editKeys()...) {
		return false
	}
	if is(k, inputKeys.DeleteWordForward) {
		l.cutWord()
		return true
	}
	l.in, _ = l.in.Update(k)
	return true
}

// cutWord deletes to the end of the next word. The input's own way reads past
// its end, and takes two words for one behind a single letter.
func (l *line) cutWord() {
	runes, pos := []rune(l.text()), l.in.Position()
	end := pos
	for end < len(runes) && unicode.IsSpace(runes[end]) {
		end++
	}
	for end < len(runes) && !unicode.IsSpace(runes[end]) {
		end++
	}
	l.in.SetValue(string(runes[:pos]) + string(runes[end:]))
	l.in.SetCursor(pos)
}

// box draws the line in w cells between edges and tells the cursor's cell.
func (l *line) box(p pen, w int, placeholder string) (string, int) {
	th, s := p.th, l.text()
	left, right, x := th.Box.Left, th.Box.Right, 0
	switch {
	case s == "":
		if placeholder != "" {
			placeholder = "(" + placeholder + ")"
		}
		return p.border.of(left) + p.placeholder.of(th.Pad(placeholder, w)) + p.border.of(right), 1
	case p.on:
		before := string([]rune(s)[:l.in.Position()])
		var more bool
		s, x, l.off, more = window(s, theme.Width(before), l.off, w)
		if l.off > 0 {
			left = th.Glyph.Left
		}
		if more {
			right = th.Glyph.Right
		}
	}
	return p.border.of(left) + p.input.of(th.Pad(s, w)) + p.border.of(right), x + 1
}

// window is the part of s that fits w cells and has the cursor in it. off is
// where it began last time, so that the text stays put while it can.
func window(s string, cursor, off, w int) (shown string, x, from int, more bool) {
	total := theme.Width(s)
	if total < w || total == w && cursor < w {
		return s, cursor, 0, false
	}
	off = min(off, cursor)
	if cursor-off >= w {
		off = cursor - w + 1
	}
	var b strings.Builder
	at, from := 0, -1
	for g := graphemes.FromString(s); g.Next(); {
		gw := theme.Width(g.Value())
		if at >= off && from < 0 {
			from = at
		}
		if from >= 0 {
			if at+gw-from > w {
				more = true
				break
			}
			b.WriteString(g.Value())
		}
		at += gw
	}
	if from < 0 {
		from = at
	}
	return b.String(), max(0, min(cursor-from, w-1)), from, more
}

// aim puts the cursor at cell x of the box.
func (l *line) aim(x int) {
	x += l.off - 1
	n, at := 0, 0
	for _, r := range l.text() {
		if at += theme.Width(string(r)); at > x {
			break
		}
		n++
	}
	l.in.SetCursor(n)
}

// reading is what typed text means.
type reading struct {
	value string // as the vendor knows it
	text  string // spelled the usual way
	hint  string // said beside the field
	fault string // why it means nothing
}

// typed is a field of one line whose text is read.
type typed[T any] struct {
	common[T]
	line
	read   func(string) reading
	yields bool // what stands in it on entering is replaced by typing
	whole  bool // and it has been entered, or filled, and not edited since
}

func newTyped[T any](me T, name, label string, width int) typed[T] {
	return typed[T]{
		common: common[T]{me: me, spec: spec{
			name: name, label: oneLine(label), defaultWidth: width,
			emptyRemedy: "this is needed. Type it to go on.",
		}},
		line: newLine(),
	}
}

func (t *typed[T]) understood() reading {
	s := strings.TrimSpace(t.text())
	if s == "" {
		return reading{}
	}
	return t.read(s)
}

func (t *typed[T]) press(k tea.KeyPressMsg) (reply, tea.Cmd) {
	if k.Text != "" {
		t.yield()
	}
	if t.edit(k) {
		t.whole = false
		return took, nil
	}
	return pass, nil
}

func (t *typed[T]) paste(s string) tea.Cmd {
	t.yield()
	t.insert(oneLine(s))
	return nil
}

func (t *typed[T]) put(value string) { t.line.retype(value); t.whole = t.yields }
func (t *typed[T]) reach()           { t.whole = t.yields }

// retype brings back what somebody was typing: that goes on where it was.
func (t *typed[T]) retype(s string) { t.line.retype(s); t.whole = false }

// yield makes room for what is typed or pasted over what stood there.
func (t *typed[T]) yield() {
	if t.whole {
		t.line.retype("")
	}
	t.whole = false
}

func (t *typed[T]) value() string {
	r := t.understood()
	switch {
	case r.fault == "":
		return r.value
	case t.text() == t.start:
		return t.given
	}
	return strings.TrimSpace(t.text())
}

// fault spares what a record came with: who edits a phone number need not
// repair the birth date.
func (t *typed[T]) fault() string {
	if t.text() == t.start {
		return ""
	}
	return t.understood().fault
}

func (t *typed[T]) settle() {
	if r := t.understood(); r.fault == "" && r.text != t.text() {
		t.line.retype(r.text)
	}
}

func (t *typed[T]) draw(p pen) drawing {
	w := t.inner()
	row, x := t.box(p, w, t.placeholder)
	hint := t.understood().hint
	if p.on && t.whole && t.text() != "" {
		hint = "typing replaces it"
	}
	if hint != "" && w+4+len(hint) <= t.cols {
		row += "  " + p.muted.of(hint)
	}
	return drawing{rows: []string{row}, x: x}
}

func (t *typed[T]) click(x, _ int) { t.aim(x); t.whole = false }

func (t *typed[T]) keys() (own, edit []key.Binding) { return nil, editKeys() }

// TextField is one line of text. Its value is the text without spaces around
// it; as long as nobody edits it, exactly what Set gave.
type TextField struct {
	typed[*TextField]
	most int
}

// Text makes a field for one line. name is the wire name, label the words
// beside it.
func Text(name, label string) *TextField {
	f := new(TextField)
	f.typed = newTyped(f, name, label, 40)
	f.read = func(s string) reading {
		return reading{value: s, text: f.text(), fault: tooLong(s, f.most)}
	}
	return f
}

// Overtyped makes typing replace what stands in the field when the keyboard
// comes to it, as in a Money: for a number, where more digits at its end would
// be another number. Arrows and deleting keys edit it.
func (f *TextField) Overtyped() *TextField { f.yields, f.whole = true, true; return f }

// Max refuses more than n characters. Nothing is cut off: what is too much can
// be seen and shortened.
func (f *TextField) Max(n int) *TextField { f.most = n; return f }

func (f *TextField) value() string {
	if f.text() == f.start {
		return f.given
	}
	return strings.TrimSpace(f.text())
}

func tooLong(s string, most int) string {
	n := utf8.RuneCountInString(s)
	if most == 0 || n <= most {
		return ""
	}
	return fmt.Sprintf("this is %d characters long. Shorten it to %d.", n, most)
}
