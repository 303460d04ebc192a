package table

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// action is a key and what it does, while when holds (nil: always).
type action struct {
	key.Binding
	do   func() tea.Cmd
	when func() bool
}

func (a action) works() bool { return a.when == nil || a.when() }

// bind makes the two sets of actions: for the rows and for the filter's field.
// Help and Update both go by them.
func (t *sheet) bind() {
	on := func(help, words string, do func(), keys ...string) action {
		return action{
			Binding: key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, words)),
			do:      func() tea.Cmd { do(); return nil },
		}
	}
	only := func(when func() bool, a action) action { a.when = when; return a }
	rows := func(n int) func() { return func() { t.move(n) } }
	pages := func(halves int) func() { return func() { t.page(halves * max(1, t.body()/2)) } }
	far := func(n int) func() { return func() { t.move(n * len(t.marked)) } }
	markable := func() bool { return !t.unmarkable }
	filter := on("/", "filter", nil, "/")
	filter.do = t.open
	next, turn := on("o", "sort by next column", nil, "o"), on("O", "reverse order", nil, "O")
	next.do, turn.do = t.nextSort, t.reverse
	t.browsing = []action{
		on("up/k", "up", rows(-1), "up", "k"),
		on("down/j", "down", rows(1), "down", "j"),
		on("pgup", "page up", pages(-2), "pgup"),
		on("pgdn", "page down", pages(2), "pgdown"),
		on("ctrl+u", "half page up", pages(-1), "ctrl+u"),
		on("ctrl+d", "half page down", pages(1), "ctrl+d"),
		on("home/g", "first", far(-1), "home", "g"),
		on("end/G", "last", far(1), "end", "G"),
		filter,
		only(func() bool { return t.Filter() != "" }, on("esc", "clear filter", t.clear, "esc")),
		only(markable, on("space", "mark", t.toggle, "space")),
		only(markable, on("ctrl+a", "mark all shown", t.markAll, "ctrl+a")),
		only(markable, on("i", "invert marks", t.invert, "i")),
		only(t.sortable, next),
		only(func() bool { return t.sortBy >= 0 }, turn),
	}
	t.typing = []action{
		on("enter", "keep filter", t.leave, "enter"),
		only(func() bool { return t.Filter() != "" }, on("esc", "clear filter", t.clear, "esc")),
		only(func() bool { return t.Filter() == "" }, on("esc", "leave filter", t.leave, "esc")),
		on("up", "up", rows(-1), "up"),
		on("down", "down", rows(1), "down"),
		on("pgup", "page up", pages(-2), "pgup"),
		on("pgdn", "page down", pages(2), "pgdown"),
	}
}

// Keys are the bindings that work right now, for the help.
func (t *sheet) Keys() []key.Binding {
	var out []key.Binding
	for _, a := range t.actions() {
		if a.works() {
			out = append(out, a.Binding)
		}
	}
	return out
}

func (t *sheet) actions() []action {
	if t.filtering {
		return t.typing
	}
	return t.browsing
}

// Update takes a message and reports whether it was for the table; what it
// left alone is for others. Mouse positions are counted from the table's upper
// left corner. The command, if any, belongs to the table.
func (t *sheet) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return t.press(msg)
	case tea.PasteMsg:
		if !t.filtering {
			return false, nil
		}
		return true, t.edit(tea.PasteMsg{Content: printable(msg.Content)})
	case tea.MouseClickMsg:
		return t.click(msg)
	case DoubleMsg:
		return t.double(msg), nil
	case tea.MouseWheelMsg:
		return t.turn(msg.Button), nil
	case moreMsg:
		if msg.owner != any(t) {
			return false, nil
		}
		return true, t.more(msg)
	}
	return false, nil
}

func (t *sheet) press(msg tea.KeyPressMsg) (bool, tea.Cmd) {
	for _, a := range t.actions() {
		if a.works() && key.Matches(msg, a.Binding) {
			return true, a.do()
		}
	}
	if !t.filtering || msg.Text == "" && !t.edits(msg) {
		return false, nil
	}
	msg.Text = printable(msg.Text)
	return true, t.edit(msg)
}

// edits reports whether a key changes or moves in the filter's text. Those of
// the field that do neither, like tab, are left to others.
func (t *sheet) edits(msg tea.KeyPressMsg) bool {
	k := t.input.KeyMap
	return key.Matches(msg, k.CharacterForward, k.CharacterBackward, k.WordForward,
		k.WordBackward, k.DeleteWordBackward, k.DeleteWordForward, k.DeleteAfterCursor,
		k.DeleteBeforeCursor, k.DeleteCharacterBackward, k.DeleteCharacterForward,
		k.LineStart, k.LineEnd)
}

// edit passes a message to the filter's field and searches for what it holds
// then.
func (t *sheet) edit(msg tea.Msg) tea.Cmd {
	before := t.input.Value()
	t.input, _ = t.input.Update(msg)
	if t.input.Value() == before {
		return nil
	}
	return t.search()
}

func (t *sheet) clear() { t.SetFilter("") }

func (t *sheet) toggle() {
	t.gather()
	if len(t.visible) > 0 {
		i := t.visible[t.cur]
		t.mark(i, !t.marked[i])
	}
}

func (t *sheet) markAll() {
	t.gather()
	for _, i := range t.visible {
		t.mark(i, true)
	}
}

func (t *sheet) invert() {
	t.gather()
	for _, i := range t.visible {
		t.mark(i, !t.marked[i])
	}
}

func (t *sheet) sortable() bool {
	for _, c := range t.cols {
		if c.less != nil {
			return true
		}
	}
	return false
}

// nextSort goes on to the next sortable column, and after the last to the
// order the rows came in.
func (t *sheet) nextSort() tea.Cmd {
	for col := t.sortBy + 1; col < len(t.cols); col++ {
		if t.cols[col].less != nil {
			return t.sort(col, false)
		}
	}
	return t.sort(-1, false)
}

func (t *sheet) reverse() tea.Cmd { return t.sort(t.sortBy, !t.desc) }
