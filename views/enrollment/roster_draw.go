package enrollment

import (
	"fmt"
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/ui"
)

func (p *rosterPage) Resize(width, height int) {
	p.width, p.height = width, height
	p.table.Resize(width, max(1, height-2))
}

func (p *rosterPage) View() string {
	th := p.v.env.Theme
	head := th.Strong.Render(" "+named(p.group.Name.String(), p.id)) + "  " + string(p.id)
	line := " " + p.group.Address.Text.String()
	read, bad := 0, 0
	for _, r := range p.rows {
		if r.read {
			read++
		}
		if r.fault != "" {
			bad++
		}
	}
	switch {
	case !p.known:
		line = " asking..."
	case bad > 0:
		line = th.Danger.Render(fmt.Sprintf(" %s %d of %d members could not be read; r reads again", th.Glyph.Cross, bad, len(p.rows)))
	case p.group.Partial:
		line = th.Warn.Render(" " + th.Glyph.Warn + " Angle Health counts more members than it names: this list is not complete")
	case p.stream.Out():
		line = fmt.Sprintf(" reading members: %d of %d", read, len(p.rows))
	case read < len(p.rows):
		line = fmt.Sprintf(" %d of %d members read; A reads all", read, len(p.rows))
	}
	return th.Truncate(head, p.width) + "\n" + th.Truncate(line, p.width) + "\n" + p.table.View()
}

func (p *rosterPage) Typing() bool { return p.table.Filtering() }

// Waiting keeps what acts on a row back until the group is there, and the row.
func (p *rosterPage) Waiting(msg tea.Msg) bool {
	if !p.call.Out() && !p.stream.Out() || p.table.Filtering() || !key.Matches(ui.Pressed(msg), p.v.keys.Open) {
		return false
	}
	_, some := p.table.Selected()
	return !p.known || !some
}

func (p *rosterPage) Cursor() *tea.Cursor { return below(p.table.Cursor(), 2) }

func (p *rosterPage) Groups() [][]key.Binding {
	k := p.v.keys
	if p.table.Filtering() {
		return [][]key.Binding{p.table.Keys()}
	}
	k.All.SetEnabled(!p.all && slices.ContainsFunc(p.rows, func(r rosterRow) bool { return !r.read }))
	k.Open.SetEnabled(!p.table.Bare())
	return [][]key.Binding{{k.Open, k.Hire, k.Import, k.All, k.Again, k.Back, k.Requests}, p.table.Keys()}
}
