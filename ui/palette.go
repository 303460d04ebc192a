package ui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/sahilm/fuzzy"
)

// Found is a record the palette can lead to: somebody or something a view has
// loaded already.
type Found struct {
	Kind   string // "person", "ticket", "provider"
	ID     string // the vendor's; with Kind it is remembered as recent
	Name   string // safe to draw
	Detail string // more words to find it by; safe to draw
	Go     GoMsg  // shows it
}

// Finder is a View whose loaded records the palette offers.
type Finder interface{ Found() []Found }

const (
	paletteWidth = 64
	paletteRows  = 12
	recentKept   = 20
)

// choice is one line of the palette.
type choice struct {
	id, name, detail, kind string
	key                    string
	take                   func() tea.Cmd
}

// palette finds an action or a record by a few of its letters.
type palette struct {
	a        *App
	input    textinput.Model
	all      []choice
	shown    []choice
	at       int
	rows     int
	width    int
	up, down key.Binding
	take     key.Binding
	close    key.Binding
}

// finding reports that the palette is open.
func (a *App) finding() bool {
	n := len(a.env.dialogs)
	if n == 0 {
		return false
	}
	_, ok := a.env.dialogs[n-1].(*palette)
	return ok
}

// find opens the palette over what can be done now: the keys of whoever has
// the keyboard, the tabs, and the records that are loaded. Over a dialog only
// its own keys are offered.
func (a *App) find() {
	if a.finding() {
		return
	}
	p := &palette{
		a: a, input: textinput.New(),
		up:    Bind([]string{"up", "ctrl+k"}, "↑", "up"),
		down:  Bind([]string{"down", "ctrl+j"}, "↓", "down"),
		take:  One("enter", "do it"),
		close: One("esc", "close"),
	}
	p.input.Prompt = "> "
	p.input.CharLimit = 100
	p.input.SetStyles(a.env.Theme.TextInput())
	p.input.SetVirtualCursor(false)
	p.input.Focus()
	p.all = a.choices()
	p.search()
	a.env.Open(p)
}

// choices are all lines, the recently chosen first.
func (a *App) choices() []choice {
	var all []choice
	for _, b := range a.Bindings() {
		if len(b.Keys()) == 0 || b.Keys()[0] == a.keys.Palette.Keys()[0] || b.Help().Desc == "" || slices.Contains(a.keys.Tabs.Keys(), b.Keys()[0]) {
			continue
		}
		k := b.Keys()[0]
		all = append(all, choice{
			id: "key " + b.Help().Desc, name: b.Help().Desc, kind: "action", key: a.env.Theme.KeyName(b.Help().Key),
			take: func() tea.Cmd { return a.route(Press(k)) },
		})
	}
	if len(a.env.dialogs) == 0 && !a.view().Typing() {
		for i, v := range a.views {
			if i != a.active {
				all = append(all, choice{id: "tab " + v.Title(), name: "go to " + v.Title(), kind: "tab", key: string(rune('1' + i)), take: func() tea.Cmd { return a.show(i) }})
			}
		}
		all = append(all, a.records()...)
	}
	order := map[string]int{}
	for i, id := range a.recent {
		order[id] = i - len(a.recent)
	}
	slices.SortStableFunc(all, func(x, y choice) int { return order[x.id] - order[y.id] })
	return all
}

func (a *App) records() []choice {
	var all []choice
	for _, v := range a.views {
		f, ok := v.(Finder)
		if !ok {
			continue
		}
		for _, r := range f.Found() {
			all = append(all, choice{
				id: r.Kind + " " + r.ID, name: r.Name, detail: r.Detail, kind: r.Kind,
				take: func() tea.Cmd { return a.goTo(r.Go) },
			})
		}
	}
	return all
}

// lines lets the fuzzy search see the lines without copying them.
type lines []choice

func (l lines) String(i int) string { return l[i].name + " " + l[i].detail }
func (l lines) Len() int            { return len(l) }

func (p *palette) search() {
	p.at = 0
	words := strings.TrimSpace(p.input.Value())
	if words == "" {
		p.shown = p.all
		return
	}
	p.shown = p.shown[:0:0]
	for _, m := range fuzzy.FindFrom(words, lines(p.all)) {
		p.shown = append(p.shown, p.all[m.Index])
	}
}

func (p *palette) Title() string { return "Find" }

func (p *palette) Resize(width, height int) {
	p.width = min(width, paletteWidth)
	p.rows = max(1, min(paletteRows, height-1))
	p.input.SetWidth(p.width - 3)
}

func (p *palette) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, p.close):
			p.a.env.Close(p)
		case key.Matches(msg, p.take):
			return p.choose()
		case key.Matches(msg, p.up):
			p.at = max(0, p.at-1)
		case key.Matches(msg, p.down):
			p.at = max(0, min(p.at+1, len(p.shown)-1))
		default:
			p.edit(msg)
		}
	case tea.PasteMsg:
		p.edit(OneLine(msg))
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			p.at = max(0, p.at-1)
		} else {
			p.at = max(0, min(p.at+1, len(p.shown)-1))
		}
	case tea.MouseClickMsg:
		if i := p.top() + msg.Y - 1; msg.Y > 0 && i < len(p.shown) {
			p.at = i
			return p.choose()
		}
	}
	return nil
}

func (p *palette) edit(msg tea.Msg) {
	before := p.input.Value()
	p.input, _ = p.input.Update(msg)
	if p.input.Value() != before {
		p.search()
	}
}

// choose closes the palette and does what the line says, as if its key had been
// pressed.
func (p *palette) choose() tea.Cmd {
	if p.at >= len(p.shown) {
		return nil
	}
	c := p.shown[p.at]
	p.a.env.Close(p)
	p.a.remember(c.id)
	return c.take()
}

// remember puts what was chosen before everything else, next time.
func (a *App) remember(id string) {
	kept := []string{id}
	for _, r := range a.recent {
		if r != id && len(kept) < recentKept {
			kept = append(kept, r)
		}
	}
	a.recent = kept
}

func (p *palette) top() int { return max(0, p.at-p.rows+1) }

func (p *palette) View() string {
	th := p.a.env.Theme
	out := []string{th.Pad(p.input.View(), p.width)}
	if len(p.shown) == 0 {
		out = append(out, strings.Split(th.Muted.Render(ansi.Wrap("Nothing here is called that. People appear once they are loaded.", max(10, p.width), " ")), "\n")...)
	}
	for i := p.top(); i < len(p.shown) && i < p.top()+p.rows; i++ {
		c := p.shown[i]
		right := c.kind
		if c.key != "" {
			right = c.key
		}
		left := c.name
		if c.detail != "" {
			left += "  " + c.detail
		}
		mark := "  "
		if i == p.at {
			mark = th.Glyph.Cursor + " "
		}
		line := mark + th.Pad(left, p.width-len(right)-4) + " " + right
		if i == p.at {
			line = th.Selected.Render(line)
		}
		out = append(out, line)
	}
	for len(out) <= p.rows {
		out = append(out, "")
	}
	return strings.Join(out, "\n")
}

func (p *palette) Cursor() *tea.Cursor { return p.input.Cursor() }

func (p *palette) ShortHelp() []key.Binding {
	return []key.Binding{p.take, p.up, p.down, p.close}
}
func (p *palette) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }
