package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/ui/uitest"
)

const providersRoute = "GET /v1/{ppass}/availability/providers"

// hostile are texts that vendors might send.
func hostile(t *testing.T) []struct{ Name, Value string } {
	data, err := os.ReadFile(filepath.Join("clients", "safe", "testdata", "hostile.json"))
	require.NoError(t, err)
	var all []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(data, &all))
	require.Greater(t, len(all), 100)
	return all
}

// joined is a sandbox that can be made hostile and the arguments to join it.
func joined(t *testing.T) (*sandbox.Server, []string) {
	s, err := sandbox.Start(sandbox.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s, []string{"demo", "--join", strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft")}
}

// attack makes every text of the EMR hostile, each with a mark of its own in
// front so that the screen tells when it has arrived.
func attack(s *sandbox.Server, i int, value string) (mark string) {
	mark = fmt.Sprintf("Q%03dZ", i)
	for _, route := range []string{providersRoute, "GET /v1/{ppass}/availability/providers/{id}/schedule"} {
		s.SetFault(route, sandbox.Fault{Kind: sandbox.FaultHostile, Body: mark + value})
	}
	return mark
}

// intact fails when the frame of the screen is not what the program drew.
func intact(t *testing.T, name, screen string) {
	t.Helper()
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	require.Len(t, lines, 24, "%s: the screen has its height:\n%s", name, screen)
	require.True(t, strings.HasPrefix(lines[0], "frontdesk  SANDBOX  Riverside Training Clinic"), "%s: header:\n%s", name, screen)
	require.Regexp(t, "^► ?1 Slots", lines[1], "%s: tabs:\n%s", name, screen)
	require.True(t, strings.HasSuffix(lines[23], "? help"), "%s: footer:\n%s", name, screen)
}

// TestHostileTextDrawsTextAndNothingElse reads every byte the real program
// writes while each hostile text is on its screen.
func TestHostileTextDrawsTextAndNothingElse(t *testing.T) {
	t.Parallel()
	s, args := joined(t)
	term := uitest.Start(t, 80, 24, program(t, args...))
	term.See("openings")
	for i, c := range hostile(t) {
		mark := attack(s, i, c.Value)
		term.Type("r")
		intact(t, c.Name, term.See(mark, "openings"))
		if i%10 == 0 { // the grid shows the schedule's texts
			term.Type("w")
			intact(t, c.Name, term.See(mark, "practice time"))
			term.Type("<esc>")
			term.See("openings")
		}
	}
	raw := string(term.Raw())
	foreign := map[string]int{}
	state := byte(0)
	p := ansi.NewParser()
	for len(raw) > 0 {
		seq, _, n, next := ansi.DecodeSequence(raw, state, p)
		if n == 0 {
			break
		}
		if !ours(seq) {
			foreign[fmt.Sprintf("%q", seq)]++
		}
		raw, state = raw[n:], next
	}
	require.Empty(t, foreign, "byte sequences the program did not make")
}

// ours tells the few control functions the program's own renderer uses.
func ours(seq string) bool {
	switch {
	case !strings.ContainsFunc(seq, func(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }):
		return true // text
	case len(seq) == 1:
		return strings.Contains("\r\n\b\t", seq)
	case strings.HasPrefix(seq, "\x1b]"):
		return seq == "\x1b]2;frontdesk\x07" || strings.HasPrefix(seq, "\x1b]11;?")
	case strings.HasPrefix(seq, "\x1b[?") && strings.HasSuffix(seq, "$p"): // asks which modes there are
		return true
	case strings.HasPrefix(seq, "\x1b[?"):
		switch strings.Trim(seq, "\x1b[?hluW") {
		case "5", "7", "25", "1002", "1004", "1006", "1049", "2004", "2026", "2027", "":
			return true
		}
		return false
	case strings.HasPrefix(seq, "\x1b[>"), strings.HasPrefix(seq, "\x1b[="), strings.HasPrefix(seq, "\x1b[<"):
		return strings.HasSuffix(seq, "u") || strings.HasSuffix(seq, "m") || strings.HasSuffix(seq, "q")
	case strings.HasPrefix(seq, "\x1b["):
		return strings.ContainsAny(seq[len(seq)-1:], "mABCDGHdJKXLMSTPb@r`")
	case strings.HasPrefix(seq, "\x1bP"):
		return strings.HasPrefix(seq, "\x1bP+q") // asks for capabilities
	}
	return seq == "\x1bM"
}

// TestHostileTextInTmux asks a real terminal multiplexer what became of its
// screen, clipboard and titles.
func TestHostileTextInTmux(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("skipped: tmux is not installed; make setup says how")
	}
	s, args := joined(t)
	cmd := program(t, args...)
	tm := newTmux(t, cmd)
	tm.until("the first screen", func(screen string) bool { return strings.Contains(screen, "openings") })
	before := tm.run("display-message", "-p", "#{window_name}")
	for i, c := range hostile(t) {
		mark := attack(s, i, c.Value)
		tm.run("send-keys", "r")
		screen := tm.until(c.Name, func(screen string) bool {
			return strings.Contains(screen, mark) && strings.Contains(screen, "openings")
		})
		intact(t, c.Name, screen)
	}
	require.Equal(t, before, tm.run("display-message", "-p", "#{window_name}"))
	require.Equal(t, "frontdesk\n", tm.run("display-message", "-p", "#{pane_title}"))
	require.Empty(t, tm.run("list-buffers"), "nothing was written to the clipboard")
}

// tmux is a server of its own with one 80x24 window.
type tmux struct {
	t      *testing.T
	socket string
	env    []string
}

func newTmux(t *testing.T, cmd *exec.Cmd) *tmux {
	tm := &tmux{t: t, socket: filepath.Join(t.TempDir(), "s"), env: cmd.Env}
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", tm.socket, "kill-server").Run() })
	conf := filepath.Join(t.TempDir(), "conf")
	require.NoError(t, os.WriteFile(conf, []byte("set -g set-clipboard on\nset -g default-terminal tmux-256color\nset -g status off\nset -g allow-rename on\nset -g automatic-rename off\n"), 0o600))
	tm.run(append([]string{"-f", conf, "new-session", "-d", "-x", "80", "-y", "24"}, cmd.Args...)...)
	return tm
}

func (tm *tmux) run(args ...string) string {
	tm.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-S", tm.socket}, args...)...)
	cmd.Env = tm.env
	out, err := cmd.CombinedOutput()
	require.NoError(tm.t, err, "tmux %v: %s", args, out)
	return string(out)
}

// until reads the screen until it satisfies ok.
func (tm *tmux) until(what string, ok func(string) bool) string {
	tm.t.Helper()
	look := time.NewTicker(20 * time.Millisecond) // each look is a process: without rest other tests have no room
	defer look.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-look.C {
		screen := tm.run("capture-pane", "-p")
		if ok(screen) {
			return screen
		}
		if time.Now().After(deadline) {
			tm.t.Fatalf("waited for %s; the screen shows:\n%s", what, screen)
		}
	}
}
