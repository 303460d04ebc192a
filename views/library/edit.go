package library

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// draftKind is where drafts of articles are kept.
const draftKind = "library.article"

// editor is the form in which an article is edited.
type editor struct {
	v      *View
	id     naturaesoft.ID
	base   values // what the person began with
	dialog *ui.FormDialog
	ready  *ui.Call[compared]
}

// compared is an edit beside what the EMR has now.
type compared struct {
	now     naturaesoft.Article
	base    values
	mine    values
	joined  [2]values // both edits together; where they clash mine stands, or theirs
	clashes []string  // fields both changed
}

// join puts the two edits together, both ways.
func (c *compared) join() {
	c.joined[0], c.clashes = merge(c.base, valuesOf(c.now), c.mine, false)
	c.joined[1], _ = merge(c.base, valuesOf(c.now), c.mine, true)
}

// The most characters that are edited here; more cannot be shown whole, and
// nobody should change what they cannot see.
const (
	mostText = 16_000
	mostLine = 2_000
)

// tooLong names the fields that are.
func tooLong(v values) []string {
	var out []string
	for _, f := range fields {
		most := mostLine
		if f.name == textField {
			most = mostText
		}
		if utf8.RuneCountInString(v[f.name]) > most {
			out = append(out, f.name)
		}
	}
	return out
}

// edit opens the form on an article that was just read.
func (v *View) edit(a naturaesoft.Article) {
	if names := tooLong(valuesOf(a)); len(names) > 0 {
		v.env.Fail(labels(names) + ": too long to be shown whole, so it cannot be edited here. Edit this article in the EMR.")
		return
	}
	e := &editor{v: v, id: a.ID, base: valuesOf(a), ready: ui.NewCall[compared](v.env, "compare the article")}
	known := form.Choice("Active", "In use", form.Option{Value: "true", Label: "yes"}, form.Option{Value: "false", Label: "no, inactive"})
	if a.ActiveKnown {
		known = known.Required()
	}
	f := form.New(v.env.Theme,
		form.Text("Title", "Title").Required().Width(58),
		form.Text("Category", "Category"),
		form.Text("Type", "Type"),
		form.Text("Tags", "Tags").Width(58),
		known,
		form.Area(textField, "Text", 10).FromTop().Required().Max(mostText).Help("Markdown. ctrl+s shows what would change; nothing is sent before you say yes."),
	)
	for name, value := range e.base {
		f.Set(name, value)
	}
	e.dialog = ui.NewFormDialog(v.env, "Edit for every practice: "+a.Title.String(), f, e.submit)
	e.dialog.Busy = e.ready.Out
	e.dialog.Below = func(width int) string {
		th := v.env.Theme
		words := v.badge() + " every practice sees this article"
		if e.ready.Out() {
			words += th.Info.Render("  reading it once more...")
		}
		return th.Truncate(words, width)
	}
	e.dialog.Over(e.base, func(base map[string]string) { e.base = base })
	e.dialog.Keep(draftKind, string(a.ID))
	v.review.editor = e
	v.env.Open(e.dialog)
}

// submit reads the article once more and compares.
func (e *editor) submit(typed map[string]string) tea.Cmd {
	emr, id, base, mine := e.v.emr, e.id, e.base, values(typed)
	mine[textField] = even(mine[textField])
	if len(differing(base, mine)) == 0 {
		return e.v.env.Say("Nothing is changed yet, so there is nothing to send.")
	}
	return e.ready.Latest(func(ctx ctx) (compared, error) {
		now, err := emr.Article(ctx, id)
		c := compared{now: now, base: base, mine: mine}
		if err == nil {
			c.join()
		}
		return c, err
	})
}

// compared opens the review of what would be sent.
func (e *editor) compared(r ui.Result[compared]) tea.Cmd {
	if !e.ready.Accept(r) || !e.v.env.Shows(e.dialog) { // left by esc meanwhile
		return nil
	}
	switch {
	case r.Err != nil:
		return e.v.fail(r.Err)
	case len(differing(valuesOf(r.Value.now), r.Value.joined[0])) == 0:
		e.done()
		return tea.Batch(e.v.settled(), e.v.article.reload(), e.v.env.Say(asItIs))
	}
	e.v.env.Close(e.dialog)
	return e.v.review.show(r.Value)
}

// done forgets the draft: it has arrived, or there is nothing in it.
func (e *editor) done() {
	e.dialog.Sent()
	e.v.review.editor = nil
}

// drawable is a value as it may be drawn, line by line.
func drawable(value string) []string {
	return strings.Split(safe.Paragraphs(value).String(), "\n")
}
