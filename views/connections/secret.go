package connections

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/state/secrets"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// secretDialog asks for a vendor's secrets. It is no FormDialog: what is typed
// is in no draft, is thrown away without a question, and is overwritten
// however the dialog ends.
type secretDialog struct {
	*form.Form
	env    *ui.Env
	vendor Vendor
	where  string // the secret will be kept
	save   func(secrets.Bundle) tea.Cmd
	busy   func() bool
	width  int
}

func newSecretDialog(env *ui.Env, vendor Vendor, where string, save func(secrets.Bundle) tea.Cmd, busy func() bool) *secretDialog {
	var fields []form.Field
	for _, s := range vendor.Secrets {
		fields = append(fields, form.NewSecret(s.Name, upper(s.Words)).Required())
	}
	return &secretDialog{Form: form.New(env.Theme, fields...), env: env, vendor: vendor, where: where, save: save, busy: busy}
}

// Title names the vendor.
func (d *secretDialog) Title() string { return "New secret of " + d.vendor.Title }

// Waiting keeps keys back while the secret is being stored.
func (d *secretDialog) Waiting(tea.Msg) bool { return d.busy() }

// Update works the form.
func (d *secretDialog) Update(msg tea.Msg) tea.Cmd {
	event, cmd := d.Form.Update(msg)
	switch event {
	case form.Submitted:
		return tea.Batch(cmd, d.save(secrets.Bundle(d.Values())))
	case form.Cancelled:
		d.close()
	}
	return cmd
}

// close overwrites what was typed and takes the dialog away.
func (d *secretDialog) close() {
	d.Wipe()
	d.env.Close(d)
}

// Resize leaves room for the words below the form.
func (d *secretDialog) Resize(width, height int) {
	d.width = min(width, 72)
	d.Form.Resize(d.width, max(3, height-3))
}

// View is the form and where the secret goes.
func (d *secretDialog) View() string {
	words := "It is not shown, drafted or logged. " + d.where
	return d.Form.View() + "\n\n" + d.env.Theme.Muted.Render(ansi.Wrap(words, max(10, d.width), " "))
}

// ShortHelp is the form's keys.
func (d *secretDialog) ShortHelp() []key.Binding { return d.Keys() }

// FullHelp is the form's keys.
func (d *secretDialog) FullHelp() [][]key.Binding { return [][]key.Binding{d.Keys()} }
