package tty

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// line is a slow line: what arrives, and when. Its clock moves only while
// somebody waits.
type line struct {
	at    time.Time
	parts []part
	err   error
}

type part struct {
	after time.Duration // the part before it
	data  string
}

func (l *line) now() time.Time { return l.at }

func (l *line) ready(d time.Duration) bool {
	if len(l.parts) == 0 {
		l.at = l.at.Add(d)
		return l.err != nil
	}
	gap := min(d, l.parts[0].after)
	l.at = l.at.Add(gap)
	l.parts[0].after -= gap
	return l.parts[0].after == 0
}

func (l *line) Read(p []byte) (int, error) {
	if len(l.parts) == 0 {
		return 0, l.err
	}
	l.ready(l.parts[0].after)
	n := copy(p, l.parts[0].data)
	l.parts[0].data = l.parts[0].data[n:]
	if l.parts[0].data == "" {
		l.parts = l.parts[1:]
	}
	return n, nil
}

func on(parts ...part) *Reader {
	l := &line{parts: parts, err: io.EOF}
	return &Reader{src: l, esc: escWait, tail: tailWait}
}

// chunks reads to the end.
func chunks(t require.TestingT, r *Reader, size int) (got []string) {
	for {
		p := make([]byte, size)
		n, err := r.Read(p)
		if n > 0 {
			got = append(got, string(p[:n]))
		}
		if err != nil {
			require.ErrorIs(t, err, io.EOF)
			require.Zero(t, n)
			return got
		}
	}
}

const ms = time.Millisecond

func TestWholeKeys(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts []part
		want  []string
	}{
		{"arrow, after ESC", []part{{0, "\x1b"}, {70 * ms, "[A"}}, []string{"\x1b[A"}},
		{"arrow, after ESC [", []part{{0, "\x1b["}, {150 * ms, "A"}}, []string{"\x1b[A"}},
		{"arrow in three", []part{{0, "\x1b"}, {70 * ms, "["}, {150 * ms, "A"}}, []string{"\x1b[A"}},
		{"arrow of the application mode", []part{{0, "\x1bO"}, {150 * ms, "B"}}, []string{"\x1bOB"}},
		{"text before a split arrow", []part{{0, "ab\x1b["}, {150 * ms, "A"}, {150 * ms, "c"}}, []string{"ab\x1b[A", "c"}},
		{"lone Esc", []part{{0, "\x1b"}, {200 * ms, "a"}}, []string{"\x1b", "a"}},
		{"Esc and a letter at once", []part{{0, "\x1ba"}}, []string{"\x1ba"}},
		{"two Esc", []part{{0, "\x1b\x1b"}, {200 * ms, "a"}}, []string{"\x1b\x1b", "a"}},
		{"two Esc and a letter", []part{{0, "\x1b\x1ba"}}, []string{escKey + "\x1ba"}},
		{"three Esc", []part{{0, "\x1b\x1b\x1b"}, {200 * ms, "a"}}, []string{escKey + "\x1b\x1b", "a"}},
		{"Alt and an arrow", []part{{0, "\x1b\x1b[A"}}, []string{"\x1b\x1b[A"}},
		{"a sequence that never ends", []part{{0, "\x1b[1;"}, {500 * ms, "a"}}, []string{"\x1b[1;", "a"}},
		{"UTF-8 in two", []part{{0, "\xc3"}, {150 * ms, "\xa9"}}, []string{"é"}},
		{"UTF-8 in four", []part{{0, "\xf0"}, {90 * ms, "\x9f"}, {90 * ms, "\x91"}, {90 * ms, "\xa9"}}, []string{"👩"}},
		{"UTF-8 that never ends", []part{{0, "\xe2\x82"}, {500 * ms, "a"}}, []string{"\xe2\x82", "a"}},
		{"stray byte", []part{{0, "\xff"}, {500 * ms, "a"}}, []string{"\xff", "a"}},
		{"paste end mark", []part{{0, pasteStart + "text\x1b"}, {900 * ms, "[20"}, {900 * ms, "1~"}}, []string{pasteStart + "text", pasteEnd}},
		{"UTF-8 in a paste", []part{{0, pasteStart + "\xc3"}, {900 * ms, "\xa9" + pasteEnd}}, []string{pasteStart, "é" + pasteEnd}},
		{"paste start mark", []part{{0, "\x1b[20"}, {150 * ms, "0~a"}}, []string{pasteStart, "a"}},
		{"lone Esc after a paste", []part{{0, pasteStart + pasteEnd + "\x1b"}, {200 * ms, "a"}}, []string{pasteStart + pasteEnd + "\x1b", "a"}},
		{"late answer to a colour query", []part{{0, "\x1b]11;rgb:1e1e"}, {150 * ms, "/1e1e/1e1e\x1b"}, {150 * ms, "\\"}}, []string{"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"}},
		{"mouse", []part{{0, "\x1b[<0;1"}, {150 * ms, "0;5M"}}, []string{"\x1b[<0;10;5M"}},
		{"Esc where Esc is a sequence", []part{{0, "\x1b[?1u"}, {0, "\x1b"}, {300 * ms, "[A"}}, []string{"\x1b[?1u", "\x1b[A"}},
		{"the end of the line", []part{{0, "a\x1b["}}, []string{"a\x1b["}},
		{"the end in a paste", []part{{0, pasteStart + "a\x1b[2"}}, []string{pasteStart + "a", "\x1b[2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, chunks(t, on(c.parts...), 4096))
		})
	}
}

