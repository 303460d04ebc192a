package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/state/desk"
	"frontdesk/state/people"
)

// member is a record with everything output knows.
type member struct {
	ID    string   `json:"id" head:"id"`
	Born  string   `json:"born" head:"born" mask:"birth"`
	Phone string   `json:"phone" head:"phone" mask:"phone"`
	Mail  string   `json:"email" head:"e-mail" mask:"mail"`
	Note  string   `json:"note" head:"note" lead:"1"`
	Known *bool    `json:"known" head:"known"`
	Tags  []string `json:"tags"`
}

func needle() member {
	return member{ID: "1", Born: "1980-12-31", Phone: "(555) 555-0123", Mail: "needle@example.com", Note: "a\nb", Tags: []string{"x<y"}}
}

// output is a run whose data and words are kept, on a desk of its own.
func output(t *testing.T, f flags) (r *run, out, words *bytes.Buffer) {
	d, err := OpenDesk(t.Context(), t.TempDir(), NewKeys(), Choices{Undo: noWindows})
	require.NoError(t, err)
	t.Cleanup(d.Shut)
	out, words = &bytes.Buffer{}, &bytes.Buffer{}
	return &run{ctx: t.Context(), flags: f, desk: d, out: out, err: words}, out, words
}

func TestMaskedUnlessRevealed(t *testing.T) {
	rows := []member{needle()}
	r, out, _ := output(t, flags{json: true})
	require.NoError(t, list(r, "members", rows))
	require.Equal(t, `{"version":1,"masked":true,"members":[{"id":"1","born":"1980-**-**","phone":"***0123",`+
		`"email":"n***@example.com","note":"a\nb","known":null,"tags":["x<y"]}]}`+"\n", out.String())
	require.Equal(t, needle(), rows[0], "the caller's rows are left alone")
	revealed, err := r.desk.Audit.Read(t.Context(), desk.Search{Op: "reveal"})
	require.NoError(t, err)
	require.Empty(t, revealed)

	r, out, _ = output(t, flags{reveal: true})
	require.NoError(t, one(r, "member", "1", needle()))
	require.Equal(t, "id:     1\nborn:   1980-12-31\nphone:  (555) 555-0123\ne-mail: needle@example.com\nknown:  unknown\n\nnote:\n  a\n  b\n", out.String())
	revealed, err = r.desk.Audit.Read(t.Context(), desk.Search{Op: "reveal"})
	require.NoError(t, err)
	require.Len(t, revealed, 1)
	require.Equal(t, `{"version":1,"members":[{"id":text,"born":text,"phone":text,"email":text,"note":text,"known":boolean|null,"tags":[text]}]}`, shape[member]("members", true))
}

func TestWhatIsTooShortIsHiddenWhole(t *testing.T) {
	for how, short := range map[string]string{"birth": "31/12", "phone": "1234567", "mail": "@x", "all": "x"} {
		require.Equal(t, "****", masks[how](short), how)
	}
}

// Moments are in the practice's zone for people and in UTC for scripts; what a
// vendor wrote in no form of ours stays.
func TestMomentsInThePracticesZone(t *testing.T) {
	type row struct {
		At moment `json:"at" head:"at"`
	}
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	rows := []row{{stamp(time.Date(2026, 7, 1, 2, 30, 5, 0, time.UTC))}, {"2026-12-01T02:30:05.204Z"}, {"Tuesday"}, {stamp(time.Time{})}}
	r, out, _ := output(t, flags{})
	r.Profile.Zone = zone
	require.NoError(t, list(r, "moments", rows))
	require.Equal(t, "AT\n2026-06-30 22:30:05 EDT\n2026-11-30 21:30:05 EST\nTuesday\n\n", out.String())
	r, out, _ = output(t, flags{json: true})
	require.NoError(t, list(r, "moments", rows[:2]))
	require.Equal(t, `{"version":1,"moments":[{"at":"2026-07-01T02:30:05Z"},{"at":"2026-12-01T02:30:05.204Z"}]}`+"\n", out.String())
	require.Equal(t, `{"version":1,"moments":[{"at":text}]}`, shape[row]("moments", true))
}

