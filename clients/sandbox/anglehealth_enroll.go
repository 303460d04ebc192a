package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// An election is one entry of enrolling_members that was found in order.
type election struct {
	id, line, plan, group string
	employee              bool
	parent                string // the employee before it in the same line
	start                 time.Time
}

// enrolLines are the lines enrolments may name, in the order they are read.
var enrolLines = []string{"dental", "medical"}

// elections reads lines_of_coverage as enrolments have it: an object of lines,
// each with its members. Who belongs to whom is told by the order alone.
func (a *anglehealth) elections(given any, grouped bool) ([]election, error) {
	lines, ok := given.(map[string]any)
	if !ok || len(lines) == 0 {
		return nil, objection("lines_of_coverage", "must be an object with dental or medical")
	}
	for line := range lines {
		if !slices.Contains(enrolLines, line) {
			return nil, objection("lines_of_coverage", "unknown line of coverage")
		}
	}
	var all []election
	for _, line := range enrolLines {
		if lines[line] == nil {
			continue
		}
		named, _ := lines[line].(map[string]any)
		members, ok := named["enrolling_members"].([]any)
		if !ok || len(members) == 0 {
			return nil, objection("enrolling_members", "must be a list of members")
		}
		parent := ""
		for _, m := range members {
			fields, _ := m.(map[string]any)
			e, err := a.election(fields, line, grouped)
			if err != nil {
				return nil, err
			}
			if e.employee {
				parent = e.id
			}
			if parent == "" {
				return nil, objection("member_type", "a dependent must follow its employee")
			}
			e.parent = parent
			all = append(all, e)
		}
	}
	return all, agree(all)
}

func (a *anglehealth) election(given row, line string, grouped bool) (election, error) {
	wrong := objections{}
	e := election{line: line, id: text(given, "id"), plan: text(given, "plan_name")}
	if e.id == "" {
		wrong["id"] = "is required"
	}
	switch text(given, "member_type") {
	case "employee":
		e.employee = true
	case "dependent":
	default:
		wrong["member_type"] = "must be employee or dependent"
	}
	if p := a.plans[e.plan]; p == nil || p["line_of_coverage"] != line {
		wrong["plan_name"] = "is no " + line + " plan"
	}
	if grouped {
		e.group = text(given, "group_id")
		if e.group == "" {
			wrong["group_id"] = "is required"
		}
		e.start = angleDate(given, "employee_start_date", twoDigitYear, wrong)
	} else if given["employee_start_date"] != nil || given["group_id"] != nil {
		wrong["enrolling_members"] = "group_id and employee_start_date do not belong here"
	}
	if len(wrong) > 0 {
		return election{}, wrong
	}
	return e, nil
}

// agree refuses a member who is somebody else in another line.
func agree(all []election) error {
	seen := map[string]election{}
	for _, e := range all {
		o, again := seen[e.id]
		if again && (o.employee != e.employee || o.parent != e.parent || o.group != e.group || o.line == e.line) {
			return objection("id", "stands for two members")
		}
		seen[e.id] = e
	}
	return nil
}

// newHire is POST /new_hire_enrollment.
func (a *anglehealth) newHire(given map[string]any) (any, error) {
	all, err := a.elections(given["lines_of_coverage"], true)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		if a.groups[e.group] == nil {
			return nil, refusal{http.StatusNotFound, "group not found"}
		}
	}
	if err := a.clash(all); err != nil {
		return nil, err
	}
	a.enrol(all)
	reply := row{}
	for _, e := range all {
		reply[e.id] = a.coverageOf(a.members[e.id])
	}
	return reply, nil
}

// clash refuses an id that already stands for something else. What is there
// exactly as it is asked for once more is answered as before.
func (a *anglehealth) clash(all []election) error {
	for _, e := range all {
		m := a.members[e.id]
		if m == nil {
			continue
		}
		c := m.cover[e.line]
		same := m.employee == e.employee && m.parent == e.parent && m.group == e.group && c != nil && c.plan == e.plan
		if !same {
			return refusal{http.StatusConflict, "member already exists"}
		}
	}
	return nil
}

// enrol takes members in and counts it for each of them.
func (a *anglehealth) enrol(all []election) {
	counted := map[string]bool{}
	for _, e := range all {
		m := a.members[e.id]
		if m == nil {
			m = &insured{id: e.id, group: e.group, employee: e.employee, parent: e.parent,
				fields: emptyInsured(), cover: map[string]*coverage{}}
			a.keep(m)
		}
		if !counted[e.id] {
			counted[e.id] = true
			a.enrolled[e.id]++
		}
		start := firstOfNext(e.start)
		m.cover[e.line] = &coverage{plan: e.plan, start: start, end: endOfYear(start), rate: rateOf(e.plan, e.employee)}
	}
}

// coverageOf is a member as the answers to enrolments tell it.
func (a *anglehealth) coverageOf(m *insured) row {
	kind := "dependent"
	if m.employee {
		kind = "employee"
	}
	r := row{"member_type": kind}
	for line, c := range m.cover {
		r[line] = row{"plan_name": c.plan, "coverage_start_date": shortDate(c.start),
			"coverage_end_date": shortDate(c.end), "rate": c.rate, "parent": m.parent}
	}
	return r
}

// registerGroup is POST /broker/register_group below the base, and the same
// with its prefix once.
func (a *anglehealth) registerGroup(given map[string]any) (any, error) {
	wrong := objections{}
	for _, name := range []string{"group_id", "group_name", "group_address"} {
		if text(given, name) == "" {
			wrong[name] = "is required"
		}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	all, err := a.elections(given["lines_of_coverage"], false)
	if err != nil {
		return nil, err
	}
	id := text(given, "group_id")
	for i := range all {
		all[i].group, all[i].start = id, a.srv.local().Date.In(time.UTC)
	}
	g := row{"group_id": id, "group_name": given["group_name"], "group_address": given["group_address"]}
	if old := a.groups[id]; old != nil && fmt.Sprint(old) != fmt.Sprint(g) {
		return nil, refusal{http.StatusConflict, "group already exists"}
	}
	if err := a.clash(all); err != nil {
		return nil, err
	}
	a.groups[id] = g
	a.enrol(all)
	list := []row{}
	seen := map[string]bool{}
	for _, e := range all {
		if seen[e.id] {
			continue
		}
		seen[e.id] = true
		r := a.coverageOf(a.members[e.id])
		r["id"] = e.id
		list = append(list, r)
	}
	return row{"group_id": id, "member_coverage": list}, nil
}
