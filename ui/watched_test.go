package ui_test

import (
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/uitest"
)

func TestATabIsWatchedOnlyWhileItCanBeSeen(t *testing.T) {
	env := uitest.Env(t, monday)
	one, two := newPad(env, "One"), newPad(env, "Two")
	require.False(t, env.Watched(one), "before there is a screen")
	d := uitest.New(t, env, 80, 24, one, two)
	require.True(t, env.Watched(one))
	require.False(t, env.Watched(two))
	d.Type("2")
	require.True(t, env.Watched(two))
	require.False(t, env.Watched(one))
	d.App.Update(tea.BlurMsg{})
	require.False(t, env.Watched(two))
	d.App.Update(tea.FocusMsg{})
	require.True(t, env.Watched(two))
}

func TestAFormsOwnersKeysComeFirst(t *testing.T) {
	env := uitest.Env(t, monday)
	d := uitest.New(t, env, 80, 24, newPad(env, "One"))
	var kept, asked int
	open := func(closes bool) *ui.FormDialog {
		f := ui.NewFormDialog(env, "Note", form.New(env.Theme, form.Text("a", "First")), func(map[string]string) tea.Cmd { return nil })
		f.Actions = []ui.Action{
			{Key: key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "put aside")), Do: func() (bool, tea.Cmd) { kept++; return closes, nil }},
			{Key: key.NewBinding(key.WithKeys("ctrl+n"), key.WithHelp("ctrl+n", "insert")), Do: func() (bool, tea.Cmd) {
				asked++
				return false, f.Update(tea.PasteMsg{Content: "put in"})
			}},
		}
		env.Open(f)
		return f
	}
	f := open(true)
	d.Type("typed ").Type("<ctrl+n>").See("typed put in", "esc put aside")
	d.Bound() // no key twice
	d.Type("<esc>").Gone("Note")
	require.Equal(t, []int{1, 1}, []int{kept, asked})
	require.Equal(t, "typed put in", f.Value("a"), "it was not asked whether to discard")
	open(false)
	d.Type("<esc>").See("Note")
}
