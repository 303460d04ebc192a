package enroll

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/sandbox"
	"frontdesk/state/store"
)

const header = "Member Type,Group,Medical Plan,Dental Plan,Start Date,Effective Date,Hire Date,First Name,Last Name,DOB,SSN,Gender,ID,Employee ID\n"

// known is what the short files are held against.
func known() Known {
	plan := func(line, ends string) anglehealth.Plan {
		var p anglehealth.Plan
		if err := json.Unmarshal([]byte(`{"line_of_coverage":"`+line+`","end_date":"`+ends+`"}`), &p); err != nil {
			panic(err)
		}
		return p
	}
	return Known{
		Groups:  map[anglehealth.ID]bool{"g": true},
		Plans:   map[string]anglehealth.Plan{"silver": plan("medical", "12/31/2026"), "teeth": plan("dental", "12/31/26")},
		Members: map[anglehealth.ID]bool{"used": true},
	}
}

func checked(t require.TestingT, text string) Census {
	table, err := Read(strings.NewReader(text))
	require.NoError(t, err)
	m := Guess(table.Header)
	require.Empty(t, table.Missing(m))
	return Check(table, m, known())
}

const (
	good   = "employee,g,silver,teeth,03/09/2026,04/01/2026,03/01/2026,Ada,Sample,02/29/1972,987-65-4321,F,e1,\n"
	child1 = "dependent,g,silver,,03/09/2026,,,Al,Sample,2010-05-06,,male,d1,e1\n"
)

func TestCheckFindsWhatIsWrong(t *testing.T) {
	change := func(row, old, fresh string) string {
		require.Contains(t, row, old)
		return strings.Replace(row, old, fresh, 1)
	}
	for name, tc := range map[string]struct {
		row    string
		reason string // of line 2
	}{
		"date form":            {change(good, "03/09/2026", "9.3.2026"), "“Start Date” must be a day"},
		"two digits":           {change(good, "03/09/2026", "03/09/26"), "“Start Date” must be a day"},
		"no such day":          {change(good, "02/29/1972", "02/29/1973"), "date of birth must be a day"},
		"born long ago":        {change(good, "02/29/1972", "02/28/1872"), "before 1900"},
		"no start":             {change(good, "03/09/2026", ""), "start date is missing"},
		"another century":      {change(good, "03/09/2026", "03/09/1998"), "between 2000 and 2099"},
		"start before hire":    {change(good, "03/01/2026", "03/10/2026"), "start date lies before the hire date"},
		"effective before":     {change(good, "04/01/2026", "03/01/2026"), "effective date lies before the start date"},
		"after the plan":       {change(change(good, "03/09/2026", "01/01/2027"), "04/01/2026", ""), "ends before the start date"},
		"unknown group":        {change(good, ",g,", ",h,"), "knows the group"},
		"no group":             {change(good, ",g,", ",,"), "group is missing"},
		"unknown plan":         {change(good, "silver", "gold"), "no plan of the name in the column “Medical Plan”"},
		"plan of another line": {change(good, "silver", "teeth"), "is no medical plan"},
		"no plan":              {change(good, "silver,teeth", ","), "No plan is chosen"},
		"SSN shape":            {change(good, "987-65-4321", "987-65-43"), "nine digits"},
		"zero SSN":             {change(good, "987-65-4321", "987-00-4321"), "nine digits"},
		"sex":                  {change(good, ",F,", ",x,"), "F or M"},
		"type":                 {change(good, "employee", "boss"), "must say employee or dependent"},
		"id in use":            {change(good, "e1", "used"), "already in use"},
		"id like an SSN":       {change(good, "e1", "987-65-4322"), "looks like a social security number"},
		"too few columns":      {"employee,g,silver\n", "3 columns, the header has 14"},
		"hidden characters":    {change(good, "Ada", "A\u202eda"), "cannot be seen"},
		"not UTF-8":            {change(good, "Ada", "Ad\xe9"), "no UTF-8"},
		"first a dependent":    {change(child1, "e1", ""), "there is none above"},
		"unknown employee":     {child1, "does not stand above"},
	} {
		c := checked(t, header+tc.row)
		require.Empty(t, c.Plans, name)
		require.Len(t, c.Rejects, 1, name)
		require.Contains(t, strings.Join(c.Rejects[0].Reasons, " "), tc.reason, name)
		require.Equal(t, 2, c.Rejects[0].Row.Line)
	}
	c := checked(t, header+good+child1)
	require.Empty(t, c.Rejects)
	require.Len(t, c.Plans, 1)
	require.Equal(t, c.Plans[0].Hire.Start, checked(t, header+change(good, "03/09/2026", "3/9/2026")).Plans[0].Hire.Start, "as a spreadsheet writes it")
}

