package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const whole = `default = "riverside"
theme = "dark"
operator = "Front desk"

[profile.riverside]
practice = "Riverside Family Clinic"
environment = "sandbox"
zone = "America/New_York"
operator = "Maria Lopez"
durations = [20, 40]
visit_types = ["NEW", "FOLLOWUP"]
requested_tag = "Appointment requested"
hold = "4m"
overdue = "90m"
ledger = "/srv/frontdesk/ledger.db"
ledger_group = "frontdesk"
ascii = true
log = false
mouse = false
lock_after = "2m"
log_off = "20m"
blank_on_blur = true
copy_patient_data = false
undo_comment = "0s"
undo_money = "45s"
undo_termination = "2m"
ticket_marker = true

[profile.riverside.naturaesoft]
base = "http://127.0.0.1:8080/naturaesoft"
ppass = "RiversideOffice"
rate = 5
burst = 10
parallel = 4

[profile.riverside.connect4healthcare]
base = "https://tickets.example/api"
create_by_post = true
rate = 2
burst = 4
parallel = 3

[profile.riverside.inboxhealth]
base = "https://billing.example/partner/v2"
auth_mode = "basic"
charge_cards = true
rate = 8
burst = 80
parallel = 2

[profile.riverside.updox]
base = "https://accounts.example/api/io"
account_id = "riverside-1"
rate = 1.5
burst = 2
parallel = 1

[profile.riverside.anglehealth]
base = "https://enroll.example/broker"
token_scheme = "basic"
plans = ["silver_ppo", "delta_dental"]
rate = 3
burst = 6
parallel = 5

[profile.hilltop]
zone = "America/Denver"
theme = "light"
`

