package console

import (
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"frontdesk/ui/theme"
)

// Two quick clicks on a row do in every tab what Enter does there; a click and
// another one later do not.
func TestTwoClicksOpenInEveryTab(t *testing.T) {
	look := theme.New(theme.Options{})
	for _, i := range []int{1, 2, 3, 4, 6, 7} { // the fifth begins without a row
		d, tabs := practice(t, time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC))
		d.Env.Mouse = true
		d.Type(strconv.Itoa(i)).Settle().Advance(time.Second).Settle()
		first := strings.Split(d.Screen(), "\n")
		row := -1
		for y, l := range first {
			if strings.HasPrefix(l, look.Glyph.Cursor) && y > 1 {
				row = y
			}
		}
		require.Positive(t, row, "%s:\n%s", tabs[i-1].Title(), d.Screen())
		click := func() { d.Deliver(tea.MouseClickMsg{X: 5, Y: row, Button: tea.MouseLeft}) }
		click()
		d.Advance(time.Second)
		click()
		require.Contains(t, d.Settle().Screen(), strings.TrimRight(first[row], " "), tabs[i-1].Title())
		d.Advance(time.Second)
		click()
		click()
		opened := d.Settle().Screen()
		require.NotEqual(t, strings.Join(first, "\n"), opened, tabs[i-1].Title())
		e, _ := practice(t, d.Env.Now())
		e.Type(strconv.Itoa(i)).Settle().Advance(time.Second).Settle().Type("<enter>").Settle()
		require.Equal(t, keys(e.Screen()), keys(opened), tabs[i-1].Title())
	}
}

// keys are the last line of a screen: what can be done there.
func keys(screen string) string {
	lines := strings.Split(strings.TrimSpace(screen), "\n")
	return lines[len(lines)-1]
}
