package main

import (
	"bytes"
	"encoding/base64"
	endian "encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
)

// needle is a text that must stay where it belongs: a secret nowhere but in the
// memory of the program, what is about a person on the screen too.
type needle struct {
	name, text string
	secret     bool
}

// written is one way in which a needle could have been written down.
type written struct {
	needle *needle
	as     string
	bytes  []byte
}

// haystack looks for needles. Patterns are found by their first four bytes.
type haystack struct {
	mu    sync.Mutex
	all   []*needle
	exact map[uint32][]written
	lower map[uint32][]written // for data in lower case
}

func newHaystack() *haystack {
	return &haystack{exact: map[uint32][]written{}, lower: map[uint32][]written{}}
}

// plant adds what must not be found.
func (h *haystack) plant(t *testing.T, secret bool, texts map[string]string) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, text := range texts {
		require.GreaterOrEqual(t, len(text), 6, "%s is too short to be told from chance", name)
		n := &needle{name, text, secret}
		h.all = append(h.all, n)
		for as, b := range foldable(text) {
			h.add(h.lower, written{n, as, lower(b)})
		}
		for as, b := range coded(text) {
			h.add(h.exact, written{n, as, b})
		}
	}
}

func (h *haystack) add(to map[uint32][]written, w written) {
	at := endian.BigEndian.Uint32(w.bytes)
	to[at] = append(to[at], w)
}

// foldable are the ways of writing in which case says nothing.
func foldable(text string) map[string][]byte {
	escaped, _ := json.Marshal(text)
	wide := utf16.Encode([]rune(text))
	var little, big []byte
	for _, u := range wide {
		little = endian.LittleEndian.AppendUint16(little, u)
		big = endian.BigEndian.AppendUint16(big, u)
	}
	return map[string][]byte{
		"raw": []byte(text), "in a URL's query": []byte(url.QueryEscape(text)), "in a URL's path": []byte(url.PathEscape(text)),
		"in JSON": escaped[1 : len(escaped)-1], "quoted": []byte(strconv.QuoteToASCII(text))[1 : len(strconv.QuoteToASCII(text))-1],
		"in HTML": []byte(html.EscapeString(text)), "hex": []byte(hex.EncodeToString([]byte(text))),
		"UTF-16 LE": little, "UTF-16 BE": big,
	}
}

// coded are base64 of the text wherever in other text it begins: what is the
// same whatever stands before and after it.
func coded(text string) map[string][]byte {
	ways := map[string][]byte{}
	for name, enc := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64 for URLs": base64.RawURLEncoding} {
		for shift := range 3 {
			b := enc.EncodeToString(append(make([]byte, shift), text...))
			first, last := (shift*8+5)/6, (shift+len(text))*8/6
			ways[fmt.Sprint(name, " ", shift)] = []byte(b[first:last])
		}
	}
	return ways
}

// find lists the needles in data, once for each way of writing.
func (h *haystack) find(data []byte) []written {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append(search(h.exact, data), search(h.lower, lower(data))...)
}

// lower folds ASCII only: what is no text stays as it is.
func lower(data []byte) []byte {
	low := bytes.Clone(data)
	for i, b := range low {
		if 'A' <= b && b <= 'Z' {
			low[i] = b + 'a' - 'A'
		}
	}
	return low
}

func search(patterns map[uint32][]written, data []byte) []written {
	var begins [1 << 16]bool
	for k := range patterns {
		begins[k>>16] = true
	}
	var found []written
	seen := map[[2]string]bool{}
	for i := 0; i+4 <= len(data); i++ {
		if !begins[uint16(data[i])<<8|uint16(data[i+1])] {
			continue
		}
		for _, w := range patterns[endian.BigEndian.Uint32(data[i:])] {
			if key := [2]string{w.needle.name, w.as}; !seen[key] && bytes.HasPrefix(data[i:], w.bytes) {
				seen[key] = true
				found = append(found, w)
			}
		}
	}
	return found
}

// hits are needles where they must not be, as sentences.
type hits []string