// put writes text to a new configuration file, readable by this account only.
func put(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func load(t *testing.T, text string) *File {
	t.Helper()
	f, err := Load(put(t, text))
	require.NoError(t, err)
	return f
}

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestWholeFile(t *testing.T) {
	f := load(t, whole)
	p, err := Resolve(f, nil, env())
	require.NoError(t, err)
	require.Equal(t, "America/New_York", p.Zone.String())
	p.Zone, p.origins = nil, nil
	require.Equal(t, Profile{
		Name: "riverside", Practice: "Riverside Family Clinic", Environment: Sandbox,
		Operator: "Maria Lopez", Durations: []int{20, 40}, VisitTypes: []string{"NEW", "FOLLOWUP"},
		RequestedTag: "Appointment requested", Hold: 4 * time.Minute, Overdue: 90 * time.Minute,
		Ledger: "/srv/frontdesk/ledger.db", LedgerGroup: "frontdesk",
		Theme: "dark", ASCII: true,
		LockAfter: 2 * time.Minute, LogOff: 20 * time.Minute, BlankOnBlur: true, TicketMarker: true,
		UndoMoney: 45 * time.Second, UndoTermination: 2 * time.Minute,
		Naturaesoft: Naturaesoft{Base: "http://127.0.0.1:8080/naturaesoft", PPass: "RiversideOffice",
			Limits: Limits{Rate: 5, Burst: 10, Parallel: 4}},
		Connect4Healthcare: Connect4Healthcare{Base: "https://tickets.example/api", CreateByPost: true,
			Limits: Limits{Rate: 2, Burst: 4, Parallel: 3}},
		InboxHealth: InboxHealth{Base: "https://billing.example/partner/v2", AuthMode: AuthBasic, ChargeCards: true,
			Limits: Limits{Rate: 8, Burst: 80, Parallel: 2}},
		Updox: Updox{Base: "https://accounts.example/api/io", AccountID: "riverside-1",
			Limits: Limits{Rate: 1.5, Burst: 2, Parallel: 1}},
		AngleHealth: AngleHealth{Base: "https://enroll.example/broker", TokenScheme: TokenBasic,
			Plans: []string{"silver_ppo", "delta_dental"}, Limits: Limits{Rate: 3, Burst: 6, Parallel: 5}},
	}, p)
	require.True(t, p.Connect4Healthcare.Used())
	require.True(t, p.InboxHealth.Used())
	require.True(t, p.Updox.Used())
	require.True(t, p.AngleHealth.Used())
}

func TestSmallestProfileHasDefaults(t *testing.T) {
	f := load(t, "[profile.one]\nzone='Pacific/Honolulu'\n[profile.one.naturaesoft]\nppass='OneOffice'\n")
	p, err := Resolve(f, nil, env())
	require.NoError(t, err)
	require.Equal(t, "one", p.Practice)
	require.Equal(t, Live, p.Environment)
	require.Equal(t, []int{15, 30, 45, 60}, p.Durations)
	require.Empty(t, p.VisitTypes)
	require.Empty(t, p.RequestedTag)
	require.Equal(t, 5*time.Minute, p.Hold)
	require.Equal(t, 2*time.Hour, p.Overdue)
	require.NotEmpty(t, p.Operator)
	require.Equal(t, "https://api.naturaesoft.com", p.Naturaesoft.Base)
	require.True(t, p.Naturaesoft.Used())
	require.Equal(t, "default", p.Origin("hold"))
	require.Equal(t, 5*time.Minute, p.LockAfter)
	require.Equal(t, 30*time.Minute, p.LogOff)
	require.Equal(t, 10*time.Second, p.UndoComment)
	require.Equal(t, 30*time.Second, p.UndoMoney)
	require.Equal(t, time.Minute, p.UndoTermination)
	require.True(t, p.Mouse)
	require.False(t, p.BlankOnBlur || p.TicketMarker)

	p, err = Resolve(load(t, "[profile.one]\nzone='UTC'\n"), nil, env())
	require.NoError(t, err)
	require.False(t, p.Naturaesoft.Used() || p.Connect4Healthcare.Used() || p.InboxHealth.Used() || p.Updox.Used() || p.AngleHealth.Used())
}

// What a vendor leaves open is filled in only for a vendor that is used.
func TestVendorsHaveDefaults(t *testing.T) {
	p, err := Resolve(load(t, "[profile.a]\nzone='UTC'\n[profile.a.inboxhealth]\nbase='https://b.example'\n"+
		"[profile.a.anglehealth]\nbase='https://e.example'\n[profile.a.updox]\nbase='https://u.example'\n"), nil, env())
	require.NoError(t, err)
	require.Equal(t, InboxHealth{Base: "https://b.example", AuthMode: AuthBoth}, p.InboxHealth)
	require.Equal(t, AngleHealth{Base: "https://e.example", TokenScheme: TokenBearer}, p.AngleHealth)
	require.Equal(t, Updox{Base: "https://u.example"}, p.Updox)
	require.Zero(t, p.Connect4Healthcare)
	require.Equal(t, "default", p.Origin("inboxhealth.auth_mode"))
	require.NotEqual(t, "default", p.Origin("inboxhealth.base"))
}

// Data of patients stays off the clipboard unless the file says otherwise; the
// people of a sandbox are nobody's patients.
func TestCopyingPatientDataFollowsTheEnvironment(t *testing.T) {
	for text, want := range map[string]bool{
		"environment='live'": false, "environment='sandbox'": true,
		"environment='live'\ncopy_patient_data=true": true, "environment='sandbox'\ncopy_patient_data=false": false,
	} {
		p, err := Resolve(load(t, "[profile.a]\nzone='UTC'\n"+text+"\n"), nil, env())
		require.NoError(t, err, text)
		require.Equal(t, want, p.CopyPatientData, text)
	}
	p, err := Resolve(load(t, "[profile.a]\nzone='UTC'\n"), nil, env("FRONTDESK_COPY_PATIENT_DATA", "true",
		"FRONTDESK_CONNECT4HEALTHCARE_BASE", "https://t.example", "FRONTDESK_CONNECT4HEALTHCARE_CREATE_BY_POST", "true"))
	require.NoError(t, err)
	require.True(t, p.CopyPatientData)
	require.True(t, p.Connect4Healthcare.CreateByPost)
}

func TestPrecedence(t *testing.T) {
	f := load(t, whole)
	flags := Overrides{"profile": "hilltop", "hold": "7m", "requested-tag": ""}
	_, err := Resolve(f, flags, env())
	require.EqualError(t, err, "--requested-tag is not a flag for any key of the configuration.")

	flags = Overrides{"hold": "7m", "requested_tag": "", "durations": "10, 25"}
	e := env("FRONTDESK_HOLD", "9m", "FRONTDESK_THEME", "contrast", "FRONTDESK_ASCII", "false",
		"FRONTDESK_NATURAESOFT_BASE", "https://emr.example", "FRONTDESK_NATURAESOFT_RATE", "2.5",
		"FRONTDESK_NATURAESOFT_BURST", "3", "FRONTDESK_REQUESTED_TAG", "other", "FRONTDESK_VISIT_TYPES", "A,B")
	p, err := Resolve(f, flags, e)
	require.NoError(t, err)
	require.Equal(t, 7*time.Minute, p.Hold)
	require.Equal(t, []int{10, 25}, p.Durations)
	require.Equal(t, []string{"A", "B"}, p.VisitTypes)
	require.Empty(t, p.RequestedTag)
	require.Equal(t, "contrast", p.Theme)
	require.False(t, p.ASCII)
	require.Equal(t, Naturaesoft{"https://emr.example", "RiversideOffice", Limits{2.5, 3, 4}}, p.Naturaesoft)
	for key, want := range map[string]string{
		"profile": f.path, "hold": "flag --hold", "requested_tag": "flag --requested-tag",
		"theme": "FRONTDESK_THEME", "naturaesoft.base": "FRONTDESK_NATURAESOFT_BASE",
		"zone": f.path, "operator": f.path, "nonsense": "",
	} {
		require.Equal(t, want, p.Origin(key), key)
	}

	p, err = Resolve(f, Overrides{"profile": "hilltop"}, env("FRONTDESK_PROFILE", "riverside"))
	require.NoError(t, err)
	require.Equal(t, "hilltop", p.Name)
	require.Equal(t, "light", p.Theme, "the profile's own key wins over the top of the file")
	require.Equal(t, "Front desk", p.Operator, "the top of the file fills what the profile leaves out")
	require.Equal(t, "flag --profile", p.Origin("profile"))
	p, err = Resolve(f, nil, env("FRONTDESK_PROFILE", "hilltop"))
	require.NoError(t, err)
	require.Equal(t, "FRONTDESK_PROFILE", p.Origin("profile"))
}

// Every key of the file can be given by variable and by flag, and Origin
// answers for each: a key added later cannot be forgotten.
func TestEveryKeyByVariableAndFlag(t *testing.T) {
	f := load(t, whole)
	for _, l := range leaves(reflect.ValueOf(Settings{}), "") {
		// "1" can be read as any of the types; not every key then likes it.
		p, _ := Resolve(f, nil, env(envName(l.key), "1"))
		require.Equal(t, envName(l.key), p.Origin(l.key))
		p, _ = Resolve(f, Overrides{l.key: "1"}, env(envName(l.key), "1"))
		require.Equal(t, "flag "+flagName(l.key), p.Origin(l.key))
	}
}

func TestChoosingAProfile(t *testing.T) {
	for name, c := range map[string]struct{ file, profile, want string }{
		"none set up":            {"theme='dark'\n", "", "No profile is set up yet. Start with: frontdesk demo, or add a [profile.<name>] table to "},
		"none set up, one named": {"", "x", `profile names "x" (from flag --profile), which is not set up. No profile is.`},
		"several":                {"[profile.b]\n[profile.a]\n", "", "has several profiles and no default. Use --profile with one of: a, b."},
		"unknown":                {"[profile.b]\n[profile.a]\n", "x", "There are: a, b."},
		"bad default":            {"default='c'\n[profile.a]\n", "", `profile names "c" (from `},
		"unsafe name":            {"[profile.'../a']\nzone='UTC'\n", "", "Use up to 32 small letters"},
	} {
		t.Run(name, func(t *testing.T) {
			flags := Overrides{}
			if c.profile != "" {
				flags["profile"] = c.profile
			}
			_, err := Resolve(load(t, c.file), flags, env())
			require.ErrorContains(t, err, c.want)
			if name != "none set up" {
				require.NotErrorIs(t, err, ErrNoProfile)
			}
		})
	}
	_, err := Resolve(nil, nil, env())
	require.ErrorIs(t, err, ErrNoProfile)
	missing, err := Load(filepath.Join(t.TempDir(), "nothing", "config.toml"))
	require.NoError(t, err)
	_, err = Resolve(missing, nil, env())
	require.ErrorIs(t, err, ErrNoProfile)
	require.ErrorContains(t, err, filepath.Join("nothing", "config.toml"))
}

func TestLoadSaysWhere(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"misspelt":         {"[profile.a]\n  zon = 'UTC'\n", ":2:3: profile.a.zon is not a known key. Did you mean zone?"},
		"misspelt table":   {"[profile.a.natureasoft]\nppass='x'\n", ":1:2: profile.a.natureasoft is not a known key. Did you mean naturaesoft?"},
		"misspelt top":     {"them = 'dark'\n", ":1:1: them is not a known key. Did you mean theme?"},
		"misspelt vendor":  {"[profile.a.naturaesoft]\nbsae='x'\n", "naturaesoft.bsae is not a known key. Did you mean base?"},
		"misspelt token":   {"[profile.a.anglehealth]\ntoken_schme='x'\n", "anglehealth.token_schme is not a known key. Did you mean token_scheme?"},
		"misspelt billing": {"[profile.a.inboxheath]\nbase='x'\n", "inboxheath is not a known key. Did you mean inboxhealth?"},
		"card wanted":      {"[profile.a.inboxhealth]\ncharge_cards='yes'\n", "charge_cards wants true or false, without quotes."},
		"nothing alike":    {"[profile.a.naturaesoft]\nquux='x'\n", "quux is not a known key. Known here: base, burst, parallel, ppass, rate."},
		"wrong level":      {"durations=[15]\n", ":1:1: durations is not a known key here: it belongs in a [profile.<name>] table."},
		"odd name":         {"[profile.a]\n'x y'=1\n", `profile.a."x y" is not a known key.`},
		"text wanted":      {"[profile.a]\nzone=5\n", ":2:6: profile.a.zone wants a text in quotes."},
		"number wanted":    {"[profile.a.naturaesoft]\nburst=2.5\n", ":2:7: profile.a.naturaesoft.burst wants a whole number, without quotes."},
		"rate wanted":      {"[profile.a.naturaesoft]\nrate='5'\n", "rate wants a number, without quotes."},
		"bool wanted":      {"ascii='yes'\n", ":1:7: ascii wants true or false, without quotes."},
		"list wanted":      {"[profile.a]\ndurations=3\n", "durations wants a list of whole numbers such as [15, 30]."},
		"text in list":     {"[profile.a]\ndurations=[15,'x']\n", ":2:15: profile.a.durations wants a list of whole numbers such as [15, 30]."},
		"types wanted":     {"[profile.a]\nvisit_types='NEW'\n", `visit_types wants a list of texts such as ["NEW", "FOLLOWUP"].`},
		"table wanted":     {"profile=3\n", "profile wants a table"},
		"broken":           {"zone\n", ":1:5: this is not valid TOML: expected"},
		"twice":            {"[profile.a]\nzone='x'\nzone='y'\n", ":3:1: this is not valid TOML: key zone is already defined"},
	} {
		t.Run(name, func(t *testing.T) {
			path := put(t, c.text)
			_, err := Load(path)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, path+":")
		})
	}
	_, err := Load(put(t, "a1=1\n[profile.a]\nb2=2\n"))
	require.Len(t, strings.Split(err.Error(), "\n"), 2, "every unknown key is said at once")
}