// Names are names in every script.
func TestNamesOfAllScriptsAreGood(t *testing.T) {
	for _, name := range []string{"José", "O'Brien", "Nguyễn", "田中太郎", "עברית", "العربية", "क्षि", "น้ำใจ", "Zoë–Ann"} {
		c := checked(t, header+strings.Replace(good, "Ada", name, 1))
		require.Empty(t, c.Rejects, name)
		require.Equal(t, name, c.Plans[0].People[0].Fields["first_name"])
	}
}

// A bad row takes its family along and nobody else.
func TestFamiliesAreHeldTogether(t *testing.T) {
	bad := strings.Replace(child1, "2010-05-06", "soon", 1)
	other := strings.NewReplacer("e1", "e2", "987-65-4321", "987-65-4399").Replace(good)
	for name, tc := range map[string]struct {
		text string
		want string
	}{
		"dependent":         {good + bad + other, "2 held, 3"},
		"employee":          {strings.Replace(good, "silver", "gold", 1) + child1 + other, "2, 3 held"},
		"another group":     {good + strings.Replace(child1, ",g,", ",h,", 1) + other, "2 held, 3"},
		"another start":     {good + strings.Replace(child1, "03/09/2026", "03/10/2026", 1) + other, "2 held, 3"},
		"uncovered line":    {strings.Replace(good, "silver", "", 1) + child1 + other, "2 held, 3"},
		"another effective": {good + strings.Replace(child1, "2026,,,Al", "2026,05/01/2026,,Al", 1) + other, "2 held, 3"},
		"id twice":          {good + strings.Replace(child1, "d1", "e1", 1) + other, "2 held, 3"},
		"no type":           {good + strings.Replace(child1, "dependent", "boss", 1) + other, "2 held, 3"},
		"no type, no link":  {good + strings.NewReplacer("dependent", "boss", ",e1", ",").Replace(child1) + other, "2 held, 3"},
		"far away":          {good + other + bad, "2 held, 4"},
	} {
		c := checked(t, header+tc.text)
		require.Len(t, c.Plans, 1, name)
		require.Equal(t, anglehealth.ID("e2"), c.Plans[0].Hire.Employee.ID, name)
		var got []string
		for _, r := range c.Rejects {
			line := fmt.Sprint(r.Row.Line)
			if r.Held {
				line += " held"
				require.Contains(t, r.Reasons[0], "of the same family")
			}
			got = append(got, line)
		}
		require.Equal(t, tc.want, strings.Join(got, ", "), name)
	}
}

func TestPlansSayWhatTheFileSays(t *testing.T) {
	c := checked(t, header+good+child1)
	p := c.Plans[0]
	require.Equal(t, 2, p.Line)
	require.Equal(t, "2026-04-01", p.Wanted.String())
	require.Equal(t, anglehealth.NewHire{Group: "g", Start: ninth(),
		Employee:   anglehealth.Elected{ID: "e1", Plans: map[anglehealth.Line]string{"medical": "silver", "dental": "teeth"}},
		Dependents: []anglehealth.Elected{{ID: "d1", Plans: map[anglehealth.Line]string{"medical": "silver"}}}}, p.Hire)
	require.Equal(t, "987-65-4321", p.People[0].SSN.Expose())
	require.Equal(t, "2026-03-01 1972-02-29", p.People[0].Hired.String()+" "+p.People[0].DOB.String())
	require.Equal(t, map[string]string{"first_name": "Al", "last_name": "Sample"}, p.People[1].Fields)
	require.Equal(t, "M", p.People[1].Sex)

	bare := "type;group;dental;start date\nemployee;g;teeth;2026-03-09\nspouse;;teeth;\nchild;;teeth;\n"
	c = checked(t, bare)
	require.Empty(t, c.Rejects)
	require.Len(t, c.Plans, 1)
	require.Len(t, c.Plans[0].Hire.Dependents, 2)
	require.Empty(t, c.Plans[0].People)
	for _, id := range c.Plans[0].Hire.Members() {
		require.Regexp(t, `^fd-`, string(id))
	}
}

