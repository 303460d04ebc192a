package connections

import (
	"context"
	"errors"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// partnerPage is the partner's profile at the EMR. It is one for all practices
// of the partner, and is marked so.
type partnerPage struct {
	v      *View
	read   *ui.Call[naturaesoft.Me]
	write  *ui.Sender[naturaesoft.Edits, profileSaved]
	me     naturaesoft.Me
	known  bool
	fault  string
	dialog *ui.FormDialog
	width  int
	height int
}

// profileSaved is the profile as it is after a change.
type profileSaved struct{ me naturaesoft.Me }

func newPartnerPage(v *View) *partnerPage {
	return &partnerPage{v: v, read: ui.NewCall[naturaesoft.Me](v.env, "read profile"), write: newWriter(v)}
}

// newWriter declares the one write of this tab.
func newWriter(v *View) *ui.Sender[naturaesoft.Edits, profileSaved] {
	partner := v.opt.Partner
	return ui.NewSender(v.env, ui.Write[naturaesoft.Edits, profileSaved]{
		Vendor: "Naturaesoft EMR", Op: "update profile", Words: "change the partner's profile",
		Send: func(ctx context.Context, e naturaesoft.Edits) (profileSaved, error) {
			if err := partner.UpdateMe(ctx, e); err != nil {
				return profileSaved{}, err
			}
			me, err := partner.Me(ctx)
			if err != nil {
				return profileSaved{}, &unread{err}
			}
			return profileSaved{me}, nil
		},
		ReadBack: func(ctx context.Context, e naturaesoft.Edits, _ time.Time) (ui.Landing, error) {
			me, err := partner.Me(ctx)
			return landing(me, e), err
		},
	})
}

// landing compares a profile with what was to be written into it.
func landing(me naturaesoft.Me, e naturaesoft.Edits) ui.Landing {
	there := 0
	for _, f := range me.Fields() {
		if want, ok := e[f.Name]; ok && want == f.Value.Raw() {
			there++
		}
	}
	switch there {
	case len(e):
		return ui.Landed
	case 0:
		return ui.DidNot
	}
	return ui.CannotTell
}

func (p *partnerPage) open() tea.Cmd { return p.read.Latest(p.v.opt.Partner.Me) }

func (p *partnerPage) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.press(msg)
	case ui.Result[naturaesoft.Me]:
		p.loaded(msg)
	case ui.Result[profileSaved]:
		return p.saved(msg)
	}
	return nil
}

func (p *partnerPage) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.v.keys
	switch {
	case key.Matches(msg, k.Back):
		p.v.Back()
	case key.Matches(msg, k.Again):
		return p.open()
	case key.Matches(msg, k.Edit) && p.known:
		p.edit()
	}
	return nil
}

func (p *partnerPage) loaded(r ui.Result[naturaesoft.Me]) {
	if !p.read.Accept(r) {
		return
	}
	p.fault = ""
	if r.Err != nil {
		p.fault = rest.UserMessage(r.Err)
		return
	}
	p.me, p.known = r.Value, true
}

// edit opens a form of every field that can be changed.
func (p *partnerPage) edit() {
	var fields []form.Field
	for _, f := range p.me.Fields() {
		fields = append(fields, form.Text(f.Name, f.Name).Default(f.Value.Raw()))
	}
	if len(fields) == 0 {
		p.v.env.Fail("The profile has no field that can be changed from here.")
		return
	}
	f := form.New(p.v.env.Theme, fields...)
	p.dialog = ui.NewFormDialog(p.v.env, "Partner profile (GLOBAL)", f, func(map[string]string) tea.Cmd { return p.sure(f.Changes()) })
	p.dialog.Busy = p.write.Out
	p.dialog.Below = func(int) string { return "This changes the profile for every practice of the partner." }
	p.dialog.Keep("connections.partner", "")
	p.v.env.Open(p.dialog)
}

// sure asks once more: the change is everybody's.
func (p *partnerPage) sure(edits map[string]string) tea.Cmd {
	if len(edits) == 0 {
		p.dialog.Sent()
		return p.v.env.Say("Nothing was changed, so nothing was sent.")
	}
	p.v.env.Open(ui.NewConfirm(p.v.env, "Change the partner's profile?",
		"It is the same for every practice of the partner, not only for "+p.v.env.Practice+".", "Change",
		func() tea.Cmd { return p.write.Start("me", edits, nil) }))
	return nil
}

// unread is a change that was made and could not be read back.
type unread struct{ cause error }

func (e *unread) Error() string { return "changed, but not read back: " + e.cause.Error() }
func (e *unread) Unwrap() error { return e.cause }

// Landed tells that the change itself is done.
func (e *unread) Landed() bool { return true }

// UserMessage says so.
func (e *unread) UserMessage() string {
	return "The profile was changed, but reading it back failed. " + rest.UserMessage(e.cause)
}

func (p *partnerPage) saved(r ui.Result[profileSaved]) tea.Cmd {
	if !p.write.Accept(r) {
		return nil
	}
	var later *unread
	if r.Err != nil && !errors.As(r.Err, &later) {
		p.dialog.SetErrors(rest.Complaints(r.Err))
		p.v.fail(r.Err)
		return nil
	}
	p.dialog.Sent()
	if later != nil {
		p.known, p.fault = false, later.UserMessage()
		return nil
	}
	p.me, p.known, p.fault = r.Value.me, true, ""
	return p.v.env.Say("The partner's profile was changed, for every practice.")
}

func (p *partnerPage) Resize(width, height int) { p.width, p.height = width, height }

func (p *partnerPage) View() string {
	th := p.v.env.Theme
	lines := []string{" " + th.Strong.Render("Partner profile") + "  " + th.BadgeLive.Render(" GLOBAL ") +
		"  the same for every practice of the partner", ""}
	switch {
	case p.fault != "":
		lines = append(lines, " "+th.Danger.Render(th.Glyph.Cross+" "+p.fault))
	case p.read.Out() && !p.known:
		lines = append(lines, " asking...")
	}
	if p.known {
		row := func(name, value string) {
			lines = append(lines, " "+th.Muted.Render(th.Pad(name, 16))+" "+value)
		}
		if p.me.ID != "" {
			row("Number", string(p.me.ID))
		}
		for _, f := range p.me.Fields() {
			row(f.Name, f.Value.String())
		}
		row("Permissions", p.scopes())
	}
	for i, l := range lines {
		lines[i] = th.Truncate(l, p.width)
	}
	return strings.Join(lines[:min(len(lines), p.height)], "\n")
}

// scopes are the key's permissions, as far as the EMR tells.
func (p *partnerPage) scopes() string {
	if !p.me.ScopesKnown {
		return "the EMR does not tell"
	}
	var words []string
	for _, s := range p.me.Scopes {
		words = append(words, s.String())
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

func (p *partnerPage) Typing() bool { return false }

// Waiting keeps what acts on the profile back until it is there.
func (p *partnerPage) Waiting(tea.Msg) bool { return p.read.Out() && !p.known }
func (p *partnerPage) Cursor() *tea.Cursor  { return nil }

func (p *partnerPage) Groups() [][]key.Binding {
	k := p.v.keys
	k.Edit.SetEnabled(p.known)
	return [][]key.Binding{{k.Edit, k.Again, k.Back}}
}
