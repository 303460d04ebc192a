// Bench runs the benchmarks behind the project's budgets and prints one table:
// what was measured, what is aimed at, what came out. It judges nothing and
// fails only when a benchmark does. Run it at the root: go run ./.ci/bench
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"text/tabwriter"
)

// A run is one go test over a package.
type run struct{ pkg, bench, time string }

// A line of the table. Its measure names results as {benchmark unit}, divided
// as in {benchmark ns/op /1e6}; what was not measured becomes a dash.
type line struct{ what, aim, measure string }

var runs = []run{
	{".", "Init|Start/.*/answers", "15x"},
	{".", "CursorMove/.*/answers|People|Idle|Host|Size", "1x"},
	{"./views/console", "Frame", "300x"},
	{"./ui", "View", "300x"},
	{"./ui/table", "Move100k|FilterKey100k|FilterBlock100k|Memory100k", "20x"},
	{"./ui/form", "Key", "300x"},
	{"./views/prospects", "SearchKey", "3x"},
	{"./state/booking", "FanOut", "2x"},
	{"./state/booking", "Claim", "300x"},
}

var lines = []line{
	{"start to the first openings, 80x24", "60 ms", "{Start/80x24/answers ms/start} ms, best {Start/80x24/answers best-ms}, CPU {Start/80x24/answers cpu-ms} ms"},
	{"start to the first openings, 100x30", "60 ms", "{Start/100x30/answers ms/start} ms, best {Start/100x30/answers best-ms}, CPU {Start/100x30/answers cpu-ms} ms"},
	{"package initialisation", "10 ms", "{Init ms/init} ms, best {Init best-ms}"},
	{"package initialisation of the guardian", "", "{Init guardian-ms} ms"},
	{"memory after the start, guardian and console", "", "{Start/100x30/answers MiB-RSS} MiB"},
	{"frame at 120x40: Slots, Prospects, Tickets", "2 ms", "{Frame/Slots ns/op /1e6}, {Frame/Prospects ns/op /1e6}, {Frame/Tickets ns/op /1e6} ms"},
	{"frame: Billing, Enrollment, Library, Connections", "2 ms", "{Frame/Billing ns/op /1e6}, {Frame/Enrollment ns/op /1e6}, {Frame/Library ns/op /1e6}, {Frame/Connections ns/op /1e6} ms"},
	{"frame with help, with a form", "2 ms", "{View/help ns/op /1e6}, {View/form ns/op /1e6} ms"},
	{"key to first byte, 12 openings, p50 / p99", "2 ms / -", "{CursorMove/providers=12/answers p50-ms} / {CursorMove/providers=12/answers p99-ms} ms"},
	{"key to first byte, 1,000 people, p50 / p99", "2 ms / -", "{People/rows=1000 p50-ms} / {People/rows=1000 p99-ms} ms"},
	{"key to first byte, 100,000 people, p50 / p99", "2 ms / -", "{People/rows=100000 p50-ms} / {People/rows=100000 p99-ms} ms"},
	{"filter key to first byte, 100,000 people, p50 / p99", "30 ms", "{People/rows=100000 filter-p50-ms} / {People/rows=100000 filter-p99-ms} ms"},
	{"bytes per move: 12 openings, of the smallest repaint", "1.2", "{CursorMove/providers=12/answers bytes/move}, {CursorMove/providers=12/answers bytes/ideal} x"},
	{"bytes per move: 250 openings", "1.2", "{CursorMove/providers=250/answers bytes/move}, {CursorMove/providers=250/answers bytes/ideal} x"},
	{"bytes per move: 1,000 people", "1.2", "{People/rows=1000 bytes/move}, {People/rows=1000 bytes/ideal} x"},
	{"bytes per move: 100,000 people", "1.2", "{People/rows=100000 bytes/move}, {People/rows=100000 bytes/ideal} x"},
	{"move in a table of 100,000 rows, drawn", "1 ms", "{Move100k/down ns/op /1e6} ms"},
	{"filter in it: result, longest block", "30 / 2 ms", "{FilterKey100k/first ns/op /1e6} / {FilterBlock100k ns/op /1e6} ms"},
	{"search key over 100,000 people, slowest", "16.7 ms", "{SearchKey max-ms} ms"},
	{"key in a form of 12 fields, drawn", "1 ms", "{Key/text ns/op /1e6} ms"},
	{"20 providers x 14 days at 50 ms, 8 at a time", "1.1 x ideal", "{FanOut of-ideal} x, first row {FanOut ms-first-row} ms"},
	{"claims by one desk, file", "", "{Claim/sqlite claims/s} a second"},
	{"claims by one desk, server", "", "{Claim/postgres claims/s} a second"},
	{"memory with 1,000 people", "", "{People/rows=1000 MiB} MiB, of it the program's file {People/rows=1000 MiB-file}"},
	{"memory with 100,000 people", "60 MiB", "{People/rows=100000 MiB} MiB, of it the program's file {People/rows=100000 MiB-file}"},
	{"idle over 10 s: wake-ups, CPU, bytes", "0 bytes", "{Idle woken/s}/s, {Idle cpu-ms/s} ms/s, {Idle bytes/s}/s"},
	{"20 sessions on one host: memory", "", "{Host MiB} MiB"},
	{"20 sessions, idle: CPU, wake-ups", "", "{Host cpu-ms/s} ms/s, {Host woken/s}/s"},
	{"the program's size, stripped", "", "{Size MiB} MiB"},
}

