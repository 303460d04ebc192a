package billing

import (
	"os"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"frontdesk/ui"
)

// read shows text that can be copied or saved; record is whose it is.
func (v *View) read(title, record, file, text string) {
	v.env.Open(ui.NewReader(v.env, title, text,
		ui.Action{Key: v.keys.Copy, Do: func() (bool, tea.Cmd) { return false, v.env.Copy(record, text) }},
		ui.Action{Key: v.keys.Save, Do: func() (bool, tea.Cmd) { return false, v.save(record, file+".txt", text) }},
	))
}

// savedMsg tells where a file went.
type savedMsg struct {
	path string
	err  error
}

// save writes a file for this account only; record is whose data it holds.
func (v *View) save(record, name, text string) tea.Cmd {
	v.env.Trace("export", record)
	dir := v.opt.Dir
	return func() tea.Msg {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return savedMsg{path, err}
		}
		return savedMsg{path, os.WriteFile(path, []byte(text), 0o600)}
	}
}

func (v *View) saved(msg savedMsg) tea.Cmd {
	if filepath.Dir(msg.path) != filepath.Clean(v.opt.Dir) {
		return nil
	}
	if msg.err != nil {
		v.env.Fail("The file " + msg.path + " could not be written: is the disk full or the folder closed?")
		return nil
	}
	return v.env.Say("Saved as " + msg.path)
}
