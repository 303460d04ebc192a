package naturaesoft

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

// What is neither a day nor a list of visits is passed over; a day nobody can
// read must not look free.
func TestWhatStandsBesideDays(t *testing.T) {
	const (
		route = "GET /v1/DemoOffice/availability/providers/1/schedule"
		visit = `[{"VisitID": 101, "time": "09:00:00", "duration": 30}]`
	)
	c, e := start(t, route, `{"data": {"schedule": {"zone": "local", "2026-03-09": `+visit+`, "days": 1, "more": null}}}`)
	s, err := c.Schedule(t.Context(), "1", ninth, ninth, "")
	require.NoError(t, err)
	require.Equal(t, 1, s.Count())
	require.Len(t, s.Days, 1)
	for _, odd := range []string{`{"monday": ` + visit + `}`, `{"monday": {}}`, `{"2026-03-09": 7}`} {
		e.On(route, http.StatusOK, `{"data": {"schedule": `+odd+`}}`)
		_, err := c.Schedule(t.Context(), "1", ninth, ninth, "")
		requireKind(t, err, rest.KindDecode)
	}
}
