package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"frontdesk/ui/theme"
)

// letters is a table of one column with a row per letter, IDs being the
// letters.
func letters(s string) *Table[visit] {
	t := New(theme.New(theme.Options{NoColor: true}), id, Column[visit]{
		Title: "Who", Min: 3, Cell: func(v visit) string { return v.who },
		Less: func(a, b visit) int { return strings.Compare(a.who, b.who) },
	})
	t.Resize(40, 10)
	t.Set(named(s))
	return t
}

func named(s string) []visit {
	var out []visit
	for _, r := range s {
		out = append(out, visit{id: string(r), who: strings.ToLower(string(r))})
	}
	return out
}

// shown is the IDs the filter lets through, in order.
func shown(t *Table[visit]) string {
	t.finish()
	var b strings.Builder
	for _, i := range t.visible {
		b.WriteString(t.rows[i].id)
	}
	return b.String()
}

func ids(rows []visit) string {
	var b strings.Builder
	for _, v := range rows {
		b.WriteString(v.id)
	}
	return b.String()
}

func TestKeysMoveTheCursor(t *testing.T) {
	// The body has 8 of the 16 rows.
	for _, c := range []struct{ keys, want string }{
		{"", "a"}, {"down", "b"}, {"j j k", "b"}, {"up", "a"}, {"k", "a"},
		{"pgdown", "i"}, {"pgdown pgup", "a"}, {"ctrl+d", "e"}, {"ctrl+d ctrl+u", "a"},
		{"end", "p"}, {"G", "p"}, {"G home", "a"}, {"G g", "a"},
		{"pgdown pgdown pgdown", "p"}, {"G down", "p"},
	} {
		tb := letters("abcdefghijklmnop")
		slow(tb, strings.Fields(c.keys)...)
		require.Equal(t, c.want, selected(tb), c.keys)
	}
}

func TestScrollingFollowsTheCursor(t *testing.T) {
	tb := letters("abcdefghijklmnop")
	for _, c := range []struct {
		key string
		top int
	}{
		{"down", 0}, {"end", 8}, {"up", 8}, {"pgup", 0}, {"pgdown", 8}, {"home", 0},
		{"pgdown", 8}, {"k", 7}, {"k", 6},
	} {
		slow(tb, c.key)
		require.Equal(t, c.top, tb.top(), c.key)
	}
}

func TestBindingsShareNoKey(t *testing.T) {
	for name, prepare := range map[string][]string{
		"rows": nil, "filtered": {"/", "a", "enter"}, "sorted": {"o"},
		"field": {"/"}, "field with text": {"/", "a"},
	} {
		tb := newTable(theme.Options{})
		tb.Set(visits(5))
		slow(tb, prepare...)
		seen := map[string]bool{}
		for _, b := range tb.Keys() {
			require.NotEmpty(t, b.Help().Key, name)
			require.NotEmpty(t, b.Help().Desc, name)
			for _, k := range b.Keys() {
				require.False(t, seen[k], "%s: %q is bound twice", name, k)
				seen[k] = true
				require.True(t, key.Matches(pressed(k), b), "%s: %q", name, k)
			}
		}
	}
}

// Every key in the help is taken, and no other: a view can rely on the rest.
func TestUpdateTakesWhatKeysSay(t *testing.T) {
	names := strings.Fields("up down left right pgup pgdown home end enter esc tab shift+tab backspace f5 space " +
		"ctrl+a ctrl+c ctrl+d ctrl+e ctrl+r ctrl+s ctrl+u")
	for r := '!'; r <= '~'; r++ {
		names = append(names, string(r))
	}
	for _, prepare := range [][]string{nil, {"o"}, {"/", "a", "enter"}} {
		tb := newTable(theme.Options{})
		tb.Set(visits(5))
		slow(tb, prepare...)
		for _, name := range names {
			bound := slices.ContainsFunc(tb.Keys(), func(b key.Binding) bool { return key.Matches(pressed(name), b) })
			got, _ := tb.Update(pressed(name))
			require.Equal(t, bound, got, "%q after %v", name, prepare)
			slow(tb, "enter", "esc", "O") // back to the rows
			tb.Sort(-1, false)
			slow(tb, prepare...)
		}
	}
}

