package form

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"frontdesk/ui/theme"
)

func search(find Source) (*Form, *ComboField) {
	c := Combo("person", "Person").Source(context.Background(), find)
	return New(plain(), c, Text("note", "Note")), c
}

func TestComboTakesTheMarkedOption(t *testing.T) {
	for _, s := range []struct{ script, want string }{
		{"fol<enter>", "fu"},
		{"FOLLOW-UP<tab>", "fu"},
		{"follow-u<tab>", "fu"},
		{"fol<tab>", "fu"},
		{"fol<ctrl+s>", "fu"},
		{"fol<esc><tab>", ""},
		{"w<tab>", ""},
		{"folx<tab>", ""},
		{"<ctrl+g><tab>", ""},
		{"<ctrl+g><down><down><enter>", "ph"},
		{"<ctrl+g><down><down><up><enter>", "fu"},
		{"<ctrl+g><pgdown><enter>", "vac"},
		{"<ctrl+g><pgdown><pgup><enter>", "new"},
		{"fol<enter><shift+tab><backspace>", ""},
		{"fol<enter><shift+tab><left>", "fu"},
		{"fol<esc>", ""},
		{"zzz<enter>", ""},
		{"<ctrl+g><ctrl+g><enter>", ""},
	} {
		f := New(plain(), Combo("v", "V", visits()...), Text("note", "Note"))
		play(f, s.script)
		require.Equal(t, s.want, f.Value("v"), s.script)
	}
}

// What is usual is offered, and anything else is taken as it is typed.
func TestAFreeComboTakesWhatIsTyped(t *testing.T) {
	for _, s := range []struct{ script, want string }{
		{"fol<enter>", "fu"},
		{"FOLLOW-UP<tab>", "fu"},
		{"fol<tab>", "fol"},
		{"fol<ctrl+s>", "fol"},
		{"fol<esc><tab>", "fol"},
		{"fol<down><enter>", "fol"},
		{"zzz<enter>", "zzz"},
		{" our own <tab>", "our own"},
		{"our own<tab><shift+tab>2<tab>", "our own2"},
		{"fol<enter><shift+tab><backspace><tab>", "Follow-u"},
		{"<ctrl+g><tab>", ""},
		{"   <tab>", ""},
	} {
		f := New(plain(), Combo("v", "V", visits()...).Free(), Text("note", "Note"))
		play(f, s.script)
		require.Equal(t, s.want, f.Value("v"), s.script)
	}
	f := New(plain(), Combo("v", "V", visits()...).Free(), Text("note", "Note"))
	play(f, "fol")
	require.Contains(t, see(f), "as typed")
	play(f, "<tab>")
	again := New(plain(), Combo("v", "V", visits()...).Free(), Text("note", "Note"))
	again.Restore(f.Draft())
	require.Equal(t, "fol", again.Value("v"), "out of a draft")
	again.Restore(map[string]string{"v": "old text"})
	play(again, "<tab>")
	require.Equal(t, "old text", again.Value("v"), "of a form whose field was plain text")
}

// Who types a state as it stands on an envelope need not open the list.
func TestADetailIsTakenOnLeaving(t *testing.T) {
	states := []Option{{Value: "Connecticut", Detail: "CT"}, {Value: "Colorado", Detail: "CO"}, {Value: "One", Detail: "x"}, {Value: "Two", Detail: "x"}}
	for script, want := range map[string]string{"ct<tab>": "Connecticut", "CO<tab>": "Colorado", "c<tab>": "", "x<tab>": "", "<tab>": ""} {
		f := New(plain(), Combo("v", "V", states...), Text("note", "Note"))
		play(f, script)
		require.Equal(t, want, f.Value("v"), script)
		require.Contains(t, see(f), want)
	}
}

