package booking

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
)

func TestQueryCheck(t *testing.T) {
	now := civil.DateTime{Date: date("2026-03-09"), Time: tod("14:02")}
	good := func() Query {
		return Query{Providers: []naturaesoft.Provider{jane}, Duration: 30, From: now.Date}
	}
	cases := map[string]struct {
		spoil func(*Query)
		want  []string
	}{
		"good":             {func(*Query) {}, nil},
		"no provider":      {func(q *Query) { q.Providers = nil }, []string{"providers"}},
		"no length":        {func(q *Query) { q.Duration = 0 }, []string{"duration"}},
		"longest":          {func(q *Query) { q.Duration = 480 }, nil},
		"too long":         {func(q *Query) { q.Duration = 481 }, []string{"duration"}},
		"absurd":           {func(q *Query) { q.Duration = 9999 }, []string{"duration"}},
		"no day":           {func(q *Query) { q.From = civil.Date{} }, []string{"from"}},
		"31 February":      {func(q *Query) { q.From = civil.Date{Year: 2027, Month: 2, Day: 31} }, []string{"from"}},
		"yesterday":        {func(q *Query) { q.From = now.Date.AddDays(-1) }, []string{"from"}},
		"a year":           {func(q *Query) { q.Days = 366 }, nil},
		"more than a year": {func(q *Query) { q.Days = 367 }, []string{"days"}},
		"negative days":    {func(q *Query) { q.Days = -1 }, []string{"days"}},
		"bad after":        {func(q *Query) { q.After = civil.Time{Hour: 25} }, []string{"after"}},
		"bad before":       {func(q *Query) { q.Before = civil.Time{Minute: 61} }, []string{"before"}},
		"before is after":  {func(q *Query) { q.After, q.Before = tod("11:00"), tod("11:00") }, []string{"before"}},
		"only before":      {func(q *Query) { q.Before = tod("11:00") }, nil},
		"no such weekday":  {func(q *Query) { q.Weekdays = []time.Weekday{7} }, []string{"weekdays"}},
		"weekday too far":  {func(q *Query) { q.Days, q.Weekdays = 2, []time.Weekday{time.Friday} }, []string{"weekdays"}},
		"all at once": {func(q *Query) { *q = Query{Days: 999} },
			[]string{"days", "duration", "from", "providers"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			q := good()
			c.spoil(&q)
			bad := q.Check(now)
			require.ElementsMatch(t, c.want, slices.Collect(maps.Keys(bad)))
			for field, sentence := range bad {
				require.Regexp(t, `^[A-Z].*\.$`, sentence, field)
			}
		})
	}
}