func TestKeysOfTheViewsAreLeftAlone(t *testing.T) {
	for _, tb := range []*Table[visit]{letters("abc"), letters("")} {
		for _, k := range strings.Fields("r n y x p s h e l enter tab shift+tab esc ? 0 1 2 3 4 5 6 7 8 9 left right ctrl+c ctrl+s f5") {
			handled, cmd := tb.Update(pressed(k))
			require.False(t, handled, k)
			require.Nil(t, cmd, k)
		}
	}
}

func TestWithoutMarks(t *testing.T) {
	tb := letters("abc").WithoutMarks()
	for _, k := range []string{"space", "ctrl+a", "i"} {
		handled, _ := tb.Update(pressed(k))
		require.False(t, handled, k)
	}
	require.Empty(t, tb.Marked())
	require.True(t, strings.HasPrefix(strings.Split(tb.View(), "\n")[1], "► a"))
}

func TestFilter(t *testing.T) {
	rows := []visit{
		{id: "1", who: "José Müller", state: "HELD"},
		{id: "2", who: "Łukasz Straße", state: "SEEN"},
		{id: "3", who: "Øyvind Ångström", state: "HELD"},
		{id: "4", who: "王小明", title: "MD", state: "SEEN"},
		{id: "5", who: "ＡＢＣ İpek", state: "LOST"},
		{id: "6", who: "Nikos Παπαδόπουλος", state: "LOST", minutes: 45},
	}
	for _, c := range []struct{ filter, want string }{
		{"", "123456"}, {"  ", "123456"}, {"jose", "1"}, {"JOSÉ", "1"}, {"muller", "1"},
		{"lukasz", "2"}, {"strasse", "2"}, {"oyvind", "3"}, {"angstrom", "3"},
		{"小", "4"}, {"abc", "5"}, {"ipek", "5"}, {"παπαδοπουλος", "6"}, {"ΠΑΠΑΔΟΠΟΥΛΟΣ", "6"},
		{"held", "13"}, {"held mull", "1"}, {"mull held", "1"}, {"45", "6"}, {"nobody", ""},
		{"mullerheld", ""}, {"e\u0301", "123456"},
	} {
		tb := newTable(theme.Options{})
		tb.Set(rows)
		tb.SetFilter(c.filter)
		if c.filter == "e\u0301" {
			c.want = "12345" // accents typed apart: Müller, Straße, HELD, SEEN, İpek
		}
		require.Equal(t, c.want, shown(tb), c.filter)
		require.Equal(t, len(c.want), tb.Len())
		require.Equal(t, c.filter, tb.Filter())
	}
}

func TestFilterKeys(t *testing.T) {
	for _, c := range []struct {
		keys      []string
		filter    string
		filtering bool
		at        string
	}{
		{[]string{"/"}, "", true, "a"},
		{[]string{"/", "c"}, "c", true, "c"},
		{[]string{"/", "c", "enter"}, "c", false, "c"},
		{[]string{"/", "c", "esc"}, "", true, "a"},
		{[]string{"/", "c", "esc", "esc"}, "", false, "a"},
		{[]string{"/", "c", "enter", "esc"}, "", false, "c"},
		{[]string{"/", "c", "backspace"}, "", true, "a"},
		{[]string{"/", "c", "backspace", "b"}, "b", true, "b"},
		{[]string{"/", "down"}, "", true, "b"},
		{[]string{"/", "down", "c", "esc"}, "", true, "b"},
		{[]string{"/", "enter"}, "", false, "a"},
		{[]string{"/", "z", "enter"}, "z", false, ""},
		{[]string{"/", "j", "k"}, "jk", true, ""},
		{[]string{"/", "c", "left", "b"}, "bc", true, ""},
		{[]string{"/", "c", "enter", "/", "backspace"}, "", true, "c"},
	} {
		tb := letters("abcde")
		slow(tb, c.keys...)
		require.Equal(t, c.filter, tb.Filter(), c.keys)
		require.Equal(t, c.filtering, tb.Filtering(), c.keys)
		require.Equal(t, c.at, selected(tb), c.keys)
	}
}

