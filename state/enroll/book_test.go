package enroll

import (
	"fmt"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/sandbox"
	"frontdesk/state/store"
)

func TestRegistry(t *testing.T) {
	d := newDesk(t)
	g, err := d.Roster(t.Context(), "fake-group-bakery")
	require.NoError(t, err)
	require.Len(t, g.Members, 4)
	require.NoError(t, d.AddGroup(t.Context(), "ours", "Sample Shop"))
	require.NoError(t, d.AddGroup(t.Context(), "ours", "Sample Shop Two"))
	require.NoError(t, d.AddMembers(t.Context(), "ours", "o1", "o1", "o2"))
	require.ErrorContains(t, d.AddMembers(t.Context(), "ours", "o1", "o3", "o2"), "already in use")
	require.Error(t, d.AddMembers(t.Context(), "ours", "o1", "987-65-4321"))
	require.Error(t, d.AddGroup(t.Context(), "", "x"))
	_, err = d.Roster(t.Context(), "nonesuch")
	require.True(t, anglehealth.NotFound(err))

	groups, err := d.Groups(t.Context())
	require.NoError(t, err)
	require.Len(t, groups, 2)
	require.Equal(t, []bool{false, true}, []bool{groups[0].Ours, groups[1].Ours})
	require.Equal(t, "Sample Bakery (training)", groups[0].Name)
	require.Equal(t, "Sample Shop Two", groups[1].Name)
	require.False(t, groups[0].Seen.IsZero())
	require.True(t, groups[1].Seen.IsZero())
	ours, err := d.Members(t.Context(), "ours")
	require.NoError(t, err)
	require.Len(t, ours, 2, "o3 came with an id in use")
	all, err := d.Members(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, all, 6)
	require.Equal(t, anglehealth.ID(""), all[0].Parent, "a roster does not tell it")

	m, err := d.Insurer().Member(t.Context(), "fake-member-002")
	require.NoError(t, err)
	require.NoError(t, d.Keep(t.Context(), m))
	_, err = d.Roster(t.Context(), "fake-group-bakery")
	require.NoError(t, err)
	all, err = d.Members(t.Context(), "fake-group-bakery")
	require.NoError(t, err)
	require.Equal(t, ada, all[1].Parent, "known, and not forgotten by the next roster")
}

// Insurer is the client behind the hooks.
func (d *desk) Insurer() Insurer { return d.wire.Insurer }

func TestLeavingNamesWhoLosesCoverage(t *testing.T) {
	d := newDesk(t)
	l, err := d.Leaving(t.Context(), ada, ninth())
	require.NoError(t, err)
	require.Empty(t, l.Warning)
	require.Equal(t, anglehealth.Termination{ID: ada, LastWork: ninth()}, l.Termination)
	var losing []anglehealth.ID
	for _, m := range l.Losing {
		losing = append(losing, m.ID)
	}
	require.Equal(t, []anglehealth.ID{ada, "fake-member-002", "fake-member-003"}, losing)
	require.Zero(t, d.s.Requests("POST /broker/termination"), "it is only read")

	a, err := d.wire.Insurer.(*anglehealth.Client).Terminate(t.Context(), l.Termination)
	require.NoError(t, err)
	require.Len(t, a.Rows, len(l.Losing), "exactly those who were named")
	l, err = d.Leaving(t.Context(), ada, ninth())
	require.NoError(t, err)
	require.Empty(t, l.Losing, "nobody has coverage any more")

	l, err = d.Leaving(t.Context(), "fake-member-006", ninth())
	require.NoError(t, err)
	require.Len(t, l.Losing, 1, "a dependent leaves alone")
	require.Empty(t, l.Family.Dependents)
	_, err = d.Leaving(t.Context(), "nonesuch", ninth())
	require.True(t, anglehealth.NotFound(err))
}

func TestLeavingWarnsWhenTheFamilyIsNotCertain(t *testing.T) {
	d := newDesk(t)
	d.s.PlantAngle("groups", "fake-group-bakery", map[string]any{"members": []any{string(ada), "fake-member-002", "stray"}})
	l, err := d.Leaving(t.Context(), ada, ninth())
	require.NoError(t, err)
	require.Len(t, l.Losing, 2)
	require.Contains(t, l.Warning, "1 members of the group could not be read")
	d.s.PlantAngle("groups", "fake-group-bakery", map[string]any{"members": []any{string(ada)}, "total": 4})
	l, err = d.Leaving(t.Context(), ada, ninth())
	require.NoError(t, err)
	require.Contains(t, l.Warning, "more members")
}

