package form

import (
	"context"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// scriptKeys draws a key, a paste or typed text of several characters.
func scriptKeys() *rapid.Generator[tea.Msg] {
	named := rapid.Map(rapid.SampledFrom([]string{
		"tab", "tab", "shift+tab", "enter", "enter", "up", "down", "left", "right", "backspace", "delete", "space",
		"home", "end", "pgup", "pgdown", "esc", "ctrl+s", "ctrl+g", "ctrl+w", "ctrl+u", "ctrl+k", "ctrl+a", "ctrl+e",
		"alt+d", "alt+f", "alt+b", "ctrl+d", "ctrl+z", "ctrl+v",
	}), func(name string) tea.Msg { return press(name) })
	typed := rapid.Map(rapid.SampledFrom(strings.Split("a b d f m n o p v A B 0 1 2 3 9 5 - / : . $ , + é 日", " ")),
		func(s string) tea.Msg { return press(s) })
	whole := rapid.Map(rapid.SampledFrom([]string{
		"2026-02-28", "tomorrow", "+3", "9:30", "212-555-0147", "12.50", "follow-up", "Ada Byron", "adam zorn", "bo",
	}), func(s string) tea.Msg { return tea.KeyPressMsg{Code: tea.KeyExtended, Text: s} })
	pasted := rapid.Map(rapid.SampledFrom([]string{"x\ny\r\nz\n", "Physical\n", "\x1b[31mred", "1,234.50", "🙂"}),
		func(s string) tea.Msg { return tea.PasteMsg{Content: s} })
	return rapid.OneOf(named, named, typed, typed, whole, pasted)
}

// typist feeds a form as the frame does: keys wait while the form does, and
// answers come in when they come in.
type typist struct {
	f      *Form
	ahead  []tea.Msg
	out    []tea.Cmd
	events []Event
}

func (y *typist) feed(msg tea.Msg) {
	y.ahead = append(y.ahead, msg)
	y.drain()
}

func (y *typist) drain() {
	for len(y.ahead) > 0 && !y.f.Waiting() {
		msg := y.ahead[0]
		y.ahead = y.ahead[1:]
		y.take(msg)
	}
}

func (y *typist) take(msg tea.Msg) {
	e, cmd := y.f.Update(msg)
	// When a change is seen may depend on an answer; what is final may not.
	if e == Submitted || e == Cancelled {
		y.events = append(y.events, e)
	}
	if cmd != nil {
		y.out = append(y.out, cmd)
	}
}

// answer delivers the n-th command that is out.
func (y *typist) answer(n int) {
	cmd := y.out[n]
	y.out = append(y.out[:n:n], y.out[n+1:]...)
	y.take(cmd())
	y.drain()
}

func (y *typist) settle() {
	for len(y.out) > 0 {
		y.answer(0)
	}
}

// cursor is where text goes in a line.
func (l *line) cursor() int { return l.in.Position() }

func (y *typist) state() string {
	f := y.f
	out := fmt.Sprintf("%s\n%v\n%v\n%v\n", f.Focused(), f.Values(), f.Draft(), y.events)
	for i, fd := range f.fields {
		// What has scrolled out of sight may depend on what was drawn when.
		popup := fd.draw(pen{&f.inks, f.th, i == f.at}).popup
		out += fmt.Sprintf("%q %q\n", fd.props().complaint, popup)
		if l, ok := fd.(interface{ cursor() int }); ok {
			out += fmt.Sprintln("cursor", l.cursor())
		}
	}
	return out
}

// Keys typed ahead end where slow typing ends: the same script cut into any
// chunks, with answers coming in between the chunks in any order, gives the
// same values, texts, focus and events.
func TestTypingAheadEndsWhereSlowTypingDoes(t *testing.T) {
	found := func(name string) *ComboField { return Combo(name, name).Source(context.Background(), people) }
	few := rapid.Map(rapid.SampledFrom(strings.Fields("bo tab tab shift+tab enter down ctrl+g ctrl+u esc ctrl+s x")),
		func(name string) tea.Msg { return press(name) })
	rapid.Check(t, func(t *rapid.T) {
		chunked(t, few, New(plain(), found("one"), found("two")), New(plain(), found("one"), found("two")))
	})
	for name, make := range map[string]func() *Form{
		"all kinds": func() *Form {
			f := intake(plain())
			f.fields = append(f.fields, found("person"), found("again").Required())
			f.Resize(80, 24)
			return f
		},
		"amounts": func() *Form {
			return New(plain(), Money("one", "One").Default("40.00"), Text("many", "Many").Overtyped().Default("1"), Money("two", "Two").Default("7.00"))
		},
		"lookups": func() *Form {
			return New(plain(), found("person"), Text("note", "Note"), found("again").Required())
		},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { chunked(t, scriptKeys(), make(), make()) })
		})
	}
}

func chunked(t *rapid.T, keys *rapid.Generator[tea.Msg], one, other *Form) {
	var names []string
	for _, fd := range one.fields {
		names = append(names, fd.props().name)
	}
	start := rapid.SampledFrom(names).Draw(t, "start")
	script := rapid.SliceOfN(keys, 1, 60).Draw(t, "script")
	slow, fast := &typist{f: one}, &typist{f: other}
	slow.f.Focus(start)
	fast.f.Focus(start)
	for _, msg := range script {
		slow.feed(msg)
		slow.settle()
	}
	for i := 0; i < len(script); {
		n := rapid.IntRange(1, len(script)-i).Draw(t, "chunk")
		for _, msg := range script[i : i+n] {
			fast.feed(msg)
		}
		i += n
		if rapid.Bool().Draw(t, "look") {
			fast.f.View()
		}
		for len(fast.out) > 0 && rapid.Bool().Draw(t, "answer") {
			fast.answer(rapid.IntRange(0, len(fast.out)-1).Draw(t, "which"))
		}
	}
	fast.settle()
	require.False(t, fast.f.Waiting())
	require.Empty(t, fast.ahead)
	require.Equal(t, slow.state(), fast.state())
}

// From any state, Tab reaches every field in at most as many presses as there
// are fields, and shift+tab too.
func TestNothingIsATrap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := intake(plain())
		f.fields = append(f.fields, Choice("none", "None").Required(), Multi("nil", "Nil").Required(), Combo("void", "Void").Required(),
			Combo("slow", "Slow").Source(context.Background(), people))
		f.Resize(80, 24)
		for _, msg := range rapid.SliceOfN(scriptKeys(), 0, 30).Draw(t, "script") {
			f.Update(msg) // lookups are never answered
		}
		if rapid.Bool().Draw(t, "errors") {
			f.SetErrors(map[string]string{"none": "No.", "EMail": "No."})
		}
		key := press(rapid.SampledFrom([]string{"tab", "shift+tab"}).Draw(t, "key"))
		seen := map[string]bool{}
		for range f.fields {
			f.Update(key)
			seen[f.Focused()] = true
		}
		require.Len(t, seen, len(f.fields))
	})
}

// What is typed is in the field that has the keyboard, never in another.
func TestTextGoesToOneField(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := intake(plain())
		for _, msg := range rapid.SliceOfN(scriptKeys(), 0, 40).Draw(t, "script") {
			before, at := f.Draft(), f.Focused()
			k, isKey := msg.(tea.KeyPressMsg)
			step(f, msg)
			if isKey && k.Text == "" {
				continue
			}
			require.Equal(t, at, f.Focused(), "typing moves nothing")
			for name, text := range f.Draft() {
				require.True(t, name == at || text == before[name], name)
			}
		}
	})
}
