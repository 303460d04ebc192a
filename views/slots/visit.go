package slots

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/booking"
	"frontdesk/state/people"
	"frontdesk/ui"
)

// visit is one claim on its way from held to confirmed.
type visit struct {
	v     *View
	b     booking.Booking
	asOf  time.Time // when b was read, for the countdown
	shown bool      // there is one
	read  bool      // the caller agreed to what was read back
	old   *booking.Booking
	said  string // what went wrong last, true until something goes well

	search  *personSearch
	change  *ui.Call[booking.Booking] // extend, release, person, find out
	asks    *ui.Sender[asked, booking.Booking]
	calls   *ui.Sender[calledOff, booking.Booking]
	add     *ui.Sender[people.New, naturaesoft.Prospect]
	history *ui.Call[[]booking.Step]
	steps   []booking.Step
	adding  *adding
	ticking int
	width   int
	height  int
}

func newVisit(v *View) *visit {
	return &visit{
		v:       v,
		search:  newPersonSearch(v),
		change:  ui.NewCall[booking.Booking](v.env, "change the visit"),
		asks:    newRequester(v),
		calls:   newCanceller(v),
		add:     newAdder(v),
		history: ui.NewCall[[]booking.Step](v.env, "read the history"),
	}
}

func (p *visit) current() (booking.Booking, bool) { return p.b, p.shown }

// show makes b the visit of the page and starts its countdown.
func (p *visit) show(b booking.Booking) tea.Cmd {
	if p.b.ID != b.ID {
		p.read, p.old, p.steps = false, nil, nil
		p.search.close()
		p.search.nobody = ""
	}
	p.take(b)
	p.shown = true
	return tea.Batch(p.tick(), p.reread())
}

// reread asks the ledger what happened to the visit so far.
func (p *visit) reread() tea.Cmd {
	book, id := p.v.book, p.b.ID
	return p.history.Latest(func(ctx ctx) ([]booking.Step, error) { return book.History(ctx, id) })
}

// take keeps what the ledger last said.
func (p *visit) take(b booking.Booking) {
	p.b, p.asOf = b, p.v.env.Now()
	p.v.find.follow(b)
}

// left is the rest of a hold. The ledger's clock said how much there was; only
// what has passed since is this machine's.
func (p *visit) left() time.Duration { return p.b.Left - p.v.env.Now().Sub(p.asOf) }

// refresh takes over news about the visit on the page, and reads what happened
// to it when that made another state of it.
func (p *visit) refresh(b booking.Booking) tea.Cmd {
	if !p.shown || p.b.ID != b.ID {
		return nil
	}
	was := p.b.State
	p.take(b)
	if was == b.State {
		return nil
	}
	if was == booking.Held && b.State == booking.Expired {
		p.v.refuse("Your hold of " + p.v.when(b) + " ran out. Nothing was sent. On its page enter holds it again.")
	}
	return p.reread()
}

// tick moves the countdown once a second while a hold runs.
func (p *visit) tick() tea.Cmd {
	if p.b.State != booking.Held {
		return nil
	}
	p.ticking++
	return p.v.env.After(second, tickMsg{p.ticking})
}

// ticked draws the countdown anew; at its end the ledger says what became of
// the hold.
func (p *visit) ticked(msg tickMsg) tea.Cmd {
	switch {
	case msg.gen != p.ticking || !p.shown:
		return nil
	case p.left() > 0:
		return p.tick()
	}
	return p.v.list.reload()
}

func (p *visit) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tickMsg:
		return p.ticked(msg)
	case ui.Result[booking.Booking]:
		return p.changed(msg)
	case ui.Result[naturaesoft.Prospect]:
		return p.added(msg)
	case ui.Result[[]booking.Step]:
		if p.history.Accept(msg) && msg.Err == nil {
			p.steps = msg.Value
		}
		return nil
	case twinsMsg, ui.Result[[]people.Twin[naturaesoft.Prospect]]:
		if p.adding != nil {
			return p.adding.twins.update(msg)
		}
		return nil
	case tea.KeyPressMsg:
		if p.search.open {
			return p.search.press(msg)
		}
		return p.press(msg)
	case tea.MouseMsg:
		if !p.search.open {
			return nil
		}
		return p.search.update(ui.Shift(msg, 0, p.above()+1))
	}
	return p.search.update(msg)
}

