package slots

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/booking"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// past asks why a time has to be held although the ledger is away, and holds it
// on this machine alone. It opens in place of a claim once one has failed so:
// the second press of the key, with the reason why nothing is held before the
// eyes.
func (v *View) past(o booking.Opening, visitType string, who naturaesoft.ID) {
	book := v.book
	f := form.New(v.env.Theme, form.Text("reason", "Reason").Required().
		Help("why it cannot wait; facts only, no names").Max(120))
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "Hold it although the ledger is away?", f, func(values map[string]string) tea.Cmd {
		v.env.Close(d)
		return v.hold.Once(func(ctx ctx) (booking.Booking, error) {
			return book.BreakGlass(ctx, o, visitType, who, values["reason"])
		})
	})
	d.Below = func(width int) string {
		return "\n" + ansi.Wrap("Colleagues on other machines cannot see this hold, and may have the time too. "+
			"It is kept here with your reason, and compared with theirs as soon as the ledger answers; "+
			"if two have the time, it is a CLASH on the worklist and a person decides.", width, " ")
	}
	v.env.Open(d)
}

// keep asks why both visits of a clash stay, and says what that means.
func (v *View) keep(b booking.Booking) {
	book := v.book
	var all []form.Option
	for _, w := range booking.KeepWhys() {
		all = append(all, form.Option{Value: string(w), Label: w.Words()})
	}
	f := form.New(v.env.Theme, form.Choice("why", "Why both stay", all...).Required())
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "Keep both visits on "+v.when(b)+"?", f, func(values map[string]string) tea.Cmd {
		v.env.Close(d)
		return tea.Batch(v.visit.show(b), v.visit.do(func(ctx ctx) (booking.Booking, error) {
			return book.Keep(ctx, b.ID, booking.Why(values["why"]))
		}))
	})
	d.Below = func(width int) string {
		return "\n" + ansi.Wrap("Both people then have this time with the provider, and the desk does not ask again. "+
			"Keep both only if the provider knows of it and both are told. Nothing is sent to anybody; "+
			"the reason is recorded with your name. esc leaves the clash as it is.", width, " ")
	}
	v.env.Open(d)
}