// Text that is taken back or changed in the middle shows rows again.
func TestFilterWidens(t *testing.T) {
	tb := letters("")
	for _, who := range []string{"ada", "adam", "bea", "dan"} {
		tb.Upsert(visit{id: who + " ", who: who})
	}
	for _, c := range []struct{ key, want string }{
		{"/", "ada adam bea dan "}, {"d", "ada adam dan "}, {"a", "ada adam dan "}, {"m", "adam "},
		{"backspace", "ada adam dan "}, {"n", "dan "}, {"left", "dan "}, {"backspace", ""},
		{"backspace", "dan "}, {"ctrl+e", "dan "}, {"backspace", "ada adam bea dan "},
		{"a", "ada adam bea dan "}, {"space", "ada adam bea dan "}, {"b", "bea "},
		{"ctrl+w", "ada adam bea dan "}, {"m", "adam "},
	} {
		slow(tb, c.key)
		require.Equal(t, c.want, shown(tb), "%q: %q", c.key, tb.Filter())
	}
}

// A key that acts on a row decides with the filter typed so far, even if
// nothing has been worked out of it yet.
func TestKeysTypedAheadActOnWhatTheFilterFinds(t *testing.T) {
	for _, c := range []struct {
		keys []string
		want string
	}{
		{[]string{"/", "x", "enter"}, "X"},
		{[]string{"/", "x", "down"}, "Y"}, // two rows hold an x
		{[]string{"/", "x", "enter", "down", "up"}, "X"},
		{[]string{"/", "x", "esc"}, "a"},
	} {
		tb := letters("abcXY")
		tb.Upsert(visit{id: "X", who: "x one"}, visit{id: "Y", who: "x two"})
		tb.spent = func() func() bool { return func() bool { return true } }
		for _, k := range c.keys {
			tb.Update(pressed(k)) // its command is never run
		}
		require.Equal(t, c.want, selected(tb), c.keys)
	}
}

func TestClickFinishesTheFilter(t *testing.T) {
	tb := letters("abcX")
	tb.spent = func() func() bool { return func() bool { return true } }
	tb.Update(pressed("/"))
	tb.Update(pressed("x"))
	tb.Update(tea.MouseClickMsg{X: 2, Y: 2, Button: tea.MouseLeft}) // the second row is gone by now
	require.Empty(t, tb.struck)
	tb.Update(tea.MouseClickMsg{X: 2, Y: 1, Button: tea.MouseLeft})
	require.Equal(t, "X", selected(tb))
}

func TestLateAndForeignContinuations(t *testing.T) {
	tb, other := letters("abcx"), letters("abcx")
	tb.spent = func() func() bool { return func() bool { return true } }
	tb.Update(pressed("/"))
	_, first := tb.Update(pressed("x"))
	require.NotNil(t, first)
	handled, _ := other.Update(first())
	require.False(t, handled)
	_, second := tb.Update(pressed("y"))
	tb.spent = timeBox
	handled, cmd := tb.Update(first())
	require.True(t, handled)
	require.Nil(t, cmd)
	require.NotNil(t, tb.scan, "the overtaken message went on with the new scan")
	tb.Update(second())
	require.Nil(t, tb.scan)
	require.Equal(t, "", shown(tb))
}

