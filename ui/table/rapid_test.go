package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/ui/theme"
)

// event is one thing that happens to a table: a message, or news of its rows.
type event struct {
	name string
	msg  tea.Msg
	do   func(*Table[visit]) tea.Cmd
}

func (e event) happen(tb *Table[visit]) (bool, tea.Cmd) {
	if e.do != nil {
		return true, e.do(tb)
	}
	return tb.Update(e.msg)
}

// quick is a deed that leaves nothing to a command.
func quick(do func(*Table[visit])) func(*Table[visit]) tea.Cmd {
	return func(tb *Table[visit]) tea.Cmd { do(tb); return nil }
}

var keyNames = strings.Fields("up down k j pgup pgdown ctrl+u ctrl+d home end g G / / / enter enter esc space ctrl+a i o O " +
	"backspace backspace left right tab ctrl+w a a a e m m s 1 2 0 x")

// drawEvent draws an event that means the same at every speed.
func drawEvent(t *rapid.T) event {
	return drawKind(t, rapid.IntRange(0, 19).Draw(t, "kind"))
}

func drawKind(t *rapid.T, kind int) event {
	some := rapid.SliceOfN(rapid.IntRange(0, 45), 0, 6)
	switch kind {
	case 0:
		changed := visits(46)
		var rows []visit
		for _, i := range some.Draw(t, "upserted") {
			v := changed[i]
			v.who, v.minutes = strings.Repeat("ma", i%3)+v.who, i%4
			rows = append(rows, v)
		}
		return event{name: "upsert", do: quick(func(tb *Table[visit]) { tb.Upsert(rows...) })}
	case 1:
		var gone []string
		for _, i := range some.Draw(t, "removed") {
			gone = append(gone, fmt.Sprint("v", i))
		}
		return event{name: "remove", do: quick(func(tb *Table[visit]) { tb.Remove(gone...) })}
	case 2:
		rows := visits(46)[rapid.IntRange(0, 20).Draw(t, "from"):rapid.IntRange(20, 46).Draw(t, "to")]
		return event{name: "set", do: quick(func(tb *Table[visit]) { tb.Set(rows) })}
	case 3:
		at := fmt.Sprint("v", rapid.IntRange(0, 45).Draw(t, "chosen"))
		return event{name: "select " + at, do: quick(func(tb *Table[visit]) { tb.Select(at) })}
	case 4:
		y := rapid.IntRange(0, 14).Draw(t, "y")
		return event{name: "click", msg: tea.MouseClickMsg{X: 3, Y: y, Button: tea.MouseLeft}}
	case 5:
		least := rapid.SampledFrom([]int{0, 20, 90, 900}).Draw(t, "minutes")
		keep := func(v visit) bool { return v.minutes >= least }
		if least == 0 {
			keep = nil
		}
		return event{name: "list", do: quick(func(tb *Table[visit]) { tb.List(keep) })}
	case 6:
		text := rapid.StringOfN(rapid.RuneFrom([]rune("amé \n1")), 0, 3, -1).Draw(t, "pasted")
		return event{name: "paste", msg: tea.PasteMsg{Content: text}}
	case 7, 8:
		from := rapid.IntRange(0, 45).Draw(t, "page")
		rows := visits(46)[from:min(46, from+rapid.IntRange(0, 10).Draw(t, "rows"))]
		return event{name: "append", do: func(tb *Table[visit]) tea.Cmd { return tb.Append(rows...) }}
	}
	k := rapid.SampledFrom(keyNames).Draw(t, "key")
	return event{name: k, msg: pressed(k)}
}

// drawScript draws events; some in a row, as when somebody types a filter and
// corrects it.
func drawScript(t *rapid.T) []event {
	var script []event
	for range rapid.IntRange(1, 12).Draw(t, "steps") {
		switch rapid.IntRange(0, 5).Draw(t, "step") {
		case 0, 1:
		case 2:
			for range rapid.IntRange(1, 3).Draw(t, "pages") {
				script = append(script, drawKind(t, 7))
			}
			k := rapid.SampledFrom(strings.Fields("o O ctrl+a i space down G /")).Draw(t, "then")
			script = append(script, event{name: k, msg: pressed(k)}, drawKind(t, 7))
			continue
		default:
			script = append(script, drawEvent(t))
			continue
		}
		typed := rapid.SliceOfN(rapid.SampledFrom(strings.Fields(
			"a a e l m m u s d 1 2 space backspace backspace left ctrl+w esc enter down")), 1, 8).Draw(t, "typed")
		for _, k := range append([]string{"/"}, typed...) {
			script = append(script, event{name: k, msg: pressed(k)})
		}
	}
	return script
}

// outcome is everything a script leaves behind.
func outcome(tb *Table[visit]) string {
	at, ok := tb.Selected() // finishes what is under way
	return fmt.Sprintln(at.id, ok, tb.Filter(), tb.Filtering(), tb.input.Position(), shown(tb),
		ids(tb.Marked()), tb.sortBy, tb.desc, tb.top(), "\n"+tb.View())
}

