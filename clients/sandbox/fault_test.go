package sandbox

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	tagsRoute   = "GET /v1/{ppass}/tags"
	tagsPath    = "/v1/DemoOffice/tags"
	createRoute = "POST /v1/{ppass}/prospects"
	newPerson   = `{"FirstName":"Ada"}`
)

// fresh makes every request of the desk use a connection of its own, which
// net/http never replays on.
func (d *desk) fresh() *desk {
	own := *d
	own.http = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return &own
}

// A cut connection: what the client sees and whether the vendor did it.
func TestCutConnections(t *testing.T) {
	for _, c := range []struct {
		kind FaultKind
		want error
		done int
	}{
		{FaultResetBefore, syscall.ECONNRESET, 0},
		{FaultFinBefore, io.EOF, 0},
		{FaultResetAfter, syscall.ECONNRESET, 1},
		{FaultFinAfter, io.EOF, 1},
		{FaultCutBody, io.ErrUnexpectedEOF, 1},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			s := start(t, Options{})
			d := signIn(t, s).fresh()
			s.SetFault(createRoute, Fault{Kind: c.kind, Times: 1})
			_, _, err := d.raw("POST", prospectsPath, newPerson)
			require.ErrorIs(t, err, c.want)
			require.Equal(t, c.done, s.Executions(createRoute))
			require.Equal(t, 1, s.Requests(createRoute))
			_, made := s.Prospect(251)
			require.Equal(t, c.done == 1, made)
			d.wantStatus(201, "POST", prospectsPath, newPerson)
		})
	}
}

func TestGarbage(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	s.SetFault(createRoute, Fault{Kind: FaultGarbage})
	_, _, err := d.raw("POST", prospectsPath, newPerson)
	require.ErrorContains(t, err, "malformed HTTP")
	require.Equal(t, 1, s.Executions(createRoute))
}

// Go's transport sends a GET again when the connection it reused dies. The
// sandbox must be able to show it, and the counts must tell.
func TestReusedConnectionIsCutOnlyWhenReused(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	s.SetFault(tagsRoute, Fault{Kind: FaultFinAfterReused, Times: 1})
	d.fresh().get(tagsPath)
	require.Equal(t, 1, s.Executions(tagsRoute), "a fresh connection is spared")
	d.get(tagsPath) // rides on the connection of the sign-in, and is replayed
	require.Equal(t, 3, s.Executions(tagsRoute))
}

func TestAnswersInPlaceOfTheCall(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	for _, c := range []struct {
		fault  Fault
		status int
		words  string
		header string
	}{
		{Fault{Kind: FaultStatus}, 500, `"error"`, ""},
		{Fault{Kind: FaultStatus, Status: 422, Body: `{"error":"no","status":false}`}, 422, `"status":false`, ""},
		{Fault{Kind: FaultUnauthorized}, 401, `expired`, ""},
		{Fault{Kind: FaultRateLimited}, 429, `Too many`, "1"},
		{Fault{Kind: FaultRateLimited, RetryAfter: "Mon, 09 Mar 2026 07:00:00 GMT"}, 429, ``, "Mon, 09 Mar 2026 07:00:00 GMT"},
		{Fault{Kind: FaultHTML}, 200, `<html>`, ""},
		{Fault{Kind: FaultHTML, Status: 502, Body: "<h1>Bad Gateway</h1>"}, 502, `<h1>`, ""},
	} {
		s.SetFault(createRoute, c.fault)
		resp, b, err := d.raw("POST", prospectsPath, newPerson)
		require.NoError(t, err)
		require.Equal(t, c.status, resp.StatusCode)
		require.Contains(t, string(b), c.words)
		require.Equal(t, c.header, resp.Header.Get("Retry-After"))
		require.Equal(t, c.fault.Kind == FaultHTML, strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html"))
	}
	require.Zero(t, s.Executions(createRoute))
	s.SetFault(createRoute, Fault{Kind: FaultStatusAfter, Status: 503})
	d.wantStatus(503, "POST", prospectsPath, newPerson)
	require.Equal(t, 1, s.Executions(createRoute))
}

func TestRedirects(t *testing.T) {
	var reached atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reached.Add(1)
		_, _ = w.Write([]byte(`{}`))
	}))
	defer elsewhere.Close()
	s := start(t, Options{})
	d := signIn(t, s)
	s.SetFault(tagsRoute, Fault{Kind: FaultRedirect, Times: 1})
	d.get(tagsPath) // this client follows
	require.Equal(t, 1, s.Executions(tagsRoute), "which the counts show")
	s.SetFault(tagsRoute, Fault{Kind: FaultRedirect, Status: 302, Body: elsewhere.URL})
	d.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, _, err := d.raw("GET", tagsPath, "")
	require.NoError(t, err)
	require.Equal(t, 302, resp.StatusCode)
	require.Zero(t, reached.Load())
	d.http.CheckRedirect = nil
	d.wantStatus(200, "GET", tagsPath, "")
	require.EqualValues(t, 1, reached.Load())
}

