package enrollment

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/enroll"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// leave is a termination as the outbox keeps it: with the plans of everybody
// who should lose theirs, to see later whether it landed.
type leave struct {
	ID       anglehealth.ID
	LastWork civil.Date
	Losing   []covered
}

// covered is a member with the plans they had.
type covered struct {
	ID    anglehealth.ID
	Plans map[anglehealth.Line]string
}

func (c covered) member() anglehealth.Member {
	return anglehealth.Member{ID: c.ID, Medical: safe.Line(c.Plans[anglehealth.Medical]),
		Dental: safe.Line(c.Plans[anglehealth.Dental]), Vision: safe.Line(c.Plans[anglehealth.Vision])}
}

// left is the answer to a termination beside what was expected.
type left struct {
	leave  leave
	answer anglehealth.Answer[anglehealth.Ended]
}

// ending terminates: the family is read first, everybody who loses coverage is
// named, the id is typed, and the outbox keeps it back for its window.
//
// A sender carries one write at a time, and a minute is long when several
// people left on one day, so each termination has one of its own.
type ending struct {
	v    *View
	read *ui.Call[enroll.Leaving]
	ways []*way
	form *ui.FormDialog
	last string   // the day typed last, offered again after it was taken back
	told []string // what became of those of this session, the newest first
}

// way is a sender and the termination it carries, or carried last.
type way struct {
	write *ui.Sender[leave, left]
	leave leave
	since time.Time // confirmed
}

func newEnding(v *View) *ending {
	e := &ending{v: v, read: ui.NewCall[enroll.Leaving](v.env, "read the family")}
	e.free() // declared from the start: the outbox may hold one of another session
	return e
}

// free is a way that carries nothing now.
func (e *ending) free() *way {
	for _, w := range e.ways {
		if !w.write.Out() {
			return w
		}
	}
	angle, book, v := e.v.angle, e.v.book, e.v
	w := &way{write: ui.NewSender(v.env, ui.Write[leave, left]{
		Vendor: vendorName, Op: "terminate", Class: "termination", Words: "terminate",
		Send: func(ctx ctx, l leave) (left, error) {
			a, err := angle.Terminate(ctx, anglehealth.Termination{ID: l.ID, LastWork: l.LastWork})
			if err == nil {
				_ = book.KeepEnd(ctx, a) // it is done; a history with a gap says that it does not know
			}
			return left{l, a}, err
		},
		ReadBack: func(ctx ctx, l leave, since time.Time) (ui.Landing, error) {
			var before []anglehealth.Member
			for _, c := range l.Losing {
				before = append(before, c.member())
			}
			f, err := angle.TerminationLanded(ctx, before)
			return v.landing(f, err, since)
		},
	})}
	e.ways = append(e.ways, w)
	return w
}

// out is whose termination is not answered yet and takes coverage from a
// member, "" if there is none.
func (e *ending) out(id anglehealth.ID) anglehealth.ID {
	for _, w := range e.ways {
		if w.write.Out() && (w.leave.ID == id || slices.ContainsFunc(w.leave.Losing, func(c covered) bool { return c.ID == id })) {
			return w.leave.ID
		}
	}
	return ""
}

// clear says no while somebody of these is terminated already: two answers
// about one family could not be told apart.
func (e *ending) clear(ids ...anglehealth.ID) bool {
	for _, id := range ids {
		if of := e.out(id); of != "" {
			words := "A termination of " + e.v.who(of) + " is on its way"
			if of != id {
				words += " and takes coverage from " + e.v.who(id)
			}
			e.v.env.Fail(words + ". Wait for its answer, or take it back with ctrl+x.")
			return false
		}
	}
	return true
}

// vendorName is the vendor of this tab's writes in the outbox.
const vendorName = "Angle Health"

// ask asks for the last day of work; the family is read after it.
func (e *ending) ask(m anglehealth.Member) {
	if !e.clear(m.ID) {
		return
	}
	f := form.New(e.v.env.Theme, form.Date("last_work_date", "Last day of work").Required().Today(e.v.today).Default(e.last).
		Help("coverage ends by Angle Health's rules after this day"))
	e.form = ui.NewFormDialog(e.v.env, "Terminate "+name(m), f, func(values map[string]string) tea.Cmd {
		book, day := e.v.book, date(values["last_work_date"])
		e.last = values["last_work_date"]
		return e.read.Latest(func(ctx ctx) (enroll.Leaving, error) { return book.Leaving(ctx, m.ID, day) })
	})
	e.form.Busy = e.read.Out
	e.form.Below = func(int) string {
		if e.read.Out() {
			return "reading the family..."
		}
		return ""
	}
	e.v.env.Open(e.form)
}

func (e *ending) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[enroll.Leaving]:
		return e.sure(msg)
	case ui.Result[left]:
		return e.ended(msg)
	}
	return nil
}

// sure names everybody who loses coverage and wants the id typed.
func (e *ending) sure(r ui.Result[enroll.Leaving]) tea.Cmd {
	if !e.read.Accept(r) || !e.form.Shown() {
		return nil
	}
	if r.Err != nil {
		e.form.SetErrors(map[string]string{"last_work_date": "The family could not be read, so nobody can say who would lose coverage. " + rest.UserMessage(r.Err)})
		return nil
	}
	e.form.Sent()
	l := leave{ID: r.Value.Termination.ID, LastWork: r.Value.Termination.LastWork}
	for _, m := range r.Value.Losing {
		c := covered{ID: m.ID, Plans: map[anglehealth.Line]string{}}
		for _, line := range lines {
			if s := m.Plan(line).Raw(); s != "" {
				c.Plans[line] = s
			}
		}
		l.Losing = append(l.Losing, c)
		e.v.met[m.ID] = m
	}
	e.v.env.Open(ui.NewTyped(e.v.env, "Terminate "+e.v.who(l.ID)+"?", e.words(l, r.Value.Warning), string(l.ID), func() tea.Cmd {
		return e.start(l)
	}))
	return nil
}