func TestPaste(t *testing.T) {
	tb := letters("abc")
	handled, _ := tb.Update(tea.PasteMsg{Content: "b"})
	require.False(t, handled, "a paste is not for the rows")
	slow(tb, "/")
	handled, cmd := tb.Update(tea.PasteMsg{Content: "b\r\n\x1b[31mc\t\u202ed\x00é"})
	drain(tb, cmd)
	require.True(t, handled)
	require.Equal(t, "b  [31mc dé", tb.Filter())
	require.True(t, tb.Filtering(), "a pasted line end submits nothing")
	tb.SetFilter("")
	tb.Update(tea.PasteMsg{Content: strings.Repeat("ab", 1_000_000)})
	require.Len(t, tb.Filter(), filterLimit)
}

func TestMarks(t *testing.T) {
	tb := letters("abcde")
	slow(tb, "space", "down", "down", "space")
	require.Equal(t, "ac", ids(tb.Marked()))
	slow(tb, "i")
	require.Equal(t, "bde", ids(tb.Marked()))
	slow(tb, "/", "b", "enter", "i")
	require.Equal(t, "de", ids(tb.Marked()))
	slow(tb, "ctrl+a")
	require.Equal(t, "bde", ids(tb.Marked()), "those the filter hides stay marked")
	require.Contains(t, tb.View(), "3 marked, 2 of them hidden")
	tb.Set(named("edcba"))
	require.Equal(t, "edb", ids(tb.Marked()), "marks follow the records")
	tb.Remove("d")
	require.Equal(t, "eb", ids(tb.Marked()))
	tb.Set(named("abc"))
	tb.Set(named("abcde"))
	require.Equal(t, "b", ids(tb.Marked()), "a record that comes back comes back unmarked")
	tb.ClearMarks()
	require.Empty(t, tb.Marked())
	tb = letters("abc")
	slow(tb, "ctrl+a")
	tb.Unmark("b")
	tb.Unmark("z")
	require.Equal(t, "ac", ids(tb.Marked()))
	slow(letters(""), "space", "ctrl+a", "i")
}

func TestSetKeepsTheRecord(t *testing.T) {
	for _, c := range []struct{ was, at, now, want string }{
		{"abcde", "c", "xyabcde", "c"}, {"abcde", "c", "edcba", "c"},
		{"abcde", "c", "abde", "d"}, {"abcde", "e", "abcd", "d"}, {"abcde", "c", "ae", "e"},
		{"abcde", "c", "ab", "b"}, {"abcde", "c", "xyz", "x"}, {"abcde", "c", "", ""},
	} {
		tb := letters(c.was)
		require.True(t, tb.Select(c.at))
		tb.Set(named(c.now))
		require.Equal(t, c.want, selected(tb), c)
		require.Equal(t, c.now, ids(tb.Rows()))
	}
}

func TestSetKeepsTheRecordWhenFiltered(t *testing.T) {
	tb := letters("abcde")
	tb.Upsert(visit{id: "b", who: "held"}, visit{id: "d", who: "held"}, visit{id: "e", who: "held"})
	tb.SetFilter("held")
	require.Equal(t, "b", selected(tb))
	tb.Set([]visit{{id: "a", who: "held"}, {id: "b", who: "held"}, {id: "d", who: "held"}})
	require.Equal(t, "b", selected(tb), "a row that now comes first must not take the cursor")
	tb.Upsert(visit{id: "b", who: "done"})
	require.Equal(t, "d", selected(tb), "the row that left the filter hands over to the next")
	tb.Remove("d")
	require.Equal(t, "a", selected(tb))
	tb.Remove("a")
	_, ok := tb.Selected()
	require.False(t, ok)
	tb.SetFilter("")
	require.Equal(t, "b", selected(tb))
}

func TestSetKeepsTheLine(t *testing.T) {
	tb := letters("abcdefghijklmnop")
	slow(tb, "end", "up", "up") // "n", sixth line of eight
	line := tb.cur - tb.top()
	tb.Set(named("stuvwxabcdefghijklmnopqr"))
	require.Equal(t, "n", selected(tb))
	require.Equal(t, line, tb.cur-tb.top())
}

