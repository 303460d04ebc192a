package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

var noMember = refusal{http.StatusNotFound, "member not found"}

// termination is POST /termination. All of it is checked before any of it is
// done.
func (a *anglehealth) termination(given map[string]any) (any, error) {
	items, _ := given["terminations"].([]any)
	if len(items) == 0 {
		return nil, objection("terminations", "must be a list")
	}
	type ending struct {
		m    *insured
		last time.Time
	}
	var endings []ending
	for _, item := range items {
		fields, _ := item.(map[string]any)
		wrong := objections{}
		last := angleDate(fields, "last_work_date", fourDigitYear, wrong)
		if len(wrong) > 0 {
			return nil, wrong
		}
		m := a.members[text(fields, "id")]
		if m == nil {
			return nil, noMember
		}
		endings = append(endings, ending{m, last})
	}
	list := []row{}
	for _, e := range endings {
		for _, m := range a.household(e.m) {
			m.left = true
			for _, c := range m.cover {
				c.end, c.over = endOfMonth(e.last), true
			}
			list = append(list, row{"id": m.id, "member_type": a.coverageOf(m)["member_type"],
				"coverage_end_date": longDate(endOfMonth(e.last)), "parent": m.parent})
		}
		if job, ok := e.m.fields["employment"].(row); ok && e.m.employee {
			job = maps.Clone(job)
			job["employment_status"] = "terminated"
			e.m.fields["employment"] = job
		}
	}
	return list, nil
}

// household is a member and, for an employee, everybody who hangs on it.
func (a *anglehealth) household(m *insured) []*insured {
	all := []*insured{m}
	for _, id := range a.rosters[m.group] {
		if d := a.members[id]; m.employee && d != m && d.parent == m.id {
			all = append(all, d)
		}
	}
	return all
}

// changeKeys are the documented keys of a change and what an object under them
// may hold; nil is for those which are a text.
var changeKeys = map[string][]string{
	"name_change":       {"first_name", "middle_name", "last_name", "suffix"},
	"address_change":    {"home_address", "mailing_address"},
	"contact_change":    {"home_phone", "work_phone", "email_address", "email_address_type"},
	"employment_change": {"hire_date", "employment_status", "occupation", "hours_worked"},
	"ssn_change":        nil, "dob_change": nil, "sex_change": nil,
}

// demographicChange is POST /demographic_change.
func (a *anglehealth) demographicChange(given map[string]any) (any, error) {
	items, _ := given["member_changes"].([]any)
	if len(items) == 0 {
		return nil, objection("member_changes", "must be a list")
	}
	var changes []row
	for _, item := range items {
		change, _ := item.(map[string]any)
		if wrong := objectTo(change); len(wrong) > 0 {
			return nil, wrong
		}
		if a.members[text(change, "id")] == nil {
			return nil, noMember
		}
		changes = append(changes, change)
	}
	for _, change := range changes {
		a.members[text(change, "id")].change(change)
	}
	return row{"response": "updated"}, nil
}

func objectTo(change row) objections {
	wrong := objections{}
	for key, v := range change {
		fields, known := changeKeys[key]
		group, isGroup := v.(map[string]any)
		switch {
		case key == "id":
		case !known:
			wrong[key] = "is not known"
		case fields == nil && text(change, key) == "", fields != nil && !isGroup:
			wrong[key] = "has another form"
		}
		for name, v := range group {
			if _, words := v.(string); !words || !slices.Contains(fields, name) {
				wrong[key+"."+name] = "is not known"
			}
		}
		if group["hire_date"] != nil {
			angleDate(group, "hire_date", fourDigitYear, wrong)
		}
	}
	if change["dob_change"] != nil {
		angleDate(change, "dob_change", fourDigitYear, wrong)
	}
	if sex := change["sex_change"]; sex != nil && sex != "F" && sex != "M" {
		wrong["sex_change"] = "must be F or M"
	}
	if ssn := change["ssn_change"]; ssn != nil && len(strings.ReplaceAll(text(change, "ssn_change"), "-", "")) != 9 {
		wrong["ssn_change"] = "must have nine digits"
	}
	if len(change) < 2 {
		wrong["member_changes"] = "nothing is to be changed"
	}
	return wrong
}

