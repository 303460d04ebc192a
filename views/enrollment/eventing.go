package enrollment

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/state/enroll"
	"frontdesk/ui"
)

// newcomers is how many new dependents one event can bring.
const newcomers = 2

// happening is an event as the outbox keeps it. Proof is what of it can be seen
// in snapshots: Event may repeat a line of the employee as it is.
type happening struct {
	Event, Proof anglehealth.Event
	Season       bool
}

// happened is the answer to an event with what snapshots showed after it.
type happened struct {
	happening happening
	answer    anglehealth.Answer[anglehealth.Changed]
	finding   anglehealth.Finding
}

// household is an employee and the dependents read before an event.
type household struct {
	employee anglehealth.Member
	all      []anglehealth.Member // the employee first
	season   bool
	warning  string
}

// eventing changes lines of coverage because of a life event or in the open
// enrollment.
type eventing struct {
	v      *View
	read   *ui.Call[household]
	check  *ui.Call[map[string]string]
	write  *ui.Sender[happening, happened]
	home   household
	fresh  []anglehealth.ID // of newcomers, made when the form opened
	noted  map[anglehealth.ID]bool
	form   *ui.FormDialog
	values map[string]string
}

func newEventing(v *View) *eventing {
	return &eventing{v: v, noted: map[anglehealth.ID]bool{},
		read: ui.NewCall[household](v.env, "read the family"), check: ui.NewCall[map[string]string](v.env, "look up the plans"),
		write: ui.NewSender(v.env, ui.Write[happening, happened]{
			Vendor: vendorName, Op: "change coverage", Words: "change coverage",
			Send: func(ctx ctx, h happening) (happened, error) { return sendEvent(ctx, v.angle, v.book, h) },
			ReadBack: func(ctx ctx, h happening, since time.Time) (ui.Landing, error) {
				f, err := v.angle.EventLanded(ctx, h.Proof)
				return v.landing(f, err, since)
			},
		})}
}

func sendEvent(ctx ctx, angle Insurer, book *enroll.Book, h happening) (happened, error) {
	send, to := angle.ReportLifeEvent, enroll.ToEvent
	if h.Season {
		send, to = angle.OpenEnrollment, enroll.ToSeason
	}
	a, err := send(ctx, h.Event)
	if err != nil {
		return happened{}, err
	}
	_ = book.KeepEvent(ctx, to, h.Proof, a) // it is done; a history with a gap says that it does not know
	f, err := angle.EventLanded(ctx, h.Proof)
	if err != nil {
		err = &unread{err}
	}
	return happened{h, a, f}, err
}

// ask reads the family of a member; the form opens when it is there.
func (e *eventing) ask(m anglehealth.Member, season bool) tea.Cmd {
	head := m.Parent
	if head == "" {
		head = m.ID
	}
	if all := e.v.roster.family(head); all != nil {
		e.open(household{all[0], all, season, ""})
		return nil
	}
	angle := e.v.angle
	return e.read.Latest(func(ctx ctx) (household, error) {
		f, err := angle.Family(ctx, head)
		h := household{f.Employee, append([]anglehealth.Member{f.Employee}, f.Dependents...), season, ""}
		if len(f.Unread) > 0 || f.Partial {
			h.warning = "Not every member of the group could be read: somebody of this family may be missing here."
		}
		return h, err
	})
}

// family are an employee and dependents, when the whole group was read.
func (p *rosterPage) family(head anglehealth.ID) []anglehealth.Member {
	var all []anglehealth.Member
	for _, r := range p.rows {
		switch {
		case !r.read || p.group.Partial:
			return nil
		case r.id == head:
			all = append([]anglehealth.Member{r.member}, all...)
		case r.parent == head:
			all = append(all, r.member)
		}
	}
	if len(all) == 0 || all[0].ID != head {
		return nil
	}
	return all
}

// built is the form as an event, the plans chosen by field, and what is wrong.
// A plan that changes is removed and the other one added. A newcomer is known
// to belong to the employee by standing behind one of the employee's lines,
// which is sent again as it is where nothing of it changes.
func (e *eventing) built(values map[string]string) (h happening, chosen map[string]choice, wrong map[string]string) {
	chosen, wrong = map[string]choice{}, map[string]string{}
	h.Season = e.home.season
	h.Event.Type, h.Event.Date = strings.TrimSpace(values["event_type"]), date(values["event_date"])
	h.Proof.Type, h.Proof.Date = h.Event.Type, h.Event.Date
	for i := range len(e.home.all) + newcomers {
		m := e.member(i)
		for _, l := range anglehealth.Lines() {
			before, after := m.Plan(l).Raw(), strings.TrimSpace(values[lineField(i, l)])
			if i > 0 && after != "" && e.home.employee.Plan(l).Raw() != "" && strings.TrimSpace(values[lineField(0, l)]) == "" {
				wrong[lineField(i, l)] = fmt.Sprintf("The employee gives up %s coverage, and a dependent cannot keep it alone. Choose none.", l)
			}
			if strings.EqualFold(before, after) {
				continue
			}
			if before != "" {
				h.Proof.Lines = append(h.Proof.Lines, anglehealth.EventLine{ID: m.ID, Line: l, Plan: before})
			}
			if after != "" {
				h.Proof.Lines = append(h.Proof.Lines, anglehealth.EventLine{ID: m.ID, Line: l, Plan: after, Add: true})
				chosen[lineField(i, l)] = choice{l, after}
				if i > 0 && strings.TrimSpace(values[lineField(0, l)]) == "" {
					wrong[lineField(i, l)] = fmt.Sprintf("A dependent cannot have %s coverage without the employee's.", l)
				}
			}
		}
	}
	h.Event.Lines = h.Proof.Lines
	if head := e.repeated(h.Proof.Lines, values); head != nil {
		h.Event.Lines = append([]anglehealth.EventLine{*head}, h.Proof.Lines...)
	}
	return h, chosen, wrong
}

