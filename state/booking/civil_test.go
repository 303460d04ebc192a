package booking

import (
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestGapAndTwice(t *testing.T) {
	cases := []struct {
		zone, day, at string
		gap, twice    bool
	}{
		{"America/New_York", "2026-03-08", "01:59", false, false},
		{"America/New_York", "2026-03-08", "02:00", true, false},
		{"America/New_York", "2026-03-08", "02:30", true, false},
		{"America/New_York", "2026-03-08", "03:00", false, false},
		{"America/New_York", "2026-11-01", "00:59", false, false},
		{"America/New_York", "2026-11-01", "01:00", false, true},
		{"America/New_York", "2026-11-01", "01:30", false, true},
		{"America/New_York", "2026-11-01", "02:00", false, false},
		{"America/New_York", "2026-07-01", "02:30", false, false},
		{"Europe/London", "2026-03-29", "01:15", true, false},
		{"Europe/London", "2026-10-25", "01:15", false, true},
		{"Australia/Lord_Howe", "2026-10-04", "02:15", true, false}, // half an hour
		{"Australia/Lord_Howe", "2026-04-05", "01:45", false, true},
		{"America/Phoenix", "2026-03-08", "02:30", false, false},
		{"UTC", "2026-03-08", "02:30", false, false},
	}
	for _, c := range cases {
		zone := zoneOf(c.zone)
		require.Equal(t, c.gap, Gap(date(c.day), tod(c.at), zone), "gap %v", c)
		require.Equal(t, c.twice, Twice(date(c.day), tod(c.at), zone), "twice %v", c)
	}
}

// A civil time exists, happens twice, or is in a gap: counted minute by minute
// over the real time line.
func TestGapAndTwiceAgainstTheTimeLine(t *testing.T) {
	for _, name := range []string{"America/New_York", "Australia/Lord_Howe", "Europe/London"} {
		zone := zoneOf(name)
		for _, day := range []string{"2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"} {
			d := date(day)
			seen := map[civil.DateTime]int{}
			for at := d.In(time.UTC).Add(-15 * time.Hour); at.Before(d.In(time.UTC).Add(40 * time.Hour)); at = at.Add(time.Minute) {
				seen[civil.DateTimeOf(at.In(zone))]++
			}
			for m := range 24 * 60 {
				at := civil.Time{Hour: m / 60, Minute: m % 60}
				n := seen[civil.DateTime{Date: d, Time: at}]
				require.Equal(t, n == 0, Gap(d, at, zone), "%s %s %v", name, day, at)
				require.Equal(t, n == 2, Twice(d, at, zone), "%s %s %v", name, day, at)
			}
		}
	}
}

func TestCivilTextSortsAndReturns(t *testing.T) {
	gen := rapid.Custom(func(t *rapid.T) civil.DateTime {
		return civil.DateTimeOf(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "s"), 0).UTC())
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := gen.Draw(t, "a"), gen.Draw(t, "b")
		back, err := parse(text(a))
		if err != nil || back != a {
			t.Fatalf("%v became %v", a, back)
		}
		if (text(a) < text(b)) != a.Before(b) {
			t.Fatalf("%v and %v sort differently", a, b)
		}
		if m := rapid.IntRange(0, 480).Draw(t, "m"); plus(a, m).Before(a) {
			t.Fatalf("%v plus %d is earlier", a, m)
		}
	})
}
