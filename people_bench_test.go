package main

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkPeople has the people's tab with everybody loaded, from a sandbox in
// a process of its own: memory, and what keys cost there. Memory is that of the
// console and its guardian, pages they share with others counted once in all.
func BenchmarkPeople(b *testing.B) {
	for _, rows := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint("rows=", rows), func(b *testing.B) {
			s := sit(b, 100, 30, true, "demo", "--join", house(b, "--prospects", strconv.Itoa(rows)))
			s.until("openings")
			s.types("2")
			s.until("loaded")
			s.types("P")
			s.until(fmt.Sprintf("of %d loaded", rows))
			s.types("A")
			began := time.Now()
			for n := min(rows, 5_000); n <= rows; n += 5_000 {
				s.until(fmt.Sprintf("%d of %d", n, rows))
			}
			loaded := time.Since(began)
			s.quiet(time.Second)
			memory, file := both(s.cmd.Process.Pid, share("Pss")), both(s.cmd.Process.Pid, share("Pss_File"))
			var down, filter presses
			for b.Loop() {
				down.add(s, moves, func(i int) string { return "\x1b[B" })
				s.types("/")
				s.quiet(100 * time.Millisecond)
				filter.add(s, 20, func(i int) string { return []string{"t", "h", "i", "\x7f", "\x7f", "\x7f"}[i%6] })
				s.types("\x1b")
				s.quiet(300 * time.Millisecond)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(loaded.Seconds(), "s-to-load")
			b.ReportMetric(memory, "MiB")
			b.ReportMetric(file, "MiB-file")
			b.ReportMetric(quantile(down.first, 0.5), "p50-ms")
			b.ReportMetric(quantile(down.first, 0.99), "p99-ms")
			b.ReportMetric(down.sent/float64(len(down.first)), "bytes/move")
			b.ReportMetric(down.sent/down.ideal, "bytes/ideal")
			b.ReportMetric(quantile(filter.first, 0.5), "filter-p50-ms")
			b.ReportMetric(quantile(filter.first, 0.99), "filter-p99-ms")
			s.end()
		})
	}
}

// BenchmarkHost sits twenty people down on one host, at one sandbox and one
// ledger, and leaves them alone.
func BenchmarkHost(b *testing.B) {
	const desks = 20
	const long = 5 * time.Second
	for b.Loop() {
		join := house(b)
		var all []*seat
		for range desks {
			s := sit(b, 100, 30, true, "demo", "--join", join)
			s.until("openings")
			all = append(all, s)
		}
		sum := func(figure func(int) float64) (sum float64) {
			for _, s := range all {
				sum += both(s.cmd.Process.Pid, figure)
			}
			return sum
		}
		for _, s := range all {
			s.quiet(100 * time.Millisecond)
		}
		worked, woken, began := sum(cpuTime), sum(slept), time.Now()
		<-time.After(long)
		seconds := time.Since(began).Seconds()
		b.ReportMetric(0, "ns/op")
		b.ReportMetric((sum(cpuTime)-worked)/seconds, "cpu-ms/s")
		b.ReportMetric((sum(slept)-woken)/seconds, "woken/s")
		b.ReportMetric(sum(share("Pss")), "MiB")
		for _, s := range all {
			s.end()
		}
	}
}

// BenchmarkSize is the program as it is given away.
func BenchmarkSize(b *testing.B) {
	b.Setenv("CGO_ENABLED", "0")
	for b.Loop() {
		path, err := build(b.TempDir()+"/frontdesk", "-trimpath", "-ldflags", "-s -w")
		require.NoError(b, err)
		info, err := os.Stat(path)
		require.NoError(b, err)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(info.Size())/(1<<20), "MiB")
	}
}

// house is a sandbox in a process of its own and returns where it listens.
func house(b *testing.B, args ...string) string {
	cmd := program(b, append([]string{"sandbox"}, args...)...)
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	b.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, rest, ok := strings.Cut(lines.Text(), "--join "); ok {
			address, _, _ := strings.Cut(rest, " ")
			return address
		}
	}
	b.Fatal("the sandbox does not say where it is")
	return ""
}

// presses are keys and what each cost.
type presses struct {
	first       []float64
	sent, ideal float64
}

func (p *presses) add(s *seat, n int, key func(i int) string) {
	for i := range n {
		m := s.press(key(i), time.Duration(i*7%50)*time.Millisecond)
		p.first = append(p.first, m.first)
		p.sent += float64(m.bytes)
		p.ideal += float64(m.ideal)
	}
}

func (s *seat) types(keys string) {
	_, err := s.file.WriteString(keys)
	require.NoError(s.b, err)
}

// share measures the memory of a process in MiB, of pages it shares with others
// its part: all of it (Pss) or what is read from files (Pss_File); 0 where the
// system does not tell.
func share(kind string) func(pid int) float64 {
	of := regexp.MustCompile(`(?m)^` + kind + `:\s+(\d+) kB`)
	return func(pid int) float64 {
		rollup, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
		m := of.FindSubmatch(rollup)
		if m == nil {
			return 0
		}
		kib, _ := strconv.ParseFloat(string(m[1]), 64)
		return kib / 1024
	}
}
