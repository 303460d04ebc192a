package ui

import (
	"os"
	"path/filepath"

	tea "charm.land/bubbletea/v2"
)

// Save writes data about a record to a file of this account alone in dir, which
// it makes, and says where. It is an event of the audit trail. A file of that
// name is replaced whole or stays as it was; a link of that name is not
// followed.
func (e *Env) Save(record, dir, name string, data []byte) tea.Cmd {
	e.Trace("export", record)
	path := filepath.Join(dir, name)
	return func() tea.Msg {
		err := replace(path, data)
		return stepMsg{func() tea.Cmd {
			if err != nil {
				e.Fail("The file " + path + " could not be written: is the disk full, or the folder closed?")
				return nil
			}
			return e.Say("Saved as " + path)
		}}
	}
}

func replace(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".saving-*") // 0600 whatever the umask
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if bad := f.Close(); err == nil {
		err = bad
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