func TestEffectsShowBeforeAndAfter(t *testing.T) {
	d := newDesk(t)
	m, err := d.Insurer().Member(t.Context(), ada)
	require.NoError(t, err)
	line := func(id anglehealth.ID, l anglehealth.Line, plan string, add bool) anglehealth.EventLine {
		return anglehealth.EventLine{ID: id, Line: l, Plan: plan, Add: add}
	}
	require.Equal(t, []Effect{
		{ada, "medical", "silver_ppo", "gold_ppo", ""},
		{ada, "dental", "delta_dental", "", ""},
		{"baby", "medical", "", "gold_ppo", ""},
		{"baby", "dental", "", "", "The member does not have the plan that is to be removed."},
	}, Effects(anglehealth.Event{Lines: []anglehealth.EventLine{
		line(ada, "medical", "silver_ppo", false), line(ada, "dental", "delta_dental", false), line(ada, "medical", "gold_ppo", true),
		line("baby", "medical", "gold_ppo", true), line("baby", "dental", "delta_dental", false),
	}}, []anglehealth.Member{m}))
	require.Equal(t, []Effect{{ada, "medical", "silver_ppo", "silver_ppo", "The member already has this plan."}},
		Effects(anglehealth.Event{Lines: []anglehealth.EventLine{line(ada, "medical", "silver_ppo", true)}}, []anglehealth.Member{m}))
	// The order of the lines does not matter to what is left.
	require.Equal(t, "gold_ppo", Effects(anglehealth.Event{Lines: []anglehealth.EventLine{
		line(ada, "medical", "gold_ppo", true), line(ada, "medical", "silver_ppo", false)}}, []anglehealth.Member{m})[0].After)
}

func TestHistoryIsSealedAndHoldsNoPersonUnlessAskedTo(t *testing.T) {
	d := newDesk(t)
	m, err := d.Insurer().Member(t.Context(), ada)
	require.NoError(t, err)
	require.NoError(t, d.Keep(t.Context(), m))
	d.unsealed("silver_ppo", "delta_dental", "987-65-")
	all, lost, err := d.History(t.Context(), ada)
	require.NoError(t, err)
	require.Zero(t, lost)
	require.Len(t, all, 1)
	require.Equal(t, map[string]string{"medical": "silver_ppo", "dental": "delta_dental"}, all[0].Plans)
	require.Nil(t, all[0].Fields)

	personal := openDesk(t, d.s, d.path, func(o *Options) { o.KeepPersonal = true })
	require.NoError(t, personal.Insurer().ChangeDemographics(t.Context(), anglehealth.Demographics{ID: ada, Fields: map[string]string{"last_name": "Qwertyname"}}))
	for range 2 {
		m, err = d.Insurer().Member(t.Context(), ada)
		require.NoError(t, err)
		require.NoError(t, personal.Keep(t.Context(), m))
		m.FirstName = m.LastName
	}
	personal.unsealed("Qwertyname", "987-65-")
	all, _, err = d.History(t.Context(), ada)
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.Equal(t, "***-**-4321", all[1].Fields["ssn"])
	require.Empty(t, Difference(all[0], all[1]), "a field that was not kept did not change")
	later := all[2]
	later.Plans = map[string]string{"medical": "gold_ppo"}
	later.Fields = map[string]string{"last_name": "Other"}
	require.Contains(t, Difference(all[1], later), Delta{"last_name", "Qwertyname", "Other"})
	require.Contains(t, Difference(all[1], later), Delta{"medical plan", "silver_ppo", "gold_ppo"})
	require.Contains(t, Difference(all[1], later), Delta{"dental plan", "delta_dental", ""})

	// A row that was moved to another member does not open there.
	require.NoError(t, d.db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE snapshot SET member = 'fake-member-002' WHERE id = 1")
		return err
	}))
	all, lost, err = d.History(t.Context(), "fake-member-002")
	require.NoError(t, err)
	require.Empty(t, all)
	require.Equal(t, 1, lost)
}

