package ui_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/ui"
	"frontdesk/ui/uitest"
)

// Which practice this is for, whether it is live, and what is in trouble stand
// in the header however narrow the terminal is; vendors that are well and the
// time give way.
func TestTheHeaderKeepsWhatMattersLongest(t *testing.T) {
	env := uitest.Env(t, monday)
	env.Practice = "Example Family Clinic"
	env.Health = func() []ui.Health {
		return []ui.Health{{"EMR", "up"}, {"C4H", "down"}, {"IH", "idle"}, {"UX", "slow"}}
	}
	d := uitest.New(t, env, 120, 24, newPad(env, "One"))
	for width, want := range map[int]string{
		120: "frontdesk SANDBOX Example Family Clinic Mon 9 Mar 09:30 EDT EMR up C4H down IH idle UX slow",
		80:  "frontdesk SANDBOX Example Famil… Mon 9 Mar 09:30 EDT C4H down UX slow 2 up",
		60:  "frontdesk SANDBOX Example Family… C4H down UX slow 2 up",
		44:  "SANDBOX C4H down UX slow 2 up",
		36:  "SANDBOX C4H down UX slow 2 up",
	} {
		d.Resize(width, 24)
		line, _, _ := strings.Cut(d.Screen(), "\n")
		require.Equal(t, want, strings.Join(strings.Fields(line), " "), "%d columns", width)
	}
}

// The program's name gives way before the clock: no time is shown without its
// zone.
func TestANarrowHeaderKeepsTheZoneWhenAllIsWell(t *testing.T) {
	env := uitest.Env(t, monday)
	env.Practice = "Example Family Clinic"
	env.Health = func() []ui.Health { return []ui.Health{{"EMR", "up"}} }
	d := uitest.New(t, env, 60, 20, newPad(env, "One"))
	line, _, _ := strings.Cut(d.Screen(), "\n")
	require.Equal(t, "SANDBOX Example Family Clinic Mon 9 Mar 09:30 EDT EMR up", strings.Join(strings.Fields(line), " "))
}