// Rows stream in above the one the cursor is on: nobody has moved it, so they
// are seen; once it was moved, the rows stay where they are on the screen.
func TestStreamingRows(t *testing.T) {
	tb := letters("")
	tb.Sort(0, false)
	tb.Upsert(named("m")...)
	tb.Upsert(named("kx")...)
	require.Equal(t, "m", selected(tb))
	require.Equal(t, 0, tb.top())
	slow(tb, "up")
	tb.Upsert(named("abc")...)
	require.Equal(t, "k", selected(tb))
	require.Equal(t, 0, tb.top(), "all rows fit")
	tb.Upsert(named("defghijlnopqrstuvwyz")...)
	require.Equal(t, "k", selected(tb))
	require.Equal(t, 3, tb.cur-tb.top(), "the line it was on")
	tb.Set(nil)
	tb.Upsert(named("q")...)
	tb.Upsert(named("abcdef")...)
	require.Equal(t, 0, tb.top(), "a new search starts afresh")
}

func TestUpsertKeepsTheOrder(t *testing.T) {
	tb := letters("dbca")
	tb.Sort(0, false)
	require.Equal(t, "abcd", shown(tb))
	tb.Upsert(visit{id: "a", who: "x"}, visit{id: "e", who: "bb"}, visit{id: "a", who: "z"})
	require.Equal(t, "becda"[:5], shown(tb))
	require.Equal(t, "dbcae", ids(tb.Rows()))
	tb.Sort(0, true)
	require.Equal(t, "adceb", shown(tb))
	tb.Upsert(visit{id: "f", who: "z"}, visit{id: "g", who: "z"})
	require.Equal(t, "afgdceb", shown(tb), "ties as they came, backwards too")
	tb.Upsert()
	tb.Remove("nobody")
	require.Equal(t, "afgdceb", shown(tb))
	tb.Sort(-1, true)
	require.Equal(t, "dbcaefg", shown(tb))
}

func TestLaterOfTwoRowsWithOneIDCounts(t *testing.T) {
	tb := letters("")
	tb.Set([]visit{{id: "a", who: "old"}, {id: "b", who: "b"}, {id: "a", who: "new"}})
	require.Equal(t, "ab", shown(tb))
	v, ok := tb.Selected()
	require.True(t, ok)
	require.Equal(t, "new", v.who)
}

func TestSortKeys(t *testing.T) {
	tb := newTable(theme.Options{NoColor: true})
	tb.Set([]visit{{id: "1", who: "b", minutes: 30}, {id: "2", who: "a", minutes: 30}, {id: "3", who: "c", minutes: 10}})
	for _, c := range []struct{ key, want, header string }{
		{"O", "123", "Who  "}, {"o", "213", "Who ▴"}, {"O", "312", "Who ▾"}, {"o", "312", "Min ▴"},
		{"O", "123", "Min ▾"}, {"o", "123", "Min"}, {"o", "213", "Who ▴"},
	} {
		slow(tb, c.key)
		require.Equal(t, c.want, shown(tb), c)
		require.Contains(t, strings.Split(tb.View(), "\n")[0], c.header)
		require.Equal(t, "1", selected(tb), "sorting keeps the record")
	}
	tb.Sort(1, true) // not sortable
	require.Equal(t, "123", shown(tb))
}

func TestSelect(t *testing.T) {
	tb := letters("abc")
	require.True(t, tb.Select("c"))
	require.Equal(t, "c", selected(tb))
	require.False(t, tb.Select("nobody"))
	tb.SetFilter("b")
	require.False(t, tb.Select("c"), "hidden by the filter")
	require.Equal(t, "b", selected(tb))
}

