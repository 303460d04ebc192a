package billing

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// list is a table of records a vendor has, with a line above it.
type list[R any] struct {
	v     *View
	table *table.Table[R]
	read  *ui.Call[[]R]
	fetch func(ctx) ([]R, error) // what the next reading runs; captures locals
	head  func() string
	act   func(k tea.KeyPressMsg, row R, some bool) (cmd tea.Cmd, mine bool)
	keys  func() []key.Binding
	got   func([]R) // told of rows that came in; may be nil
	there bool      // rows have come in
	back  func() tea.Cmd
	width int
}

func newList[R any](v *View, words string, t *table.Table[R]) *list[R] {
	return &list[R]{v: v, table: t.WithoutMarks(), read: ui.NewCall[[]R](v.env, words)}
}

// enter reads the rows the first time.
func (l *list[R]) enter() tea.Cmd {
	if l.there || l.read.Out() {
		return nil
	}
	return l.reload()
}

func (l *list[R]) reload() tea.Cmd {
	l.table.SetLoading("reading...")
	return l.read.Latest(l.fetch)
}

func (l *list[R]) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return l.press(msg)
	case ui.Result[[]R]:
		l.loaded(msg)
		return nil
	}
	_, cmd := l.table.Update(ui.Shift(msg, 0, 1))
	return cmd
}

func (l *list[R]) loaded(r ui.Result[[]R]) {
	if !l.read.Accept(r) {
		return
	}
	if r.Err != nil {
		l.table.SetFailed(rest.Then(r.Err, "Press r to try again."))
		return
	}
	l.there = true
	l.table.Set(r.Value)
	if l.got != nil {
		l.got(r.Value)
	}
}

func (l *list[R]) press(msg tea.KeyPressMsg) tea.Cmd {
	k := l.v.keys
	if l.table.Filtering() {
		_, cmd := l.table.Update(msg)
		return cmd
	}
	switch {
	case key.Matches(msg, k.Back) && l.table.Filter() == "" && l.back != nil:
		return l.back()
	case key.Matches(msg, k.Reload):
		return l.reload()
	}
	row, some := l.table.Selected()
	if cmd, mine := l.act(msg, row, some); mine {
		return cmd
	}
	_, cmd := l.table.Update(msg)
	return cmd
}

func (l *list[R]) Resize(width, height int) {
	l.width = width
	l.table.Resize(width, max(1, height-1))
}

func (l *list[R]) View() string {
	return l.v.env.Theme.Truncate(" "+l.head(), l.width) + "\n" + l.table.View()
}

func (l *list[R]) Typing() bool        { return l.table.Filtering() }
func (l *list[R]) Cursor() *tea.Cursor { return below(l.table.Cursor(), 1) }

// Waiting keeps back what acts on a row until there are rows.
func (l *list[R]) Waiting(msg tea.Msg) bool {
	return l.read.Out() && !l.there && !key.Matches(ui.Pressed(msg), l.v.keys.Back, l.v.keys.Reload)
}

// needRow takes keys out of the help and the footer while no row is marked:
// they would do nothing.
func (l *list[R]) needRow(keys ...*key.Binding) { needRow(l.table, keys...) }

func needRow(rows interface{ Bare() bool }, keys ...*key.Binding) {
	if !rows.Bare() {
		return
	}
	for _, k := range keys {
		k.SetEnabled(false)
	}
}

func (l *list[R]) Groups() [][]key.Binding {
	if l.table.Filtering() {
		return [][]key.Binding{l.table.Keys()}
	}
	own := append(l.keys(), l.v.keys.Reload)
	if l.back != nil && l.table.Filter() == "" {
		own = append(own, l.v.keys.Back)
	}
	return [][]key.Binding{own, l.table.Keys()}
}
