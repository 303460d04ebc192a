package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/ui/uitest"
)

// atTickets is the program on a terminal, at a sandbox of this test.
func atTickets(t *testing.T, rows int, more ...string) (*uitest.Term, *sandbox.Server, string) {
	t.Helper()
	s, err := sandbox.Start(sandbox.Options{Tickets: 12})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	base := strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft")
	cmd := program(t, "demo", "--join", base)
	cmd.Env = append(cmd.Env, more...)
	term := uitest.Start(t, 100, rows, cmd)
	term.See("openings")
	goTab(term, "Tickets")
	term.See("Connect4Healthcare as of", "Naturaesoft EMR as of")
	return term, s, base
}

// train drives the sandbox as a trainer does, over its control endpoint.
func train(t *testing.T, method, url, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	a, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	_ = a.Body.Close()
	require.Less(t, a.StatusCode, 300, "%s %s", method, url)
}

// TestTriageOfTenTickets is a Monday morning: ten tickets of both systems, with
// Connect4Healthcare down for half of them. The other system does not notice.
func TestTriageOfTenTickets(t *testing.T) {
	t.Parallel()
	term, s, base := atTickets(t, 40)
	care, prefix := s.Connect4Healthcare(), "connect4healthcare "
	filter := func(f string) {
		term.Type("/<ctrl+u>" + f + "<enter>")
		term.See("Tickets  " + f)
	}

	// While both are up: a comment, a category comment and a status.
	filter("source:c4 state:new")
	term.Type("<enter>")
	term.See("urgency", "Weight Gain")
	term.Type("cThe nurse has been told.<ctrl+s>")
	term.See("take back")
	term.Type("CWeighed again, no change.<ctrl+s>")
	term.See("is sent")
	term.See("Weighed again, no change.")
	term.Type("s<tab>Closed<ctrl+s>")
	term.See("is Closed now")
	term.Type("<esc>")
	for i := range 2 { // two more are settled with a status alone
		term.Type("s<tab>Resolved<ctrl+s>")
		term.Until("the status to be set", func(string) bool { return s.Executions(prefix+"POST /{token}/update_status") == 2+i })
		term.Until("the ticket to leave this view", func(screen string) bool { return !strings.Contains(screen, "Resolved"+"…") })
	}
	require.Equal(t, 2, s.Executions(prefix+"POST /{token}/create_comment"))
	require.Equal(t, 3, s.Executions(prefix+"POST /{token}/update_status"))

	// A new one, whose answer is cut off after it was carried out.
	train(t, "POST", base+"/_sandbox/faults", `{"route":"connect4healthcare GET /{token}/create_ticket","kind":"fin-after","times":1}`)
	before := care.Tickets()
	term.Type("a")
	term.See("whom is it about")
	term.Type("<down><enter>")
	term.See("New ticket about")
	term.Type("Asks for a larger chair<tab><right><tab><ctrl+s>")
	term.See("may have been created")
	term.See("did land")
	require.Equal(t, before+1, care.Tickets())
	require.Equal(t, 1, s.Executions(prefix+"GET /{token}/create_ticket"))

	// Now one system is down; the other goes on.
	train(t, "POST", base+"/_sandbox/faults", `{"route":"connect4healthcare *","kind":"status","status":503,"body":"<html>down</html>"}`)
	term.Type("r")
	term.See("C4H rows as of", "failed on its side", "Naturaesoft EMR as of")
	filter("source:emr state:open")
	for i := range 5 {
		term.Type("<enter>")
		term.See("Description", "assigned to")
		term.Type(fmt.Sprintf("cLooked at it, answer %d.", i))
		term.See("Comment on EMR", fmt.Sprintf("answer %d.", i))
		term.Type("<ctrl+s>")
		term.Gone("Comment on EMR")
		term.Type("<esc>")
		term.See("Tickets  source:emr")
		term.Type("<down>")
	}
	term.Until("all five to be sent", func(string) bool { return s.Executions("POST /v1/{ppass}/tickets/{id}/comment") == 5 })
	term.Type("s<tab>Closed<ctrl+s>")
	term.See("is Closed now")

	train(t, "DELETE", base+"/_sandbox/faults", "")
	term.Type("r")
	term.Gone("failed on its side")
	filter("chair")
	term.See("Asks for a larger ", "1 row")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
}

// TestTheOwnEditor writes a comment in the person's editor and looks that
// nothing of it stays on the disk.
func TestTheOwnEditor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	editor := filepath.Join(dir, "editor")
	// It leaves a copy beside the file, as editors do.
	script := "#!/bin/sh\ncat \"$1\" > " + dir + "/seen\nstat -c %a \"$1\" > " + dir + "/mode\necho \"$1\" > " + dir + "/path\n" +
		"cp \"$1\" \"$1~\"\nprintf 'written\\nelsewhere' > \"$1\"\n"
	require.NoError(t, os.WriteFile(editor, []byte(script), 0o700))
	term, _, _ := atTickets(t, 30, "EDITOR="+editor)
	term.Type("/source:emr<enter>")
	term.Type("cbegun here")
	term.See("Comment on", "begun here")
	term.Type("\x0f") // ctrl+o
	term.See("written", "elsewhere")
	seen, err := os.ReadFile(filepath.Join(dir, "seen"))
	require.NoError(t, err)
	require.Equal(t, "begun here", string(seen))
	mode, err := os.ReadFile(filepath.Join(dir, "mode"))
	require.NoError(t, err)
	require.Equal(t, "600\n", string(mode))
	path, err := os.ReadFile(filepath.Join(dir, "path"))
	require.NoError(t, err)
	_, err = os.Stat(filepath.Dir(strings.TrimSpace(string(path))))
	require.ErrorIs(t, err, os.ErrNotExist)
	term.Type("<ctrl+s>")
	term.See("take back")
}