func TestMouse(t *testing.T) {
	tb := letters("abcdefghijklmnop")
	click := func(x, y int, b tea.MouseButton) bool {
		handled, _ := tb.Update(tea.MouseClickMsg{X: x, Y: y, Button: b})
		return handled
	}
	require.True(t, click(3, 4, tea.MouseLeft))
	require.Equal(t, "d", selected(tb))
	for _, c := range [][2]int{{2, 0}, {3, 9}, {3, -1}, {-1, 3}, {40, 3}} {
		require.False(t, click(c[0], c[1], tea.MouseLeft), c)
	}
	require.False(t, click(3, 5, tea.MouseRight))
	require.Equal(t, "d", selected(tb))
	handled, _ := tb.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	require.True(t, handled)
	require.Equal(t, "g", selected(tb))
	tb.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	require.Equal(t, "d", selected(tb))
	handled, _ = tb.Update(tea.MouseWheelMsg{Button: tea.MouseWheelLeft})
	require.False(t, handled)
	slow(tb, "end")
	require.True(t, click(0, 1, tea.MouseLeft))
	require.Equal(t, "i", selected(tb), "the first line is not the first row any more")
}

// Sorting that many rows takes two goroutines; a comparison that panics must
// still be the caller's to recover.
func TestSortPanicsAreTheCallers(t *testing.T) {
	th := theme.New(theme.Options{})
	tb := New(th, id, Column[visit]{Title: "x", Min: 1, Cell: func(v visit) string { return v.who },
		Less: func(a, b visit) int {
			if a.id == "v7" || b.id == "v7" {
				panic("broken comparison")
			}
			return strings.Compare(a.who, b.who)
		}})
	tb.Set(visits(twoHands))
	require.PanicsWithValue(t, "broken comparison", func() { tb.Sort(0, false) })
}

func TestBigSortIsStable(t *testing.T) {
	tb := newTable(theme.Options{})
	rows := visits(2*twoHands + 1)
	tb.Set(rows)
	for _, desc := range []bool{false, true, false} {
		tb.Sort(2, desc)
		want := slices.Clone(rows)
		slices.SortStableFunc(want, func(a, b visit) int {
			if desc {
				a, b = b, a
			}
			return a.minutes - b.minutes
		})
		for n, i := range tb.order {
			require.Equal(t, want[n].id, rows[i].id, fmt.Sprint(n, desc))
		}
	}
}

// A long sort is worked out beside the screen, which shows the rows as they
// were and says so; what acts on a row waits for it.
func TestSortingBesideTheScreen(t *testing.T) {
	tb := newTable(theme.Options{})
	tb.Set(visits(2 * aside))
	before := tb.View()
	taken, cmd := tb.Update(pressed("o"))
	require.True(t, taken)
	require.NotNil(t, cmd)
	done := make(chan tea.Msg)
	go func() { done <- cmd() }()
	tb.Update(pressed("space"))
	require.Contains(t, tb.View(), "sorting...")
	lines, first := strings.Split(tb.View(), "\n"), strings.Split(before, "\n")
	require.Equal(t, first[2], lines[2], "the rows stay until they are sorted")
	want := newTable(theme.Options{})
	want.Set(visits(2 * aside))
	want.Sort(0, false)
	want.Update(pressed("home"))
	top, _ := want.Selected()
	tb.Update(pressed("home")) // waits
	got, _ := tb.Selected()
	require.Equal(t, top, got)
	require.NotContains(t, tb.View(), "sorting...")
	require.Len(t, tb.Marked(), 1)
	late := <-done
	shown := tb.View()
	_, next := tb.Update(late)
	require.Nil(t, next)
	require.Equal(t, shown, tb.View())
}

