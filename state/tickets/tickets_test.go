package tickets_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/store"
	"frontdesk/state/tickets"
)

var noon = time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return noon.Add(-d) }

var reading = tickets.Reading{Zone: time.UTC, Ours: func(author string) bool { return author == "us" }}

// care is a ticket of Connect4Healthcare's list.
func care(id connect4healthcare.ID, urgency int, status string, created time.Time) *tickets.Ticket {
	return reading.FromCare(connect4healthcare.Ticket{
		ID: id, Title: safe.Line("Weight up"), Status: safe.Line(status),
		Urgency: connect4healthcare.UrgencyID(urgency), CreatedAt: created, UpdatedAt: created,
	})
}

// emr is a ticket of the EMR, read from what it might send.
func emr(t testing.TB, raw string) *tickets.Ticket {
	t.Helper()
	var in struct{ TicketID, Subject, Status, Priority, Category, CreatedAt string }
	require.NoError(t, json.Unmarshal([]byte(raw), &in))
	return reading.FromEMR(naturaesoft.Ticket{
		ID: naturaesoft.ID(in.TicketID), Subject: safe.Line(in.Subject), Status: safe.Line(in.Status),
		Priority: safe.Line(in.Priority), Category: safe.Line(in.Category), Created: safe.Line(in.CreatedAt),
	})
}

func said(by string, before time.Duration) tickets.Comment {
	return tickets.Comment{By: safe.Line(by), On: ago(before), Ours: by == "us"}
}

func TestTheClockStopsWhenWeAnsweredLast(t *testing.T) {
	base := care(1, 3, "New", ago(48*time.Hour))
	for name, c := range map[string]struct {
		talk     *tickets.Talk
		answered time.Time
		since    time.Time
		clock    tickets.Clock
	}{
		"not read yet":             {nil, time.Time{}, ago(48 * time.Hour), tickets.Guessed},
		"not read, we wrote":       {nil, ago(time.Hour), ago(time.Hour), tickets.Stopped},
		"nobody wrote":             {&tickets.Talk{}, time.Time{}, ago(48 * time.Hour), tickets.Running},
		"they wrote last":          {talk(said("us", 5*time.Hour), said("nurse", 4*time.Hour), said("nurse", time.Hour)), time.Time{}, ago(4 * time.Hour), tickets.Running},
		"we wrote last":            {talk(said("nurse", 4*time.Hour), said("us", time.Hour)), time.Time{}, ago(time.Hour), tickets.Stopped},
		"ours is not shown":        {talk(said("nurse", 4*time.Hour)), ago(time.Hour), ago(time.Hour), tickets.Stopped},
		"they answered after it":   {talk(said("nurse", 4*time.Hour), said("nurse", time.Hour)), ago(2 * time.Hour), ago(time.Hour), tickets.Running},
		"only hidden ones, ours":   {&tickets.Talk{Hidden: true}, ago(time.Hour), ago(time.Hour), tickets.Stopped},
		"they never got an answer": {talk(said("nurse", 4*time.Hour)), time.Time{}, ago(48 * time.Hour), tickets.Running},
	} {
		t.Run(name, func(t *testing.T) {
			since, clock := base.With(c.talk, c.answered, safe.Text{}).Waiting()
			require.Equal(t, c.clock, clock)
			require.True(t, c.since.Equal(since), "%s", since)
		})
	}
	_, clock := care(1, 3, "  closed ", ago(time.Hour)).Waiting()
	require.Equal(t, tickets.Stopped, clock)
}

func talk(all ...tickets.Comment) *tickets.Talk { return &tickets.Talk{Comments: all} }

func TestOrder(t *testing.T) {
	want := []*tickets.Ticket{
		care(1, 3, "New", ago(3*time.Hour)),
		care(2, 3, "New", ago(time.Hour)),
		care(3, 3, "New", ago(9*time.Hour)).With(talk(said("us", time.Hour)), time.Time{}, safe.Text{}),
		emr(t, `{"TicketID":"9","Priority":"Normal","Status":"Open","CreatedAt":"2026-03-09T01:00:00Z"}`),
		emr(t, `{"TicketID":"8","Priority":"whatever","Status":"Open","CreatedAt":"2026-03-01T01:00:00Z"}`),
		care(4, 3, "Closed", ago(99*time.Hour)),
	}
	rapid.Check(t, func(rt *rapid.T) {
		got := rapid.Permutation(want).Draw(rt, "shuffled")
		sorted := append([]*tickets.Ticket(nil), got...)
		for i := range sorted { // an insertion sort, to ask every pair
			for j := i; j > 0 && tickets.Compare(sorted[j], sorted[j-1]) < 0; j-- {
				sorted[j], sorted[j-1] = sorted[j-1], sorted[j]
			}
		}
		require.Equal(rt, want, sorted)
	})
}

