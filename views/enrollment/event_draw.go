package enrollment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/safe"
	"frontdesk/state/enroll"
)

// preview is what the event does, line by line.
func (e *eventing) preview(width int) string {
	h, _, _ := e.built(e.values)
	return "\n" + ansi.Wrap(e.effects(h), width, " ")
}

// inOrder puts the lines of each member into the order of the form; on the way
// to the vendor they have that of its document.
func inOrder(all []enroll.Effect) []enroll.Effect {
	first := map[anglehealth.ID]int{}
	for i, f := range all {
		if _, some := first[f.ID]; !some {
			first[f.ID] = i
		}
	}
	slices.SortStableFunc(all, func(a, b enroll.Effect) int {
		return cmp.Or(first[a.ID]-first[b.ID], slices.Index(lines, a.Line)-slices.Index(lines, b.Line))
	})
	return all
}

func (e *eventing) effects(h happening) string {
	th := e.v.env.Theme
	var all []string
	for _, f := range inOrder(enroll.Effects(h.Proof, e.home.all)) {
		s := fmt.Sprintf("%s %s: %s -> %s", e.title(f.ID), f.Line, plan(f.Before), plan(f.After))
		if f.Problem != "" {
			s += "  " + th.Glyph.Warn + " " + f.Problem
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return "Nothing changes yet: choose other plans above."
	}
	if len(h.Event.Lines) > len(h.Proof.Lines) {
		l := h.Event.Lines[0]
		all = append(all, fmt.Sprintf("%s %s: %s is sent again as it is, so that the new dependent is known to belong to it", e.title(l.ID), l.Line, plan(l.Plan)))
	}
	var ids []anglehealth.ID
	for _, m := range e.home.all {
		ids = append(ids, m.ID)
	}
	for _, words := range []string{e.home.warning, e.v.unsure.warning(ids...)} {
		if words != "" {
			all = append(all, th.Glyph.Warn+" "+words)
		}
	}
	return strings.Join(all, "\n")
}

// occasion is what the change is counted from, a line of its own.
func (e *eventing) occasion(h happening) string {
	what := "Sent as “" + safe.Clean(h.Event.Type) + "”"
	if h.Season {
		what = "Open enrollment"
	}
	what += " on " + h.Event.Date.String() + ", " + h.Event.Date.In(time.UTC).Weekday().String()
	return what + e.v.far("\n", h.Event.Date) + "\n\n"
}

func (e *eventing) title(id anglehealth.ID) string {
	if i := slices.Index(e.fresh, id); i >= 0 {
		return fmt.Sprintf("New dependent %d", i+1)
	}
	return e.v.who(id)
}

// told is the answer line by line, and what snapshots show.
func (e *eventing) told(h happened) string {
	th := e.v.env.Theme
	var all []string
	for _, row := range h.answer.Rows {
		s := th.Glyph.Ok + " " + e.title(row.ID) + ": "
		switch {
		case row.Start.String() == "":
			s += "coverage ends " + told(row.End.String())
		default:
			s += "covered from " + row.Start.String() + " to " + told(row.End.String())
			if rate := row.Rate.Text.String(); rate != "" {
				s += ", rate " + rate
			}
		}
		if row.Parent != "" && row.Parent != e.home.employee.ID {
			s += "  " + th.Glyph.Differs + " belongs to " + e.v.who(row.Parent) + ", expected " + e.v.who(e.home.employee.ID)
		}
		all = append(all, s)
	}
	for _, id := range h.answer.Missing {
		all = append(all, th.Glyph.Differs+" "+e.title(id)+": not in the answer. What became of it is not known.")
	}
	for _, id := range h.answer.Extra {
		all = append(all, th.Glyph.Differs+" "+e.title(id)+": changed although it was not asked for.")
	}
	if h.finding.Why != "" {
		sign := th.Glyph.Ok + " verified: "
		if h.finding.Verdict != anglehealth.Landed {
			sign = th.Glyph.Differs + " not verified: "
		}
		all = append(all, "", sign+h.finding.Why)
	}
	return strings.Join(all, "\n")
}
