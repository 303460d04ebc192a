package updox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// Each trap of the document has a test of its name; what else must hold is in
// the files beside.

func invented() Account {
	return Account{ID: safe.Line("FAKE-1"), Name: safe.Line("Invented Practice")}
}

func read(t *testing.T, c *Client) Account {
	t.Helper()
	a, err := c.Account(t.Context(), "FAKE-1")
	require.NoError(t, err)
	return a
}

func TestUX01_RefusalsComeWithStatus200(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		kind   rest.Kind // of a read
		write  rest.Kind
		phase  rest.Phase // of a write
	}{
		"refused":                {200, refusedWith("4000", "Bad Request"), rest.KindValidation, rest.KindValidation, rest.Refused},
		"no flag, code refuses":  {200, `{"responseCode":4130}`, rest.KindConflict, rest.KindConflict, rest.Refused},
		"code in quotes":         {200, refusedWith(`"4060"`, "x"), rest.KindValidation, rest.KindValidation, rest.Refused},
		"no code":                {200, `{"successful":true}`, rest.KindDecode, rest.KindDecode, rest.Unknown},
		"no flag":                {200, `{"responseCode":2000}`, rest.KindDecode, rest.KindDecode, rest.Unknown},
		"code is no number":      {200, `{"successful":true,"responseCode":"soon"}`, rest.KindDecode, rest.KindDecode, rest.Unknown},
		"flag no, code yes":      {200, `{"successful":false,"responseCode":2000}`, rest.KindDecode, rest.KindDecode, rest.Unknown},
		"flag yes, code no":      {200, `{"successful":true,"responseCode":4130}`, rest.KindDecode, rest.KindDecode, rest.Unknown},
		"another yes":            {200, `{"successful":true,"responseCode":2010}`, rest.KindDecode, rest.KindDecode, rest.Unknown},
		"empty":                  {200, ``, rest.KindDecode, rest.KindDecode, rest.Unknown},
		"a list":                 {200, `[]`, rest.KindDecode, rest.KindDecode, rest.Unknown},
		"its server failed":      {200, refusedWith("5000", "unknown"), rest.KindServer, rest.KindServer, rest.Unknown},
		"400 with a code":        {400, refusedWith("4140", "web address is already taken"), rest.KindConflict, rest.KindConflict, rest.Refused},
		"400 without":            {400, `{}`, rest.KindValidation, rest.KindValidation, rest.Refused},
		"404 that says yes":      {404, yes, rest.KindNotFound, rest.KindNotFound, rest.Refused},
		"500 with a soft code":   {500, refusedWith("4130", "account already exists"), rest.KindServer, rest.KindServer, rest.Unknown},
		"a page instead of data": {200, `<html>sign in</html>`, rest.KindDecode, rest.KindDecode, rest.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := play(t)
			p.On(methods+"PracticeCreate", tc.status, tc.body)
			p.On(methods+"Ping", tc.status, tc.body)
			c := p.client(t)
			e := requireKind(t, c.Ping(t.Context()), tc.kind)
			require.False(t, e.Ambiguous)
			_, err := c.Create(t.Context(), invented())
			e = requireKind(t, err, tc.write)
			require.Equal(t, tc.phase.String(), e.Phase.String())
			require.Equal(t, tc.phase == rest.Unknown, e.Ambiguous)
			require.Len(t, p.of("PracticeCreate"), 1)
		})
	}
	t.Run("yes", func(t *testing.T) {
		require.NoError(t, play(t).on("Ping", yes).client(t).Ping(t.Context()))
		require.NoError(t, play(t).on("Ping", `{"successful":"true","responseCode":"2000"}`).client(t).Ping(t.Context()))
	})
}

func TestUX02_TheIDStandsWhereTheVendorReadsIt(t *testing.T) {
	for _, tc := range []struct {
		placement      Placement
		top, auth, get any
	}{
		{InBoth, "FAKE-1", "FAKE-1", ""},
		{InAuth, nil, "FAKE-1", "FAKE-1"},
		{AtTop, "FAKE-1", "", ""},
	} {
		p := play(t).on("PracticeCreate", yes).on("PracticeGet", practiceGet).on("PracticeUpdate", updated)
		c := p.client(t, func(cfg *Config) { cfg.Placement = tc.placement })
		_, err := c.Create(t.Context(), invented())
		require.NoError(t, err)
		a := read(t, c)
		_, err = c.Update(t.Context(), a, a.With("city", "Elsewhere"))
		require.NoError(t, err)
		for _, s := range append(p.of("PracticeCreate"), p.of("PracticeUpdate")...) {
			require.Equal(t, tc.top, s.Body["accountId"])
			require.Equal(t, tc.auth, s.auth()["accountId"])
		}
		got := p.of("PracticeGet")[0]
		require.Equal(t, "FAKE-1", got.Body["accountId"])
		require.Equal(t, tc.get, got.auth()["accountId"])
	}
}

