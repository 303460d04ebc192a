package tickets

import (
	"crypto/rand"
	"fmt"
	"mime"
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/rest"
	"frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// picking is a resident chosen for a new ticket, whose categories are being
// read.
type picking struct {
	call *ui.Call[choices]
	from *tickets.Key // the ticket to link the new one to
}

// choices is what a new ticket can say.
type choices struct {
	resident   connect4healthcare.Resident
	categories []connect4healthcare.Category
}

// making is the form of a new ticket.
type making struct {
	v      *View
	about  choices
	from   *tickets.Key
	dialog *ui.FormDialog
	out    bool
	doubt  bool // it may have been created
}

// create begins a ticket, which only Connect4Healthcare's API can make.
func (v *View) create(beside *tickets.Ticket) tea.Cmd {
	if v.care == nil {
		v.env.Fail("The EMR's API cannot create tickets, and this practice does not use Connect4Healthcare. Open one on the EMR's own page.")
		return nil
	}
	if beside == nil || beside.Source == tickets.Care {
		return v.pickResident(nil)
	}
	from := beside.Key
	words := v.env.Theme.Muted.Render("New ticket in the EMR (not possible)") +
		"\n\nThe EMR's API lists, shows and changes tickets and takes comments. It has no way to create one: that is done on the EMR's own page.\n\n" +
		"Press c to create it in Connect4Healthcare instead. It is linked to " + short(from) + " on this machine."
	v.env.Open(ui.NewReader(v.env, "New ticket", words, ui.Action{Key: v.keys.Instead, Do: func() (bool, tea.Cmd) {
		return true, v.pickResident(&from)
	}}))
	return nil
}

// pickResident asks whom the ticket is about. The categories depend on it.
func (v *View) pickResident(from *tickets.Key) tea.Cmd {
	if len(v.residents) == 0 {
		v.env.Fail("The residents have not been read yet. Press r and wait for the list, then press a again.")
		return nil
	}
	var options []form.Option
	for id, r := range v.residents {
		options = append(options, form.Option{Value: id, Label: dash(r.Name()), Detail: joined(", ", born(v, r), r.Location.String())})
	}
	sortOptions(options)
	return v.pick("New ticket in Connect4Healthcare: whom is it about?", "Resident", options, func(id string) tea.Cmd {
		care, resident := v.care, v.residents[id]
		v.picking = &picking{call: ui.NewCall[choices](v.env, "read categories"), from: from}
		return v.picking.call.Latest(func(ctx ctx) (choices, error) {
			all, err := care.Categories(ctx, resident.ID)
			return choices{resident, all}, err
		})
	})
}

func (v *View) choicesRead(r ui.Result[choices]) tea.Cmd {
	p := v.picking
	if p == nil || !p.call.Accept(r) {
		return nil
	}
	v.picking = nil
	if r.Err != nil {
		return v.fail(r.Err)
	}
	v.make(r.Value, p.from)
	return nil
}

// make opens the form of a new ticket.
func (v *View) make(about choices, from *tickets.Key) {
	m := &making{v: v, about: about, from: from}
	f := form.New(v.env.Theme, m.fields()...)
	m.dialog = ui.NewFormDialog(v.env, "New ticket about "+dash(about.resident.Name()), f, m.submit)
	m.dialog.Keep("tickets.new", about.resident.ID.String())
	m.dialog.Busy = func() bool { return m.out && !m.doubt }
	m.dialog.Below = m.below
	v.env.Open(m.dialog)
}

func (m *making) fields() []form.Field {
	words := func(all ...string) (options []form.Option) {
		for _, w := range all {
			options = append(options, form.Option{Value: w, Label: w})
		}
		return options
	}
	all := []form.Field{
		form.Text("title", "Title").Required().Max(120),
		form.Choice("urgency_status", "Urgency", words(connect4healthcare.Urgencies()...)...).Required(),
		form.Choice("ticket_status", "Status", words(connect4healthcare.Statuses()...)...).Default("New").Required(),
		form.Area("general_comments", "Comment", 3).Help("the vendor does not show it again afterwards"),
	}
	marks := words(connect4healthcare.NoIssue.String(), connect4healthcare.PotentialIssue.String(), connect4healthcare.Issue.String())
	for i, c := range m.categories() {
		mark := form.Choice("category_"+c.ID.String(), dash(c.Name), marks...).Default(connect4healthcare.NoIssue.String())
		if i == 0 {
			mark.Section("Categories")
		}
		all = append(all, mark, form.Text("category_comments_"+c.ID.String(), "  comment"))
	}
	all = append(all,
		form.Toggle("sms", "Notify by SMS").Section("Notify people about the resident, often the family"),
		form.Toggle("email", "Notify by e-mail"))
	if m.v.care.CreatesByPost() {
		all = append(all, form.Area("attachments", "Attachments", 2).Help("paths of files, one to a line").Check(readable))
	}
	return all
}

// categories are those with a number of their own.
func (m *making) categories() (all []connect4healthcare.Category) {
	seen := map[connect4healthcare.ID]bool{}
	for _, c := range m.about.categories {
		if !seen[c.ID] {
			all = append(all, c)
		}
		seen[c.ID] = true
	}
	return all
}

// readable checks the paths of attachments.
func readable(value string) string {
	for _, path := range paths(value) {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return "Attachments: the file " + filepath.Base(path) + " cannot be opened. Check the path, or take the line out."
		case !info.Mode().IsRegular() || info.Size() > attachmentMost:
			return fmt.Sprintf("Attachments: %s is not a file of up to %d MB.", filepath.Base(path), attachmentMost>>20)
		}
	}
	return ""
}

