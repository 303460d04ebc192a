package library

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/markdown"
)

// reviewHead is the lines above the difference.
const reviewHead = 3

// review is the page between an edit and its sending: what would change, in
// lines, or the article as it would look.
type review struct {
	v       *View
	editor  *editor // the form behind it; nil: none
	what    compared
	joined  values // what would be sent
	theirs  bool   // where both changed it, a colleague's stands
	preview bool
	text    *sheet
	width   int
}

func newReview(v *View) *review { return &review{v: v, text: newSheet(v)} }

func (r *review) show(c compared) tea.Cmd {
	r.what, r.theirs, r.preview = c, false, false
	r.v.Open(r)
	return r.settle()
}

// settle takes the edits as chosen and lays them out.
func (r *review) settle() tea.Cmd {
	if r.joined = r.what.joined[0]; r.theirs {
		r.joined = r.what.joined[1]
	}
	what, joined, theirs := r.what, r.joined, r.theirs
	if r.preview {
		return r.text.show(func(width int) []markdown.Line { return previewed(joined, width) })
	}
	return r.text.show(func(width int) []markdown.Line { return difference(what, joined, theirs, width) })
}

func (r *review) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[compared]:
		if r.editor != nil {
			return r.editor.compared(msg)
		}
		return nil
	case tea.KeyPressMsg:
		return r.press(msg)
	}
	return r.text.update(msg)
}

func (r *review) press(msg tea.KeyPressMsg) tea.Cmd {
	k := r.v.keys
	switch {
	case key.Matches(msg, k.Rework):
		r.rework()
	case key.Matches(msg, k.Preview):
		r.preview = !r.preview
		return r.settle()
	case key.Matches(msg, k.Whose) && len(r.what.clashes) > 0:
		r.theirs = !r.theirs
		return r.settle()
	case key.Matches(msg, k.Send):
		r.ask()
	default:
		return r.text.update(msg)
	}
	return nil
}

// rework goes back to the form. While it is being sent there is no form to go
// back to, only the article.
func (r *review) rework() {
	r.v.Back()
	if r.editor != nil && !r.v.saveArticle.Out() {
		r.v.env.Open(r.editor.dialog)
	}
}

// ask puts the question before every practice sees it.
func (r *review) ask() {
	changed := edits(valuesOf(r.what.now), r.joined)
	if len(changed) == 0 {
		r.v.env.Fail("Nothing of yours would be left to send. Press t to keep your words, or esc to change them.")
		return
	}
	names := differing(valuesOf(r.what.now), r.joined)
	body := "GLOBAL: “" + safe.Clean(r.joined["Title"]) + "” changes for every practice at once, not only for " + r.v.env.Practice +
		". What changes: " + labels(names) + "."
	r.v.env.Open(ui.NewConfirm(r.v.env, "Change it for every practice?", body, "Change it everywhere", func() tea.Cmd {
		return r.send(changed)
	}))
}

func (r *review) send(changed map[string]string) tea.Cmd {
	now := valuesOf(r.what.now)
	return r.v.saveArticle.Start(string(r.what.now.ID), sentArticle{
		ID: r.what.now.ID, Seen: only(now, changed), Edits: changed, Whole: r.joined,
	}, nil)
}

// articleSaved follows a write: back to the article, or to the form with what
// is wrong.
func (v *View) articleSaved(res ui.Result[naturaesoft.ID]) tea.Cmd {
	if !v.saveArticle.Accept(res) {
		return nil
	}
	r := v.review
	if res.Err != nil {
		if r.editor != nil && v.Page() == r {
			r.rework()
			r.editor.dialog.SetErrors(rest.Complaints(res.Err))
		}
		v.refused(res.Err)
		return nil
	}
	if r.editor != nil && r.editor.id == res.Value {
		r.editor.done()
	}
	if v.Page() == r {
		v.Back()
	}
	cmds := []tea.Cmd{v.settled(), v.shelf.reload(), v.env.Say("Saved. Every practice sees it now.")}
	if v.article.id == res.Value {
		v.article.saved = r.joined
		cmds = append(cmds, v.article.reload())
	}
	return tea.Batch(cmds...)
}

func (r *review) Resize(width, height int) {
	r.width = width
	r.text.resize(width, height-reviewHead)
}

func (r *review) View() string {
	th := r.v.env.Theme
	words := "What would change in "
	if r.preview {
		words = "How it would look: "
	}
	title := th.Truncate(safe.Clean(r.what.now.Title.Raw()), max(10, r.width-len(words)-12))
	head := " " + th.Strong.Render(words) + th.Title.Render(title) + " " + r.v.badge()
	return th.Truncate(head, r.width) + "\n" + th.Truncate(" "+r.status(), r.width) + "\n\n" + r.text.view()
}

func (r *review) status() string {
	if w := r.text.where(); w != "" {
		return w + "  " + r.situation()
	}
	return r.situation()
}

func (r *review) situation() string {
	th := r.v.env.Theme
	switch {
	case len(r.what.clashes) > 0 && r.theirs:
		return th.Warn.Render(th.Glyph.Warn + " both changed " + labels(r.what.clashes) + ": your colleague's stands, t keeps yours")
	case len(r.what.clashes) > 0:
		return th.Warn.Render(th.Glyph.Warn + " both changed " + labels(r.what.clashes) + ": yours stands, t takes your colleague's")
	case len(differing(r.what.base, valuesOf(r.what.now))) > 0:
		return th.Warn.Render(th.Glyph.Warn + " a colleague changed it meanwhile; both changes are kept")
	}
	return th.Muted.Render("nothing is sent yet; y sends it")
}

func (r *review) Typing() bool { return false }

// Waiting keeps keys back while it is on its way, and until it is drawn.
func (r *review) Waiting(tea.Msg) bool { return r.v.saveArticle.Out() || r.text.waiting() }

func (r *review) Cursor() *tea.Cursor { return nil }

func (r *review) Groups() [][]key.Binding {
	k := r.v.keys
	own := []key.Binding{k.Send, k.Preview, k.Rework}
	if len(r.what.clashes) > 0 {
		own = []key.Binding{k.Send, k.Preview, k.Whose, k.Rework}
	}
	return [][]key.Binding{own, r.text.bindings()}
}
