package tty

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// sink is a terminal that can stop taking output.
type sink struct {
	mu    sync.Mutex
	block sync.Mutex
	buf   bytes.Buffer
	err   error
}

func (s *sink) Write(p []byte) (int, error) {
	s.block.Lock()
	defer s.block.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return 0, s.err
	}
	return s.buf.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

func newWall() (*Wall, *sink) {
	s := new(sink)
	return &Wall{title: "frontdesk", pump: newPump(s), lines: func() int { return 2 }}, s
}

func through(t require.TestingT, parts ...string) (string, uint64) {
	w, s := newWall()
	for _, p := range parts {
		n, err := io.WriteString(w, p)
		require.NoError(t, err)
		require.Equal(t, len(p), n)
	}
	require.True(t, w.pump.flush(time.Minute))
	return s.String(), w.Dropped()
}

func TestWhatPasses(t *testing.T) {
	for _, s := range []string{
		"plain text, José, 田中太郎, עברית, 👩🏽 ─│╭ \t\r\n\b\a",
		"\x1b[H\x1b[2J\x1b[K\x1b[1;5r\x1b[r\x1b[3A\x1b[10`\x1b[4d\x1b[5X\x1b[2@\x1b[2P\x1b[L\x1b[M\x1b[S\x1b[T\x1b[7b\x1bM",
		"\x1b[m\x1b[0m\x1b[1;2;3;4;7;9m\x1b[38;5;8m\x1b[48;2;5;6;8m\x1b[38:2::5:6:8m\x1b[4:3m\x1b[58;5;8;1m\x1b[97;107m",
		ansi.SetModeAltScreenSaveCursor + ansi.SetModeMouseAnyEvent + ansi.SetModeMouseExtSgr + ansi.SetModeBracketedPaste + ansi.SetModeFocusEvent,
		ansi.ResetModeMouseButtonEvent + ansi.ResetModeTextCursorEnable + ansi.SetModeTextCursorEnable + ansi.SetModeSynchronizedOutput + ansi.SetModeUnicodeCore,
		ansi.SetModifyOtherKeys2 + ansi.ResetModifyOtherKeys + ansi.PushKittyKeyboard(1) + ansi.KittyKeyboard(3, 1) + ansi.PopKittyKeyboard(1) + ansi.RequestKittyKeyboard,
		ansi.RequestModeSynchronizedOutput + ansi.RequestModeUnicodeCore + ansi.RequestBackgroundColor + ansi.RequestForegroundColor + ansi.RequestCursorColor,
		ansi.RequestNameVersion + ansi.RequestPrimaryDeviceAttributes + ansi.RequestCursorPositionReport + ansi.RequestTermcap("RGB"),
		ansi.SetWindowTitle("frontdesk") + ansi.SetWindowTitle("") + ansi.SetCursorStyle(6) + ansi.SetTabEvery8Columns + ansi.SetModeInsertReplace + ansi.ResetModeAutoWrap,
	} {
		got, dropped := through(t, s)
		require.Equal(t, s, got)
		require.Zero(t, dropped, "%q", s)
	}
}

func TestWhatDoesNot(t *testing.T) {
	for _, s := range []string{
		"\x1b]0;PWNED\a", "\x1b]2;PWNED\x1b\\", "\x1b]2;frontdesk - Doe\a", "\x1b]52;c;UFdORUQ=\a", "\x1b]8;;http://PWNED\x1b\\", "\x1b]11;#ff0000\a", "\x1b]9;PWNED\a", "\x1b]52;c;?\a",
		"\x1bPtmux;PWNED\x1b\\", "\x1bP+p41\x1b\\", "\x1b_PWNED\x1b\\", "\x1b^PWNED\x1b\\", "\x1bXPWNED\x1b\\", "\x1bP$qm\x1b\\",
		"\x1b[" + strings.Repeat("1;", 32) + "m", "\x1b[8m", "\x1b[1;8m", "\x1b[5m", "\x1b[11m", "\x1b[38;9;1m", "\x1b[3J", "\x1b[?3h", "\x1b[?47h", "\x1b[?1049;5h", "\x1b[20h",
		"\x1b[21t", "\x1b[8;1;1t", "\x1b[!p", "\x1b[>c", "\x1b[5n", "\x1b[4i", "\x1b[?5i", "\x1b[61\"p", "\x1b[s", "\x1b[u", "\x1b[0q", "\x1b[1;1;1;1;1;1;1H", "\x1b[?2J",
		"\x1bc", "\x1b7", "\x1b8", "\x1b(0", "\x1b#8", "\x1b=", "\x1bN", "\x1b%G", "\x1b D",
		"\x00", "\x0e", "\x0f", "\x0b", "\x0c", "\x05", "\x7f", "\u0085", "\u009b2J", "\x9b2J"[:1], "\xff", "\u202e", "\u2066",
	} {
		got, dropped := through(t, "a", s, "b")
		require.Equal(t, "ab", strings.ReplaceAll(got, "2J", ""), "%q", s)
		require.EqualValues(t, 1, dropped, "%q", s)
	}
}

func TestAStringWithoutEndSwallowsNoMoreThanItself(t *testing.T) {
	got, dropped := through(t, "a\x1b]2;"+strings.Repeat("x", longestString), strings.Repeat("y", 99), "\ab")
	require.Equal(t, "ab", got)
	require.EqualValues(t, 1, dropped)
	got, _ = through(t, "a\x1b]2;x\x1b[1mb")
	require.Equal(t, "a\x1b[1mb", got)
}

