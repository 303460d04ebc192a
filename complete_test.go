package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
)

// TestCompletionLooksAndDoesNothingElse completes everything that takes an id,
// and looks at what that leaves behind: no file, no word, no write.
func TestCompletionLooksAndDoesNothingElse(t *testing.T) {
	t.Parallel()
	s, err := sandbox.Start(sandbox.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	address := strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft")
	home := ""
	complete := func(line ...string) string {
		cmd := program(t, append([]string{"__complete", "--sandbox", address}, line...)...)
		if home == "" {
			home = filepath.Dir(tempOf(cmd.Env))
		}
		cmd.Env = append(cmd.Env, "TMPDIR="+home, "HOME="+home, "XDG_STATE_HOME="+home+"/state", "XDG_CONFIG_HOME="+home+"/config")
		var out, words bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &words
		require.NoError(t, cmd.Run())
		require.Equal(t, "Completion ended with directive: ShellCompDirectiveNoFileComp\n", words.String(), line)
		return out.String()
	}
	for _, c := range []struct {
		line []string
		want string
	}{
		{[]string{"slots", "check", ""}, "1\tJane Smith"}, {[]string{"slots", "next", "--provider", "1,"}, "1,2\t"},
		{[]string{"slots", "check", "1", ""}, "20"}, {[]string{"slots", "book", "--type", ""}, "FOLLOWUP"},
		{[]string{"slots", "book", "--person", ""}, "1"}, {[]string{"slots", "list", "--minutes", ""}, "45"},
		{[]string{"slots", "list", "--weekday", "mon,t"}, "mon,tue"}, {[]string{"prospects", "show", ""}, "2"},
		{[]string{"prospects", "tag", "1", "--remove", "Wa"}, "Wait list"}, {[]string{"tickets", "show", "emr/1"}, "emr/1\t"},
		{[]string{"tickets", "status", "c4h/202", ""}, "Reopen"}, {[]string{"tickets", "list", "--status", "O"}, "Open"},
		{[]string{"tickets", "comment", "c4h/202", "--category", ""}, "16\t"}, {[]string{"billing", "balance", ""}, "1"},
		{[]string{"billing", "patients", "--enterprise", ""}, "1\t"}, {[]string{"billing", "pay", "1", "--invoice", ""}, "1\t"},
		{[]string{"kb", "show", "1"}, "12\tInsurance"}, {[]string{"kb", "search", "--category", "S"}, "Schedule"},
		{[]string{"products", "list", "--vendor", ""}, "V002"}, {[]string{"login", "u"}, "updox"}, {[]string{"--theme", ""}, "contrast"},
		{[]string{"outbox", "settle", ""}, ""}, {[]string{"slots", "request", ""}, ""}, {[]string{"enroll", "snapshot", ""}, ""},
		{[]string{"billing", "onboard", "resume", ""}, ""}, {[]string{"enroll", "import", "--resume", ""}, ""}, {[]string{"enroll", "group", ""}, ""},
	} {
		lines := strings.Split(strings.TrimSuffix(complete(c.line...), "\n"), "\n")
		require.Equal(t, ":4", lines[len(lines)-1], c.line)
		if c.want == "" {
			require.Len(t, lines, 1, "%v: nothing was made yet", c.line)
			continue
		}
		require.True(t, slicesHavePrefix(lines, c.want), "%v: %s", c.line, lines)
	}
	require.Zero(t, executed(s), "nothing was written")
	require.NoError(t, filepath.WalkDir(home, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			t.Errorf("completing made %s", path)
		}
		return err
	}))

	s.SetFault("naturaesoft *", sandbox.Fault{Kind: sandbox.FaultStatus})
	require.Equal(t, ":4\n", complete("slots", "check", ""), "silent about what is wrong")
}

func slicesHavePrefix(lines []string, prefix string) bool {
	for _, l := range lines {
		if strings.HasPrefix(l, prefix) {
			return true
		}
	}
	return false
}

func tempOf(env []string) string {
	for _, e := range env {
		if dir, ok := strings.CutPrefix(e, "XDG_STATE_HOME="); ok {
			return dir
		}
	}
	return os.TempDir()
}

// TestCompletionInBash goes the way of somebody who presses tab.
func TestCompletionInBash(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash on this machine")
	}
	s, err := sandbox.Start(sandbox.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	address := strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft")
	cmd := program(t)
	path := cmd.Path
	cmd = exec.Command(bash, "--norc", "-c", `
PATH="`+filepath.Dir(path)+`:$PATH"
_get_comp_words_by_ref() { while [ $# -gt 0 ]; do case $1 in -n) shift;; cur) cur="${COMP_WORDS[COMP_CWORD]}";; prev) prev="${COMP_WORDS[COMP_CWORD-1]}";; words) words=("${COMP_WORDS[@]}");; cword) cword=$COMP_CWORD;; esac; shift; done; }
__ltrim_colon_completions() { :; }
source <(`+path+` completion bash)
compopt() { :; }
COMP_WORDS=(`+path+` --sandbox `+address+` kb show 1)
COMP_CWORD=5 COMP_TYPE=9
COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE}
__start_frontdesk
printf '%s\n' "${COMPREPLY[@]}"`)
	cmd.Env = program(t).Env
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "12", string(out))
	require.NotContains(t, string(out), "command not found")
}
