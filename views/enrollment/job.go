package enrollment

import (
	"fmt"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/state/enroll"
	"frontdesk/ui"
)

// followEvery is how often a family on its way is looked at.
const followEvery = 500 * time.Millisecond

type followMsg struct{}

// jobPage is one family: what will be sent, exactly, and how far it is.
//
// Its writes do not go through the outbox because the book is one itself: it
// writes the request down, marks it as sent on the disk before a byte leaves,
// sends it once under a claim no other session can have, and turns what was
// left on its way into UNKNOWN at the next start. UNKNOWN is left by snapshots
// or by a person alone.
type jobPage struct {
	v         *View
	job       enroll.Job
	deed      *ui.Call[enroll.Job] // one change at a time
	look      *ui.Call[enroll.Job]
	gone      *ui.Call[thrown]
	following bool
	scroll    scroll
	width     int
}

func newJobPage(v *View) *jobPage {
	return &jobPage{v: v, deed: ui.NewCall[enroll.Job](v.env, "enroll the family"), look: ui.NewCall[enroll.Job](v.env, "look at the family"),
		gone: ui.NewCall[thrown](v.env, "throw the family away")}
}

// show shows a family and reads it once more.
func (p *jobPage) show(j enroll.Job) tea.Cmd {
	p.v.Open(p)
	if p.job.ID != j.ID {
		p.scroll.top = 0
	}
	p.job = j
	p.v.meet(j.People)
	return p.reread()
}

func (p *jobPage) reread() tea.Cmd {
	book, id := p.v.book, p.job.ID
	return p.look.Latest(func(ctx ctx) (enroll.Job, error) { return book.Job(ctx, id) })
}

// do makes one change and follows it until it has ended.
func (p *jobPage) do(run func(ctx) (enroll.Job, error)) tea.Cmd {
	return tea.Batch(p.deed.Once(run), p.follow())
}

func (p *jobPage) follow() tea.Cmd {
	if p.following {
		return nil
	}
	p.following = true
	return p.v.env.After(followEvery, followMsg{})
}

func (p *jobPage) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.press(msg)
	case tea.MouseWheelMsg:
		p.scroll.wheel(msg)
	case followMsg:
		p.following = false
		if p.deed.Out() {
			return tea.Batch(p.reread(), p.follow())
		}
	case ui.Result[enroll.Job]:
		return p.changed(msg)
	case ui.Result[thrown]:
		return p.thrown(msg)
	}
	return nil
}

func (p *jobPage) changed(r ui.Result[enroll.Job]) tea.Cmd {
	if p.look.Accept(r) {
		if r.Err == nil && r.Value.ID == p.job.ID {
			p.job = r.Value
		}
		return nil
	}
	if !p.deed.Accept(r) {
		return nil
	}
	if r.Value.ID == p.job.ID {
		p.job = r.Value
	}
	p.look.Cancel()
	if r.Err != nil {
		p.v.env.Fail(rest.UserMessage(r.Err))
		return tea.Batch(p.reread(), p.v.requests.reload())
	}
	var seen tea.Cmd
	if p.v.Page() == p.v.roster && p.v.roster.id == p.job.Hire.Group {
		seen = p.v.roster.reload() // left meanwhile: they belong on it now
	}
	return tea.Batch(seen, p.reread(), p.v.requests.reload(), p.v.groups.reload(), p.v.env.Say("This family is "+p.job.State.Word()+"."))
}

func (p *jobPage) press(msg tea.KeyPressMsg) tea.Cmd {
	k, book, id := p.v.keys, p.v.book, p.job.ID
	able := p.able()
	switch {
	case key.Matches(msg, k.Back):
		p.v.Back()
		if p.v.Page() == p.v.roster {
			return p.v.roster.reload()
		}
	case key.Matches(msg, k.Up):
		p.scroll.top--
	case key.Matches(msg, k.Down):
		p.scroll.top++
	case key.Matches(msg, k.Reveal):
		return p.v.env.Reveal(p.everybody()...)
	case able.send && key.Matches(msg, k.Send):
		return p.send()
	case able.find && key.Matches(msg, k.Find):
		return p.do(func(ctx ctx) (enroll.Job, error) { return onward(ctx, book, id, book.Settle) })
	case able.find && key.Matches(msg, k.Landed):
		p.declare()
	case able.retry && key.Matches(msg, k.Retry):
		p.retry()
	case able.take && key.Matches(msg, k.Withdraw):
		return p.do(func(ctx ctx) (enroll.Job, error) { return book.Withdraw(ctx, id) })
	case able.compare && key.Matches(msg, k.Compare):
		return p.do(func(ctx ctx) (enroll.Job, error) { return onward(ctx, book, id, book.Recheck) })
	case able.correct && key.Matches(msg, k.Correct):
		p.v.hiring.correct(p.job)
	case able.discard && key.Matches(msg, k.Discard):
		p.discard()
	case able.forget && key.Matches(msg, k.Forget):
		p.forget()
	}
	return nil
}

// onward turns a job and, if there is then something to do, goes on with it.
func onward(ctx ctx, book *enroll.Book, id string, turn func(ctx, string) (enroll.Job, error)) (enroll.Job, error) {
	j, err := turn(ctx, id)
	if err != nil || j.State != enroll.Queued && j.State != enroll.Accepted {
		return j, err
	}
	return book.Send(ctx, id)
}

// able is what can be done with the family as it is.
type able struct{ send, find, retry, take, compare, correct, discard, forget bool }