// Some files have no ids of members and give a whole family the employee's.
func TestFamiliesByTheEmployeesNumber(t *testing.T) {
	c := checked(t, "type,group,medical,start date,employee id\nemployee,g,silver,2026-03-09,7\nemployee,g,silver,2026-03-09,8\nchild,,silver,,7\n")
	require.Empty(t, c.Rejects)
	require.Len(t, c.Plans, 2)
	require.Len(t, c.Plans[0].Hire.Dependents, 1)
	require.Empty(t, c.Plans[1].Hire.Dependents)
}

// Every row is sent or rejected, never both, whatever the file holds.
func TestEveryRowHasOneFate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.SampledFrom([]string{"", "employee", "dependent", "child", "g", "silver", "teeth", "03/09/2026", "2026-04-01", "987-65-4321", "F", "e1", "e2", "e3", "=1+1", "x"})
		var text strings.Builder
		text.WriteString(header)
		n := rapid.IntRange(1, 12).Draw(t, "rows")
		for i := range n {
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				fmt.Fprintf(&text, "employee,g,silver,,03/09/2026,,,A,B,,,,e%d,\n", i)
			case 1:
				fmt.Fprintf(&text, "dependent,g,silver,,,,,A,B,,,,d%d,e%d\n", i, rapid.IntRange(0, n).Draw(t, "of"))
			default:
				cells := rapid.SliceOfN(cell, 1, 15).Draw(t, "cells")
				cells[0] = "x" + cells[0] // so that no line is blank
				fmt.Fprintln(&text, strings.Join(cells, ","))
			}
		}
		c := checked(t, text.String())
		sent := 0
		for _, p := range c.Plans {
			sent += len(p.Hire.Members())
			require.Empty(t, p.Hire.Problems())
		}
		require.Equal(t, n, sent+len(c.Rejects))
		seen := map[int]bool{}
		for _, r := range c.Rejects {
			require.NotEmpty(t, r.Reasons)
			require.False(t, seen[r.Row.Line])
			seen[r.Row.Line] = true
		}
	})
}

func TestRejectsFile(t *testing.T) {
	bad := `boss,g,"=HYPERLINK(""http://example.com"",""x"")",@SUM(A1),+1,-1,"` + "\t" + `=1",Ada,Sample,,987-65-4321,F,987-65-4322,` + "\n"
	c := checked(t, header+bad)
	var out bytes.Buffer
	require.NoError(t, c.WriteRejects(&out))
	rows, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Equal(t, []string{"line", "reason", "Member Type"}, rows[0][:3])
	require.Equal(t, "2", rows[1][0])
	require.Contains(t, rows[1][1], "must say employee or dependent")
	for _, cell := range rows[1] {
		require.NotContains(t, "=+-@\t\r", string((cell + "x")[0]), cell)
	}
	require.NotContains(t, out.String(), "987-65-4321")
	require.NotContains(t, out.String(), "987-65-4322")
	require.Contains(t, out.String(), "***-**-4321")

	back, err := Read(bytes.NewReader(out.Bytes()))
	require.NoError(t, err)
	require.Equal(t, "@SUM(A1)", back.Rows[0].Cells[5], "our own apostrophe is taken off again")
}

// The file of rejected rows holds personal data: no other account reads it, and
// nothing that is there already is written over.
func TestRejectsAreSavedToANewFile(t *testing.T) {
	c := checked(t, header+"boss,g,,,,,,Ann,Sample,,,F,,\n")
	path := filepath.Join(t.TempDir(), "rejects.csv")
	require.NoError(t, c.SaveRejects(path))
	was, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(was), "Ann")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.EqualValues(t, 0o600, info.Mode().Perm())
	require.ErrorIs(t, Census{}.SaveRejects(path), os.ErrExist)
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, was, now)
}

func TestReadingFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "no rows",
		"a,b\n":                                  "no rows",
		"a,b\n\n,\n":                             "no rows",
		"a\n\"x\"y\n":                            "Line 2 of the file has a quotation mark",
		"\xff\xfea\x00":                          "UTF-8",
		strings.Repeat("x", maxBytes+1):          "32 MB",
		"a\n" + strings.Repeat("x\n", maxRows+1): "50,000",
	} {
		_, err := Read(strings.NewReader(text))
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "x\"y")
	}
	for _, text := range []string{"\xEF\xBB\xBFa,b\nx, y \n", "a;b\nx;y\n", "a\tb\r\nx\ty\r\n", "\na,b\n\nx,\"y\"\n"} {
		table, err := Read(strings.NewReader(text))
		require.NoError(t, err)
		require.Equal(t, []string{"a", "b"}, table.Header)
		require.Equal(t, []string{"x", "y"}, table.Rows[0].Cells)
	}
	table, err := Read(strings.NewReader("a,b\n\"x\ny\",1\nz,2\n"))
	require.NoError(t, err)
	require.Equal(t, []int{2, 4}, []int{table.Rows[0].Line, table.Rows[1].Line})
}

func TestMappingsAreRemembered(t *testing.T) {
	d := newDesk(t)
	head := []string{"Role", "Employer", "Health", "Beginn"}
	m, err := d.Recall(t.Context(), head)
	require.NoError(t, err)
	require.Equal(t, []Field{FieldStart}, Table{}.Missing(m))
	m[FieldStart] = 3
	require.NoError(t, d.Remember(t.Context(), head, m))
	require.NoError(t, d.Remember(t.Context(), head, m))
	again, err := openDesk(t, d.s, d.path).Recall(t.Context(), head)
	require.NoError(t, err)
	require.Equal(t, m, again)
	require.Empty(t, Table{}.Missing(again))
	require.Equal(t, []Field{FieldType, FieldGroup, FieldStart, FieldMedical}, Table{}.Missing(nil))
	require.Equal(t, []Field{FieldType, FieldStart, FieldMedical}, Table{Group: "g"}.Missing(nil))
	other, err := d.Recall(t.Context(), head[:2])
	require.NoError(t, err)
	require.Len(t, other, 2)
	require.Contains(t, Fields(), Field("occupation"))
}

// A census as an employer sends it, in which some rows are wrong on purpose,
// each in a way that is noted.
type made struct {
	text     string
	families [][]string     // ids of the good ones
	bad      map[int]string // by line: what the reason must hold
	held     map[int]bool
}

func makeCensus(members, every int) made {
	m := made{bad: map[int]string{}, held: map[int]bool{}}
	var b strings.Builder
	b.WriteString(header)
	line, wrong := 1, 0
	for family := 0; line <= members; family++ {
		size := min(1+family%4, members-line+1)
		var ids []string
		var lines []int
		spoilt := false
		for i := range size {
			line++
			id := fmt.Sprintf("c%d-%d", family, i)
			cells := []string{"dependent", "fake-group-garage", "silver_ppo", "", "03/09/2026", "", "", fmt.Sprint("Given", line), "Zzsurname",
				"01/02/1990", fmt.Sprintf("987-65-%04d", line), "F", id, fmt.Sprintf("c%d-0", family)}
			if i == 0 {
				cells[0], cells[3], cells[13] = "employee", "delta_dental", ""
			}
			if line%every == 0 {
				m.bad[line] = spoil(cells, wrong, i == 0)
				wrong++
				spoilt = true
			}
			ids, lines = append(ids, id), append(lines, line)
			b.WriteString(strings.Join(cells, ",") + "\n")
		}
		if !spoilt {
			m.families = append(m.families, ids)
			continue
		}
		for _, l := range lines {
			m.held[l] = m.bad[l] == ""
		}
	}
	m.text = b.String()
	return m
}

// spoil makes a row wrong and returns what the reason must hold.
func spoil(cells []string, n int, employee bool) string {
	ways := []struct {
		cell      int
		put, says string
	}{
		{4, "3/9/26", "must be a day"}, {2, "nonesuch_ppo", "no plan of the name"}, {10, "987-65", "nine digits"},
		{1, "nonesuch-group", "group"}, {12, "c0-0", "repeats that of line 2"}, {11, "Q", "F or M"}, {9, "13/13/1990", "date of birth"},
		{0, "boss", "must say employee"}, {6, "04/01/2026", "before the hire date"}, {7, "A\u200bda", "cannot be seen"},
	}
	w := ways[n%len(ways)]
	if employee && (w.cell == 0 || w.cell == 12) { // which would spoil others' rows as well
		w = ways[0]
	}
	cells[w.cell] = w.put
	return w.says
}

