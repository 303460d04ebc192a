package people

import (
	"context"
	"errors"
	"strings"
	"time"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
)

// Settle is the age from which a row that cannot be found was not created and
// is not on its way any more.
const Settle = 45 * time.Second

// Tally is how far an import is.
type Tally struct {
	Created, Refused, Unknown, Left int
	Waiting                         bool // for rows to be old enough to tell
}

// Outcome is how an import ended.
type Outcome struct {
	Tally
	Problems map[int]string // by line: why it was not created
	States   map[int]State  // by line
	Stopped  error          // what ended it before its end; nil: it went through
}

// Intake sends the rows of an import, each once.
type Intake struct {
	EMR    Creator
	Import *Import
	Settle time.Duration
	Said   func(Tally) // told after every row; may be nil
	Halt   func() bool // asked before every row: stop here; may be nil

	rows  []Row
	out   Outcome
	count map[State]int
	stuck map[int]bool // rows of which nothing can be told
	errs  int          // that in a row could not be sent
}

// patience is how many rows in a row may fail to be sent before the rest wait
// for a person.
const patience = 3

// Run sends the good rows that are not in the EMR yet. Each is written down
// before it leaves. A row whose answer was lost is looked for by its line in
// the notes; only when it is not there and cannot be on its way any more is it
// sent again. What is left when ctx ends is taken up by the next Run.
func (in *Intake) Run(ctx context.Context, rows []Row) Outcome {
	in.begin(rows)
	in.say(false)
	for _, r := range rows {
		if in.over(ctx) {
			break
		}
		switch in.Import.marks[r.Line].State {
		case Done, Refused:
		case Sending:
			in.look(ctx, r)
		default:
			in.send(ctx, r)
		}
		in.say(false)
	}
	for !in.over(ctx) && in.settle(ctx) {
		in.say(false)
	}
	if in.out.Stopped == nil {
		in.out.Stopped = ctx.Err()
	}
	in.say(false)
	in.out.States = map[int]State{}
	for _, r := range rows {
		in.out.States[r.Line] = in.Import.marks[r.Line].State
	}
	return in.out
}

// over reports that nothing more is to be sent in this run.
func (in *Intake) over(ctx context.Context) bool {
	return in.out.Stopped != nil || ctx.Err() != nil || in.Halt != nil && in.Halt()
}

func (in *Intake) begin(rows []Row) {
	in.rows, in.out, in.stuck = rows, Outcome{Problems: map[int]string{}}, map[int]bool{}
	in.count = map[State]int{}
	for _, r := range rows {
		in.count[in.Import.marks[r.Line].State]++
	}
}

// set writes a row's state down and counts it. false: it was not written.
func (in *Intake) set(ctx context.Context, line int, s State, id naturaesoft.ID) bool {
	in.count[in.Import.marks[line].State]--
	err := in.Import.set(ctx, line, s, id)
	in.count[in.Import.marks[line].State]++
	if err != nil && !errors.Is(err, errMoved) && in.out.Stopped == nil {
		in.out.Stopped = err
	}
	return err == nil
}

// send sends one row.
func (in *Intake) send(ctx context.Context, r Row) {
	if !in.set(ctx, r.Line, Sending, "") {
		return
	}
	id, err := in.EMR.CreateProspect(ctx, r.Edits)
	keep := context.WithoutCancel(ctx)
	var e *rest.Error
	switch {
	case err == nil:
		in.errs = 0
		in.note(keep, r.Line, Done, id)
	case !errors.As(err, &e), e.Ambiguous:
		in.errs = 0
		in.out.Problems[r.Line] = "Its answer was lost: whether it was created is being found out."
		in.look(ctx, r)
	case e.Kind == rest.KindValidation || e.Kind == rest.KindConflict:
		in.errs = 0
		in.out.Problems[r.Line] = complaint(e)
		in.note(keep, r.Line, Refused, "")
	default:
		in.note(keep, r.Line, NotThere, "")
		in.out.Problems[r.Line] = rest.UserMessage(err)
		if in.errs++; in.errs >= patience {
			in.out.Stopped = err
		}
	}
}

