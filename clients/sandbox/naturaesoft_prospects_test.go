package sandbox

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const prospectsPath = "/v1/DemoOffice/prospects"

func (d *desk) search(words string) []map[string]any {
	d.Helper()
	return d.rows(prospectsPath + "?limit=1000&search=" + url.QueryEscape(words))
}

// The short way to search made-up people and the plain way through the whole
// row must find the same.
func TestSearchIsTheSameOverRowsAndTraits(t *testing.T) {
	p := newPeople(1500, 12, 2026)
	var known []string
	var rows []row
	for id := 1; id <= 1500; id++ {
		who, _ := p.at(id)
		rows = append(rows, who.fields)
		for _, f := range append(append([]string{"EMail"}, nameFields...), phoneFields...) {
			known = append(known, text(who.fields, f))
		}
	}
	same := func(t require.TestingT, query string) {
		n := newNeedle(query)
		var want []int
		for i, fields := range rows {
			if n.matches(fields) {
				want = append(want, i+1)
			}
		}
		found, total := p.find(n, false, 1, 5000)
		require.Equal(t, want, found, query)
		require.Equal(t, len(want), total)
	}
	same(t, "田中郎") // begins with a family name, goes on inside a given one
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.Custom(func(rt *rapid.T) string {
			runes := []rune(rapid.SampledFrom(known).Draw(rt, "from"))
			from := rapid.IntRange(0, len(runes)).Draw(rt, "start")
			if rapid.Bool().Draw(rt, "beginning") {
				from = 0
			}
			return string(runes[from:rapid.IntRange(from, len(runes)).Draw(rt, "end")])
		})
		same(rt, strings.Join(rapid.SliceOfN(word, 1, 3).Draw(rt, "words"), " "))
	})
}

func TestSearchFindsPeopleAsTheyAreSpelled(t *testing.T) {
	d := signIn(t, start(t, Options{Prospects: 1}))
	for _, p := range []map[string]any{
		{"FirstName": "José", "LastName": "Ejemplo", "EMail": "Jose.E@example.org"},
		{"FirstName": "Bridget", "LastName": "O'Brien", "Phone": "(860) 555-0123"},
		{"FirstName": "Zoë–Ann", "LastName": "Spécimen", "CellPhone": "+1 860 555 0177"},
		{"FirstName": "太郎", "LastName": "田中", "FullName": "田中太郎"},
		{"FirstName": "ישראל", "LastName": "ישראלי"},
		{"FirstName": "Thị Hương", "LastName": "Nguyễn", "NickName": "Mimi"},
		{"FirstName": "Łukasz", "LastName": "Großmuster"},
	} {
		d.s.PutProspect(p)
	}
	for words, want := range map[string]string{
		"jose": "José", "JOSÉ ejem": "José", "ejemplo jose": "José", "jose.e@": "José", "@example.org": "José",
		"obrien": "Bridget", "o'br": "Bridget", "brien": "Bridget", "8605550123": "Bridget", "860-555-0123": "Bridget",
		"(860) 555-0123": "Bridget", "+1 (860) 555-0123": "Bridget", "0123": "Bridget", "brid 0123": "Bridget",
		"zoe": "Zoë–Ann", "ann spec": "Zoë–Ann", "5550177": "Zoë–Ann",
		"田中": "太郎", "田中太": "太郎", "太郎": "太郎",
		"ישראלי": "ישראל", "nguyen huong": "Thị Hương", "mimi": "Thị Hương",
		"lukasz": "Łukasz", "grossm": "Łukasz",
	} {
		found := d.search(words)
		require.Len(t, found, 1, words)
		require.Equal(t, want, found[0]["FirstName"], words)
	}
	for _, words := range []string{"jose brien", "rien", "--", "86", "8605550199", "example"} {
		require.Empty(t, d.search(words), words)
	}
}

func TestPagesHoldEverybodyOnce(t *testing.T) {
	d := signIn(t, start(t, Options{Prospects: 101}))
	seen := map[int]bool{}
	for page := 1; ; page++ {
		status, v := d.do("GET", fmt.Sprintf("%s?page=%d&limit=10", prospectsPath, page), "")
		require.Equal(t, 200, status)
		p, _ := v["pagination"].(map[string]any)
		require.Equal(t, []int{page, 10, 101, 11}, []int{number(p["page"]), number(p["limit"]), number(p["total"]), number(p["totalPages"])})
		rows, _ := v["data"].([]any)
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			m, _ := r.(map[string]any)
			require.False(t, seen[number(m["ProspectID"])])
			seen[number(m["ProspectID"])] = true
		}
	}
	require.Len(t, seen, 101)
	require.Len(t, d.rows(prospectsPath), 25, "without a limit")
	for _, q := range []string{"?page=0", "?page=x", "?limit=0", "?limit=1001", "?prospect=yes"} {
		status, _ := d.do("GET", prospectsPath+q, "")
		require.Equal(t, 400, status, q)
	}
}

func TestPatientsAreListedUnlessProspectsAreAskedFor(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	count := func(rows []map[string]any) map[int]int {
		n := map[int]int{}
		for _, r := range rows {
			n[number(r["Prospect"])]++
		}
		return n
	}
	all, only := count(d.rows(prospectsPath+"?limit=1000")), count(d.rows(prospectsPath+"?limit=1000&prospect=true"))
	require.Positive(t, all[0])
	require.Equal(t, map[int]int{1: all[1]}, only)

	// written rows as well, whatever type was planted
	for _, prospect := range []any{1, "1", 1.0, 0, "0", nil} {
		d.s.PutProspect(map[string]any{"FirstName": "Marker", "Prospect": prospect})
	}
	d.wantStatus(200, "PUT", prospectsPath+"/7", `{"FirstName":"Marker","Prospect":0}`)
	d.wantStatus(201, "POST", prospectsPath, `{"FirstName":"Marker","Prospect":"0"}`)
	require.Len(t, d.search("marker"), 8)
	require.Len(t, d.rows(prospectsPath+"?search=marker&prospect=true"), 3)
}

