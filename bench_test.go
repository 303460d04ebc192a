package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
)

// The benchmarks of this file measure the built program from outside, in a real
// pseudo-terminal. They report and never fail on time; PERF budgets stand beside
// the names of the figures in the README.

// BenchmarkStart is from the start of the process to the first useful screen.
// cpu-ms is what the program worked in that time, which a busy machine changes
// less than the clock; best-ms is the fastest run.
func BenchmarkStart(b *testing.B) {
	for _, size := range [][2]int{{80, 24}, {100, 30}} {
		for _, answers := range []bool{true, false} {
			b.Run(fmt.Sprintf("%dx%d/%s", size[0], size[1], terminal(answers)), func(b *testing.B) {
				_, err := binary() // built before the clock runs
				require.NoError(b, err)
				var clock, cpu, rss []float64
				for b.Loop() {
					s := sit(b, size[0], size[1], answers, "demo")
					clock = append(clock, ms(s.until("openings").Sub(s.began)))
					cpu = append(cpu, both(s.cmd.Process.Pid, cpuTime))
					rss = append(rss, both(s.cmd.Process.Pid, resident))
					s.end()
				}
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(quantile(clock, 0.5), "ms/start")
				b.ReportMetric(quantile(clock, 0), "best-ms")
				b.ReportMetric(quantile(cpu, 0.5), "cpu-ms")
				b.ReportMetric(quantile(rss, 0.5), "MiB-RSS")
			})
		}
	}
}

// moves is how many keys one round of BenchmarkCursorMove presses.
const moves = 120

// BenchmarkCursorMove presses an arrow key after a random pause, so that keys
// do not lock onto the program's frame clock, and waits for quiet. bytes/ideal
// is against the smallest repaint of the cells that changed.
func BenchmarkCursorMove(b *testing.B) {
	for _, providers := range []int{12, 250} {
		for _, answers := range []bool{true, false} {
			b.Run(fmt.Sprintf("providers=%d/%s", providers, terminal(answers)), func(b *testing.B) {
				s := sit(b, 100, 30, answers, "demo", "--providers", strconv.Itoa(providers))
				s.until("openings")
				s.quiet(time.Second) // until keys count at once
				way := s.openings() - 1
				dice := rand.New(rand.NewPCG(1, 2))
				var first []float64
				var sent, ideal, cpu float64
				for made := 0; b.Loop(); {
					before := both(s.cmd.Process.Pid, cpuTime)
					for range moves {
						m := s.move(made/way%2 == 0, time.Duration(dice.Int64N(int64(50*time.Millisecond))))
						made++
						first = append(first, m.first)
						sent += float64(m.bytes)
						ideal += float64(m.ideal)
					}
					cpu += both(s.cmd.Process.Pid, cpuTime) - before
				}
				n := float64(len(first))
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(quantile(first, 0.5), "p50-ms")
				b.ReportMetric(quantile(first, 0.99), "p99-ms")
				b.ReportMetric(sent/n, "bytes/move")
				b.ReportMetric(ideal/n, "ideal/move")
				b.ReportMetric(sent/ideal, "bytes/ideal")
				b.ReportMetric(cpu/n, "cpu-ms/move")
				s.end()
			})
		}
	}
}