// complaint is what the vendor says of a row, field by field.
func complaint(e *rest.Error) string {
	words := e.UserMessage()
	for name, text := range e.Fields {
		words += " " + name + ": " + text.String()
	}
	return words
}

func (in *Intake) note(ctx context.Context, line int, s State, id naturaesoft.ID) {
	if s == Done {
		delete(in.out.Problems, line)
	}
	in.set(ctx, line, s, id)
}

// look asks the EMR for a row whose answer was lost. Absence counts once the
// row is old enough.
func (in *Intake) look(ctx context.Context, r Row) {
	m := in.Import.marks[r.Line]
	now, err := in.Import.now(ctx)
	if err != nil {
		in.out.Stopped = err
		return
	}
	old := now.Sub(m.At) >= in.Settle
	p, found, err := in.find(ctx, r)
	switch {
	case found:
		in.note(context.WithoutCancel(ctx), r.Line, Done, p.ID)
	case err == nil && old:
		in.note(context.WithoutCancel(ctx), r.Line, NotThere, "")
	case err != nil && old:
		in.stuck[r.Line] = true
		in.out.Problems[r.Line] = "Its answer was lost, and it cannot be told whether it was created: look the person up in the EMR."
	}
}

// find looks for the row's coded line among those the row can be found by.
func (in *Intake) find(ctx context.Context, r Row) (naturaesoft.Prospect, bool, error) {
	line := importMark(in.Import.Code, r.Line) + " "
	is := func(p naturaesoft.Prospect) bool { return strings.Contains(p.Notes.Raw(), line) }
	who := Typed(r.Edits)
	terms := words(who)
	if len(terms) == 0 {
		terms = append(terms, who.First)
	}
	var last error
	for _, word := range terms {
		p, found, err := scour(ctx, in.EMR, naturaesoft.ProspectQuery{Search: word, Limit: 100, Patients: true}, is)
		if found {
			return p, true, nil
		}
		if err != nil {
			last = err
		}
	}
	return naturaesoft.Prospect{}, false, last
}

// settle waits until the rows whose answers were lost are old enough, looks
// for them, and sends those that are not there. It reports whether any of them
// can still change.
func (in *Intake) settle(ctx context.Context) bool {
	var open []Row
	for _, r := range in.rows {
		switch in.Import.marks[r.Line].State {
		case Sending:
			if !in.stuck[r.Line] {
				open = append(open, r)
			}
		case NotThere:
			in.send(ctx, r)
			return in.out.Stopped == nil
		}
	}
	if len(open) == 0 {
		return false
	}
	r := open[0]
	if in.look(ctx, r); in.Import.marks[r.Line].State != Sending || in.stuck[r.Line] {
		return true
	}
	if !in.wait(ctx, r.Line) {
		return false
	}
	in.look(ctx, r)
	return true
}

// wait lets a row become old enough.
func (in *Intake) wait(ctx context.Context, line int) bool {
	now, err := in.Import.now(ctx)
	if err != nil {
		in.out.Stopped = err
		return false
	}
	left := in.Settle - now.Sub(in.Import.marks[line].At)
	if left <= 0 {
		return true
	}
	in.say(true)
	t := time.NewTimer(left)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// say tells how far it is.
func (in *Intake) say(waiting bool) {
	in.out.Tally = Tally{
		Created: in.count[Done], Refused: in.count[Refused], Unknown: in.count[Sending],
		Left: in.count[""] + in.count[NotThere], Waiting: waiting,
	}
	if in.Said != nil {
		in.Said(in.out.Tally)
	}
}

// LookBack settles what an earlier run left unknown, without sending anything.
// It reports whether nothing is unknown any more.
func (in *Intake) LookBack(ctx context.Context, rows []Row) (bool, error) {
	in.begin(rows)
	open := false
	for _, r := range rows {
		if in.Import.marks[r.Line].State == Sending {
			in.look(ctx, r)
			open = open || in.Import.marks[r.Line].State == Sending
		}
	}
	return !open, in.out.Stopped
}
