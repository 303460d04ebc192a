package enrollment

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/state/enroll"
	"frontdesk/ui"
)

// stored is a census in the book, and where its rejected rows were saved.
type stored struct{ id, rejects string }

// hidden is what the file of rejected rows leaves to the person.
const hidden = "Its SSNs are masked: type them again before you import it."

// sure asks and writes all families down; what was rejected is saved first.
func (p *censusPage) sure() {
	people := 0
	for _, plan := range p.census.Plans {
		people += len(plan.Hire.Members())
	}
	families := ui.Count(len(p.census.Plans), "family", "families")
	text := ui.Count(people, "person of "+families+" is", "people of "+families+" are") + " written down and sent, one family per request."
	if _, told := p.mapping[enroll.FieldGroup]; !told {
		text += " Everybody is enrolled into " + p.v.groups.title(p.found.Group) + "."
	}
	if n := len(p.census.Rejects); n > 0 {
		text += " " + ui.Count(n, "row is not sent; it is", "rows are not sent; they are") + " saved to a file with the reasons. " + hidden
	}
	book, census, dir, stamp := p.v.book, p.census, p.v.opt.Dir, p.v.env.PracticeNow().Format("20060102-150405")
	p.v.env.Open(ui.NewConfirm(p.v.env, "Enroll the census?", text+" An enrollment cannot be undone, only ended.", "Enroll", func() tea.Cmd {
		return p.store.Once(func(ctx ctx) (stored, error) {
			var s stored
			var err error
			if len(census.Rejects) > 0 {
				if s.rejects, err = save(census, dir, stamp); err != nil {
					return s, err
				}
			}
			if s.id, err = book.Import(ctx, census); err != nil {
				return s, err
			}
			_, err = book.ReleaseAll(ctx, s.id)
			return s, err
		})
	}))
}

func (p *censusPage) written(r ui.Result[stored]) tea.Cmd {
	if !p.store.Accept(r) {
		return nil
	}
	var said tea.Cmd
	if r.Value.rejects != "" {
		said = p.v.env.Say("Rejected rows: " + r.Value.rejects + ". " + hidden)
	}
	if r.Err != nil {
		return p.v.fail(r.Err)
	}
	if r.Value.id == "" { // only the file was wanted
		return said
	}
	p.id = r.Value.id
	return tea.Batch(said, p.list(), p.send(), p.v.requests.reload())
}

// resume shows a census of the book, of this session or an earlier one.
func (p *censusPage) resume(id string) tea.Cmd {
	p.v.Open(p)
	if id == p.id {
		return p.list()
	}
	if p.run.Out() {
		p.v.env.Fail("Another census is being sent. Stop it with c first, or wait for its end.")
		return nil
	}
	p.file, p.id, p.checked, p.halted, p.census = "", id, false, "", enroll.Census{}
	p.table.Set(nil)
	return p.list()
}

func (p *censusPage) list() tea.Cmd {
	book, id := p.v.book, p.id
	return p.jobs.Latest(func(ctx ctx) ([]enroll.Job, error) { return book.Jobs(ctx, id) })
}

func (p *censusPage) listed(r ui.Result[[]enroll.Job]) tea.Cmd {
	if !p.jobs.Accept(r) {
		return nil
	}
	if r.Err != nil {
		p.table.SetFailed(rest.UserMessage(r.Err))
		return nil
	}
	var rows []censusRow
	for i := range p.census.Rejects {
		rej := &p.census.Rejects[i]
		rows = append(rows, censusRow{id: fmt.Sprintf("line %d", rej.Row.Line), line: rej.Row.Line, reject: rej})
	}
	for _, j := range r.Value {
		p.v.meet(j.People)
		rows = append(rows, row(j))
	}
	p.table.Set(rows)
	return nil
}

func row(j enroll.Job) censusRow {
	return censusRow{id: fmt.Sprintf("line %d", j.Line), line: j.Line, plan: j.Plan, job: j}
}

// send sends every family that is open. The book goes through them once more
// from the start, so it is the same after a stop and after a kill.
func (p *censusPage) send() tea.Cmd {
	book, id := p.v.book, p.id
	p.halted = ""
	return p.run.Start(func(ctx ctx, emit func(enroll.Progress)) error { return book.Run(ctx, id, emit) })
}

func (p *censusPage) progressed(b ui.Batch[enroll.Progress]) tea.Cmd {
	ok, next := p.run.Accept(b)
	if !ok {
		return nil
	}
	for _, g := range b.Items {
		p.table.Upsert(row(g.Job))
		if g.Err != nil {
			p.halted = rest.UserMessage(g.Err)
		}
	}
	if !b.Done {
		return next
	}
	if b.Err != nil {
		p.halted = rest.UserMessage(b.Err)
	}
	return tea.Batch(p.list(), p.v.requests.reload(), p.v.groups.reload())
}

// change turns families of the census and, if that left some to send, goes on.
func (p *censusPage) change(f func(ctx) (int, error)) tea.Cmd { return p.turn.Once(f) }

func (p *censusPage) turned(r ui.Result[int]) tea.Cmd {
	if !p.turn.Accept(r) {
		return nil
	}
	if r.Err != nil {
		return tea.Batch(p.v.fail(r.Err), p.list())
	}
	return tea.Batch(p.list(), p.send())
}

// counts are families by state.
func (p *censusPage) counts() map[enroll.State]int {
	n := map[enroll.State]int{}
	for _, r := range p.table.Rows() {
		if r.job.ID != "" {
			n[r.job.State]++
		}
	}
	return n
}

func (p *censusPage) retry() {
	book, id, n := p.v.book, p.id, p.counts()[enroll.Failed]
	p.v.env.Open(ui.NewConfirm(p.v.env, "Send the failed ones again?",
		ui.Count(n, "family", "families")+" failed. Only what failed is sent again, and its ids are looked up before that.", "Send again",
		func() tea.Cmd { return p.change(func(ctx ctx) (int, error) { return book.RetryAll(ctx, id) }) }))
}

// turns are what can be done with the census as it is.
type turns struct{ columns, rejects, first, send, stop, retry, find bool }

func (p *censusPage) able() turns {
	n := p.counts()
	out := p.run.Out()
	idle := !out && !p.store.Out() && !p.turn.Out() && !p.check.Out()
	return turns{
		columns: idle && p.id == "" && len(p.found.Header) > 0,
		rejects: idle && len(p.census.Rejects) > 0,
		first:   idle && p.id == "" && len(p.census.Plans) > 0,
		send:    idle && p.id != "" && n[enroll.Draft]+n[enroll.Queued]+n[enroll.Accepted]+n[enroll.Sent] > 0,
		stop:    out,
		retry:   idle && n[enroll.Failed] > 0,
		find:    idle && n[enroll.Unknown] > 0,
	}
}