func TestFilters(t *testing.T) {
	weight := care(205, 3, "In  Progress", ago(50*time.Hour)).With(&tickets.Talk{Marks: []tickets.Mark{
		{Title: safe.Line("Weight Gain"), Level: tickets.Issue}, {Title: safe.Line("Sleep"), Level: tickets.NoIssue},
	}}, time.Time{}, safe.Line("Zoë Testperson"))
	labels := emr(t, `{"TicketID":"2","Subject":"Labels print twice","Status":"Closed","Priority":"High","Category":"Printing","CreatedAt":"2026-03-09 11:00:00"}`)
	for filter, want := range map[string]string{
		"":                               "both",
		"state:open":                     "weight",
		"state:closed":                   "labels",
		`state:"in progress"`:            "weight",
		"state:in":                       "weight",
		"-state:open":                    "labels",
		"urgency:>2":                     "both",
		"urgency:>3":                     "none",
		"urgency:<=3":                    "both",
		"urgency:3":                      "both",
		"urgency:=#3":                    "both",
		"source:emr":                     "labels",
		"source:C4":                      "weight",
		`cat:"weight gain"`:              "weight",
		"cat:sleep":                      "none",
		"cat:print":                      "labels",
		"older:2d":                       "weight",
		"older:30m":                      "both",
		"newer:2h":                       "labels",
		"waiting:1d":                     "weight",
		"zoe":                            "weight",
		"ZOË testperson":                 "weight",
		"-zoe":                           "labels",
		"205":                            "weight",
		`"print twice"`:                  "labels",
		"is:unread":                      "weight",
		"is:mine":                        "labels",
		"state:open older:2d source:emr": "none",
	} {
		q, err := tickets.Parse(filter)
		require.NoError(t, err, filter)
		got := "none"
		a := q.Match(weight, tickets.Facts{Now: noon, Unread: true})
		b := q.Match(labels, tickets.Facts{Now: noon, Mine: true})
		switch {
		case a && b:
			got = "both"
		case a:
			got = "weight"
		case b:
			got = "labels"
		}
		require.Equal(t, want, got, filter)
	}
}

func TestSnoozedOnesAreHiddenUnlessAskedFor(t *testing.T) {
	one, f := care(1, 3, "New", noon), tickets.Facts{Now: noon, Snoozed: true}
	for filter, want := range map[string]bool{"": false, "state:open": false, "is:snoozed": true, "-is:snoozed": false} {
		q, err := tickets.Parse(filter)
		require.NoError(t, err)
		require.Equal(t, want, q.Match(one, f), filter)
	}
}

func TestMistakesNameTheWordAndTheRemedy(t *testing.T) {
	for filter, words := range map[string]string{
		"urgency:high":    `urgency: wants a number, as in urgency:>2`,
		"urgency:><2":     "not with \"><\"",
		"source:fax":      `source: is emr or c4, not "fax"`,
		"older:2y":        `as in older:2d, not "2y"`,
		"older:d":         `older: wants a number`,
		"older:99999999w": `older: wants a number`,
		"is:late":         `is: knows unread`,
		"staet:open":      `There is no filter called "staet"`,
		"state:":          "something behind the colon, such as state:open",
		`cat:"weight`:     "A quotation mark is open",
		`""`:              "nothing between the quotation marks",
	} {
		_, err := tickets.Parse(filter)
		require.ErrorContains(t, err, words, filter)
		require.True(t, strings.HasSuffix(err.Error(), "."), "a sentence: %s", err)
	}
}

// Every text is a filter or a mistake; a filter that is written out again is the
// same one.
func TestEveryTextIsReadOrRefused(t *testing.T) {
	one := care(1, 3, "New", noon)
	alphabet := []string{"state:", "open", "urgency:", ">", "2", "is:", "unread", `"`, "-", ":", " ", "older:", "d", "zoë", "cat:", "\t", "x"}
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(alphabet), rapid.String())).Draw(rt, "words"), "")
		q, err := tickets.Parse(text)
		if err != nil {
			var m tickets.Mistake
			require.ErrorAs(rt, err, &m)
			return
		}
		again, err := tickets.Parse(q.String())
		require.NoError(rt, err, "%q became %q", text, q.String())
		require.Equal(rt, q.String(), again.String())
		require.Equal(rt, q.Words(), again.Words())
		f := tickets.Facts{Now: noon, Unread: true}
		require.Equal(rt, q.Match(one, f), again.Match(one, f))
	})
}

