package tickets

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/assets"
	"frontdesk/clients/safe"
	"frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// composer is a comment being written: to one ticket, to one category of it,
// or to several tickets.
type composer struct {
	v        *View
	targets  []*tickets.Ticket
	key      tickets.Key // of the first
	category tickets.Mark
	dialog   *ui.FormDialog
	record   string // of its draft
	sending  bool
	editing  bool // the person's own editor has the terminal
	finding  *ui.Call[[]Article]
}

// composerLines is how many lines of a comment are seen at once.
const composerLines = 8

// compose opens the composer, with what was typed for this ticket before.
func (v *View) write(targets []*tickets.Ticket, category tickets.Mark) tea.Cmd {
	if v.writing != nil {
		return nil
	}
	c := &composer{v: v, targets: targets, key: targets[0].Key, category: category, finding: ui.NewCall[[]Article](v.env, "find articles")}
	title := "Comment on " + named(targets[0])
	c.record = draftOf(c.key, category)
	switch {
	case len(targets) > 1:
		title, c.record = fmt.Sprintf("Comment on %d tickets", len(targets)), "several"
	case category.ID != "":
		title = fmt.Sprintf("Comment on %s of %s", category.Title, named(targets[0]))
	}
	f := form.New(v.env.Theme, form.Area("comment", "Comment", composerLines).Required())
	c.dialog = ui.NewFormDialog(v.env, title, f, c.submit)
	c.dialog.Keep(draftKind, c.record)
	if kept := c.kept(); kept != "" {
		c.put(both(kept, c.dialog.Draft()["comment"]))
	}
	c.dialog.Busy = func() bool { return c.sending || c.editing || c.finding.Out() }
	c.dialog.Below = c.below
	c.dialog.Actions = c.actions()
	v.writing = c
	v.env.Open(c.dialog)
	if len(targets) > 1 {
		return nil
	}
	return v.hold(c.key, true)
}

func (c *composer) actions() []ui.Action {
	k := c.v.keys
	does := func(do func() tea.Cmd) func() (bool, tea.Cmd) { return func() (bool, tea.Cmd) { return false, do() } }
	all := []ui.Action{{Key: k.Aside, Do: does(c.aside)}, {Key: k.Reply, Do: does(c.replies)}}
	if c.v.opt.Editor != "" {
		all = append(all, ui.Action{Key: k.Editor, Do: does(c.editor)})
	}
	if c.v.opt.Articles != nil {
		all = append(all, ui.Action{Key: k.Article, Do: does(c.articles)})
	}
	return all
}

// below says what whoever writes should know.
func (c *composer) below(width int) string {
	th := c.v.env.Theme
	lines := []string{th.Muted.Render("ctrl+s sends, with some seconds to take it back; esc keeps it as a draft.")}
	if len(c.targets) == 1 && c.v.colleague(c.key) {
		lines = append([]string{th.Warn.Render(th.Glyph.Warn + " " + c.v.second(c.key))}, lines...)
	}
	if c.key.Source == tickets.Care && c.category.ID == "" {
		lines = append(lines, th.Muted.Render(ansi.Wrap("Connect4Healthcare does not show general comments again. C on a ticket writes to a category instead, where they can be seen.", width, " ")))
	}
	return "\n" + strings.Join(lines, "\n")
}

func (c *composer) close() tea.Cmd {
	c.v.writing = nil
	if len(c.targets) > 1 {
		return nil
	}
	return c.v.hold(c.key, false)
}

// aside closes the composer and keeps what is typed, for this ticket and for
// the next session.
func (c *composer) aside() tea.Cmd {
	if c.sending {
		return nil // it closes by itself, or says why not
	}
	text := both(c.v.drafts[c.record], c.dialog.Draft()["comment"])
	if strings.TrimSpace(text) == "" {
		c.dialog.Sent()
		return c.close()
	}
	c.v.keepDraft(c.record, text)
	c.v.env.Close(c.dialog)
	return tea.Batch(c.close(), c.v.env.Say("Kept as a draft of this ticket. c takes it up again."))
}

// submit sends to one ticket, or hands the text to a bulk.
func (c *composer) submit(values map[string]string) tea.Cmd {
	v, text := c.v, values["comment"]
	gone := func() tea.Cmd {
		c.sending = false
		c.dialog.Sent()
		if back, ok := v.drafts[c.record]; ok { // it came back meanwhile
			v.keepDraft(c.record, back)
		}
		return c.close()
	}
	if len(c.targets) > 1 {
		body := fmt.Sprintf("The same comment goes to %d tickets. Each can be taken back for some seconds, one by one.", len(c.targets))
		v.env.Open(ui.NewConfirm(v.env, "Send to all of them?", body, "Send", func() tea.Cmd {
			return tea.Batch(gone(), v.bulkComment(c.targets, text))
		}))
		return nil
	}
	c.sending = true
	v.touched(c.key)
	return v.comment(c.key, c.category, text, nil, gone)
}

