package library

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// headLines are drawn above the rows of a list.
const headLines = 2

// list is the rows the EMR has for a question, below the line in which the
// words of it are typed. It knows nothing of what a row is.
type list[R any, Q comparable] struct {
	v     *View
	seek  *seeker
	table *table.Table[R]
	load  *ui.Call[[]R]
	want  func() Q // the question as it is now; the zero one is for all rows
	read  func(ctx, Q) ([]R, error)
	note  func(R) // a row that came
	asked Q       // what the last question was
	shown Q       // what the rows answer
	begun bool
	width int
}

// newList makes a list without its table and questions. words say what it does
// when it asks.
func newList[R any, Q comparable](v *View, words string) *list[R, Q] {
	l := &list[R, Q]{v: v, load: ui.NewCall[[]R](v.env, words)}
	l.seek = newSeeker(v, l.askNew, l.restart)
	return l
}

// worded is a column of words, which it is ordered by.
func worded[R any](title string, least, most, drop int, text func(R) string) table.Column[R] {
	return table.Column[R]{
		Title: title, Min: least, Max: most, Drop: drop, Cell: text,
		Key: func(r R) string { return strings.ToLower(text(r)) },
	}
}

func (l *list[R, Q]) narrowed() bool {
	var all Q
	return l.want() != all
}

// askNew asks when the question is another one than the last.
func (l *list[R, Q]) askNew() tea.Cmd {
	if l.begun && l.want() == l.asked {
		return nil
	}
	return l.reload()
}

func (l *list[R, Q]) reload() tea.Cmd {
	read, q := l.read, l.want()
	l.begun, l.asked = true, q
	l.table.SetLoading("asking...")
	return l.load.Latest(func(ctx ctx) ([]R, error) { return read(ctx, q) })
}

// restart puts the cursor on the first row, wherever a person had it: the words
// asked for are others.
func (l *list[R, Q]) restart() {
	rows := l.table.Rows()
	l.table.Set(nil)
	if l.table.Set(rows); l.load.Out() {
		l.table.SetLoading("asking...")
	}
}

func (l *list[R, Q]) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[[]R]:
		l.loaded(msg)
		return nil
	case settledMsg:
		return l.seek.update(msg)
	case tea.PasteMsg:
		if l.seek.open {
			return l.seek.update(msg)
		}
	}
	_, cmd := l.table.Update(ui.Shift(msg, 0, headLines))
	return cmd
}

func (l *list[R, Q]) loaded(r ui.Result[[]R]) {
	if !l.load.Accept(r) {
		return
	}
	if r.Err != nil {
		l.table.SetFailed(rest.UserMessage(r.Err))
		return
	}
	if l.shown != l.asked { // another question: the cursor begins anew
		l.table.Set(nil)
	}
	l.shown = l.asked
	l.table.Set(r.Value)
	for _, row := range r.Value {
		l.note(row)
	}
}

// own reports a key that is the list's, whatever else it may be bound to.
func (l *list[R, Q]) own(msg tea.KeyPressMsg) bool {
	return l.Typing() || l.load.Out() && key.Matches(msg, l.v.keys.Stop)
}

func (l *list[R, Q]) press(msg tea.KeyPressMsg) tea.Cmd {
	k := l.v.keys
	switch {
	case l.seek.open:
		return l.seek.update(msg)
	case l.table.Filtering():
	case key.Matches(msg, k.Stop) && l.load.Out():
		l.load.Cancel()
		l.asked = l.shown
		l.table.SetFailed("Stopped asking. Press r to ask again.")
		return nil
	case key.Matches(msg, k.Search):
		l.seek.start()
		return nil
	case key.Matches(msg, k.Again):
		return l.reload()
	}
	_, cmd := l.table.Update(msg)
	return cmd
}

func (l *list[R, Q]) Resize(width, height int) {
	l.width = width
	l.seek.resize(width)
	l.table.Resize(width, max(1, height-headLines))
}

// draw is the list under its title; words say what it is narrowed to.
func (l *list[R, Q]) draw(title, aside, words string) string {
	th := l.v.env.Theme
	head := th.Strong.Render(" "+title+" ") + l.v.badge() + th.Muted.Render(" "+aside)
	return th.Truncate(head, l.width) + "\n" + th.Truncate(l.seek.view(words), l.width) + "\n" + l.table.View()
}

func (l *list[R, Q]) Typing() bool { return l.seek.open || l.table.Filtering() }

// early reports a key that acts on rows that are not in yet; those of but do
// not.
func (l *list[R, Q]) early(msg tea.Msg, but ...key.Binding) bool {
	return l.load.Out() && !l.Typing() && !key.Matches(ui.Pressed(msg), but...)
}

func (l *list[R, Q]) Cursor() *tea.Cursor {
	if l.seek.open {
		return below(l.seek.cursor(), 1)
	}
	return below(l.table.Cursor(), headLines)
}

// keys are those of what has the keyboard: a line in which is typed, or the
// list with its own keys and what esc does now.
func (l *list[R, Q]) keys(first ...key.Binding) [][]key.Binding {
	k, rows := l.v.keys, l.table.Keys()
	switch {
	case l.seek.open:
		return [][]key.Binding{{k.Leave, k.Drop}}
	case l.table.Filtering():
		return [][]key.Binding{rows}
	case l.load.Out():
		return [][]key.Binding{append(first, k.Stop), without(rows, k.Stop)}
	case l.narrowed() && l.table.Filter() == "":
		first = append(first, k.Clear)
	}
	return [][]key.Binding{first, rows}
}

// without drops the bindings that share a key with b.
func without(all []key.Binding, b key.Binding) []key.Binding {
	return slices.DeleteFunc(slices.Clone(all), func(have key.Binding) bool { return have.Keys()[0] == b.Keys()[0] })
}