func TestColumnsOfWideText(t *testing.T) {
	r, out, words := output(t, flags{})
	require.NoError(t, list(r, "members", []member{{ID: "田中", Mail: "a@b"}, {ID: "1", Mail: "c@d"}}))
	lines := strings.Split(out.String(), "\n")
	require.Contains(t, lines[1], "田中               a***@b")
	require.Contains(t, lines[2], "1                  c***@d")
	require.NoError(t, list(r, "members", []member{}))
	require.Equal(t, "None.\n", words.String())
}

func TestValuesFromAPipe(t *testing.T) {
	for text, want := range map[string]map[string]string{
		`{"A":"x","B":5,"C":true,"D":null}`: {"A": "x", "B": "5", "C": "true", "D": ""},
		"A=x=y\n# note\n\nB=\r\n":           {"A": "x=y", "B": ""},
		"  {\"A\": \"x\"}\n":                {"A": "x"},
	} {
		got, err := pairs([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{`{"A":["Needle"]}`, `{"A":"Needle"`, "A=x\nNeedle"} {
		_, err := pairs([]byte(text))
		require.Equal(t, exitUsage, ExitCode(err), text)
		require.NotContains(t, Sentence(err), "Needle")
	}
	r, _, _ := output(t, flags{from: "-"})
	r.in = strings.NewReader("A=piped\nB=piped")
	got, err := r.values([]string{"A=given"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"A": "given", "B": "piped"}, got)
}

func TestSentencesWithoutTheScreensKeys(t *testing.T) {
	gone := &rest.Error{Vendor: "EMR", Op: "list", Status: 404, Kind: rest.KindNotFound}
	require.Contains(t, rest.UserMessage(gone), "Press r to reload.")
	require.NotContains(t, strings.ToLower(Sentence(gone)), "reload")
	require.Equal(t, "No number: read the list again.", Sentence(Usage(errors.New("No number: press r to read the list again."))))
}

func TestWhatMayHaveLandedEndsWithSix(t *testing.T) {
	for _, err := range []error{&doubt{id: "1", cause: errors.New("x")}, &unclearFamily{}, &unclearRows{2}, &stillUnknown{1}, &people.CreatedError{}, fmt.Errorf("wrapped: %w", &doubt{id: "1", cause: context.Canceled})} {
		require.Equal(t, exitMaybeLanded, ExitCode(err), "%T", err)
	}
	require.Equal(t, exitInterrupted, ExitCode(&doubt{"1", true, context.Canceled}))
	require.Equal(t, exitNotSignedIn, ExitCode(errLocked))
	require.Equal(t, exitConfig, ExitCode(&notUsed{"updox"}))
	require.Contains(t, Sentence(&doubt{id: "0123", cause: errors.New("x")}), "frontdesk outbox settle 0123")
}

// Each write is found again by its names, and no two share them.
func TestEveryWriteIsFoundAgain(t *testing.T) {
	for i, k := range kinds() {
		for j, other := range kinds() {
			vendor, op := k.names()
			require.Equal(t, i == j, other.is(vendor, op), "%s %s", vendor, op)
		}
	}
}

// A list is read to its end from vendors that give less at once than they are
// asked for, and from one that ignores which page it is asked for.
func TestPagesEnd(t *testing.T) {
	for name, tc := range map[string]struct {
		limit, asked int
		serve        func(q inboxhealth.Query) []int
		want         []int
	}{
		"two pages":   {0, 2, func(q inboxhealth.Query) []int { return [][]int{{1, 2}, {3}}[q.Page-1] }, []int{1, 2, 3}},
		"nothing":     {0, 1, func(inboxhealth.Query) []int { return nil }, nil},
		"ignored":     {0, 2, func(inboxhealth.Query) []int { return []int{1, 2} }, []int{1, 2}},
		"enough":      {3, 2, func(q inboxhealth.Query) []int { return []int{2*q.Page - 1, 2 * q.Page} }, []int{1, 2, 3}},
		"ends on two": {0, 2, func(q inboxhealth.Query) []int { return [][]int{{1, 2}, nil}[q.Page-1] }, []int{1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			r, _, words := output(t, flags{})
			asked := 0
			rows, err := pages(r, tc.limit, func(q inboxhealth.Query) (inboxhealth.Page[int], error) {
				asked++
				items := tc.serve(q)
				return inboxhealth.Page[int]{Items: items, More: len(items) > 1}, nil
			}, func(v int) int { return v })
			require.NoError(t, err)
			require.Equal(t, tc.want, rows)
			require.Equal(t, tc.asked, asked)
			require.NotContains(t, words.String(), "goes on")
		})
	}
}