// look adds what is in data to the hits. may names the needles that belong
// there.
func (h *haystack) look(found *hits, where string, data []byte, may ...string) {
	for _, w := range h.find(data) {
		if !contains(may, w.needle.name) {
			*found = append(*found, fmt.Sprintf("%s: %s, %s", where, w.needle.name, w.as))
		}
	}
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// files looks into every file below a folder, and at its name. may tells which
// needles belong into a file, by its path in the folder.
func (h *haystack) files(t *testing.T, found *hits, when, dir string, may func(path string) []string) (seen int) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		h.look(found, when+", the name "+rel, []byte(rel))
		if err != nil || !e.Type().IsRegular() {
			return nil // gone meanwhile, or nothing that holds text
		}
		data, err := os.ReadFile(path)
		if err == nil {
			seen++
			h.look(found, when+", file "+rel, data, may(rel)...)
		}
		return nil
	}))
	return seen
}

// running are the processes of the program under test, by number.
func running(path string) (pids []string) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		if exe, err := os.Readlink("/proc/" + e.Name() + "/exe"); err == nil && exe == path {
			pids = append(pids, e.Name())
		}
	}
	return pids
}

// unlinked looks into files that our processes have open and nobody can list.
func (h *haystack) unlinked(found *hits, when, exe string) {
	for _, pid := range running(exe) {
		fds, _ := filepath.Glob("/proc/" + pid + "/fd/*")
		for _, fd := range fds {
			if name, err := os.Readlink(fd); err == nil && strings.HasSuffix(name, " (deleted)") && strings.HasPrefix(name, "/") {
				if data, err := os.ReadFile(fd); err == nil {
					h.look(found, when+", removed file "+name, data)
				}
			}
		}
	}
}

// watcher collects what everybody on the machine can see of our processes.
type watcher struct {
	stop, done chan struct{}
	seen       map[string]string // environment or command line to what it is
	pids       map[string]bool
}

// watchProcesses looks at the processes of the program every 20 ms.
func watchProcesses(exe string) *watcher {
	w := &watcher{make(chan struct{}), make(chan struct{}), map[string]string{}, map[string]bool{}}
	go func() {
		defer close(w.done)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			for _, pid := range running(exe) {
				for _, what := range []string{"environ", "cmdline", "comm"} {
					if data, err := os.ReadFile("/proc/" + pid + "/" + what); err == nil && len(data) > 0 {
						w.seen[string(data)] = what
						w.pids[pid] = true
					}
				}
			}
			select {
			case <-tick.C:
			case <-w.stop:
				return
			}
		}
	}()
	return w
}

// end stops watching and tells what was found and how many processes there
// were.
func (w *watcher) end(h *haystack, found *hits) (processes int) {
	close(w.stop)
	<-w.done
	for data, what := range w.seen {
		h.look(found, "a process's "+what, []byte(data))
	}
	return len(w.pids)
}

// terminal looks at what a program wrote to its terminal: secrets are nowhere
// in it, nothing of a person in titles and outside the alternate screen, where
// it stays. It returns what went to the clipboard.
func (h *haystack) terminal(t *testing.T, found *hits, when string, raw []byte) (copied []string) {
	t.Helper()
	for _, w := range h.find(raw) {
		if w.needle.secret {
			*found = append(*found, fmt.Sprintf("%s, the terminal: %s, %s", when, w.needle.name, w.as))
		}
	}
	var outside []byte
	state, p, alternate := byte(0), ansi.NewParser(), false
	for rest := string(raw); len(rest) > 0; {
		seq, _, n, next := ansi.DecodeSequence(rest, state, p)
		switch {
		case n == 0:
			n = len(rest)
		case strings.HasPrefix(seq, "\x1b]52;"):
			_, data, _ := strings.Cut(strings.TrimRight(seq[5:], "\x07\x1b\\"), ";")
			text, err := base64.StdEncoding.DecodeString(data)
			require.NoError(t, err)
			copied = append(copied, string(text))
		case strings.HasPrefix(seq, "\x1b]"):
			h.look(found, when+", an OSC string", []byte(seq))
			if strings.HasPrefix(seq, "\x1b]2;") || strings.HasPrefix(seq, "\x1b]0;") || strings.HasPrefix(seq, "\x1b]1;") {
				require.Contains(t, []string{"frontdesk", ""}, strings.TrimRight(seq[4:], "\x07\x1b\\"), "the window's title")
			}
		case seq == "\x1b[?1049h":
			alternate = true
		case seq == "\x1b[?1049l":
			alternate = false
		case !alternate:
			outside = append(outside, seq...)
		}
		rest, state = rest[n:], next
	}
	h.look(found, when+", outside the alternate screen", outside)
	return copied
}

