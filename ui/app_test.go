package ui_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/uitest"
)

var monday = time.Date(2026, 3, 9, 13, 30, 0, 0, time.UTC)

// pad is a tab that writes down what it is told. Its key "w" starts a slow
// write, "d" opens a question, "e" opens a text field, "f" a form, "!"
// fails.
type pad struct {
	env    *ui.Env
	title  string
	typing bool
	typed  string
	inits  int
	save   *ui.Call[string]
	gate   chan struct{}
	w, h   int
}

// failMsg makes the pad of that title fail, shown or not.
type failMsg string

func newPad(env *ui.Env, title string) *pad {
	return &pad{env: env, title: title, save: ui.NewCall[string](env, "save note"), gate: make(chan struct{})}
}

func (p *pad) Title() string { return p.title }
func (p *pad) Init() tea.Cmd { p.inits++; return nil }
func (p *pad) Resize(w, h int) {
	p.w, p.h = w, h
}
func (p *pad) Typing() bool         { return p.typing }
func (p *pad) Waiting(tea.Msg) bool { return p.save.Out() }
func (p *pad) View() string {
	return fmt.Sprintf("%s says %q", p.title, p.typed)
}
func (p *pad) ShortHelp() []key.Binding { return p.FullHelp()[0] }
func (p *pad) FullHelp() [][]key.Binding {
	return [][]key.Binding{{key.NewBinding(key.WithKeys("w"), key.WithHelp("w", "save"))}}
}

func (p *pad) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[string]:
		if p.save.Accept(msg) {
			p.typed += "(" + msg.Value + ")"
			p.typing = true
		}
	case failMsg:
		if string(msg) == p.title {
			p.env.Fail(p.title + " broke.")
		}
	case ui.GoMsg:
		p.typed += fmt.Sprint("go:", msg.Subject)
	case tea.PasteMsg:
		p.typed += msg.Content
	case tea.KeyPressMsg:
		return p.press(msg.String())
	}
	return nil
}

func (p *pad) press(k string) tea.Cmd {
	switch {
	case p.typing && k == "esc":
		p.typing = false
	case p.typing || len(k) > 1:
		p.typed += k
	case k == "w":
		gate := p.gate
		return p.save.Once(func(ctx context.Context) (string, error) {
			select {
			case <-gate:
			case <-ctx.Done():
			}
			return "saved", ctx.Err()
		})
	case k == "d":
		p.env.Open(ui.NewConfirm(p.env, "Drop it?", "The note goes away.", "Drop", func() tea.Cmd { p.typed = ""; return nil }))
	case k == "e":
		p.typing = true
	case k == "!":
		p.env.Fail(p.title + " broke.")
	case k == "f":
		var d *ui.FormDialog
		d = ui.NewFormDialog(p.env, "Note", form.New(p.env.Theme, form.Text("a", "First"), form.Text("b", "Second")),
			func(v map[string]string) tea.Cmd { p.typed = v["a"] + "|" + v["b"]; p.env.Close(d); return nil })
		p.env.Open(d)
	default:
		p.typed += k
	}
	return nil
}

func open(t *testing.T, w, h int) (*uitest.Desk, *pad, *pad) {
	env := uitest.Env(t, monday)
	one, two := newPad(env, "One"), newPad(env, "Two")
	return uitest.New(t, env, w, h, one, two), one, two
}

func TestTabs(t *testing.T) {
	d, one, two := open(t, 80, 24)
	d.See("One says", "SANDBOX", "Mon 9 Mar 09:30 EDT", "keys: this session only")
	require.Zero(t, two.inits, "a tab starts when it is first shown")
	d.Type("2").See("Two says").Type("<tab>").See("One says").Type("<shift+tab>").See("Two says")
	require.Equal(t, 1, one.inits)
	require.Equal(t, 1, two.inits)
}

func TestTypingTakesEveryPrintableKey(t *testing.T) {
	d, one, _ := open(t, 80, 24)
	d.Type("e2?é 1<tab>").See(`One says`)
	require.Equal(t, "2?éspace1tab", one.typed)
	d.Paste("an\nswer").See("swer")
}

func TestDialogHasTheKeyboardAndDefaultsToNo(t *testing.T) {
	d, one, _ := open(t, 80, 24)
	d.Type("abcd").See("Drop it?", "The note goes away.", "► No")
	d.Type("2<enter>").Gone("Drop it?")
	require.Equal(t, "abc", one.typed)
	d.Type("dy")
	require.Empty(t, one.typed)
}

func TestTypedAheadWaitsForTheAnswer(t *testing.T) {
	d, one, _ := open(t, 80, 24)
	d.Type("wab2").See("sending: save note")
	require.Empty(t, one.typed, "keys wait while the write decides where they go")
	close(one.gate)
	d.See("(saved)ab2")
}

func TestEscapeIsTheWayOut(t *testing.T) {
	d, one, _ := open(t, 80, 24)
	d.Type("wab<esc>")
	close(one.gate)
	d.Settle()
	require.Equal(t, "esc(saved)", one.typed)
}

func TestQuitAsksWhileAWriteIsOut(t *testing.T) {
	d, one, _ := open(t, 80, 24)
	d.Type("w<ctrl+c><ctrl+c>").See("Quit?", "1 write has been sent and not answered")
	require.False(t, d.Quit)
	d.Type("<enter>").Gone("Quit?")
	close(one.gate)
	d.Settle().Type("<ctrl+c>").Settle()
	require.True(t, d.Quit)
}