func TestStallsEndWithTheClientsPatience(t *testing.T) {
	for kind, done := range map[FaultKind]int{FaultStall: 0, FaultStallAfter: 1} {
		s := start(t, Options{})
		d := signIn(t, s)
		s.SetFault(createRoute, Fault{Kind: kind})
		ctx, cancel := context.WithCancel(t.Context())
		r := d.request("POST", prospectsPath, newPerson).WithContext(ctx)
		failed := make(chan error, 1)
		go func() {
			resp, err := d.http.Do(r)
			if err == nil {
				_ = resp.Body.Close()
			}
			failed <- err
		}()
		arrived := func() bool { return s.Requests(createRoute) == 1 && s.Executions(createRoute) == done }
		require.Eventually(t, arrived, 5*time.Second, time.Millisecond, kind)
		cancel()
		require.ErrorIs(t, <-failed, context.Canceled)
		require.Equal(t, done, s.Executions(createRoute), kind)
	}
}

func TestSlowAnswers(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	plain := d.rows(tagsPath)
	for _, f := range []Fault{
		{Kind: FaultDelay, Delay: 60 * time.Millisecond},
		{Kind: FaultDrip, Delay: 100 * time.Microsecond},
	} {
		s.SetFault(tagsRoute, f)
		began := time.Now()
		require.Equal(t, plain, d.rows(tagsPath), "late, but right")
		require.Greater(t, time.Since(began), 50*time.Millisecond, f.Kind)
	}
	s.SetFault(tagsRoute, Fault{Kind: FaultDelay, Delay: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := d.http.Do(d.request("GET", tagsPath, "").WithContext(ctx))
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// writes notes the size of each write.
type writes struct {
	*httptest.ResponseRecorder
	sizes []int
}

func (w *writes) Write(b []byte) (int, error) {
	w.sizes = append(w.sizes, len(b))
	return w.ResponseRecorder.Write(b)
}

func TestOnlyTheFirstBytesDrip(t *testing.T) {
	for size, want := range map[int][]int{0: {0, 1, 1, 1, 1, 0}, 3: {0, 1, 1, 1, 1}, 1: {0, 1, 3}, 9: {0, 1, 1, 1, 1, 0}} {
		w := &writes{ResponseRecorder: httptest.NewRecorder()}
		drip(&exchange{w, httptest.NewRequest("GET", tagsPath, nil), Fault{Delay: time.Nanosecond, Size: size}},
			answer{status: http.StatusOK, body: []byte("[12]")})
		require.Equal(t, "[12]", w.Body.String())
		require.Equal(t, want, w.sizes, size)
	}
}

func TestBrokenBodies(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	_, plain, err := d.raw("GET", tagsPath, "")
	require.NoError(t, err)
	for kind, want := range map[FaultKind]string{
		FaultTruncated: string(plain[:len(plain)/2]),
		FaultTrailing:  string(plain[:len(plain)-1]) + ",}",
		FaultBOM:       "\ufeff" + string(plain),
		FaultEmpty:     "",
	} {
		s.SetFault(tagsRoute, Fault{Kind: kind})
		resp, b, err := d.raw("GET", tagsPath, "")
		require.NoError(t, err, kind)
		require.Equal(t, 200, resp.StatusCode)
		require.Equal(t, want, string(b), kind)
		require.False(t, json.Valid(b), kind)
	}
}

func TestHugeAnswers(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	s.SetFault("*", Fault{Kind: FaultOversize, Size: 11 << 20})
	resp, b, err := d.raw("GET", tagsPath, "")
	require.NoError(t, err)
	require.Len(t, b, 11<<20)
	require.EqualValues(t, 11<<20, resp.ContentLength)
	require.True(t, json.Valid(b))

	s.SetFault("*", Fault{Kind: FaultGzipBomb, Size: 32 << 20})
	resp, err = d.http.Do(d.request("GET", tagsPath, ""))
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	n, err := io.Copy(io.Discard, resp.Body)
	require.NoError(t, err)
	require.EqualValues(t, 32<<20, n)
	require.True(t, resp.Uncompressed)

	s.SetFault("*", Fault{Kind: FaultHugeHeader})
	resp, _, err = d.raw("GET", tagsPath, "")
	require.NoError(t, err)
	require.Len(t, resp.Header.Get("X-Sandbox-Padding"), 2<<20)
}

func TestOtherTypes(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	const slots = providersPath + "/1/slots?date=2026-03-09&duration=30"
	s.SetFault("naturaesoft *", Fault{Kind: FaultIDsAsStrings})
	o := d.object(slots)
	require.Equal(t, []any{"1", json.Number("30")}, []any{o["ProviderID"], o["Duration"]})
	require.Equal(t, "1", d.object(providersPath + "/1")["id"])
	s.SetFault("naturaesoft *", Fault{Kind: FaultNumbersAsStrings})
	o = d.object(slots)
	require.Equal(t, []any{"1", "30"}, []any{o["ProviderID"], o["Duration"]})
	s.SetFault("naturaesoft *", Fault{Kind: FaultNulls})
	o = d.object(providersPath + "/1")
	require.Equal(t, []any{json.Number("1"), nil, nil}, []any{o["id"], o["name"], o["title"]})
	require.Equal(t, "2026-03-09", d.object(slots)["Date"])
	s.SetFault("naturaesoft *", Fault{Kind: FaultWrongProvider})
	require.Equal(t, json.Number("2"), d.object(slots)["ProviderID"])
	require.Equal(t, json.Number("2"), d.object(providersPath + "/1")["id"])
	next, _ := d.object(providersPath + "/1/next-slot?duration=30")["TheNextSlot"].(map[string]any)
	require.Equal(t, "2", next["ProviderID"])
	s.SetFault("naturaesoft *", Fault{Kind: FaultEmptyAsArray})
	o = d.object(providersPath + "/1/schedule?startDate=2030-01-01&endDate=2030-01-02")
	require.Equal(t, []any{}, o["schedule"])
}

func TestHostileTextIsInEveryText(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	words := "a\"b\\\x1b[2K\n<PWNED>"
	s.SetFault("*", Fault{Kind: FaultHostile, Body: words})
	for _, r := range d.rows(prospectsPath) {
		require.Equal(t, words, r["LastName"])
		require.Equal(t, words, r["Address"])
		require.Regexp(t, isDate, r["DOB"])
	}
	require.Equal(t, words, d.rows(tagsPath)[0]["Tag"])
	signIn(t, s) // still possible

	s.SetFault(tagsRoute, Fault{Kind: FaultHostile, Body: "raw \xff\x9b bytes"})
	_, b, err := d.raw("GET", tagsPath, "")
	require.NoError(t, err)
	require.Contains(t, string(b), "\"raw \xff\x9b bytes\"")
}

func TestEnvelopes(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	const path = prospectsPath + "?limit=2&page=2"
	_, plain, err := d.raw("GET", path, "")
	require.NoError(t, err)
	v, _ := parse(plain)
	whole, _ := v.(map[string]any)
	rows, err := json.Marshal(whole["data"])
	require.NoError(t, err)
	const page = `{"page":2,"limit":2,"total":250,"totalPages":125}`
	for form, want := range map[string]string{
		"bare":  string(rows),
		"plain": `{"data":` + string(rows) + `}`,
		"named": `{"data":{"rows":` + string(rows) + `,"pagination":` + page + `}}`,
		"meta":  `{"data":` + string(rows) + `,"meta":` + page + `}`,
		"top":   `{"data":` + string(rows) + `,"page":2,"limit":2,"total":250,"pages":125}`,
	} {
		s.SetFault("*", Fault{Kind: FaultEnvelope, Body: form})
		_, b, err := d.raw("GET", path, "")
		require.NoError(t, err)
		require.JSONEq(t, want, string(b), form)
	}
	require.Equal(t, 250, number(func() any { p, _ := whole["pagination"].(map[string]any); return p["total"] }()))
	require.Equal(t, json.Number("1"), d.object(providersPath + "/1")["id"], "what is no list stays")
}

func TestFaultsAreCountedDown(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	status := func() int { status, _ := d.do("GET", tagsPath, ""); return status }
	s.SetFault(tagsRoute, Fault{Kind: FaultStatus, Status: 503, After: 2, Times: 2})
	got := []int{}
	for range 6 {
		got = append(got, status())
	}
	require.Equal(t, []int{200, 200, 503, 503, 200, 200}, got)
	require.Equal(t, 6, s.Requests(tagsRoute))
	require.Equal(t, 4, s.Executions(tagsRoute))
	s.ResetCounts()
	require.Zero(t, s.Requests("*"))

	s.SetFault("*", Fault{Kind: FaultStatus, Status: 500})
	s.SetFault("naturaesoft *", Fault{Kind: FaultStatus, Status: 502})
	s.SetFault(tagsRoute, Fault{Kind: FaultStatus, Status: 503})
	require.Equal(t, 503, status(), "the nearest wins")
	d.wantStatus(502, "GET", "/v1/me", "")
	s.ClearFaults()
	require.Equal(t, 200, status())

	s.SetFault("*", Fault{Kind: FaultUnauthorized, Times: 1})
	again := signIn(t, s)
	require.Equal(t, 401, status(), "signing in was spared and not counted")
	again.wantStatus(200, "GET", tagsPath, "")
}

func TestImpossibleFaultsAreRefused(t *testing.T) {
	s := start(t, Options{})
	for route, f := range map[string]Fault{
		"GET /v1/{ppass}/tag":     {Kind: FaultStall},
		"GET /v1/DemoOffice/tags": {Kind: FaultStall},
		"nobody *":                {Kind: FaultStall},
		"":                        {Kind: FaultStall},
	} {
		require.Panics(t, func() { s.SetFault(route, f) }, route)
	}
	for _, f := range []Fault{
		{}, {Kind: "misspelt"}, {Kind: FaultStatus, Status: 99}, {Kind: FaultStatus, Status: 100},
		{Kind: FaultDelay, Delay: -1}, {Kind: FaultStall, Times: -1}, {Kind: FaultEnvelope, Body: "misspelt"},
	} {
		require.Panics(t, func() { s.SetFault("*", f) })
	}
	require.Panics(t, func() { s.Requests("GET /v1/{ppass}/tag") })
	require.Panics(t, func() { s.Executions("tags") })
	require.Contains(t, s.Routes(), tagsRoute)
}
