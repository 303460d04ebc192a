package table

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/theme"
)

const many = 100_000

func big(b *testing.B) *Table[visit] {
	t := newTable(theme.Options{})
	t.Resize(100, 42)
	t.Set(visits(many))
	b.ReportAllocs()
	b.ResetTimer()
	return t
}

// drain runs a table's command to its end, as the event loop would.
func drain(t *Table[visit], cmd tea.Cmd) {
	for cmd != nil {
		_, cmd = t.Update(cmd())
	}
}

func BenchmarkMove100k(b *testing.B) {
	for _, k := range []string{"down", "pgdown"} {
		b.Run(k, func(b *testing.B) {
			t := big(b)
			for b.Loop() {
				t.Update(pressed(k))
				_ = t.View()
			}
		})
	}
}

// BenchmarkFilterKey100k is one key of a filter to its result on the screen;
// "cold" is the first ever, before any row's text has been made ready.
func BenchmarkFilterKey100k(b *testing.B) {
	b.Run("cold", func(b *testing.B) {
		t := big(b)
		for b.Loop() {
			b.StopTimer()
			t.SetFilter("")
			clear(t.folds)
			t.filtering = true
			t.input.Focus()
			b.StartTimer()
			_, cmd := t.Update(pressed("m"))
			drain(t, cmd)
			_ = t.View()
		}
	})
	for _, c := range []struct{ name, before, key string }{
		{"first", "", "m"}, {"extended", "mu", "l"}, {"none", "muller 9", "x"}, {"shortened", "mul", "backspace"},
	} {
		b.Run(c.name, func(b *testing.B) {
			t := big(b)
			t.SetFilter("warm")
			slow(t, "/")
			for b.Loop() {
				b.StopTimer()
				t.SetFilter(c.before)
				b.StartTimer()
				_, cmd := t.Update(pressed(c.key))
				drain(t, cmd)
				_ = t.View()
			}
		})
	}
}

// BenchmarkFilterBlock100k is the longest a filter's key holds up Update.
func BenchmarkFilterBlock100k(b *testing.B) {
	t := big(b)
	slow(t, "/")
	for b.Loop() {
		b.StopTimer()
		t.SetFilter("")
		clear(t.folds)
		b.StartTimer()
		t.Update(pressed("m"))
	}
}

func BenchmarkView(b *testing.B) {
	for _, n := range []int{40, many} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			t := newTable(theme.Options{})
			t.Resize(120, 42)
			t.Set(visits(n))
			for b.Loop() {
				_ = t.View()
			}
		})
	}
}

func BenchmarkSet100k(b *testing.B) {
	rows := visits(many)
	for _, sort := range []int{-1, 0, 2} {
		b.Run(fmt.Sprint("sort", sort), func(b *testing.B) {
			t := newTable(theme.Options{})
			t.Sort(sort, false)
			b.ReportAllocs()
			for b.Loop() {
				t.Set(rows)
			}
		})
	}
}

func BenchmarkSort100k(b *testing.B) {
	for _, c := range []int{0, 2} {
		b.Run(columns(theme.New(theme.Options{}))[c].Title, func(b *testing.B) {
			t := big(b)
			for b.Loop() {
				t.Sort(c, false)
				b.StopTimer()
				t.Sort(-1, false)
				b.StartTimer()
			}
		})
		b.Run(columns(theme.New(theme.Options{}))[c].Title+"/reverse", func(b *testing.B) {
			t := big(b)
			t.Sort(c, false)
			for b.Loop() {
				t.Update(pressed("O"))
			}
		})
	}
}

func BenchmarkUpsert100k(b *testing.B) {
	t := big(b)
	t.Sort(0, false)
	for i := 0; b.Loop(); i++ {
		t.Upsert(visit{id: fmt.Sprint("v", i*37%many), who: fmt.Sprint("Changed ", i)})
	}
}

// BenchmarkPages100k loads 100,000 rows in pages of 1,000 while they are sorted
// by name, and reports the longest a page holds up Update: as a rule, with the
// last ten, and with those for which something grows. With "known" each page repeats a row of the one before.
func BenchmarkPages100k(b *testing.B) {
	const page = 1000
	rows := visits(many)
	for _, known := range []int{0, 1} {
		b.Run(fmt.Sprint("known", known), func(b *testing.B) {
			var all, last []time.Duration
			for b.Loop() {
				t := New(theme.New(theme.Options{}), id, Column[visit]{
					Title: "Who", Min: 10, Cell: func(v visit) string { return v.who },
					Key: func(v visit) string { return fold(v.who) },
				})
				t.Resize(100, 42)
				t.Sort(0, false)
				for at := 0; at < many; at += page {
					all = append(all, held(t, rows[max(0, at-known):at+page]))
				}
				last = append(last, all[len(all)-10:]...)
			}
			slices.Sort(all)
			slices.Sort(last)
			b.ReportMetric(all[len(all)/2].Seconds()*1000, "ms-p50")
			b.ReportMetric(last[len(last)/2].Seconds()*1000, "ms-p50-last")
			b.ReportMetric(all[len(all)*97/100].Seconds()*1000, "ms-p97")
		})
	}
}

// held is the longest that Update was held up by a page.
func held(t *Table[visit], page []visit) (most time.Duration) {
	measure := func(do func()) {
		began := time.Now()
		do()
		most = max(most, time.Since(began))
	}
	var cmd tea.Cmd
	measure(func() { cmd = t.Append(page...) })
	for cmd != nil {
		msg := cmd()
		measure(func() { _, cmd = t.Update(msg) })
	}
	return most
}

// BenchmarkMemory100k reports what a table of 100,000 rows keeps, the rows'
// own text not counted, with every row's text ready to be searched.
func BenchmarkMemory100k(b *testing.B) {
	rows := visits(many)
	heap := func() float64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc) / (1 << 20)
	}
	for b.Loop() {
		before := heap()
		t := newTable(theme.Options{})
		t.Set(rows)
		t.SetFilter("muller")
		b.ReportMetric(heap()-before, "MiB")
		runtime.KeepAlive(t)
	}
}
