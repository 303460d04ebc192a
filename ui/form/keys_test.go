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

// universe is every key press that is not text.
func universe() (out []tea.KeyPressMsg) {
	for _, mod := range []string{"", "ctrl+", "alt+", "shift+"} {
		for _, name := range strings.Fields("enter tab esc backspace delete up down left right home end pgup pgdown") {
			out = append(out, press(mod+name))
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		out = append(out, press("ctrl+"+string(c)), press("alt+"+string(c)))
	}
	return out
}

// all is all that a key can change.
func all(f *Form) string {
	out := fmt.Sprintf("%s %v %v", f.Focused(), f.Draft(), f.Waiting())
	for i, fd := range f.fields {
		if l, ok := fd.(interface{ cursor() int }); ok {
			out += fmt.Sprint(" ", l.cursor())
		}
		d := fd.draw(pen{&f.inks, f.th, i == f.at})
		out += fmt.Sprint(fd.props().complaint, d.popup, d.x, d.y)
	}
	return out
}

// Keys is the truth: no key twice, none listed that the field does not take,
// and none that does anything and is not listed.
func TestKeysAreAsMatched(t *testing.T) {
	make := func() *Form {
		f := intake(plain())
		f.fields = append(f.fields, Choice("none", "None"), Multi("nil", "Nil"),
			Combo("slow", "Slow").Source(context.Background(), people))
		f.Resize(80, 24)
		return f
	}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, 14).Draw(t, "at")
		script := rapid.SliceOfN(scriptKeys(), 0, 12).Draw(t, "script")
		late := rapid.Bool().Draw(t, "late")
		replay := func() *Form {
			f := make()
			f.Focus(f.fields[at].props().name)
			for _, msg := range script {
				if late {
					f.Update(msg)
				} else {
					step(f, msg)
				}
			}
			return f
		}
		listed := map[string]bool{}
		f := replay()
		for _, b := range f.Keys() {
			require.NotEmpty(t, b.Help().Key)
			require.NotEmpty(t, b.Help().Desc)
			for _, k := range b.Keys() {
				require.False(t, listed[k], "%s is listed twice", k)
				listed[k] = true
			}
		}
		own, edit := f.on().keys()
		for _, b := range append(own, edit...) {
			k := press(b.Keys()[0])
			require.True(t, is(k, b), b.Keys())
			g := replay()
			r, _ := g.on().press(k)
			require.NotEqual(t, pass, r, "%s does nothing in %s", b.Keys()[0], g.Focused())
		}
		before := all(f)
		k := rapid.SampledFrom(universe()).Draw(t, "key")
		g := replay()
		g.held = nil // any key ends that
		e, cmd := g.Update(k)
		if e != None || cmd != nil || all(g) != before && !f.Waiting() {
			require.True(t, listed[k.String()], "%s does something in %s and is not listed", k, f.Focused())
		}
	})
}

func TestEnterSaysWhatItDoes(t *testing.T) {
	f := New(plain(), Text("a", "A"), Area("b", "B", 2), Combo("c", "C", visits()...))
	words := func() string {
		for _, b := range f.Keys() {
			if b.Keys()[0] == "enter" {
				return b.Help().Desc
			}
		}
		return ""
	}
	require.Equal(t, "next field", words())
	f.Focus("b")
	require.Equal(t, "new line", words())
	f.Focus("c")
	require.Equal(t, "submit", words())
	play(f, "f")
	require.Equal(t, "take it", words())
}

// A footer has room for a few keys: how to go on, to send and to leave are
// among the first three in every field, but where a list is open.
func TestTheWaysOutComeFirst(t *testing.T) {
	f := intake(plain())
	f.fields = append(f.fields, Choice("none", "None", Option{Value: "a"}), Area("long", "Long", 3))
	for _, fd := range f.fields {
		f.Focus(fd.props().name)
		var first []string
		for _, b := range f.Keys()[:3] {
			first = append(first, b.Keys()[0])
		}
		require.Contains(t, first, "ctrl+s", f.Focused())
		require.Contains(t, first, "esc", f.Focused())
	}
	f = New(plain(), Combo("state", "State", Option{Value: "CT"}))
	f.Update(press("ctrl+g"))
	require.Equal(t, []string{"enter"}, f.Keys()[0].Keys())
	require.Equal(t, "take it", f.Keys()[0].Help().Desc, "an open list comes first")
}
