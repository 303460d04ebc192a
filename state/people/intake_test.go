package people_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/sandbox"
	"frontdesk/state/people"
	"frontdesk/state/store"
)

const createRoute = "POST /v1/{ppass}/prospects"

// office is a sandbox with a client and a book of decisions.
type office struct {
	server *sandbox.Server
	emr    *naturaesoft.Client
	book   *people.Book
}

func newOffice(t *testing.T) office {
	s, err := sandbox.Start(sandbox.Options{Prospects: 20})
	require.NoError(t, err)
	emr, err := naturaesoft.New(naturaesoft.Config{
		Base: s.URL("naturaesoft"), PPass: sandbox.PracticeID, Operator: "maria", Rate: 10000, Burst: 1000,
		Key: func(context.Context) (string, error) { return sandbox.FakeEMRKey, nil },
	})
	require.NoError(t, err)
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "people.db"), Migrations: people.Migrations})
	require.NoError(t, err)
	t.Cleanup(func() { emr.Close(); _ = db.Close(); _ = s.Close() })
	return office{s, emr, people.Open(db, "maria")}
}

// faulty are the ways in which a line can be bad, by what its fault must say.
var faulty = []struct{ line, words string }{
	{"Bad%d,Testperson,not-a-number,bad%d@example.com,1987-07-23,NY,10001", "phone number"},
	{"Bad%d,Testperson,2125550100,no-address-%d,1987-07-23,NY,10001", "e-mail"},
	{"Bad%d,Testperson,2125550100,bad%d@example.com,2199-01-01,NY,10001", "future"},
	{"Bad%d,Testperson,2125550100,bad%d@example.com,23.7.87,NY,10001", "not a day"},
	{"Bad%d,Testperson,2125550100,bad%d@example.com,1987-07-23,Nowhere,10001", "no such state"},
	{"Bad%d,Testperson,2125550100,bad%d@example.com,1987-07-23,NY,123", "ZIP"},
	{"Bad%d,Testperson,2125550100,bad%d@example.com,1987-07-23,NY", "number of columns"},
}

// census is a file with good rows and bad ones spread among them.
func census(good, bad int) (data []byte, badLines map[int]string) {
	var b bytes.Buffer
	b.WriteString("First Name,Last Name,Phone,E-Mail,Date of birth,State,ZIP\n")
	badLines = map[int]string{}
	line := 1
	for i, made := 0, 0; i < good; i++ {
		line++
		fmt.Fprintf(&b, "First%d,Testperson%d,212555%04d,person%d@example.com,7/23/1987,new york,10001\n", i, i, i%10000, i)
		if made*good < bad*(i+1) && made < bad {
			line++
			f := faulty[made%len(faulty)]
			fmt.Fprintf(&b, f.line+"\n", made, made)
			badLines[line] = f.words
			made++
		}
	}
	return b.Bytes(), badLines
}

func (o office) rules(code string) people.Rules {
	return people.Rules{Today: civil.Date{Year: 2026, Month: 3, Day: 9}, Code: code, Who: "maria@desk2",
		States: map[string]string{"ny": "NY", "new york": "NY"}}
}

// created counts the people a file created, by line.
func (o office) created(t *testing.T, code string) map[string]int {
	t.Helper()
	found := map[string]int{}
	for page := 1; ; page++ {
		got, err := o.emr.Prospects(t.Context(), naturaesoft.ProspectQuery{Page: page, Limit: 500, Patients: true})
		require.NoError(t, err)
		for _, p := range got.Items {
			if _, rest, ok := strings.Cut(p.Notes.Raw(), "[FD "+code+"-"); ok {
				line, _, _ := strings.Cut(rest, "]")
				found[line]++
			}
		}
		if !got.More {
			return found
		}
	}
}

