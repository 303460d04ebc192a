package table

import (
	"fmt"
	"runtime"
	"testing"

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
