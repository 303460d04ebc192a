package prospects_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"frontdesk/clients/sandbox"
	"frontdesk/ui/uitest"
)

// BenchmarkSearchKey types a search over 100,000 people who are all loaded, a
// key at a time, and draws what each changes. The budget is a frame, 16.7 ms,
// for the slowest key.
func BenchmarkSearchKey(b *testing.B) {
	p := newPractice(b, sandbox.Options{Prospects: 100_000})
	d := p.sit(120, 40)
	d.Type("PA")
	for n := 5000; n <= 100_000; n += 5000 { // a wait is for ten seconds at most
		d.See(fmt.Sprintf("%d of 100000", n))
	}
	keys := uitest.Keys("/thistledown<backspace><backspace><backspace><backspace>5550123<esc><esc><down><up>")
	var took []time.Duration
	for b.Loop() {
		for _, k := range keys {
			start := time.Now()
			d.Press(k)
			_ = d.App.View()
			took = append(took, time.Since(start))
		}
		b.StopTimer()
		d.Advance(time.Second).Settle()
		b.StartTimer()
	}
	slices.Sort(took)
	ms := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))]) / float64(time.Millisecond) }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ms(0.5), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
	b.ReportMetric(ms(1), "max-ms")
}
