package ui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/table"
	"frontdesk/ui/theme"
	"frontdesk/ui/uitest"
)

// known is a tab with people in it.
type known struct{ *pad }

func (known) Found() []ui.Found {
	return []ui.Found{
		{Kind: "person", ID: "7", Name: "Ann Testperson", Detail: "1980", Go: ui.GoMsg{Tab: "Two", Subject: "ann"}},
		{Kind: "person", ID: "8", Name: "Ben Testperson", Go: ui.GoMsg{Tab: "Two", Subject: "ben"}},
	}
}

func palette(t *testing.T) (*uitest.Desk, *pad, *pad) {
	env := uitest.Env(t, monday)
	env.Mouse = true
	one, two := newPad(env, "One"), newPad(env, "Two")
	return uitest.New(t, env, 80, 24, known{one}, two), one, two
}

func TestPaletteFindsPeopleAndActions(t *testing.T) {
	d, one, two := palette(t)
	d.Type("<ctrl+p>bentest<enter>")
	require.Equal(t, "go:ben", two.typed)
	d.Type("1<ctrl+p>save<enter>")
	require.True(t, one.save.Out(), "the action's key was not pressed")
	close(one.gate)
	d.Settle()
	d.Type("<esc>")
	// What was chosen last comes first, so that enter repeats it.
	d.Type("<ctrl+p>")
	rows := strings.Split(d.Screen(), "\n")
	var first string
	for i, r := range rows {
		if strings.Contains(r, "> ") {
			first = rows[i+1]
			break
		}
	}
	require.Contains(t, first, "save")
	d.Type("<esc>")
	require.NotContains(t, d.Screen(), "Find")
}

func TestPaletteOffersOnlyWhatWorksNow(t *testing.T) {
	d, _, _ := palette(t)
	d.Type("<ctrl+p>zzzz")
	require.Contains(t, d.Screen(), "Nothing here is called that")
	d.Type("<enter>")
	require.Contains(t, d.Screen(), "Find", "enter on nothing does nothing")
	d.Type("<esc>d<ctrl+p>person")
	require.NotContains(t, d.Screen(), "Ann Testperson", "over a question nobody goes elsewhere")
}

func TestPaletteFindsWhatIsInATabNobodyHasOpened(t *testing.T) {
	env := uitest.Env(t, monday)
	two := newPad(env, "Two")
	d := uitest.New(t, env, 60, 20, newPad(env, "One"), known{two})
	d.Type("<ctrl+p>zzzz").See("once they", "are loaded.").Fits(60, 20)
	d.Type("<esc><ctrl+p>bentest<enter>")
	require.Equal(t, "go:ben", two.typed)
}

func click(x, y int) tea.MouseClickMsg {
	return tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}
}

func TestMouse(t *testing.T) {
	d, one, two := palette(t)
	at := func(words string) (x, y int) {
		t.Helper()
		for y, l := range strings.Split(d.Screen(), "\n") {
			if i := strings.Index(l, words); i >= 0 {
				return len([]rune(l[:i])), y
			}
		}
		t.Fatalf("%q is not on the screen:\n%s", words, d.Screen())
		return 0, 0
	}
	x, y := at("2 Two")
	d.Deliver(click(x, y)).Type("t")
	require.Equal(t, "t", two.typed)
	x, y = at("1 One")
	d.Deliver(click(x, y))
	x, y = at("w save")
	d.Deliver(click(x, y))
	require.True(t, one.save.Out(), "a click on the footer's key presses it")
	close(one.gate)
	d.Settle().Type("<esc>d")
	x, y = at("Drop  ")
	d.Deliver(click(0, 5)) // outside of the question: nothing
	require.Contains(t, d.Screen(), "Drop it?")
	d.Deliver(click(x, y)).Deliver(click(x, y))
	require.NotContains(t, d.Screen(), "Drop it?")
	require.Empty(t, one.typed, "the marked answer was not taken")
}

