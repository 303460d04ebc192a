package onboard

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/updox"
)

// The form makes the document's example of an enterprise, word for word.
func TestTheDocumentsEnterprise(t *testing.T) {
	require.Empty(t, Check(newHaven()))
	require.Equal(t, Enterprise{
		Name: "City of New Haven University Hospital", City: "New Haven", State: "CT", AddressLine1: "770 Chapel St",
		Zip: "06512", SupportPhoneNumber: "(203) 415-3486", DefaultQuickPayDescription: "Copay",
		StatementDescriptor: "BANK STATEMENT DESCRIPTOR OVERRIDE", TimeZone: "Eastern Time (US & Canada)",
		ColorStatements: true, FirstClass: true, ReturnEnvelope: true, Perforation: true,
		Practices: []Practice{{Name: "New Haven Emergency Room", AddressLine1: "Address line 1 placeholder",
			City: "City Placeholder", State: "Connecticut", TimeZone: "Eastern Time (US & Canada)"}},
	}, InboxHealth(newHaven()))
	a := Account(newHaven())
	require.Equal(t, "2034153486", a.Phone.Raw())
	require.Equal(t, "America/New_York", a.TimeZone.Raw())
	require.False(t, a.Deactivated)
	require.Empty(t, updox.Check(a))
}

func TestBothVendorsGetTheSame(t *testing.T) {
	f := newHaven()
	f.State, f.Zip, f.Zone = "puerto rico", "009011234", "America/St_Thomas"
	f.Places[0].Zone = "US/Pacific"
	require.Empty(t, Check(f))
	a, e := Account(f), InboxHealth(f)
	require.Equal(t, []string{"PR", "009011234", "America/Puerto_Rico"}, []string{a.State.Raw(), a.Postal.Raw(), a.TimeZone.Raw()})
	require.Equal(t, []string{"PR", "00901-1234", "Puerto Rico"}, []string{e.State, e.Zip, e.TimeZone})
	require.Equal(t, "Pacific Time (US & Canada)", e.Practices[0].TimeZone)
}

func TestCheckNamesTheFormsFields(t *testing.T) {
	for field, spoil := range map[string]func(*Form){
		"AccountID": func(f *Form) { f.AccountID = " " }, "Name": func(f *Form) { f.Name = "" },
		"Zip": func(f *Form) { f.Zip = "1234" }, "Phone": func(f *Form) { f.Phone = "555" }, "Fax": func(f *Form) { f.Fax = "x" },
		"State": func(f *Form) { f.State = "Ontario" }, "Zone": func(f *Form) { f.Zone = "Pacific/Guam" },
		"Website":        func(f *Form) { f.Website = "a b" },
		"Places.0.Name":  func(f *Form) { f.Places[0].Name = "" },
		"Places.0.State": func(f *Form) { f.Places[0].State = "XX" }, "Places.0.Zone": func(f *Form) { f.Places[0].Zone = "Mars" },
	} {
		f := newHaven()
		spoil(&f)
		found := Check(f)
		require.Len(t, found, 1, field)
		require.Regexp(t, `^[A-Z].*\.$`, found[field], field)
	}
	f := newHaven()
	f.Zone = ""
	require.Contains(t, Check(f), "Zone", "Updox would take Zulu for it")
	for _, name := range updox.Fields() {
		if _, asked := fieldOf[name]; !asked {
			require.Empty(t, updox.Check(Account(newHaven()))[name], "the form cannot be wrong about what it does not ask")
		}
	}
}

func TestZones(t *testing.T) {
	require.ElementsMatch(t, updox.Zones(), Zones())
	rails := map[string]bool{}
	for _, name := range Zones() {
		z, ok := ZoneOf(name)
		require.True(t, ok)
		require.Equal(t, name, z.Updox)
		back, ok := ZoneOf(z.InboxHealth)
		require.True(t, ok)
		require.Equal(t, z, back)
		require.False(t, rails[z.InboxHealth], "two zones are called %s", z.InboxHealth)
		rails[z.InboxHealth] = true
	}
	for name, updox := range map[string]string{
		"Eastern Time (US & Canada)": "America/New_York", "Central Time (US & Canada)": "America/Chicago",
		"Mountain Time (US & Canada)": "America/Denver", "Arizona": "America/Phoenix",
		"Pacific Time (US & Canada)": "America/Los_Angeles", "Alaska": "America/Anchorage", "Hawaii": "Pacific/Honolulu",
		"Puerto Rico": "America/Puerto_Rico", "UTC": "Zulu", "America/Detroit": "America/New_York", "Indiana (East)": "America/New_York",
	} {
		z, ok := ZoneOf(name)
		require.True(t, ok, name)
		require.Equal(t, updox, z.Updox)
	}
	for _, none := range []string{"", "Pacific/Guam", "American Samoa", "Guam", "Europe/Berlin", "eastern"} {
		_, ok := ZoneOf(none)
		require.False(t, ok, none)
	}
}

// What the one vendor's spelling becomes for the other comes back as it was.
func TestSpellingsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		phone := rapid.StringMatching(`[0-9]{10}`).Draw(t, "phone")
		require.Regexp(t, `^\(\d{3}\) \d{3}-\d{4}$`, SpokenPhone(phone))
		require.Equal(t, phone, Digits(SpokenPhone(phone)))
		zip := rapid.StringMatching(`[0-9]{5}([0-9]{4})?`).Draw(t, "zip")
		require.Equal(t, zip, Digits(DashedZIP(zip)))
		require.Equal(t, len(zip) == 9, strings.Contains(DashedZIP(zip), "-"))
		state := rapid.SampledFrom(updox.States()).Draw(t, "state")
		byCode, ok := StateOf(state.Code)
		require.True(t, ok)
		byName, ok := StateOf(byCode.Name)
		require.True(t, ok)
		require.Equal(t, state, byName)
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		there, ok := ZoneOf(zone.Updox)
		require.True(t, ok)
		back, ok := ZoneOf(there.InboxHealth)
		require.True(t, ok)
		require.Equal(t, zone, back)
		odd := rapid.String().Draw(t, "odd")
		if strings.Trim(odd, "0123456789") != "" {
			require.Equal(t, odd, SpokenPhone(odd))
			require.Equal(t, odd, DashedZIP(odd))
		}
	})
}