// BenchmarkIdle leaves the program alone. woken/s counts how often one of its
// threads went to sleep, the guardian's included.
func BenchmarkIdle(b *testing.B) {
	const long = 10 * time.Second
	s := sit(b, 100, 30, true, "demo")
	s.until("openings")
	s.quiet(time.Second)
	var woken, cpu, sent, seconds float64
	for b.Loop() {
		from, worked, began := both(s.cmd.Process.Pid, slept), both(s.cmd.Process.Pid, cpuTime), time.Now()
		for over := time.After(long); over != nil; {
			select {
			case a, ok := <-s.reads:
				require.True(b, ok, "the program ended")
				sent += float64(len(a.data))
				s.draw(a)
			case <-over:
				over = nil
			}
		}
		woken += both(s.cmd.Process.Pid, slept) - from
		cpu += both(s.cmd.Process.Pid, cpuTime) - worked
		seconds += time.Since(began).Seconds()
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(woken/seconds, "woken/s")
	b.ReportMetric(cpu/seconds, "cpu-ms/s")
	b.ReportMetric(sent/seconds, "bytes/s")
	s.end()
}

var sleeps = regexp.MustCompile(`(?m)^voluntary_ctxt_switches:\s+(\d+)`)

// slept is how often the threads of a process went to sleep; 0 where there is
// no such file.
func slept(pid int) float64 {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	sum := 0.0
	for _, path := range tasks {
		status, _ := os.ReadFile(path)
		if m := sleeps.FindSubmatch(status); m != nil {
			n, _ := strconv.ParseFloat(string(m[1]), 64)
			sum += n
		}
	}
	return sum
}

var clocked = regexp.MustCompile(`(?m)^init (\S+) .* ([0-9.]+) ms clock`)

// BenchmarkInit is what the packages of the program do before main.
func BenchmarkInit(b *testing.B) {
	var sums, guardians []float64
	for b.Loop() {
		cmd := program(b, "version")
		cmd.Env = append(cmd.Env, "GODEBUG=inittrace=1")
		out, err := cmd.CombinedOutput()
		require.NoError(b, err)
		sum := 0.0
		for _, m := range clocked.FindAllSubmatch(out, -1) {
			took, err := strconv.ParseFloat(string(m[2]), 64)
			require.NoError(b, err)
			if sum += took; string(m[1]) == "frontdesk/ui/tty/guard" {
				guardians = append(guardians, sum) // it goes no further
			}
		}
		require.NotZero(b, sum, "the runtime told nothing: %s", out)
		sums = append(sums, sum)
	}
	require.Len(b, guardians, len(sums))
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(quantile(sums, 0.5), "ms/init")
	b.ReportMetric(quantile(sums, 0), "best-ms")
	b.ReportMetric(quantile(guardians, 0.5), "guardian-ms")
}

func terminal(answers bool) string {
	if answers {
		return "answers"
	}
	return "mute"
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// quantile sorts values.
func quantile(values []float64, q float64) float64 {
	slices.Sort(values)
	return values[int(q*float64(len(values)-1)+0.5)]
}

// cpuTime is how long all threads of a process have run, in ms; 0 where there
// is no such file.
func cpuTime(pid int) float64 {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	sum := 0.0
	for _, path := range tasks {
		var ns float64
		line, _ := os.ReadFile(path)
		_, _ = fmt.Sscan(string(line), &ns)
		sum += ns / 1e6
	}
	return sum
}

// both sums a figure over the guardian and the console it started.
func both(pid int, figure func(pid int) float64) float64 {
	sum := figure(pid)
	if child, err := childOf(pid); err == nil {
		sum += figure(child)
	}
	return sum
}

var inMemory = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// resident is the memory of a process in MiB; 0 where there is no such file.
func resident(pid int) float64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	m := inMemory.FindSubmatch(status)
	if m == nil {
		return 0
	}
	kib, _ := strconv.ParseFloat(string(m[1]), 64)
	return kib / 1024
}

// seat is the program on a terminal that notes when each of its bytes arrived.
type seat struct {
	b      *testing.B
	cmd    *exec.Cmd
	file   *os.File
	screen *vt.Emulator
	began  time.Time
	reads  chan arrival
}

// arrival is one read from the program.
type arrival struct {
	at   time.Time
	data []byte
}

func sit(b *testing.B, cols, rows int, answers bool, args ...string) *seat {
	s := &seat{b: b, cmd: program(b, args...), screen: vt.NewEmulator(cols, rows), reads: make(chan arrival, 1024)}
	s.began = time.Now()
	file, err := pty.StartWithSize(s.cmd, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)})
	require.NoError(b, err)
	s.file = file
	go func() { _, _ = io.Copy(io.Discard, s.screen) }() // answers are given below
	go s.read(answers)
	return s
}

func (s *seat) read(answers bool) {
	defer close(s.reads)
	buf := make([]byte, 64<<10)
	for {
		n, err := s.file.Read(buf)
		if n > 0 {
			s.reads <- arrival{time.Now(), slices.Clone(buf[:n])}
		}
		if answers {
			_, _ = s.file.WriteString(answered(string(buf[:n])))
		}
		if err != nil {
			return
		}
	}
}

var mode = regexp.MustCompile(`\x1b\[\?(2026|2027)\$p`)

