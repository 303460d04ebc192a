package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A Page is one screen of a View that has several. Like a View it is changed
// only inside Update and Resize.
type Page interface {
	// Update gets keys, pastes and the mouse only while the page is on show, and
	// every other message always.
	Update(tea.Msg) tea.Cmd
	Resize(width, height int)
	View() string
	// Typing reports that a text field has the keyboard.
	Typing() bool
	// Waiting is as a Waiter's.
	Waiting(key tea.Msg) bool
	// Cursor is relative to the page's top left cell; nil hides it.
	Cursor() *tea.Cursor
	// Groups are the keys that work right now, the footer's first. There is at
	// least one group.
	Groups() [][]key.Binding
}

// Pages show one Page at a time and know the way back from it. A View embeds
// them: what it does not say itself, the page on show does.
type Pages struct {
	all   []Page // the first is home
	shown Page
	trail []Page // behind the one on show
}

// NewPages are all the pages of a View, with home on show.
func NewPages(home Page, others ...Page) Pages {
	return Pages{all: append([]Page{home}, others...), shown: home}
}

// Page is the one on show.
func (p *Pages) Page() Page { return p.shown }

// Open shows another page; Back leads back. The one on show stays as it is.
func (p *Pages) Open(to Page) {
	if p.shown != to {
		p.trail = append(p.trail, p.shown)
		p.shown = to
	}
}

// Back returns to the page before, if there is one.
func (p *Pages) Back() {
	if n := len(p.trail); n > 0 {
		p.shown, p.trail = p.trail[n-1], p.trail[:n-1]
	}
}

// Home returns to the first page; no way leads back.
func (p *Pages) Home() { p.shown, p.trail = p.all[0], nil }

// Update hands keys, pastes and the mouse to the page on show and everything
// else to all pages, in their order.
func (p *Pages) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseMsg:
		return p.shown.Update(msg)
	}
	var cmds []tea.Cmd
	for _, one := range p.all {
		cmds = append(cmds, one.Update(msg))
	}
	return tea.Batch(cmds...)
}

// Resize gives every page the whole room.
func (p *Pages) Resize(width, height int) {
	for _, one := range p.all {
		one.Resize(width, height)
	}
}

// View draws the page on show.
func (p *Pages) View() string { return p.shown.View() }

// Typing reports that a text field of the page on show has the keyboard.
func (p *Pages) Typing() bool { return p.shown.Typing() }

// Waiting reports that the page on show has to wait with this key, see Waiter.
func (p *Pages) Waiting(key tea.Msg) bool { return p.shown.Waiting(key) }

// Cursor is the cursor of the page on show.
func (p *Pages) Cursor() *tea.Cursor { return p.shown.Cursor() }

// ShortHelp is what the page on show offers first.
func (p *Pages) ShortHelp() []key.Binding { return p.shown.Groups()[0] }

// FullHelp is all the page on show offers.
func (p *Pages) FullHelp() [][]key.Binding { return p.shown.Groups() }