func TestUX03_AnUpdateSendsEverythingOrNothing(t *testing.T) {
	p := play(t).on("PracticeGet", practiceGet).on("PracticeUpdate", updated)
	c := p.client(t)
	t.Run("refused while the present values are unknown", func(t *testing.T) {
		_, err := Diff(Account{}, invented())
		requireKind(t, err, rest.KindConflict)
		_, err = c.Update(t.Context(), invented(), invented())
		require.Equal(t, rest.NotSent, requireKind(t, err, rest.KindConflict).Phase)
		require.Empty(t, p.All())
	})
	present := read(t, c)
	next := present.With("city", "Elsewhere").With("fax", "").With("directAddress", "desk@fake.example")
	t.Run("the difference is told", func(t *testing.T) {
		all, err := Diff(present, next)
		require.NoError(t, err)
		require.True(t, all.Any())
		fates := map[string]Fate{}
		for _, x := range all {
			fates[x.Field] = x.Fate
		}
		require.Equal(t, Kept, fates["name"])
		require.Equal(t, Kept, fates["active"])
		require.Equal(t, Kept, fates["address2"])
		require.Equal(t, Changed, fates["city"])
		require.Equal(t, Cleared, fates["fax"])
		require.Equal(t, Added, fates["directAddress"])
		require.Equal(t, "5555550101", all.Of(Cleared)[0].Before.String())
		same, err := Diff(present, present)
		require.NoError(t, err)
		require.False(t, same.Any())
	})
	t.Run("every field goes out, the cleared one does not", func(t *testing.T) {
		saved, err := c.Update(t.Context(), present, next)
		require.NoError(t, err)
		require.Equal(t, "update", saved.Action)
		require.Equal(t, Written, saved.Account.Source)
		require.Equal(t, map[string]any{
			"accountId": "FAKE-1", "active": true, "name": "Invented Practice", "address1": "1 Placeholder Street",
			"city": "Elsewhere", "state": "CT", "postal": "06512", "phone": "5555550100", "timeZone": "America/New_York",
			"websiteAddress": "invented", "directDomain": "fake.example", "directAddress": "desk@fake.example",
		}, p.of("PracticeUpdate")[0].fields())
	})
	t.Run("a field nobody documented goes back as it came", func(t *testing.T) {
		p := play(t).on("PracticeUpdate", updated).on("PracticeGet",
			strings.Replace(practiceGet, `"active":true`, `"active":true,"futureThing":{"a":[1,2.50]},"port":8443,"gone":null`, 1))
		c := p.client(t)
		a := read(t, c)
		_, err := c.Update(t.Context(), a, a.With("city", "Elsewhere"))
		require.NoError(t, err)
		sent := p.of("PracticeUpdate")[0].fields()
		require.Equal(t, map[string]any{"a": []any{1.0, 2.5}}, sent["futureThing"])
		require.Equal(t, 8443.0, sent["port"], "a number stays a number")
		require.NotContains(t, sent, "gone")
		require.NotContains(t, sent, "vetted")
	})
	t.Run("but never in the place of the credentials", func(t *testing.T) {
		p := play(t).on("PracticeGet", strings.Replace(practiceGet, `"active":true`, `"active":true,"auth":{"applicationId":"x"}`, 1)).on("PracticeUpdate", updated)
		c := p.client(t)
		a := read(t, c)
		_, err := c.Update(t.Context(), a, a.With("city", "Elsewhere"))
		require.NoError(t, err)
		require.Equal(t, fakeApp, p.of("PracticeUpdate")[0].auth()["applicationId"])
	})
	t.Run("a vendor without PracticeGet takes what this console wrote last", func(t *testing.T) {
		p := play(t).on("PracticeCreate", yes).on("PracticeUpdate", updated)
		c := p.client(t)
		saved, err := c.Create(t.Context(), invented().With("city", "Nowhere").With("phone", "(555) 555-0100"))
		require.NoError(t, err)
		all, err := Diff(saved.Account, saved.Account.With("city", ""))
		require.NoError(t, err)
		require.Equal(t, "city", all.Of(Cleared)[0].Field)
		require.Empty(t, all.Of(Blind), "what was written here was seen")
		_, err = c.Account(t.Context(), "FAKE-1")
		require.True(t, Unread(err))
		_, err = c.Update(t.Context(), saved.Account, saved.Account.With("city", ""))
		require.NoError(t, err)
		fetched := saved.Account
		fetched.Source = Fetched
		_, err = c.Update(t.Context(), fetched, fetched)
		require.True(t, Unread(err), "but not what was read once and cannot be read any more")
		require.Len(t, p.of("PracticeUpdate"), 1)
	})
	t.Run("the id cannot be changed", func(t *testing.T) {
		_, err := c.Update(t.Context(), present, present.With("accountId", "FAKE-2"))
		require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, "accountId")
	})
}

