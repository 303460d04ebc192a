package tickets

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// press works a key on the list or on the columns.
func (b *board) press(msg tea.KeyPressMsg) tea.Cmd {
	v, k := b.v, b.v.keys
	b.begun = true
	t, some := b.selected()
	if cmd, ok := v.act(msg, t, b.chosen()); ok {
		return cmd
	}
	switch {
	case key.Matches(msg, k.Clear) && v.take.Out():
		v.take.Cancel()
	case key.Matches(msg, k.Filter):
		b.start()
	case key.Matches(msg, k.Next):
		return v.next()
	case key.Matches(msg, k.Layout):
		b.swap()
	case key.Matches(msg, k.Views):
		b.pickView()
	case key.Matches(msg, k.Save):
		return b.saveView()
	case key.Matches(msg, k.Again):
		return v.reload()
	case key.Matches(msg, k.Clear):
		b.choose(1)
	case some && key.Matches(msg, k.Open):
		return v.open(t.Key)
	case some && key.Matches(msg, k.Read):
		return b.markRead()
	case b.columns:
		b.move(msg)
	default:
		_, cmd := b.table.Update(msg)
		return cmd
	}
	return nil
}

func (b *board) markRead() tea.Cmd {
	var cmds []tea.Cmd
	for _, t := range b.chosen() {
		cmds = append(cmds, b.v.saw(t))
	}
	return tea.Batch(cmds...)
}

func (b *board) Typing() bool         { return b.typed }
func (b *board) Waiting(tea.Msg) bool { return false }

func (b *board) Cursor() *tea.Cursor {
	if b.typed {
		return b.input.Cursor()
	}
	return nil
}

func (b *board) Groups() [][]key.Binding {
	k := b.v.keys
	if b.typed {
		return [][]key.Binding{{k.Apply, k.Leave}}
	}
	main := []key.Binding{k.Open, k.Next, k.Comment, k.Status, k.Take, k.Filter, k.Views, k.Create, k.Layout, k.Snooze, k.Over, k.Read, k.Again, k.Save, k.Clear}
	if b.columns {
		return [][]key.Binding{main, {k.Up, k.Down, k.Left, k.Right, k.First, k.Last}}
	}
	var rest []key.Binding
	for _, have := range b.table.Keys() {
		if have.Keys()[0] != k.Filter.Keys()[0] {
			rest = append(rest, have)
		}
	}
	return [][]key.Binding{main, rest}
}
