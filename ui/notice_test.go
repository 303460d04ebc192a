package ui_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/ui"
)

func TestNoDialogLiesOnWhatWentWrong(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {60, 20}} {
		d, _, _ := open(t, size[0], size[1])
		d.Env.Open(ui.NewReader(d.Env, "Long", strings.Repeat("A line of it.\n", 100)))
		full := d.Type("<down>").Screen()
		d.Env.Fail("The vendor failed on its side (status 500). It says: “Internal Server Error”. The request may have been carried out. Check before sending again.")
		d.Type("<down>").Fits(size[0], size[1])
		shown := strings.Join(strings.Fields(d.Screen()), " ")
		require.Contains(t, shown, "✗ The vendor failed on its side (status 500). It says: “Internal Server Error”. The request may have been carried out. Check before sending again.")
		require.Contains(t, shown, "└", "the whole dialog is above it")
		d.Env.Fail("Short.")
		d.Type("<up>").See("Short.")
		require.Equal(t, strings.Count(full, "A line"), strings.Count(d.Screen(), "A line"), "it has its room again")
	}
}

func TestWhatWentWrongStaysWithItsTab(t *testing.T) {
	d, _, _ := open(t, 80, 24)
	d.Type("!").Advance(4 * time.Second).See("One broke.").Type("2").Gone("broke").Type("1").Gone("broke")

	d.Type("!2").See("One broke.") // nobody can have read it
	d.Advance(4 * time.Second).Type("1").Gone("broke")

	d.Type("d").Deliver(failMsg("One")).Advance(4 * time.Second).Type("n2").See("One broke.") // a question lay over it
	d.Type("<esc>").Gone("broke")
}

func TestWhatWentWrongInAHiddenTabWaitsForIt(t *testing.T) {
	d, _, _ := open(t, 80, 24)
	d.Type("21").Deliver(failMsg("Two")).Advance(time.Minute).See("Two broke.")
	d.Type("2").See("Two says", "Two broke.").Type("1").Gone("broke")
}

func TestWhatConcernsTheWholeProgramStays(t *testing.T) {
	d, _, _ := open(t, 80, 24)
	d.Env.Fail("The disk is full.")
	d.Advance(time.Minute).Type("212").See("The disk is full.").Type("<esc>").Gone("full")
}

func TestADialogKeepsClearOfALongNotice(t *testing.T) {
	d, _, _ := open(t, 60, 20)
	words := "The form was refused for a reason that takes quite a few words to tell, and none of them may be hidden by it. Correct it and try again."
	d.Env.Open(ui.NewReader(d.Env, "Long", strings.Repeat("line\n", 50)))
	d.Env.Fail(words)
	d.Type("<down>").See("Long", "esc close").Fits(60, 20)
	shown := strings.Join(strings.Fields(d.Screen()), " ")
	require.Contains(t, shown, words)
	d.Env.Fail("Short.")
	d.Type("<down>").See("Short.").Fits(60, 20)
	require.Equal(t, 15, strings.Count(d.Screen(), "│ line"), "the room is given back")
}

func TestWhatToDoNowIsNotCutOff(t *testing.T) {
	d, _, _ := open(t, 80, 24)
	d.Env.Fail("The vendor says: “" + strings.Repeat("many words ", 18) + "”\nCorrect it and try again.")
	d.See("and try again.").Gone("(+")
}

func TestASentenceIsTakenBackAndNoOther(t *testing.T) {
	d, _, _ := open(t, 80, 24)
	d.Env.Fail("The time is\ngone.")
	d.Env.Unsay("Another time is gone.")
	d.Type("<down>").See("The time is gone.")
	d.Env.Unsay("The time is\ngone.")
	d.Type("<up>").Gone("The time is gone.")
}
