package billing_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"frontdesk/ui/uitest"
)

// point clicks on the first place where words are on the screen.
func point(t *testing.T, d *uitest.Desk, words string) {
	t.Helper()
	for y, line := range strings.Split(d.Screen(), "\n") {
		if i := strings.Index(line, words); i >= 0 {
			d.Deliver(tea.MouseClickMsg{X: ansi.StringWidth(line[:i]), Y: y, Button: tea.MouseLeft}).Settle()
			return
		}
	}
	require.Fail(t, "not on the screen: "+words, d.Screen())
}

func wheel(d *uitest.Desk, button tea.MouseButton) {
	d.Deliver(tea.MouseWheelMsg{X: 10, Y: 10, Button: button}).Settle()
}

// cursor is the row the cursor is on.
func cursor(t *testing.T, d *uitest.Desk) string {
	t.Helper()
	for _, line := range strings.Split(d.Screen(), "\n")[2:] {
		if strings.HasPrefix(line, "►") {
			return line
		}
	}
	return ""
}

// TestTheMouse does a biller's round without keys but for what is typed.
func TestTheMouse(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	wheel(d, tea.MouseWheelDown)
	require.NotContains(t, cursor(t, d), "Edith Hollowbrook")
	point(t, d, "Winifred")
	require.Contains(t, cursor(t, d), "Winifred Placeholder")
	for _, page := range []struct{ name, row string }{
		{"Aging", "Testperson"}, {"Enterprises", "Specimen"}, {"Practice accounts", "PRACTICE-103"},
	} {
		point(t, d, page.name)
		d.See("[" + page.name + "]")
		point(t, d, page.row)
		require.Contains(t, cursor(t, d), page.row)
	}
	point(t, d, "Onboarding")
	d.See("No practice is on its way")
	point(t, d, "Enterprises")
	point(t, d, "Riverside Training Clin…")
	point(t, d, "enter open")
	d.See("Practices inside")
	point(t, d, "Riverside West")
	require.Contains(t, cursor(t, d), "Riverside West")
	open(d)
	point(t, d, "2026-01-18")
	require.Contains(t, cursor(t, d), "34 ")
	point(t, d, "Payments 0")
	d.See("[Payments 0]")
	point(t, d, "Messages 0")
	point(t, d, "Invoices 3")
	d.See("[Invoices 3]")
	// In a form a click leads to a field, in a question to an answer.
	point(t, d, "e change...")
	point(t, d, "City")
	d.Type("Mockville<ctrl+s>").Settle().See("is changed")
}
