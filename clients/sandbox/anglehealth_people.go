package sandbox

import (
	"fmt"
	"time"
)

// anglePlans are the plans of a year. The first four are those of the
// document's samples.
func anglePlans(year int) map[string]row {
	plans := map[string]row{}
	for _, p := range []struct{ name, line, tier, rates string }{
		{"silver_ppo", "medical", "silver", "338.00 - 979.50"},
		{"bronze_epo", "medical", "bronze", "261.25 - 803.75"},
		{"bronze_ppo", "medical", "bronze", "289.00 - 866.00"},
		{"delta_dental", "dental", "none", "22.40 - 61.10"},
		{"gold_ppo", "medical", "gold", "412.50 - 1204.00"},
		{"clear_vision", "vision", "none", "7.15 - 19.90"},
	} {
		plans[p.name] = row{
			"plan_name": p.name, "line_of_coverage": p.line, "metal_tier": p.tier, "rates": p.rates,
			"effective_date": fmt.Sprintf("01/01/%d", year), "end_date": fmt.Sprintf("12/31/%d", year),
		}
	}
	return plans
}

// rateOf is the price of a plan for a member, as the text the document shows.
func rateOf(plan string, employee bool) string {
	rate := map[string][2]string{
		"silver_ppo": {"412.50", "338.00"}, "bronze_epo": {"318.75", "261.25"}, "bronze_ppo": {"351.00", "289.00"},
		"delta_dental": {"31.20", "22.40"}, "gold_ppo": {"502.10", "412.50"},
	}[plan]
	if employee {
		return rate[0]
	}
	return rate[1]
}

// settle peoples the insurer with three groups that nobody could take for real.
func (a *anglehealth) settle(year int) {
	start := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	n := 0
	add := func(group, parent, first, last, relation string, plans map[string]string) string {
		n++
		id := fmt.Sprintf("fake-member-%03d", n)
		m := &insured{
			id: id, group: group, employee: parent == "", parent: parent, relation: relation,
			fields: emptyInsured(), cover: map[string]*coverage{},
		}
		if parent == "" {
			m.parent = id
			m.fields["employment"] = row{"hire_date": fmt.Sprintf("03/01/%d", year-4), "employment_status": "full_time",
				"occupation": "Sample worker", "hours_worked": "40"}
		}
		m.fields["first_name"], m.fields["last_name"] = first, last
		m.fields["home_address"] = fmt.Sprintf("%d Example Street, Faketown, UT 84000", 100+n)
		m.fields["mailing_address"] = m.fields["home_address"]
		m.fields["dob"] = fmt.Sprintf("%02d/%02d/%d", n%12+1, n%28+1, 1990-n%25)
		m.fields["ssn"] = fmt.Sprintf("987-65-%04d", 4320+n)
		m.fields["sex"] = []string{"F", "M"}[n%2]
		m.fields["contact"] = row{"home_phone": fmt.Sprintf("801-555-%04d", 100+n), "work_phone": "",
			"email_address": fmt.Sprintf("member%03d@example.com", n), "email_address_type": "personal"}
		for line, plan := range plans {
			m.cover[line] = &coverage{plan: plan, start: start, end: endOfYear(start), rate: rateOf(plan, parent == "")}
		}
		a.keep(m)
		return m.parent
	}
	both := map[string]string{"medical": "silver_ppo", "dental": "delta_dental"}
	for _, g := range []struct{ id, name, address string }{
		{"fake-group-bakery", "Sample Bakery (training)", "1 Example Plaza, Faketown, UT 84000"},
		{"fake-group-garage", "Sample Garage (training)", "2 Example Plaza, Faketown, UT 84000"},
		{"fake-group-empty", "Sample Start-up (training)", "3 Example Plaza, Faketown, UT 84000"},
	} {
		a.groups[g.id] = row{"group_id": g.id, "group_name": g.name, "group_address": g.address}
	}
	ada := add("fake-group-bakery", "", "Ada", "Sample", "", both)
	add("fake-group-bakery", ada, "Alan", "Sample", "spouse", both)
	add("fake-group-bakery", ada, "Amy", "Sample", "child", both)
	add("fake-group-bakery", "", "Bo", "Example", "", map[string]string{"medical": "bronze_epo"})
	cleo := add("fake-group-garage", "", "Cleo", "Specimen", "", map[string]string{"medical": "bronze_ppo", "dental": "delta_dental"})
	add("fake-group-garage", cleo, "Cy", "Specimen", "child", map[string]string{"medical": "bronze_ppo"})
}

// emptyInsured has every documented field of a person.
func emptyInsured() row {
	return row{
		"first_name": "", "last_name": "", "home_address": "", "mailing_address": "", "dob": "", "ssn": "",
		"sex": "", "marital_status": "", "contact": row{}, "employment": row{},
	}
}

// keep puts a member into its group.
func (a *anglehealth) keep(m *insured) {
	if _, known := a.members[m.id]; !known {
		a.rosters[m.group] = append(a.rosters[m.group], m.id)
	}
	a.members[m.id] = m
}