func TestPermit(t *testing.T) {
	w, s := newWall()
	copied := ansi.SetSystemClipboard("555-555-0123")
	tmux := ansi.TmuxPassthrough(copied)
	w.Permit(copied)
	w.Permit(tmux)
	for _, p := range []string{"a" + ansi.SetSystemClipboard("other"), tmux[:7], tmux[7:] + "b", copied + copied + "c"} {
		_, err := io.WriteString(w, p)
		require.NoError(t, err)
	}
	require.True(t, w.pump.flush(time.Minute))
	require.Equal(t, "a"+tmux+"b"+copied+"c", s.String())
	require.EqualValues(t, 2, w.Dropped(), "the one nobody permitted and the second use")
}

func TestTheScreenIsEmptiedBeforeItIsLeft(t *testing.T) {
	got, _ := through(t, "\x1b[?1049h", "text\x1b[?10", "49l")
	require.Equal(t, "\x1b[?1049htext\x1b[1;1H\x1b[2K\x1b[2;1H\x1b[2K\x1b[H\x1b[?1049l", got)
	got, _ = through(t, "text\x1b[?1049l")
	require.Equal(t, "text\x1b[?1049l", got, "a screen that is not ours stays")
}

// TestSplitAnywhere wants the same of a stream in whatever pieces it is written.
func TestSplitAnywhere(t *testing.T) {
	pieces := []string{"a", "é", "👩", "\x1b[1m", "\x1b]2;frontdesk\a", "\x1b]2;x\x1b\\", "\x1b[8m", "\x1b[?1049h", "\x1b[?1049l", "\x1bM", "\x1bc", "\x9b", "\u009b", "\x1bP+q41\x1b\\", "\x1b_x\x1b\\", "\x1b(0", "\x1b\x1b[m", "\x1b]8;;u\x1b[m"}
	rapid.Check(t, func(rt *rapid.T) {
		all := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(rt, "output"), "") + "."
		var parts []string
		for rest := all; rest != ""; {
			n := rapid.IntRange(1, min(7, len(rest))).Draw(rt, "bytes")
			parts, rest = append(parts, rest[:n]), rest[n:]
		}
		want, dropped := through(rt, all)
		got, too := through(rt, parts...)
		require.Equal(rt, want, got)
		require.Equal(rt, dropped, too)
	})
}

// TestHostile sends every hostile string there is: what comes out holds no
// control function but moves, erasures, colours and modes of ours.
func TestHostile(t *testing.T) {
	data, err := os.ReadFile("../../clients/safe/testdata/hostile.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Name, Value string
	}
	require.NoError(t, json.Unmarshal(data, &list))
	require.NotEmpty(t, list)
	for _, h := range list {
		got, _ := through(t, h.Value, "\x18\x1b\\")
		again, dropped := through(t, got)
		require.Equal(t, got, again, "%s", h.Name)
		require.Zero(t, dropped, "%s", h.Name)
		for _, bad := range []string{"\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX", "\x00", "\u009b", "\u009d"} {
			require.NotContains(t, strings.NewReplacer("\x1b]2;\a", "", "\x1b]11;?", "", "\x1b]10;?", "", "\x1bP+q", "").Replace(got), bad, "%s", h.Name)
		}
	}
}

func TestATerminalThatIsGone(t *testing.T) {
	w, s := newWall()
	s.err = errors.New("input/output error")
	lost := make(chan struct{})
	w.pump.lost = func() { close(lost) }
	_, _ = io.WriteString(w, "a")
	<-lost
	_, err := io.WriteString(w, "b")
	require.ErrorIs(t, err, s.err)
	require.False(t, w.left())
}

// TestABlockedTerminalStopsNobody writes without end to a terminal that takes
// nothing for half a minute and then all of it, in order.
func TestABlockedTerminalStopsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := newWall()
		taking := make(chan struct{})
		w.pump.to = writer(func(p []byte) (int, error) {
			<-taking
			return s.Write(p)
		})
		begun := time.Now()
		var want strings.Builder
		for range 100 {
			want.WriteString("frame ")
			_, err := io.WriteString(w, "frame ")
			require.NoError(t, err)
		}
		require.Equal(t, patience, time.Since(begun), "only the first write waits")
		require.False(t, w.pump.flush(30*time.Second))
		close(taking)
		require.True(t, w.left())
		require.Equal(t, want.String(), s.String())
	})
}

func TestGivingUpFreesWriters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _ := newWall()
		taking := make(chan struct{})
		w.pump.to = writer(func(p []byte) (int, error) {
			<-taking
			return len(p), nil
		})
		full := strings.Repeat("x", backlog)
		time.AfterFunc(time.Hour, w.pump.giveUp)
		begun := time.Now()
		_, err := io.WriteString(w, "x") // on its way
		require.NoError(t, err)
		_, err = io.WriteString(w, full)
		require.NoError(t, err)
		_, err = io.WriteString(w, "y")
		require.ErrorIs(t, err, errGivenUp)
		require.Equal(t, time.Hour, time.Since(begun))
		close(taking)
	})
}

type writer func([]byte) (int, error)

func (f writer) Write(p []byte) (int, error) { return f(p) }

// frame is what Bubble Tea writes for a full screen of styled text.
func frame(w, h int) string {
	var b strings.Builder
	for y := range h {
		b.WriteString("\x1b[" + string(rune('0'+y%10)) + ";1H\x1b[38;5;8m│ ")
		b.WriteString(strings.Repeat("José Testperson 555 ", (w-4)/20))
		b.WriteString("\x1b[m │\x1b[K")
	}
	return b.String()
}

func BenchmarkWall(b *testing.B) {
	for name, size := range map[string][2]int{"80x24": {80, 24}, "200x60": {200, 60}} {
		b.Run(name, func(b *testing.B) {
			w, _ := newWall()
			p := []byte(frame(size[0], size[1]))
			b.SetBytes(int64(len(p)))
			for b.Loop() {
				_ = w.filter(p)
			}
		})
	}
}
