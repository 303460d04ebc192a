package uitest

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/ui"
)

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
func Key(name string) tea.KeyPressMsg { return ui.Press(name) }