// The only option there is is not what nobody typed means, and whether the only
// one found elsewhere is in on leaving depends on the line.
func TestTheOnlyRowIsTakenForTypedTextAndLocalOptions(t *testing.T) {
	f := New(plain(), Combo("v", "V", Option{Value: "one"}), Text("note", "Note"))
	play(f, "<ctrl+g><tab>")
	require.Empty(t, f.Value("v"))
	play(f, "<shift+tab>on<tab>")
	require.Equal(t, "one", f.Value("v"))
	require.Contains(t, see(f), "one")

	f, _ = search(func(context.Context, string) ([]Option, error) { return []Option{{Value: "7", Label: "Ada"}}, nil })
	_, cmd := f.Update(press("a"))
	f.Update(cmd())
	f.Update(press("tab"))
	require.Empty(t, f.Value("person"))
}

func TestEnterInAListNeverSubmits(t *testing.T) {
	f := New(plain(), Combo("v", "V", visits()...))
	require.Equal(t, []Event{Changed, Changed, Changed, Changed}, play(f, "fol<enter>"))
	require.Equal(t, "fu", f.Value("v"))
	require.Equal(t, []Event{Submitted}, play(f, "<enter>"))
	require.Equal(t, []Event{Changed, Changed, Changed}, play(f, "<ctrl+u>zz<enter>"))
	require.Contains(t, see(f), "✗ V: “zz” is not taken from the list.")
	f = New(plain(), Date("d", "D"))
	require.Equal(t, []Event{Changed}, play(f, "<ctrl+g><enter>"))
	require.Equal(t, []Event{Submitted}, play(f, "<enter>"))
}

// Enter has no effect before the answer for the text as it stands is in; then
// it takes what the marked line says.
func TestEnterWaitsForTheAnswer(t *testing.T) {
	f, _ := search(people)
	_, first := f.Update(press("a"))
	_, second := f.Update(press("d"))
	f.Update(press("enter"))
	require.True(t, f.Waiting())
	require.Equal(t, "person", f.Focused())
	require.Empty(t, f.Value("person"))
	require.Contains(t, see(f), "waiting for the list, esc stops")

	f.Update(first())
	require.True(t, f.Waiting(), "that was the answer for other text")
	require.Empty(t, f.Value("person"))

	e, _ := f.Update(second())
	require.Equal(t, Changed, e)
	require.False(t, f.Waiting())
	require.Equal(t, "1", f.Value("person"))
	require.Equal(t, "note", f.Focused())
	require.Contains(t, see(f), "1815-12-10", "what tells the two apart")
}

func TestOtherKeysTakeThePlaceOfAWaitingOne(t *testing.T) {
	for _, k := range []string{"x", "esc", "tab", "backspace", "left"} {
		f, _ := search(people)
		_, cmd := f.Update(press("b"))
		f.Update(press("enter"))
		e, _ := f.Update(press(k))
		require.NotEqual(t, Cancelled, e)
		require.False(t, f.Waiting())
		f.Update(cmd())
		require.Empty(t, f.Value("person"), k)
	}
}

func TestSubmitWaitsForTheAnswer(t *testing.T) {
	f, _ := search(people)
	_, cmd := f.Update(tea.PasteMsg{Content: "adam ZORN"})
	f.Update(press("tab"))
	e, _ := f.Update(press("ctrl+s"))
	require.Equal(t, None, e)
	require.True(t, f.Waiting())
	e, _ = f.Update(cmd())
	require.Equal(t, Submitted, e)
	require.Equal(t, "3", f.Value("person"))
}

func TestLikeNamesAreNotGuessed(t *testing.T) {
	f, _ := search(people)
	play(f, "Ada Byron<tab>")
	require.Empty(t, f.Value("person"))
	require.Contains(t, see(f), "Person: “Ada Byron” is not taken from the list.")
	play(f, "<shift+tab><ctrl+g><down><enter>")
	require.Equal(t, "2", f.Value("person"))
}

type told struct{}

func (told) Error() string       { return "secret" }
func (told) UserMessage() string { return "The EMR does not answer." }