func TestCoverageOnADay(t *testing.T) {
	taken := func(day, plan string) Record {
		at, err := time.Parse("2006-01-02", day)
		require.NoError(t, err)
		r := Record{Taken: at.Add(12 * time.Hour), Plans: map[string]string{}}
		if plan != "" {
			r.Plans["medical"] = plan
		}
		return r
	}
	enrolled := Record{Answer: true, Taken: march, Plans: map[string]string{"medical": "silver"},
		From: map[string]string{"medical": "2026-04-01"}, Until: map[string]string{"medical": "2026-12-31"}}
	told := func(day string, r Record) Record {
		r.Taken, r.Answer = taken(day, "").Taken, true
		return r
	}
	medical := func(s string) map[string]string { return map[string]string{"medical": s} }
	ended := func(day, last string) Record {
		return told(day, Record{To: ToEnd, Ended: medical("silver"), Until: medical(last)})
	}
	gold := func(day, from string) Record {
		return told(day, Record{To: ToEvent, Plans: medical("gold"), From: medical(from), Until: medical("2026-12-31")})
	}
	for name, tc := range map[string]struct {
		history []Record
		plan    string
		known   bool
		why     string
	}{
		"ends later":            {[]Record{taken("2026-05-01", "silver"), ended("2026-05-01", "2026-05-31"), taken("2026-05-02", ""), taken("2026-05-09", "")}, "silver", true, "ends on 2026-05-31"},
		"ends later, enrolled":  {[]Record{enrolled, ended("2026-05-01", "2026-05-31"), taken("2026-05-02", "")}, "silver", true, "ends on 2026-05-31"},
		"ended":                 {[]Record{enrolled, taken("2026-05-01", "silver"), ended("2026-05-02", "2026-05-02"), taken("2026-05-09", "")}, "", true, "ended on 2026-05-02"},
		"ended, and back":       {[]Record{ended("2026-05-01", "2026-05-01"), taken("2026-05-02", "silver")}, "", false, "says otherwise"},
		"ended and enrolled":    {[]Record{ended("2026-03-01", "2026-03-31"), enrolled}, "silver", true, "Enrolled from 2026-04-01"},
		"begins later":          {[]Record{gold("2026-05-01", "2026-06-01"), taken("2026-05-03", "gold")}, "", false, "from 2026-06-01"},
		"changes later":         {[]Record{taken("2026-05-01", "silver"), gold("2026-05-02", "2026-06-01"), taken("2026-05-03", "gold")}, "silver", false, "from 2026-06-01"},
		"changes later, known":  {[]Record{enrolled, gold("2026-05-02", "2026-06-01"), taken("2026-05-03", "gold")}, "silver", true, "Enrolled from 2026-04-01"},
		"told after the day":    {[]Record{taken("2026-05-01", "silver"), taken("2026-05-04", "silver"), gold("2026-05-05", "2026-06-01")}, "silver", true, "agree"},
		"changed back in time":  {[]Record{taken("2026-05-01", "silver"), gold("2026-05-09", "2026-05-01"), taken("2026-05-09", "gold")}, "gold", true, "Enrolled from 2026-05-01"},
		"nothing":               {nil, "", false, "no snapshot"},
		"both agree":            {[]Record{taken("2026-05-01", "silver"), taken("2026-05-09", "silver")}, "silver", true, "agree"},
		"both agree on none":    {[]Record{taken("2026-05-01", ""), taken("2026-05-09", "")}, "", true, "agree"},
		"changed between":       {[]Record{taken("2026-05-01", "silver"), taken("2026-05-09", "gold")}, "silver", false, "changed between"},
		"only before":           {[]Record{taken("2026-05-01", "silver")}, "silver", false, "nothing later"},
		"on the day":            {[]Record{taken("2026-05-03", "silver")}, "silver", true, "2026-05-03"},
		"only after":            {[]Record{taken("2026-05-09", "silver")}, "silver", false, "later than the day"},
		"enrolled":              {[]Record{enrolled}, "silver", true, "Enrolled from 2026-04-01"},
		"enrolled, seen":        {[]Record{enrolled, taken("2026-05-01", "silver")}, "silver", true, "Enrolled"},
		"enrolled, seen others": {[]Record{enrolled, taken("2026-05-01", "gold")}, "silver", false, "says otherwise"},
	} {
		got := On(tc.history, civil.Date{Year: 2026, Month: 5, Day: 3}, time.UTC)[0]
		require.Equal(t, anglehealth.Medical, got.Line)
		require.Equal(t, fmt.Sprint(tc.plan, tc.known), fmt.Sprint(got.Plan, got.Known), name)
		require.Contains(t, got.Why, tc.why, name)
	}
	got := On([]Record{enrolled}, civil.Date{Year: 2026, Month: 3, Day: 31}, time.UTC)[0]
	require.False(t, got.Known, "before it begins")
}

