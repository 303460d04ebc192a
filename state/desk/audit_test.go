package desk

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func append1(t *testing.T, d *Desk, n int) {
	t.Helper()
	require.NoError(t, d.Audit.Append(t.Context(), Event{Vendor: "naturaesoft", Op: "prospect.edit", Record: fmt.Sprint(needles[3], n), Outcome: "done"}))
}

// trail is a site with a trail of lines over three months.
func trail(t *testing.T, lines int) (*site, *Desk) {
	s := newSite(t)
	d := s.desk("1")
	day := time.Date(2026, 1, 10, 9, 0, 0, 0, time.UTC)
	for n := range lines {
		d.Audit.now = func() time.Time { return day.AddDate(0, 3*n/lines, 0) }
		append1(t, d, n)
	}
	return s, d
}

func verify(t *testing.T, d *Desk) Report {
	t.Helper()
	r, err := d.Audit.Verify(t.Context())
	require.NoError(t, err)
	return r
}

func (s *site) file(month string) string { return filepath.Join(s.o.AuditDir, "maria-"+month+".jsonl") }

func TestTrailIsWholeAndNamesNobody(t *testing.T) {
	s, d := trail(t, 9)
	r := verify(t, d)
	require.Nil(t, r.Bad)
	require.Equal(t, 9, r.Lines)
	require.EqualValues(t, 9, r.Head.Seq)
	require.EqualValues(t, 9, r.Head.Count)
	for _, month := range []string{"2026-01", "2026-02", "2026-03"} {
		info, err := os.Stat(s.file(month))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	s.clean()
	d.Audit.now = func() time.Time { return time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC) }
	append1(t, d, 9)
	require.Nil(t, verify(t, d).Bad, "a clock set back does not break the order")
}

func TestEventsAreNames(t *testing.T) {
	d := newSite(t).desk("1")
	for _, e := range []Event{
		{Op: "", Outcome: "ok"}, {Op: "x", Outcome: ""}, {Op: "Zebulon", Outcome: "ok"}, {Op: "x", Outcome: "né"},
		{Op: "x\ny", Outcome: "ok"}, {Op: strings.Repeat("x", 65), Outcome: "ok"}, {Vendor: "A B", Op: "x", Outcome: "ok"},
	} {
		require.Error(t, d.Audit.Append(t.Context(), e), e)
	}
	require.NoError(t, d.Audit.CanAudit(), "a refused name does not stop the trail")
	require.Zero(t, verify(t, d).Lines)
}

// mutate changes a copy of the lines and says what Verify should answer.
type mutation struct {
	name string
	do   func(r *rand.Rand, lines []string) (out []string, f Fault, seq int)
}

// rehash makes a line's own hash right again.
func rehash(line string, change func(*Line)) string {
	var l Line
	_ = json.Unmarshal([]byte(line), &l)
	change(&l)
	l.seal()
	return string(l.bytes())
}

var mutations = []mutation{
	{"flip a bit", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		i := r.IntN(len(in))
		b := []byte(in[i])
		b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		in[i] = string(b)
		return in, Changed, i + 1
	}},
	{"edit and hash again", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		i := r.IntN(len(in))
		in[i] = rehash(in[i], func(l *Line) { l.Outcome = "nothing" })
		return in, Changed, i + 1
	}},
	{"spaces in the JSON", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		i := r.IntN(len(in))
		in[i] = strings.Replace(in[i], ",", ", ", 1)
		return in, Changed, i + 1
	}},
	{"remove some", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		i, n := r.IntN(len(in)-3), 1+r.IntN(3)
		return slices.Delete(in, i, i+n), Removed, i + 1
	}},
	{"swap two", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		i, j := r.IntN(len(in)), r.IntN(len(in)-1)
		if j >= i {
			j++
		}
		in[i], in[j] = in[j], in[i]
		return in, Reordered, max(i, j) + 1
	}},
	{"move one up", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		i := r.IntN(len(in) - 1)
		j := i + 1 + r.IntN(len(in)-1-i)
		line := in[j]
		return slices.Insert(slices.Delete(in, j, j+1), i, line), Reordered, j + 1
	}},
	{"repeat one", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		i, j := r.IntN(len(in)), r.IntN(len(in)+1)
		return slices.Insert(in, j, in[i]), Inserted, i + 1
	}},
	{"insert a made one", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		i := r.IntN(len(in))
		return slices.Insert(in, i, rehash(in[i], func(l *Line) { l.Op = "made.up" })), Inserted, i + 1
	}},
	{"add a made one", func(_ *rand.Rand, in []string) ([]string, Fault, int) {
		last := in[len(in)-1]
		made := rehash(last, func(l *Line) { *l = Line{Seq: l.Seq + 1, T: l.T, Prev: l.H} })
		return append(in, made), Inserted, len(in) + 1
	}},
	{"insert rubbish", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		i := r.IntN(len(in) + 1)
		return slices.Insert(in, i, []string{"", "{}", "rubbish"}[r.IntN(3)]), Inserted, i + 1
	}},
	{"cut whole lines off", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		n := r.IntN(len(in))
		return in[:n], CutOff, n + 1
	}},
	{"join two", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		i := r.IntN(len(in) - 1)
		in[i] += in[i+1]
		return slices.Delete(in, i+1, i+2), Changed, i + 1
	}},
	{"rewrite everything from one on", func(r *rand.Rand, in []string) ([]string, Fault, int) {
		i := r.IntN(len(in))
		prev := ""
		for k := range in {
			in[k] = rehash(in[k], func(l *Line) {
				if k == i {
					l.Op = "other"
				}
				l.Prev = prev
			})
			var l Line
			_ = json.Unmarshal([]byte(in[k]), &l)
			prev = l.H
		}
		return in, Changed, len(in) // all that hangs together ends at what is kept outside
	}},
}