func TestUX04_WhatIsNeverShownIsSaid(t *testing.T) {
	p := play(t).on("PracticeGet", practiceGet).on("PracticeUpdate", updated)
	c := p.client(t)
	a := read(t, c)
	all, err := Diff(a, a.With("practiceNpi", "1000000004"))
	require.NoError(t, err)
	var blind []string
	for _, x := range all.Of(Blind) {
		blind = append(blind, x.Field)
	}
	require.Equal(t, []string{"protocol", "ipAddress", "port", "path", "practiceSpecialtyCode", "defaultConsentMethods"}, blind)
	require.Equal(t, []Change{{"practiceNpi", safe.Text{}, safe.Line("1000000004"), Added}}, []Change(all.Of(Added)))
	_, err = c.Update(t.Context(), a, a.With("practiceNpi", "1000000004"))
	require.NoError(t, err)
	require.Equal(t, "1000000004", p.of("PracticeUpdate")[0].Body["practiceNpi"])
}

func TestUX05_ActiveIsAlwaysSaid(t *testing.T) {
	p := play(t).on("PracticeCreate", yes)
	_, err := p.client(t).Create(t.Context(), invented())
	require.NoError(t, err)
	require.Equal(t, true, p.of("PracticeCreate")[0].Body["active"])
	off := invented()
	off.Deactivated = true
	_, err = p.client(t).Create(t.Context(), off)
	require.NoError(t, err)
	require.Equal(t, false, p.of("PracticeCreate")[1].Body["active"])
}

func TestUX06_ActiveComesInBothSpellings(t *testing.T) {
	for raw, deactivated := range map[string]bool{`true`: false, `"true"`: false, `1`: false, `false`: true, `"false"`: true, `"False"`: true} {
		p := play(t).on("PracticeGet", strings.Replace(practiceGet, `"active":true`, `"active":`+raw, 1)).on("PracticeUpdate", updated)
		c := p.client(t)
		a := read(t, c)
		require.Equal(t, deactivated, a.Deactivated, raw)
		_, err := c.Update(t.Context(), a, a.With("city", "Elsewhere"))
		require.NoError(t, err)
		require.Equal(t, !deactivated, p.of("PracticeUpdate")[0].Body["active"], "sent as true or false")
	}
	t.Run("the documented spelling holds beside another one", func(t *testing.T) {
		c := play(t).on("PracticeGet", strings.Replace(practiceGet, `"active":true`, `"ACTIVE":false,"active":true,"Active":false`, 1)).client(t)
		for range 20 {
			require.False(t, read(t, c).Deactivated)
		}
	})
	t.Run("nonsense is no state", func(t *testing.T) {
		c := play(t).on("PracticeGet", strings.Replace(practiceGet, `"active":true`, `"active":"perhaps"`, 1)).client(t)
		_, err := c.Account(t.Context(), "FAKE-1")
		requireKind(t, err, rest.KindDecode, "perhaps")
	})
	t.Run("a state not shown is not called kept", func(t *testing.T) {
		c := play(t).on("PracticeGet", strings.Replace(practiceGet, `"active":true,`, ``, 1)).client(t)
		a := read(t, c)
		all, err := Diff(a, a)
		require.NoError(t, err)
		require.Equal(t, []Change{{"active", safe.Text{}, safe.Line("true"), Changed}}, []Change(all.Of(Changed)))
	})
}

