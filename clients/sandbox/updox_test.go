package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A till is a plain HTTP client of the played Updox.
type till struct {
	*testing.T
	s    *Server
	http *http.Client
}

func openTill(t *testing.T) *till {
	t.Helper()
	d := &till{t, start(t, Options{Prospects: 1, Providers: 1}), &http.Client{Transport: &http.Transport{}}}
	t.Cleanup(d.http.CloseIdleConnections)
	return d
}

func (d *till) raw(verb, path, body string) (int, map[string]any) {
	d.Helper()
	req, err := http.NewRequest(verb, d.s.URL("updox")+path, strings.NewReader(body))
	require.NoError(d, err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := d.http.Do(req)
	require.NoError(d, err)
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	require.NoError(d, err)
	var v map[string]any
	require.NoError(d, json.NewDecoder(bytes.NewReader(b)).Decode(&v), "%s", b)
	return resp.StatusCode, v
}

// post sends a call with the right credentials and returns code and answer.
func (d *till) post(method, account, fields string) (int, map[string]any) {
	d.Helper()
	status, v := d.raw("POST", "/api/io/"+method, fmt.Sprintf(
		`{"auth":{"applicationId":%q,"applicationPassword":%q,"accountId":%q,"userId":"fake-user"}%s}`,
		FakeUpdoxApplication, FakeUpdoxPassword, account, fields))
	require.Equal(d, http.StatusOK, status)
	code := int(v["responseCode"].(float64))
	require.Equal(d, code == 2000, v["successful"])
	require.NotEmpty(d, v["responseMessage"])
	return code, v
}

func (d *till) code(method, account, fields string) int {
	d.Helper()
	code, _ := d.post(method, account, fields)
	return code
}

func TestUpdoxMounts(t *testing.T) {
	d := openTill(t)
	for _, path := range []string{"/api/io/Ping", "/io/ping", "/api/io/PING", "/io/practicecreate"} {
		status, v := d.raw("POST", path, `{}`)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, v, "responseCode", path)
	}
	for path, verb := range map[string]string{"/api/io/Pong": "POST", "/Ping": "POST", "/api/Ping": "POST", "/api/io/": "POST"} {
		status, _ := d.raw(verb, path, `{}`)
		require.Equal(t, http.StatusNotFound, status, path)
	}
	status, _ := d.raw("GET", "/api/io/Ping", ``)
	require.Equal(t, http.StatusMethodNotAllowed, status)
	for _, broken := range []string{``, `[]`, `{`, `null`} {
		_, v := d.raw("POST", "/io/PracticeList", broken)
		require.Equal(t, 4000.0, v["responseCode"], broken)
	}
}

func TestUpdoxCredentials(t *testing.T) {
	d := openTill(t)
	for _, auth := range []string{`{}`, `null`, `{"applicationId":"fake-application","applicationPassword":"x"}`,
		`{"applicationId":1,"applicationPassword":2}`} {
		status, v := d.raw("POST", "/api/io/PracticeCreate", `{"name":"x","accountId":"NEW","auth":`+auth+`}`)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, 4010.0, v["responseCode"])
		require.Equal(t, "Unauthorized", v["responseMessage"])
	}
	_, there := d.s.UpdoxAccount("NEW")
	require.False(t, there)
	require.Equal(t, 2000, d.code("PingWithApplicationAuth", "", ""))
	require.Equal(t, 2000, d.code("PingWithAccountAuth", "PRACTICE-101", ""))
	require.Equal(t, 2000, d.code("PingWithAuth", "PRACTICE-101", ""))
	code, v := d.post("PingWithAccountAuth", "PRACTICE-124", "")
	require.Equal(t, 4011, code, "inactive")
	require.Equal(t, "Unauthorized", v["responseMessage"], "in the words of wrong credentials")
	require.Equal(t, 4011, d.code("PingWithAccountAuth", "NOBODY", ""))
}