func TestALoneEscIsSoonThere(t *testing.T) {
	r := on(part{0, "\x1b"}, part{time.Hour, "a"})
	begun := r.src.now()
	p := make([]byte, 9)
	n, err := r.Read(p)
	require.NoError(t, err)
	require.Equal(t, "\x1b", string(p[:n]))
	require.Equal(t, 80*time.Millisecond, r.src.now().Sub(begun))
}

func TestAnErrorIsPassedOnAfterTheLastByte(t *testing.T) {
	broken := errors.New("broken")
	r := &Reader{src: &line{parts: []part{{0, "a"}}, err: broken}, esc: escWait, tail: tailWait}
	lost := 0
	r.lost = func() { lost++ }
	p := make([]byte, 9)
	n, err := r.Read(p)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = r.Read(p)
	require.ErrorIs(t, err, broken)
	require.Equal(t, 1, lost)
}

// TestNothingIsLost takes any input apart anywhere, with any gaps and buffers.
func TestNothingIsLost(t *testing.T) {
	pieces := []string{"a", "é", "👩", "\x1b", "\x1b[A", "\x1bOB", pasteStart, pasteEnd, "\xff", "\xc3", "\x1b[", "\x1b]11;x\a", "\x1b[1;5C", "\n", "\x1b[M !!", "\x1b[?1u", "\x1bP", "[201~"}
	rapid.Check(t, func(rt *rapid.T) {
		all := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(rt, "input"), "")
		var parts []part
		for rest := all; rest != ""; {
			n := rapid.IntRange(1, min(9, len(rest))).Draw(rt, "bytes")
			parts = append(parts, part{time.Duration(rapid.IntRange(0, 500).Draw(rt, "gap")) * ms, rest[:n]})
			rest = rest[n:]
		}
		size := rapid.SampledFrom([]int{1, 2, 3, 7, 300, 4096}).Draw(rt, "buffer")
		got := strings.Join(chunks(rt, on(parts...), size), "")
		require.Equal(rt, all, strings.ReplaceAll(got, escKey, "\x1b"))
	})
}

// TestNoPieceIsSplit wants, with gaps a reader bridges, only whole pieces.
func TestNoPieceIsSplit(t *testing.T) {
	pieces := []string{"a", "é", "👩", "\x1b[A", "\x1bOB", "\x1b[1;5C", "\x1b[<0;1;1M", "\x1b]11;x\a", pasteStart + "x\nyé" + pasteEnd}
	rapid.Check(t, func(rt *rapid.T) {
		in := rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 20).Draw(rt, "input")
		all := strings.Join(in, "")
		ends := map[int]bool{}
		at := 0
		for _, p := range in {
			at += len(p)
			ends[at] = true
			if strings.HasPrefix(p, pasteStart) { // inside a paste only its marks and characters matter
				ends[at-len(p)+len(pasteStart)] = true
				for i, r := range "x\nyé" {
					ends[at-len(p)+len(pasteStart)+i+len(string(r))] = true
				}
			}
		}
		var parts []part
		for rest := all; rest != ""; {
			n := rapid.IntRange(1, min(5, len(rest))).Draw(rt, "bytes")
			gap := rapid.IntRange(0, 24).Draw(rt, "gap")
			parts = append(parts, part{time.Duration(gap) * ms, rest[:n]})
			rest = rest[n:]
		}
		got := 0
		for _, c := range chunks(rt, on(parts...), 4096) {
			got += len(c)
			require.True(rt, ends[got], "split at %d of %q", got, all)
		}
	})
}
