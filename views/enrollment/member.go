package enrollment

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/enroll"
	"frontdesk/ui"
	"frontdesk/ui/theme"
)

// memberPage is one member as the newest snapshot shows them. Personal data is
// masked until it is asked for.
type memberPage struct {
	v      *View
	id     anglehealth.ID
	member anglehealth.Member
	known  bool
	past   []enroll.Record
	fault  string
	read   *ui.Call[memberRead]
	scroll scroll
	width  int
}

// memberRead is a snapshot with what was said of the member before.
type memberRead struct {
	member anglehealth.Member
	past   []enroll.Record
}

func newMemberPage(v *View) *memberPage {
	return &memberPage{v: v, read: ui.NewCall[memberRead](v.env, "read member")}
}

// open shows a member and reads them.
func (p *memberPage) open(id anglehealth.ID) tea.Cmd {
	p.v.Open(p)
	if id != p.id {
		p.id, p.past, p.scroll.top = id, nil, 0
		p.member, p.known = p.v.met[id]
	}
	return p.again()
}

// again reads the member on show, if any.
func (p *memberPage) again() tea.Cmd {
	if p.id == "" {
		return nil
	}
	angle, book, id := p.v.angle, p.v.book, p.id
	return tea.Batch(p.v.unsure.reload(), p.read.Latest(func(ctx ctx) (memberRead, error) {
		m, err := angle.Member(ctx, id)
		if err != nil {
			return memberRead{}, err
		}
		if err := book.Keep(ctx, m); err != nil {
			return memberRead{member: m}, err
		}
		past, _, err := book.History(ctx, id)
		return memberRead{m, past}, err
	}))
}

func (p *memberPage) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.press(msg)
	case tea.MouseWheelMsg:
		p.scroll.wheel(msg)
	case ui.Result[memberRead]:
		p.loaded(msg)
	}
	return nil
}

func (p *memberPage) loaded(r ui.Result[memberRead]) {
	if !p.read.Accept(r) {
		return
	}
	p.fault = ""
	if r.Err != nil {
		p.fault = rest.UserMessage(r.Err)
		if anglehealth.NotFound(r.Err) {
			p.fault = "Angle Health knows nobody of this id. An enrollment may still be on its way; r reads again."
		}
	}
	if r.Value.member.ID == p.id {
		p.member, p.known, p.past = r.Value.member, true, r.Value.past
		p.v.met[p.id] = p.member
	}
}

func (p *memberPage) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.v.keys
	switch {
	case key.Matches(msg, k.Back):
		p.v.event.read.Cancel() // its form would open over another page
		p.v.Back()
		if p.v.Page() == p.v.roster {
			return p.v.roster.reload()
		}
	case key.Matches(msg, k.Again):
		return p.again()
	case key.Matches(msg, k.Up):
		p.scroll.top--
	case key.Matches(msg, k.Down):
		p.scroll.top++
	case key.Matches(msg, k.History):
		return p.v.history.open(p.id)
	case key.Matches(msg, k.Reveal) && p.known:
		return p.v.env.Reveal(string(p.id))
	case key.Matches(msg, k.Edit) && p.known:
		p.v.change.ask(p.member)
	case key.Matches(msg, k.Event) && p.known:
		return p.v.event.ask(p.member, false)
	case key.Matches(msg, k.Season) && p.known:
		return p.v.event.ask(p.member, true)
	case key.Matches(msg, k.End) && p.known:
		p.v.ending.ask(p.member)
	case key.Matches(msg, k.Find) && p.doubtful():
		return p.v.env.LookBack()
	case key.Matches(msg, k.Landed) && p.doubtful():
		p.v.unsure.declare(p.id)
	}
	return nil
}

// doubtful reports a write about the member whose outcome is not known.
func (p *memberPage) doubtful() bool {
	return len(of(p.v.unsure.all, p.id)) > 0 && !p.v.unsure.deed.Out()
}

func (p *memberPage) Resize(width, height int) {
	p.width, p.scroll.height = width, max(1, height-3)
}

func (p *memberPage) View() string {
	th := p.v.env.Theme
	head := th.Strong.Render(" "+name(p.member)) + "  " + p.member.Type.String()
	if g := p.v.roster.group; g.ID == p.member.Group && g.ID != "" {
		head += " of " + named(g.Name.String(), g.ID)
	} else if p.member.Group != "" {
		head += " of group " + string(p.member.Group)
	}
	if !p.known {
		head = th.Strong.Render(" " + string(p.id))
	}
	line := th.Muted.Render(" " + string(p.id))
	switch {
	case p.fault != "":
		line = th.Danger.Render(" " + th.Glyph.Cross + " " + p.fault)
	case p.v.ending.out(p.id) != "":
		line += th.Warn.Render("  a termination is not answered yet; T shows it")
	case p.read.Out():
		line += "  asking..."
	}
	body := p.v.unsure.told(p.id, p.width)
	if p.known {
		body = append(body, p.body()...)
	}
	for i, l := range body {
		body[i] = th.Truncate(l, p.width)
	}
	return th.Truncate(head, p.width) + "\n" + th.Truncate(line, p.width) + "\n\n" + p.scroll.window(body)
}