// TestCensusOfTwoThousand enrols every good family exactly once and rejects
// every bad row with its reason, although connections are cut and the program
// is killed on the way.
func TestCensusOfTwoThousand(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(o *Options) { o.AtOnce = 8 })
	members := 2000
	if raced && os.Getenv("FRONTDESK_SOAK") != "1" {
		members = 500
		t.Logf("under the race detector only %d members: FRONTDESK_SOAK=1 takes 2000", members)
	}
	file := makeCensus(members, 20)
	require.Len(t, file.bad, members/20)
	c := d.check(file)
	id, err := d.Import(t.Context(), c)
	require.NoError(t, err)
	d.unsealed("Zzsurname", "987-65-0", "Given7")
	n, err := d.ReleaseAll(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, len(file.families), n)

	for _, at := range []int{60, 300} {
		killed(d, id, at)
		require.Positive(t, d.s.Executions("POST /broker"+enrolRoute))
		d.pass(2 * time.Minute) // whose lease is over
	}
	d.finish(id, rand.New(rand.NewPCG(3, 4)))

	require.Equal(t, len(file.families), d.s.Executions("POST /broker"+enrolRoute))
	roster, _ := d.s.AngleRoster("fake-group-garage")
	on := map[string]bool{}
	for _, id := range roster {
		on[id] = true
	}
	members = 2 // who were there from the start
	for _, ids := range file.families {
		for _, id := range ids {
			require.Equal(t, 1, d.s.AngleEnrolled(id), id)
			require.True(t, on[id], id)
			m, _ := d.s.AngleMember(id)
			require.Equal(t, "Zzsurname", m["last_name"], id)
			require.Equal(t, ids[0], m["parent"])
			members++
		}
	}
	require.Len(t, roster, members, "nobody else")
	d.unsealed("Zzsurname", "987-65-0", "Given7")
}

// check reads the file as the screen would, and holds its rejects against what
// was spoilt.
func (d *desk) check(file made) Census {
	d.Helper()
	table, err := Read(strings.NewReader(file.text))
	require.NoError(d, err)
	m, err := d.Recall(d.Context(), table.Header)
	require.NoError(d, err)
	k, err := d.Known(d.Context(), table, m)
	require.NoError(d, err)
	c := Check(table, m, k)
	require.Equal(d, len(file.families), len(c.Plans))
	var out bytes.Buffer
	require.NoError(d, c.WriteRejects(&out))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(d, err)
	require.Len(d, rows[1:], len(c.Rejects))
	held := 0
	for i, r := range c.Rejects {
		require.Equal(d, fmt.Sprint(r.Row.Line), rows[i+1][0])
		if r.Held {
			require.True(d, file.held[r.Row.Line], r)
			held++
			continue
		}
		require.NotEmpty(d, file.bad[r.Row.Line], "line %d: %v", r.Row.Line, r.Reasons)
		require.Contains(d, rows[i+1][1], file.bad[r.Row.Line], "line %d", r.Row.Line)
	}
	require.Equal(d, len(file.bad), len(c.Rejects)-held, "every bad row, with its reason")
	return c
}

// killed runs the census in a process of its own that is killed by the system
// at its n-th write.
func killed(d *desk, census string, n int) {
	d.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ENROLL_TEST_CHILD="+d.path, "ENROLL_TEST_BASE="+d.s.URL("anglehealth"),
		"ENROLL_TEST_CENSUS="+census, fmt.Sprint("ENROLL_TEST_KILL=", n))
	cmd.Stderr = os.Stderr
	require.Error(d, cmd.Run())
	require.Equal(d, syscall.SIGKILL, cmd.ProcessState.Sys().(syscall.WaitStatus).Signal())
}

