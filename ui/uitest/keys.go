package uitest

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

var named = map[string]rune{
	"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "space": tea.KeySpace,
	"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd,
	"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "f1": tea.KeyF1,
}

// Keys turns a script into key presses; see Desk.Type.
func Keys(script string) []tea.KeyPressMsg {
	var keys []tea.KeyPressMsg
	for script != "" {
		if rest, ok := strings.CutPrefix(script, "<<"); ok {
			keys, script = append(keys, Key("<")), rest
			continue
		}
		if end := strings.IndexByte(script, '>'); script[0] == '<' && end > 1 {
			keys, script = append(keys, Key(script[1:end])), script[end+1:]
			continue
		}
		r := []rune(script)[0]
		keys, script = append(keys, Key(string(r))), script[len(string(r)):]
	}
	return keys
}

// Key makes one key press from its name, such as "ctrl+s", "shift+tab" or "é".
func Key(name string) tea.KeyPressMsg {
	var k tea.KeyPressMsg
	for {
		if rest, ok := strings.CutPrefix(name, "ctrl+"); ok && rest != "" {
			k.Mod |= tea.ModCtrl
			name = rest
		} else if rest, ok := strings.CutPrefix(name, "shift+"); ok && rest != "" {
			k.Mod |= tea.ModShift
			name = rest
		} else if rest, ok := strings.CutPrefix(name, "alt+"); ok && rest != "" {
			k.Mod |= tea.ModAlt
			name = rest
		} else {
			break
		}
	}
	if code, ok := named[name]; ok {
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
