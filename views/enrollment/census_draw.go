package enrollment

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/safe"
	"frontdesk/state/enroll"
	"frontdesk/ui"
)

func (p *censusPage) state(r censusRow) string {
	switch {
	case r.reject != nil && r.reject.Held:
		return p.v.env.Theme.Glyph.Bullet + " held back"
	case r.reject != nil:
		return p.v.env.Theme.Glyph.Cross + " rejected"
	case r.job.ID == "":
		return p.v.env.Theme.Glyph.Ok + " ready"
	}
	return p.v.state(r.job.State)
}

func (p *censusPage) tint(r censusRow) lipgloss.Style {
	switch {
	case r.reject != nil:
		return p.v.env.Theme.Danger
	case r.job.ID == "":
		return p.v.env.Theme.Good
	}
	return p.v.tint(r.job.State)
}

func (p *censusPage) who(r censusRow) string {
	if r.reject != nil {
		var words []string
		for _, f := range []enroll.Field{"first_name", "last_name"} {
			if i, ok := p.mapping[f]; ok && i < len(r.reject.Row.Cells) {
				words = append(words, r.reject.Row.Cells[i])
			}
		}
		return safe.Clean(strings.Join(words, " "))
	}
	s := p.v.who(r.plan.Hire.Employee.ID)
	if n := len(r.plan.Hire.Dependents); n > 0 {
		s += fmt.Sprintf(" +%d", n)
	}
	return safe.Clean(s)
}

func (p *censusPage) what(r censusRow) string {
	switch {
	case r.reject != nil:
		return safe.Clean(strings.Join(r.reject.Reasons, " "))
	case r.job.Note != "":
		return r.job.Note
	case r.job.ID != "" && r.job.State != enroll.Draft && r.job.State != enroll.Queued:
		return r.job.State.Word()
	}
	h := r.plan.Hire
	return fmt.Sprintf("%s, %s, %s from %s", h.Group, plan(h.Employee.Plans[anglehealth.Medical]), plan(h.Employee.Plans[anglehealth.Dental]), h.Start)
}

// show opens a family, or reads out what is wrong with a row.
func (p *censusPage) show(r censusRow) tea.Cmd {
	switch {
	case r.reject != nil:
		var text []string
		for _, s := range r.reject.Reasons {
			text = append(text, p.v.env.Theme.Glyph.Cross+" "+safe.Clean(s))
		}
		p.v.env.Open(ui.NewReader(p.v.env, fmt.Sprintf("Line %d is not sent", r.line), strings.Join(text, "\n\n")))
	case r.job.ID != "":
		return p.v.job.show(r.job)
	default:
		preview := jobPage{v: p.v, job: enroll.Job{Plan: r.plan, State: enroll.Draft, Step: enroll.Checking}}
		p.v.env.Open(ui.NewReader(p.v.env, fmt.Sprintf("Line %d will be sent so", r.line), strings.Join(preview.members(), "\n")))
	}
	return nil
}

func (p *censusPage) Resize(width, height int) {
	p.width = width
	p.table.Resize(width, max(1, height-3))
}

func (p *censusPage) View() string {
	th := p.v.env.Theme
	head := th.Strong.Render(" Census") + "  " + p.file
	second, third := p.progress(), ""
	switch {
	case p.check.Out():
		second = " checking every row; groups and plans are asked about once..."
	case p.id == "" && p.checked:
		second = fmt.Sprintf(" %s ready, %d of %d rows rejected or held back", ui.Count(len(p.census.Plans), "family", "families"), len(p.census.Rejects), len(p.found.Rows))
		third = " nothing is sent yet; exactly what is listed as ready is sent with s"
		if len(p.census.Plans) == 0 {
			third = " nothing can be sent: correct the rows in the file, then import it again"
		}
	}
	if p.halted != "" {
		third = th.Warn.Render(" " + th.Glyph.Warn + " " + p.halted)
	}
	return th.Truncate(head, p.width) + "\n" + th.Truncate(second, p.width) + "\n" + th.Truncate(third, p.width) + "\n" + p.table.View()
}

// progress is a bar of the families that are over, with the others by state.
func (p *censusPage) progress() string {
	n, all, over := p.counts(), 0, 0
	var words []string
	for _, s := range order {
		all += n[s]
		if s.Over() {
			over += n[s]
		}
		if n[s] > 0 {
			words = append(words, fmt.Sprintf("%d %s", n[s], s))
		}
	}
	if all == 0 {
		return ""
	}
	const cells = 20
	full := over * cells / all
	bar := "[" + strings.Repeat("#", full) + strings.Repeat(".", cells-full) + "]"
	word := ""
	if p.run.Out() {
		word = "  sending, c stops"
	}
	return fmt.Sprintf(" %s %d of %s: %s%s", bar, over, ui.Count(all, "family", "families"), strings.Join(words, ", "), word)
}