func (p *jobPage) able() able {
	s, free := p.job.State, !p.deed.Out() && !p.gone.Out()
	return able{
		send:    free && (s == enroll.Draft && !p.job.Lost || s == enroll.Queued || s == enroll.Accepted),
		find:    free && s == enroll.Unknown,
		retry:   free && s == enroll.Failed,
		take:    free && s == enroll.Queued && p.job.Sends == 0,
		compare: free && s == enroll.Mismatch,
		correct: free && s == enroll.Draft && p.job.Census == "" && len(p.job.Hire.Dependents) <= maxDependents,
		discard: free && s == enroll.Draft,
		forget:  free && (len(p.job.People) > 0 || p.job.Hashed) && s.Over(),
	}
}

// send asks and sends the family as it stands on the page.
func (p *jobPage) send() tea.Cmd {
	book, id, draft := p.v.book, p.job.ID, p.job.State == enroll.Draft
	run := func() tea.Cmd {
		return p.do(func(ctx ctx) (enroll.Job, error) {
			if draft {
				if j, err := book.Release(ctx, id); err != nil {
					return j, err
				}
			}
			return book.Send(ctx, id)
		})
	}
	if !draft {
		return run() // it was confirmed before; this goes on with it
	}
	who, verb := p.v.who(p.job.Hire.Employee.ID), " is"
	if n := len(p.job.Hire.Dependents); n > 0 {
		who, verb = who+" and "+ui.Count(n, "dependent", "dependents"), " are"
	}
	words := fmt.Sprintf("%s%s enrolled in %s from %s.%s An enrollment cannot be undone, only ended.", who, verb, p.v.groups.title(p.job.Hire.Group), p.job.Hire.Start, p.v.far(" ", p.job.Hire.Start))
	if twice := p.again(); twice != "" {
		words += "\n\n" + twice
	}
	p.v.env.Open(ui.NewConfirm(p.v.env, "Enroll this family?", words, "Enroll", run))
	return nil
}

// declare takes a person's word on an outcome no snapshot tells.
func (p *jobPage) declare() {
	book, id := p.v.book, p.job.ID
	say := func(k, words string, landed bool) ui.Action {
		turn := func(ctx ctx, id string) (enroll.Job, error) { return book.Declare(ctx, id, landed) }
		return ui.Action{Key: ui.One(k, words), Do: func() (bool, tea.Cmd) {
			return true, p.do(func(ctx ctx) (enroll.Job, error) { return onward(ctx, book, id, turn) })
		}}
	}
	p.v.env.Open(ui.NewReader(p.v.env, "What became of it?",
		"Ask Angle Health by telephone before you answer. If you say that it landed, the next step is sent. "+
			"If you say that it did not, it can be sent again, which enrolls the family twice if you are wrong.",
		say("y", "it landed", true), say("n", "it did not land", false)))
}

func (p *jobPage) retry() {
	book, id := p.v.book, p.job.ID
	p.v.env.Open(ui.NewConfirm(p.v.env, "Send it again?", p.job.Note+" The ids are looked up once more before anything is sent.", "Send again",
		func() tea.Cmd {
			return p.do(func(ctx ctx) (enroll.Job, error) { return onward(ctx, book, id, book.Retry) })
		}))
}

// discard throws a draft away and leaves its page.
func (p *jobPage) discard() {
	book, id := p.v.book, p.job.ID
	p.v.env.Open(ui.NewConfirm(p.v.env, "Throw it away?", "Nothing of this family was sent. What was typed is removed from this desk.", "Throw away", func() tea.Cmd {
		return p.gone.Once(func(ctx ctx) (thrown, error) { return thrown{id}, book.Discard(ctx, id) })
	}))
}

// thrown is a draft that is no more.
type thrown struct{ id string }

func (p *jobPage) thrown(r ui.Result[thrown]) tea.Cmd {
	if !p.gone.Accept(r) {
		return nil
	}
	if r.Err != nil {
		p.v.env.Fail(rest.UserMessage(r.Err))
		return p.reread()
	}
	var back tea.Cmd
	if p.v.Page() == p && p.job.ID == r.Value.id {
		p.v.Back()
		if p.v.Page() == p.v.census {
			back = p.v.census.list()
		}
	}
	return tea.Batch(back, p.v.requests.reload(), p.v.groups.reload(), p.v.env.Say("Thrown away: nothing was sent."))
}

func (p *jobPage) forget() {
	book, id := p.v.book, p.job.ID
	words := "Names, birth dates and social security numbers of this family are removed from this desk, and what tells that they were enrolled from it: nobody is warned when they are enrolled once more."
	if p.job.State != enroll.Verified {
		words += " It can then not be sent from here."
	}
	p.v.env.Open(ui.NewConfirm(p.v.env, "Forget who they are?", words, "Forget",
		func() tea.Cmd { return p.do(func(ctx ctx) (enroll.Job, error) { return book.Forget(ctx, id) }) }))
}

func (p *jobPage) Typing() bool { return false }

// Waiting keeps keys back while the family is on its way; esc leaves it there.
func (p *jobPage) Waiting(msg tea.Msg) bool {
	return (p.deed.Out() || p.gone.Out()) && !key.Matches(ui.Pressed(msg), p.v.keys.Back, p.v.keys.Up, p.v.keys.Down, p.v.keys.Reveal)
}

func (p *jobPage) Cursor() *tea.Cursor { return nil }

func (p *jobPage) Groups() [][]key.Binding {
	k, a := p.v.keys, p.able()
	var all []key.Binding
	for _, o := range []struct {
		can bool
		k   key.Binding
	}{{a.send, k.Send}, {a.find, k.Find}, {a.find, k.Landed}, {a.retry, k.Retry}, {a.take, k.Withdraw}, {a.compare, k.Compare}, {a.correct, k.Correct}, {a.discard, k.Discard}, {a.forget, k.Forget}} {
		if o.can {
			all = append(all, o.k)
		}
	}
	return [][]key.Binding{append(all, k.Reveal, k.Back), {k.Up, k.Down}}
}
