package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/ui/uitest"
)

// TestThePeopleOfAPracticeInARealTerminal types what a receptionist types:
// search, open, edit while a colleague edits too, tag one and several, and add
// somebody who is there already.
func TestThePeopleOfAPracticeInARealTerminal(t *testing.T) {
	t.Parallel()
	s, args := joined(t)
	n := s.PutProspect(map[string]any{
		"FirstName": "Zoë", "LastName": "Testperson", "Phone": "(212) 555-0177", "EMail": "zoe@example.com", "City": "Springfield",
	})
	term := uitest.Start(t, 80, 24, program(t, args...))
	term.See("openings")
	goTab(term, "Prospects")
	term.See("212 loaded")
	term.Type("/1-212-555.0177<enter>")
	term.See("Zoë Testperson", "as of", "Springfield", "***0177")
	term.Type("e")
	term.See("Edit Zoë")
	term.Type("<tab><tab><tab><tab>Zozo")
	term.See("Zozo")
	s.PutProspect(map[string]any{"ProspectID": n, "City": "Shelbyville"})
	term.Type("<ctrl+s>")
	term.See("Changed by a colleague", "theirs: Shelbyville")
	term.Type("m")
	term.See("Saved and read back: Nickname", "Shelbyville", "Zozo")
	row, ok := s.Prospect(n)
	require.True(t, ok)
	require.Equal(t, "Shelbyville", row["City"])
	require.Equal(t, "Zozo", row["NickName"])

	term.Type("tvip<enter><ctrl+s>")
	term.See("[VIP]")
	term.Type("<esc>")
	term.See("found")
	term.Type("<esc>")
	term.See("212 loaded")
	term.Type(" <down> <down>t")
	term.See("2 marked people")
	term.Type("health<enter><tab><ctrl+s>")
	term.See("2 of 2 done")
	require.Equal(t, 3, s.Executions("POST /v1/{ppass}/tags/prospects/{id}"))

	term.Type("<esc>n")
	term.See("New person")
	term.Type("Zoe<tab>Testperson<tab>212 555 0177<ctrl+s>")
	term.See("Already there?", "same phone and name")
	term.Type("y")
	term.See("Added as number")
	require.Equal(t, 1, s.Executions("POST /v1/{ppass}/prospects"))

	// The caller is found from any tab, and a time is looked for at once.
	term.Type("1")
	term.See("openings")
	term.Type("#zoe@example.com<enter>")
	term.See("at least three digits")
	term.Type("<ctrl+u>+1 212 555 0177<enter>")
	term.See("2 found")
	term.Type("<enter>")
	term.See("as of")
	term.Type("s")
	term.See("For Zo", "enter holds a time")
	term.Type("<enter>")
	term.See("HELD", "Testperson")
	term.Type("2v")
	term.See("every visit of Zo", "HELD")
	term.Type("<ctrl+c>")
	term.See("Quit?")
	term.Type("y")
	require.Equal(t, 0, term.Wait())
}

// TestPeopleTypedAhead sends a search, the person it finds and an edit in one
// piece: keys wait for the answers they depend on.
func TestPeopleTypedAhead(t *testing.T) {
	t.Parallel()
	s, args := joined(t)
	n := s.PutProspect(map[string]any{
		"FirstName": "Zoë", "LastName": "Testperson", "Phone": "(212) 555-0177", "EMail": "zoe@example.com",
	})
	term := uitest.Start(t, 80, 24, program(t, args...))
	term.See("openings")
	term.Type("2/testp<enter>e<tab><tab><tab><tab>Zozo<ctrl+s>")
	term.See("Saved and read back: Nickname")
	row, ok := s.Prospect(n)
	require.True(t, ok)
	require.Equal(t, "Zozo", row["NickName"])
	require.Equal(t, 1, s.Executions("PUT /v1/{ppass}/prospects/{id}"))
	term.Type("<esc><esc>n")
	term.See("New person")
	term.Type("Cid<tab>Example<tab>212 555 0123<tab>cid@example.com<ctrl+s>t")
	term.See("Tag Cid Example")
	require.Equal(t, 1, s.Executions("POST /v1/{ppass}/prospects"))
}