// answered is what a present-day terminal says to the questions in output.
func answered(output string) string {
	var b strings.Builder
	for _, m := range mode.FindAllStringSubmatch(output, -1) {
		b.WriteString("\x1b[?" + m[1] + ";2$y")
	}
	for ask, reply := range map[string]string{
		"\x1b[?u": "\x1b[?0u", "\x1b[c": "\x1b[?62;22c", "\x1b]11;?": "\x1b]11;rgb:0000/0000/0000\x07",
	} {
		if strings.Contains(output, ask) {
			b.WriteString(reply)
		}
	}
	return b.String()
}

// draw puts what was read on the screen.
func (s *seat) draw(a arrival) { _, _ = s.screen.Write(a.data) }

// limit is how long the benchmarks wait before they take the program for stuck.
const limit = 30 * time.Second

// until waits for words on the screen and returns when their last byte came.
func (s *seat) until(words string) time.Time {
	s.b.Helper()
	for stuck := time.After(limit); ; {
		select {
		case a, ok := <-s.reads:
			if !ok {
				s.b.Fatalf("the program ended without showing %q", words)
			}
			if s.draw(a); strings.Contains(s.screen.String(), words) {
				return a.at
			}
		case <-stuck:
			s.b.Fatalf("the program does not show %q but:\n%s", words, s.screen.String())
		}
	}
}

// quiet draws until nothing has come for a while and returns how many bytes
// those were.
func (s *seat) quiet(silence time.Duration) (bytes int) {
	for {
		select {
		case a, ok := <-s.reads:
			if !ok {
				s.b.Fatal("the program ended")
			}
			bytes += len(a.data)
			s.draw(a)
		case <-time.After(silence):
			return bytes
		}
	}
}

var counted = regexp.MustCompile(`(\d+) openings`)

// openings is how many rows the finder has: not every provider has an opening.
func (s *seat) openings() int {
	m := counted.FindStringSubmatch(s.screen.String())
	require.NotNil(s.b, m, s.screen.String())
	n, err := strconv.Atoi(m[1])
	require.NoError(s.b, err)
	require.Greater(s.b, n, 1)
	return n
}

// moved is one cursor move: ms to its first byte, bytes sent and bytes needed.
type moved struct {
	first        float64
	bytes, ideal int
}

func (s *seat) move(down bool, pause time.Duration) moved {
	if down {
		return s.press("\x1b[B", pause)
	}
	return s.press("\x1b[A", pause)
}

// press presses a key after a pause in which nothing is to be drawn.
func (s *seat) press(key string, pause time.Duration) moved {
	s.b.Helper()
	s.quiet(pause)
	before := s.grid()
	pressed := time.Now()
	_, err := s.file.WriteString(key)
	require.NoError(s.b, err)
	select {
	case a, ok := <-s.reads:
		require.True(s.b, ok, "the program ended")
		s.draw(a)
		m := moved{first: ms(a.at.Sub(pressed)), bytes: len(a.data) + s.quiet(30*time.Millisecond)}
		m.ideal = cheapest(before, s.grid())
		return m
	case <-time.After(limit):
		s.b.Fatalf("the key %q draws nothing on:\n%s", key, s.screen.String())
		return moved{}
	}
}

// end kills the program: what it does when it is left is not measured.
func (s *seat) end() {
	_ = s.cmd.Process.Kill()
	for range s.reads {
	}
	_ = s.cmd.Wait()
	_ = s.file.Close()
	_ = s.screen.InputPipe().(io.Closer).Close()
}

// cell is one cell of the screen; sgr sets its style on a plain pen.
type cell struct{ text, sgr string }

var plain = cell{text: " "}

func (s *seat) grid() [][]cell {
	g := make([][]cell, s.screen.Height())
	for y := range g {
		g[y] = slices.Repeat([]cell{plain}, s.screen.Width())
		for x := range g[y] {
			c := s.screen.CellAt(x, y)
			if c == nil {
				continue
			}
			if !c.Style.IsZero() {
				g[y][x].sgr = c.Style.String()
			}
			if c.Content != "" || c.Width == 0 {
				g[y][x].text = c.Content // "" is the second half of a wide one
			}
		}
	}
	return g
}

