package connections

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/clients/rest"
)

// steps are the latencies up to which each height is drawn. They are fixed: a
// line that grows tells of a slow vendor, not of a scale that moved.
var steps = []time.Duration{
	25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond,
	400 * time.Millisecond, 800 * time.Millisecond, 1600 * time.Millisecond,
}

const (
	bars       = "▁▂▃▄▅▆▇█"
	barsASCII  = "12345678"
	listCells  = 10 // of the line in the list, and of each operation
	sparkCells = 16
)

// spark draws the last latencies, the newest at the right.
func spark(times []rest.Timing, width int, ascii bool) string {
	levels := []rune(bars)
	if ascii {
		levels = []rune(barsASCII)
	}
	var b strings.Builder
	for _, t := range times[max(0, len(times)-width):] {
		at, _ := slices.BinarySearch(steps, t.Took)
		b.WriteRune(levels[at])
	}
	return b.String()
}

// totals are the figures of all operations of a vendor together.
func totals(stats []rest.Stat) rest.Stat {
	var all rest.Stat
	for _, s := range stats {
		all.Calls += s.Calls
		all.Errors += s.Errors
		all.Retries += s.Retries
		all.Total += s.Total
		all.Recent = append(all.Recent, s.Recent...)
	}
	slices.SortStableFunc(all.Recent, func(a, b rest.Timing) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	return all
}

// mean is the average time of a call, or a dash.
func mean(s rest.Stat) string {
	if s.Calls == 0 {
		return "-"
	}
	return ms(s.Average())
}

// ms writes a latency as people read it.
func ms(d time.Duration) string {
	if d >= 10*time.Second {
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	if d >= time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// long writes a length of time from seconds to days.
func long(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(0, int(d.Seconds())))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// skew says how the vendor's clock stands to ours.
func skew(h rest.Health) string {
	switch d := h.Skew.Round(time.Second); {
	case !h.Dated:
		return "its clock is unknown"
	case d >= 2*time.Second:
		return "its clock is " + long(d) + " ahead of ours"
	case d <= -2*time.Second:
		return "its clock is " + long(-d) + " behind ours"
	}
	return "its clock agrees with ours"
}