func main() {
	found := map[string]float64{}
	failed := false
	for _, r := range runs {
		fmt.Fprintln(os.Stderr, "measuring", r.pkg, r.bench)
		cmd := exec.Command("go", "test", "-run", "^$", "-bench", anchored(r.bench), "-benchtime", r.time, r.pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // the program is given away like that
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Run(); err != nil {
			failed = true
			fmt.Fprintf(os.Stderr, "%s: %v\n%s", r.pkg, err, &out)
		}
		results(&out, found)
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "what\taim\tmeasured")
	for _, l := range lines {
		fmt.Fprintf(table, "%s\t%s\t%s\n", l.what, l.aim, filled(l.measure, found))
	}
	_ = table.Flush()
	if failed {
		os.Exit(1)
	}
}

// anchored lets each alternative name the whole of a benchmark, its parts apart.
func anchored(bench string) string {
	var all []string
	for one := range strings.SplitSeq(bench, "|") {
		name, rest, parts := strings.Cut(one, "/")
		one = "^Benchmark" + name + "$"
		if parts {
			one += "/" + rest
		}
		all = append(all, one)
	}
	return strings.Join(all, "|")
}

var cpus = regexp.MustCompile(`-\d+$`)

// results reads lines such as "BenchmarkA/b-2  10  5 ns/op  3 ms".
func results(out io.Reader, into map[string]float64) {
	for in := bufio.NewScanner(out); in.Scan(); {
		words := strings.Fields(in.Text())
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		name := cpus.ReplaceAllString(strings.TrimPrefix(words[0], "Benchmark"), "")
		for i := 2; i+1 < len(words); i += 2 {
			if v, err := strconv.ParseFloat(words[i], 64); err == nil {
				into[name+" "+words[i+1]] = v
			}
		}
	}
}

var place = regexp.MustCompile(`\{([^}]+)\}`)

// filled puts the results into a measure.
func filled(measure string, found map[string]float64) string {
	return place.ReplaceAllStringFunc(measure, func(s string) string {
		key, by, _ := strings.Cut(strings.Trim(s, "{}"), " /1")
		v, ok := found[key]
		if !ok {
			return "-"
		}
		if by, err := strconv.ParseFloat("1"+by, 64); err == nil {
			v /= by
		}
		switch {
		case v >= 100 || v == 0:
			return fmt.Sprintf("%.0f", v)
		case v >= 10:
			return fmt.Sprintf("%.1f", v)
		}
		return fmt.Sprintf("%.2f", v)
	})
}