// repeated is the employee's line that has to be sent again for a newcomer.
func (e *eventing) repeated(lines []anglehealth.EventLine, values map[string]string) *anglehealth.EventLine {
	named := false
	for _, l := range lines {
		named = named || l.ID == e.home.employee.ID
		if slices.Contains(e.fresh, l.ID) && !named {
			return &anglehealth.EventLine{ID: e.home.employee.ID, Line: l.Line, Plan: values[lineField(0, l.Line)], Add: true}
		}
	}
	return nil
}

// submit asks about the plans before anything is confirmed.
func (e *eventing) submit(values map[string]string) tea.Cmd {
	e.values = values
	h, chosen, wrong := e.built(values)
	if len(h.Proof.Lines) == 0 {
		wrong["lines_of_coverage"] = "Nothing changes: choose another plan for somebody, or press esc."
	}
	if len(wrong) > 0 {
		e.form.SetErrors(wrong)
		return nil
	}
	angle, book, group, head := e.v.angle, e.v.book, e.home.employee.Group, e.home.employee.ID
	var fresh []anglehealth.ID
	for _, id := range h.Proof.Members() {
		if slices.Contains(e.fresh, id) && !e.noted[id] {
			fresh = append(fresh, id)
		}
	}
	return e.check.Once(func(ctx ctx) (map[string]string, error) {
		wrong, err := vet(ctx, angle, chosen, h.Event.Date)
		if err != nil || len(wrong) > 0 {
			return wrong, err
		}
		for _, id := range fresh {
			if free, err := angle.Free(ctx, id); err != nil || !free {
				return map[string]string{"id": "The id made for the new dependent is in use. Close the form and open it again."}, err
			}
		}
		return nil, book.AddMembers(ctx, group, head, fresh...)
	})
}

func (e *eventing) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[household]:
		if e.read.Accept(msg) {
			if msg.Err != nil {
				return e.v.fail(msg.Err)
			}
			for _, m := range msg.Value.all {
				e.v.met[m.ID] = m
			}
			e.open(msg.Value)
		}
	case ui.Result[map[string]string]:
		return e.checked(msg)
	case ui.Result[happened]:
		return e.done(msg)
	}
	return nil
}

// checked asks once more, with what changes for whom.
func (e *eventing) checked(r ui.Result[map[string]string]) tea.Cmd {
	if !e.check.Accept(r) || !e.form.Shown() {
		return nil
	}
	switch {
	case r.Err != nil:
		return e.v.fail(r.Err)
	case len(r.Value) > 0:
		e.form.SetErrors(r.Value)
		return nil
	}
	h, _, _ := e.built(e.values)
	for _, id := range h.Proof.Members() {
		e.noted[id] = true
	}
	e.v.env.Open(ui.NewConfirm(e.v.env, "Change the coverage?", e.occasion(h)+e.effects(h), "Send", func() tea.Cmd {
		return e.write.Start(string(e.home.employee.ID), h, nil)
	}))
	return nil
}

func (e *eventing) done(r ui.Result[happened]) tea.Cmd {
	if !e.write.Accept(r) {
		return nil
	}
	var later *unread
	if r.Err != nil && !errors.As(r.Err, &later) {
		if lost, cmd := e.v.lost(r.Err, e.form); lost {
			return cmd
		}
		e.form.SetErrors(e.complaints(r.Err))
		return e.v.fail(r.Err)
	}
	e.form.Sent()
	text := e.told(r.Value)
	if later != nil {
		text += "\n\n" + later.UserMessage()
	}
	var actions []ui.Action
	for _, row := range r.Value.answer.Rows {
		if id := row.ID; slices.Contains(e.fresh, id) {
			text += "\n\nAngle Health does not know who the new dependent is yet. Press e to enter their data."
			actions = append(actions, ui.Action{Key: ui.One("e", "enter who the new one is"), Do: func() (bool, tea.Cmd) {
				e.v.change.ask(anglehealth.Member{ID: id, Group: e.home.employee.Group, Parent: e.home.employee.ID})
				return true, nil
			}})
			break
		}
	}
	e.v.env.Open(ui.NewReader(e.v.env, "Coverage changed", text, actions...))
	return tea.Batch(e.v.member.again(), e.v.roster.reload())
}

// complaints are the vendor's, under the words of the form.
func (e *eventing) complaints(err error) map[string]string {
	all := rest.Complaints(err)
	if len(all) == 0 {
		all["lines_of_coverage"] = rest.UserMessage(err)
	}
	return all
}