func TestUX07_DeniedMayMeanInactive(t *testing.T) {
	for _, code := range []string{"4010", "4011", "4012", "4013", "4014"} {
		p := play(t).on("PingWithAccountAuth", refusedWith(code, "Unauthorized"), yes)
		c := p.client(t)
		err := c.PingAccount(t.Context(), "FAKE-1")
		require.True(t, IsDenied(err), code)
		require.Contains(t, rest.UserMessage(err), "or the account is inactive")
		require.NoError(t, c.PingAccount(t.Context(), "FAKE-1"), "nobody is locked out by it")
	}
	require.False(t, IsDenied(nil))
	require.False(t, IsDenied(errors.New("4010")))

	t.Run("an account that cannot be read comes back by a full update", func(t *testing.T) {
		p := play(t).on("PracticeGet", refusedWith("4011", "Unauthorized")).on("PracticeUpdate", updated)
		c := p.client(t)
		off := Vouched(invented().With("active", "false"), time.Now())
		_, err := c.Update(t.Context(), off, off.With("active", "true"))
		require.NoError(t, err)
		require.Equal(t, true, p.of("PracticeUpdate")[0].Body["active"])
	})
	t.Run("one that was active is not brought back by the way", func(t *testing.T) {
		p := play(t).on("PracticeGet", practiceGet, refusedWith("4011", "Unauthorized")).on("PracticeUpdate", updated)
		c := p.client(t)
		a := read(t, c)
		_, err := c.Update(t.Context(), a, a.With("city", "Elsewhere"))
		require.True(t, IsDenied(err))
		require.Empty(t, p.of("PracticeUpdate"))
	})
}

func TestUX08_TheCodeCountsAndNotTheMessage(t *testing.T) {
	p := play(t).on("PingWithAccountAuth", refusedWith("4011", "account already exists"), refusedWith("4130", "Unauthorized"))
	c := p.client(t)
	require.True(t, IsDenied(c.PingAccount(t.Context(), "FAKE-1")))
	err := c.PingAccount(t.Context(), "FAKE-1")
	require.False(t, IsDenied(err))
	require.Equal(t, AccountExists, CodeOf(err))
}

func TestUX09_SaveDoesWhatWasMeant(t *testing.T) {
	created := strings.Replace(updated, "update", "create", 1)
	t.Run("a mistyped id creates nothing", func(t *testing.T) {
		p := play(t).on("PracticeGet", missing).on("PracticeSave", created)
		_, err := p.client(t).Save(t.Context(), Vouched(invented(), time.Now()), invented())
		require.Equal(t, NoAccount, CodeOf(err))
		require.Empty(t, p.of("PracticeSave"))
	})
	t.Run("a new account does not overwrite", func(t *testing.T) {
		p := play(t).on("PracticeGet", practiceGet).on("PracticeSave", updated)
		_, err := p.client(t).Save(t.Context(), Account{}, invented())
		require.Equal(t, AccountExists, CodeOf(err))
		require.Equal(t, rest.NotSent, requireKind(t, err, rest.KindConflict).Phase)
		require.Empty(t, p.of("PracticeSave"))
	})
	for _, word := range []string{"create", "CREATE", "insert", "created"} {
		t.Run("as meant, which is called "+word, func(t *testing.T) {
			p := play(t).on("PracticeGet", missing).on("PracticeSave", strings.Replace(updated, "update", word, 1))
			saved, err := p.client(t).Save(t.Context(), Account{}, invented())
			require.NoError(t, err)
			require.Equal(t, word, saved.Action)
		})
	}
	t.Run("a breakdown does not prove an id free", func(t *testing.T) {
		p := play(t).on("PracticeSave", updated)
		p.On(methods+"PracticeGet", http.StatusInternalServerError, missing)
		_, err := p.client(t).Save(t.Context(), Account{}, invented())
		requireKind(t, err, rest.KindServer)
		require.Empty(t, p.of("PracticeSave"))
	})
	for name, tc := range map[string]struct{ get, save, says string }{
		"created behind our back":   {practiceGet, created, "created a second one"},
		"overwrote behind our back": {missing, updated, "overwrote it"},
	} {
		t.Run(name, func(t *testing.T) {
			c := play(t).on("PracticeGet", tc.get).on("PracticeSave", tc.save).client(t)
			present := Account{}
			if tc.get == practiceGet {
				present = read(t, c)
			}
			next := present
			if !present.Known() {
				next = invented()
			}
			_, err := c.Save(t.Context(), present, next)
			e := requireKind(t, err, rest.KindConflict)
			require.Equal(t, rest.Done, e.Phase)
			require.Contains(t, e.UserMessage(), tc.says)
		})
	}
}

