package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/ui/uitest"
)

// loss is what one way of ending has cost so far.
type loss struct {
	ends    int
	missing int           // characters
	oldest  time.Duration // age of the oldest missing one when the end came
}

// ending is one way in which the program ends while somebody types.
type ending struct {
	name string
	end  func(*uitest.Term)
	most time.Duration // what is older when the end comes is safe
}

var endings = []ending{
	{"SIGKILL", killChild, time.Second}, // leaves no time to save
	{"SIGHUP", func(t *uitest.Term) { t.Signal(1) }, 0},
	{"SIGTERM", func(t *uitest.Term) { t.Signal(15) }, 0},
	{"closed terminal", func(t *uitest.Term) { t.Hangup() }, 0},
}

// TestWhatIsTypedSurvivesTheEnd kills the real program while somebody types,
// in four ways and at random moments, and counts what is missing afterwards.
// Four people type at a time, each of whom every way of ending comes to.
func TestWhatIsTypedSurvivesTheEnd(t *testing.T) {
	rounds := 12
	if os.Getenv("FRONTDESK_SOAK") != "" {
		rounds = 500
	}
	const people = 4
	lost := make([][]loss, people)
	t.Run("typing", func(t *testing.T) {
		for person := range people {
			lost[person] = make([]loss, len(endings))
			t.Run(strconv.Itoa(person), func(t *testing.T) {
				t.Parallel()
				typesAndIsCutOff(t, rounds/people, person, lost[person])
			})
		}
	})
	for i, how := range endings {
		var all loss
		for _, l := range lost {
			all.ends += l[i].ends
			all.missing += l[i].missing
			all.oldest = max(all.oldest, l[i].oldest)
		}
		t.Logf("%-15s %3d ends, %d characters missing, the oldest of them %s old", how.name, all.ends, all.missing, all.oldest.Round(time.Millisecond))
	}
}

// typesAndIsCutOff is one person at one console, whose first end is that of the
// number first.
func typesAndIsCutOff(t *testing.T, rounds, first int, lost []loss) {
	command := practiceHome(t)
	term := openConsole(t, command())
	term.Type("<enter>")
	term.See("HELD", "nobody yet")
	for round := range rounds {
		i := (first + round) % len(endings)
		how, l := endings[i], &lost[i]
		term.Type("a")
		term.See("Add a person")
		typed, at := typeForAWhile(term)
		end := time.Now()
		how.end(term)
		term.Ended()
		term = openConsole(t, command())
		term.Type("b")
		term.See("HELD")
		term.Type("<enter>")
		term.See("nobody yet")
		term.Type("ea") // the hold must outlast the rounds
		screen := term.See("Add a person")
		kept := whatIsBack(screen, typed)
		l.ends++
		if kept < len(typed) {
			l.missing += len(typed) - kept
			l.oldest = max(l.oldest, end.Sub(at[kept]))
			require.Less(t, end.Sub(at[kept]), how.most, "round %d, %s: of %q only %q is back", round, how.name, typed, typed[:kept])
		}
		back := strings.Contains(screen, "What was typed here before is back")
		require.Equal(t, kept > 0, back, "the form says so:\n%s", screen)
		term.Type("<esc>")
		if back {
			term.See("Discard")
			term.Type("y")
		}
		term.Gone("Add a person")
	}
	term.Type("<ctrl+c>")
	term.See("Quit?")
	term.Type("y")
	require.Equal(t, 0, term.Wait())
}

// whatIsBack is how many of the typed characters stand in the first field.
func whatIsBack(screen, typed string) int {
	n := len(typed)
	for n > 0 && !strings.Contains(screen, "│"+typed[:n]) {
		n--
	}
	return n
}

// killChild kills the process that holds what is typed; the one we started only
// guards the terminal.
func killChild(t *uitest.Term) {
	child, err := childOf(t.Cmd.Process.Pid)
	if err == nil {
		err = syscall.Kill(child, syscall.SIGKILL)
	}
	if err != nil {
		panic(err)
	}
}

// childOf is the first child of a process's first thread.
func childOf(pid int) (child int, err error) {
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err == nil {
		_, err = fmt.Sscan(string(children), &child)
	}
	return child, err
}

// typeForAWhile types letters at a person's pace for a random while. It returns
// them and when each was on the screen.
func typeForAWhile(term *uitest.Term) (typed string, at []time.Time) {
	for range 3 + rand.IntN(30) {
		c := string(rune('a' + len(typed)%26))
		typed += c
		term.Type(c)
		term.See("│" + typed)
		at = append(at, time.Now())
		<-time.After(time.Duration(rand.IntN(90)) * time.Millisecond) // the end comes at a random moment
	}
	return typed, at
}