// An event's answer names no line: its days are kept of a member of whom one
// line was changed.
func TestTheDaysOfAnEventAreThoseOfItsLine(t *testing.T) {
	line := func(id anglehealth.ID, l anglehealth.Line, plan string, add bool) anglehealth.EventLine {
		return anglehealth.EventLine{ID: id, Line: l, Plan: plan, Add: add}
	}
	day := func(d int) anglehealth.Date {
		return anglehealth.Date{Known: true, Day: civil.Date{Year: 2026, Month: 6, Day: d}}
	}
	d := newDesk(t)
	e := anglehealth.Event{Lines: []anglehealth.EventLine{
		line("one", anglehealth.Medical, "silver", false), line("one", anglehealth.Medical, "gold", true),
		line("two", anglehealth.Medical, "gold", true), line("two", anglehealth.Dental, "delta", true),
		line("three", anglehealth.Dental, "delta", false),
	}}
	require.NoError(t, d.KeepEvent(t.Context(), ToEvent, e, anglehealth.Answer[anglehealth.Changed]{Rows: []anglehealth.Changed{
		{ID: "one", Start: day(1), End: day(30)}, {ID: "two", Start: day(1), End: day(30)}, {ID: "three", End: day(15)}}}))
	history := func(id anglehealth.ID) []Record {
		all, _, err := d.History(t.Context(), id)
		require.NoError(t, err)
		return all
	}
	one, three := history("one")[0], history("three")[0]
	require.Equal(t, "gold 2026-06-01 2026-06-30", one.Plans["medical"]+" "+one.From["medical"]+" "+one.Until["medical"])
	require.Empty(t, history("two"), "which of the two lines the days are of is not told")
	require.Equal(t, "delta 2026-06-15", three.Ended["dental"]+" "+three.Until["dental"])
	require.True(t, three.Partial())
}

// The days of an enrolment's answer get into the history with it.
func TestEnrolmentsTellTheirDays(t *testing.T) {
	d := newDesk(t)
	j := d.sent(d.released(marthas()))
	all, _, err := d.History(t.Context(), j.Hire.Employee.ID)
	require.NoError(t, err)
	require.Len(t, all, 2, "the answer and the snapshot")
	got := On(all, civil.Date{Year: 2026, Month: 5, Day: 3}, time.UTC)
	require.Equal(t, "silver_ppo true", fmt.Sprint(got[0].Plan, " ", got[0].Known), got[0].Why)
}

// TestKillAtEveryWrite kills a process of its own before and after each write
// of a family, and a second session goes on to the end: nothing is sent twice.
func TestKillAtEveryWrite(t *testing.T) {
	left := map[string]int{}
	for n := 1; n <= 8; n++ { // one enrolment and three persons, before and after
		s := openInsurer(t)
		d := openDesk(t, s, t.TempDir()+"/enroll.db")
		id, err := d.Import(t.Context(), Census{Plans: []Plan{marthas()}})
		require.NoError(t, err)
		_, err = d.ReleaseAll(t.Context(), id)
		require.NoError(t, err)
		killed(d, id, n)
		jobs, err := d.Jobs(t.Context(), id)
		require.NoError(t, err)
		j := jobs[0]
		require.Equal(t, Sent, j.State)
		found, err := d.Recover(t.Context())
		require.NoError(t, err)
		require.Empty(t, found, "its session may still live")
		d.pass(2 * time.Minute)
		found, err = d.Recover(t.Context())
		require.NoError(t, err)
		require.Len(t, found, 1)
		j, err = d.Settle(t.Context(), j.ID)
		require.NoError(t, err)
		left[fmt.Sprint(j.Step, " ", j.State)]++
		if j.State == Failed {
			_, err = d.Retry(t.Context(), j.ID)
			require.NoError(t, err)
		}
		j = d.sent(j)
		require.Equal(t, Verified, j.State, "%d: %s %v", n, j.Note, j.Doubts)
		require.Equal(t, 1, s.AngleEnrolled(string(j.Hire.Employee.ID)))
		require.Equal(t, 3, s.Executions("POST /broker"+personRoute))
	}
	require.Equal(t, map[string]int{"enroll failed": 1, "demographics failed": 3, "demographics accepted": 4}, left)
}

