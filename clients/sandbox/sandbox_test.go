package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// monday is the morning of the document's example week.
var monday = time.Date(2026, time.March, 9, 7, 0, 0, 0, time.UTC)

func at(moment time.Time) func() time.Time { return func() time.Time { return moment } }

// start runs a sandbox on the example Monday, unless told another day.
func start(t testing.TB, o Options) *Server {
	t.Helper()
	if o.Now == nil {
		o.Now = at(monday)
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	s, err := Start(o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// A desk is a plain HTTP client signed in at the EMR.
type desk struct {
	testing.TB
	s     *Server
	http  *http.Client
	token string
}

func signIn(t testing.TB, s *Server) *desk {
	t.Helper()
	d := &desk{TB: t, s: s, http: &http.Client{Transport: &http.Transport{}}}
	t.Cleanup(d.http.CloseIdleConnections)
	status, answer := d.do("POST", "/v1/DemoOffice/auth/token", `{"apiKey":"`+FakeEMRKey+`"}`)
	require.Equal(t, http.StatusOK, status)
	d.token, _ = answer["accessToken"].(string)
	require.NotEmpty(t, d.token)
	return d
}

func (d *desk) request(method, path, body string) *http.Request {
	d.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, d.s.URL("naturaesoft")+path, r)
	require.NoError(d, err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if d.token != "" {
		req.Header.Set("Authorization", "Bearer "+d.token)
	}
	return req
}

// raw sends a request and reads the answer to its end.
func (d *desk) raw(method, path, body string) (*http.Response, []byte, error) {
	d.Helper()
	resp, err := d.http.Do(d.request(method, path, body))
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	return resp, b, err
}

// do expects JSON.
func (d *desk) do(method, path, body string) (int, map[string]any) {
	d.Helper()
	resp, b, err := d.raw(method, path, body)
	require.NoError(d, err)
	var v map[string]any
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	require.NoError(d, dec.Decode(&v), "%s %s: %s", method, path, b)
	return resp.StatusCode, v
}

// get expects {"data":…} and returns what is in it.
func (d *desk) get(path string) any {
	d.Helper()
	status, v := d.do("GET", path, "")
	require.Equal(d, http.StatusOK, status, "%s: %v", path, v)
	return v["data"]
}

func (d *desk) object(path string) map[string]any {
	d.Helper()
	v, ok := d.get(path).(map[string]any)
	require.True(d, ok, path)
	return v
}

func (d *desk) rows(path string) []map[string]any {
	d.Helper()
	all, ok := d.get(path).([]any)
	require.True(d, ok, path)
	rows := make([]map[string]any, len(all))
	for i := range all {
		rows[i], _ = all[i].(map[string]any)
	}
	return rows
}

func number(v any) int {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return int(i)
}

func TestStartRefusesAddressesOthersCouldReach(t *testing.T) {
	for _, addr := range []string{
		"0.0.0.0:0", ":0", "[::]:0", "localhost:0", "192.0.2.1:0", "127.0.0.1", "example.com:80", "[::ffff:192.0.2.1]:0",
	} {
		s, err := Start(Options{Listen: addr})
		require.ErrorContains(t, err, "loopback", addr)
		require.Nil(t, s)
	}
}

func TestUnknownVendorHasNoAddress(t *testing.T) {
	s := start(t, Options{})
	require.Empty(t, s.URL("nobody"))
	require.Nil(t, Credentials("nobody"))
	require.True(t, strings.HasSuffix(s.URL("naturaesoft"), "/naturaesoft"))
	require.Equal(t, map[string]string{"ppass": "DemoOffice", "apiKey": FakeEMRKey}, Credentials("naturaesoft"))
}

func TestForeignHostIsRefused(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	for host, want := range map[string]int{
		"rebound.example.com":   http.StatusMisdirectedRequest,
		"rebound.example.com:1": http.StatusMisdirectedRequest,
		"192.0.2.7":             http.StatusMisdirectedRequest,
		"127.0.0.1.example.com": http.StatusMisdirectedRequest,
		"localhost:1":           http.StatusOK,
		"[::1]":                 http.StatusOK,
		"127.9.9.9:80":          http.StatusOK,
	} {
		r := d.request("GET", "/v1/DemoOffice/tags", "")
		r.Host = host
		resp, err := d.http.Do(r)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, want, resp.StatusCode, host)
	}
	require.Equal(t, 3, s.Requests("GET /v1/{ppass}/tags"))
}

func TestCloseEndsWhatStalls(t *testing.T) {
	s := start(t, Options{Demo: true})
	d := signIn(t, s)
	const route = "GET /v1/{ppass}/tags"
	s.SetFault(route, Fault{Kind: FaultStall})
	failed := make(chan error, 3)
	for range 3 {
		go func() {
			_, _, err := d.raw("GET", "/v1/DemoOffice/tags", "")
			failed <- err
		}()
	}
	require.Eventually(t, func() bool { return s.Requests(route) == 3 }, 5*time.Second, time.Millisecond)
	require.NoError(t, s.Close())
	for range 3 {
		require.Error(t, <-failed)
	}
	require.NoError(t, s.Close(), "a second Close does nothing")
}

func TestTwoSandboxesAreAlike(t *testing.T) {
	const people = "/v1/DemoOffice/prospects?limit=1000"
	const days = "/v1/DemoOffice/availability/providers/2/schedule?startDate=2026-03-09&endDate=2026-05-31"
	a, b := signIn(t, start(t, Options{})), signIn(t, start(t, Options{}))
	require.Equal(t, a.get(people), b.get(people))
	require.Equal(t, a.get(days), b.get(days))
	require.Len(t, a.get(people), 250)
	require.Len(t, a.get("/v1/DemoOffice/availability/providers"), 12)
}

func TestProvidersScale(t *testing.T) {
	d := signIn(t, start(t, Options{Providers: 90}))
	names := map[any]bool{}
	for _, p := range d.rows("/v1/DemoOffice/availability/providers") {
		names[p["name"]] = true
	}
	require.Len(t, names, 90)
}