func TestHelpListsWhatWorksAndNothingTwice(t *testing.T) {
	d, _, _ := open(t, 80, 24)
	d.Bound()
	d.Type("?").See("go to tab", "previous tab", "quit", "save")
	d.Bound()
	d.Type("<esc>").Gone("previous tab")
}

func TestHelpWhileSomebodyTypes(t *testing.T) {
	d, one, _ := open(t, 80, 24)
	d.Type("f").See("First").Type("ab").Type("?<f1>").See("Keys", "Note", "leave the form").Type("<pgdown>").See("Everywhere", "f1 ")
	d.Type("<f1>").Gone("Everywhere").Type("c<f1><esc><enter>x<enter>")
	require.Equal(t, "ab?c|x", one.typed, "the form is as it was")
	d.Type("e?<f1>").See("Everywhere").Type("<esc>1")
	require.Contains(t, one.typed, "?1")
	d.Type("<esc><f1>").See("Everywhere", "next tab").Type("<f1>").Gone("Everywhere")
}

func TestGo(t *testing.T) {
	d, _, two := open(t, 80, 24)
	d.App.Update(ui.GoMsg{Tab: "Two", Subject: 7})
	require.Equal(t, "go:7", two.typed)
	d.App.Update(ui.GoMsg{Tab: "Nowhere"})
	d.See("There is no tab called Nowhere.")
	d.Advance(time.Minute).Gone("Nowhere")
}

func TestSizes(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {60, 20}, {200, 60}, {20, 5}, {1, 1}} {
		d, _, _ := open(t, size[0], size[1])
		for _, keys := range []string{"", "?", "<esc>d", "<esc>f"} {
			d.Type(keys)
			if size[0] >= 60 {
				d.Fits(size[0], size[1])
			} else {
				d.Screen()
			}
		}
	}
}

func TestCallsAcceptOnlyTheirNewestResult(t *testing.T) {
	env := uitest.Env(t, monday)
	uitest.New(t, env, 80, 24, newPad(env, "x"))
	c, other := ui.NewCall[int](env, "a"), ui.NewCall[int](env, "b")
	var cancelled error
	first := c.Latest(func(ctx context.Context) (int, error) { cancelled = ctx.Err(); return 1, ctx.Err() })
	second := c.Latest(func(context.Context) (int, error) { return 2, nil })
	r1, r2 := first().(ui.Result[int]), second().(ui.Result[int])
	require.ErrorIs(t, cancelled, context.Canceled, "the overtaken run is told to stop")
	require.False(t, other.Accept(r2))
	require.False(t, c.Accept(r1))
	require.True(t, c.Accept(r2))
	require.False(t, c.Accept(r2), "a result counts once")
	require.NotNil(t, c.Once(func(context.Context) (int, error) { return 3, nil }))
	require.Nil(t, c.Once(func(context.Context) (int, error) { return 4, nil }), "one write at a time")
}

func TestStreamDeliversEverythingInOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 300).Draw(rt, "items")
		fail := rapid.Bool().Draw(rt, "fails")
		env := uitest.Env(t, monday)
		s := ui.NewStream[int](env)
		cmd := s.Start(func(_ context.Context, emit func(int)) error {
			for i := range n {
				emit(i)
			}
			if fail {
				return errors.New("broken")
			}
			return nil
		})
		var got []int
		for todo := []tea.Cmd{cmd}; len(todo) > 0; {
			msg := todo[0]()
			todo = todo[1:]
			switch msg := msg.(type) {
			case tea.BatchMsg:
				todo = append(todo, msg...)
			case ui.Batch[int]:
				ok, next := s.Accept(msg)
				require.True(rt, ok)
				got = append(got, msg.Items...)
				if msg.Done {
					require.Equal(rt, fail, msg.Err != nil)
				}
				if next != nil {
					todo = append(todo, next)
				}
			}
		}
		require.False(rt, s.Out())
		require.Len(rt, got, n)
		for i, v := range got {
			require.Equal(rt, i, v)
		}
	})
}

// TestChunks types random scripts in random pieces, with the answers coming in
// between, and wants what slow typing gives.
func TestChunks(t *testing.T) {
	keys := []string{"a", "b", "2", "1", "<tab>", "w", "d", "y", "n", "<enter>", "e", "<esc>", "f", "é", "<ctrl+s>", "?"}
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(rapid.SampledFrom(keys), 1, 40).Draw(rt, "script")
		cuts := rapid.SliceOfN(rapid.Bool(), len(script), len(script)).Draw(rt, "cuts")
		run := func(cut func(i int) bool) string {
			d, one, two := open(t, 80, 24)
			close(one.gate)
			close(two.gate)
			for i, k := range script {
				if k == "<esc>" {
					d.Settle() // esc while waiting is the way out, on purpose
				}
				d.Type(k)
				if cut(i) {
					d.Settle()
				}
			}
			return d.Settle().Screen() + one.typed + two.typed
		}
		slow := run(func(int) bool { return true })
		require.Equal(rt, slow, run(func(i int) bool { return cuts[i] }), strings.Join(script, ""))
	})
}