// sheet is a tab with a table below a line of its own, which says what was opened
// when Enter was pressed.
type sheet struct {
	*pad
	table *table.Table[string]
}

func (s *sheet) View() string { return "opened: " + s.typed + "\n" + s.table.View() }
func (s *sheet) Update(msg tea.Msg) tea.Cmd {
	if k, ok := msg.(tea.KeyPressMsg); ok && k.String() == "enter" {
		row, _ := s.table.Selected()
		s.typed += row
		return nil
	}
	_, cmd := s.table.Update(ui.Shift(msg, 0, 1))
	return cmd
}

// Two clicks on a row open it, in one Update, so that keys typed behind them
// belong to what was opened.
func TestTwoClicksOpenARow(t *testing.T) {
	env := uitest.Env(t, monday)
	env.Mouse = true
	self := func(row string) string { return row }
	s := &sheet{pad: newPad(env, "One"), table: table.New(env.Theme, self, table.Column[string]{Title: "Row", Cell: self})}
	s.table.Resize(40, 10)
	s.table.Set([]string{"a", "b", "c"})
	d := uitest.New(t, env, 80, 24, s)
	const rows = 4 // above them: header, tabs, the tab's own line, titles
	hit := func(line int, after time.Duration) string {
		d.Advance(after).Deliver(click(5, line))
		return s.typed
	}
	require.Empty(t, hit(rows+1, 0))
	require.Empty(t, hit(rows+1, 400*time.Millisecond), "too late: the first of two again")
	require.Empty(t, hit(rows+2, 100*time.Millisecond), "another row")
	require.Equal(t, "c", hit(rows+2, 399*time.Millisecond))
	require.Equal(t, "c", hit(rows+2, 100*time.Millisecond), "the third is the first of two again")
	require.Equal(t, "cc", hit(rows+2, 100*time.Millisecond))
	hit(rows-1, time.Second)
	require.Equal(t, "cc", hit(rows-1, 0), "the head of a column opens nothing")
	hit(2, time.Second)
	require.Equal(t, "cc", hit(2, 0), "neither does the tab's own line")
}

func TestTheHelpTellsOfTheMouse(t *testing.T) {
	d, _, _ := palette(t)
	d.Resize(80, 40).Type("?").See("Two clicks    open a row")
	d.Type("<esc><ctrl+t>?").Gone("Two clicks")
}

func TestMouseGoesBackToTheTerminal(t *testing.T) {
	d, _, _ := palette(t)
	require.Equal(t, tea.MouseModeCellMotion, d.App.View().MouseMode)
	d.Type("<ctrl+t>")
	require.Equal(t, tea.MouseModeNone, d.App.View().MouseMode)
	require.Contains(t, d.Screen(), "the terminal's now")
	d.Type("<f6>")
	require.Equal(t, tea.MouseModeCellMotion, d.App.View().MouseMode)
}

func TestTheWheelTurnsLongTexts(t *testing.T) {
	env := uitest.Env(t, monday)
	env.Mouse = true
	d := uitest.New(t, env, 80, 24, newPad(env, "One"))
	env.Open(ui.NewReader(env, "Long", strings.Repeat("line\n", 40)+"the end"))
	d.Resize(80, 24)
	for range 20 {
		d.Deliver(tea.MouseWheelMsg{X: 20, Y: 10, Button: tea.MouseWheelDown})
	}
	require.Contains(t, d.Screen(), "the end")
}

func TestNothingOfOursIsOutsideASCII(t *testing.T) {
	env := uitest.Env(t, monday)
	env.Theme.Apply(theme.Options{NoColor: true, ASCII: true})
	d := uitest.New(t, env, 200, 40, newPad(env, "One"))
	f := form.New(env.Theme, form.Text("name", "Name"), form.Date("day", "Day"))
	env.Open(ui.NewFormDialog(env, "Form", f, func(map[string]string) tea.Cmd { return nil }))
	d.Resize(200, 40)
	require.Contains(t, d.Screen(), "down next field")
	d.Type("<tab>nonsense<ctrl+s>").See("\"nonsense\" is not a day")
	require.NotRegexp(t, `[^\x00-\x7f]`, d.Screen())
	d.Type("<ctrl+p>")
	require.NotRegexp(t, `[^\x00-\x7f]`, d.Screen())
}

