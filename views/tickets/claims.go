package tickets

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
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
	first := !v.adrift
	if v.adrift = r.Err != nil; v.adrift {
		if first {
			v.env.Fail(rest.UserMessage(r.Err))
		}
		return nil
	}
	before := v.claims
	v.claims = r.Value
	for k := range v.unwritten {
		v.claims[k] = before[k]
	}
	return v.lapsed(before)
}

// lapsed says which of our claims are no more. Of those that came along with a
// comment or with the next ticket only a colleague's taking over is news.
func (v *View) lapsed(before map[tickets.Key]tickets.Claim) tea.Cmd {
	var ended []string
	for k, c := range before {
		switch {
		case v.unwritten[k] || !c.By.Same(v.opt.Who) || v.mine(k):
		case v.colleague(k):
			v.takenOver(k)
			return nil
		case v.asked[k]:
			delete(v.asked, k)
			ended = append(ended, short(k))
		}
	}
	if len(ended) == 0 {
		return nil
	}
	slices.Sort(ended)
	return v.env.Say(fmt.Sprintf("%s: no longer in your hand. A claim ends %s after you leave the ticket; t takes it again.",
		strings.Join(ended, ", "), leaseWords))
}

// leaseWords is how long a claim outlasts its last renewal.
var leaseWords = fmt.Sprintf("%d minutes", int(tickets.Lease.Minutes()))

func (v *View) takenOver(k tickets.Key) {
	v.env.Fail(fmt.Sprintf("%s has taken over %s, which you had in hand.", safe.Clean(v.claims[k].By.User), short(k)))
}

// holder says who has a ticket in hand, "" for nobody that the ledger knows of.
// While the ledger cannot be read a question mark says so.
func (v *View) holder(k tickets.Key) string {
	unsure := ""
	if v.adrift {
		unsure = "?"
	}
	c, ok := v.claims[k]
	if !ok || v.unwritten[k] {
		return unsure
	}
	who, doing := safe.Clean(c.By.User), " is answering"
	if c.By.Same(v.opt.Who) {
		who, doing = "you", " are answering"
	}
	if !c.Writing {
		doing = ""
	}
	return who + doing + unsure
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
		delete(v.asked, got.key)
		return tea.Batch(v.readClaims(), v.env.Say("Given back: colleagues see that nobody has it."))
	}
	v.claims[got.key] = got.claim
	delete(v.unwritten, got.key)
	if got.open {
		return tea.Batch(v.readClaims(), v.open(got.key))
	}
	v.asked[got.key] = true
	return tea.Batch(v.readClaims(), v.env.Say("Taken: colleagues see that you have it, while you are on it and "+leaseWords+" longer."))
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
	fresh := v.unwritten[msg.key]
	delete(v.unwritten, msg.key)
	var other *tickets.TakenError
	switch {
	case errors.As(msg.err, &other): // a colleague was faster
		v.claims[msg.key] = other.Claim
		if c := v.writing; c != nil && c.key == msg.key { // the ticket's keys are text now
			v.env.Fail(v.second(msg.key) + " esc keeps it as a draft.")
			return nil
		}
		if !fresh {
			v.takenOver(msg.key)
			return nil
		}
		return v.fail(other)
	case msg.err != nil && fresh && v.mine(msg.key):
		delete(v.claims, msg.key)
	}
	return v.readClaims()
}

// renew keeps the claim on what is being written, or on the ticket on show if
// it was taken.
func (v *View) renew() tea.Cmd {
	c := v.writing
	switch {
	case c != nil && len(c.targets) > 1:
		return nil
	case c != nil:
		return v.hold(c.key, true)
	case v.Page() == v.detail && v.mine(v.detail.key):
		return v.hold(v.detail.key, false)
	}
	return nil
}