func TestSecretsAreTurnedAway(t *testing.T) {
	const planted = "obviously-fake-1234"
	for _, key := range []string{"key", "api_key", "apiKey", "secret", "client_secret", "token", "access_token",
		"password", "Passwd", "pass", "passphrase", "credentials"} {
		_, err := Load(put(t, "[profile.a.naturaesoft]\nppass='A'\n"+key+"='"+planted+"'\n"))
		require.ErrorContains(t, err, "secrets do not belong here: run frontdesk login naturaesoft", key)
		require.NotContains(t, err.Error(), planted)
		_, err = Load(put(t, key+"='"+planted+"'\n"))
		require.ErrorContains(t, err, "secrets do not belong here: run frontdesk login <vendor>", key)
		require.NotContains(t, err.Error(), planted)
	}
	for _, text := range []string{
		"base='https://joe:" + planted + "@emr.example'", "base='https://emr.example/?key=" + planted + "'",
		"base='ftp://" + planted + "'", "base='%" + planted + "'", "ppass='a/" + planted + "'",
	} {
		f := load(t, "[profile.a]\nzone='UTC'\nledger='postgres://joe:"+planted+"@db'\n[profile.a.naturaesoft]\n"+text+"\n")
		_, err := Resolve(f, nil, env())
		require.ErrorContains(t, err, "ledger holds a password, and secrets do not belong here: run frontdesk login ledger")
		require.ErrorContains(t, err, "naturaesoft.")
		require.NotContains(t, err.Error(), planted)
	}
}