func TestUX10_PunctuationIsTakenOut(t *testing.T) {
	p := play(t).on("PracticeCreate", yes)
	a := invented().With("phone", " +1 (203) 555-0100").With("fax", "203.555.0101").With("postal", "06512-1234")
	_, err := p.client(t).Create(t.Context(), a)
	require.NoError(t, err)
	got := p.of("PracticeCreate")[0].Body
	require.Equal(t, []any{"2035550100", "2035550101", "065121234"}, []any{got["phone"], got["fax"], got["postal"]})
}

func TestUX11_StatesAndTerritories(t *testing.T) {
	require.Len(t, States(), 56, "fifty, the District and five territories")
	for _, st := range States() {
		for _, spelt := range []string{st.Code, st.Name, strings.ToLower(st.Code), strings.ToUpper(st.Name)} {
			a := invented().With("state", spelt)
			require.Empty(t, Check(a), spelt)
			require.Equal(t, st.Code, Normal(a).State.Raw())
		}
	}
	for _, wrong := range []string{"XX", "Ontario", "C", "CTT", "ZZ", "PW"} {
		require.Contains(t, Check(invented().With("state", wrong)), "state", wrong)
	}
}

func TestUX12_NineZonesAndWhatTheVendorHas(t *testing.T) {
	require.Len(t, Zones(), 9)
	for _, zone := range Zones() {
		require.Empty(t, Check(invented().With("timeZone", zone)))
	}
	require.Contains(t, Check(invented().With("timeZone", "America/Detroit")), "timeZone")

	p := play(t).on("PracticeGet", strings.Replace(practiceGet, "America/New_York", "America/Indiana/Knox", 1)).on("PracticeUpdate", updated)
	c := p.client(t)
	a := read(t, c)
	_, err := c.Update(t.Context(), a, a.With("city", "Elsewhere"))
	require.NoError(t, err, "a zone the vendor has is kept as it is")
	require.Equal(t, "America/Indiana/Knox", p.of("PracticeUpdate")[0].Body["timeZone"])
	_, err = c.Update(t.Context(), a, a.With("timeZone", "America/Detroit"))
	require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, "timeZone")
}

func TestUX13_TheWebsiteIsALabel(t *testing.T) {
	require.Equal(t, "https://updox.myupdox.com", PortalURL("updox"))
	require.Equal(t, "https://updox.myupdox.com", PortalURL("updox.myupdox.com"), "the whole host, as an old sample has it")
	require.Empty(t, PortalURL(""))
	for _, good := range []string{"updox", "a", "7", "river-side-2", "UPDOX", "updox.myupdox.com"} {
		require.Empty(t, Check(invented().With("websiteAddress", good)), good)
	}
	require.Equal(t, "updox", Normal(invented().With("websiteAddress", "Updox.myupdox.com")).WebsiteAddress.Raw())
	for _, bad := range []string{"a b", "https://x", "x.example.com", "-x", "x-", "x/y", "ü", strings.Repeat("a", 64)} {
		require.Contains(t, Check(invented().With("websiteAddress", bad)), "websiteAddress", bad)
	}
	known := []Account{invented().With("websiteAddress", "Taken")}
	other, taken := LabelTaken("taken", "FAKE-2", known)
	require.True(t, taken)
	require.Equal(t, "FAKE-1", other.ID.Raw())
	_, taken = LabelTaken("taken", "FAKE-2", []Account{invented().With("websiteAddress", "taken.myupdox.com")})
	require.True(t, taken, "as a whole host")
	_, taken = LabelTaken("taken", "FAKE-1", known)
	require.False(t, taken, "by itself")
	_, taken = LabelTaken("", "FAKE-2", append(known, invented()))
	require.False(t, taken)
}