func TestCreatedProspectsAreFound(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	status, v := d.do("POST", prospectsPath, `{"FirstName":"Newcomer","LastName":"Testwell","EMail":"new@example.com","ProviderID":"3"}`)
	require.Equal(t, 201, status)
	made, _ := v["data"].(map[string]any)
	require.Equal(t, 251, number(made["ProspectID"]))
	found := d.search("newcomer")
	require.Len(t, found, 1)
	require.Equal(t, 251, number(found[0]["ProspectID"]))
	require.Equal(t, 1, number(found[0]["Prospect"]))
	require.Equal(t, 3, number(found[0]["ProviderID"]))
	require.Equal(t, "", found[0]["MI"], "every documented field is there")
}

func TestProspectWritesAreChecked(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	before := d.rows(prospectsPath + "?limit=1000")
	for body, words := range map[string]string{
		`{"Email":"a@example.com"}`:      "Email", // the document says EMail
		`{"firstName":"Ada"}`:            "firstName",
		`{"ProspectID":5}`:               "ProspectID",
		`{"Tags":[]}`:                    "Tags",
		`{"Gender":"female"}`:            "Gender",
		`{"LifeStage":"adult"}`:          "LifeStage",
		`{"Type":"patient"}`:             "Type",
		`{"Prospect":true}`:              "Prospect",
		`{"Prospect":2}`:                 "Prospect",
		`{"ProviderID":99}`:              "ProviderID",
		`{"Zip":6099}`:                   "Zip",
		`{"Notes":["a"]}`:                "Notes",
		`{"FirstName":"A","LastName":1}`: "LastName",
	} {
		status, v := d.do("PUT", prospectsPath+"/7", body)
		require.Equal(t, 422, status, body)
		require.Contains(t, v["error"], words, body)
	}
	for body, want := range map[string]int{`{"EMail":"a@example.com"}`: 422, `{}`: 422, `null`: 400, ``: 400, `[1]`: 400} {
		status, _ := d.do("POST", prospectsPath, body)
		require.Equal(t, want, status, body)
	}
	status, _ := d.do("PUT", prospectsPath+"/99999", `{}`)
	require.Equal(t, 404, status)
	status, _ = d.do("PUT", prospectsPath+"/7x", `{}`)
	require.Equal(t, 400, status)
	require.Equal(t, before, d.rows(prospectsPath+"?limit=1000"), "a refused write changes nothing")
	require.Zero(t, d.s.Executions("PUT /v1/{ppass}/prospects/{id}"))
}

func TestBodiesMustBeJSON(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	r := d.request("PUT", prospectsPath+"/7", `{"City":"X"}`)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := d.http.Do(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 400, resp.StatusCode)
	status, _ := d.do("PUT", prospectsPath+"/7", `{"Notes":"`+strings.Repeat("n", bodyLimit)+`"}`)
	require.Equal(t, 413, status)
}

func TestPutMergesOrReplaces(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	id := s.PutProspect(map[string]any{"FirstName": "Ada", "LastName": "Sample", "PtImg": "keep.jpg", "Notes": "old\nlines"})
	path := fmt.Sprintf("%s/%d", prospectsPath, id)
	put := func(body string) map[string]any {
		status, v := d.do("PUT", path, body)
		require.Equal(t, 200, status, v)
		p, ok := s.Prospect(id)
		require.True(t, ok)
		return p
	}
	p := put(`{"City":"Maplewick","MI":null}`)
	require.Equal(t, []any{"Ada", "Maplewick", "keep.jpg", 1}, []any{p["FirstName"], p["City"], p["PtImg"], p["Prospect"]})
	s.SetReplaceOnPut(true)
	p = put(`{"LastName":"Changed","Prospect":1}`)
	require.Equal(t, []any{"", "Changed", "", "", ""}, []any{p["FirstName"], p["LastName"], p["City"], p["PtImg"], p["Notes"]})
	_, ok := s.Prospect(9999)
	require.False(t, ok)
}

func TestMadeUpPeopleAreFictional(t *testing.T) {
	p := newPeople(5000, 12, 2026)
	scripts := map[string]int{}
	for id := 1; id <= 5000; id++ {
		who, _ := p.at(id)
		f := who.fields
		scripts[text(f, "PrimaryLanguage")]++
		for _, name := range phoneFields {
			if n := localNumber(text(f, name)); n != "" {
				require.Len(t, n, 10)
				require.Equal(t, "55501", n[3:8], "the range kept for fiction")
			}
		}
		if mail := text(f, "EMail"); mail != "" {
			require.Regexp(t, `^[a-z]+(\.[a-z]+)?\d+@(mail\.)?example\.(com|org|net)$`, mail)
		}
		for name, allowed := range prospectChoices {
			require.Contains(t, allowed, f[name])
		}
	}
	require.Len(t, scripts, len(p.gen.groups), "every script appears")
	twin, _ := p.at(37)
	first, _ := p.at(36)
	require.Equal(t, first.fields["LastName"], twin.fields["LastName"], "some people were entered twice")
}