func TestValues(t *testing.T) {
	const z = "zone='UTC'\n"
	const n = z + "[profile.a.naturaesoft]\n"
	for name, c := range map[string]struct{ text, want string }{
		"zone missing":     {"", `profile.a.zone is missing. Name the practice's time zone, such as zone = "America/New_York".`},
		"zone misspelt":    {"zone='America/NewYork'", "Did you mean America/New_York?"},
		"zone spaced":      {"zone='America/Los Angeles'", "Did you mean America/Los_Angeles?"},
		"zone unknown":     {"zone='Mars/Olympus'", `zone is "Mars/Olympus", which is not a zone of a place. Use an IANA name`},
		"zone local":       {"zone='Local'", `zone is "Local"`},
		"zone no summer":   {"zone='EST'", `zone is "EST"`},
		"zone escapes":     {"zone='../../etc/passwd'", "not a zone"},
		"duration 0":       {z + "durations=[15,0]", "durations holds 0. A visit lasts from 1 to 480 minutes."},
		"duration less":    {z + "durations=[-5]", "durations holds -5."},
		"duration long":    {z + "durations=[481]", "durations holds 481."},
		"visit type empty": {z + "visit_types=['A',' ']", "visit_types holds an empty name."},
		"environment":      {z + "environment='prod'", `environment is "prod". Use one of: live, sandbox.`},
		"theme":            {z + "theme='pink'", `theme is "pink". Use one of: auto, light, dark, contrast.`},
		"hold no unit":     {z + "hold='5'", `hold is "5", which is not a length of time. Write it as "5m" or "1h30m".`},
		"hold short":       {z + "hold='59s'", "hold is 59s. It can be from 1m to 30m."},
		"hold long":        {z + "hold='31m'", "hold is 31m. It can be from 1m to 30m."},
		"overdue":          {z + "overdue='-2h'", "overdue is -2h. It can be from 1m to 168h."},
		"server nowhere":   {z + "ledger='PostgreSQL:///db'", "ledger names no server. Write it as postgres://role@host/database."},
		"server broken":    {z + "ledger='postgres://%'", "ledger is not an address."},
		"server weak":      {z + "ledger='postgres://r@db/f?sslmode=require'", "ledger asks for a weaker sslmode to another machine"},
		"server by name":   {z + "ledger='postgres://r@localhost/f?sslmode=disable'", "ledger asks for a weaker sslmode"},
		"server password":  {z + "ledger='postgres://r@db/f?password=x'", "ledger holds a password"},
		"server group":     {z + "ledger='postgres://r@db/f'\nledger_group='desk'", "ledger_group has nothing to share: the ledger is on a server"},
		"ledger relative":  {z + "ledger='ledger.db'", "ledger is not a full path."},
		"ledger home":      {z + "ledger='~/ledger.db'", "ledger is not a full path."},
		"group alone":      {z + "ledger_group='desk'", "ledger_group has nothing to share"},
		"base plain":       {n + "ppass='A'\nbase='http://emr.example'", "naturaesoft.base has to start with https://."},
		"base by name":     {n + "ppass='A'\nbase='http://localhost:80'", "naturaesoft.base has to start with https://."},
		"base no host":     {n + "ppass='A'\nbase='https://'", "naturaesoft.base is not an address."},
		"base words":       {n + "ppass='A'\nbase='emr.example'", "naturaesoft.base is not an address."},
		"base hash":        {n + "ppass='A'\nbase='https://emr.example/#x'", "naturaesoft.base goes on after"},
		"ppass missing":    {n + "base='https://emr.example'", "naturaesoft.ppass is missing."},
		"ppass kb":         {n + "ppass='kb'", `naturaesoft.ppass cannot be "kb": the EMR uses that word itself.`},
		"ppass Products":   {n + "ppass='Products'", "naturaesoft.ppass cannot be"},
		"ppass me":         {n + "ppass='me'", "naturaesoft.ppass cannot be"},
		"ppass dots":       {n + "ppass='..'", "naturaesoft.ppass can have letters"},
		"rate":             {n + "ppass='A'\nrate=-1.0", "naturaesoft.rate can be from 0 to 1000"},
		"rate nan":         {n + "ppass='A'\nrate=nan", "naturaesoft.rate can be from 0 to 1000"},
		"parallel":         {n + "ppass='A'\nparallel=65", "naturaesoft.parallel can be from 0 to 64"},
		"lock short":       {z + "lock_after='5s'", "lock_after is 5s. It can be from 30s to 1h."},
		"lock words":       {z + "lock_after='never'", `lock_after is "never", which is not a length of time.`},
		"log off first":    {z + "lock_after='30m'", "log_off is 30m, which is not after the lock at 30m. Make it longer than lock_after."},
		"log off long":     {z + "log_off='13h'", "log_off is 13h. It can be from 1m to 12h."},
		"undo less":        {z + "undo_comment='-1s'", "undo_comment is -1s. It can be from 0s to 10m."},
		"undo long":        {z + "undo_money='11m'", "undo_money is 11m. It can be from 0s to 10m."},
		"undo no unit":     {z + "undo_termination='60'", `undo_termination is "60", which is not a length of time.`},
		"tickets no base":  {z + "[profile.a.connect4healthcare]\ncreate_by_post=true", "connect4healthcare.base is missing. Give the address"},
		"tickets plain":    {z + "[profile.a.connect4healthcare]\nbase='http://t.example/api'", "connect4healthcare.base has to start with https://."},
		"billing no base":  {z + "[profile.a.inboxhealth]\nauth_mode='both'", "inboxhealth.base is missing."},
		"billing mode":     {z + "[profile.a.inboxhealth]\nbase='https://b.example'\nauth_mode='key'", `inboxhealth.auth_mode is "key". Use one of: both, basic, x-api-key.`},
		"billing rate":     {z + "[profile.a.inboxhealth]\nbase='https://b.example'\nrate=-1.0", "inboxhealth.rate can be from 0 to 1000"},
		"account spaced":   {z + "[profile.a.updox]\nbase='https://u.example'\naccount_id='a b'", "updox.account_id can have up to 64 letters"},
		"account no base":  {z + "[profile.a.updox]\naccount_id='a'", "updox.base is missing."},
		"account parallel": {z + "[profile.a.updox]\nbase='https://u.example'\nparallel=65", "updox.parallel can be from 0 to 64"},
		"scheme":           {z + "[profile.a.anglehealth]\nbase='https://e.example'\ntoken_scheme='Bearer'", `anglehealth.token_scheme is "Bearer". Use one of: bearer, basic.`},
		"plan empty":       {z + "[profile.a.anglehealth]\nbase='https://e.example'\nplans=['a','']", "anglehealth.plans holds an empty name."},
		"plans no base":    {z + "[profile.a.anglehealth]\nplans=['a']", "anglehealth.base is missing."},
		"sandbox no base":  {"environment='sandbox'\n" + n + "ppass='A'", "naturaesoft.base is missing: a sandbox profile"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Resolve(load(t, "[profile.a]\n"+c.text+"\n"), nil, env())
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n", "one fault, one sentence")
		})
	}
	for name, text := range map[string]string{
		"loopback 4": n + "ppass='A'\nbase='http://127.0.0.1:8080/x'", "loopback 6": n + "ppass='A'\nbase='http://[::1]:8080'",
		"least": z + "durations=[1,480]\nhold='1m'", "most": z + "hold='30m'", "theme": z + "theme='contrast'",
		"server": z + "ledger='postgres://r@db/f'", "server verified": z + "ledger='postgres://r@db/f?sslmode=verify-full'",
		"server here": z + "ledger='postgres://r@127.0.0.1:5433/f?sslmode=disable'", "service": z + "ledger='postgres:///?service=desk'",
		"dotted":  n + "ppass='a.b-c_d'",
		"no undo": z + "undo_comment='0s'\nundo_money='0s'\nundo_termination='0s'",
		"locks":   z + "lock_after='30s'\nlog_off='12h'",
		"key":     z + "[profile.a.inboxhealth]\nbase='https://b.example'\nauth_mode='x-api-key'",
	} {
		_, err := Resolve(load(t, "[profile.a]\n"+text+"\n"), nil, env())
		require.NoError(t, err, name)
	}
}

