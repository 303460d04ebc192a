package table

import (
	"fmt"
	"strings"

	"frontdesk/ui/theme"
)

const (
	prompt      = "Filter: "
	shortFilter = 24 // cells of a filter where it is only mentioned
	roomy       = 8  // lines from which a failure gets lines of its own
	noticeLines = 2
)

// notice is a failed reload's sentence in full. The body says it when there
// are no rows, the status in a few words when there is no room.
func (t *sheet) notice() []string {
	if t.failed == "" || len(t.visible) == 0 || t.height < roomy {
		return nil
	}
	lines := t.wrap(t.th.Glyph.Cross+" "+t.failed, t.width, noticeLines)
	for i, l := range lines {
		lines[i] = t.th.Danger.Render(l)
	}
	return lines
}

// lastLine is the filter's field while it has the keyboard, else the status.
func (t *sheet) lastLine() string {
	if !t.filtering {
		return t.th.Truncate(t.join(t.facts()), t.width)
	}
	field, _ := t.field()
	return field
}

// field draws the filter's text with the status at its right, and says in
// which cell the cursor is.
func (t *sheet) field() (string, int) {
	label := t.th.Truncate(prompt, t.width/2)
	status := t.th.Truncate(t.join(t.facts()), (t.width-len(prompt))/2)
	room := t.width - theme.Width(label) - theme.Width(status) - 1
	text, x := window([]rune(t.input.Value()), t.input.Position(), max(1, room))
	line := t.th.Key.Render(label) + t.th.Input.Render(t.th.Pad(text, room)) + " " + status
	return t.th.Truncate(line, t.width), theme.Width(label) + x
}

// facts are the parts of the status, the most wanted first.
func (t *sheet) facts() []string {
	var out []string
	if len(t.order) > 0 || t.loading == "" && t.failed == "" {
		out = append(out, t.th.Muted.Render(t.count())) // else nobody knows
	}
	if t.marks > 0 {
		out = append(out, t.th.Accent.Render(t.markCount()))
	}
	if f := t.Filter(); f != "" && !t.filtering {
		out = append(out, t.th.Accent.Render("filter: "+t.th.Truncate(f, shortFilter)))
	}
	if t.sortBy >= 0 && t.widths[t.sortBy] == 0 {
		out = append(out, t.th.Muted.Render("by "+t.cols[t.sortBy].Title+" "+t.arrow()))
	}
	if t.sorter != nil && len(t.sorter.added) == 0 {
		out = append(out, t.th.Info.Render("sorting..."))
	}
	if t.loading != "" && len(t.visible) > 0 {
		out = append(out, t.th.Info.Render(t.loading))
	}
	if t.failed != "" && len(t.visible) > 0 && t.notice() == nil {
		out = append(out, t.th.Danger.Render(t.th.Glyph.Cross+" "+t.failed))
	}
	if t.stale != "" {
		out = append(out, t.th.Warn.Render(t.th.Glyph.Warn+" "+t.stale))
	}
	return out
}

func (t *sheet) count() string {
	n := len(t.order)
	if len(t.terms) == 0 {
		n += t.coming()
	}
	switch {
	case t.scan != nil && len(t.scan.terms) > 0:
		return fmt.Sprintf("looking through %d", n)
	case len(t.terms) > 0:
		return fmt.Sprintf("%d of %d", len(t.visible), n)
	case n == 1:
		return "1 row"
	default:
		return fmt.Sprintf("%d rows", n)
	}
}

// markCount says how many rows are marked, and how many of them the filter
// hides: an action on the marked rows reaches those too.
func (t *sheet) markCount() string {
	hidden := t.marks
	for _, i := range t.visible {
		if t.marked[i] {
			hidden--
		}
	}
	if hidden == 0 {
		return fmt.Sprintf("%d marked", t.marks)
	}
	return fmt.Sprintf("%d marked, %d of them hidden", t.marks, hidden)
}

func (t *sheet) join(facts []string) string {
	return strings.Join(facts, t.th.Muted.Render(" "+t.th.Glyph.Bullet+" "))
}
