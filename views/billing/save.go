package billing

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/ui"
)

// read shows text that can be copied or saved; record is whose it is.
func (v *View) read(title, record, file, text string, more ...ui.Action) {
	v.env.Open(ui.NewReader(v.env, title, strings.TrimRight(text, "\n"), append(more,
		ui.Action{Key: v.keys.Copy, Do: func() (bool, tea.Cmd) { return false, v.env.Copy(record, text) }},
		ui.Action{Key: v.keys.Save, Do: func() (bool, tea.Cmd) { return false, v.env.Save(record, v.opt.Dir, file+".txt", []byte(text)) }},
	)...))
}
