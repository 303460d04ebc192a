package tickets

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/safe"
	"frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// askExport asks in which form the thread is saved.
func (v *View) askExport(t *tickets.Ticket) tea.Cmd {
	if v.detail.talk == nil || v.detail.talk.Foreign {
		v.env.Fail("The conversation has not been read, so there is nothing to export. Press r to read it.")
		return nil
	}
	f := form.New(v.env.Theme, form.Choice("as", "As", form.Option{Value: "txt", Label: "text"},
		form.Option{Value: "csv", Label: "table (CSV)"}).Default("txt"))
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "Export "+named(t), f, func(values map[string]string) tea.Cmd {
		d.Sent()
		talk := *v.detail.talk
		data := v.asText(t, talk)
		if values["as"] == "csv" {
			data = v.asCSV(t, talk)
		}
		return v.env.Save(v.detail.record(t), v.opt.Dir, fmt.Sprintf("ticket-%s-%s.%s", t.Source, fileName(t.ID), values["as"]), data)
	})
	d.Below = func(width int) string {
		return "\n" + ansi.Wrap("The file holds patients' data. It is saved for this account only, and the export is on the trail.", width, " ")
	}
	v.env.Open(d)
	return nil
}

// fileName is an id as part of a file's name.
func fileName(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' {
			return r
		}
		return '_'
	}, id)
}

// asText is the thread for reading.
func (v *View) asText(t *tickets.Ticket, talk tickets.Talk) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s\n", t.Source.Vendor(), t.ID, t.Subject)
	fmt.Fprintf(&b, "Status %s, urgency %s, opened %s\n", dash(t.Status), dash(t.Urgency), v.when(t.Created))
	if !t.Person.Empty() {
		fmt.Fprintf(&b, "About %s\n", t.Person)
	}
	fmt.Fprintf(&b, "Times are those of %s.\n", v.env.Zone)
	for _, m := range talk.Marks {
		fmt.Fprintf(&b, "%s: %s\n", dash(m.Title), dash(m.Status))
	}
	if s := talk.Description.String(); s != "" {
		fmt.Fprintf(&b, "\n%s\n", s)
	}
	for _, c := range talk.Comments {
		where := ""
		if !c.Category.Empty() {
			where = ", on " + c.Category.String()
		}
		fmt.Fprintf(&b, "\n%s, %s%s:\n%s\n", v.when(c.On), dash(c.By), where, c.Text)
	}
	for _, n := range v.unshown(t.Key, &talk) {
		fmt.Fprintf(&b, "\n%s, %s:\n%s\n", v.when(n.at), joined(", ", "we", on(n.category), notShown), safe.Paragraphs(n.text))
	}
	for _, f := range v.inDoubt(t.Key) {
		fmt.Fprintf(&b, "\nWe, %s:\n%s\n", mayHave, safe.Paragraphs(f.text))
	}
	if len(talk.Attachments) > 0 {
		fmt.Fprintf(&b, "\nAttachments, not in this file: %s\n", list(talk.Attachments))
	}
	if talk.Hidden {
		b.WriteString("\nThe vendor does not show general comments: of those this file has only what was sent in this session.\n")
	}
	return []byte(b.String())
}

// asCSV is the thread as a table, safe to open in a spreadsheet.
func (v *View) asCSV(t *tickets.Ticket, talk tickets.Talk) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	write := func(cells ...string) {
		for i, c := range cells {
			cells[i] = safe.CSVCell(c)
		}
		_ = w.Write(cells) // a buffer takes everything
	}
	write("system", "ticket", "subject", "category", "author", "written", "text")
	line := func(category, by string, on time.Time, text string) {
		at := ""
		if !on.IsZero() {
			at = on.In(v.env.Zone).Format(time.RFC3339)
		}
		write(t.Source.Vendor(), t.ID, t.Subject.String(), category, by, at, text)
	}
	if s := talk.Description.String(); s != "" {
		line("", "", t.Created, s)
	}
	for _, c := range talk.Comments {
		line(c.Category.String(), c.By.String(), c.On, c.Text.String())
	}
	for _, n := range v.unshown(t.Key, &talk) {
		line(n.category, "we, "+notShown, n.at, safe.Paragraphs(n.text).String())
	}
	for _, f := range v.inDoubt(t.Key) {
		line("", "we, "+mayHave, time.Time{}, safe.Paragraphs(f.text).String())
	}
	for _, name := range talk.Attachments {
		line("", "", time.Time{}, "attachment, not in this file: "+dash(name))
	}
	w.Flush()
	return b.Bytes()
}
