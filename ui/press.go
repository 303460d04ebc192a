package ui

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/safe"
)

// namedKeys are the keys that have a name instead of a letter.
var namedKeys = map[string]rune{
	"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "space": tea.KeySpace,
	"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd,
	"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "f1": tea.KeyF1, "f6": tea.KeyF6,
}

// Press is the key press a binding means by a name such as "ctrl+s",
// "shift+tab" or "é".
func Press(name string) tea.KeyPressMsg {
	var k tea.KeyPressMsg
	for prefix, mod := range map[string]tea.KeyMod{"ctrl+": tea.ModCtrl, "shift+": tea.ModShift, "alt+": tea.ModAlt} {
		if before, after, ok := strings.Cut(name, prefix); ok && after != "" {
			k.Mod |= mod
			name = before + after
		}
	}
	if code, ok := namedKeys[name]; ok {
		k.Code = code
		if code == tea.KeySpace && k.Mod == 0 {
			k.Text = " "
		}
		return k
	}
	r := []rune(name)[0]
	k.Code = unicode.ToLower(r)
	if k.Mod == 0 {
		k.Text = name
		if unicode.IsUpper(r) {
			k.Mod, k.ShiftedCode = tea.ModShift, r
		}
		if name == " " {
			k.Code = tea.KeySpace
		}
	}
	return k
}

// escaped takes apart what a terminal sends when Esc and another key are typed
// so quickly that they look like one key with Alt. No key here has Alt, so the
// two are what was meant.
func escaped(msg tea.KeyPressMsg) (esc, key tea.KeyPressMsg, ok bool) {
	if msg.Mod&^(tea.ModShift|tea.ModCtrl) != tea.ModAlt || msg.Code >= tea.KeyExtended {
		return esc, key, false
	}
	key = msg
	key.Mod &^= tea.ModAlt
	if unicode.IsPrint(msg.Code) && msg.Mod&tea.ModCtrl == 0 {
		key.Text = string(msg.Code)
		if msg.ShiftedCode != 0 {
			key.Text = string(msg.ShiftedCode)
		}
	}
	return tea.KeyPressMsg{Code: tea.KeyEscape}, key, true
}

// OneLine is what a field of one line takes of a paste: its lines, and whatever
// else lies between words, become single blanks, and text from outside is
// cleaned.
func OneLine(msg tea.PasteMsg) tea.PasteMsg {
	return tea.PasteMsg{Content: safe.Clean(strings.Join(strings.Fields(msg.Content), " "))}
}
