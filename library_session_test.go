package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/ui/uitest"
)

// TestTheLibraryInARealTerminal looks an article up, corrects it, and changes
// prices by a file.
func TestTheLibraryInARealTerminal(t *testing.T) {
	t.Parallel()
	s, args := joined(t)
	cmd := program(t, args...)
	file := filepath.Join(t.TempDir(), "prices.csv")
	require.NoError(t, os.WriteFile(file, []byte("Vendor,Code,Product,Price\nV001,P001,Example Product,89.99\nV001,P002,,\n"), 0o600))
	term := uitest.Start(t, 80, 24, cmd)
	term.See("SANDBOX", "openings")
	term.Type("<ctrl+p>go to Library<enter>")
	term.See("Knowledge base", "GLOBAL", "12 rows")
	term.Type("sinsurance ver<enter>")
	term.See("articles with “insurance ver”", "Insurance Verification Workflow")
	term.Type("<enter>")
	term.See("two business days before", "category Billing")
	term.Type("e")
	term.See("Edit for every practice", "GLOBAL")
	term.Type("<tab><ctrl+u>Front office<ctrl+s>")
	term.See("What would be sent", "- Billing", "+ Front office")
	term.Type("p")
	term.See("How it would look", "category Front office")
	term.Type("y")
	term.See("Change it for every practice?")
	term.Type("y")
	term.See("Saved. Every practice sees it now.", "category Front office")
	require.Equal(t, 1, s.Executions("PUT /v1/kb/{id}"))

	term.Type("<esc>p")
	term.See("Products", "$99.99")
	term.Type("i")
	term.See("CSV file")
	term.Type(file + "<ctrl+s>")
	term.See("Columns of prices.csv")
	term.Type("<ctrl+s>")
	term.See("1 change, 0 new, 0 as they are, 1 with errors", "-10.0 %")
	term.Type("y")
	term.See("Type GLOBAL")
	term.Type("GLOBAL<ctrl+s>")
	term.See("Saved 1 product")
	term.Type("<esc>")
	term.See("every practice sees these prices", "$89.99", "26 rows")
	require.Equal(t, 1, s.Executions("POST /v1/products"))
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
}
