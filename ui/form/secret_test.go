package form

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"frontdesk/ui/theme"
)

const madeUp = "not-a-real-key"

func secretForm() (*Form, *SecretField) {
	s := NewSecret("apiKey", "API key").Required()
	return New(theme.New(theme.Options{NoColor: true}), Text("note", "Note"), s), s
}

func typeText(f *Form, s string) (last Event) {
	for _, r := range s {
		last, _ = f.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return last
}

func TestSecretIsNeverShownNorDrafted(t *testing.T) {
	f, s := secretForm()
	f.Focus("apiKey")
	require.Equal(t, Changed, typeText(f, madeUp))
	require.Equal(t, madeUp, f.Value("apiKey"))
	require.True(t, f.Dirty())
	view := ansi.Strip(f.View())
	require.Contains(t, view, "∙∙∙∙∙∙∙∙∙∙∙∙∙∙ ")
	for _, shown := range []string{view, fmt.Sprint(f.Draft()), s.text()} {
		require.NotContains(t, shown, madeUp)
		require.NotContains(t, shown, "real")
	}
	require.NotContains(t, f.Draft(), "apiKey")
	f.Restore(map[string]string{"apiKey": "other", "note": "n"})
	require.Equal(t, madeUp, f.Value("apiKey"), "a draft has nothing to put into it")
	require.Equal(t, 1+len(madeUp), f.Cursor().X-f.left, "the cursor follows the dots")
}

func TestSecretIsEdited(t *testing.T) {
	f, _ := secretForm()
	f.Focus("apiKey")
	_, _ = f.Update(tea.PasteMsg{Content: "  pasted-key\n"})
	require.Equal(t, "pasted-key", f.Value("apiKey"), "without spaces and line ends around it")
	event, _ := f.Update(tea.KeyPressMsg{Code: tea.KeyBackspace})
	require.Equal(t, Changed, event)
	require.Equal(t, "pasted-ke", f.Value("apiKey"))
	_, _ = f.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
	require.Empty(t, f.Value("apiKey"))
	event, _ = f.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	require.Equal(t, None, event, "empty: not submitted")
	require.Contains(t, ansi.Strip(f.View()), "this is needed. Type or paste it to go on.")
	typeText(f, "x")
	event, _ = f.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	require.Equal(t, Submitted, event)
	require.Equal(t, map[string]string{"note": "", "apiKey": "x"}, f.Values())
}

func TestSecretIsWiped(t *testing.T) {
	f, s := secretForm()
	f.Focus("apiKey")
	typeText(f, madeUp)
	memory := s.typed[:cap(s.typed)]
	f.Wipe()
	require.Empty(t, f.Value("apiKey"))
	for _, r := range memory {
		require.Zero(t, r)
	}
	typeText(f, "second")
	require.Equal(t, "second", f.Value("apiKey"))
}

// A long secret stays inside its box.
func TestSecretLongerThanItsBox(t *testing.T) {
	f, _ := secretForm()
	f.Resize(30, 10)
	f.Focus("apiKey")
	_, _ = f.Update(tea.PasteMsg{Content: fmt.Sprintf("%0200d", 7)})
	require.Len(t, f.Value("apiKey"), 200)
	require.Less(t, f.Cursor().X, 30)
}