// A book that cannot be written ends a run and says so.
func TestFullDiskIsSaid(t *testing.T) {
	d := newDesk(t)
	id, err := d.Import(t.Context(), Census{Plans: []Plan{marthas()}})
	require.NoError(t, err)
	_, err = d.ReleaseAll(t.Context(), id)
	require.NoError(t, err)
	require.NoError(t, d.db.Close())
	require.Error(t, d.Book.Run(t.Context(), id, nil))
	require.Zero(t, d.s.Requests("POST /broker"+enrolRoute), "what cannot be written down is not sent")
}

// Another key opens nothing, and nothing is sent in the place of it.
func TestAnotherKey(t *testing.T) {
	d := newDesk(t)
	j := d.released(marthas())
	require.NoError(t, d.db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE job SET sealed = ?", []byte("not what was sealed, but long enough"))
		return err
	}))
	j = d.sent(j)
	require.Equal(t, Failed, j.State)
	require.True(t, j.Lost)
	require.Zero(t, d.s.Requests("POST /broker"+personRoute))
}

func TestVetting(t *testing.T) {
	d := newDesk(t)
	h := marthas().Hire
	wrong, err := d.Vet(t.Context(), h)
	require.NoError(t, err)
	require.Empty(t, wrong)
	h.Group = "nonesuch"
	h.Start.Year = 2027
	h.Employee.Plans = map[anglehealth.Line]string{anglehealth.Medical: "clear_vision", anglehealth.Dental: "nonesuch_dental"}
	wrong, err = d.Vet(t.Context(), h)
	require.NoError(t, err)
	require.Equal(t, []string{"Angle Health knows no group of this id.", "Angle Health knows no plan of the name nonesuch_dental.",
		"The plan clear_vision is no medical plan.", "The plan delta_dental ends on 2026-12-31, before the start date.",
		"The plan silver_ppo ends on 2026-12-31, before the start date."}, wrong)
	d.s.SetFault("anglehealth *", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 403})
	_, err = d.Vet(t.Context(), h)
	require.Error(t, err)
}

func TestResultsPerMember(t *testing.T) {
	d := newDesk(t)
	words := func(j Job) (all []string) {
		for _, r := range j.Results() {
			all = append(all, r.Word)
		}
		return all
	}
	j := d.released(marthas())
	require.Equal(t, []string{"waiting to be sent", "waiting to be sent", "waiting to be sent"}, words(j))
	var met [][]string
	d.wire.before = func(call string) {
		if call == "demographics" {
			met = append(met, words(d.reread(j)))
		}
	}
	d.s.SetFault("POST /broker"+personRoute, sandbox.Fault{Kind: sandbox.FaultFinAfter, After: 1, Times: 1})
	j = d.sent(j)
	require.Equal(t, [][]string{
		{"enrolled, data on its way", "enrolled, data waiting", "enrolled, data waiting"},
		{"enrolled, data recorded", "enrolled, data on its way", "enrolled, data waiting"},
	}, met)
	require.Equal(t, []string{"enrolled, data recorded", "enrolled, data UNKNOWN (it may have landed)", "enrolled, data waiting"}, words(j))
	j, err := d.Settle(t.Context(), j.ID)
	require.NoError(t, err)
	d.wire.after = func(call string) {
		if call == "demographics" {
			d.s.PlantAngle("members", string(j.Hire.Dependents[1].ID), map[string]any{"sex": "M"})
		}
	}
	require.Equal(t, []string{"verified", "verified", "enrolled otherwise than expected"}, words(d.sent(j)))
}

// A file whose columns are mixed up does not flood the insurer.
func TestFilesCannotFloodTheInsurer(t *testing.T) {
	d := newDesk(t)
	table := Table{Header: []string{"a"}}
	for i := range 1000 {
		table.Rows = append(table.Rows, Row{i + 2, []string{fmt.Sprint("x", i)}})
	}
	_, err := d.Known(t.Context(), table, Mapping{FieldMedical: 0})
	require.ErrorContains(t, err, "more than 200")
	require.LessOrEqual(t, d.s.Requests("POST /broker/plan_metadata"), 202)
}
