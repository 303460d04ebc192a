package enroll

import (
	"context"
	"fmt"
	"strings"

	"github.com/golang-sql/civil"

	"frontdesk/clients/anglehealth"
)

// Leaving is what a termination would do, read before it is sent.
type Leaving struct {
	Termination anglehealth.Termination
	Family      anglehealth.Family
	Losing      []anglehealth.Member // everybody who loses coverage, the employee first
	// Warning is not empty when it is not certain that Losing is everybody.
	Warning string
}

// Leaving reads the family of a member who is to be terminated. A dependent
// leaves alone; an employee takes every dependent along.
func (b *Book) Leaving(ctx context.Context, id anglehealth.ID, lastWork civil.Date) (Leaving, error) {
	l := Leaving{Termination: anglehealth.Termination{ID: id, LastWork: lastWork}}
	m, err := b.insurer.Member(ctx, id)
	if err != nil {
		return l, err
	}
	if dependent(m) {
		l.Family.Employee = m
		l.lose(m)
		return l, b.Keep(ctx, m)
	}
	if l.Family, err = b.insurer.Family(ctx, id); err != nil {
		return l, err
	}
	family := append([]anglehealth.Member{l.Family.Employee}, l.Family.Dependents...)
	for _, m := range family {
		l.lose(m)
	}
	if err := b.Keep(ctx, family...); err != nil {
		return l, err
	}
	switch n := len(l.Family.Unread); {
	case n > 0:
		l.Warning = fmt.Sprintf("%d members of the group could not be read. Some of them may belong to this family and lose coverage too.", n)
	case l.Family.Partial:
		l.Warning = "The group has more members than Angle Health named. Some of them may belong to this family and lose coverage too."
	}
	return l, nil
}

func dependent(m anglehealth.Member) bool {
	return strings.EqualFold(strings.TrimSpace(m.Type.Raw()), "dependent") || m.Parent != "" && m.Parent != m.ID
}

func (l *Leaving) lose(m anglehealth.Member) {
	if m.Covered() {
		l.Losing = append(l.Losing, m)
	}
}

// Effect is what an event does to one line of one member.
type Effect struct {
	ID            anglehealth.ID
	Line          anglehealth.Line
	Before, After string // names of plans, empty for none
	Problem       string // why it cannot be meant, "" when it can
}

// Effects are the lines of members before and after an event. A member that is
// not among those read is new.
func Effects(e anglehealth.Event, read []anglehealth.Member) []Effect {
	before := map[anglehealth.ID]anglehealth.Member{}
	for _, m := range read {
		before[m.ID] = m
	}
	type place struct {
		id   anglehealth.ID
		line anglehealth.Line
	}
	found := map[place]int{}
	var all []Effect
	for _, l := range e.Lines {
		p := place{l.ID, l.Line}
		i, again := found[p]
		if !again {
			i = len(all)
			found[p] = i
			has := before[l.ID].Plan(l.Line).String()
			all = append(all, Effect{ID: l.ID, Line: l.Line, Before: has, After: has})
		}
		f := &all[i]
		switch {
		case l.Add:
			f.After = l.Plan
			if strings.EqualFold(f.Before, l.Plan) && !again {
				f.Problem = "The member already has this plan."
			}
		case !strings.EqualFold(f.Before, l.Plan):
			f.Problem = "The member does not have the plan that is to be removed."
		case strings.EqualFold(f.After, l.Plan):
			f.After = ""
		}
	}
	return all
}