func (e *ending) start(l leave) tea.Cmd {
	ids := []anglehealth.ID{l.ID}
	for _, c := range l.Losing {
		ids = append(ids, c.ID)
	}
	if !e.clear(ids...) {
		return nil
	}
	w := e.free()
	w.leave, w.since = l, e.v.env.PracticeNow()
	return w.write.Start(string(l.ID), l, nil)
}

// words tell what a termination does.
func (e *ending) words(l leave, warning string) string {
	var all []string
	if len(l.Losing) == 0 {
		all = append(all, fmt.Sprintf("Last day of work %s.%s Nobody of this family shows any coverage now. The termination is recorded all the same.", l.LastWork, e.v.far(" ", l.LastWork)))
	} else {
		all = append(all, fmt.Sprintf("Last day of work %s.%s Coverage ends for %d:", l.LastWork, e.v.far(" ", l.LastWork), len(l.Losing)))
	}
	for _, c := range l.Losing {
		var plans []string
		for _, line := range lines {
			if c.Plans[line] != "" {
				plans = append(plans, string(line)+" "+plan(c.Plans[line]))
			}
		}
		all = append(all, "  "+e.v.env.Theme.Glyph.Bullet+" "+e.v.who(c.ID)+": "+strings.Join(plans, ", "))
	}
	for _, words := range []string{warning, e.v.unsure.warning(l.ID)} {
		if words != "" {
			all = append(all, e.v.env.Theme.Glyph.Warn+" "+words)
		}
	}
	return strings.Join(append(all, "It can be taken back with ctrl+x until it is sent, and not after."), "\n")
}

// ended follows a termination to its answer. Somebody may be typing by then, so
// a sentence tells it, and all of it is a key away.
func (e *ending) ended(r ui.Result[left]) tea.Cmd {
	for _, w := range e.ways {
		if w.write.Accept(r) {
			return e.answered(w.leave, r)
		}
	}
	return nil
}

func (e *ending) answered(l leave, r ui.Result[left]) tea.Cmd {
	who := e.v.who(l.ID)
	switch {
	case errors.Is(r.Err, ui.ErrTakenBack):
		e.note(who + ": taken back, nothing was sent.")
		return e.v.env.Say("Taken back: nothing was sent, and " + who + " was not terminated.")
	case r.Err != nil:
		e.note(who + ": " + rest.UserMessage(r.Err))
		if lost, cmd := e.v.lost(r.Err, nil); lost {
			return cmd
		}
		return tea.Batch(e.v.fail(r.Err), e.v.member.again())
	}
	e.last = ""
	words, fine := e.dates(r.Value)
	e.note(words)
	cmds := []tea.Cmd{e.v.member.again(), e.v.roster.reload()}
	if !fine {
		e.v.env.Fail("The answer to the termination of " + who + " is not as expected. Press T to read it.")
		return tea.Batch(cmds...)
	}
	return tea.Batch(append(cmds, e.v.env.Say(fmt.Sprintf("%s is terminated: coverage ends for %d. T tells when.", who, len(r.Value.answer.Rows))))...)
}

func (e *ending) note(words string) { e.told = append([]string{words}, e.told...) }

// some reports that there is something for show.
func (e *ending) some() bool {
	return len(e.told) > 0 || slices.ContainsFunc(e.ways, func(w *way) bool { return w.write.Out() })
}

// show tells of the terminations of this session: those that are not answered
// yet, then the answers.
func (e *ending) show() {
	var all []string
	for i := len(e.ways) - 1; i >= 0; i-- {
		if w := e.ways[i]; w.write.Out() {
			all = append(all, e.v.env.Theme.Glyph.Ellipsis+" "+e.v.who(w.leave.ID)+": confirmed at "+w.since.Format("15:04:05")+", waits to be sent or for its answer. While it waits, ctrl+x takes back the one confirmed last.")
		}
	}
	e.v.env.Open(ui.NewReader(e.v.env, "Terminations", strings.Join(append(all, e.told...), "\n\n")))
}

// dates are the end dates that came back, and whether they are as expected.
func (e *ending) dates(l left) (words string, fine bool) {
	th, fine := e.v.env.Theme, true
	all := []string{e.v.who(l.leave.ID) + ", last day of work " + l.leave.LastWork.String() + ". Angle Health answered:"}
	answered := map[anglehealth.ID]bool{}
	for _, row := range l.answer.Rows {
		answered[row.ID] = true
		s := th.Glyph.Ok
		if row.ID != l.leave.ID && !slices.ContainsFunc(l.leave.Losing, func(c covered) bool { return c.ID == row.ID }) {
			s, fine = th.Glyph.Differs+" not expected:", false
		}
		all = append(all, fmt.Sprintf("%s %s: coverage ends %s", s, e.v.who(row.ID), told(row.End.String())))
	}
	for _, c := range append([]covered{{ID: l.leave.ID}}, l.leave.Losing...) {
		if !answered[c.ID] {
			answered[c.ID], fine = true, false
			all = append(all, th.Glyph.Differs+" "+e.v.who(c.ID)+": not in the answer. Whether the coverage ends is not known: read the member again, and ask Angle Health.")
		}
	}
	return strings.Join(all, "\n"), fine
}
