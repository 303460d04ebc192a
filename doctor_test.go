package main

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
)

// doctor runs the program's doctor with a configuration and returns what it
// wrote to either side and how it ended.
func doctor(t *testing.T, text string, args ...string) (out, words string, code int) {
	t.Helper()
	cmd := program(t, append([]string{"doctor"}, args...)...)
	dir := ""
	for _, v := range cmd.Env {
		if d, ok := strings.CutPrefix(v, "XDG_CONFIG_HOME="); ok {
			dir = filepath.Join(d, "frontdesk")
		}
	}
	require.NoError(t, os.MkdirAll(dir, 0o700))
	if text != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "config.toml"), []byte(text), 0o600))
	}
	var errs strings.Builder
	cmd.Stderr = &errs
	data, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil {
		require.True(t, errors.As(err, &exit), "%v", err)
		code = exit.ExitCode()
	}
	return string(data), errs.String(), code
}

func practice(base string) string {
	return "[profile.riverside]\nzone = 'America/New_York'\nenvironment = 'sandbox'\n" +
		"[profile.riverside.naturaesoft]\nppass = 'RiversideOffice'\nbase = '" + base + "'\n"
}

// TestDoctorOfTheRealProgram asks a sandbox, and then an address where nobody
// is.
func TestDoctorOfTheRealProgram(t *testing.T) {
	t.Parallel()
	s, err := sandbox.Start(sandbox.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })

	text, words, code := doctor(t, practice(s.URL("naturaesoft")))
	require.Zero(t, code, "%s%s", text, words)
	require.Empty(t, words)
	require.Contains(t, text, "ok    endpoint.naturaesoft")
	require.Contains(t, text, "ok    clock.naturaesoft")
	require.Contains(t, text, "ok    zone")
	require.NotContains(t, text, "\x1b", "no colour or other escape outside a terminal")

	data, words, code := doctor(t, practice(s.URL("naturaesoft")), "--json")
	require.Zero(t, code, words)
	var shape struct {
		Version int
		Checks  []struct{ Name, Status, Words, Remedy string }
	}
	require.NoError(t, json.Unmarshal([]byte(data), &shape))
	require.Equal(t, 1, shape.Version)
	require.Equal(t, "config", shape.Checks[0].Name)
	require.Equal(t, "ok", shape.Checks[0].Status)

	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := "http://" + l.Addr().String()
	require.NoError(t, l.Close())
	for _, args := range [][]string{nil, {"--json"}} {
		text, words, code = doctor(t, practice(nobody), args...)
		require.Equal(t, 3, code)
		require.Contains(t, text, "does not take connections")
		require.Equal(t, "frontdesk: One check failed: what to do stands beside it.\n", words)
	}
	text, _, code = doctor(t, practice("http://emr.example"))
	require.Equal(t, 3, code)
	require.Contains(t, text, "has to start with https://")
	text, _, code = doctor(t, "")
	require.Zero(t, code, text)
	require.Contains(t, text, "no profile is set up")
}