func TestALookupThatFails(t *testing.T) {
	var fail error
	f, _ := search(func(ctx context.Context, q string) ([]Option, error) {
		if fail != nil {
			return nil, fail
		}
		return people(ctx, q)
	})
	fail = errors.New("secret")
	play(f, "bo")
	require.Contains(t, see(f), "the list could not be fetched. Press ctrl+g to try again.")
	fail = fmt.Errorf("wrapped: %w", told{})
	play(f, "<backspace>")
	require.Contains(t, see(f), "The EMR does not answer. Press ctrl+g to try again.")
	require.NotContains(t, see(f), "secret")
	play(f, "<tab>")
	require.Contains(t, see(f), "✗ Person: The EMR does not answer. Press ctrl+g to try again.")
	fail = nil
	play(f, "<shift+tab><ctrl+g><enter>")
	require.Equal(t, "1", f.Value("person"), "of all who have a b")
}

func TestTheNextKeyEndsALookup(t *testing.T) {
	lookupPause = time.Hour
	defer func() { lookupPause = 0 }()
	synctest.Test(t, func(t *testing.T) {
		asked := make(chan string, 2)
		f, _ := search(func(ctx context.Context, q string) ([]Option, error) {
			asked <- q
			<-ctx.Done()
			return nil, ctx.Err()
		})
		answers := make(chan tea.Msg)
		look := func(key string) {
			_, cmd := f.Update(press(key))
			go func() { answers <- cmd() }()
			synctest.Wait()
		}
		look("a")
		look("b") // ends the first while it waits for this key
		f.Update(<-answers)
		require.Empty(t, asked)
		require.Equal(t, "ab", <-asked)
		look("c") // ends the second while the source works
		f.Update(<-answers)
		require.True(t, f.fields[0].(*ComboField).pending(), "what was ended is no answer")
		play(f, "<ctrl+u>") // nothing to look up
		f.Update(<-answers)
		require.Empty(t, asked)
	})
}

func TestAnswersOfOtherFormsAreLeftAlone(t *testing.T) {
	f, _ := search(people)
	g, _ := search(people)
	_, cmd := f.Update(press("a"))
	g.Update(press("a"))
	g.Update(press("enter"))
	e, next := g.Update(cmd())
	require.Equal(t, None, e)
	require.Nil(t, next)
	require.True(t, g.Waiting())
}

func TestPickIsTheStart(t *testing.T) {
	f, c := search(people)
	c.Pick(Option{"9", "Grace Hopper", "1906-12-09"})
	require.Equal(t, "9", f.Value("person"))
	require.False(t, f.Dirty())
	require.Contains(t, see(f), "Grace Hopper")
	draft := f.Draft()
	play(f, "!")
	require.Empty(t, f.Value("person"))
	f.Restore(draft)
	require.Equal(t, "9", f.Value("person"))
	require.False(t, f.Dirty())
}

func TestOptionsThatArriveLater(t *testing.T) {
	c := Combo("v", "V")
	f := New(plain(), c, Text("z", "Z"))
	play(f, "<ctrl+g>")
	require.Contains(t, see(f), "nothing to choose from")
	c.SetOptions(visits()...)
	require.Contains(t, see(f), "Follow-up")
	play(f, "<down><enter>")
	require.Equal(t, "fu", f.Value("v"))
}

func BenchmarkLocalCombo(b *testing.B) {
	var opts []Option
	for i := range 500 {
		opts = append(opts, Option{Value: fmt.Sprint(i), Label: fmt.Sprintf("Provider %c%c number %d", 'A'+i%26, 'a'+i%7, i)})
	}
	f := New(theme.New(theme.Options{Dark: true}), Combo("p", "P", opts...))
	keys := []tea.KeyPressMsg{press("p"), press("backspace")}
	for i := 0; b.Loop(); i++ {
		f.Update(keys[i%2])
		_ = f.View()
	}
}
