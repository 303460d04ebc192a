package form

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// SecretField is one line that is never shown: a dot stands for each
// character. It is in no Draft, and Wipe overwrites it.
type SecretField struct {
	common[*SecretField]
	typed []rune
	edits int // so that the form sees a change without seeing what changed
}

// NewSecret makes a field for a password or a key. Its value is what was typed
// or pasted, without spaces around it. It can be changed at its end only:
// nobody could see where else.
func NewSecret(name, label string) *SecretField {
	f := new(SecretField)
	f.common = common[*SecretField]{me: f, spec: spec{
		name: name, label: oneLine(label), defaultWidth: 40,
		emptyRemedy: "this is needed. Type or paste it to go on.",
	}}
	return f
}

// Against checks the field along with another secret one, for a number that is
// typed twice: "" is fine, all else a full sentence.
func (f *SecretField) Against(first *SecretField, check func(first, again string) string) *SecretField {
	return f.Check(func(again string) string { return check(first.value(), again) })
}

var (
	keySecretBack = bind("backspace", "delete the last", "backspace", "shift+backspace", "ctrl+h")
	keySecretWipe = bind("ctrl+u", "delete all", "ctrl+u", "ctrl+w")
)

// text stands for what is typed, and tells nothing of it but that it changed.
func (f *SecretField) text() string {
	if len(f.typed) == 0 {
		return ""
	}
	return "secret " + strconv.Itoa(f.edits)
}

// retype does nothing: a draft has nothing to give back.
func (f *SecretField) retype(string) {}

func (f *SecretField) put(value string) {
	f.wipe()
	f.add(value)
}

func (f *SecretField) value() string { return strings.TrimSpace(string(f.typed)) }

func (f *SecretField) press(k tea.KeyPressMsg) (reply, tea.Cmd) {
	switch {
	case k.Text != "":
		f.add(k.Text)
	case is(k, keySecretBack):
		if n := len(f.typed); n > 0 {
			f.typed[n-1] = 0
			f.typed = f.typed[:n-1]
			f.edits++
		}
	case is(k, keySecretWipe):
		f.wipe()
	default:
		return pass, nil
	}
	return took, nil
}

func (f *SecretField) paste(s string) tea.Cmd {
	f.add(s)
	return nil
}

// add grows by hand, so that the memory it leaves is overwritten.
func (f *SecretField) add(s string) {
	s = oneLine(s)
	if s == "" {
		return
	}
	if need := len(f.typed) + utf8.RuneCountInString(s); need > cap(f.typed) {
		grown := make([]rune, len(f.typed), 2*need)
		copy(grown, f.typed)
		clear(f.typed)
		f.typed = grown
	}
	for _, r := range s {
		f.typed = append(f.typed, r)
	}
	f.edits++
}

func (f *SecretField) wipe() {
	clear(f.typed[:cap(f.typed)])
	f.typed = f.typed[:0]
	f.edits++
}

func (f *SecretField) draw(p pen) drawing {
	th, w := p.th, f.inner()
	x := min(len(f.typed), w-1)
	shown := th.Pad(strings.Repeat(th.Glyph.Bullet, min(len(f.typed), w)), w)
	if len(f.typed) == 0 && f.placeholder != "" {
		return drawing{rows: []string{p.border.of(th.Box.Left) + p.placeholder.of(th.Pad("("+f.placeholder+")", w)) + p.border.of(th.Box.Right)}, x: 1}
	}
	return drawing{rows: []string{p.border.of(th.Box.Left) + p.input.of(shown) + p.border.of(th.Box.Right)}, x: x + 1}
}

func (f *SecretField) click(int, int) {}

func (f *SecretField) keys() (own, edit []key.Binding) {
	return nil, []key.Binding{keySecretBack, keySecretWipe}
}

// Wipe overwrites what is in the secret fields. Whoever closes a form that has
// some calls it; what Values gave out is its receiver's to forget.
func (f *Form) Wipe() {
	for _, fd := range f.fields {
		if s, ok := fd.(*SecretField); ok {
			s.wipe()
		}
	}
}
