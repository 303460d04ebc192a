package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/state/enroll"
	"frontdesk/state/store"
	"frontdesk/ui/uitest"
)

// toEnrollment shows the tab, wherever it stands.
func toEnrollment(term *uitest.Term) {
	term.Type("<ctrl+p>go to Enrollment<enter>")
	term.See("Groups")
}

// TestEnrollmentInARealTerminal does a broker's work from a new group to a
// termination, one of which is taken back within its window.
func TestEnrollmentInARealTerminal(t *testing.T) {
	t.Parallel()
	_, a := brokerHome(t)
	term := openConsoleAt(t, 120, 50, a.command())
	toEnrollment(term)
	term.Type("p")
	term.See("silver_ppo", "delta_dental")
	term.Type("<esc>R")
	term.See("Register a group")
	term.Type("Example Dairy<tab>5 Example Plaza, Faketown<tab><ctrl+u>fake-group-dairy<tab>s<tab>d<ctrl+s>")
	term.See("Register this group?")
	term.Type("y")
	term.See("Registered as asked", "fake-group-dairy", "1 row")

	term.Type("n2<enter>")
	term.See("Dependent 2")
	term.Type("<tab>+1<tab><tab>Nora<tab>Newperson<tab>1990-04-05<tab>F<tab>987654321<tab>987654321<tab>s<tab>d<tab><tab><tab><tab>")
	term.Type("Ned<tab>Newperson<tab>2019-06-07<tab>M<tab><tab><tab>s<tab><tab>")
	term.Type("Nell<tab>Newperson<tab>2021-06-07<tab>F<tab><tab><tab>s<tab>d<ctrl+s>")
	term.See("New hire of Nora Newperson", "draft", "Nell Newperson")
	term.Type("s")
	term.See("Enroll this family?")
	term.Type("y")
	term.See("4 snapshots compared", "verified")
	require.NotContains(t, string(term.Raw()), "987654321")
	term.Type("<esc>")
	term.See("Nora Newperson", "Ned Newperson", "Nell Newperson")

	term.Type("/Nora<enter><enter>")
	term.See("Nora Newperson  employee", "silver_ppo        from 20")
	term.Type("l")
	term.See("New dependent 1")
	term.Type("marriage<tab>today<tab><tab><tab><tab><tab><tab><tab>s<ctrl+s>")
	term.See("Change the coverage?", "New dependent 1 medical: none -> silver_ppo")
	term.Type("y")
	term.See("Coverage changed", "verified")
	term.Type("e")
	term.See("Change data of")
	term.Type("Nick<tab><tab>Newperson<ctrl+s>")
	term.See("first name: not told -> Nick")
	term.Type("y")
	term.See("Verified by a snapshot")
	term.Type("<esc>")

	term.Type("e")
	term.See("Change data of Nora Newperson")
	term.Type("<tab><tab><tab><tab>9 Sample Lane, Faketown<ctrl+s>")
	term.See("home address: not told -> 9 Sample Lane")
	term.Type("y")
	term.See("Verified by a snapshot", "9 Sample Lane")
	term.Type("<esc>")
	term.Gone("Verified by a snapshot")

	id := memberID(t, term.See("Nora Newperson  employee", "fd-"))
	terminate := func() {
		term.Type("t<ctrl+u>today<enter>")
		term.See("Terminate Nora Newperson?", "Coverage ends for 4", "Nick Newperson", "Nell Newperson")
		term.Type(id + "<enter>")
		term.See("terminate: sent in")
	}
	terminate()
	term.Type("<ctrl+x>")
	term.See("Taken back")
	require.Contains(t, term.Screen(), "silver_ppo")
	terminate()
	term.See("Nora Newperson is terminated: coverage ends for 4")
	term.Type("T")
	term.Until("the end dates to be told", func(s string) bool { return strings.Count(s, ": coverage ends 2") == 4 })
	term.Type("<esc>")
	term.Gone("Angle Health answered")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
}