func TestAThousandMutationsAreNamed(t *testing.T) {
	const total = 30
	s, d := trail(t, total)
	months := []string{"2026-01", "2026-02", "2026-03"}
	var whole []string
	for _, m := range months {
		data, err := os.ReadFile(s.file(m))
		require.NoError(t, err)
		whole = append(whole, strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")...)
	}
	require.Len(t, whole, total)
	r := rand.New(rand.NewPCG(1, 2))
	done := map[string]int{}
	for n := range 1300 {
		m := mutations[n%len(mutations)]
		lines, fault, seq := m.do(r, slices.Clone(whole))
		if strings.Join(lines, "\n") == strings.Join(whole, "\n") {
			continue
		}
		// Put back over the months as they were; what is more goes last.
		for k, month := range months {
			part := lines[min(len(lines), k*10):min(len(lines), k*10+10)]
			if k == len(months)-1 {
				part = lines[min(len(lines), k*10):]
			}
			require.NoError(t, os.WriteFile(s.file(month), []byte(strings.Join(append(part[:len(part):len(part)], ""), "\n")), 0o600))
		}
		got := verify(t, d).Bad
		require.NotNil(t, got, "%s, round %d", m.name, n)
		require.Equal(t, fault, got.Fault, "%s, round %d: %s", m.name, n, got)
		if strings.HasPrefix(m.name, "insert rubbish") {
			require.Equal(t, seq, slices.Index(lines, lines[seq-1])+1)
			require.Equal(t, months[min(2, (seq-1)/10)], got.Month)
			require.Equal(t, seq-10*min(2, (seq-1)/10), got.Line)
		} else {
			require.EqualValues(t, seq, got.Seq, "%s, round %d: %s", m.name, n, got)
		}
		require.Contains(t, got.String(), string(fault))
		done[m.name]++
	}
	sum := 0
	for _, n := range done {
		sum += n
	}
	require.GreaterOrEqual(t, sum, 1000)
	require.Len(t, done, len(mutations))
}

// A file cut at any byte is found, and stays found when work goes on.
func TestCutAtEveryByte(t *testing.T) {
	s, d := trail(t, 3)
	path := s.file("2026-03")
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for size := range len(whole) {
		require.NoError(t, os.WriteFile(path, whole[:size], 0o600))
		got := verify(t, d).Bad
		require.NotNil(t, got, size)
		require.Equal(t, CutOff, got.Fault, size)
		require.EqualValues(t, 3, got.Seq)
	}
	require.NoError(t, os.Remove(path))
	require.Equal(t, CutOff, verify(t, d).Bad.Fault)
	append1(t, s.desk("2"), 4)
	got := verify(t, d).Bad
	require.Equal(t, Removed, got.Fault, "the gap stays")
	require.EqualValues(t, 3, got.Seq)
}

func TestMissingMonthIsFound(t *testing.T) {
	s, d := trail(t, 9)
	require.NoError(t, os.Remove(s.file("2026-02")))
	got := verify(t, d).Bad
	require.Equal(t, Removed, got.Fault)
	require.Equal(t, "Entries 4 to 6 of the audit trail were removed (file 2026-03, line 1).", got.String())
}

func TestTornLineIsRepairedAndRecorded(t *testing.T) {
	s, d := trail(t, 3)
	crash := true
	d.fault = func(step string) error {
		if crash && (step == "write" || step == "cut") { // half a line, and no time to take it away
			return errPlanted
		}
		return nil
	}
	require.ErrorIs(t, d.Audit.Append(t.Context(), Event{Op: "x", Outcome: "ok"}), errPlanted)
	crash = false
	r := verify(t, d)
	require.True(t, r.Torn)
	require.Nil(t, r.Bad)

	d = s.desk("2")
	require.NoError(t, d.Audit.CanAudit())
	append1(t, d, 1)
	r = verify(t, d)
	require.Nil(t, r.Bad)
	require.False(t, r.Torn)
	lines, err := d.Audit.Read(t.Context(), Search{Op: "audit.repair"})
	require.NoError(t, err)
	require.Len(t, lines, 1)
	require.Regexp(t, `^torn line of \d+ bytes cut$`, lines[0].Outcome)
}

func TestHeadKeptOutside(t *testing.T) {
	s := newSite(t)
	var kept Head
	s.o.KeepHead = func(h Head) { kept = h }
	s.o.KeptHead = func(context.Context) (Head, bool, error) { return kept, kept.Seq > 0, nil }
	d := s.desk("1")
	for n := range 5 {
		append1(t, d, n)
	}
	require.EqualValues(t, 5, kept.Seq)
	require.Nil(t, verify(t, d).Bad)

	// Somebody puts back both the file and the database as they were.
	month := time.Now().UTC().Format("2006-01")
	data, err := os.ReadFile(s.file(month))
	require.NoError(t, err)
	lines := bytes.SplitAfter(data, []byte("\n"))
	require.NoError(t, os.WriteFile(s.file(month), bytes.Join(lines[:3], nil), 0o600))
	third, ok := parse(bytes.TrimSpace(lines[2]))
	require.True(t, ok)
	s.exec("UPDATE audit_head SET seq = 3, count = 3, h = ?", third.H)
	got := verify(t, d).Bad
	require.Equal(t, CutOff, got.Fault)
	require.EqualValues(t, 4, got.Seq)
	require.EqualValues(t, 5, got.Upto)
	append1(t, s.desk("2"), 6)
	got = verify(t, d).Bad
	require.Equal(t, Removed, got.Fault, "and it stays found")
	require.EqualValues(t, 4, got.Seq)
}

func TestNewDatabaseGoesOnFromTheFiles(t *testing.T) {
	s, _ := trail(t, 3)
	s.exec("DELETE FROM audit_head")
	d := s.desk("2")
	append1(t, d, 1)
	require.Nil(t, verify(t, d).Bad)
	lines, err := d.Audit.Read(t.Context(), Search{Op: "audit.gap"})
	require.NoError(t, err)
	require.Len(t, lines, 1)
	require.Equal(t, "database was new", lines[0].Outcome)
}

func TestManySessionsWriteOneTrail(t *testing.T) {
	s := newSite(t)
	var all sync.WaitGroup
	for n := range 4 {
		d := s.desk(fmt.Sprint(n))
		for range 2 {
			all.Go(func() {
				for range 5 {
					if err := d.Audit.Append(context.Background(), Event{Op: "x", Outcome: "ok"}); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
	r := verify(t, s.desk("9"))
	require.Nil(t, r.Bad)
	require.Equal(t, 40, r.Lines)
}

func TestFilesOfOthersAreRefused(t *testing.T) {
	s, d := trail(t, 3)
	require.NoError(t, os.Chmod(s.file("2026-03"), 0o666))
	require.ErrorContains(t, d.Audit.Append(t.Context(), Event{Op: "x", Outcome: "ok"}), "chmod 600")
	require.Error(t, d.Audit.CanAudit())
	require.NoError(t, os.Chmod(s.file("2026-03"), 0o600))
	require.NoError(t, d.Audit.CanAudit())
	require.NoError(t, os.Chmod(s.o.AuditDir, 0o777))
	require.ErrorContains(t, d.Audit.Append(t.Context(), Event{Op: "x", Outcome: "ok"}), "chmod 700")
}

func TestNamesOfAccountsAreFileNames(t *testing.T) {
	for user, want := range map[string]string{
		"maria": "maria", "../../etc": "______etc_1001", `CLINIC\maria`: "CLINIC_maria_1001", "": "_1001", "a-b": "a_b_1001",
	} {
		d := &Desk{who: Who{User: user, UID: 1001}}
		require.Equal(t, want, (&Audit{d: d}).stem())
	}
}

func TestReadAndExport(t *testing.T) {
	_, d := trail(t, 9)
	require.NoError(t, d.Audit.Append(t.Context(), Event{Vendor: "updox", Op: "print", Record: "7", Outcome: "ok"}))
	for _, c := range []struct {
		s    Search
		want int
	}{
		{Search{}, 10},
		{Search{Vendor: "updox"}, 1},
		{Search{Vendor: "updox", Record: "7"}, 1},
		{Search{Vendor: "naturaesoft", Record: "7"}, 0},
		{Search{Text: "PROSPECT"}, 9},
		{Search{Text: "desk2", Last: 4}, 4},
		{Search{From: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}, 3},
		{Search{Session: "2"}, 0},
	} {
		got, err := d.Audit.Read(t.Context(), c.s)
		require.NoError(t, err)
		require.Len(t, got, c.want, c.s)
	}
	lines, err := d.Audit.Read(t.Context(), Search{Last: 2})
	require.NoError(t, err)
	var out bytes.Buffer
	lines[0].User = "=cmd|'/c calc'!A0"
	require.NoError(t, WriteCSV(&out, lines))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, "'=cmd|'/c calc'!A0", rows[1][3])
}
