package tickets

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/safe"
	"frontdesk/state/tickets"
)

// sentNote is a comment sent in this session. It lives in memory only.
type sentNote struct {
	category string
	text     string
	at       time.Time
}

// sentHere notes a comment: where the vendor does not show it again, the
// thread does.
func (v *View) sentHere(k tickets.Key, category tickets.Mark, text string) {
	v.sent[k] = append(v.sent[k], sentNote{category.Title.String(), text, v.env.Now()})
}

// learn finds out under which name the vendor shows what this desk writes, by
// the words sent from here.
func (v *View) learn(k tickets.Key, talk *tickets.Talk) {
	for _, n := range v.sent[k] {
		if c, ok := shown(talk, n); ok && !c.By.Empty() && !v.read.Ours(c.By.Raw()) {
			v.opt.Names = append(v.opt.Names[:len(v.opt.Names):len(v.opt.Names)], c.By.Raw())
			v.read.Ours = ours(v.opt.Names)
		}
	}
	for i, c := range talk.Comments {
		talk.Comments[i].Ours = v.read.Ours(c.By.Raw())
	}
}

// shown finds a comment sent from here among those the vendor shows.
func shown(talk *tickets.Talk, n sentNote) (tickets.Comment, bool) {
	for _, c := range talk.Comments {
		if tickets.Same(c.Text.Raw(), n.text) && tickets.Same(c.Category.Raw(), n.category) && c.On.After(n.at.Add(-clockDoubt)) {
			return c, true
		}
	}
	return tickets.Comment{}, false
}

// head is the lines above the thread.
func (d *detail) head() []string {
	v, th := d.v, d.v.env.Theme
	t, ok := d.ticket()
	if !ok {
		title := th.Strong.Render(" " + short(d.key))
		if d.failed() != "" {
			return append([]string{title}, d.warn(d.failed())...)
		}
		return []string{title + "  reading..."}
	}
	lines := []string{th.Truncate(" "+th.Strong.Render(short(d.key))+"  "+th.Title.Render(t.Subject.String()), d.width)}
	bullet := " " + th.Glyph.Bullet + " "
	hand := v.holder(d.key)
	if hand != "" {
		hand = "in hand: " + hand
	}
	lines = append(lines, th.Truncate(" "+joined(bullet, v.status(t), "urgency "+dash(t.Urgency), v.waiting(t), "opened "+v.before(t.Created), hand), d.width))
	lines = append(lines, d.card(t)...)
	lines = append(lines, d.strip()...)
	if f := d.failed(); f != "" {
		lines = append(lines, d.warn(f)...)
	}
	if d.talk != nil && d.talk.Foreign {
		lines = append(lines, d.warn("The vendor answered with another ticket than the one asked for, so its conversation is not shown and nothing is written to it.")...)
	}
	return lines
}

func (d *detail) warn(words string) []string {
	th := d.v.env.Theme
	lines := strings.Split(ansi.Wrap(th.Glyph.Warn+" "+words, max(10, d.width-2), " "), "\n")
	for i, l := range lines {
		lines[i] = " " + th.Danger.Render(l)
	}
	return lines
}

// card is whom the ticket is about, or who deals with it, and its links.
func (d *detail) card(t *tickets.Ticket) []string {
	v, th := d.v, d.v.env.Theme
	bullet := " " + th.Glyph.Bullet + " "
	var lines []string
	if r, ok := v.residents[t.Resident]; ok {
		lines = append(lines, joined(bullet, dash(r.Name()), born(v, r), r.Location.String(), v.env.Ending(r.ID.String(), r.Phone.String()), v.env.Mail(r.ID.String(), r.Email.String())))
	} else if t.Resident != "" {
		lines = append(lines, "resident "+t.Resident)
	}
	if t.Source == tickets.EMR {
		lines = append(lines, joined(bullet, "category "+dash(t.Category), "assigned to "+assigned(t)))
	}
	var links []string
	for _, l := range v.notes.Links[t.Key] {
		target := l.Kind + " " + safe.Clean(l.Target)
		if k, err := tickets.ParseKey(l.Target); err == nil && l.Kind == tickets.ToTicket {
			target = short(k)
		}
		links = append(links, target)
	}
	if len(links) > 0 {
		lines = append(lines, "linked to "+strings.Join(links, ", "))
	}
	for i, l := range lines {
		lines[i] = th.Truncate(" "+l, d.width)
	}
	return lines
}

func assigned(t *tickets.Ticket) string {
	if t.Assigned.Empty() {
		return "nobody"
	}
	return t.Assigned.String()
}

func born(v *View, r connect4healthcare.Resident) string {
	if r.DOB.IsZero() {
		return "born ?"
	}
	return "born " + v.env.Birth(r.ID.String(), r.DOB.String())
}

