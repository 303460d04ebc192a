package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/ui/uitest"
)

// TestConnectionsInARealTerminal looks after the EMR's connection: a wrong
// secret, what that looks like, the right one, and the trail of it.
func TestConnectionsInARealTerminal(t *testing.T) {
	t.Parallel()
	const planted = "not-a-real-secret"
	term := uitest.Start(t, 80, 24, program(t, "demo"))
	term.See("openings")
	term.Type("<ctrl+p>go to Connections<enter>")
	term.See("Naturaesoft EMR", "stored", "this session only")
	term.Type("t")
	term.See("answered in", "its clock agrees with ours")
	term.Type("n" + planted)
	term.See("New secret of Naturaesoft EMR", "∙∙∙∙∙∙∙∙∙∙∙∙∙∙∙∙∙")
	term.Type("<enter>")
	term.See("failed at", "auth")
	require.NotContains(t, string(term.Raw()), planted, "nothing that reached the terminal shows it")
	term.Type("<esc>a")
	term.See("Audit trail", "secret stored")
	term.Type("v")
	term.See("verified at", "all there and as written")
	term.Type("<esc>p")
	term.See("GLOBAL", "refused the key")
	term.Type("<esc>1")
	term.See("openings")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
}
