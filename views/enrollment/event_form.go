package enrollment

import (
	"fmt"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/anglehealth"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// lineField is the form's name for a line of the i-th of the family or, from
// len(all) on, of a newcomer.
func lineField(i int, l anglehealth.Line) string { return fmt.Sprintf("m%d.%s", i, l) }

func (e *eventing) open(h household) {
	e.home, e.fresh = h, nil
	title, kind := "Life event of ", "enrollment.event"
	var fields []form.Field
	if h.season {
		title, kind = "Open enrollment of ", "enrollment.season"
	} else {
		var usual []form.Option
		for _, t := range anglehealth.EventTypes() {
			usual = append(usual, form.Option{Value: t.Word, Label: t.Label})
		}
		fields = append(fields, form.Combo("event_type", "Event", usual...).Free().Required().Check(eventType).
			Help("ctrl+g lists the usual ones, and any other may be typed: Angle Health documents no words for it"))
	}
	fields = append(fields, form.Date("event_date", "Date").Required().Today(e.v.today).Help("start and end of coverage are counted from it"))
	for i, m := range h.all {
		fields = append(fields, e.lines(i, name(m)+", "+m.Type.String(), m)...)
	}
	for n := range newcomers {
		e.fresh = append(e.fresh, anglehealth.NewID())
		fields = append(fields, e.lines(len(h.all)+n, fmt.Sprintf("New dependent %d (an id is made here)", n+1), anglehealth.Member{})...)
	}
	e.form = ui.NewFormDialog(e.v.env, title+name(h.employee), form.New(e.v.env.Theme, fields...), e.submit)
	e.values = e.form.Values()
	e.form.Busy = func() bool { return e.check.Out() || e.write.Out() }
	e.form.Changed = func(values map[string]string) tea.Cmd { e.values = values; return nil }
	e.form.Below = e.preview
	e.form.Keep(kind, string(h.employee.ID))
	e.values = e.form.Values()
	e.v.env.Open(e.form)
}

func (e *eventing) lines(i int, title string, m anglehealth.Member) []form.Field {
	return []form.Field{
		headed(e.v.plans.field(lineField(i, anglehealth.Medical), "Medical", anglehealth.Medical, m.Medical.Raw()), title),
		e.v.plans.field(lineField(i, anglehealth.Dental), "Dental", anglehealth.Dental, m.Dental.Raw()),
	}
}

// longest is what an event may be called.
const longest = 60

func eventType(s string) string {
	switch {
	case s == "":
		return ""
	case utf8.RuneCountInString(s) > longest:
		return fmt.Sprintf("Event: it is longer than %d characters. Say it in fewer words.", longest)
	}
	return anglehealth.Event{Type: s, Date: date("2026-01-01"), Lines: []anglehealth.EventLine{{ID: "-", Line: anglehealth.Medical, Plan: "-"}}}.Problems()["event_type"]
}

// member is the i-th of the family, or a newcomer of whom only the id is known.
func (e *eventing) member(i int) anglehealth.Member {
	if i < len(e.home.all) {
		return e.home.all[i]
	}
	return anglehealth.Member{ID: e.fresh[i-len(e.home.all)]}
}