func TestUX14_ThePasswordIsSeenByNobodyElse(t *testing.T) {
	var log bytes.Buffer
	p := play(t).on("PracticeCreate", refusedWith("4060", "echo "+fakePassword)).on("Ping", yes)
	c := p.client(t, logInto(&log))
	_, err := c.Create(t.Context(), invented().With("city", "Private Town"))
	require.Error(t, err)
	require.NotContains(t, err.Error(), fakePassword)
	require.NotContains(t, err.Error(), "Private Town")
	require.NoError(t, c.Ping(t.Context()))
	require.NotContains(t, p.of("Ping")[0].Body, "auth", "who needs no credentials gets none")
	require.NotContains(t, log.String(), fakePassword)
	require.NotContains(t, log.String(), fakeApp)
	require.NotContains(t, log.String(), "Private Town")
	require.NotContains(t, log.String(), p.URL)
	require.Contains(t, log.String(), "create practice account")

	s := p.of("PracticeCreate")[0]
	require.Equal(t, map[string]any{"applicationId": fakeApp, "applicationPassword": fakePassword, "accountId": "FAKE-1", "userId": ""}, s.auth())
	require.Equal(t, "/api/io/PracticeCreate", s.Path)
	require.Empty(t, s.Header.Get("Authorization"))

	block := auth{fakeApp, fakePassword, "", ""}
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(form, block), fakePassword, form)
	}
	require.Equal(t, "•••", secret(fakePassword).LogValue().String())

	t.Run("the keyring's error and an empty one stop the call", func(t *testing.T) {
		locked := errors.New("the keyring is locked")
		p := play(t)
		c := p.client(t, func(cfg *Config) {
			cfg.Credentials = func(context.Context) (string, string, error) { return "", "", locked }
		})
		err := c.PingApplication(t.Context())
		require.ErrorIs(t, err, locked)
		require.Equal(t, rest.NotSent, requireKind(t, err, rest.KindAuth).Phase)
		require.Contains(t, rest.UserMessage(err), "the keyring is locked.")
		c = p.client(t, func(cfg *Config) {
			cfg.Credentials = func(context.Context) (string, string, error) { return fakeApp, "", nil }
		})
		requireKind(t, c.PingApplication(t.Context()), rest.KindAuth)
		require.Empty(t, p.All())
	})
}

func TestUX15_ReadAgainJustBefore(t *testing.T) {
	p := play(t).on("PracticeGet", practiceGet, strings.Replace(practiceGet, "Nowhere", "Somewhere Private", 1)).on("PracticeUpdate", updated)
	c := p.client(t)
	a := read(t, c)
	_, err := c.Update(t.Context(), a, a.With("fax", ""))
	e := requireKind(t, err, rest.KindConflict, "Somewhere Private")
	require.Equal(t, rest.NotSent, e.Phase)
	require.Contains(t, e.UserMessage(), "(city)")
	require.Empty(t, p.of("PracticeUpdate"))
	a = read(t, c)
	_, err = c.Update(t.Context(), a, a.With("fax", ""))
	require.NoError(t, err)

	t.Run("a field that nobody knew of has appeared", func(t *testing.T) {
		p.on("PracticeGet", strings.Replace(practiceGet, `"active":true`, `"active":true,"futureThing":"x"`, 1))
		_, err := c.Update(t.Context(), a, a.With("fax", ""))
		require.Contains(t, requireKind(t, err, rest.KindConflict).UserMessage(), "futureThing")
		require.Len(t, p.of("PracticeUpdate"), 1)
	})
	t.Run("the zone the vendor gives who names none is no change", func(t *testing.T) {
		p := play(t).on("PracticeGet", strings.Replace(practiceGet, "America/New_York", "Zulu", 1)).on("PracticeUpdate", updated)
		written := Vouched(a.With("timeZone", "").With("city", "Nowhere"), time.Now())
		_, err := p.client(t).Update(t.Context(), written, written.With("fax", ""))
		require.NoError(t, err)
		p.on("PracticeGet", practiceGet)
		_, err = p.client(t).Update(t.Context(), written, written.With("fax", ""))
		require.Contains(t, requireKind(t, err, rest.KindConflict).UserMessage(), "(timeZone)")
	})
	t.Run("what cannot be read is not overwritten", func(t *testing.T) {
		p.on("PracticeGet", `{"successful":true`)
		_, err := c.Update(t.Context(), a, a.With("fax", ""))
		requireKind(t, err, rest.KindDecode)
		p.on("PracticeGet", missing)
		_, err = c.Update(t.Context(), a, a.With("fax", ""))
		require.Equal(t, NoAccount, CodeOf(err))
		require.Len(t, p.of("PracticeUpdate"), 1)
	})
}

