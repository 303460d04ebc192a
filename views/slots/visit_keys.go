package slots

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/state/booking"
	"frontdesk/ui"
)

func (p *visit) press(msg tea.KeyPressMsg) tea.Cmd {
	k, b, book := p.v.keys, p.b, p.v.book
	switch {
	case key.Matches(msg, k.Back):
		p.v.Back()
	case p.b.Prospect != "" && key.Matches(msg, k.Reveal):
		return p.v.env.Reveal(string(p.b.Prospect))
	case p.canPerson() && key.Matches(msg, k.Person):
		p.search.start(p.pick)
	case p.canPerson() && key.Matches(msg, k.Add):
		p.quickAdd()
	case key.Matches(msg, k.Script):
		p.readBack()
	case b.State == booking.Held && key.Matches(msg, k.Request):
		return p.request()
	case b.State == booking.Held && key.Matches(msg, k.Again):
		return p.do(func(ctx ctx) (booking.Booking, error) { return book.Recheck(ctx, b.ID) })
	case b.State != booking.Held && key.Matches(msg, k.Compare):
		p.v.told = true
		return tea.Batch(p.v.list.reload(), p.v.compare())
	case gone(b.State) && key.Matches(msg, k.Hold):
		return p.holdAgain()
	case b.State == booking.Held && key.Matches(msg, k.Extend):
		return p.do(func(ctx ctx) (booking.Booking, error) { return book.Extend(ctx, b.ID, b.Fence) })
	case b.State == booking.Held && key.Matches(msg, k.Release):
		return p.do(func(ctx ctx) (booking.Booking, error) { return book.Release(ctx, b.ID, b.Fence) })
	case key.Matches(msg, k.Card):
		return p.v.copyCard(b)
	case key.Matches(msg, k.Save):
		return p.v.saveCard(b)
	case key.Matches(msg, k.ICS):
		return p.v.saveICS(b)
	case key.Matches(msg, k.Bills):
		return p.bills()
	case unsure(b.State) && key.Matches(msg, k.Resolve):
		return p.do(func(ctx ctx) (booking.Booking, error) { return book.Resolve(ctx, b.ID) })
	case confirmable(b.State) && key.Matches(msg, k.Confirm):
		p.v.confirm(b)
	case cancellable(b.State) && key.Matches(msg, k.Cancel):
		p.v.cancel(b)
	case movable(b.State) && key.Matches(msg, k.Move):
		return p.v.move(b)
	case b.State == booking.Clash && key.Matches(msg, k.Keep):
		p.v.keep(b)
	}
	return nil
}

// gone reports that a hold is none any more and nothing was sent.
func gone(s booking.State) bool { return s == booking.Expired || s == booking.Released }

// holdAgain takes the time of a hold that is gone once more, for the same
// person and in place of the same visit.
func (p *visit) holdAgain() tea.Cmd {
	b := p.b
	p.resume()
	o := booking.Opening{Provider: p.v.named(b.Provider), Date: b.Date, Time: b.Time, Duration: b.Duration}
	return p.v.claimFor(o, b.VisitType, booking.HoldOptions{Prospect: b.Prospect})
}

// bills hands the person of the visit to the tab about bills.
func (p *visit) bills() tea.Cmd {
	who, ok := p.v.people[p.b.Prospect]
	if !ok {
		p.v.env.Fail("Whose bills? Nobody was picked for this visit in this session. Press p to find the person.")
		return nil
	}
	return func() tea.Msg {
		return ui.GoMsg{Tab: "Billing", Subject: ui.Person{
			ID: string(who.ID), First: who.FirstName.Raw(), Last: who.LastName.Raw(), DOB: who.DOB.Raw(),
			Phone: firstOf(who.CellPhone, who.Phone, who.SMSPhone), EMail: who.EMail.Raw(),
		}}
	}
}

func unsure(s booking.State) bool { return s == booking.Unknown || s == booking.Partial }

func (p *visit) canPerson() bool { return p.b.State == booking.Held }

func (p *visit) Groups() [][]key.Binding {
	if p.search.open {
		return [][]key.Binding{p.search.keys()}
	}
	k := p.v.keys
	var steps, rest []key.Binding
	if p.canPerson() {
		steps = append(steps, k.Person, k.Add)
	}
	steps = append(steps, k.Script)
	if p.b.State == booking.Held {
		another := k.Move
		another.SetHelp("m", "another time")
		steps = append(steps, k.Request, k.Extend, another, k.Release)
		rest = append(rest, k.Again)
	} else {
		rest = append(rest, k.Compare)
	}
	if gone(p.b.State) {
		steps = append([]key.Binding{k.Hold}, steps...)
	}
	if unsure(p.b.State) {
		steps = append(steps, k.Resolve)
	}
	if confirmable(p.b.State) {
		steps = append([]key.Binding{k.Confirm}, steps...)
	}
	if p.b.State == booking.Clash {
		steps = append([]key.Binding{k.Keep}, steps...)
	}
	if cancellable(p.b.State) {
		steps = append(steps, k.Move, k.Cancel)
	}
	reveal := k.Reveal
	reveal.SetEnabled(p.b.Prospect != "")
	if p.b.State == booking.Requested {
		steps = append(steps, k.Card)
	} else {
		rest = append(rest, k.Card)
	}
	return [][]key.Binding{append(steps, k.Back), append(rest, k.Save, k.ICS, k.Bills, reveal)}
}