// body is everything a snapshot tells.
func (p *memberPage) body() []string {
	v, env, m, id := p.v, p.v.env, p.member, string(p.id)
	var all []string
	for i, l := range lines {
		label := ""
		if i == 0 {
			label = "Coverage"
		}
		has, days := env.Theme.Pad(string(l), 8)+env.Theme.Pad(plan(m.Plan(l).String()), 18), p.days(l)
		if all = append(all, v.labelled(label, has+days)); theme.Width(all[len(all)-1]) > p.width {
			all[len(all)-1] = v.labelled(label, has) // a day is not what may be cut
			all = append(all, v.labelled("", "        "+days))
		}
	}
	all = append(all, p.family()...)
	all = append(all, "",
		v.labelled("Person", "born "+told(env.Birth(id, m.DOB.String()))+"   sex "+told(m.Sex.String())+"   SSN "+told(env.Veil(id, m.SSN.String()))),
		v.labelled("", "marital status "+told(m.MaritalStatus.String())),
		v.labelled("Home", told(env.Veil(id, m.HomeAddress.Text.String()))),
		v.labelled("Mailing", told(env.Veil(id, m.MailingAddress.Text.String()))),
	)
	all = append(all, p.parts("Contact", m.Contact, p.contact)...)
	return append(all, p.parts("Employment", m.Employment, func(_, s string) string { return s })...)
}

// parts are the entries of a field that may be of any shape.
func (p *memberPage) parts(label string, value anglehealth.Value, mask func(name, s string) string) []string {
	if len(value.Parts) == 0 {
		return []string{p.v.labelled(label, told(mask("", value.Text.String())))}
	}
	var all []string
	for _, part := range value.Parts {
		s := mask(part.Name, part.Text.String())
		all = append(all, p.v.labelled(label, p.v.env.Theme.Pad(strings.ReplaceAll(part.Name, "_", " "), 20)+told(s)))
		label = ""
	}
	return all
}

func (p *memberPage) contact(name, s string) string {
	switch {
	case strings.HasSuffix(name, "phone"):
		return p.v.env.Ending(string(p.id), s)
	case name == "email_address":
		return p.v.env.Mail(string(p.id), s)
	case name == "email_address_type":
		return s
	}
	return p.v.env.Veil(string(p.id), s)
}

// days are those of the present coverage of a line, as answers told them; a
// snapshot tells none, and none of a coverage that ends on a later day.
func (p *memberPage) days(l anglehealth.Line) string {
	has, key := p.member.Plan(l).String(), string(l)
	for i := len(p.past) - 1; i >= 0; i-- {
		r := p.past[i]
		if has == "" && (r.Ended[key] != "" || r.From[key] != "") {
			if r.Ended[key] == "" {
				break
			}
			return safe.Clean(r.Ended[key]) + " until " + r.Until[key]
		}
		if has != "" && r.Answer && r.Plans[string(l)] == has && r.From[string(l)] != "" {
			return "from " + r.From[string(l)] + " to " + told(r.Until[string(l)])
		}
	}
	if has == "" {
		return ""
	}
	return "days not told"
}

// family are the others of it that were read in this session, and whether that
// can be all of them.
func (p *memberPage) family() []string {
	m, v := p.member, p.v
	head := m.Parent
	if head == "" {
		head = m.ID
	}
	all := []string{v.labelled("Family", v.who(head)+p.mark(head))}
	member := func(id anglehealth.ID) {
		all = append(all, v.labelled("", "  "+v.env.Theme.Glyph.Bullet+" "+strings.TrimSpace(v.who(id)+" "+v.met[id].Relationship.String())+p.mark(id)))
	}
	whole, here := v.roster.id == m.Group && v.roster.known && !v.roster.group.Partial, false
	for _, r := range v.roster.rows {
		_, met := v.met[r.id]
		whole = whole && (r.read || met)
		if r.id != head && r.parent == head {
			member(r.id)
			here = here || r.id == m.ID
		}
	}
	if !here && head != m.ID {
		member(m.ID)
	}
	if !whole {
		all = append(all, v.labelled("", "  others are not known: not everybody of the group was read"))
	}
	return all
}

func (p *memberPage) mark(id anglehealth.ID) string {
	if id == p.id {
		return "  (shown here)"
	}
	return ""
}

func (p *memberPage) Typing() bool { return false }

// Waiting keeps what acts on the member back until they are there.
func (p *memberPage) Waiting(msg tea.Msg) bool {
	return p.read.Out() && !p.known && !key.Matches(ui.Pressed(msg), p.v.keys.Back, p.v.keys.History)
}

func (p *memberPage) Cursor() *tea.Cursor { return nil }

func (p *memberPage) Groups() [][]key.Binding {
	k := p.v.keys
	var first []key.Binding
	if p.doubtful() {
		first = []key.Binding{k.Find, k.Landed}
	}
	if !p.known {
		return [][]key.Binding{append(first, k.Again, k.History, k.Back)}
	}
	return [][]key.Binding{append(first, k.Edit, k.Event, k.Season, k.End, k.History, k.Reveal, k.Again, k.Back), {k.Up, k.Down}}
}