// TestKeysAsPeopleTypeThem is every spelling the board and the command line
// take.
func TestKeysAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string]string{
		"emr/12": "emr/12", "EMR 12": "emr/12", " Emr  /  12 ": "emr/12", "emr/Ab-1_c": "emr/Ab-1_c", "EMR 007": "emr/007",
		"c4/205": "c4/205", "C4 205": "c4/205", "c4h/205": "c4/205", "C4H 205": "c4/205", "C4H/205": "c4/205", "c4h 0205": "c4/205",
		"c4h\u00a0205": "c4/205",
	} {
		k, err := tickets.ParseKey(text)
		require.NoError(t, err, text)
		require.Equal(t, want, k.String(), text)
		again, err := tickets.ParseKey(k.String())
		require.NoError(t, err)
		require.Equal(t, k, again, "what String wrote is read again")
	}
	for _, text := range []string{"", "emr", "205", "c4/", "emr/", "/12", "fax/1", "emr 12 13", "emr/12/13", "emr/0", "emr/..", "emr/a.b", "c4h/x", "c4h/-1", "c4h/0", "Ann Carter"} {
		k, err := tickets.ParseKey(text)
		require.ErrorContains(t, err, "type it like EMR 12 or C4H 205", text)
		require.Zero(t, k, text)
	}
}

func TestTimesWithoutAnOffsetAreThePractices(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	r := tickets.Reading{Zone: zone, Ours: reading.Ours}
	for text, want := range map[string]string{
		"2026-03-09 11:00:00": "2026-03-09T15:00:00Z", "2026-03-09T11:00:00": "2026-03-09T15:00:00Z",
		"2026-03-09T11:00:00Z": "2026-03-09T11:00:00Z", "yesterday": "0001-01-01T00:00:00Z",
	} {
		one := r.FromEMR(naturaesoft.Ticket{ID: "1", Created: safe.Line(text)})
		require.Equal(t, want, one.Created.UTC().Format(time.RFC3339), text)
	}
}

func memory(t *testing.T, path string) *tickets.Memory {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: path, Migrations: tickets.Migrations})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return tickets.OpenMemory(db)
}

func TestMemoryOutlivesTheSessionAndHoldsNoWords(t *testing.T) {
	path, ctx := filepath.Join(t.TempDir(), "tickets.db"), t.Context()
	m := memory(t, path)
	a, b := tickets.Key{Source: tickets.Care, ID: "205"}, tickets.Key{Source: tickets.EMR, ID: "3"}
	require.NoError(t, m.Saw(ctx, a, tickets.Look{Comments: 2, Stamp: tickets.Digest("2026 Fake Secretperson")}))
	require.NoError(t, m.Snooze(ctx, a, tickets.Snooze{Until: noon, Stamp: "x"}))
	require.NoError(t, m.Answered(ctx, a, noon))
	require.NoError(t, m.Link(ctx, a, tickets.Link{Kind: tickets.ToTicket, Target: b.String()}, false))
	require.NoError(t, m.Link(ctx, a, tickets.Link{Kind: tickets.ToProspect, Target: "17"}, false))
	q, err := tickets.Parse("state:open -source:emr")
	require.NoError(t, err)
	require.NoError(t, m.SaveView(ctx, 3, q))
	named, err := tickets.Parse("state:open Secretperson")
	require.NoError(t, err)
	require.ErrorContains(t, m.SaveView(ctx, 4, named), "may be somebody's name")
	require.Error(t, m.SaveView(ctx, 10, q))
	require.NoError(t, m.Close())

	m = memory(t, path)
	n, err := m.Load(ctx)
	require.NoError(t, err)
	require.Equal(t, 2, n.Looks[a].Comments)
	require.True(t, noon.Equal(n.Snoozes[a].Until))
	require.True(t, noon.Equal(n.Answers[a]))
	require.Equal(t, []tickets.Link{{Kind: "prospect", Target: "17"}, {Kind: "ticket", Target: "emr/3"}}, n.Links[a])
	require.Equal(t, []tickets.Link{{Kind: "ticket", Target: "c4/205"}}, n.Links[b])
	require.Equal(t, map[int]string{3: "state:open -source:emr"}, n.Views)
	require.NoError(t, m.Snooze(ctx, a, tickets.Snooze{}))
	require.NoError(t, m.Link(ctx, b, tickets.Link{Kind: tickets.ToTicket, Target: a.String()}, true))
	n, err = m.Load(ctx)
	require.NoError(t, err)
	require.Empty(t, n.Snoozes)
	require.Empty(t, n.Links[b])
	require.Len(t, n.Links[a], 1)
	require.NoError(t, m.Close())
	files, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	for _, f := range files {
		data, err := os.ReadFile(f)
		require.NoError(t, err)
		require.NotContains(t, string(data), "Secretperson", f)
		info, err := os.Stat(f)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f)
	}
}