// child runs a census and kills itself when it is told to.
func child() {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{Path: os.Getenv("ENROLL_TEST_CHILD"), Migrations: Migrations})
	if err != nil {
		panic(err)
	}
	c, err := connect(os.Getenv("ENROLL_TEST_BASE"))
	if err != nil {
		panic(err)
	}
	var left atomic.Int64
	var at int64
	fmt.Sscan(os.Getenv("ENROLL_TEST_KILL"), &at)
	left.Store(at)
	step := func(call string) {
		if (call == "enroll" || call == "demographics") && left.Add(-1) == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // until it is
		}
	}
	w := &wire{Insurer: c, before: step, after: step}
	err = Open(db, w, Options{Sealer: newWax(), AtOnce: 8}).Run(ctx, os.Getenv("ENROLL_TEST_CENSUS"), nil)
	panic(fmt.Sprint("not killed: ", err))
}

// finish does what a person would until every family is verified: run, settle,
// wait, settle again, retry the failed. Every tenth write or so is cut off.
func (d *desk) finish(census string, lot *rand.Rand) {
	d.Helper()
	cuts := []sandbox.FaultKind{sandbox.FaultFinAfter, sandbox.FaultResetAfter, sandbox.FaultFinBefore, sandbox.FaultStatusAfter, sandbox.FaultCutBody}
	var mu sync.Mutex
	cut := 0
	d.wire.before = func(call string) {
		mu.Lock()
		defer mu.Unlock()
		route := map[string]string{"enroll": enrolRoute, "demographics": personRoute}[call]
		if route != "" && lot.IntN(10) == 0 {
			d.fault(route, cuts[lot.IntN(len(cuts))], 1)
			cut++
		}
	}
	for round := 0; ; round++ {
		require.Less(d, round, 10, "it does not come to an end")
		require.NoError(d, d.Book.Run(d.Context(), census, nil))
		require.NoError(d, d.SettleAll(d.Context(), census, nil))
		d.pass(2 * time.Minute)
		require.NoError(d, d.SettleAll(d.Context(), census, nil))
		failed, err := d.RetryAll(d.Context(), census)
		require.NoError(d, err)
		all, err := d.Censuses(d.Context())
		require.NoError(d, err)
		d.Logf("round %d: %d cuts so far, %d to be sent again, %v", round, cut, failed, all[0].States)
		if all[0].Left()+all[0].States[Unknown]+all[0].States[Failed] == 0 {
			require.Len(d, all[0].States, 1, "nothing but verified families: %v", all[0].States)
			require.Positive(d, all[0].States[Verified])
			break
		}
	}
	require.Positive(d, cut)
}

