package form

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/theme"
)

// MultiField is any number of options. Its value is theirs in the order of the
// options, one to a line; List takes it apart.
type MultiField struct {
	common[*MultiField]
	options []Option
	ticked  map[string]bool // by value
	at      int
}

// Multi makes a field to tick any of opts.
func Multi(name, label string, opts ...Option) *MultiField {
	f := &MultiField{options: tidy(opts), ticked: map[string]bool{}}
	f.common = common[*MultiField]{me: f, spec: spec{
		name: name, label: oneLine(label), placeholder: "none",
		emptyRemedy: "nothing is ticked. Tick at least one with the space bar.",
	}}
	return f
}

// List takes the value of a Multi apart; nothing ticked is no element.
func List(value string) []string {
	if value == "" {
		return nil
	}
	return strings.Split(value, "\n")
}

// SetOptions replaces what can be ticked. What is ticked stays.
func (f *MultiField) SetOptions(opts ...Option) {
	ticked := f.value()
	f.options, f.at = tidy(opts), 0
	f.put(ticked)
}

func (f *MultiField) text() string    { return f.value() }
func (f *MultiField) retype(s string) { f.put(s) }

func (f *MultiField) put(value string) {
	clear(f.ticked)
	for _, v := range List(value) {
		f.options, _ = with(f.options, v)
		f.ticked[v] = true
	}
}

func (f *MultiField) value() string {
	var values []string
	for _, o := range f.options {
		if f.ticked[o.Value] {
			values = append(values, o.Value)
		}
	}
	return strings.Join(values, "\n")
}

func (f *MultiField) toggle() {
	v := f.options[f.at].Value
	f.ticked[v] = !f.ticked[v]
}

// press lets up and down through at the ends: a list is never a trap.
func (f *MultiField) press(k tea.KeyPressMsg) (reply, tea.Cmd) {
	switch n := len(f.options); {
	case is(k, keyTick):
		if n > 0 {
			f.toggle()
		}
	case is(k, keyListNext) && f.at < n-1:
		f.at++
	case is(k, keyListBack) && f.at > 0:
		f.at--
	case k.Text != "":
		for _, r := range k.Text {
			f.at = max(0, initial(f.options, f.at, r))
		}
	default:
		return pass, nil
	}
	return took, nil
}

// place is where each option is drawn: its line and cell.
func (f *MultiField) place() (xs, ys []int) {
	x, y := 0, 0
	for _, o := range f.options {
		w := min(4+theme.Width(o.Label), max(1, f.cols))
		if x > 0 && x+w > f.cols {
			x, y = 0, y+1
		}
		xs, ys = append(xs, x), append(ys, y)
		x += w + 2
	}
	return xs, ys
}

func (f *MultiField) draw(p pen) drawing {
	if len(f.options) == 0 {
		return drawing{rows: []string{p.placeholder.of(p.th.Truncate("nothing to choose from", f.cols))}}
	}
	xs, ys := f.place()
	if last := ys[len(ys)-1]; last > 2 && !p.on {
		return drawing{rows: []string{f.summary(p)}}
	}
	d := drawing{x: xs[f.at] + 1, y: ys[f.at]}
	var b strings.Builder
	for i, o := range f.options {
		switch {
		case xs[i] == 0 && i > 0:
			d.rows = append(d.rows, b.String())
			b.Reset()
		case i > 0:
			b.WriteString("  ")
		}
		mark, style := p.th.Glyph.Unmarked, p.input
		if f.ticked[o.Value] {
			mark, style = p.th.Glyph.Mark, p.strong
		}
		b.WriteString(style.of(p.th.Truncate("["+mark+"] "+o.Label, f.cols)))
	}
	d.rows = append(d.rows, b.String())
	return d
}

func (f *MultiField) summary(p pen) string {
	var labels []string
	for _, o := range f.options {
		if f.ticked[o.Value] {
			labels = append(labels, o.Label)
		}
	}
	words := f.placeholder
	if len(labels) > 0 {
		words = fmt.Sprintf("%d of %d: %s", len(labels), len(f.options), strings.Join(labels, ", "))
	}
	return p.input.of(p.th.Truncate(words, f.cols))
}

func (f *MultiField) click(x, y int) {
	xs, ys := f.place()
	for i := range xs {
		if ys[i] == y && x >= xs[i] && x < xs[i]+4+theme.Width(f.options[i].Label) {
			f.at = i
			f.toggle()
		}
	}
}

func (f *MultiField) keys() (own, edit []key.Binding) {
	if len(f.options) == 0 {
		return nil, nil
	}
	own = append(own, keyTick)
	if f.at < len(f.options)-1 {
		own = append(own, keyListNext)
	}
	if f.at > 0 {
		own = append(own, keyListBack)
	}
	return own, nil
}