// change lays the change over the person.
func (m *insured) change(change row) {
	fields := maps.Clone(m.fields)
	for key, under := range map[string]string{"contact_change": "contact", "employment_change": "employment"} {
		if group, ok := change[key].(map[string]any); ok {
			old, _ := fields[under].(row)
			laid := maps.Clone(old)
			if laid == nil {
				laid = row{}
			}
			maps.Copy(laid, group)
			fields[under] = laid
		}
	}
	for _, key := range []string{"name_change", "address_change"} {
		group, _ := change[key].(map[string]any)
		maps.Copy(fields, group)
	}
	for key, field := range map[string]string{"ssn_change": "ssn", "dob_change": "dob", "sex_change": "sex"} {
		if v := change[key]; v != nil {
			fields[field] = v
		}
	}
	m.fields = fields
}

// lifeEvent is POST /qualifying_life_event.
func (a *anglehealth) lifeEvent(given map[string]any) (any, error) {
	if kind := text(given, "event_type"); kind == "" || kind == "open_enrollment" {
		return nil, objection("event_type", "must name a life event")
	}
	return a.event(given)
}

// openEnrollment is POST /open_enrollment.
func (a *anglehealth) openEnrollment(given map[string]any) (any, error) {
	if text(given, "event_type") != "open_enrollment" {
		return nil, objection("event_type", "must be open_enrollment")
	}
	return a.event(given)
}

// An eventLine is one entry of lines_of_coverage that was found in order.
type eventLine struct {
	m          *insured
	line, plan string
	add        bool
}

// event changes lines of coverage. A member nobody knows is a new dependent of
// the employee before it in the list.
func (a *anglehealth) event(given map[string]any) (any, error) {
	wrong := objections{}
	day := angleDate(given, "event_date", fourDigitYear, wrong)
	items, _ := given["lines_of_coverage"].([]any)
	if len(items) == 0 {
		wrong["lines_of_coverage"] = "must be a list"
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	lines, err := a.eventLines(items)
	if err != nil {
		return nil, err
	}
	reply := row{}
	for _, l := range lines {
		a.keep(l.m)
		r := row{"id": l.m.id, "parent": l.m.parent}
		if l.add {
			start := firstOfNext(day)
			l.m.cover[l.line] = &coverage{plan: l.plan, start: start, end: endOfYear(start), rate: rateOf(l.plan, l.m.employee)}
			r["coverage_start_date"], r["coverage_end_date"] = shortDate(start), shortDate(endOfYear(start))
			r["rate"] = rateOf(l.plan, l.m.employee)
		} else {
			c := l.m.cover[l.line]
			c.end, c.over = endOfMonth(day), true
			r["coverage_end_date"] = longDate(c.end)
		}
		reply[l.m.id] = r
	}
	return reply, nil
}

func (a *anglehealth) eventLines(items []any) ([]eventLine, error) {
	var lines []eventLine
	var before *insured // the employee
	fresh := map[string]*insured{}
	for _, item := range items {
		fields, _ := item.(map[string]any)
		id, line, plan := text(fields, "id"), text(fields, "line_of_coverage"), text(fields, "plan_name")
		status := strings.ReplaceAll(text(fields, "coverage_status"), " ", "_")
		m := a.members[id]
		if m == nil {
			m = fresh[id]
		}
		switch p := a.plans[plan]; {
		case line != "medical" && line != "dental":
			return nil, objection("line_of_coverage", "must be medical or dental")
		case p == nil || p["line_of_coverage"] != line:
			return nil, objection("plan_name", "is no "+line+" plan")
		case status != "adding_coverage" && status != "removing_coverage":
			return nil, objection("coverage_status", "must be adding_coverage or removing_coverage")
		case m == nil && (before == nil || id == "" || status == "removing_coverage"):
			return nil, noMember
		case m == nil:
			m = &insured{id: id, group: before.group, parent: before.id, fields: emptyInsured(), cover: map[string]*coverage{}}
			fresh[id] = m
		}
		if c := m.cover[line]; status == "removing_coverage" && (c == nil || c.over || c.plan != plan) {
			return nil, objection("coverage_status", "there is no such coverage to remove")
		}
		if m.employee {
			before = m
		}
		lines = append(lines, eventLine{m, line, plan, status == "adding_coverage"})
	}
	return lines, nil
}