func TestUX16_WhatBecameOfALostCreation(t *testing.T) {
	sent := invented().With("address1", "1 Placeholder Street").With("city", "nowhere").With("state", "Connecticut").
		With("postal", "06512").With("phone", "(555) 555-0100").With("fax", "555 555 0101")
	for name, tc := range map[string]struct {
		get  string
		want Outcome
	}{
		"it is there":          {practiceGet, Done},
		"nobody is":            {missing, NotDone},
		"another practice is":  {strings.Replace(practiceGet, "Invented", "Unrelated", 1), Other},
		"at another address":   {strings.Replace(practiceGet, "1 Placeholder", "2 Placeholder", 1), Other},
		"denied":               {refusedWith("4010", "Unauthorized"), Unclear},
		"about somebody else":  {strings.Replace(practiceGet, "FAKE-1", "FAKE-2", 1), Unclear},
		"unreadable":           {`{"successful":true`, Unclear},
		"the vendor has no ID": {strings.Replace(practiceGet, `"FAKE-1"`, `null`, 1), Unclear},
	} {
		t.Run(name, func(t *testing.T) {
			got, found, err := play(t).on("PracticeGet", tc.get).client(t).Settle(t.Context(), Account{}, sent)
			require.Equal(t, tc.want.String(), got.String())
			require.Equal(t, tc.want == Unclear, err != nil)
			require.Equal(t, tc.want == Done || tc.want == Other, found.Known())
		})
	}
	t.Run("4130 after a lost answer", func(t *testing.T) {
		p := play(t).on("PracticeCreate", ``, refusedWith("4130", "account already exists")).on("PracticeGet", practiceGet)
		c := p.client(t)
		_, err := c.Create(t.Context(), sent)
		require.True(t, requireKind(t, err, rest.KindDecode).Ambiguous)
		_, err = c.Create(t.Context(), sent)
		e := requireKind(t, err, rest.KindConflict)
		require.Equal(t, AccountExists, CodeOf(err))
		require.False(t, e.Ambiguous)
		require.Contains(t, e.Fields, "accountId")
		require.Contains(t, e.UserMessage(), "exists at Updox already")
		got, _, err := c.Settle(t.Context(), Account{}, sent)
		require.NoError(t, err)
		require.Equal(t, Done, got)
	})
}

func TestSettleAnUpdate(t *testing.T) {
	before, err := decodeAccount(practiceOf(t, practiceGet), time.Now())
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		get  string
		want Outcome
	}{
		"landed":        {strings.NewReplacer("Nowhere", "Elsewhere", `"5555550101"`, "null").Replace(practiceGet), Done},
		"did not":       {practiceGet, NotDone},
		"half":          {strings.Replace(practiceGet, "Nowhere", "Elsewhere", 1), Other},
		"somebody else": {strings.Replace(practiceGet, "Nowhere", "Third Town", 1), Other},
		"gone":          {missing, Other},
		"denied":        {refusedWith("4011", "Unauthorized"), Unclear},
	} {
		t.Run(name, func(t *testing.T) {
			c := play(t).on("PracticeGet", tc.get).client(t)
			got, _, err := c.Settle(t.Context(), before, before.With("city", "Elsewhere").With("fax", ""))
			require.Equal(t, tc.want.String(), got.String())
			require.Equal(t, tc.want == Unclear, err != nil)
		})
	}
	for name, tc := range map[string]struct {
		field, value, get string
		want              Outcome
	}{
		"what is never shown":            {"practiceNpi", "1234567893", practiceGet, Unclear},
		"a state that is not shown":      {"active", "false", strings.Replace(practiceGet, `"active":true,`, "", 1), Unclear},
		"large letters that did not":     {"name", "INVENTED PRACTICE", practiceGet, NotDone},
		"large letters that landed":      {"name", "INVENTED PRACTICE", strings.Replace(practiceGet, "Invented Practice", "INVENTED PRACTICE", 1), Done},
		"nothing":                        {"city", "Nowhere", practiceGet, Done},
		"beside a field nobody knows of": {"city", "Elsewhere", strings.Replace(practiceGet, `"city":"Nowhere"`, `"city":"Elsewhere","revision":8`, 1), Done},
		"not, beside one of those":       {"city", "Elsewhere", strings.Replace(practiceGet, `"active"`, `"revision":7,"active"`, 1), NotDone},
	} {
		t.Run(name, func(t *testing.T) {
			c := play(t).on("PracticeGet", tc.get).client(t)
			got, _, err := c.Settle(t.Context(), before, before.With(tc.field, tc.value))
			require.Equal(t, tc.want.String(), got.String())
			require.Equal(t, tc.want == Unclear, err != nil)
		})
	}
	t.Run("a breakdown tells nothing", func(t *testing.T) {
		p := play(t)
		p.On(methods+"PracticeGet", http.StatusInternalServerError, missing)
		p.On(methods+"PingWithApplicationAuth", http.StatusInternalServerError, refusedWith("4010", "Unauthorized"))
		c := p.client(t)
		got, _, err := c.Settle(t.Context(), Account{}, before)
		require.Equal(t, Unclear, got)
		requireKind(t, err, rest.KindServer)
		require.False(t, IsDenied(c.PingApplication(t.Context())))
	})
	t.Run("a cleared zone is Zulu", func(t *testing.T) {
		c := play(t).on("PracticeGet", strings.Replace(practiceGet, "America/New_York", "Zulu", 1)).client(t)
		got, _, err := c.Settle(t.Context(), before, before.With("timeZone", ""))
		require.NoError(t, err)
		require.Equal(t, Done, got)
	})
}

