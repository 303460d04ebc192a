package slots

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/booking"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// criteria is what the caller wants. Empty parts are open: any provider, any
// day, any time, from now on.
type criteria struct {
	next      bool // one opening per provider instead of all of them
	providers []naturaesoft.ID
	specialty string
	duration  int
	visitType string
	from      civil.Date // zero: today
	days      int
	after     civil.Time // zero: any
	before    civil.Time // zero: any
	weekdays  []time.Weekday
}

func newCriteria(v *View) criteria {
	c := criteria{next: true, duration: 30, days: 14}
	if len(v.opt.Durations) > 0 {
		c.duration = v.opt.Durations[0]
	}
	return c
}

// lengthen moves to the next usual duration; false at either end.
func (c *criteria) lengthen(usual []int, step int) bool {
	usual = slices.Sorted(slices.Values(usual))
	if step > 0 {
		for _, d := range usual {
			if d > c.duration {
				c.duration = d
				return true
			}
		}
		return false
	}
	for _, d := range slices.Backward(usual) {
		if d < c.duration {
			c.duration = d
			return true
		}
	}
	return false
}

// everybody reports that no provider is left out.
func (c *criteria) everybody() bool { return len(c.providers) == 0 && c.specialty == "" }

// asked lists the providers to ask.
func (c *criteria) asked(v *View) []naturaesoft.Provider {
	var ps []naturaesoft.Provider
	for _, p := range v.providers {
		if len(c.providers) > 0 && !slices.Contains(c.providers, p.ID) {
			continue
		}
		if c.specialty != "" && p.Specialty.String() != c.specialty {
			continue
		}
		ps = append(ps, p)
	}
	return ps
}

func (c *criteria) query(v *View) booking.Query {
	now := v.now()
	q := booking.Query{
		Providers: c.asked(v), Duration: c.duration, From: c.from, Days: c.days,
		After: c.after, Before: c.before, Weekdays: c.weekdays, Now: now, Limit: 500,
	}
	if q.From.IsZero() {
		q.From = now.Date
	}
	return q
}

// words says the criteria in one line.
func (c *criteria) words(v *View) string {
	parts := []string{fmt.Sprintf("%d min", c.duration)}
	if c.visitType != "" {
		parts = append(parts, c.visitType)
	}
	switch {
	case len(c.providers) == 1:
		parts = append(parts, v.provider(c.providers[0]))
	case len(c.providers) > 1:
		parts = append(parts, fmt.Sprintf("%d providers", len(c.providers)))
	case c.specialty != "":
		parts = append(parts, c.specialty)
	default:
		parts = append(parts, fmt.Sprintf("all %d providers", len(v.providers)))
	}
	if c.next {
		return "next for everybody: " + strings.Join(parts, ", ")
	}
	span := "today"
	if !c.from.IsZero() {
		span = day(c.from)
	}
	if c.days != 1 {
		span = fmt.Sprintf("%d days from %s", c.days, span)
	}
	parts = append(parts, span)
	if !c.after.IsZero() {
		parts = append(parts, "after "+clock(c.after))
	}
	if !c.before.IsZero() {
		parts = append(parts, "before "+clock(c.before))
	}
	for _, d := range c.weekdays {
		parts = append(parts, d.String()[:3])
	}
	return strings.Join(parts, ", ")
}

// week is the order in which weekdays are offered.
var week = []time.Weekday{1, 2, 3, 4, 5, 6, 0}