// cheapest is how many bytes turn screen a into b: those of the changed cells,
// or of scrolling a band of rows by one and painting what then still differs.
func cheapest(a, b [][]cell) int {
	best := painted(a, b)
	for top := range b {
		for bottom := top + 3; bottom <= len(b); bottom++ {
			first, last := slices.Equal(a[top], a[top+1]), slices.Equal(a[bottom-2], a[bottom-1])
			for _, up := range []bool{true, false} {
				moved := scrolled(a, top, bottom, up)
				if first || last || !slices.Equal(moved[top+1], b[top+1]) || !slices.Equal(moved[bottom-2], b[bottom-2]) {
					continue // not worth a try: nothing moves at the edges
				}
				best = min(best, len(fmt.Sprintf("\x1b[%d;%dr\x1b[S\x1b[r", top+1, bottom))+painted(moved, b))
			}
		}
	}
	return best
}

// scrolled is a with the rows from top up to bottom moved by one.
func scrolled(a [][]cell, top, bottom int, up bool) [][]cell {
	moved, empty := slices.Clone(a), slices.Repeat([]cell{plain}, len(a[top]))
	if up {
		copy(moved[top:bottom-1], a[top+1:bottom])
		moved[bottom-1] = empty
		return moved
	}
	copy(moved[top+1:bottom], a[top:bottom-1])
	moved[top] = empty
	return moved
}

// TestCheapest holds the measure itself to sums made by hand.
func TestCheapest(t *testing.T) {
	screen := func(rows ...string) [][]cell {
		g := make([][]cell, len(rows))
		for y, row := range rows {
			for _, r := range row {
				c := cell{text: string(r)}
				if r >= 'A' && r <= 'Z' {
					c.sgr = "\x1b[7m"
				}
				g[y] = append(g[y], c)
			}
		}
		return g
	}
	for _, c := range []struct {
		before, after [][]cell
		bytes         string
	}{
		{screen("abc", "def"), screen("abc", "def"), ""},
		{screen("abc", "def"), screen("abc", "dxf"), "\x1b[2;2Hx"},
		{screen("abcdef"), screen("xbcdey"), "\x1b[1;1Hxbcdey"},
		{screen("abcdefgh"), screen("xbcdefgy"), "\x1b[1;1Hx\x1b[1;8Hy"},
		{screen("abc", "def"), screen("ABC", "def"), "\x1b[1;1H\x1b[7mABC\x1b[m"},
		{screen("abcdef"), screen("a     "), "\x1b[1;2H\x1b[K"},
		{
			screen("first row of 4", "second row, 2", "third row, so", "the last row"),
			screen("second row, 2", "third row, so", "the last row", "new"),
			"\x1b[1;4r\x1b[S\x1b[r" + "\x1b[4;1Hnew",
		},
	} {
		require.Equal(t, len(c.bytes), cheapest(c.before, c.after), "%q", c.bytes)
	}
}

// painted is how many bytes write the cells of b that differ from a: for each
// run a cursor address, the text, and the styles. A few cells that did not
// change are written again where going over them would cost more, and a plain
// rest of a row is erased.
func painted(a, b [][]cell) int {
	const bridge = 4
	total, pen := 0, ""
	ink := func(sgr string) {
		if sgr != pen {
			total += len(restyled(pen, sgr))
			pen = sgr
		}
	}
	for y := range b {
		rest := len(b[y])
		for rest > 0 && b[y][rest-1] == plain {
			rest--
		}
		for x := 0; x < len(b[y]); x++ {
			if a[y][x] == b[y][x] {
				continue
			}
			end := x + 1
			for i := end; i < len(b[y]) && i-end <= bridge; i++ {
				if a[y][i] != b[y][i] {
					end = i + 1
				}
			}
			total += len(fmt.Sprintf("\x1b[%d;%dH", y+1, x+1))
			for ; x < end; x++ {
				if x >= rest && end-x > len("\x1b[K") {
					ink("")
					total += len("\x1b[K")
					x = len(b[y])
					break
				}
				ink(b[y][x].sgr)
				total += len(b[y][x].text)
			}
			x--
		}
	}
	ink("")
	return total
}

// restyled is the sequence that takes a pen from one style to another.
func restyled(from, to string) string {
	switch {
	case to == "":
		return "\x1b[m"
	case from == "":
		return to
	}
	return "\x1b[0;" + strings.TrimPrefix(to, "\x1b[")
}
