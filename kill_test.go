package main

import (
	"fmt"
	"math/rand/v2"
	"os"
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

// TestWhatIsTypedSurvivesTheEnd kills the real program while somebody types,
// in four ways and at random moments, and counts what is missing afterwards.
func TestWhatIsTypedSurvivesTheEnd(t *testing.T) {
	rounds := 12
	if os.Getenv("FRONTDESK_SOAK") != "" {
		rounds = 500
	}
	command := practiceHome(t)
	term := openConsole(t, command())
	term.Type("<enter>")
	term.See("HELD", "nobody yet")
	ends := []struct {
		name string
		end  func(*uitest.Term)
		most time.Duration // older ones are safe
	}{
		{"SIGKILL", killChild, time.Second}, // leaves no time to save
		{"SIGHUP", func(t *uitest.Term) { t.Signal(1) }, 0},
		{"SIGTERM", func(t *uitest.Term) { t.Signal(15) }, 0},
		{"closed terminal", func(t *uitest.Term) { t.Hangup() }, 0},
	}
	lost := make([]loss, len(ends))
	for round := range rounds {
		how, l := ends[round%len(ends)], &lost[round%len(ends)]
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
	for i, l := range lost {
		t.Logf("%-15s %3d ends, %d characters missing, the oldest of them %s old", ends[i].name, l.ends, l.missing, l.oldest.Round(time.Millisecond))
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