func TestUpdoxCreate(t *testing.T) {
	d := openTill(t)
	code, v := d.post("PracticeCreate", "NEW-1", `,"name":"Invented","postal":"06512","websiteAddress":"invented"`)
	require.Equal(t, 2000, code)
	require.Equal(t, "NEW-1", v["accountId"])
	require.Equal(t, "create", v["action"])
	a, _ := d.s.UpdoxAccount("NEW-1")
	require.Equal(t, false, a["active"], "unless it is said")
	require.Equal(t, "Zulu", a["timeZone"])
	require.Equal(t, 4130, d.code("PracticeCreate", "NEW-1", `,"name":"Again"`))
	require.Equal(t, 4110, d.code("PracticeCreate", "", `,"name":"Nobody"`))
	require.Equal(t, 4140, d.code("PracticeCreate", "NEW-2", `,"name":"Second","websiteAddress":"INVENTED"`))
	require.Equal(t, 2000, d.code("PracticeCreate", "IGNORED", `,"accountId":"TOP","name":"Top","active":"true"`))
	top, ok := d.s.UpdoxAccount("TOP")
	require.True(t, ok, "the id at the top wins")
	require.Equal(t, true, top["active"])
	require.Equal(t, 1+1, d.s.Executions("updox POST PracticeCreate"), "a refusal inside a 200 is none")
	require.Equal(t, 5, d.s.Requests("updox POST PracticeCreate"))
	for field, bad := range map[string]string{
		"name": "", "postal": "1234", "phone": "555-555-0100", "fax": "1", "state": "XX",
		"timeZone": "America/Detroit", "websiteAddress": "a.b",
	} {
		code, v := d.post("PracticeCreate", "NEW-3", fmt.Sprintf(`,"name":"Third",%q:%q`, field, bad))
		require.Equal(t, 4060, code, field)
		require.Contains(t, v["responseMessage"], field)
	}
}

func TestUpdoxUpdateOverwritesEverything(t *testing.T) {
	d := openTill(t)
	before, _ := d.s.UpdoxAccount("PRACTICE-101")
	require.NotEmpty(t, before["practiceNpi"])
	require.Equal(t, 2000, d.code("PracticeUpdate", "PRACTICE-101", `,"name":"Renamed","city":"Elsewhere","websiteAddress":"made-up-101"`))
	after, _ := d.s.UpdoxAccount("PRACTICE-101")
	require.Equal(t, map[string]any{"accountId": "PRACTICE-101", "name": "Renamed", "city": "Elsewhere",
		"websiteAddress": "made-up-101", "timeZone": "Zulu", "active": false, "vetted": false}, after)
	require.Equal(t, 4131, d.code("PracticeUpdate", "NOBODY", `,"name":"x"`))
	require.Equal(t, 4011, d.code("PingWithAccountAuth", "PRACTICE-101", ""), "active was left out")
	require.Equal(t, 2000, d.code("PracticeUpdate", "PRACTICE-101", `,"name":"Back","active":true`), "and still can be updated")
	require.Equal(t, 2000, d.code("PingWithAccountAuth", "PRACTICE-101", ""))
}

func TestUpdoxSaveDoesEither(t *testing.T) {
	d := openTill(t)
	_, v := d.post("PracticeSave", "NEW-1", `,"name":"New"`)
	require.Equal(t, "create", v["action"])
	_, v = d.post("PracticeSave", "NEW-1", `,"name":"Newer"`)
	require.Equal(t, "update", v["action"])
}

func TestUpdoxReads(t *testing.T) {
	d := openTill(t)
	_, v := d.post("PracticeGet", "", `,"accountId":"PRACTICE-101"`)
	p := v["practice"].(map[string]any)
	require.Equal(t, "PRACTICE-101", p["accountId"])
	require.Contains(t, p, "directAddress")
	require.Nil(t, p["directAddress"])
	require.NotContains(t, p, "practiceNpi", "is never shown")
	require.Equal(t, 4131, d.code("PracticeGet", "", `,"accountId":"NOBODY"`))
	_, v = d.post("PracticeList", "", "")
	require.Len(t, v["practiceList"], 24)
	require.Equal(t, 2000, d.code("PracticeGet", "", `,"accountId":"PRACTICE-124"`))
	d.s.SetUpdoxShutsInactive(true)
	require.Equal(t, 4011, d.code("PracticeGet", "", `,"accountId":"PRACTICE-124"`))
	d.s.PutUpdoxAccount(map[string]any{"accountId": "PRACTICE-124", "name": "\x1b[2J", "active": true})
	_, v = d.post("PracticeGet", "", `,"accountId":"PRACTICE-124"`)
	require.Equal(t, "\x1b[2J", v["practice"].(map[string]any)["name"])
	d.s.SetUpdoxSeedOnly(true)
	status, _ := d.raw("POST", "/api/io/PracticeGet", `{}`)
	require.Equal(t, http.StatusNotFound, status)
}
