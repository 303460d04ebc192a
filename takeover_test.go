package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
)

// TestTextGoesToTheOtherDesk types at one desk and goes on at another, both of
// one account: the second is told, takes the text over, and what the first
// types from then on is kept beside it.
func TestTextGoesToTheOtherDesk(t *testing.T) {
	t.Parallel()
	s, a := atSandbox(t, sandbox.Options{}, "")
	a.giveVault(used)
	one, two := openConsole(t, a.command()), openConsole(t, a.command())
	one.Type("<enter>")
	one.See("HELD", "nobody yet")
	one.Type("a")
	one.See("Add a person")
	one.Type("Gertrudis<tab>Testperson<tab><tab>g@example.com")
	one.See("g@example.com")
	one.Type("<ctrl+l>") // which brings the text to the disk at once
	one.See("locked by")
	one.Type(vaultPassphrase + "<enter>")
	one.See("g@example.com")
	two.Type("<down><enter>")
	two.See("HELD", "nobody yet")
	two.Type("a")
	two.See("Add a person")
	two.See("open in another session", "ctrl+o")
	two.Type("half<ctrl+o>")
	two.See("│Gertrudis", "│Testperson", "│g@example.com", "What was typed here before is back")
	one.Type(".org")
	one.See("g@example.com.org", "taken this text over")
	two.Type("<ctrl+s>")
	two.See("1 Person     Gertrudis Testperson")
	require.Equal(t, 1, s.Executions("POST /v1/{ppass}/prospects"))
	one.Type("<ctrl+c>")
	one.See("Quit?")
	one.Type("y")
	require.Equal(t, 0, one.Wait())
	two.Type("<ctrl+c>")
	two.See("Quit?")
	two.Type("y")
	require.Equal(t, 0, two.Wait())

	again := openConsole(t, a.command())
	again.Type("b")
	again.See("HELD")
	again.Type("<enter>")
	again.See("HELD")
	again.Type("a")
	again.See("What was typed here before is back", "│Gertrudis", "g@example.com.org")
}