// ledger is a desk's own connection to the shared file.
func ledger(t *testing.T, path string) (*tickets.Claims, *store.DB) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: path, Migrations: []string{"CREATE TABLE visits (id INTEGER)"}})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return tickets.OpenClaims(db), db
}

func TestClaims(t *testing.T) {
	path, ctx := filepath.Join(t.TempDir(), "ledger.db"), t.Context()
	one, db := ledger(t, path)
	two, _ := ledger(t, path)
	maria := tickets.Who{UID: 1, User: "maria", Host: "desk1", Session: "a"}
	jo := tickets.Who{UID: 2, User: "jo", Host: "desk2", Session: "b"}
	k := tickets.Key{Source: tickets.Care, ID: "205"}

	none, err := two.List(ctx)
	require.NoError(t, err, "before anybody made the table")
	require.Empty(t, none)
	_, err = one.Claim(ctx, k, maria, true, false)
	require.NoError(t, err)
	_, err = two.Claim(ctx, k, jo, false, false)
	var taken *tickets.TakenError
	require.ErrorAs(t, err, &taken)
	require.Equal(t, maria, taken.Claim.By)
	require.Contains(t, taken.UserMessage(), "maria is answering this ticket")
	reconnected := maria
	reconnected.Session = "c"
	_, err = one.Claim(ctx, k, reconnected, false, false)
	require.NoError(t, err, "who reconnects still has it")
	require.NoError(t, two.Release(ctx, k, jo))
	all, err := two.List(ctx)
	require.NoError(t, err)
	require.Len(t, all, 1, "only its owner gives it back")
	require.Greater(t, all[k].Left, tickets.Lease-time.Minute)
	_, err = two.Claim(ctx, k, jo, false, true)
	require.NoError(t, err, "taken over on purpose")
	require.NoError(t, db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE ticket_claim SET expires_at = ?", tx.Now.UnixMilli())
		return err
	}))
	all, err = one.List(ctx)
	require.NoError(t, err)
	require.Empty(t, all, "an expired claim binds nobody")
	_, err = one.Claim(ctx, k, maria, false, false)
	require.NoError(t, err)
	require.NoError(t, one.Release(ctx, k, maria))
	all, err = two.List(ctx)
	require.NoError(t, err)
	require.Empty(t, all)
}

func TestTheMarkOfAChangeTellsNothing(t *testing.T) {
	require.NotEqual(t, tickets.Digest("a"), tickets.Digest("b"))
	require.Len(t, tickets.Digest("Fake Secretperson"), 16)
}

// A comment of the same words proves that a lost one landed only when its day
// says so.
func TestSaid(t *testing.T) {
	at := func(on time.Time, text string) tickets.Comment {
		return tickets.Comment{On: on, Text: safe.Paragraphs(text)}
	}
	old, late, undated, other := at(ago(time.Hour), "Called back."), at(noon, "Called back."), at(time.Time{}, "Called back."), at(noon, "Left a message.")
	for name, c := range map[string]struct {
		talk       tickets.Talk
		said, sure bool
	}{
		"nothing":          {tickets.Talk{}, false, true},
		"an older one":     {tickets.Talk{Comments: []tickets.Comment{old, other}}, false, true},
		"one since":        {tickets.Talk{Comments: []tickets.Comment{old, late}}, true, true},
		"one without day":  {tickets.Talk{Comments: []tickets.Comment{undated, other}}, false, false},
		"one since beside": {tickets.Talk{Comments: []tickets.Comment{undated, late}}, true, true},
		"hidden":           {tickets.Talk{Comments: []tickets.Comment{old}, Hidden: true}, false, false},
	} {
		said, sure := c.talk.Said("Called back.", ago(time.Minute))
		require.Equal(t, c.said, said, name)
		require.Equal(t, c.sure, sure, name)
	}
}
