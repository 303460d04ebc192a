package booking

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
	"frontdesk/state/store"
)

const putRoute = "PUT /v1/{ppass}/prospects/{id}"

// realDesk is a desk with the real client at the played EMR.
func realDesk(t *testing.T) (*Book, *sandbox.Server, naturaesoft.Prospect) {
	t.Helper()
	now := func() time.Time { return monday() }
	s, err := sandbox.Start(sandbox.Options{Prospects: 60, Providers: 3, Zone: newYork, Now: now})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	id := s.PutProspect(map[string]any{"FirstName": "Test", "LastName": "Person", "EMail": "test.person@example.invalid",
		"City": "Testville", "Zip": "00501", "Notes": "Line one\nLine two", "Prospect": 1})
	c, err := naturaesoft.New(naturaesoft.Config{
		Base: s.URL("naturaesoft"), PPass: sandbox.PracticeID, Operator: "test",
		Key: func(context.Context) (string, error) { return sandbox.FakeEMRKey, nil },
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	db, err := store.Open(t.Context(), options(newPlace(t)))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	b := Open(db, c, Options{Practice: "Example", Zone: newYork, Actor: maria, Now: now})
	page, err := c.Prospects(t.Context(), naturaesoft.ProspectQuery{Search: "test.person@example.invalid"})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, strconv.Itoa(id), string(page.Items[0].ID))
	return b, s, page.Items[0]
}

// first finds and holds the first opening.
func first(t *testing.T, b *Book) Booking {
	t.Helper()
	providers, err := b.emr.(*naturaesoft.Client).Providers(t.Context())
	require.NoError(t, err)
	var found []Opening
	q := Query{Providers: providers, Duration: 30, From: b.Today(), Limit: 1, Now: b.Now()}
	require.Empty(t, q.Check(b.Now()))
	require.NoError(t, Search(t.Context(), b.emr, q, func(e Event) {
		require.NoError(t, e.Err)
		found = append(found, e.Openings...)
	}))
	require.NotEmpty(t, found)
	r, err := b.Hold(t.Context(), found[0], "FOLLOWUP", HoldOptions{})
	require.NoError(t, err)
	require.False(t, r.Unchecked())
	return r
}

func TestWholeVisitOverHTTP(t *testing.T) { onBoth(t, testWholeVisitOverHTTP) }

func testWholeVisitOverHTTP(t *testing.T) {
	b, s, person := realDesk(t)
	r := first(t, b)
	r, err := b.Request(t.Context(), r.ID, r.Fence, person)
	require.NoError(t, err)
	require.Equal(t, Requested, r.State)
	require.Empty(t, r.Warnings)
	require.Equal(t, 1, s.Executions(putRoute))
	id, err := strconv.Atoi(string(person.ID))
	require.NoError(t, err)
	row, ok := s.Prospect(id)
	require.True(t, ok)
	require.Regexp(t, `^Line one\nLine two\n\[FD `+r.Code+`\] REQ `, row["Notes"])
	require.Equal(t, "Testville", row["City"])

	provider, err := strconv.Atoi(string(r.Provider))
	require.NoError(t, err)
	visit := s.Book(provider, r.Date.String(), clock(r.Time)+":00", 30, "FOLLOWUP")
	report, err := b.Reconcile(t.Context())
	require.NoError(t, err)
	require.Len(t, report.Changes, 1)
	require.Equal(t, Seen, report.Changes[0].Booking.State)
	r, err = b.Confirm(t.Context(), r.ID, "")
	require.NoError(t, err)
	require.Equal(t, naturaesoft.ID(strconv.Itoa(visit)), r.Visit)

	s.Unbook(visit)
	for range 2 {
		report, err = b.Reconcile(t.Context())
		require.NoError(t, err)
	}
	require.Equal(t, Vanished, report.Changes[0].Booking.State)
}

// The EMR executes the PUT and the connection dies: one execution, found by
// its code.
func TestLostReplyOverHTTP(t *testing.T) { onBoth(t, testLostReplyOverHTTP) }

func testLostReplyOverHTTP(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.FaultResetAfter, sandbox.FaultFinAfter, sandbox.FaultCutBody, sandbox.FaultStatusAfter, sandbox.FaultGarbage} {
		t.Run(string(kind), func(t *testing.T) {
			b, s, person := realDesk(t)
			r := first(t, b)
			s.SetFault(putRoute, sandbox.Fault{Kind: kind})
			r, err := b.Request(t.Context(), r.ID, r.Fence, person)
			if err != nil {
				require.ErrorAs(t, err, new(*UnknownError))
				require.Equal(t, Unknown, r.State)
				s.ClearFaults()
				r, err = b.Resolve(t.Context(), r.ID)
				require.NoError(t, err)
			}
			require.Equal(t, Requested, r.State)
			require.Equal(t, 1, s.Executions(putRoute), "the client must not repeat a write by itself")
			id, _ := strconv.Atoi(string(person.ID))
			row, _ := s.Prospect(id)
			require.Equal(t, 1, strings.Count(row["Notes"].(string), r.Code), row["Notes"])
		})
	}
}

// An EMR that replaces the record on PUT is found out at the first write.
func TestEmptiedFieldsRaiseTheAlarm(t *testing.T) { onBoth(t, testEmptiedFieldsRaiseTheAlarm) }

func testEmptiedFieldsRaiseTheAlarm(t *testing.T) {
	b, s, person := realDesk(t)
	r := first(t, b)
	id, _ := strconv.Atoi(string(person.ID))
	s.SetFault(putRoute, sandbox.Fault{Kind: sandbox.FaultDelay})
	b.emr = emptying{b.emr.(*naturaesoft.Client), func() {
		row, _ := s.Prospect(id)
		row["City"], row["ProspectID"] = "", id
		s.PutProspect(row)
	}}
	r, err := b.Request(t.Context(), r.ID, r.Fence, person)
	require.NoError(t, err)
	require.Equal(t, Requested, r.State)
	require.Equal(t, []string{"The EMR emptied fields that were not edited: City."}, r.Warnings)
	require.NotEmpty(t, b.Halted())

	_, err = b.Cancel(t.Context(), r.ID, "")
	var refused *RefusedError
	require.True(t, errors.As(err, &refused), "%v", err)
	require.ErrorContains(t, err, "No prospect is written from here")
	require.Equal(t, 1, s.Executions(putRoute))
	b.Resume()
	_, err = b.Cancel(t.Context(), r.ID, "")
	require.NoError(t, err)
}

// emptying is an EMR that loses a field with every update.
type emptying struct {
	*naturaesoft.Client
	lose func()
}

func (e emptying) UpdateProspect(ctx context.Context, p naturaesoft.Prospect, edits naturaesoft.Edits) error {
	defer e.lose()
	return e.Client.UpdateProspect(ctx, p, edits)
}

// Every error of this package becomes its own sentence on the screen.
func TestErrorsReachThePersonInTheirOwnWords(t *testing.T) {
	onBoth(t, testErrorsReachThePersonInTheirOwnWords)
}

func testErrorsReachThePersonInTheirOwnWords(t *testing.T) {
	for _, err := range []error{&LostError{}, &MissingError{}, refuse("A sentence."), &UnknownError{}} {
		require.Equal(t, err.Error(), rest.UserMessage(err))
	}
}
