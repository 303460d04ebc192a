package form

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/theme"
)

// ChoiceField is one of a few options, chosen with left and right or by an
// option's first letter. Its value is the option's.
type ChoiceField struct {
	common[*ChoiceField]
	options []Option
	at      int // -1: nothing chosen
}

// Choice makes a field to choose one of opts. It may have none yet.
func Choice(name, label string, opts ...Option) *ChoiceField {
	f := &ChoiceField{options: tidy(opts), at: -1}
	f.common = common[*ChoiceField]{me: f, spec: spec{
		name: name, label: oneLine(label), placeholder: "choose",
		emptyRemedy: "nothing is chosen. Choose with the left and right arrows.",
	}}
	return f
}

// SetOptions replaces what can be chosen. What is chosen stays.
func (f *ChoiceField) SetOptions(opts ...Option) {
	chosen := f.value()
	f.options = tidy(opts)
	f.put(chosen)
}

func (f *ChoiceField) text() string    { return f.value() }
func (f *ChoiceField) retype(s string) { f.put(s) }

func (f *ChoiceField) put(value string) {
	offered := slices.ContainsFunc(f.options, func(o Option) bool { return o.Value == value })
	if f.at = -1; value != "" || offered {
		f.options, f.at = with(f.options, value)
	}
}

func (f *ChoiceField) value() string {
	if f.at < 0 {
		return ""
	}
	return f.options[f.at].Value
}

func (f *ChoiceField) press(k tea.KeyPressMsg) (reply, tea.Cmd) {
	n := len(f.options)
	switch {
	case is(k, keyClear):
		f.at = -1
	case is(k, keyChooseNext) && n > 0:
		f.at = (f.at + 1) % n
	case is(k, keyChooseBack) && n > 0:
		f.at = (max(f.at, 0) + n - 1) % n
	case k.Text != "":
		for _, r := range k.Text {
			f.at = initial(f.options, f.at, r)
		}
	default:
		return pass, nil
	}
	return took, nil
}

// initial is the next option after at that begins with r, else at.
func initial(opts []Option, at int, r rune) int {
	for i := range opts {
		next := (max(at, -1) + 1 + i) % len(opts)
		for _, first := range opts[next].Label {
			if unicode.ToLower(first) == unicode.ToLower(r) {
				return next
			}
			break
		}
	}
	return at
}

func (f *ChoiceField) paste(s string) tea.Cmd {
	s = strings.TrimSpace(oneLine(s))
	for i, o := range f.options {
		if strings.EqualFold(o.Label, s) || o.Value == s {
			f.at = i
		}
	}
	return nil
}

// spread is the cells at which the options begin side by side, and where the
// last ends.
func (f *ChoiceField) spread() (starts []int, end int) {
	for i, o := range f.options {
		if i > 0 {
			end += 2
		}
		starts = append(starts, end)
		end += 4 + theme.Width(o.Label)
	}
	return starts, end
}

func (f *ChoiceField) inline() bool {
	_, end := f.spread()
	return len(f.options) > 0 && end <= f.cols
}

func (f *ChoiceField) draw(p pen) drawing {
	th := p.th
	if len(f.options) == 0 {
		return drawing{rows: []string{p.placeholder.of(th.Truncate("nothing to choose from", f.cols))}}
	}
	if f.inline() {
		return f.drawInline(p)
	}
	words, style := f.placeholder, p.placeholder
	count := fmt.Sprintf(" %d/%d", f.at+1, len(f.options))
	if f.at >= 0 {
		words, style = f.options[f.at].Label, p.input
	}
	words = th.Truncate(words, max(1, f.cols-4-len(count)))
	row := p.border.of(th.Glyph.Left) + " " + style.of(words) + " " + p.border.of(th.Glyph.Right)
	return drawing{rows: []string{row + p.muted.of(count)}, x: 2}
}

func (f *ChoiceField) drawInline(p pen) drawing {
	var b strings.Builder
	starts, _ := f.spread()
	for i, o := range f.options {
		if i > 0 {
			b.WriteString("  ")
		}
		if i == f.at {
			b.WriteString(p.strong.of("(" + p.th.Glyph.Mark + ") " + o.Label))
			continue
		}
		b.WriteString(p.input.of("( ) " + o.Label))
	}
	return drawing{rows: []string{b.String()}, x: starts[max(0, f.at)] + 1}
}

func (f *ChoiceField) click(x, _ int) {
	starts, end := f.spread()
	for i := range starts {
		if f.inline() && x < end && x >= starts[i] {
			f.at = i
		}
	}
}

func (f *ChoiceField) keys() (own, edit []key.Binding) {
	if len(f.options) > 0 {
		own = append(own, keyChooseNext, keyChooseBack)
	}
	return append(own, keyClear), nil
}