func TestRunTellsProgressAndCanBeCancelled(t *testing.T) {
	d := newDesk(t)
	file := makeCensus(120, 1000)
	c := d.check(file)
	id, err := d.Import(t.Context(), c)
	require.NoError(t, err)
	_, err = d.ReleaseAll(t.Context(), id)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	last := Progress{}
	err = d.Book.Run(ctx, id, func(p Progress) {
		require.Equal(t, last.Done+1, p.Done)
		last = p
		if p.Done == 10 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, len(c.Plans), last.All)
	require.Less(t, last.Done, 10+2*3)
	jobs, err := d.Jobs(t.Context(), id)
	require.NoError(t, err)
	for _, j := range jobs {
		require.Contains(t, []State{Verified, Accepted, Queued}, j.State)
	}
	n := 0
	for _, j := range jobs {
		if j.State == Queued && j.Sends == 0 {
			_, err := d.Withdraw(t.Context(), j.ID)
			require.NoError(t, err)
			n++
		}
	}
	require.Positive(t, n)
	require.NoError(t, d.Book.Run(t.Context(), id, nil), "goes on with what is not withdrawn")
	all, err := d.Censuses(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[State]int{Draft: n, Verified: len(c.Plans) - n}, all[0].States)
	require.Equal(t, len(c.Plans)-n, d.s.Executions("POST /broker"+enrolRoute))

	// What was shown before is what was stored and sent.
	sent := map[anglehealth.ID]anglehealth.NewHire{}
	for _, h := range d.wire.hires {
		sent[h.Employee.ID] = h
	}
	people := map[anglehealth.ID]anglehealth.Demographics{}
	for _, p := range d.wire.people {
		people[p.ID] = p
	}
	matched := 0
	for _, p := range c.Plans {
		if h, ok := sent[p.Hire.Employee.ID]; ok {
			matched++
			require.Equal(t, p.Hire.Employee, h.Employee)
			require.Equal(t, len(p.Hire.Dependents), len(h.Dependents))
			for i, e := range p.Hire.Dependents {
				require.Equal(t, e, h.Dependents[i])
			}
			for _, person := range p.People {
				require.Equal(t, person, people[person.ID])
			}
		}
	}
	require.Equal(t, len(sent), matched)
	_, err = d.Import(t.Context(), Census{})
	require.ErrorContains(t, err, "No family")
	_, err = d.Import(t.Context(), c)
	require.ErrorContains(t, err, "already in use", "the same file twice")
}

// A vendor that refuses everybody stops the run at once, and nothing is lost.
func TestRunStopsForWhatMeetsEverybody(t *testing.T) {
	d := newDesk(t)
	id, err := d.Import(t.Context(), d.check(makeCensus(60, 1000)))
	require.NoError(t, err)
	n, err := d.ReleaseAll(t.Context(), id)
	require.NoError(t, err)
	d.s.SetFault("POST /broker"+enrolRoute, sandbox.Fault{Kind: sandbox.FaultRateLimited, RetryAfter: "3600"})
	require.Error(t, d.Book.Run(t.Context(), id, nil))
	require.LessOrEqual(t, d.s.Requests("POST /broker"+enrolRoute), 3)
	all, err := d.Censuses(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[State]int{Queued: n}, all[0].States)
	require.Equal(t, n, all[0].Left())
	d.s.ClearFaults()
	require.NoError(t, d.Book.Run(t.Context(), id, nil))
	require.Equal(t, n, d.s.Executions("POST /broker"+enrolRoute))
}

// Two sessions that run one census share it.
func TestTwoSessionsShareACensus(t *testing.T) {
	d := newDesk(t)
	other := openDesk(t, d.s, d.path)
	id, err := d.Import(t.Context(), d.check(makeCensus(100, 1000)))
	require.NoError(t, err)
	n, err := d.ReleaseAll(t.Context(), id)
	require.NoError(t, err)
	var both sync.WaitGroup
	for _, b := range []*desk{d, other} {
		both.Go(func() {
			if err := b.Book.Run(t.Context(), id, nil); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	all, err := d.Censuses(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[State]int{Verified: n}, all[0].States)
	require.Equal(t, n, d.s.Executions("POST /broker"+enrolRoute))
}

// Nobody is enrolled twice because a row stands in a file twice.
func TestRepeatedPeopleAreFound(t *testing.T) {
	const (
		head  = "type,group,medical,start date,first name,last name,dob,ssn\n"
		ada   = "employee,g,silver,03/09/2026,Ada,Sample,02/29/1972,987-65-4321\n"
		al    = "spouse,g,silver,,Al,Sample,05/06/1970,\n"
		bo    = "employee,g,silver,03/09/2026,Bo,Other,01/01/1980,\n"
		twins = "child,g,silver,,Cy,Sample,01/01/2020,\nchild,g,silver,,Di,Sample,01/01/2020,\n"
	)
	for name, tc := range map[string]struct {
		text, sent, why string // sent: the lines of families and how many are in each
	}{
		"an employee at once":    {ada + ada + al + bo, "2:2 5:1", "3 It repeats line 2 and is left out."},
		"a family":               {ada + al + bo + ada + al, "2:2 4:1", "5 It repeats line 2 and is left out. 6 It repeats line 3 and is left out."},
		"a dependent":            {ada + al + al + bo, "2:2 5:1", "4 It repeats line 3 and is left out."},
		"of another family":      {ada + al + bo + al, "2:2", "4 Held back, because line 5 of the same family is not right. 5 Name and birth date are those of line 3. Nobody can be enrolled twice: leave one of them out."},
		"without the number":     {ada + al + bo + strings.Replace(ada, "987-65-4321", "", 1), "4:1", "2 Held back, because line 5 of the same family is not right. 3 Held back, because line 5 of the same family is not right. 5 Name and birth date are those of line 2. Nobody can be enrolled twice: leave one of them out."},
		"a number of two people": {ada + strings.Replace(al, "1970,", "1970,987654321", 1) + bo, "4:1", "2 Held back, because line 3 of the same family is not right. 3 The social security number is that of line 2. Nobody can be enrolled twice."},
		"one name, two people":   {ada + strings.Replace(ada, "4321", "4322", 1), "2:1 3:1", ""},
		"twins":                  {ada + twins, "2:3", ""},
		"nobody named":           {strings.Repeat("employee,g,silver,03/09/2026,,,,\n", 2), "2:1 3:1", ""},
	} {
		c := checked(t, head+tc.text)
		var sent, why []string
		for _, p := range c.Plans {
			sent = append(sent, fmt.Sprintf("%d:%d", p.Line, len(p.Hire.Members())))
		}
		for _, r := range c.Rejects {
			why = append(why, fmt.Sprint(r.Row.Line)+" "+strings.Join(r.Reasons, " "))
		}
		require.Equal(t, tc.sent, strings.Join(sent, " "), name)
		require.Equal(t, tc.why, strings.Join(why, " "), name)
	}
}

func TestNobodyIsBornTomorrow(t *testing.T) {
	table, err := Read(strings.NewReader(header + good))
	require.NoError(t, err)
	k := known()
	k.Today = civil.Date{Year: 1972, Month: 2, Day: 28}
	c := Check(table, Guess(table.Header), k)
	require.Len(t, c.Rejects, 1)
	require.Equal(t, []string{"The date of birth lies in the future."}, c.Rejects[0].Reasons)
	k.Today = k.Today.AddDays(1)
	require.Empty(t, Check(table, Guess(table.Header), k).Rejects)
}

// A spreadsheet breaks a long address into lines.
func TestCellsOfSeveralLinesAreOne(t *testing.T) {
	table, err := Read(strings.NewReader("a,b\r\n\"12 Muster St\r\nApt 4\n\",x\r\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"12 Muster St Apt 4", "x"}, table.Rows[0].Cells)
}

// A file that is imported once more, or corrected and imported whole, enrolls
// nobody of it again, though it brings no ids and the first families were
// verified and forgotten.
func TestACensusImportedAgainEnrollsNobodyTwice(t *testing.T) {
	const (
		head = "type,group,medical,start date,first name,last name,dob,ssn\n"
		ada  = "employee,fake-group-garage,silver_ppo,03/16/2026,Ada,Twice,02/29/1972,987-65-4321\nspouse,,silver_ppo,,Al,Twice,05/06/1970,\n"
		bo   = "employee,fake-group-garage,silver_ppo,03/16/2026,Bo,Twice,01/01/1980,\n"
	)
	check := func(d *desk, text string) Census {
		table, err := Read(strings.NewReader(head + text))
		require.NoError(t, err)
		m := Guess(table.Header)
		k, err := d.Known(t.Context(), table, m)
		require.NoError(t, err)
		return Check(table, m, k)
	}
	for _, sealer := range []Sealer{newWax(), nil} {
		d := newDesk(t, func(o *Options) { o.Sealer = sealer })
		id, err := d.Import(t.Context(), check(d, ada))
		require.NoError(t, err)
		_, err = d.ReleaseAll(t.Context(), id)
		require.NoError(t, err)
		require.NoError(t, d.Book.Run(t.Context(), id, nil))
		d.unsealed("Twice", "987-65-4321")

		for _, again := range []string{ada, strings.Replace(ada, "silver_ppo", "bronze_epo", 1), strings.Replace(ada, "Ada", "Adele", 1)} {
			c := check(d, again+bo)
			require.Len(t, c.Plans, 1)
			require.Equal(t, 4, c.Plans[0].Line, "who is new is enrolled")
			require.Contains(t, c.Rejects[0].Reasons[0], "enrolled from this desk before")
		}
		other := check(d, strings.NewReplacer("4321", "4322", "Al,", "Cy,").Replace(ada))
		require.Empty(t, other.Rejects, "of one name and birth date, and another number")

		d.s.SetFault("POST /broker"+enrolRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, Times: 1})
		id, err = d.Import(t.Context(), check(d, bo))
		require.NoError(t, err)
		require.NotEmpty(t, check(d, bo).Rejects, "it waits")
		_, err = d.ReleaseAll(t.Context(), id)
		require.NoError(t, err)
		require.NoError(t, d.Book.Run(t.Context(), id, nil))
		require.Empty(t, check(d, bo).Rejects, "it was refused")
	}
}
