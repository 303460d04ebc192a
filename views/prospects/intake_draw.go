package prospects

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/people"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

func (n *intake) View() string {
	th := n.v.env.Theme
	if n.rows == nil {
		return th.Truncate(th.Strong.Render(" Import")+"  "+cleaned(n.got.path), n.wide) + "\n\n" + n.table.View()
	}
	send, bad, left, created := n.counts()
	head := th.Strong.Render(" Import") + fmt.Sprintf("  %d to send, %d bad, %d left out", send, bad, left)
	if created > 0 {
		head += fmt.Sprintf(", %d created", created)
	}
	if n.faults {
		head += th.Accent.Render("  only what is not sent")
	}
	const hint = " enter shows what a line sends, y sends"
	status := hint
	if r, ok := n.table.Selected(); ok && n.why(r) != "" {
		status = fmt.Sprintf(" line %d: %s", r.Line, n.why(r))
	}
	switch {
	case n.run != nil:
		status = n.running()
	case n.ended != "" && n.saved != "":
		status = " " + n.ended + " Not created: " + n.saved
	case n.ended != "":
		status = " " + n.ended
	case created > 0 && status == hint:
		status = " this file was begun before; y goes on where it stopped"
	}
	return th.Truncate(head, n.wide) + "\n" + th.Truncate(status, n.wide) + "\n" + n.table.View()
}

func (n *intake) running() string {
	t := n.run.tally.Load()
	if t == nil {
		return " beginning..."
	}
	words := fmt.Sprintf(" sending: %d created, %d refused, %d to go", t.Created, t.Refused, t.Left)
	if t.Unknown > 0 {
		words += fmt.Sprintf(", %d unknown", t.Unknown)
	}
	if t.Waiting {
		words += "; waiting until it is certain what became of them"
	}
	return words
}

// detail shows exactly what a line sends, field by field.
func (n *intake) detail(r people.Row) {
	th := n.v.env.Theme
	var b strings.Builder
	if words := n.why(r); words != "" {
		b.WriteString(words + "\n\n")
	}
	b.WriteString(th.Title.Render("Sends") + "\n")
	for _, name := range naturaesoft.Fields() {
		if v, ok := r.Edits[name]; ok {
			if n, err := strconv.Atoi(v); err == nil && name == "Prospect" {
				v = standing(n)
			}
			for i, line := range strings.Split(v, "\n") {
				head := label(name)
				if i > 0 {
					head = ""
				}
				b.WriteString(th.Pad(head, 18) + cleaned(line) + "\n")
			}
		}
	}
	n.v.env.Open(ui.NewReader(n.v.env, fmt.Sprintf("Line %d", r.Line), strings.TrimSuffix(b.String(), "\n")))
}

// editMapping asks what each column fills.
func (n *intake) editMapping() {
	var targets []form.Option
	for _, f := range people.Targets() {
		targets = append(targets, form.Option{Value: f, Label: label(f), Detail: f})
	}
	var fields []form.Field
	for i, h := range n.got.file.Header {
		example := ""
		for _, row := range n.got.file.Rows {
			if i < len(row.Cells) && row.Cells[i] != "" {
				example = "such as: " + cleaned(row.Cells[i])
				break
			}
		}
		title := cleaned(h)
		if title == "" {
			title = fmt.Sprintf("column %d", i+1)
		}
		fields = append(fields, form.Combo(fmt.Sprint(i), title, targets...).Help(example+"  empty: left out").Default(n.mapping[i]))
	}
	var d *ui.FormDialog
	d = ui.NewFormDialog(n.v.env, "What each column fills", form.New(n.v.env.Theme, fields...), func(m map[string]string) tea.Cmd {
		next := make(people.Mapping, len(n.mapping))
		for i := range next {
			next[i] = m[fmt.Sprint(i)]
		}
		if f := next.Twice(); f != "" {
			d.SetErrors(map[string]string{"": "Two columns fill " + label(f) + ". Leave one of them empty."})
			return nil
		}
		n.v.env.Close(d)
		n.mapping = next
		n.plan()
		return nil
	})
	n.v.env.Open(d)
}