// comment sends one comment. queued runs once it is safe on disk; row, unless
// nil, is told how it ended.
func (v *View) comment(k tickets.Key, category tickets.Mark, text string, row *bulkRow, queued func() tea.Cmd) tea.Cmd {
	f := &flight{key: k, text: text, nonce: nonce()}
	closed := queued == nil
	after := func() tea.Cmd {
		closed = true
		if queued == nil {
			return nil
		}
		return queued()
	}
	f.done = func(wrote) tea.Cmd {
		v.sentHere(k, category, text)
		delete(v.asked, k)                                                          // it is dealt with
		if record := draftOf(k, category); row != nil && v.drafts[record] == text { // of an earlier try
			v.dropDraft(record)
		}
		return tea.Batch(row.landed(v, "The comment on "+short(k)+" is sent."), v.answered(k), v.detail.again(k), v.follow(k))
	}
	f.back = func(err error) tea.Cmd {
		if !closed && v.writing != nil { // it never left the form
			v.writing.sending = false
			return v.fail(err)
		}
		where := v.putBack(k, category, text)
		if row == nil {
			return v.notSent(err, where)
		}
		return tea.Batch(row.unseen(func() tea.Cmd { return v.notSent(err, where) }), row.failed(v, err))
	}
	f.doubt = row.doubted
	if row != nil {
		row.flight = f
	}
	if k.Source == tickets.Care {
		return fly(v, v.careComments(), k.ID, careComment{k.ID, category.ID, text, f.nonce}, f, after)
	}
	return fly(v, v.emrComments(), k.ID, emrComment{k.ID, text, f.nonce}, f, after)
}

// insert puts text where the cursor is, apart from what is typed already.
func (c *composer) insert(text string) tea.Cmd {
	typed := c.dialog.Draft()["comment"]
	if last, _ := utf8.DecodeLastRuneInString(typed); typed != "" && !unicode.IsSpace(last) {
		text = " " + text
	}
	return c.dialog.Update(tea.PasteMsg{Content: text})
}

// replies offers the usual answers, with what is known of the ticket put in.
func (c *composer) replies() tea.Cmd {
	var options []form.Option
	texts := map[string]string{}
	for _, r := range assets.Replies() {
		texts[r.Title] = c.filled(r.Text)
		options = append(options, form.Option{Value: r.Title, Label: r.Title, Detail: r.Text})
	}
	return c.v.pick("Insert a reply", "Reply", options, func(title string) tea.Cmd { return c.insert(texts[title]) })
}

// filled puts what is known into a reply.
func (c *composer) filled(text string) string {
	t := c.targets[0]
	person := "the resident"
	if !t.Person.Empty() {
		person = t.Person.String()
	}
	number, subject := t.ID, t.Subject.String()
	if len(c.targets) > 1 {
		person, number, subject = "the resident", "this", "this"
	}
	return strings.NewReplacer("{person}", person, "{number}", number, "{subject}", subject,
		"{operator}", safe.Clean(c.v.opt.Who.User), "{practice}", c.v.env.Practice,
		"{today}", c.v.env.PracticeNow().Format("Monday, January 2")).Replace(text)
}

// articles asks the knowledge base for the words of the ticket and of what is
// typed.
func (c *composer) articles() tea.Cmd {
	t, find := c.targets[0], c.v.opt.Articles
	words := joined(" ", t.Subject.String(), t.Category.String(), c.dialog.Value("comment"))
	return c.finding.Latest(func(ctx ctx) ([]Article, error) { return find(ctx, words) })
}

func (v *View) articlesFound(r ui.Result[[]Article]) tea.Cmd {
	c := v.writing
	if c == nil || !c.finding.Accept(r) {
		return nil
	}
	if r.Err != nil {
		return v.fail(r.Err)
	}
	if len(r.Value) == 0 {
		return v.env.Say("The knowledge base has nothing about the words of this ticket.")
	}
	var options []form.Option
	texts := map[string]string{}
	for _, a := range r.Value {
		texts[a.Title] = a.Text
		options = append(options, form.Option{Value: a.Title, Label: a.Title})
	}
	return v.pick("Insert from the knowledge base", "Article", options, func(title string) tea.Cmd { return c.insert(texts[title]) })
}

// pick lays a list over what is open; taking one closes it.
func (v *View) pick(title, label string, options []form.Option, take func(value string) tea.Cmd) tea.Cmd {
	f := form.New(v.env.Theme, form.Combo("pick", label, options...).Required())
	var d *ui.FormDialog
	done := func(values map[string]string) tea.Cmd {
		if values["pick"] == "" {
			return nil
		}
		d.Sent()
		return take(values["pick"])
	}
	d = ui.NewFormDialog(v.env, title, f, done)
	d.Changed = done
	v.env.Open(d)
	return d.Update(ui.Press("ctrl+g")) // the list is open from the start
}