// attachmentMost is the largest file that is sent along.
const attachmentMost = 5 << 20

func paths(value string) (all []string) {
	for _, line := range strings.Split(value, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// ticket is what the form says; its files are read by attach.
func (m *making) ticket(values map[string]string) connect4healthcare.NewTicket {
	t := connect4healthcare.NewTicket{
		Title: values["title"], Resident: m.about.resident.ID, Urgency: values["urgency_status"],
		Status: values["ticket_status"], Comments: values["general_comments"],
		SMS: values["sms"] == "true", Email: values["email"] == "true",
	}
	for _, c := range m.categories() {
		t.Categories = append(t.Categories, connect4healthcare.NewCategory{
			ID: c.ID, Mark: connect4healthcare.ParseMark(values["category_"+c.ID.String()]), Comment: values["category_comments_"+c.ID.String()],
		})
	}
	return t
}

// attach reads the files of a new ticket.
func attach(t *connect4healthcare.NewTicket, value string) error {
	for _, path := range paths(value) {
		data, err := os.ReadFile(path)
		if err != nil {
			return trouble("The file " + filepath.Base(path) + " cannot be read, so nothing was sent. Check the path, or take the line out.")
		}
		t.Attachments = append(t.Attachments, connect4healthcare.File{
			Name: filepath.Base(path), Type: mime.TypeByExtension(filepath.Ext(path)), Data: data,
		})
	}
	return nil
}

// below warns of what may go wrong, and locks a form whose outcome is open.
func (m *making) below(width int) string {
	th := m.v.env.Theme
	switch {
	case m.doubt:
		return "\n" + th.Danger.Render(ansi.Wrap(th.Glyph.Unknown+" The ticket may have been created: the answer was lost. frontdesk reads the list for it; nothing is sent again. esc leaves the form.", width, " "))
	case m.out:
		return "\nwaiting for Connect4Healthcare..."
	}
	if words := m.v.care.Warning(m.ticket(m.dialog.Values())); words != "" {
		return "\n" + th.Warn.Render(ansi.Wrap(th.Glyph.Warn+" "+words, width, " "))
	}
	return ""
}

// submit asks before anybody outside is notified, by name.
func (m *making) submit(values map[string]string) tea.Cmd {
	if m.doubt { // a key typed meanwhile must not send it again
		m.v.env.Fail(outcomeOpen)
		return nil
	}
	t := m.ticket(values)
	if err := attach(&t, values["attachments"]); err != nil {
		return m.v.fail(err)
	}
	if !t.SMS && !t.Email {
		return m.send(t)
	}
	how := map[[2]bool]string{{true, false}: "by SMS", {false, true}: "by e-mail", {true, true}: "by SMS and by e-mail"}[[2]bool{t.SMS, t.Email}]
	body := fmt.Sprintf("Connect4Healthcare will notify the people it knows of %s %s, often the family. That cannot be taken back.\n\nIs %s the right person?",
		dash(m.about.resident.Name()), how, dash(m.about.resident.Name()))
	m.v.env.Open(ui.NewConfirm(m.v.env, "Notify about "+dash(m.about.resident.Name())+"?", body, "Notify", func() tea.Cmd { return m.send(t) }))
	return nil
}

// outcomeOpen refuses a second write while the first may have landed.
const outcomeOpen = "Whether this landed is not known yet, so it is not sent again. frontdesk looks for up to a minute; then it can be."

func (m *making) send(t connect4healthcare.NewTicket) tea.Cmd {
	v := m.v
	m.out = true
	f := &flight{nonce: nonce()}
	mark := ""
	if v.opt.Marker {
		mark = "[fd:" + rand.Text()[:8] + "]"
		t.Title += " " + mark
	}
	f.done = func(w wrote) tea.Cmd {
		words := "The ticket is created."
		switch {
		case w.ID != "":
			words = "Created as C4H " + w.ID + "."
		case m.doubt:
			words = "The ticket did land: it is on the board."
		}
		m.out, m.doubt = false, false
		m.dialog.Sent()
		cmds := []tea.Cmd{v.env.Say(words), v.feed(tickets.Care).load()}
		if w.ID == "" {
			return tea.Batch(cmds...)
		}
		k := tickets.Key{Source: tickets.Care, ID: w.ID}
		if t.Comments != "" {
			v.sentHere(k, tickets.Mark{}, t.Comments)
		}
		if m.from != nil {
			cmds = append(cmds, v.link(k, tickets.Link{Kind: tickets.ToTicket, Target: m.from.String()}, false))
		}
		return tea.Batch(append(cmds, v.open(k))...)
	}
	f.back = func(err error) tea.Cmd {
		m.out, m.doubt = false, false
		m.dialog.SetErrors(rest.Complaints(err))
		v.env.Fail(rest.UserMessage(err))
		return nil
	}
	f.doubt = func() { m.doubt = true }
	return fly(v, v.careTickets(), t.Resident.String(), careTicket{t, mark, f.nonce}, f, nil)
}