// strip is the categories by how bad they are; the cursor's is in brackets.
func (d *detail) strip() []string {
	th := d.v.env.Theme
	marks := d.marks()
	if len(marks) == 0 {
		return nil
	}
	glyph := map[tickets.Severity]string{tickets.Issue: th.Glyph.Cross, tickets.Potential: th.Glyph.Warn, tickets.NoIssue: th.Glyph.Ok, tickets.Odd: "?"}
	var parts []string
	for i, m := range marks {
		words := glyph[m.Level] + " " + dash(m.Title)
		if i == d.mark {
			state := m.Level.String()
			if m.Level == tickets.Odd {
				state = dash(m.Status)
			}
			words = "[" + words + ": " + state + "]"
		}
		parts = append(parts, words)
	}
	lines := []string{""}
	for _, p := range parts { // a category is never torn apart
		last := &lines[len(lines)-1]
		if *last != "" && ansi.StringWidth(*last+"  "+p) > d.width-2 {
			lines = append(lines, "")
			last = &lines[len(lines)-1]
		}
		*last = joined("  ", *last, p)
	}
	for i, l := range lines {
		lines[i] = th.Truncate(" "+l, d.width)
	}
	return lines
}

// thread is the conversation, oldest first, as lines of a width.
func (d *detail) thread(width int) string {
	th := d.v.env.Theme
	if d.talk == nil || d.talk.Foreign {
		if d.call.Out() {
			return th.Muted.Render(" reading the conversation...")
		}
		return ""
	}
	var b strings.Builder
	entry := func(head, text string) {
		b.WriteString(th.Truncate(" "+head, width) + "\n")
		for _, l := range strings.Split(ansi.Wrap(text, max(10, width-4), " "), "\n") {
			b.WriteString("   " + l + "\n")
		}
	}
	if s := d.talk.Description.String(); s != "" {
		entry(th.Strong.Render("Description"), s)
	}
	for _, c := range d.talk.Comments {
		who := dash(c.By)
		if c.Ours {
			who += " (we)"
		}
		head := d.v.when(c.On) + "  " + th.Strong.Render(who)
		if !c.Category.Empty() {
			head += "  on " + c.Category.String()
		}
		entry(head, c.Text.String())
	}
	d.unseen(entry)
	if len(d.talk.Attachments) > 0 {
		entry(th.Strong.Render("Attachments"), list(d.talk.Attachments))
	}
	switch {
	case b.Len() == 0 && d.talk.Hidden:
		words := ansi.Wrap("No comment is shown. The vendor does not show general ones, so there may be some. Press c for a comment.", max(10, width-2), " ")
		return th.Muted.Render(" " + strings.ReplaceAll(words, "\n", "\n "))
	case b.Len() == 0:
		return th.Muted.Render(" Nobody has written anything yet. Press c for a comment.")
	}
	return strings.TrimRight(b.String(), "\n")
}

// unseen adds what was sent from here and cannot be seen at the vendor.
func (d *detail) unseen(entry func(head, text string)) {
	v, th := d.v, d.v.env.Theme
	for _, n := range v.unshown(d.key, d.talk) {
		entry(fmt.Sprintf("%s  %s  %s", v.when(n.at), th.Strong.Render("we"), th.Muted.Render(joined(", ", on(n.category), notShown))), safe.Paragraphs(n.text).String())
	}
	for _, f := range v.inDoubt(d.key) {
		entry(th.Danger.Render(th.Glyph.Unknown+" "+mayHave+"; nothing is sent again"), safe.Paragraphs(f.text).String())
	}
}

// What is said of comments the vendor does not show.
const (
	notShown = "sent, not shown by the vendor"
	mayHave  = "may have landed"
)

// unshown are the comments sent in this session that a conversation lacks.
func (v *View) unshown(k tickets.Key, talk *tickets.Talk) (all []sentNote) {
	for _, n := range v.sent[k] {
		if _, ok := shown(talk, n); !ok {
			all = append(all, n)
		}
	}
	return all
}

// inDoubt are the comments on a ticket nobody knows the end of.
func (v *View) inDoubt(k tickets.Key) (all []*flight) {
	for _, f := range v.doubts {
		if f.key == k && f.text != "" {
			all = append(all, f)
		}
	}
	return all
}

// list is names in one line.
func list(names []safe.Text) string {
	var all []string
	for _, n := range names {
		all = append(all, dash(n))
	}
	return strings.Join(all, ", ")
}

func on(category string) string {
	if category == "" {
		return ""
	}
	return "on " + category
}

// refresh gives the thread the cells below the head.
func (d *detail) refresh() {
	if d.width == 0 {
		return
	}
	d.port.SetWidth(d.width)
	d.port.SetHeight(max(1, d.height-len(d.head())-1))
	d.port.SetContent(d.thread(d.width))
}

func (d *detail) View() string {
	th := d.v.env.Theme
	head := strings.Join(d.head(), "\n")
	words := ""
	switch {
	case d.wanted:
		words = " asking again..."
	case !d.port.AtBottom() || !d.port.AtTop():
		words = fmt.Sprintf(" %3d%% of the thread", int(d.port.ScrollPercent()*100))
	}
	rule := th.Border.Render(strings.Repeat(th.Box.Top, max(0, d.width-len(words)))) + th.Muted.Render(words)
	return head + "\n" + rule + "\n" + d.port.View()
}