// TestHaystackFindsNeedles shows that the sweep below can fail.
func TestHaystackFindsNeedles(t *testing.T) {
	h := newHaystack()
	h.plant(t, true, map[string]string{"key": "k/ey+with=Ümlaut"})
	h.plant(t, false, map[string]string{"name": "Quillfeather", "born": "1947-08-13"})
	const name = "Quillfeather"
	for what, text := range map[string]string{
		"raw": "x" + name, "upper case": "QUILLFEATHER", "hex": "00" + hex.EncodeToString([]byte(name)),
		"hex, upper case": strings.ToUpper(hex.EncodeToString([]byte(name))), "query": "/p?q=" + url.QueryEscape("k/ey+with=Ümlaut"),
		"path": "/p/" + url.PathEscape("k/ey+with=Ümlaut"), "JSON": `{"a":"k\/x","b":"k/ey+with=Ümlaut"}`, "quoted": strconv.QuoteToASCII("k/ey+with=Ümlaut"),
		"base64 at 0": base64.StdEncoding.EncodeToString([]byte(name)), "base64 at 1": base64.StdEncoding.EncodeToString([]byte("a" + name + "bcd")),
		"base64 at 2": base64.URLEncoding.EncodeToString([]byte("ab" + name + "c")), "base64 of bytes": base64.RawURLEncoding.EncodeToString([]byte("k/ey+with=Ümlaut")),
		"UTF-16": "Q\x00u\x00i\x00l\x00l\x00f\x00e\x00a\x00t\x00h\x00e\x00r\x00", "date": "born 1947-08-13.",
	} {
		require.NotEmpty(t, h.find([]byte("before "+text+" after")), what)
	}
	require.Empty(t, h.find([]byte("Quillfeathe 1947-08-1 k/ey")))

	dir := t.TempDir()
	none := func(string) []string { return nil }
	var found hits
	require.NoError(t, os.WriteFile(filepath.Join(dir, "clean"), []byte("nothing"), 0o600))
	require.Equal(t, 1, h.files(t, &found, "before", dir, none))
	require.Empty(t, found)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "leak-Quillfeather"), []byte("a "+hex.EncodeToString([]byte(name))), 0o600))
	h.files(t, &found, "after", dir, none)
	found = dedup(found)
	require.Len(t, found, 2)
	require.Contains(t, found[0], "after, the name leak-Quillfeather: name")
	require.Equal(t, "after, file leak-Quillfeather: name, hex", found[1])

	found = nil
	copied := h.terminal(t, &found, "played", []byte("\x1b[?1049hQuillfeather\x1b]52;c;"+base64.StdEncoding.EncodeToString([]byte("card"))+"\x07\x1b[?1049l\x1b]2;frontdesk\x07"))
	require.Equal(t, []string{"card"}, copied)
	require.Empty(t, found)
	h.terminal(t, &found, "played", []byte("\x1b[?1049hk/ey+with=Ümlaut\x1b[?1049lQuillfeather\x1b]11;1947-08-13\x07"))
	require.Len(t, dedup(found), 3)
}

// dedup keeps one sentence for each place and needle.
func dedup(h hits) hits {
	var kept hits
	seen := map[string]bool{}
	for _, s := range h {
		if at := s[:strings.LastIndex(s, ",")]; !seen[at] {
			seen[at] = true
			kept = append(kept, s)
		}
	}
	return kept
}
