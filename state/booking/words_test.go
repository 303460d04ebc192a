package booking

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
)

func TestSpokenTimes(t *testing.T) {
	for at, want := range map[string]string{
		"09:00": "nine in the morning",
		"10:15": "ten fifteen in the morning",
		"14:30": "half past two in the afternoon",
		"12:00": "twelve noon",
		"12:30": "half past twelve in the afternoon",
		"11:59": "eleven fifty-nine in the morning",
		"09:05": "nine oh five in the morning",
		"16:40": "four forty in the afternoon",
		"17:00": "five in the evening",
		"23:45": "eleven forty-five in the evening",
		"00:00": "midnight",
		"00:30": "half past twelve at night",
		"01:20": "one twenty at night",
	} {
		require.Equal(t, want, spokenTime(tod(at)), at)
	}
}

func TestSpokenDaysAndLengths(t *testing.T) {
	for day, want := range map[string]string{
		"2026-03-10": "Tuesday, March 10th", "2026-03-01": "Sunday, March 1st", "2026-03-02": "Monday, March 2nd",
		"2026-03-03": "Tuesday, March 3rd", "2026-03-11": "Wednesday, March 11th", "2026-03-12": "Thursday, March 12th",
		"2026-03-13": "Friday, March 13th", "2026-03-21": "Saturday, March 21st", "2026-03-22": "Sunday, March 22nd",
		"2026-03-23": "Monday, March 23rd", "2028-02-29": "Tuesday, February 29th",
	} {
		require.Equal(t, want, spokenDay(date(day)))
	}
	for minutes, want := range map[int]string{
		1: "1 minute", 30: "30 minutes", 60: "one hour", 61: "one hour and 1 minute", 90: "one hour and 30 minutes", 480: "eight hours",
	} {
		require.Equal(t, want, length(minutes))
	}
}

func TestZoneNames(t *testing.T) {
	for _, c := range []struct{ zone, words, short string }{
		{"America/New_York", "Eastern", "ET"}, {"America/Chicago", "Central", "CT"},
		{"America/Phoenix", "Mountain", "MT"}, {"America/Los_Angeles", "Pacific", "PT"},
		{"America/Anchorage", "Alaska", "AKT"}, {"Pacific/Honolulu", "Hawaii", "HT"},
		{"Europe/London", "London time", "GMT"}, {"Asia/Shanghai", "Shanghai time", "CST"},
		{"America/Sao_Paulo", "Sao Paulo time", "UTC-03"}, {"UTC", "UTC", "UTC"},
	} {
		at := time.Date(2026, 1, 10, 9, 0, 0, 0, zoneOf(c.zone))
		require.Equal(t, c.words, ZoneWords(at), c.zone)
		require.Equal(t, c.short, ZoneShort(at), c.zone)
	}
	require.Equal(t, "ET", ZoneShort(time.Date(2026, 7, 10, 9, 0, 0, 0, newYork)))
}

func TestScript(t *testing.T) {
	d := newDesk(t)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	s := d.Spoken(r, jane)
	got, err := Script("", s)
	require.NoError(t, err)
	const usual = "Tuesday, March 10th, nine in the morning Eastern, 30 minutes with Jane Smith, PA-C. Is that right?"
	require.Equal(t, usual, got)

	got, err = Script("{{.Practice}}: {{.Clock}}, please come {{if gt .Minutes 20}}ten minutes early{{end}}. ({{.Code}}, {{.VisitType}})", s)
	require.NoError(t, err)
	require.Equal(t, "Example Practice: 09:00, please come ten minutes early. ("+r.Code+", FOLLOWUP)", got)

	for _, broken := range []string{"{{.Nonsense}}", "{{", "{{template \"x\"}}"} {
		got, err = Script(broken, s)
		require.ErrorContains(t, err, "Correct it in the profile")
		require.Equal(t, usual, got)
	}
	require.Equal(t, "provider 4", d.Spoken(r, naturaesoft.Provider{ID: "4"}).With)
}

func TestCard(t *testing.T) {
	d := newDesk(t)
	r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	r.Created = monday()
	card := d.Card(r, jane, "Ann Example")
	require.Equal(t, strings.Join([]string{
		"ENTER THIS VISIT IN THE EMR" + strings.Repeat(" ", 44) + "FD " + r.Code,
		strings.Repeat("-", 78),
		"Practice     Example Practice",
		"Person       Ann Example (EMR record 55)",
		"Provider     Jane Smith, PA-C (id 1)",
		"Date         Tuesday, March 10, 2026",
		"Time         09:00 to 09:30 Eastern",
		"Length       30 minutes",
		"Type         FOLLOWUP",
		"State        REQUESTED",
		"Asked by     maria@desk2, 2026-03-09 14:02 ET",
		"",
	}, "\n"), card)
	require.NotContains(t, d.Card(r, jane, ""), "Ann")

	r.State, r.Visit, r.Reason = Cancelled, "101", string(ByCaller)
	card = d.Card(r, naturaesoft.Provider{ID: "1", Name: safe.Line(strings.Repeat("Longname 田中 ", 20))}, strings.Repeat("Ann\x1b[31m", 40))
	require.Contains(t, card, "REMOVE THIS VISIT FROM THE EMR")
	require.Contains(t, card, "Reason       the caller asked")
	for _, line := range strings.Split(card, "\n") {
		require.LessOrEqual(t, ansi.StringWidth(line), 78, line)
	}
	require.NotContains(t, card, "\x1b")
}

