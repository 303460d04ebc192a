package sandbox

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Everything at once: the race detector is the judge, and every call must
// still be counted.
func TestManyDesksAtOnce(t *testing.T) {
	s := start(t, Options{Demo: true, DemoAfter: time.Millisecond})
	d := signIn(t, s)
	s.ResetCounts()
	const desks, rounds = 8, 6
	var all sync.WaitGroup
	for desk := range desks {
		all.Go(func() {
			for i := range rounds {
				d.search("a")
				d.slots(1+i, "2026-03-11", 30)
				d.note(desk+1, fmt.Sprintf("[FD %dX%dY] REQ 2026-03-15 %02d:%02d 10m prov=2 by a@b", desk, i, 8+desk, i*10))
				d.wantStatus(200, "POST", fmt.Sprintf("/v1/DemoOffice/tags/prospects/%d", desk+1), fmt.Sprintf(`{"tagId":%d}`, i+1))
				d.wantStatus(201, "POST", "/v1/DemoOffice/tickets/1/comment", `{"Comment":"c","Author":"a"}`)
				d.wantStatus(200, "POST", "/v1/products", `{"products":[{"VendorCode":"V1","ProductCode":"P","RetailPrice":1}]}`)
				s.Unbook(s.Book(3, "2026-03-14", "09:00", 15, "X"))
				s.PutProspect(map[string]any{"FirstName": "Ada"})
				s.SetNow(at(monday.Add(time.Duration(i) * time.Second)))
				s.SetFault(tagsRoute, Fault{Kind: FaultDelay, Times: 1})
				d.get(tagsPath)
				s.Prospect(desk + 1)
			}
		})
	}
	all.Wait()
	s.Tick()
	for _, route := range []string{createRoute, "PUT /v1/{ppass}/prospects/{id}", tagsRoute, "GET " + "/v1/{ppass}/prospects"} {
		want := desks * rounds
		if route == createRoute {
			want = 0
		}
		require.Equal(t, want, s.Executions(route), route)
	}
	require.Len(t, d.sunday(2), desks*rounds, "every line was acted upon once")
}
