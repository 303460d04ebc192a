package prospects_test

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/ui"
)

// elsewhere is the tab of slots, as far as a jump can see.
type elsewhere struct{ came any }

// Title is that of the tab people are led to.
func (e *elsewhere) Title() string   { return "Slots" }
func (e *elsewhere) Init() tea.Cmd   { return nil }
func (e *elsewhere) Resize(_, _ int) {}
func (e *elsewhere) Typing() bool    { return false }
func (e *elsewhere) View() string {
	return strings.ReplaceAll(fmt.Sprintf("came: %#v", e.came), ", ", "\n")
}
func (e *elsewhere) ShortHelp() []key.Binding  { return nil }
func (e *elsewhere) FullHelp() [][]key.Binding { return nil }

func (e *elsewhere) Update(msg tea.Msg) tea.Cmd {
	if g, ok := msg.(ui.GoMsg); ok {
		e.came = g.Subject
	}
	return nil
}