// edit opens the search form over the present criteria.
func (c *criteria) edit(v *View) {
	f := form.New(v.env.Theme,
		form.Text("duration", "Minutes").Required().Default(strconv.Itoa(c.duration)).Help(usual(v.opt.Durations)),
		form.Combo("visitType", "Visit type", types(v)...).Default(c.visitType),
		form.Date("from", "From").Coming().Today(func() civil.Date { return v.now().Date }).Default(dateValue(c.from)).Placeholder("today"),
		form.Text("days", "Days").Required().Default(strconv.Itoa(c.days)),
		form.Clock("after", "Not before").Default(clockValue(c.after)).Placeholder("any time"),
		form.Clock("before", "Not after").Default(clockValue(c.before)).Placeholder("any time"),
		form.Multi("weekdays", "Weekdays", weekdayOptions()...).Default(weekdayValue(c.weekdays)),
		form.Combo("specialty", "Specialty", specialties(v)...).Default(c.specialty),
		form.Multi("providers", "Providers", providerOptions(v)...).Placeholder("all of them").Help("none ticked: all of them").Default(idValue(c.providers)),
	)
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "Find free time", f, func(values map[string]string) tea.Cmd {
		next, complaints := parseCriteria(values)
		q := next.query(v)
		for name, sentence := range q.Check(v.now()) {
			if complaints[name] == "" {
				complaints[name] = sentence
			}
		}
		for name, t := range map[string]civil.Time{"after": q.After, "before": q.Before} {
			if q.Days == 1 && booking.Gap(q.From, t, v.env.Zone) {
				complaints[name] = clock(t) + " does not exist on " + day(q.From) + ": the clocks go forward over it. Choose another time."
			}
		}
		if len(complaints) > 0 {
			f.SetErrors(complaints)
			return nil
		}
		v.env.Close(d)
		*c = next
		return v.find.start()
	})
	v.env.Open(d)
}

// parseCriteria reads the form; what cannot be read is complained about under
// its name.
func parseCriteria(values map[string]string) (criteria, map[string]string) {
	c := criteria{visitType: values["visitType"], specialty: values["specialty"]}
	bad := map[string]string{}
	var err error
	if c.duration, err = strconv.Atoi(strings.TrimSpace(values["duration"])); err != nil {
		bad["duration"] = "Minutes: type a whole number such as 30."
	}
	if c.days, err = strconv.Atoi(strings.TrimSpace(values["days"])); err != nil {
		bad["days"] = "Days: type a whole number such as 14."
	}
	if s := values["from"]; s != "" {
		if c.from, err = civil.ParseDate(s); err != nil {
			bad["from"] = "From: that day does not exist. Type a day like 2026-03-09."
		}
	}
	c.after, c.before = timeValue(values["after"]), timeValue(values["before"])
	for _, s := range form.List(values["weekdays"]) {
		n, _ := strconv.Atoi(s)
		c.weekdays = append(c.weekdays, time.Weekday(n))
	}
	for _, s := range form.List(values["providers"]) {
		c.providers = append(c.providers, naturaesoft.ID(s))
	}
	return c, bad
}

func usual(durations []int) string {
	words := make([]string, len(durations))
	for i, d := range durations {
		words[i] = strconv.Itoa(d)
	}
	return "usual: " + strings.Join(words, ", ")
}

// types are the practice's visit types, by its configuration.
func types(v *View) []form.Option {
	opts := []form.Option{{Value: "", Label: "any"}}
	for _, t := range v.opt.VisitTypes {
		opts = append(opts, form.Option{Value: t, Label: t})
	}
	return opts
}

func specialties(v *View) []form.Option {
	opts := []form.Option{{Value: "", Label: "any"}}
	seen := map[string]bool{}
	for _, p := range v.providers {
		if s := p.Specialty.String(); s != "" && !seen[s] {
			seen[s] = true
			opts = append(opts, form.Option{Value: s, Label: s})
		}
	}
	return opts
}

func providerOptions(v *View) []form.Option {
	opts := make([]form.Option, len(v.providers))
	for i, p := range v.providers {
		opts[i] = form.Option{Value: string(p.ID), Label: titled(p)}
	}
	return opts
}

func weekdayOptions() []form.Option {
	opts := make([]form.Option, len(week))
	for i, d := range week {
		opts[i] = form.Option{Value: strconv.Itoa(int(d)), Label: d.String()[:3]}
	}
	return opts
}

func weekdayValue(days []time.Weekday) string {
	parts := make([]string, len(days))
	for i, d := range days {
		parts[i] = strconv.Itoa(int(d))
	}
	return strings.Join(parts, "\n")
}

func idValue(ids []naturaesoft.ID) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = string(id)
	}
	return strings.Join(parts, "\n")
}
