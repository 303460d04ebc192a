package tickets

import (
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/safe"
	"frontdesk/state/tickets"
	"frontdesk/ui"
)

// claims.go is who has which ticket in hand: a notice among the desks of one
// ledger.

func (v *View) readClaims() tea.Cmd {
	c := v.opt.Claims
	if c == nil {
		return nil
	}
	return v.claiming.Latest(func(ctx ctx) (map[tickets.Key]tickets.Claim, error) { return c.List(ctx) })
}

func (v *View) claimsRead(r ui.Result[map[tickets.Key]tickets.Claim]) tea.Cmd {
	if !v.claiming.Accept(r) {
		return nil
	}
	if r.Err != nil {
		return v.fail(r.Err)
	}
	v.claims = r.Value
	return nil
}

// holder says who has a ticket in hand, "" for nobody that the ledger knows of.
func (v *View) holder(k tickets.Key) string {
	c, ok := v.claims[k]
	if !ok || v.unwritten[k] {
		return ""
	}
	who := safe.Clean(c.By.User)
	if c.By.Same(v.opt.Who) {
		who = "you"
	}
	if c.Writing {
		if who == "you" {
			return "you are answering"
		}
		return who + " is answering"
	}
	return who
}

// second warns whoever writes that a colleague has the ticket.
func (v *View) second(k tickets.Key) string {
	doing := ""
	if !v.claims[k].Writing {
		doing = " has it in hand"
	}
	return v.holder(k) + doing + "; your answer may be the second."
}

// colleague reports that somebody else has it.
func (v *View) colleague(k tickets.Key) bool {
	c, ok := v.claims[k]
	return ok && !c.By.Same(v.opt.Who)
}

func (v *View) mine(k tickets.Key) bool {
	c, ok := v.claims[k]
	return ok && c.By.Same(v.opt.Who)
}

// taken is a claim that was made, or given back.
type taken struct {
	claim tickets.Claim
	key   tickets.Key
	back  bool
	open  bool // and is to be shown
	none  bool // nothing was left to take
}

// takeUp claims a ticket, or gives it back.
func (v *View) takeUp(k tickets.Key, over bool) tea.Cmd {
	c, who := v.opt.Claims, v.opt.Who
	if c == nil {
		v.env.Fail("This desk shares no ledger with colleagues, so there is nobody to tell.")
		return nil
	}
	back := v.mine(k) && !over
	return v.take.Latest(func(ctx ctx) (taken, error) {
		if back {
			return taken{key: k, back: true}, c.Release(ctx, k, who)
		}
		claim, err := c.Claim(ctx, k, who, false, over)
		return taken{claim: claim, key: k}, err
	})
}

// candidates are the tickets that next may take, in their order: those that wait
// for us and that nobody has, then those in our own hand, beginning behind the
// one on show, so that pressing on goes round and never to and fro.
func (v *View) candidates() []tickets.Key {
	var free, before, behind []tickets.Key
	passed := false
	for _, t := range v.board.rows(0) {
		_, clock := t.Waiting()
		switch {
		case v.Page() == v.detail && t.Key == v.detail.key:
			passed = true
		case clock == tickets.Stopped || v.snoozed(t) || v.colleague(t.Key):
		case v.opt.Claims != nil && !v.mine(t.Key):
			free = append(free, t.Key)
		case passed:
			behind = append(behind, t.Key)
		default:
			before = append(before, t.Key)
		}
	}
	all := slices.Concat(free, behind, before)
	return all[:min(nextMost, len(all))]
}

// next takes the first ticket that waits for us and that nobody has, and shows
// it. Colleagues who press the same key at the same time get other ones.
func (v *View) next() tea.Cmd {
	wanted := v.candidates()
	if len(wanted) == 0 {
		return v.env.Say("Nobody waits: every ticket of this view is answered, closed, snoozed or in a colleague's hand.")
	}
	c, who := v.opt.Claims, v.opt.Who
	if c == nil {
		return v.open(wanted[0])
	}
	return v.take.Latest(func(ctx ctx) (taken, error) {
		for _, k := range wanted {
			claim, err := c.Claim(ctx, k, who, false, false)
			var other *tickets.TakenError
			if errors.As(err, &other) {
				continue
			}
			return taken{claim: claim, key: k, open: true}, err
		}
		return taken{none: true}, nil
	})
}

// nextMost is how many tickets next tries before it gives up.
const nextMost = 25

func (v *View) taken(r ui.Result[taken]) tea.Cmd {
	if !v.take.Accept(r) {
		return nil
	}
	got := r.Value
	var other *tickets.TakenError
	switch {
	case errors.As(r.Err, &other):
		v.claims[other.Claim.Key] = other.Claim
		return v.fail(r.Err)
	case r.Err != nil && got.open: // the ledger is no reason not to answer
		return tea.Batch(v.fail(r.Err), v.open(got.key))
	case r.Err != nil:
		return v.fail(r.Err)
	case got.none:
		return v.env.Say("Colleagues have taken every ticket that waits.")
	case got.back:
		delete(v.claims, got.key)
		return v.env.Say("Given back: colleagues see that nobody has it.")
	}
	v.claims[got.key] = got.claim
	delete(v.unwritten, got.key)
	if got.open {
		return v.open(got.key)
	}
	return v.env.Say("Taken: colleagues see that you have it.")
}

// hold tells colleagues that an answer is being written, or not any more.
func (v *View) hold(k tickets.Key, writing bool) tea.Cmd {
	c, who, ctx := v.opt.Claims, v.opt.Who, v.env.Ctx
	if c == nil || v.colleague(k) {
		return nil
	}
	// Keys go by this at once; it is shown when it is written.
	if have, ok := v.claims[k]; ok || writing {
		have.Key, have.By, have.Writing = k, who, writing
		v.claims[k] = have
		if !ok {
			v.unwritten[k] = true
		}
	}
	return func() tea.Msg {
		_, err := c.Claim(ctx, k, who, writing, false)
		return heldMsg{k, err}
	}
}

// heldMsg tells what became of a claim on what is being written.
type heldMsg struct {
	key tickets.Key
	err error
}

// held keeps no claim that the ledger did not take. Why it did not is said where
// it is read.
func (v *View) held(msg heldMsg) tea.Cmd {
	delete(v.unwritten, msg.key)
	var other *tickets.TakenError
	switch {
	case errors.As(msg.err, &other): // a colleague was faster
		v.claims[msg.key] = other.Claim
		if c := v.writing; c != nil && c.key == msg.key { // the ticket's keys are text now
			v.env.Fail(v.second(msg.key) + " esc keeps it as a draft.")
			return nil
		}
		return v.fail(other)
	case msg.err != nil && v.mine(msg.key):
		delete(v.claims, msg.key)
	}
	return nil
}

// renew keeps the claim on what is being written.
func (v *View) renew() tea.Cmd {
	if v.writing == nil || len(v.writing.targets) > 1 {
		return nil
	}
	return v.hold(v.writing.key, true)
}