// Typing ahead ends where slow typing does: whatever part of a filter fits
// into one Update, and whenever what goes on with it arrives, if ever.
func TestSpeedDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		script := drawScript(t)
		sorted := rapid.SampledFrom([]int{-1, 0, 2}).Draw(t, "sorted by")
		patient, hasty := newTable(theme.Options{}), newTable(theme.Options{})
		for _, tb := range []*Table[visit]{patient, hasty} {
			tb.Resize(60, 15)
			tb.Set(visits(20))
			tb.Sort(sorted, false)
		}
		hasty.aside = rapid.SampledFrom([]int{0, aside}).Draw(t, "sorted aside")
		hasty.spent = func() func() bool {
			left := rapid.IntRange(1, 12).Draw(t, "rows in this slice")
			return func() bool { left--; return left < 0 }
		}
		var late []tea.Cmd
		deliver := func(limit int) {
			for ; limit > 0 && len(late) > 0; limit-- {
				at := rapid.IntRange(0, len(late)-1).Draw(t, "which message")
				cmd := late[at]
				late = slices.Delete(late, at, at+1)
				if _, next := hasty.Update(cmd()); next != nil {
					late = append(late, next)
				}
			}
		}
		for _, e := range script {
			wanted, cmd := e.happen(patient)
			drain(patient, cmd)
			taken, cmd := e.happen(hasty)
			require.Equal(t, wanted, taken, e.name)
			require.Equal(t, len(patient.rows), len(hasty.rows), e.name)
			if cmd != nil {
				late = append(late, cmd)
			}
			deliver(rapid.IntRange(0, 3).Draw(t, "messages delivered"))
		}
		if rapid.Bool().Draw(t, "the rest arrives before the look") {
			deliver(1000)
		}
		require.Equal(t, outcome(patient), outcome(hasty))
		deliver(1000)
		require.Equal(t, outcome(patient), outcome(hasty))
	})
}

// Whatever happens, the rows shown are those a plain filter and a plain sort
// of the rows give, and a record that is still shown keeps the cursor.
func TestRowsAreWhatAPlainListWouldShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tb := newTable(theme.Options{})
		tb.Resize(60, 15)
		tb.Set(visits(20))
		tb.aside = rapid.SampledFrom([]int{0, aside}).Draw(t, "sorted aside")
		lent := tb.Lend()
		then := slices.Clone(lent)
		for _, e := range drawScript(t) {
			if rapid.IntRange(0, 4).Draw(t, "lent anew") == 0 {
				lent = tb.Lend()
				then = slices.Clone(lent)
			}
			before, had := tb.Selected()
			_, cmd := e.happen(tb)
			drain(tb, cmd)
			require.Equal(t, plainList(tb), shown(tb), e.name)
			require.Equal(t, then, lent, "lent rows changed: "+e.name)
			at, ok := tb.Selected()
			require.Equal(t, len(tb.visible) > 0, ok, e.name)
			stays := e.name == "set" || e.name == "upsert" || e.name == "append" || e.name == "remove" || e.name == "list" || e.name == "o" || e.name == "O"
			if _, found := tb.find(max(0, tb.index(before.id))); stays && had && found && tb.index(before.id) >= 0 {
				require.Equal(t, before.id, at.id, e.name)
			}
			for _, v := range tb.Marked() {
				require.True(t, tb.lists(tb.index(v.id)), e.name)
			}
			require.Len(t, tb.Marked(), tb.marks, e.name)
			require.GreaterOrEqual(t, tb.cur, tb.top(), e.name)
			require.Less(t, tb.cur, tb.top()+tb.body(), e.name)
		}
	})
}

func plainList(tb *Table[visit]) string {
	var rows []visit
	for _, v := range tb.Rows() {
		if !tb.lists(tb.index(v.id)) {
			continue
		}
		text := fold(strings.Join([]string{v.who, v.title, fmt.Sprint(v.minutes), v.state}, "\n"))
		if !slices.ContainsFunc(strings.Fields(fold(tb.Filter())), func(w string) bool { return !strings.Contains(text, w) }) {
			rows = append(rows, v)
		}
	}
	if tb.sortBy >= 0 {
		slices.SortStableFunc(rows, func(a, b visit) int {
			if tb.desc {
				a, b = b, a
			}
			if c := columns(tb.th)[tb.sortBy]; c.Less != nil {
				return c.Less(a, b)
			}
			return strings.Compare(a.who, b.who)
		})
	}
	return ids(rows)
}

// No text, size or state makes the view leave its cells.
func TestViewStaysInItsCells(t *testing.T) {
	anything := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("ab \n\t\x1b[31m\u0085日本🙂\u0301é"))))
	rapid.Check(t, func(t *rapid.T) {
		tb := newTable(theme.Options{ASCII: rapid.Bool().Draw(t, "ascii"), NoColor: rapid.Bool().Draw(t, "mono")})
		var rows []visit
		for i := range rapid.IntRange(0, 12).Draw(t, "rows") {
			rows = append(rows, visit{id: fmt.Sprint(i), who: anything.Draw(t, "who"), state: anything.Draw(t, "state")})
		}
		tb.Set(rows)
		slow(tb, rapid.SliceOfN(rapid.SampledFrom(keyNames), 0, 8).Draw(t, "keys")...)
		tb.SetStale(anything.Draw(t, "stale"))
		if rapid.Bool().Draw(t, "failed") {
			tb.SetFailed(anything.Draw(t, "sentence"))
		} else {
			tb.SetLoading(anything.Draw(t, "loading"))
		}
		w, h := rapid.IntRange(0, 130).Draw(t, "width"), rapid.IntRange(0, 30).Draw(t, "height")
		tb.Resize(w, h)
		view := tb.View()
		if w == 0 || h == 0 {
			require.Empty(t, view)
			return
		}
		lines := strings.Split(view, "\n")
		require.Len(t, lines, h)
		for _, l := range lines {
			require.LessOrEqual(t, ansi.StringWidth(l), w, "%q", l)
		}
		require.NotContains(t, ansi.Strip(view), "\x1b")
		require.NotRegexp(t, "[\x00-\x09\x0b-\x1f\x7f\u0080-\u009f]", ansi.Strip(view))
		if c := tb.Cursor(); tb.Filtering() {
			require.Equal(t, h-1, c.Y)
			require.True(t, c.X >= 0 && c.X < w)
		} else {
			require.Nil(t, c)
		}
	})
}
