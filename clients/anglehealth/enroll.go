package anglehealth

import (
	"context"
	"fmt"

	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
)

var opNewHire = writing("enroll new hire", "/new_hire_enrollment")

// Elected is a member to be enrolled with the plans chosen: the name of a plan
// by line, for medical and dental only.
type Elected struct {
	ID    ID
	Plans map[Line]string
}

// NewHire is one employee with the employee's own dependents. The request has
// no place for who belongs to whom: the order tells it, so that one request
// holds one family, employee first.
type NewHire struct {
	Group      ID
	Start      civil.Date // the employee's; dependents carry it too
	Employee   Elected
	Dependents []Elected
}

// Members are the ids in the order of sending.
func (h NewHire) Members() []ID { return family{h.Employee, h.Dependents}.ids() }

// Problems says what cannot be sent as it is: wire name to a sentence.
func (h NewHire) Problems() map[string]string {
	wrong := family{h.Employee, h.Dependents}.problems()
	if p := h.Group.Problem(); p != "" {
		wrong["group_id"] = "The group's id cannot be used. " + p
	}
	if _, ok := short(h.Start); !ok {
		wrong["employee_start_date"] = "The start date must lie between 2000 and 2099: Angle Health takes it with two digits for the year."
	}
	return wrong
}

// enrolling is a member on the wire. Group and start are left out where a whole
// group is registered.
type enrolling struct {
	ID    ID     `json:"id"`
	Type  string `json:"member_type"`
	Plan  string `json:"plan_name"`
	Group ID     `json:"group_id,omitempty"`
	Start string `json:"employee_start_date,omitempty"`
}

// elections is lines_of_coverage as an object, as enrolments have it.
type elections map[Line]struct {
	Members []enrolling `json:"enrolling_members"`
}

// elect puts families into the lines their members chose, employee first.
func elect(families []family, group ID, start string) elections {
	lines := elections{}
	for _, f := range families {
		for i, m := range f.all() {
			kind := "dependent"
			if i == 0 {
				kind = "employee"
			}
			for line, plan := range m.Plans {
				l := lines[line]
				l.Members = append(l.Members, enrolling{m.ID, kind, plan, group, start})
				lines[line] = l
			}
		}
	}
	return lines
}

// EnrollNewHire enrols an employee and dependents. It is sent once. The answer
// is not yet a proof: see Compare. POST /new_hire_enrollment.
func (c *Client) EnrollNewHire(ctx context.Context, h NewHire) (Answer[Covered], error) {
	if wrong := h.Problems(); len(wrong) > 0 {
		return Answer[Covered]{}, refuseFields(opNewHire, wrong)
	}
	start, _ := short(h.Start)
	body := struct {
		Lines elections `json:"lines_of_coverage"`
	}{elect([]family{{h.Employee, h.Dependents}}, h.Group, start)}
	rs, err := rest.Do[records](ctx, c.transport, opNewHire, rest.Call{Body: body, Record: string(h.Employee.ID)})
	if err != nil {
		return Answer[Covered]{}, err
	}
	return answer(rs, h.Members(), record.covered), nil
}

// family is an employee with dependents, on the way out.
type family struct {
	employee   Elected
	dependents []Elected
}

func (f family) all() []Elected { return append([]Elected{f.employee}, f.dependents...) }

func (f family) ids() []ID {
	var ids []ID
	for _, m := range f.all() {
		ids = append(ids, m.ID)
	}
	return ids
}

// problems finds what the document gives no way to say.
func (f family) problems() map[string]string {
	wrong := map[string]string{}
	seen := map[ID]bool{}
	for i, m := range f.all() {
		who := "The employee"
		if i > 0 {
			who = fmt.Sprintf("Dependent %d", i)
		}
		switch p := m.ID.Problem(); {
		case p != "":
			wrong["id"] = who + " has no usable id. " + p
		case seen[m.ID]:
			wrong["id"] = who + " has the id of another member of the family."
		}
		seen[m.ID] = true
		if len(m.Plans) == 0 {
			wrong["plan_name"] = who + " has no plan in any line of coverage."
		}
		for line, plan := range m.Plans {
			switch {
			case line != Medical && line != Dental:
				wrong["line_of_coverage"] = who + " can be enrolled in medical and dental only."
			case plan == "":
				wrong["plan_name"] = who + " has a line of coverage without a plan."
			case i > 0 && f.employee.Plans[line] == "":
				wrong["line_of_coverage"] = fmt.Sprintf("%s is to have %s coverage, but the employee is not: "+
					"Angle Health tells a dependent by the employee before it in the same line.", who, line)
			}
		}
	}
	return wrong
}