// changed follows an answer about the claim.
func (p *visit) changed(r ui.Result[booking.Booking]) tea.Cmd {
	if !p.change.Accept(r) && !p.asks.Accept(r) && !p.calls.Accept(r) {
		return nil
	}
	was := p.b.State
	cmds := []tea.Cmd{p.refresh(r.Value), p.v.list.reload(), p.v.readHolds(), p.reread()}
	if unsure(was) && !unsure(p.b.State) {
		cmds = append(cmds, p.v.env.LookBack())
	}
	p.v.env.Unsay(p.said)
	p.said = ""
	if r.Err != nil {
		p.said = rest.UserMessage(r.Err)
		p.v.env.Fail(p.said)
		return tea.Batch(cmds...)
	}
	if len(p.b.Warnings) > 0 {
		p.v.env.Fail(strings.Join(p.b.Warnings, " "))
	}
	if p.b.State == booking.Released {
		p.v.Back()
		cmds = append(cmds, p.v.env.Say("Released: the time is free for others."))
	}
	if p.b.State == booking.Requested {
		cmds = append(cmds, p.v.watch())
		if p.old != nil {
			cmds = append(cmds, p.moveOld())
		}
	}
	return tea.Batch(cmds...)
}

// resume goes on with the move this hold was taken for, if it was.
func (p *visit) resume() {
	if p.old != nil {
		p.v.find.moving = p.old
	}
}

// replaces remembers which visit this one takes the place of.
func (p *visit) replaces(old booking.Booking) tea.Cmd {
	p.old = &old
	if old.Prospect == "" {
		return nil
	}
	if person, ok := p.v.people[old.Prospect]; ok {
		return p.pick(person)
	}
	return nil
}

func (p *visit) moveOld() tea.Cmd {
	book, old, now := p.v.book, *p.old, p.b
	p.old = nil
	return p.change.Once(func(ctx ctx) (booking.Booking, error) {
		moved, err := book.Move(ctx, old.ID, now.ID)
		if err != nil || moved.ID != now.ID {
			return now, err
		}
		return moved, nil
	})
}

// do runs one change of the claim, one at a time.
func (p *visit) do(run func(ctx) (booking.Booking, error)) tea.Cmd {
	return p.change.Once(run)
}

// pick puts a person on the claim.
func (p *visit) pick(person naturaesoft.Prospect) tea.Cmd {
	p.v.people[person.ID] = person
	p.read = false
	b, book := p.b, p.v.book
	return p.do(func(ctx ctx) (booking.Booking, error) { return book.SetPerson(ctx, b.ID, b.Fence, person.ID) })
}

// readBack shows the words to say; agreeing to them is a step of its own.
func (p *visit) readBack() {
	agree := ui.Action{
		Key: ui.Bind([]string{"enter", "y"}, "enter", "the caller agrees"),
		Do:  func() (bool, tea.Cmd) { p.read = true; return true, nil },
	}
	p.v.env.Open(ui.NewReader(p.v.env, "Read back", p.v.script(p.b), agree))
}

func (p *visit) Resize(width, height int) {
	p.width, p.height = width, height
	p.search.resize(width, max(3, height-7))
}

func (p *visit) Typing() bool { return p.search.open }
func (p *visit) Waiting(msg tea.Msg) bool {
	return p.change.Out() || p.asks.Out() || p.calls.Out() || p.search.waiting(msg)
}

func (p *visit) Cursor() *tea.Cursor {
	if !p.search.open {
		return nil
	}
	return below(p.search.cursor(), p.above())
}
