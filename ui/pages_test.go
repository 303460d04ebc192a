package ui_test

import (
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"frontdesk/ui"
)

// leaf is a page that writes down what it is told, and answers as it is set.
type leaf struct {
	name          string
	told          []tea.Msg
	width, height int
	busy          bool
	at            *tea.Cursor
}

func (l *leaf) Update(msg tea.Msg) tea.Cmd {
	l.told = append(l.told, msg)
	return func() tea.Msg { return l.name }
}
func (l *leaf) Resize(width, height int) { l.width, l.height = width, height }
func (l *leaf) View() string             { return l.name }
func (l *leaf) Typing() bool             { return l.busy }
func (l *leaf) Waiting(msg tea.Msg) bool { return l.busy && msg != escape }
func (l *leaf) Cursor() *tea.Cursor      { return l.at }
func (l *leaf) Groups() [][]key.Binding {
	return [][]key.Binding{{ui.One("a", l.name)}, {ui.One("b", "other")}}
}

var escape tea.Msg = tea.KeyPressMsg{Code: tea.KeyEscape}

// TestPagesTellWhomItConcerns: what a person does is for the page on show
// alone, everything else is for all of them.
func TestPagesTellWhomItConcerns(t *testing.T) {
	a, b, c := &leaf{name: "a"}, &leaf{name: "b"}, &leaf{name: "c"}
	pages := ui.NewPages(a, b, c)
	pages.Open(b)
	hands := []tea.Msg{escape, tea.PasteMsg{Content: "x"}, tea.MouseClickMsg{X: 1}, tea.MouseWheelMsg{Y: 1}}
	for _, msg := range hands {
		require.Equal(t, "b", pages.Update(msg)())
	}
	require.Equal(t, hands, b.told)
	require.Empty(t, a.told)
	require.Empty(t, c.told)

	batch, ok := pages.Update("news")().(tea.BatchMsg)
	require.True(t, ok)
	require.Len(t, batch, 3)
	for i, l := range []*leaf{a, b, c} {
		require.Equal(t, l.name, batch[i](), "in their order")
		require.Equal(t, tea.Msg("news"), l.told[len(l.told)-1])
	}
}

// TestPagesKnowTheWayBack opens pages and returns; after each step the page on
// show is the one named.
func TestPagesKnowTheWayBack(t *testing.T) {
	a, b, c := &leaf{name: "a"}, &leaf{name: "b"}, &leaf{name: "c"}
	pages := ui.NewPages(a, b, c)
	back, home := (*ui.Pages).Back, (*ui.Pages).Home
	open := func(l *leaf) func(*ui.Pages) { return func(p *ui.Pages) { p.Open(l) } }
	for i, step := range []struct {
		do   func(*ui.Pages)
		want *leaf
	}{
		{back, a}, // nothing lies behind
		{open(a), a}, {back, a},
		{open(b), b}, {open(c), c}, {back, b}, {back, a}, {back, a},
		{open(b), b}, {open(b), b}, {back, a}, // on show: not behind itself
		{open(b), b}, {open(c), c}, {open(b), b}, {back, c}, {back, b}, {back, a},
		{open(b), b}, {open(c), c}, {home, a}, {back, a}, // home forgets the way
	} {
		step.do(&pages)
		require.Equal(t, step.want.name, pages.View(), "step %d", i)
		require.True(t, pages.Page() == step.want, "step %d", i)
	}
}

// TestPagesAnswerAsThePageOnShow: the others are not asked.
func TestPagesAnswerAsThePageOnShow(t *testing.T) {
	a, b := &leaf{name: "a"}, &leaf{name: "b", busy: true, at: tea.NewCursor(3, 4)}
	pages := ui.NewPages(a, b)
	pages.Resize(70, 20)
	for _, l := range []*leaf{a, b} {
		require.Equal(t, []int{70, 20}, []int{l.width, l.height}, "shown or not")
	}
	require.False(t, pages.Typing())
	require.False(t, pages.Waiting(tea.PasteMsg{}))
	require.Nil(t, pages.Cursor())
	pages.Open(b)
	require.True(t, pages.Typing())
	require.True(t, pages.Waiting(tea.PasteMsg{}))
	require.False(t, pages.Waiting(escape), "the key is handed on")
	require.Equal(t, b.at, pages.Cursor())
	require.Equal(t, b.Groups()[0], pages.ShortHelp())
	require.Equal(t, b.Groups(), pages.FullHelp())
}