// The wheel shows the rest of a long form; the keyboard and what is typed stay,
// and the next key is seen where it goes.
func TestTheWheelTurnsLongForms(t *testing.T) {
	env := uitest.Env(t, monday)
	env.Mouse = true
	d := uitest.New(t, env, 80, 12, newPad(env, "One"))
	fields := []form.Field{form.Text("first", "First field"), form.Choice("kind", "Kind", form.Option{Value: "a"}, form.Option{Value: "b"}, form.Option{Value: "c"}).Default("b")}
	for i := range 20 {
		fields = append(fields, form.Text(fmt.Sprint("n", i), fmt.Sprintf("Number %d.", i)))
	}
	f := ui.NewFormDialog(env, "Long", form.New(env.Theme, fields...), func(map[string]string) tea.Cmd { return nil })
	env.Open(f)
	d.Resize(80, 12).Type("x<tab>")
	wheel := func(b tea.MouseButton, n int) {
		for range n {
			d.Deliver(tea.MouseWheelMsg{X: 30, Y: 3, Button: b})
		}
	}
	before, typed := d.Screen(), f.Draft()
	wheel(tea.MouseWheelDown, 1)
	require.NotContains(t, d.Screen(), "First field")
	require.Contains(t, d.Screen(), "3 more above")
	wheel(tea.MouseWheelDown, 20)
	require.Contains(t, d.Screen(), "Number 19.")
	require.Nil(t, d.App.View().Cursor)
	require.Equal(t, "kind", f.Focused())
	wheel(tea.MouseWheelUp, 1)
	require.NotContains(t, d.Screen(), "Number 19.", "no notch is spent on nothing")
	wheel(tea.MouseWheelUp, 20)
	require.Equal(t, before, d.Screen())
	require.Equal(t, typed, f.Draft())
	wheel(tea.MouseWheelDown, 20)
	d.Type("<right>")
	require.Contains(t, d.Screen(), "Kind")
	require.Equal(t, "c", f.Value("kind"))
}

// A form's frame does not jump about while the keyboard goes through its fields
// and back; what is said below may make it wider, never narrower.
func TestAFormsFrameStandsStill(t *testing.T) {
	env := uitest.Env(t, monday)
	d := uitest.New(t, env, 80, 24, newPad(env, "One"))
	f := ui.NewFormDialog(env, "Still", form.New(env.Theme,
		form.Text("a", "A").Width(10),
		form.Text("b", "B").Width(10).Help("Twenty words of help."),
		form.Choice("c", "C", form.Option{Value: "x"}).Help("The longest help that there is in here, by far."),
	), func(map[string]string) tea.Cmd { return nil })
	var below string
	f.Below = func(int) string { return below }
	env.Open(f)
	frame := func() (from, to int) {
		for _, l := range strings.Split(d.Screen(), "\n") {
			if at := strings.Index(l, " Still "); at >= 0 {
				return at, len([]rune(l))
			}
		}
		t.Fatal(d.Screen())
		return 0, 0
	}
	d.Resize(80, 24)
	from, to := frame()
	for range 4 {
		d.Type("<tab>")
		at, end := frame()
		require.Equal(t, [2]int{from, to}, [2]int{at, end}, d.Screen())
	}
	below = strings.Repeat("wide ", 13)
	_, wide := frame()
	require.Greater(t, wide, to)
	below = ""
	_, after := frame()
	require.Equal(t, wide, after)
	d.Resize(60, 24)
	d.Fits(60, 24)
	_, narrow := frame()
	require.Less(t, narrow, 60)
}
