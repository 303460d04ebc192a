package tickets

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// act works the keys that board and ticket share: comment and status reach all
// the chosen tickets, the others the one under the cursor. ok is false when the
// key is none of them.
func (v *View) act(msg tea.KeyPressMsg, t *tickets.Ticket, chosen []*tickets.Ticket) (cmd tea.Cmd, ok bool) {
	k := v.keys
	switch {
	case key.Matches(msg, k.Create):
		return v.create(t), true
	case len(chosen) > 0 && key.Matches(msg, k.Comment):
		return v.writable(chosen, func() tea.Cmd { return v.write(chosen, tickets.Mark{}) }), true
	case len(chosen) > 0 && key.Matches(msg, k.Status):
		return v.writable(chosen, func() tea.Cmd { return v.askStatus(chosen) }), true
	case t == nil:
		return nil, false
	case key.Matches(msg, k.Take):
		return v.takeUp(t.Key, false), true
	case key.Matches(msg, k.Over):
		return v.takeUp(t.Key, true), true
	case key.Matches(msg, k.Snooze):
		return v.snooze(t), true
	}
	return nil, false
}

// writable refuses to write to a ticket that was not the one asked for.
func (v *View) writable(chosen []*tickets.Ticket, do func() tea.Cmd) tea.Cmd {
	for _, t := range chosen {
		if v.detail.foreign(t.Key) {
			v.env.Fail("The vendor answered with another ticket than " + short(t.Key) + ", so nothing can be written to it from here. Use the vendor's own page.")
			return nil
		}
	}
	return do()
}

// snooze hides a ticket for a while, or shows it again.
func (v *View) snooze(t *tickets.Ticket) tea.Cmd {
	if v.snoozed(t) {
		return tea.Batch(v.putOff(t, time.Time{}), v.env.Say(short(t.Key)+" is back on the board."))
	}
	f := form.New(v.env.Theme, form.Choice("until", "Until",
		form.Option{Value: "1h", Label: "in an hour"}, form.Option{Value: "4h", Label: "in four hours"},
		form.Option{Value: "1d", Label: "tomorrow at 8"}, form.Option{Value: "7d", Label: "in a week at 8"},
	).Default("4h"))
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "Snooze "+named(t), f, func(values map[string]string) tea.Cmd {
		until := v.until(values["until"])
		d.Sent()
		return tea.Batch(v.putOff(t, until), v.env.Say(short(t.Key)+" is hidden until "+v.when(until)+", or until it changes. is:snoozed shows it."))
	})
	d.Below = func(int) string { return "\nIt comes back sooner if anything about it changes." }
	v.env.Open(d)
	return nil
}

func (v *View) until(word string) time.Time {
	now := v.env.PracticeNow()
	morning := func(days int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, 8, 0, 0, 0, v.env.Zone)
	}
	switch word {
	case "1h":
		return now.Add(time.Hour)
	case "1d":
		return morning(1)
	case "7d":
		return morning(7)
	}
	return now.Add(4 * time.Hour)
}

// trouble is what went wrong, as a sentence with its remedy.
type trouble string

func (t trouble) Error() string { return string(t) }

// UserMessage is the same sentence.
func (t trouble) UserMessage() string { return string(t) }