// brokerHome is an account whose profile uses the insurer, with its secrets in a
// vault and a short time to take a termination back.
func brokerHome(t *testing.T) (*sandbox.Server, *account) {
	t.Helper()
	s, err := sandbox.Start(sandbox.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	a := newAccount(t, s.URL("naturaesoft"), fmt.Sprintf(`undo_termination = "6s"
[profile.riverside.anglehealth]
base = %q
plans = ["silver_ppo", "bronze_epo", "delta_dental"]`, s.URL("anglehealth")))
	a.giveVault(used)
	return s, a
}

// TestACensusIsResumedAfterAKill sends a census through the tab, kills the
// program in the middle, and goes on: every family is enrolled exactly once.
func TestACensusIsResumedAfterAKill(t *testing.T) {
	t.Parallel()
	s, a := brokerHome(t)
	const families = 12
	rows := "member_type,first_name,last_name,group_id,start_date,medical,ssn\n"
	for i := range families {
		rows += fmt.Sprintf("employee,Fay%02d,Madeup,fake-group-bakery,%s,silver_ppo,987-65-%04d\n", i, time.Now().Format(time.DateOnly), 1000+i)
	}
	rows += "employee,Bad,Madeup,fake-group-bakery,05/01/27,silver_ppo,\n"
	path := filepath.Join(t.TempDir(), "census.csv")
	require.NoError(t, os.WriteFile(path, []byte(rows), 0o600))

	term := openConsoleAt(t, 100, 40, a.command())
	toEnrollment(term)
	term.Type("a")
	term.See("Add a known group")
	term.Type("fake-group-bakery<enter>")
	term.See("Ada Sample")
	term.Type("i")
	term.See("Import a census")
	term.Type(path + "<ctrl+s>")
	term.See("12 families ready, 1 of 13 rows rejected")
	before, _ := s.AngleRoster("fake-group-bakery")
	s.SetFault("POST /broker/demographic_change", sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 300 * time.Millisecond})
	term.Type("sy")
	term.Until("some to be verified", func(s string) bool { return strings.Contains(s, "verified") && strings.Contains(s, "queued") })
	killChild(term)
	term.Ended()
	s.ClearFaults()
	later(t, a.command(), 2*time.Minute)

	term = openConsoleAt(t, 100, 40, a.command())
	toEnrollment(term)
	term.See("requests:")
	term.Type("w")
	term.See("census: 12 families, 1 of 13 rows rejected")
	term.Type("<enter>")
	term.See("of 12 families")
	term.Type("s")
	idle := func(s string) bool { return !strings.Contains(s, "c stops") && !strings.Contains(s, "queued") }
	if screen := term.Until("the rest to be sent", idle); strings.Contains(screen, "UNKNOWN") {
		term.Type("u")
		term.Gone("UNKNOWN")
	}
	if screen := term.Until("what was cut off to be settled", idle); strings.Contains(screen, "failed") {
		term.Type("fy")
	}
	term.See("12 of 12 families: 12 verified")
	after, _ := s.AngleRoster("fake-group-bakery")
	require.Len(t, after, len(before)+families)
	for _, id := range after[len(before):] {
		require.Equal(t, 1, s.AngleEnrolled(id))
	}
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
}

// later lets time pass on the clock of the account's enrolment book, after which
// nobody is sending any more what a session that is gone was sending.
func later(t *testing.T, cmd *exec.Cmd, by time.Duration) {
	t.Helper()
	books := 0
	for _, v := range cmd.Env {
		root, ok := strings.CutPrefix(v, "XDG_STATE_HOME=")
		if !ok {
			continue
		}
		require.NoError(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if filepath.Base(path) != "enrollment.db" {
				return err
			}
			books++
			db, err := store.Open(t.Context(), store.Options{Path: path, Migrations: enroll.Migrations})
			require.NoError(t, err)
			defer func() { _ = db.Close() }()
			return db.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec("UPDATE store_clock SET now_ms = now_ms + ?", by.Milliseconds())
				return err
			})
		}))
	}
	require.Equal(t, 1, books)
}

// memberID is the id on a member's page.
func memberID(t *testing.T, screen string) string {
	for _, word := range strings.Fields(screen) {
		if strings.HasPrefix(word, "fd-") {
			return word
		}
	}
	t.Fatalf("no id of ours on the screen:\n%s", screen)
	return ""
}

// TestANewHireGoesOnAfterAKill kills the program while the data of a family is
// on its way: the next session finds what is not known, and nothing is sent
// twice.
func TestANewHireGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	s, a := brokerHome(t)
	term := openConsoleAt(t, 100, 40, a.command())
	toEnrollment(term)
	term.Type("a")
	term.See("Add a known group")
	term.Type("fake-group-bakery<enter>")
	term.See("Ada Sample")
	before, _ := s.AngleRoster("fake-group-bakery")
	term.Type("n1<enter>")
	term.See("Dependent 1")
	term.Type("<tab>+1<tab><tab>Nora<tab>Newperson<tab>1990-04-05<tab>F<tab>987654321<tab>987654321<tab>s<tab><tab><tab><tab><tab>")
	term.Type("Ned<tab>Newperson<tab>2019-06-07<tab>M<tab><tab><tab>s<ctrl+s>")
	term.See("New hire of Nora Newperson", "draft")
	s.SetFault("POST /broker/demographic_change", sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 20 * time.Second})
	term.Type("sy")
	term.See("data of each person recorded: 0 of 2: being sent")
	killChild(term)
	term.Ended()
	s.ClearFaults()
	later(t, a.command(), 2*time.Minute)

	term = openConsoleAt(t, 100, 40, a.command())
	toEnrollment(term)
	term.See("requests: 1 UNKNOWN")
	term.Type("w")
	term.See("new hire of Nora Newperson")
	term.Type("<enter>")
	term.See("UNKNOWN", "u find out")
	term.Type("u")
	if screen := term.Until("it to be settled", func(s string) bool { return strings.Contains(s, "verified") || strings.Contains(s, "failed") }); strings.Contains(screen, "failed") {
		term.Type("fy")
	}
	term.See("4 snapshots compared", "verified")
	after, _ := s.AngleRoster("fake-group-bakery")
	require.Len(t, after, len(before)+2)
	for _, id := range after[len(before):] {
		require.Equal(t, 1, s.AngleEnrolled(id))
	}
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
}