func TestBadTextSaysWhoGaveIt(t *testing.T) {
	f := load(t, whole)
	for _, c := range []struct{ key, text, want string }{
		{"ascii", "yes", "ascii (from FRONTDESK_ASCII) wants true or false."},
		{"durations", "15,x", "durations (from FRONTDESK_DURATIONS) wants a list of whole numbers separated by commas, such as 15,30."},
		{"naturaesoft.rate", "fast", "naturaesoft.rate (from FRONTDESK_NATURAESOFT_RATE) wants a number."},
		{"naturaesoft.burst", "1.5", "wants a whole number."},
		{"zone", "Nowhere", "profile.riverside.zone (from FRONTDESK_ZONE) is"},
	} {
		_, err := Resolve(f, nil, env(envName(c.key), c.text))
		require.ErrorContains(t, err, c.want)
		_, err = Resolve(f, Overrides{c.key: c.text}, env())
		require.ErrorContains(t, err, "(from flag "+flagName(c.key)+")")
	}
}

func TestSaveAndLoadAgree(t *testing.T) {
	text := rapid.OneOf(rapid.Just(""), rapid.StringOfN(rapid.Rune(), 1, 12, -1))
	rapid.Check(t, func(rt *rapid.T) {
		path := filepath.Join(t.TempDir(), "config.toml")
		f := &File{Default: text.Draw(rt, "default"), Profiles: map[string]*Settings{}}
		f.Theme = text.Draw(rt, "theme")
		for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z0-9][a-z0-9_-]{0,8}`), 0, 3, rapid.ID).Draw(rt, "names") {
			s := &Settings{Practice: text.Draw(rt, "practice"), RequestedTag: text.Draw(rt, "tag"),
				Durations: rapid.SliceOfN(rapid.Int(), 1, 3).Draw(rt, "durations")}
			s.ASCII = rapid.Ptr(rapid.Bool(), true).Draw(rt, "ascii")
			s.Naturaesoft.Rate = float64(rapid.IntRange(0, 900).Draw(rt, "rate")) / 4
			f.Profiles[name] = s
		}
		require.NoError(rt, f.Save(path))
		got, err := Load(path)
		require.NoError(rt, err)
		got.path = ""
		if len(f.Profiles) == 0 {
			f.Profiles = got.Profiles
		}
		require.Equal(rt, f, got)
	})
}

func TestPathsFollowTheEnvironment(t *testing.T) {
	for _, root := range []string{t.TempDir(), t.TempDir()} {
		t.Setenv("XDG_CONFIG_HOME", root+"/c")
		t.Setenv("XDG_STATE_HOME", root+"/s")
		t.Setenv("XDG_CACHE_HOME", root+"/k")
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() { Paths() })
		}
		group.Wait()
		p := Paths()
		require.Equal(t, Places{Config: root + "/c/frontdesk/config.toml", State: root + "/s/frontdesk",
			Cache: root + "/k/frontdesk", Log: root + "/s/frontdesk/frontdesk.log"}, p)
		require.Equal(t, root+"/s/frontdesk/ledger/one.db", p.Ledger(Profile{Name: "one"}))
		require.Equal(t, root+"/s/frontdesk/ledger/one.away.db", p.Ledger(Profile{Name: "one", LedgerServer: "postgres://db"}))
		require.Equal(t, "/srv/l.db", p.Ledger(Profile{Name: "one", Ledger: "/srv/l.db"}))
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("[profile.a]\nkey='x'\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := decode("config.toml", data)
		if err != nil {
			require.Contains(t, err.Error(), "config.toml")
			return
		}
		for _, name := range file.Names() {
			_, _ = Resolve(file, Overrides{"profile": name}, env())
		}
	})
}
