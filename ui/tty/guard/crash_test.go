package guard

import (
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

const aTrace = `panic: Jane Doe 555-555-0123 [recovered]
	panic: again

goroutine 7 [running]:
frontdesk/views/slots.(*Tab).Update(0xc000123400, {0x9f3a20, 0xc0001})
	/home/jane.doe/frontdesk/views/slots/tab.go:42 +0x1d
created by charm.land/bubbletea/v2.(*Program).Run in goroutine 1
	/root/go/pkg/mod/charm.land/bubbletea/v2@v2.0.9/tea.go:900 +0x3
Jane Doe(555)
exit status 2
`

func TestScrub(t *testing.T) {
	got := scrub(aTrace)
	require.Contains(t, got, "frontdesk/views/slots.(*Tab).Update slots/tab.go:42")
	for _, secret := range []string{"Jane", "Doe", "555", "jane.doe", "0xc"} {
		require.NotContains(t, got, secret)
	}
	require.Empty(t, scrub("frontdesk: no such flag\n"))
}

func TestFatal(t *testing.T) {
	for trace, want := range map[string]syscall.Signal{
		aTrace: 0,
		"SIGABRT: abort\nPC=0x1 m=0\n\ngoroutine 0 [idle]:\n":                     syscall.SIGABRT,
		"SIGQUIT: quit\nPC=0x1 m=0\n\ngoroutine 0 [idle]:\n":                      syscall.SIGQUIT,
		"fatal error: all goroutines are asleep\n\ngoroutine 1 [chan receive]:\n": 0,
	} {
		died, sig := fatal(trace)
		require.True(t, died)
		require.Equal(t, want, sig)
	}
	died, _ := fatal("panic: is a word in a sentence\n")
	require.False(t, died)
}

func TestRingKeepsBothEnds(t *testing.T) {
	var r ring
	_, _ = r.Write([]byte("panic: first"))
	for range 100 {
		_, _ = r.Write([]byte(strings.Repeat("x", 9999)))
	}
	_, _ = r.Write([]byte("last"))
	require.True(t, strings.HasPrefix(r.String(), "panic: first"))
	require.True(t, strings.HasSuffix(r.String(), "last"))
	require.LessOrEqual(t, len(r.String()), 2*ringHalf)
}

func TestWhatNamesAPlace(t *testing.T) {
	for line, want := range map[string]string{
		"\t/home/jane.doe/frontdesk/views/slots/tab.go:42 +0x1d": "slots/tab.go:42",
		"\t/home/jane doe/x/state/store/tx.go:7":                 "store/tx.go:7",
		"\t/root/go/pkg/mod/bubbletea/v2@v2.0.9/tea.go:900 +0x3": "v2@v2.0.9/tea.go:900",
		"/home/x/y.go:1":          "", // no line of a trace
		"\ttab.go:42":             "",
		"\t/x/Jane Doe/a.go:1":    "",
		"\t/x/y/Jane Doe.go:1":    "",
		"\t/x/y/a.go:Jane":        "",
		"\tJane Doe 555-555-0123": "",
	} {
		require.Equal(t, want, place(line), line)
	}
	require.Equal(t, "main.(*T).F", function("main.(*T).F(0x1, {0x2})"))
	require.Empty(t, function("Jane Doe(555)"))
	require.Empty(t, function(strings.Repeat("x", longName+1)+"("))
}