// TestAnImportCreatesEachRowOnce takes in a file with bad rows while answers
// are lost and the run is broken off.
func TestAnImportCreatesEachRowOnce(t *testing.T) {
	good, bad := 480, 20
	if os.Getenv("FRONTDESK_SOAK") != "" {
		good, bad = 4800, 200
	}
	o := newOffice(t)
	data, badLines := census(good, bad)
	file, err := people.ReadFile(data)
	require.NoError(t, err)
	require.Len(t, file.Rows, good+bad)
	journal, err := o.book.Import(t.Context(), file.Sum)
	require.NoError(t, err)
	mapping := people.Guess(file.Header)
	require.Equal(t, people.Mapping{"FirstName", "LastName", "Phone", "EMail", "DOB", "State", "Zip"}, mapping)
	rows := people.Plan(file, mapping, o.rules(journal.Code))
	send := slices.DeleteFunc(slices.Clone(rows), func(r people.Row) bool { return !r.Good() })
	require.Len(t, send, good)
	for _, r := range rows {
		words, isBad := badLines[r.Line]
		require.Equal(t, !isBad, r.Good(), "line %d: %v", r.Line, r.Faults)
		if isBad {
			require.Contains(t, r.Faults[0].Words, words, "line %d", r.Line)
		}
	}

	// The first cut: an answer is lost behind a row that was created. Then the
	// run is broken off.
	o.server.SetFault(createRoute, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1, After: good / 8})
	ctx, cancel := context.WithCancel(t.Context())
	in := people.Intake{EMR: o.emr, Import: journal, Settle: time.Millisecond, Said: func(t people.Tally) {
		if t.Created == good/3 {
			cancel()
		}
	}}
	first := in.Run(ctx, send)
	require.Error(t, first.Stopped)
	require.Less(t, first.Created, good)

	// It goes on from its journal alone. The second cut: the connection breaks
	// before the vendor did anything.
	again, err := o.book.Import(t.Context(), file.Sum)
	require.NoError(t, err)
	require.Equal(t, journal.Code, again.Code)
	o.server.SetFault(createRoute, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1, After: good / 8})
	in = people.Intake{EMR: o.emr, Import: again, Settle: time.Millisecond}
	second := in.Run(t.Context(), send)
	require.NoError(t, second.Stopped)
	require.Equal(t, people.Tally{Created: good}, second.Tally)
	require.Empty(t, second.Problems)

	found := o.created(t, journal.Code)
	require.Len(t, found, good)
	for line, n := range found {
		require.Equal(t, 1, n, "line %s", line)
	}
	require.Equal(t, good, o.server.Executions(createRoute))
}

func TestPreviewIsWhatIsSent(t *testing.T) {
	o := newOffice(t)
	file, err := people.ReadFile([]byte("\ufeffFirst;Surname;Mobile;Sex;Notes;Extra\nZoë;Testperson;(212) 555-0177;Female;'=1+1;x\n"))
	require.NoError(t, err)
	journal, err := o.book.Import(t.Context(), file.Sum)
	require.NoError(t, err)
	rows := people.Plan(file, people.Guess(file.Header), o.rules(journal.Code))
	require.Len(t, rows, 1)
	out := (&people.Intake{EMR: o.emr, Import: journal}).Run(t.Context(), rows)
	require.Equal(t, people.Tally{Created: 1}, out.Tally)
	sent, ok := o.server.Prospect(21)
	require.True(t, ok)
	for name, value := range rows[0].Edits {
		require.Equal(t, value, fmt.Sprint(sent[name]), name)
	}
	require.Equal(t, naturaesoft.Edits{
		"FirstName": "Zoë", "LastName": "Testperson", "CellPhone": "2125550177", "Gender": "f", "Prospect": "1",
		"Notes": "=1+1\n[FD " + journal.Code + "-2] IMP by maria@desk2",
	}, rows[0].Edits)
}

func TestACellOfSeveralLinesIsOneLineUnlessItIsNotes(t *testing.T) {
	file, err := people.ReadFile([]byte("First,Last,City,Notes\n\"Anna\n Maria\",Example,\"\n\",\"one\ntwo\"\n"))
	require.NoError(t, err)
	rows := people.Plan(file, people.Guess(file.Header), people.Rules{Code: "X", Who: "m"})
	require.Equal(t, naturaesoft.Edits{
		"FirstName": "Anna Maria", "LastName": "Example", "Prospect": "1", "Notes": "one\ntwo\n[FD X-2] IMP by m",
	}, rows[0].Edits)
}

