package tickets

import (
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// editedMsg is what the person's own editor left.
type editedMsg struct {
	record, text string
	err          error
}

// editor hands what is typed to the person's own editor. The text lies in a
// folder only this account can open, for as long as the editor runs; then all
// that is in the folder is overwritten and removed, the editor's own copies as
// well.
func (c *composer) editor() tea.Cmd {
	c.editing = true
	command, dir, lend := c.v.opt.Editor, c.v.opt.Dir, c.v.opt.Lend
	record, text := c.record, c.dialog.Value("comment")
	return func() tea.Msg {
		private, file, err := spread(dir, text)
		if err != nil {
			wipe(private)
			return editedMsg{record: record, err: trouble("No file could be made for the editor: is the disk full, or the folder closed? Go on typing here.")}
		}
		words := strings.Fields(command)
		return tea.Exec(&visitor{exec.Command(words[0], append(words[1:], file)...), lend}, func(err error) tea.Msg {
			defer wipe(private)
			if err != nil {
				return editedMsg{record: record, err: trouble("The editor ended with an error, so the text stays as it was. Check the setting EDITOR, or go on typing here.")}
			}
			data, err := os.ReadFile(file)
			return editedMsg{record, strings.TrimRight(string(data), "\n"), err}
		})()
	}
}

// visitor is a program that has the terminal for a while. What Bubble Tea would
// give it is our own reader and writer, which are no terminals to it.
type visitor struct {
	*exec.Cmd
	lend func(*exec.Cmd)
}

// Run gives it the terminal itself.
func (e *visitor) Run() error {
	e.lend(e.Cmd)
	return e.Cmd.Run()
}

// SetStdin is not asked for.
func (e *visitor) SetStdin(io.Reader) {}

// SetStdout is not asked for.
func (e *visitor) SetStdout(io.Writer) {}

// SetStderr is not asked for.
func (e *visitor) SetStderr(io.Writer) {}

// spread puts a text into a new folder for this account only.
func spread(dir, text string) (private, file string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", "", err
	}
	private, err = os.MkdirTemp(dir, "editing-")
	if err != nil {
		return "", "", err
	}
	file = filepath.Join(private, "comment.txt")
	return private, file, os.WriteFile(file, []byte(text), 0o600)
}

// wipe overwrites and removes a folder. Disks may keep older copies of blocks;
// this is what a program can do about them.
func wipe(dir string) {
	if dir == "" {
		return
	}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			if f, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
				_, _ = f.Write(make([]byte, info.Size()))
				_ = f.Sync()
				_ = f.Close()
			}
		}
		return nil
	})
	_ = os.RemoveAll(dir)
}

// edited takes what the editor left into the composer it came from.
func (v *View) edited(msg editedMsg) tea.Cmd {
	c := v.writing
	if c == nil || c.record != msg.record {
		return nil
	}
	c.editing = false
	if msg.err != nil {
		return v.fail(msg.err)
	}
	c.dialog.Restore(map[string]string{"comment": ""})
	return c.insert(msg.text)
}
