package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func (d *desk) control(method, path, body string) (int, map[string]any) {
	d.Helper()
	req, err := http.NewRequest(method, strings.TrimSuffix(d.s.URL("naturaesoft"), "/naturaesoft")+"/_sandbox/"+path, strings.NewReader(body))
	require.NoError(d, err)
	resp, err := d.http.Do(req)
	require.NoError(d, err)
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	require.NoError(d, err)
	var v map[string]any
	if len(b) > 0 {
		require.NoError(d, json.Unmarshal(b, &v), "%s", b)
	}
	return resp.StatusCode, v
}

func TestFaultsOverControl(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	status, _ := d.control("POST", "faults", `{"route":"`+tagsRoute+`","kind":"status","status":503,"times":5,"delay":"1ms"}`)
	require.Equal(t, 204, status)
	d.wantStatus(503, "GET", tagsPath, "")
	status, _ = d.control("DELETE", "faults", "")
	require.Equal(t, 204, status)
	d.wantStatus(200, "GET", tagsPath, "")
	for _, body := range []string{
		`{"route":"GET /nowhere","kind":"status"}`, `{"route":"*","kind":"misspelt"}`, `{"route":"*","kind":"stall","delay":"soon"}`,
		`{"route":"*","kind":"stall","often":3}`, `nonsense`, ``,
	} {
		status, v := d.control("POST", "faults", body)
		require.Equal(t, 400, status, body)
		require.Contains(t, v["error"], "sandbox: ", body)
	}
	d.wantStatus(200, "GET", tagsPath, "")
}

func TestVisitsAndPeopleOverControl(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	status, v := d.control("POST", "visits", `{"provider":1,"date":"2026-03-15","time":"20:00","minutes":45,"type":"DIRECT"}`)
	require.Equal(t, 200, status)
	day := d.visits(1, "2026-03-15", "2026-03-15", "")["2026-03-15"]
	require.Len(t, day, 1)
	id, _ := v["VisitID"].(float64)
	require.Equal(t, shownVisit{int(id), 20 * 60, 45, "DIRECT"}, day[0])
	for want, path := range map[int]string{204: "visits/" + strconv.Itoa(int(id)), 404: "visits/x"} {
		status, _ := d.control("DELETE", path, "")
		require.Equal(t, want, status)
	}
	status, _ = d.control("DELETE", "visits/"+strconv.Itoa(int(id)), "")
	require.Equal(t, 404, status)
	for _, body := range []string{
		`{"provider":99,"date":"2026-03-15","time":"20:00","minutes":45}`, `{"provider":1,"date":"15.3.","time":"20:00","minutes":45}`,
		`{"provider":1,"date":"2026-03-15","time":"8pm","minutes":45}`, `{"provider":1,"date":"2026-03-15","time":"20:00","minutes":0}`,
	} {
		status, v := d.control("POST", "visits", body)
		require.Equal(t, 400, status, body)
		require.NotEmpty(t, v["error"])
	}

	status, v = d.control("POST", "prospects", `{"FirstName":"Planted","Anything":[1]}`)
	require.Equal(t, 200, status)
	require.EqualValues(t, 251, v["ProspectID"])
	require.Len(t, d.search("planted"), 1)
	status, v = d.control("POST", "prospects", `{"ProspectID":7,"FirstName":"Seventh"}`)
	require.Equal(t, []any{200, 7.0}, []any{status, v["ProspectID"]})
	require.Len(t, d.search("seventh"), 1)
}

func TestSettingsOverControl(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	d.control("POST", "scopes", `{"scope":"KB","granted":false}`)
	d.wantStatus(403, "GET", "/v1/kb", "")
	d.control("POST", "scopes", `{"scope":"KB","granted":true}`)
	d.wantStatus(200, "GET", "/v1/kb", "")
	status, _ := d.control("POST", "scopes", `{"scope":"Misspelt"}`)
	require.Equal(t, 400, status)

	d.control("POST", "put-mode", `{"replace":true}`)
	d.wantStatus(200, "PUT", prospectsPath+"/7", `{"FirstName":"Only"}`)
	p, _ := s.Prospect(7)
	require.Equal(t, "", p["LastName"])

	d.control("POST", "expire-tokens", "")
	d.wantStatus(401, "GET", "/v1/kb", "")

	status, counts := d.control("GET", "counts", "")
	require.Equal(t, 200, status)
	require.Equal(t, map[string]any{"requests": 3.0, "executions": 1.0}, counts["GET /v1/kb"])
	d.control("DELETE", "counts", "")
	_, counts = d.control("GET", "counts", "")
	require.Equal(t, map[string]any{"requests": 0.0, "executions": 0.0}, counts["GET /v1/kb"])
}

func TestWebPagesMayNotDrive(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	req, err := http.NewRequest("POST", strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft")+"/_sandbox/expire-tokens", nil)
	require.NoError(t, err)
	req.Header.Set("Origin", "http://example.com")
	resp, err := d.http.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 403, resp.StatusCode)
	d.wantStatus(200, "GET", tagsPath, "")
}
