package library

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/markdown"
)

// readingHead is the lines above an article's text.
const readingHead = 3

// reading is the page of one article.
type reading struct {
	v     *View
	id    naturaesoft.ID
	a     naturaesoft.Article
	have  bool   // a is the article id
	fault string // why it is not, or not the newest
	load  *ui.Call[naturaesoft.Article]
	text  *sheet
	// saved is what was sent, until it has been read back; nil: nothing was.
	saved values
	width int
}

func newReading(v *View) *reading {
	return &reading{v: v, load: ui.NewCall[naturaesoft.Article](v.env, "read article"), text: newSheet(v)}
}

// openArticle reads an article and shows it.
func (v *View) openArticle(id naturaesoft.ID) tea.Cmd {
	r := v.article
	if r.id != id {
		r.id, r.have, r.saved = id, false, nil
		r.text.clear()
	}
	v.Open(r)
	return r.reload()
}

func (r *reading) reload() tea.Cmd {
	emr, id := r.v.emr, r.id
	r.fault = ""
	return r.load.Latest(func(ctx ctx) (naturaesoft.Article, error) { return emr.Article(ctx, id) })
}

func (r *reading) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[naturaesoft.Article]:
		return r.loaded(msg)
	case tea.KeyPressMsg:
		return r.press(msg)
	}
	return r.text.update(msg)
}

func (r *reading) loaded(res ui.Result[naturaesoft.Article]) tea.Cmd {
	if !r.load.Accept(res) {
		return nil
	}
	if res.Err != nil {
		r.fault = rest.UserMessage(res.Err)
		return nil
	}
	same := r.have && res.Value.Text == r.a.Text
	r.a, r.have = res.Value, true
	r.compare()
	if same {
		return nil
	}
	text := r.a.Text
	return r.text.show(func(width int) []markdown.Line { return markdown.Lay(text, width) })
}

// compare raises the alarm when the EMR does not show what it said it saved.
func (r *reading) compare() {
	if r.saved == nil {
		return
	}
	odd := differing(valuesOf(r.a), r.saved)
	if r.saved = nil; len(odd) > 0 {
		r.v.env.Fail("The EMR said that it saved the article, but shows these otherwise now: " + labels(odd) + ". Look at it before you edit it again.")
	}
}

func (r *reading) press(msg tea.KeyPressMsg) tea.Cmd {
	k := r.v.keys
	switch {
	case key.Matches(msg, k.Back):
		r.load.Cancel()
		r.v.Back()
	case key.Matches(msg, k.Again):
		return r.reload()
	case key.Matches(msg, k.Edit) && r.have:
		r.v.edit(r.a)
	case key.Matches(msg, k.Copy) && r.have:
		return r.v.env.Copy(string(r.id), r.a.Text.String())
	default:
		return r.text.update(msg)
	}
	return nil
}

func (r *reading) Resize(width, height int) {
	r.width = width
	r.text.resize(width, height-readingHead)
}

func (r *reading) View() string {
	th := r.v.env.Theme
	if !r.have {
		if r.fault != "" {
			return " " + th.Danger.Render(th.Glyph.Cross+" "+r.fault) + "\n\n Press r to try again or esc to go back."
		}
		return th.Muted.Render(" reading the article...")
	}
	head := " " + th.Title.Render(th.Truncate(r.a.Title.String(), max(10, r.width-12))) + " " + r.v.badge()
	return th.Truncate(head, r.width) + "\n" + th.Truncate(" "+r.facts(), r.width) + "\n\n" + r.text.view()
}

// facts are the short fields in one line.
func (r *reading) facts() string {
	th, a := r.v.env.Theme, r.a
	state := r.v.active(a)
	if a.ActiveKnown && !a.Active {
		state = th.Warn.Render(state + ": not in use")
	}
	line := state
	for _, f := range []struct{ name, text string }{
		{"category ", a.Category.String()}, {"type ", a.Type.String()}, {"tags ", a.Tags.String()},
	} {
		if f.text != "" {
			line += th.Muted.Render("  "+f.name) + f.text
		}
	}
	switch {
	case r.fault != "":
		line = th.Danger.Render(th.Glyph.Cross + " not read anew: " + r.fault)
	case r.load.Out():
		line += th.Info.Render("  reading...")
	}
	if w := r.text.where(); w != "" {
		line = w + "  " + line
	}
	return line
}

func (r *reading) Typing() bool { return false }

func (r *reading) Waiting(msg tea.Msg) bool {
	return r.load.Out() && !key.Matches(ui.Pressed(msg), r.v.keys.Again) || r.text.waiting()
}

func (r *reading) Cursor() *tea.Cursor { return nil }

func (r *reading) Groups() [][]key.Binding {
	k := r.v.keys
	return [][]key.Binding{{k.Edit, k.Copy, k.Again, k.Back}, r.text.bindings()}
}
