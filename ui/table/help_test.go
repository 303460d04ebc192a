package table

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/ui/theme"
)

// visit is what the tests list.
type visit struct {
	id, who, title, state string
	minutes               int
}

func id(v visit) string { return v.id }

func columns(th *theme.Theme) []Column[visit] {
	return []Column[visit]{
		{Title: "Who", Min: 10, Cell: func(v visit) string { return v.who },
			Key: func(v visit) string { return v.who }},
		{Title: "Title", Min: 6, Max: 10, Drop: 2, Cell: func(v visit) string { return v.title }},
		{Title: "Min", Min: 5, Max: 5, Right: true, Drop: 1,
			Cell: func(v visit) string { return fmt.Sprint(v.minutes) },
			Less: func(a, b visit) int { return cmp.Compare(a.minutes, b.minutes) }},
		{Title: "State", Min: 9, Max: 12, Cell: func(v visit) string { return v.state },
			Style: func(visit) lipgloss.Style { return th.Good }},
	}
}

func newTable(o theme.Options) *Table[visit] {
	th := theme.New(o)
	t := New(th, id, columns(th)...)
	t.Resize(80, 24)
	return t
}

var (
	firsts = []string{"Ada", "Łukasz", "José", "Zoë", "Chloé", "Ngozi", "Øyvind", "Mia", "王", "Ben"}
	lasts  = []string{"Sample", "Example", "Müller", "Tester", "Placeholder", "小明", "Specimen", "Dummy"}
	states = []string{"HELD", "REQUESTED", "SEEN", "CONFIRMED", "OVERDUE"}
)

// visits makes n obviously fake rows, the same every time.
func visits(n int) []visit {
	dice := rand.New(rand.NewPCG(1, 2))
	out := make([]visit, n)
	for i := range out {
		out[i] = visit{
			id:      fmt.Sprintf("v%d", i),
			who:     fmt.Sprintf("%s %s %d", firsts[dice.IntN(len(firsts))], lasts[dice.IntN(len(lasts))], i),
			title:   []string{"MD", "NP", "PA-C"}[i%3],
			state:   states[dice.IntN(len(states))],
			minutes: 10 * (1 + dice.IntN(17)),
		}
	}
	return out
}

// pressed is the message of a key named as bindings name it.
func pressed(name string) tea.KeyPressMsg {
	special := map[string]tea.KeyPressMsg{
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
		"left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
		"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown},
		"home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape},
		"tab": {Code: tea.KeyTab}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift},
		"backspace": {Code: tea.KeyBackspace}, "f5": {Code: tea.KeyF5},
		"space": {Code: tea.KeySpace, Text: " "},
	}
	if k, ok := special[name]; ok {
		return k
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: []rune(rest)[0], Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// slow presses keys and runs every command to its end before the next.
func slow(t *Table[visit], keys ...string) {
	for _, k := range keys {
		for _, msg := range asMsgs(k) {
			_, cmd := t.Update(msg)
			for cmd != nil {
				_, cmd = t.Update(cmd())
			}
		}
	}
}

// asMsgs turns a key's name, or "'some text", into messages.
func asMsgs(k string) []tea.Msg {
	text, ok := strings.CutPrefix(k, "'")
	if !ok {
		return []tea.Msg{pressed(k)}
	}
	var out []tea.Msg
	for _, r := range text {
		if r == ' ' {
			out = append(out, pressed("space"))
			continue
		}
		out = append(out, pressed(string(r)))
	}
	return out
}

func selected(t *Table[visit]) string {
	v, _ := t.Selected()
	return v.id
}