func practiceOf(t *testing.T, answer string) json.RawMessage {
	t.Helper()
	var o object
	require.NoError(t, json.Unmarshal([]byte(answer), &o))
	return o["practice"]
}

func TestConfig(t *testing.T) {
	good := play(t).config()
	for name, spoil := range map[string]func(*Config){
		"method in the base": func(c *Config) { c.Base += "/PracticeCreate" },
		"no credentials":     func(c *Config) { c.Credentials = nil },
		"placement":          func(c *Config) { c.Placement = 9 },
		"plain http":         func(c *Config) { c.Base = "http://updox.example/api/io" },
		"no base":            func(c *Config) { c.Base = "" },
	} {
		cfg := good
		spoil(&cfg)
		_, err := New(cfg)
		requireKind(t, err, rest.KindConfig, "updox.example")
		require.NotEmpty(t, rest.UserMessage(err), name)
	}
	c, err := New(good)
	require.NoError(t, err)
	defer c.Close()
	require.Equal(t, "idle", c.Health().Word)
	require.Empty(t, c.Stats())
	c.Reset()
}

// The samples' ways of asking and answering.
func TestAnswersOfTheDocument(t *testing.T) {
	p := play(t).on("PracticeGet", practiceGet).on("PracticeCreate", yes).
		on("PracticeList", `{"successful":true,"responseMessage":"OK","responseCode":2000,"practiceList":[
			{"accountId":"FAKE-1","name":"One","active":"true"},{"accountId":"FAKE-2","name":"Two","active":false}]}`)
	c := p.client(t)
	a := read(t, c)
	require.Equal(t, "Invented Practice", a.Name.String())
	require.Equal(t, "America/New_York", a.TimeZone.String())
	require.True(t, a.Known())
	require.False(t, a.Read.IsZero())
	for _, name := range Fields() {
		require.Equal(t, a.Value(name), a.With(name, a.Value(name).Raw()).Value(name), name)
	}
	all, err := c.Accounts(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.True(t, all[1].Deactivated)
	for _, s := range p.All() {
		require.Equal(t, http.MethodPost, s.Method)
		require.Equal(t, "application/json", s.Header.Get("Content-Type"))
	}
	_, err = c.Account(t.Context(), "")
	requireKind(t, err, rest.KindValidation)
	_, err = c.Create(t.Context(), Account{})
	require.Len(t, requireKind(t, err, rest.KindValidation).Fields, 2)
	require.Empty(t, p.of("PracticeCreate"))
	for _, broken := range []string{yes, `{"successful":true,"responseCode":2000,"practiceList":[1]}`,
		`{"successful":true,"responseCode":2000,"practiceList":[{"active":"perhaps"}]}`} {
		_, err = play(t).on("PracticeList", broken).client(t).Accounts(t.Context())
		requireKind(t, err, rest.KindDecode)
	}
}

// Where the vendor reads the id in auth only, as the older document has it, the
// reading finds it there after a refusal; nothing is asked for twice otherwise.
func TestUX2_ReadingFindsItsPlace(t *testing.T) {
	p := play(t).on("PracticeGet", refusedWith("4110", "no practice ID"), practiceGet)
	a, err := p.client(t).Account(t.Context(), "FAKE-1")
	require.NoError(t, err)
	require.Equal(t, "Invented Practice", a.Name.String())
	all := p.of("PracticeGet")
	require.Len(t, all, 2)
	require.Equal(t, "", all[0].auth()["accountId"])
	require.Equal(t, "FAKE-1", all[1].auth()["accountId"])
	require.Equal(t, "FAKE-1", all[1].fields()["accountId"])

	for placement, requests := range map[Placement]int{InBoth: 2, InAuth: 1, AtTop: 1} {
		p := play(t).on("PracticeGet", refusedWith("4110", "no practice ID"))
		_, err := p.client(t, func(c *Config) { c.Placement = placement }).Account(t.Context(), "FAKE-1")
		require.Equal(t, NoAccountID, CodeOf(err))
		require.Len(t, p.of("PracticeGet"), requests)
	}
}