func TestARowTheVendorRefusesIsNamed(t *testing.T) {
	o := newOffice(t)
	data, _ := census(3, 0)
	file, err := people.ReadFile(data)
	require.NoError(t, err)
	journal, err := o.book.Import(t.Context(), file.Sum)
	require.NoError(t, err)
	rows := people.Plan(file, people.Guess(file.Header), o.rules(journal.Code))
	o.server.SetFault(createRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, Times: 1, After: 1})
	out := (&people.Intake{EMR: o.emr, Import: journal}).Run(t.Context(), rows)
	require.NoError(t, out.Stopped)
	require.Equal(t, people.Tally{Created: 2, Refused: 1}, out.Tally)
	require.Equal(t, []int{3}, slices.Collect(maps.Keys(out.Problems)))
}

func TestAClosedVendorStopsTheImportAndLeavesTheRest(t *testing.T) {
	o := newOffice(t)
	data, _ := census(30, 0)
	file, err := people.ReadFile(data)
	require.NoError(t, err)
	journal, err := o.book.Import(t.Context(), file.Sum)
	require.NoError(t, err)
	rows := people.Plan(file, people.Guess(file.Header), o.rules(journal.Code))
	o.server.SetFault(createRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 403, After: 5})
	out := (&people.Intake{EMR: o.emr, Import: journal}).Run(t.Context(), rows)
	require.Error(t, out.Stopped)
	require.Equal(t, people.Tally{Created: 5, Left: 25}, out.Tally)
	o.server.ClearFaults()
	out = (&people.Intake{EMR: o.emr, Import: journal}).Run(t.Context(), rows)
	require.Equal(t, people.Tally{Created: 30}, out.Tally)
	require.Equal(t, 30, o.server.Executions(createRoute))
}

// TestTwoDesksAtOneFile runs the same file at two desks: the journal they share
// lets each row go once.
func TestTwoDesksAtOneFile(t *testing.T) {
	o := newOffice(t)
	data, _ := census(60, 0)
	file, err := people.ReadFile(data)
	require.NoError(t, err)
	done := make(chan people.Outcome, 2)
	var code string
	for range 2 {
		journal, err := o.book.Import(t.Context(), file.Sum)
		require.NoError(t, err)
		code = journal.Code
		rows := people.Plan(file, people.Guess(file.Header), o.rules(code))
		go func() {
			done <- (&people.Intake{EMR: o.emr, Import: journal, Settle: people.Settle}).Run(t.Context(), rows)
		}()
	}
	a, b := <-done, <-done
	require.NoError(t, a.Stopped)
	require.NoError(t, b.Stopped)
	require.Equal(t, 60, o.server.Executions(createRoute))
	require.Len(t, o.created(t, code), 60)
}

func TestDuplicatesOfAFileAreFlagged(t *testing.T) {
	file, err := people.ReadFile([]byte("First,Last,Phone,Email\nZoe,Testperson,2125550177,\nAnn,Example,2125550111,ann@example.com\nAnne,Example,2125550111,\n"))
	require.NoError(t, err)
	rows := people.Plan(file, people.Guess(file.Header), people.Rules{Code: "X", Who: "m"})
	people.Flag(rows, people.NewIndex([]people.Person{{ID: "7", First: "Zoë", Last: "Testperson", Full: "Zoë Testperson", Phones: []string{"(212) 555-0177"}}}))
	require.Equal(t, naturaesoft.ID("7"), rows[0].Like.Person.ID)
	require.Nil(t, rows[1].Like)
	require.Equal(t, 3, rows[2].LikeOf, "the same file has this person on an earlier line")
}

func TestFilesThatCannotBeRead(t *testing.T) {
	_, err := people.ReadFile(nil)
	require.ErrorContains(t, err, "no line of column names")
	f, err := people.ReadFile([]byte("a,b\n\"x,1\ny,2\n"))
	require.NoError(t, err)
	require.NotEmpty(t, f.Rows[0].Bad)
	f, err = people.ReadFile([]byte("First,Last\nZo\xeb,M\xfcller\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"Zoë", "Müller"}, f.Rows[0].Cells)
	var quoted bytes.Buffer
	w := csv.NewWriter(&quoted)
	require.NoError(t, w.WriteAll([][]string{{"First", "Notes"}, {"Zoe", "one\ntwo"}}))
	f, err = people.ReadFile(quoted.Bytes())
	require.NoError(t, err)
	require.Equal(t, "one\ntwo", f.Rows[0].Cells[1])
}
