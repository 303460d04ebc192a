package tty

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// modeChange is what takes the terminal from one view's modes to another's. No view
// is a terminal that is not ours: keyboards have a state of their own on the
// alternate screen, which must be on before this and still on after it.
func modeChange(was, is *tea.View) string {
	var b strings.Builder
	a, z := mode(was), mode(is)
	if a.paste != z.paste {
		b.WriteString(pick(z.paste, ansi.SetModeBracketedPaste, ansi.ResetModeBracketedPaste))
	}
	if a.focus != z.focus {
		b.WriteString(pick(z.focus, ansi.SetModeFocusEvent, ansi.ResetModeFocusEvent))
	}
	if a.mouse != z.mouse {
		b.WriteString(mouse(a.mouse, z.mouse))
	}
	if a.title != z.title {
		b.WriteString(ansi.SetWindowTitle(z.title))
	}
	if a.cursor != z.cursor {
		b.WriteString(ansi.SetCursorStyle(z.cursor))
	}
	switch {
	case a.keys == z.keys:
	case z.keys == 0:
		b.WriteString(ansi.ResetModifyOtherKeys + ansi.PopKittyKeyboard(1))
	case a.keys == 0: // the answer tells the Reader whether an Esc is a key
		b.WriteString(ansi.SetModifyOtherKeys2 + ansi.PushKittyKeyboard(z.keys) + ansi.RequestKittyKeyboard)
	default:
		b.WriteString(ansi.KittyKeyboard(z.keys, 1) + ansi.RequestKittyKeyboard)
	}
	return b.String()
}

// terminal is a view's modes. Its zero value is a terminal that is not ours.
type terminal struct {
	paste, focus bool
	mouse        tea.MouseMode
	title        string
	cursor       int // DECSCUSR; 0 is the person's own choice
	keys         int // flags of kitty's protocol; a view has at least one
}

func mode(v *tea.View) terminal {
	if v == nil {
		return terminal{}
	}
	t := terminal{
		paste: !v.DisableBracketedPasteMode, focus: v.ReportFocus, mouse: v.MouseMode, title: v.WindowTitle,
		keys: ansi.KittyDisambiguateEscapeCodes,
	}
	if c := v.Cursor; c != nil {
		t.cursor = 2*int(c.Shape) + 2
		if c.Blink {
			t.cursor--
		}
	}
	k := v.KeyboardEnhancements
	for _, also := range []struct {
		flag int
		on   bool
	}{
		{ansi.KittyReportEventTypes, k.ReportEventTypes}, {ansi.KittyReportAlternateKeys, k.ReportAlternateKeys},
		{ansi.KittyReportAllKeysAsEscapeCodes, k.ReportAllKeysAsEscapeCodes}, {ansi.KittyReportAssociatedKeys, k.ReportAssociatedText},
	} {
		if also.on {
			t.keys |= also.flag
		}
	}
	return t
}

// mouse ends the mode of before, which is not the new one's, and sets the new.
func mouse(was, is tea.MouseMode) string {
	set := map[tea.MouseMode]string{
		tea.MouseModeCellMotion: ansi.SetModeMouseButtonEvent, tea.MouseModeAllMotion: ansi.SetModeMouseAnyEvent,
	}
	reset := map[tea.MouseMode]string{
		tea.MouseModeCellMotion: ansi.ResetModeMouseButtonEvent, tea.MouseModeAllMotion: ansi.ResetModeMouseAnyEvent,
	}
	switch tea.MouseModeNone {
	case was:
		return set[is] + ansi.SetModeMouseExtSgr
	case is:
		return reset[was] + ansi.ResetModeMouseExtSgr
	}
	return reset[was] + set[is]
}

func pick(on bool, set, reset string) string {
	if on {
		return set
	}
	return reset
}
