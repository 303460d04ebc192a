package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/form"
)

// shutBy locks the desk because somebody wants to. Without a secret to open it
// with, one is asked for first.
func (a *App) shutBy() tea.Cmd {
	l := &a.lock
	if l.Ready || l.on || l.SetPIN == nil {
		return a.shut()
	}
	var dialog *FormDialog
	f := form.New(a.env.Theme,
		form.NewSecret("pin", "New PIN").Required().Help("4 characters or more; it opens this desk, and nothing else"),
		form.NewSecret("again", "Once more").Required(),
	)
	dialog = NewFormDialog(a.env, "Set a PIN to lock with", f, func(v map[string]string) tea.Cmd {
		if v["pin"] != v["again"] {
			f.SetErrors(map[string]string{"again": "The two differ: type the same PIN twice."})
			return nil
		}
		pin, set := []byte(v["pin"]), l.SetPIN
		return a.pin.set.Once(func(ctx context.Context) (pinSet, error) {
			defer clear(pin)
			return pinSet{}, set(ctx, pin)
		})
	})
	dialog.Busy = a.pin.set.Out
	a.pin.dialog = dialog
	a.env.Open(dialog)
	return nil
}

type pinSet struct{}

// pinning is a PIN on its way to where secrets live.
type pinning struct {
	set    *Call[pinSet]
	dialog *FormDialog
}

func newPinning(env *Env) pinning { return pinning{set: NewCall[pinSet](env, "keep the PIN")} }

// pinKept locks the desk once there is something to open it with.
func (a *App) pinKept(r Result[pinSet]) tea.Cmd {
	if !a.pin.set.Accept(r) {
		return nil
	}
	if r.Err != nil {
		a.pin.dialog.SetErrors(map[string]string{"pin": r.Err.Error()})
		return nil
	}
	a.pin.dialog.Sent()
	a.lock.Ready = true
	return tea.Batch(a.shut(), a.arm())
}