// A click on a column's head does what the sort key does.
func TestAClickOnAHeadSorts(t *testing.T) {
	tb := newTable(theme.Options{})
	tb.Resize(80, 10)
	tb.Set(visits(8))
	tb.th.Apply(theme.Options{NoColor: true})
	head := func(words string) int { return strings.Index(strings.Split(tb.View(), "\n")[0], words) }
	click := func(x int) bool {
		taken, cmd := tb.Update(tea.MouseClickMsg{X: x, Button: tea.MouseLeft})
		drain(tb, cmd)
		return taken
	}
	for _, c := range []struct {
		at   int
		col  int
		desc bool
	}{{head("Who"), 0, false}, {head("Who") + 5, 0, true}, {head("Min"), 2, false}, {head("Min"), 2, true}, {head("Min") + 2, 2, false}} {
		slow(tb, "down")
		was := selected(tb)
		require.True(t, click(c.at))
		col, desc := tb.Order()
		require.Equal(t, c.col, col)
		require.Equal(t, c.desc, desc)
		require.Equal(t, was, selected(tb), "the cursor stays on its record")
	}
	before := tb.View()
	for _, x := range []int{0, head("Title"), head("State"), 79} {
		require.False(t, click(x))
		require.Equal(t, before, tb.View(), "nothing to sort by at %d", x)
	}
}

// Two clicks on one record open it; where another has come under the mouse, they
// do not.
func TestTwoClicksOnOneRecord(t *testing.T) {
	tb := letters("abcd")
	at := tea.MouseClickMsg{X: 3, Y: 2, Button: tea.MouseLeft}
	opens := func() (open bool) {
		tb.Update(at)
		tb.Update(DoubleMsg{at, &open})
		return open
	}
	require.False(t, opens(), "the first click")
	require.True(t, opens())
	tb.Update(at)
	tb.Set(named("aebcd"))
	tb.Sort(0, true)
	require.False(t, opens(), "another record is there by now")
	slow(tb, "/", "c")
	at.Y = 1
	require.False(t, opens())
	require.True(t, tb.Filtering())
	require.True(t, opens())
	require.False(t, tb.Filtering(), "the key that opens is not the field's")
	at.Y = 3
	tb.Update(at)
	require.False(t, opens(), "there is no row")
	at.Y = 0
	tb.Update(at)
	require.False(t, opens(), "the head of a column")
}

// A page of a long sorted list is put in its place beside the screen, which
// counts its rows at once; what acts on a row waits for them.
func TestPagesBesideTheScreen(t *testing.T) {
	rows := visits(aside + 300)
	want := newTable(theme.Options{})
	want.Sort(2, false)
	want.Set(rows)
	tb := newTable(theme.Options{})
	tb.Sort(2, false)
	tb.Set(rows[:aside])
	slow(tb, "down", "down", "space")
	chosen := selected(tb)
	before := strings.Split(tb.View(), "\n")
	first := tb.Append(rows[aside : aside+100]...)
	require.NotNil(t, first)
	require.Nil(t, tb.Append(rows[aside+100:aside+200]...), "the second page is put in with the next")
	require.Nil(t, tb.Append(rows[aside+200:]...))
	now := strings.Split(tb.View(), "\n")
	require.Equal(t, before[:len(before)-1], now[:len(now)-1], "the rows stay until they are in order")
	require.Contains(t, now[len(now)-1], fmt.Sprintf("%d rows", aside+300))
	require.Len(t, tb.Rows(), aside+300)
	_, second := tb.Update(first())
	require.Equal(t, aside+100, len(tb.visible))
	require.NotNil(t, second)
	_, done := tb.Update(second())
	require.Nil(t, done)
	require.Equal(t, aside+300, len(tb.visible))
	require.Equal(t, chosen, selected(tb))
	require.Equal(t, chosen, ids(tb.Marked()))
	require.Equal(t, shown(want), shown(tb))

	slow(want, "end")
	last := selected(want)
	tb.Set(rows[:aside])
	late := tb.Append(rows[aside:]...)
	slow(tb, "end", "ctrl+a")
	require.Equal(t, last, selected(tb), "a key waits for the page")
	require.Len(t, tb.Marked(), len(rows))
	tb.Update(late())
	require.Equal(t, shown(want), shown(tb))
}
