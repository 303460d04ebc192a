package booking

import (
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
)

// Entry is one visit for a calendar. Person is the patient's name; empty when
// it is not to be told.
type Entry struct {
	Booking  Booking
	Provider naturaesoft.Provider
	Person   string
}

const icsLocal = "20060102T150405"

// ICS is a calendar file (RFC 5545) of the entries. Times are the practice's,
// with its zone described in the file; a visit keeps its UID for ever, so that
// importing it again changes it. What nobody confirmed is tentative.
func (b *Book) ICS(entries ...Entry) string {
	cal := ics.NewCalendarFor("frontdesk")
	cal.SetMethod(ics.MethodPublish)
	var first, last time.Time
	for i, e := range entries {
		start, end := b.span(e.Booking)
		if i == 0 || start.Before(first) {
			first = start
		}
		if i == 0 || end.After(last) {
			last = end
		}
	}
	if len(entries) > 0 && b.o.Zone != time.UTC {
		cal.AddVTimezone(timezone(b.o.Zone, first, last))
	}
	for _, e := range entries {
		b.event(cal, e)
	}
	return cal.Serialize(ics.WithNewLine("\r\n"))
}

// span is when the visit is: what the schedule shows once a person accepted
// it, else what was asked for.
func (b *Book) span(r Booking) (start, end time.Time) {
	at, minutes := r.Start(), r.Duration
	if r.State == Confirmed && !r.Found.Start.IsZero() {
		at, minutes = r.Found.Start, r.Found.Duration
	}
	return at.In(b.o.Zone), plus(at, minutes).In(b.o.Zone)
}

func (b *Book) event(cal *ics.Calendar, e Entry) {
	r := e.Booking
	start, end := b.span(r)
	ev := cal.AddEvent(r.ID + "@frontdesk")
	ev.SetDtStampTime(r.Updated)
	ev.SetSequence(int(r.Updated.Sub(r.Created) / time.Second))
	b.when(ev, ics.ComponentPropertyDtStart, start)
	b.when(ev, ics.ComponentPropertyDtEnd, end)
	summary := "Visit with " + with(e.Provider)
	if person := safe.Clean(e.Person); person != "" {
		summary = person + ": " + summary
	}
	status := ics.ObjectStatusTentative
	switch {
	case r.State == Confirmed:
		status = ics.ObjectStatusConfirmed
	case !r.State.Live():
		status = ics.ObjectStatusCancelled
		summary += " (" + r.State.Word() + ")"
	default:
		summary += " (" + r.State.Word() + ", not confirmed)"
	}
	ev.SetSummary(summary)
	ev.SetStatus(status)
	if b.o.Practice != "" {
		ev.SetLocation(b.o.Practice)
	}
	ev.SetDescription("frontdesk " + r.Code)
}

// when writes a time as the practice's own, or as UTC when that is its zone.
func (b *Book) when(ev *ics.VEvent, p ics.ComponentProperty, t time.Time) {
	if b.o.Zone == time.UTC {
		ev.SetProperty(p, t.Format(icsLocal+"Z"))
		return
	}
	ev.SetProperty(p, t.Format(icsLocal), ics.WithTZID(b.o.Zone.String()))
}

// timezone describes the zone's offsets from first to last.
func timezone(zone *time.Location, first, last time.Time) *ics.VTimezone {
	tz := ics.NewTimezone(zone.String())
	for t := first; ; {
		start, end := t.ZoneBounds()
		tz.Components = append(tz.Components, observance(t, start))
		if end.IsZero() || end.After(last) {
			return tz
		}
		t = end
	}
}

// observance is the one offset that holds at t, since start.
func observance(t, start time.Time) ics.Component {
	name, to := t.Zone()
	from, local := to, "19700101T000000"
	if !start.IsZero() {
		_, from = start.Add(-time.Second).Zone()
		local = start.UTC().Add(time.Duration(from) * time.Second).Format(icsLocal)
	}
	base := ics.ComponentBase{}
	base.SetProperty(ics.ComponentPropertyDtStart, local)
	base.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), offset(from))
	base.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), offset(to))
	base.SetProperty(ics.ComponentProperty(ics.PropertyTzname), name)
	if t.IsDST() {
		return &ics.Daylight{ComponentBase: base}
	}
	return &ics.Standard{ComponentBase: base}
}

// offset is -0500.
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}