func TestICS(t *testing.T) {
	d := newDesk(t)
	r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	late := d.hold("1", "2026-11-02", "09:00", 60)
	file := d.ICS(Entry{Booking: r, Provider: jane}, Entry{Booking: late, Provider: jane, Person: "Ann; Example,\nII"})
	cal, err := ics.ParseCalendar(strings.NewReader(file))
	require.NoError(t, err)
	require.Len(t, cal.Events(), 2)
	ev := cal.Events()[0]
	require.Equal(t, r.ID+"@frontdesk", ev.Id())
	start, err := ev.GetStartAt()
	require.NoError(t, err)
	require.True(t, start.Equal(time.Date(2026, 3, 10, 9, 0, 0, 0, newYork)))
	require.Equal(t, "TENTATIVE", ev.GetProperty(ics.ComponentPropertyStatus).Value)
	require.Contains(t, file, "DTSTART;TZID=America/New_York:20260310T090000\r\n")
	require.Contains(t, file, "DTEND;TZID=America/New_York:20261102T100000\r\n")
	require.Contains(t, file, "SUMMARY:Visit with Jane Smith\\, PA-C (REQUESTED\\, not confirmed)\r\n")
	require.NotContains(t, strings.Split(file, "BEGIN:VEVENT")[1], "Ann")
	require.Equal(t, "Ann; Example,⏎II: Visit with Jane Smith, PA-C (HELD, not confirmed)",
		ics.FromText(cal.Events()[1].GetProperty(ics.ComponentPropertySummary).Value))
	require.NotContains(t, strings.ToLower(file), "booked")

	// The offsets of both visits are described, each by the change it follows.
	for _, want := range []string{
		"BEGIN:DAYLIGHT\r\nDTSTART:20260308T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nTZNAME:EDT\r\nEND:DAYLIGHT",
		"BEGIN:STANDARD\r\nDTSTART:20261101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nTZNAME:EST\r\nEND:STANDARD",
	} {
		require.Contains(t, file, want)
	}
	for _, line := range strings.Split(file, "\r\n") {
		require.LessOrEqual(t, len(line), 75)
	}

	r.State, r.Found = Confirmed, Found{Start: plus(r.Start(), 15), Duration: 45}
	file = d.ICS(Entry{Booking: r, Provider: jane})
	require.Contains(t, file, "UID:"+r.ID+"@frontdesk")
	require.Contains(t, file, "STATUS:CONFIRMED")
	require.Contains(t, file, "SUMMARY:Visit with Jane Smith\\, PA-C\r\n")
	require.Contains(t, file, "DTSTART;TZID=America/New_York:20260310T091500")
	require.Contains(t, file, "DTEND;TZID=America/New_York:20260310T100000")
	r.State = Cancelled
	require.Contains(t, d.ICS(Entry{Booking: r, Provider: jane}), "STATUS:CANCELLED")

	d.o.Zone = time.UTC
	file = d.ICS(Entry{Booking: r, Provider: jane})
	require.Contains(t, file, "DTSTART:20260310T090000Z")
	require.NotContains(t, file, "VTIMEZONE")
	require.NotContains(t, d.ICS(), "VEVENT")
}

func TestErrorsAreSentences(t *testing.T) {
	r := Booking{Code: "7K3Q", State: Expired, Date: date("2026-03-10"), Time: tod("09:00"), Duration: 30, Owner: jan}
	held, asked := r, r
	held.State, held.Left, asked.State = Held, 200*time.Second, Requested
	for _, c := range []struct {
		err  error
		want string
	}{
		{taken(Booking{}, []Booking{held}), "3:20 left"},
		{taken(Booking{}, []Booking{asked, held}), "1 more records"},
		{&LostError{Booking: r}, "no longer free"},
		{&LeaseError{Booking: r}, "hold it again"},
		{&LeaseError{Booking: r, Foreign: true}, "belongs to jan@desk1"},
		{&LeaseError{Booking: r, Taken: &held}, "jan@desk1 holds the time now (3:20 left)"},
		{&LeaseError{Booking: r, Taken: &asked}, "jan@desk1 has the time now (REQUESTED)"},
		{&LeaseError{Booking: held}, "taken anew"},
		{&LeaseError{Booking: asked}, "it is REQUESTED"},
		{&UnknownError{Booking: r}, "look it up first"},
		{&UnknownError{Booking: r, Wait: 30 * time.Second}, "in 0:30"},
		{&UnknownError{Booking: r, unread: true}, "could not be read back"},
		{&MissingError{}, "no such record"},
		{refuse("No."), "No."},
	} {
		require.Regexp(t, `(?s)^[A-Z].*\.$`, c.err.Error())
		require.Contains(t, c.err.Error(), c.want)
		words, ok := c.err.(interface{ UserMessage() string })
		require.True(t, ok)
		require.Equal(t, c.err.Error(), words.UserMessage())
	}
}

func TestActorNames(t *testing.T) {
	a := Actor{UID: 1, User: "maria\x1b[31m", Host: "desk2.clinic.example"}
	require.NotContains(t, a.String(), "\x1b")
	require.True(t, strings.HasSuffix(a.String(), "@desk2"))
	me, again := Here(), Here()
	require.True(t, me.Same(again))
	require.NotEqual(t, me.Session, again.Session)
	require.NotEmpty(t, me.User)
}
