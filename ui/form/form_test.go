package form

import (
	"context"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/ui/theme"
)

func TestMain(m *testing.M) {
	lookupPause = 0
	m.Run()
}

// tuesday is what today is in every test.
var tuesday = civil.Date{Year: 2026, Month: 3, Day: 10}

func plain() *theme.Theme { return theme.New(theme.Options{NoColor: true}) }

// press makes a key press from the name of a key, or types text.
func press(name string) tea.KeyPressMsg {
	codes := map[string]rune{
		"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "backspace": tea.KeyBackspace,
		"delete": tea.KeyDelete, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
		"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	}
	var k tea.KeyPressMsg
	for _, m := range []struct {
		name string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if rest, ok := strings.CutPrefix(name, m.name); ok && rest != "" {
			k.Mod |= m.mod
			name = rest
		}
	}
	if code, ok := codes[name]; ok {
		k.Code = code
		return k
	}
	if name == "space" {
		name = " "
	}
	r := []rune(name)[0]
	k.Code = unicode.ToLower(r)
	if k.Mod == 0 {
		k.Text = name
		if unicode.IsUpper(r) {
			k.Mod, k.ShiftedCode = tea.ModShift, r
		}
	}
	return k
}

// keys splits a script: <name> is a key, all else is typed.
func keys(script string) (out []tea.KeyPressMsg) {
	for script != "" {
		if end := strings.IndexByte(script, '>'); script[0] == '<' && end > 1 {
			out, script = append(out, press(script[1:end])), script[end+1:]
			continue
		}
		r := string([]rune(script)[0])
		out, script = append(out, press(r)), script[len(r):]
	}
	return out
}

// play types script slowly: every command is answered before the next key. It
// returns the events that were not None.
func play(f *Form, script string) (events []Event) {
	for _, k := range keys(script) {
		events = append(events, step(f, k)...)
	}
	return events
}

func step(f *Form, msg tea.Msg) (events []Event) {
	for msg != nil {
		e, cmd := f.Update(msg)
		if e != None {
			events = append(events, e)
		}
		if msg = nil; cmd != nil {
			msg = cmd()
		}
	}
	return events
}

func visits() []Option {
	return []Option{{"new", "New patient", "60 min"}, {"fu", "Follow-up", "20 min"}, {"ph", "Physical", ""}, {"vac", "Vaccination", ""}}
}

func days() []Option {
	return []Option{{Value: "mon", Label: "Monday"}, {Value: "tue", Label: "Tuesday"}, {Value: "wed", Label: "Wednesday"},
		{Value: "thu", Label: "Thursday"}, {Value: "fri", Label: "Friday"}}
}

// everyone is what the people source knows; Ada Byron is two people.
func everyone() []Option {
	return []Option{{"1", "Ada Byron", "1815-12-10"}, {"2", "Ada Byron", "1990-02-01"}, {"3", "Adam Zorn", "1970-01-01"}, {"4", "Bo", ""}}
}

// people answers with everybody whose name holds the query.
func people(_ context.Context, query string) ([]Option, error) {
	var out []Option
	for _, o := range everyone() {
		if strings.Contains(strings.ToLower(o.Label), strings.ToLower(query)) {
			out = append(out, o)
		}
	}
	return out, nil
}

// intake is a form of twelve fields with one of every kind.
func intake(th *theme.Theme) *Form {
	f := New(th,
		Text("FirstName", "First name").Required().Section("Person"),
		Text("LastName", "Last name").Required().Max(20),
		Date("DOB", "Date of birth").Today(func() civil.Date { return tuesday }).Until(tuesday),
		Choice("Gender", "Gender", Option{Value: "F", Label: "Female"}, Option{Value: "M", Label: "Male"}, Option{Value: "X", Label: "Other"}),
		Phone("CellPhone", "Cell phone").Help("Texts go here."),
		Text("EMail", "E-mail").Placeholder("name@example.org"),
		Combo("visit", "Visit", visits()...).Section("Visit"),
		Clock("time", "Not before"),
		Multi("days", "Days", days()...),
		Toggle("sms", "Remind by text"),
		Money("copay", "Copay"),
		Area("Notes", "Notes", 3).Max(200),
	)
	return f
}

func see(f *Form) string { return ansi.Strip(f.View()) }

func TestTypingAForm(t *testing.T) {
	f := intake(plain())
	events := play(f, "Ada<tab>Byron<enter>7/23/1987<tab>f<tab>(212) 555 0147<down>ada@example.org<enter>fol<enter>930<tab>"+
		"<space>w<space><tab><space><tab>$1,234.5<tab>one<enter>two<ctrl+s>")
	require.Equal(t, Submitted, events[len(events)-1])
	require.Equal(t, map[string]string{
		"FirstName": "Ada", "LastName": "Byron", "DOB": "1987-07-23", "Gender": "F", "CellPhone": "2125550147",
		"EMail": "ada@example.org", "visit": "fu", "time": "09:30", "days": "mon\nwed", "sms": "true",
		"copay": "1234.50", "Notes": "one\ntwo",
	}, f.Values())
	require.Equal(t, []string{"mon", "wed"}, List(f.Value("days")))
	require.Equal(t, f.Values(), f.Changes())
}

func TestWrongIsSaidAndLeft(t *testing.T) {
	for _, c := range []struct{ field, typed, words string }{
		{"FirstName", "", "First name: this is needed. Type it to go on."},
		{"LastName", "a name of more than twenty", "Last name: this is 26 characters long. Shorten it to 20."},
		{"DOB", "2/31/1987", "Date of birth: 31 February does not exist. Type a day like 1987-07-23 or 7/23/1987."},
		{"DOB", "2027-02-29", "Date of birth: 29 February 2027 does not exist. Type a day like 1987-07-23 or 7/23/1987."},
		{"DOB", "1987-13-01", "Date of birth: there is no month 13. Type a day like 1987-07-23 or 7/23/1987."},
		{"DOB", "7/23/87", "Date of birth: the year of “7/23/87” is not clear. Type it with four digits, like 1987-07-23."},
		{"DOB", "7/23", "Date of birth: “7/23” has no year. Type it with the year, like 7/23/1987."},
		{"DOB", "soon", "Date of birth: “soon” is not a day. Type a day like 1987-07-23 or 7/23/1987."},
		{"DOB", "tomorrow", "Date of birth: 2026-03-11 is too late. The last day that can be taken is 2026-03-10."},
		{"CellPhone", "555", "Cell phone: a number has 10 digits, this has 3. Type it like 212-555-0147."},
		{"CellPhone", "112-555-0147", "Cell phone: there is no area code 112. Type it like 212-555-0147."},
		{"CellPhone", "212-155-0147", "Cell phone: after the area code no number goes on with 1. Type it like 212-555-0147."},
		{"CellPhone", "call me", "Cell phone: “c” does not belong in a number. Type ten digits like 212-555-0147."},
		{"CellPhone", "+44 20 7946 0000", "Cell phone: only numbers of the United States, Canada and the Caribbean (+1) can be used here. Type it like 212-555-0147."},
		{"visit", "zzz", "Visit: “zzz” is not taken from the list. Press ctrl+g for the list and Enter to take one."},
		{"time", "25:00", "Not before: “25:00” is not a time of day. Type it like 9:30, 930, 2pm or 14:30."},
		{"copay", "12.345", "Copay: an amount has at most two digits after the point. Type an amount like 12.50."},
		{"copay", "-3", "Copay: an amount cannot be less than nothing. Type an amount like 12.50."},
		{"copay", "1,23", "Copay: “1,23” is not an amount of dollars. Type an amount like 12.50."},
	} {
		for _, leave := range []string{"<tab>", "<shift+tab>", "<enter>"} {
			f := intake(plain())
			require.True(t, f.Focus(c.field))
			play(f, c.typed+leave)
			require.NotEqual(t, c.field, f.Focused(), "%s %q %s", c.field, c.typed, leave)
			p := f.fields[f.find(c.field)].props()
			require.Equal(t, c.words, p.complaint)
			f.Resize(200, 40)
			require.Contains(t, see(f), "✗ "+c.words)
			f.Focus(c.field)
			play(f, "<end>1")
			require.Empty(t, p.complaint, "an edit takes the complaint back")
		}
	}
}

func TestSubmitStopsAtTheFirstWrongField(t *testing.T) {
	f := intake(plain())
	f.Focus("Notes")
	require.Equal(t, []Event{Changed}, play(f, "x<ctrl+s>"))
	require.Equal(t, "FirstName", f.Focused())
	require.Equal(t, []Event{Changed, Changed, Submitted}, play(f, "A<tab>B<ctrl+s>"))
}

func TestEnterOnTheLastFieldSubmits(t *testing.T) {
	f := New(plain(), Text("a", "A"), Text("b", "B"))
	require.Equal(t, []Event{Changed, Changed, Submitted}, play(f, "x<enter>y<enter>"))
	require.Equal(t, map[string]string{"a": "x", "b": "y"}, f.Values())
}

func TestEscNeverDiscards(t *testing.T) {
	f := intake(plain())
	play(f, "Ada<tab><tab>tomorrow<ctrl+g>")
	require.Empty(t, play(f, "<esc>"), "closes the month")
	before := f.Draft()
	require.Equal(t, []Event{Cancelled}, play(f, "<esc>"))
	require.Equal(t, before, f.Draft())
	require.Equal(t, "tomorrow", before["DOB"])
	f.Focus("visit")
	play(f, "fol")
	require.Empty(t, play(f, "<esc>"), "closes the list")
	require.Equal(t, []Event{Cancelled}, play(f, "<esc>"))
	require.Equal(t, "fol", f.Draft()["visit"])
}

func TestPasteGoesToOneFieldAndNeverSubmits(t *testing.T) {
	f := New(plain(), Text("a", "A"), Area("b", "B", 3), Text("c", "C"))
	require.Equal(t, []Event{Changed}, step(f, tea.PasteMsg{Content: "one\r\ntwo\tthree\x1b[31m\x00\u202e\n"}))
	require.Equal(t, "one two three[31m", f.Value("a"))
	f.Focus("b")
	step(f, tea.PasteMsg{Content: "one\r\ntwo\rthree\n\x07"})
	require.Equal(t, "one\ntwo\nthree\n", f.Draft()["b"])
	require.Equal(t, "one\ntwo\nthree", f.Value("b"))
	f.Focus("c")
	step(f, tea.PasteMsg{Content: "x\n"})
	require.Equal(t, "c", f.Focused())
	require.Equal(t, "x", f.Value("c"))
}

func TestTextOfInputMethodsIsNeverAKey(t *testing.T) {
	f := New(plain(), Text("a", "A"), Area("b", "B", 3), Text("c", "C"))
	for _, word := range []string{"up", "tab", "enter", "esc", "ctrl+s", "日本", "e\u0301", "👨‍👩‍👧"} {
		for _, name := range []string{"a", "b", "c"} {
			f.Focus(name)
			before := f.Value(name)
			require.Equal(t, []Event{Changed}, step(f, tea.KeyPressMsg{Code: tea.KeyExtended, Text: word}))
			require.Equal(t, name, f.Focused())
			require.Equal(t, before+word, f.Value(name))
		}
	}
}

func TestArrowsMoveBetweenLinesButStayInsideAreas(t *testing.T) {
	f := New(plain(), Text("a", "A"), Area("b", "B", 3), Text("c", "C"))
	play(f, "<up><down>1<enter>2<enter>3<up><up><up><up>x<down><down><down><down>y")
	require.Equal(t, "b", f.Focused())
	require.Equal(t, "1x\n2\n3y", f.Value("b"))
	play(f, "<tab><down><down>z<up>w")
	require.Equal(t, "z", f.Value("c"))
	require.Equal(t, "1x\n2\n3yw", f.Value("b"))
}

func TestComplaintsOfTheVendor(t *testing.T) {
	f := intake(plain())
	play(f, "Ada<tab>Byron<tab>")
	f.SetErrors(map[string]string{"EMail": "is taken\x1b[2J", "LastName": "too short", "zz": "Practice is closed.", "aa": "Try later."})
	require.Equal(t, "LastName", f.Focused())
	out := see(f)
	require.Contains(t, out, "✗ too short")
	require.Contains(t, out, "✗ is taken[2J")
	require.Regexp(t, `(?s)^✗ Try later\.\n✗ Practice is closed\.`, out)
	play(f, "<tab><shift+tab>")
	require.Contains(t, see(f), "✗ too short", "stays while the text does")
	play(f, "x")
	require.NotContains(t, see(f), "too short")
	require.Equal(t, []Event{Submitted}, play(f, "<ctrl+s>"), "a vendor's complaint does not stop the next try")
	require.NotContains(t, see(f), "taken")
	require.NotContains(t, see(f), "Practice")
	f.SetErrors(map[string]string{"zz": "Once more."})
	f.SetErrors(nil)
	require.NotContains(t, see(f), "Once more")
}

func TestDraftAndRestore(t *testing.T) {
	f := intake(plain())
	play(f, "Ada <tab>B<tab>2/31/1987<tab>m<tab>55<tab>x<tab>phy<enter>9<tab><space><tab><space><tab>1,2<tab>n<enter>")
	draft := f.Draft()
	require.Equal(t, "2/31/1987", draft["DOB"])
	require.Equal(t, "n\n", draft["Notes"])
	g := intake(plain())
	g.Restore(draft)
	require.Equal(t, draft, g.Draft())
	require.Equal(t, f.Values(), g.Values())
	require.Equal(t, "Physical", strings.TrimSpace(g.fields[g.find("visit")].(*ComboField).line.text()))
	require.True(t, g.Dirty())
	g.Restore(map[string]string{"FirstName": "Zoë", "gone": "x"})
	require.Equal(t, "Zoë", g.Value("FirstName"))
	require.Equal(t, draft["DOB"], g.Draft()["DOB"])
}

func TestSetIsTheStart(t *testing.T) {
	f := intake(plain())
	record := map[string]string{
		"FirstName": " Ada\tB ", "LastName": strings.Repeat("long", 10), "DOB": "unknown", "Gender": "female (1)",
		"CellPhone": "+1 (212) 555.0147", "visit": "gone", "Notes": "a\r\nb \n", "copay": "12", "days": "tue\nsat", "sms": "true",
	}
	for name, value := range record {
		require.True(t, f.Set(name, value))
	}
	require.False(t, f.Set("nobody", "x"))
	require.False(t, f.Dirty())
	require.Empty(t, f.Changes())
	require.Equal(t, []Event{Submitted}, play(f, "<tab><tab><tab><tab><ctrl+s>"), "what came with the record is not complained about")
	require.False(t, f.Dirty())
	for _, name := range []string{"FirstName", "LastName", "DOB", "Gender", "visit", "Notes", "days", "sms"} {
		require.Equal(t, record[name], f.Value(name), name)
	}
	require.Equal(t, "2125550147", f.Value("CellPhone"))
	f.Focus("LastName")
	play(f, "<ctrl+u>Byron")
	require.Equal(t, map[string]string{"LastName": "Byron"}, f.Changes())
	f.Focus("CellPhone")
	play(f, "<ctrl+u>212 555 0147")
	require.Equal(t, map[string]string{"LastName": "Byron"}, f.Changes(), "another spelling is no change")
	f.Focus("DOB")
	play(f, "x<ctrl+s>")
	require.Equal(t, "DOB", f.Focused(), "edited, it must be right")
}

func TestDefaultsAreNoChange(t *testing.T) {
	d := Date("d", "D").Today(func() civil.Date { return tuesday }).Default("today")
	f := New(plain(), d, Clock("t", "T").Default("9am"), Choice("c", "C", visits()...).Default("fu"))
	require.Equal(t, map[string]string{"d": "2026-03-10", "t": "09:00", "c": "fu"}, f.Values())
	require.False(t, f.Dirty())
	play(f, "<tab><tab><tab>")
	require.False(t, f.Dirty())
	d.From(tuesday.AddDays(1))
	require.False(t, f.Check(), "a day that has become past is refused though nobody touched it")
}

func TestChecksOfTheOwner(t *testing.T) {
	var f *Form
	either := func(string) string {
		if f.Value("a") == "" && f.Value("b") == "" {
			return "Phone: a phone number or an e-mail address is needed. Type one."
		}
		return ""
	}
	f = New(plain(), Text("a", "Phone").Check(either), Text("b", "E-mail"))
	require.False(t, f.Check())
	require.Contains(t, see(f), "✗ Phone: a phone number or an e-mail")
	play(f, "<tab>x")
	require.True(t, f.Check())
}

func TestTwoFieldsOfOneName(t *testing.T) {
	require.PanicsWithValue(t, `form: two fields are named "a"`, func() { New(plain(), Text("a", "A"), Area("a", "B", 2)) })
}

func TestChoices(t *testing.T) {
	c := Choice("c", "C", visits()...)
	f := New(plain(), c, Text("z", "Z"))
	for _, s := range []struct{ script, want string }{
		{"<right>", "new"}, {"<right>", "fu"}, {"<left><left>", "vac"}, {"<right>", "new"},
		{"p", "ph"}, {"P", "ph"}, {"v", "vac"}, {"q", "vac"}, {"<backspace>", ""}, {"<left>", "vac"},
	} {
		play(f, s.script)
		require.Equal(t, s.want, f.Value("c"), s.script)
	}
	step(f, tea.PasteMsg{Content: "follow-UP\n"})
	require.Equal(t, "fu", f.Value("c"))
	c.SetOptions(Option{Value: "other"})
	require.Equal(t, "fu", f.Value("c"), "what is chosen stays")
	play(f, "<right>")
	require.Equal(t, "other", f.Value("c"))

	empty := Choice("c", "C").Required()
	f = New(plain(), empty, Text("z", "Z"))
	play(f, "<left><right>x<space><tab>typed")
	require.Equal(t, "typed", f.Value("z"))
	require.Contains(t, see(f), "nothing to choose from")
	require.Contains(t, see(f), "✗ C: nothing is chosen. Choose with the left and right arrows.")
	empty.SetOptions(Option{Value: "", Label: "Any"}, Option{Value: "1", Label: "One"})
	f.Set("c", "")
	play(f, "<shift+tab>")
	require.Contains(t, see(f), "(▪) Any")
}

func TestRequiredToggle(t *testing.T) {
	f := New(plain(), Toggle("t", "Consent").Required())
	require.False(t, f.Check())
	require.Contains(t, see(f), "Consent: this must be yes to go on.")
	play(f, "y")
	require.True(t, f.Check())
	play(f, "n")
	require.Equal(t, "false", f.Value("t"))
}

func TestMultiIsNeverATrapForArrows(t *testing.T) {
	f := New(plain(), Text("a", "A"), Multi("m", "M", days()...), Text("b", "B"))
	play(f, "<down><down><down><down><down><down>")
	require.Equal(t, "b", f.Focused())
	play(f, strings.Repeat("<up>", 6))
	require.Equal(t, "a", f.Focused())
}
