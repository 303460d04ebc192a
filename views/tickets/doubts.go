package tickets

import (
	"encoding/json"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/state/tickets"
	"frontdesk/ui"
)

// lookMsg is the time to look for writes whose answer was lost.
type lookMsg struct{ n int }

// looksAt is how long after the loss it is looked; the last time lies beyond
// patience, so that "it did not land" can be said.
var looksAt = []time.Duration{2 * time.Second, 10 * time.Second, 20 * time.Second, 35 * time.Second, 55 * time.Second}

func (v *View) lookSoon() tea.Cmd {
	if v.looks >= len(looksAt) || len(v.doubts) == 0 {
		return nil
	}
	v.looks++
	return v.env.After(looksAt[v.looks-1], lookMsg{v.looks})
}

func (v *View) look(msg lookMsg) tea.Cmd {
	if msg.n != v.looks || len(v.doubts) == 0 {
		return nil
	}
	if msg.n == len(looksAt) {
		return v.env.LookBack()
	}
	return tea.Batch(v.env.LookAgain(), v.lookSoon())
}

// errDidNot is the end of a write that reading back did not find.
const errDidNot trouble = "It did not land: the vendor shows nothing of it a minute later. What you typed is still here, to be sent again."

// lookedBack ends the doubts that reading back has settled.
func (v *View) lookedBack() tea.Cmd {
	var cmds []tea.Cmd
	doubts := v.doubts
	v.doubts = nil
	for _, f := range doubts {
		said, ok := v.found.Load(f.nonce)
		switch {
		case ok && said == ui.Landed:
			cmds = append(cmds, f.done(wrote{}))
		case ok && (said == ui.Reopened || said == ui.DidNot):
			cmds = append(cmds, f.back(errDidNot))
		default:
			v.doubts = append(v.doubts, f)
		}
	}
	if len(cmds) == 0 {
		return nil
	}
	return tea.Batch(append(cmds, v.reload())...)
}

// decided ends the doubt that a person has settled. What did not land stays in
// the outbox and is not offered here as well, or it might be sent twice.
func (v *View) decided(msg ui.Decided) tea.Cmd {
	var p struct{ Nonce string }
	if json.Unmarshal(msg.Payload, &p) != nil {
		return nil
	}
	i := slices.IndexFunc(v.doubts, func(f *flight) bool { return f.nonce == p.Nonce })
	if i < 0 {
		return nil
	}
	f := v.doubts[i]
	v.doubts = slices.Delete(v.doubts, i, i+1)
	switch {
	case msg.Landed:
		return f.done(wrote{})
	case f.text != "":
		return nil
	}
	return f.back(trouble("It did not land and waits in the outbox. Send it from there, or take it back there before it is sent from here."))
}

// withdrawn keeps a comment that was taken back in the outbox as a draft of its
// ticket. One of this session still has its page, which keeps it when it learns
// that it cannot be sent.
func (v *View) withdrawn(msg ui.TakenBack) tea.Cmd {
	var p careComment // an emrComment has no category, and the rest is the same
	source := tickets.Source("")
	switch {
	case msg.Op == v.careComments().Op && msg.Vendor == careName:
		source = tickets.Care
	case msg.Op == v.emrComments().Op && msg.Vendor == emrName:
		source = tickets.EMR
	default:
		return nil
	}
	if json.Unmarshal(msg.Payload, &p) != nil || p.Text == "" {
		return nil
	}
	if slices.ContainsFunc(v.flights, func(f *flight) bool { return f.nonce == p.Nonce }) {
		return nil
	}
	where := v.putBack(tickets.Key{Source: source, ID: p.Ticket}, tickets.Mark{ID: p.Category}, p.Text)
	return v.env.Say("Taken back: nothing was sent. " + where)
}
