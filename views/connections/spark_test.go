package connections

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/ui"
)

func TestSparkHasFixedSteps(t *testing.T) {
	var all []rest.Timing
	for _, n := range []int{0, 25, 26, 50, 51, 101, 201, 401, 801, 1601, 60000} {
		all = append(all, rest.Timing{Took: time.Duration(n) * time.Millisecond})
	}
	require.Equal(t, "▁▁▂▂▃▄▅▆▇██", spark(all, 16, false))
	require.Equal(t, "788", spark(all, 3, true), "the newest are kept, at the right")
	require.Empty(t, spark(nil, 16, false))
}

func TestTotalsAreInTheOrderOfTime(t *testing.T) {
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	all := totals([]rest.Stat{
		{Op: "a", Calls: 2, Errors: 1, Retries: 3, Total: 4 * time.Second, Recent: []rest.Timing{{At: at(1), Took: 1}, {At: at(4), Took: 4}}},
		{Op: "b", Calls: 2, Total: 2 * time.Second, Recent: []rest.Timing{{At: at(2), Took: 2}, {At: at(3), Took: 3}}},
	})
	require.Equal(t, 4, all.Calls)
	require.Equal(t, 1, all.Errors)
	require.Equal(t, 3, all.Retries)
	require.Equal(t, "1.5 s", mean(all))
	for i, r := range all.Recent {
		require.Equal(t, time.Duration(i+1), r.Took)
	}
	require.Equal(t, "-", mean(rest.Stat{}), "unknown is not zero")
}

func TestLengthsAreReadable(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ms", 999 * time.Millisecond: "999 ms", 1200 * time.Millisecond: "1.2 s", 12 * time.Second: "12 s",
	} {
		require.Equal(t, want, ms(d))
	}
	for d, want := range map[time.Duration]string{
		-time.Second: "0 s", 59 * time.Second: "59 s", time.Hour - 1: "59 min", 47 * time.Hour: "47 h", 72 * time.Hour: "3 days",
	} {
		require.Equal(t, want, long(d))
	}
	for d, want := range map[time.Duration]string{
		0: "its clock agrees with ours", time.Second: "its clock agrees with ours", -90 * time.Second: "its clock is 1 min behind ours",
		2 * time.Second: "its clock is 2 s ahead of ours",
	} {
		require.Equal(t, want, skew(rest.Health{Skew: d, Dated: true}))
	}
	require.Equal(t, "its clock is unknown", skew(rest.Health{}))
}

// A profile that has all of a change tells that it landed, one that has none
// that it did not; between the two a person decides.
func TestLandingOfAProfile(t *testing.T) {
	me := profileOf(t, `{"data":{"PartnerID":1,"Name":"New","Phone":"555-0100"}}`)
	for want, edits := range map[ui.Landing]naturaesoft.Edits{
		ui.Landed: {"Name": "New", "Phone": "555-0100"}, ui.DidNot: {"Name": "Other"}, ui.CannotTell: {"Name": "New", "Phone": "555-0199"},
	} {
		require.Equal(t, want, landing(me, edits))
	}
}

func profileOf(t *testing.T, body string) naturaesoft.Me {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, _ = io.WriteString(w, `{"accessToken":"made-up","tokenType":"Bearer","expiresIn":"24h"}`)
			return
		}
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	c, err := naturaesoft.New(naturaesoft.Config{Base: s.URL, PPass: "DemoOffice", Operator: "maria",
		Key: func(context.Context) (string, error) { return "made-up", nil }})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	me, err := c.Me(t.Context())
	require.NoError(t, err)
	return me
}
