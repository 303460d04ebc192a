package prospects

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/state/people"
	"frontdesk/ui/theme"
)

func lengthOf(s string) int { return theme.Width(s) }

// below moves a cursor down by the lines drawn above its owner.
func below(c *tea.Cursor, lines int) *tea.Cursor {
	if c != nil {
		c.Y += lines
	}
	return c
}

// labelWide is the cells of a field's name.
const labelWide = 12

// words are the fields of the EMR as the desk calls them.
var words = map[string]string{
	"FirstName": "First name", "MI": "Middle", "LastName": "Last name", "FullName": "Full name", "NickName": "Nickname",
	"Gender": "Gender", "DOB": "Born", "LifeStage": "Life stage", "Pronouns": "Pronouns", "SexualIdentity": "Identity",
	"PrimaryLanguage": "Language", "Type": "Type", "Phone": "Phone", "CellPhone": "Cell", "SMSPhone": "Texts to",
	"EMail": "E-mail", "Address": "Address", "Unit": "Unit", "City": "City", "State": "State", "Zip": "ZIP",
	"Country": "Country", "ProviderID": "Provider", "Prospect": "Is", "Sh_Name": "Ship to", "Sh_Address": "Address",
	"Sh_Unit": "Unit", "Sh_City": "City", "Sh_State": "State", "Sh_Zip": "ZIP", "Sh_Country": "Country",
	"PtImg": "Picture", "Notes": "Notes",
}

// part is a heading and its fields.
type part struct {
	title  string
	fields []string
}

var (
	leftParts = []part{
		{"Name", []string{"FirstName", "MI", "LastName", "FullName", "NickName", "Pronouns"}},
		{"Person", []string{"DOB", "Gender", "LifeStage", "SexualIdentity", "PrimaryLanguage", "PtImg"}},
		{"Practice", []string{"Type", "ProviderID", "Prospect"}},
	}
	rightParts = []part{
		{"Contact", []string{"Phone", "CellPhone", "SMSPhone", "EMail"}},
		{"Address", []string{"Address", "Unit", "City", "State", "Zip", "Country"}},
		{"Shipping", []string{"Sh_Name", "Sh_Address", "Sh_Unit", "Sh_City", "Sh_State", "Sh_Zip", "Sh_Country"}},
	}
)

// genders are the EMR's letters in words.
var genders = map[string]string{"m": "male", "f": "female", "o": "other", "u": "unknown"}

// shows is a field's value as it may be drawn.
func (v *View) shows(p whole, field string) string {
	text := p.Value(field).String()
	switch field {
	case "DOB":
		return v.env.Birth(string(p.ID), p.DOB.String())
	case "Phone":
		return v.env.Ending(string(p.ID), p.Phone.String())
	case "CellPhone":
		return v.env.Ending(string(p.ID), p.CellPhone.String())
	case "SMSPhone":
		return v.env.Ending(string(p.ID), p.SMSPhone.String())
	case "EMail":
		return v.env.Mail(string(p.ID), p.EMail.String())
	case "Gender":
		if w, ok := genders[text]; ok {
			return w
		}
	case "ProviderID":
		return v.provider(p.ProviderID)
	case "Prospect":
		return standing(p.Prospect)
	case "PtImg":
		return "not shown, left as it is"
	}
	return text
}

func (c *card) View() string {
	th := c.v.env.Theme
	lines := c.body()
	c.lines = len(lines)
	tags := c.tags()
	room := c.room()
	c.top = max(0, min(c.top, len(lines)-room))
	end := min(len(lines), c.top+room)
	more := ""
	if end < len(lines) {
		more = th.Muted.Render(th.Glyph.Down + " more below ")
	} else if c.top > 0 {
		more = th.Muted.Render(th.Glyph.Up + " more above ")
	}
	facts := th.Muted.Render("  number " + string(c.p.ID) + "  " + c.state())
	room = c.wide - lengthOf(facts) - lengthOf(more) - 2
	head := spread(th.Strong.Render(th.Truncate(" "+c.p.Name().String(), room))+facts, more, c.wide)
	return head + "\n" + strings.Join(tags, "\n") + "\n" + strings.Join(lines[c.top:end], "\n")
}

// room is how many lines of the body are shown below the name and the tags.
func (c *card) room() int { return max(1, c.high-1-len(c.tags())) }

// state says how fresh the card is.
func (c *card) state() string {
	th := c.v.env.Theme
	switch {
	case c.fault != "":
		return th.Danger.Render(th.Glyph.Cross + " not read anew")
	case c.read.Out():
		return "reading..."
	case !c.asOf.IsZero():
		return "as of " + c.asOf.In(c.v.env.Zone).Format("15:04")
	}
	return ""
}

// tags are the person's, all of them: one may say not to call.
func (c *card) tags() []string {
	th := c.v.env.Theme
	lead, others := "Tags: ", ""
	switch {
	case !c.p.TagsKnown && len(c.p.Tags) == 0:
		return []string{th.Truncate(th.Muted.Render(" Tags: not known until they are changed here"), c.wide)}
	case !c.p.TagsKnown:
		lead, others = "Tags set here: ", "others are not known"
	case len(c.p.Tags) == 0:
		return []string{th.Truncate(th.Muted.Render(" No tags"), c.wide)}
	}
	line, wide := " "+lead, len(lead)+1
	var lines []string
	put := func(words, blank string, style lipgloss.Style) {
		if wide+len(blank)+lengthOf(words) > c.wide && wide > len(lead)+1 {
			lines, blank = append(lines, line), ""
			line, wide = strings.Repeat(" ", len(lead)+1), len(lead)+1
		}
		line, wide = line+blank+style.Render(words), wide+len(blank)+lengthOf(words)
	}
	for i, t := range c.p.Tags {
		put(chip(t), strings.Repeat(" ", min(i, 1)), th.Accent)
	}
	if others != "" {
		put(others, "  ", th.Muted)
	}
	lines = append(lines, line)
	for i, l := range lines {
		lines[i] = th.Truncate(l, c.wide)
	}
	return lines
}

// body is everything below the head: two columns where there is room, then the
// notes.
func (c *card) body() []string {
	th := c.v.env.Theme
	var lines []string
	if c.fault != "" {
		for _, l := range strings.Split(ansi.Wrap(th.Glyph.Cross+" "+c.fault, max(10, c.wide-2), " "), "\n") {
			lines = append(lines, th.Danger.Render(" "+l))
		}
	}
	if !c.full {
		return append(lines, " reading the person...")
	}
	half := c.wide / 2
	if half >= 30 {
		left, right := c.parts(leftParts, half-1), c.parts(rightParts, c.wide-half)
		for i := range max(len(left), len(right)) {
			lines = append(lines, th.Pad(at(left, i), half)+at(right, i))
		}
	} else {
		lines = append(append(lines, c.parts(leftParts, c.wide)...), c.parts(rightParts, c.wide)...)
	}
	return append(lines, c.notes()...)
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// parts are the fields under their headings. A long value goes on below: it may
// have to be read out.
func (c *card) parts(parts []part, wide int) []string {
	th := c.v.env.Theme
	var out []string
	for _, p := range parts {
		out = append(out, " "+th.Title.Render(p.title))
		for _, f := range p.fields {
			value := c.v.shows(c.p, f)
			if value == "" {
				value = th.Muted.Render("-")
			}
			name := words[f]
			for _, line := range strings.Split(ansi.Wrap(value, max(8, wide-labelWide-2), " "), "\n") {
				out = append(out, th.Truncate(" "+th.Muted.Render(th.Pad(name, labelWide))+" "+line, wide))
				name = ""
			}
		}
	}
	return out
}

// notes are the person's, as a timeline where frontdesk wrote lines.
func (c *card) notes() []string {
	th := c.v.env.Theme
	events, coded := people.Timeline(c.p.Notes)
	out := []string{" " + th.Title.Render("Notes")}
	if len(events) == 0 {
		return append(out, " "+th.Muted.Render("none"))
	}
	for _, e := range events {
		lead, text := "", e.Text.String()
		switch {
		case e.Code != "":
			lead = th.Glyph.Requested + " " + e.Says() + " (" + e.Code + ")  "
		case coded:
			lead = th.Glyph.Bullet + " "
		}
		for i, l := range strings.Split(ansi.Wrap(lead+text, max(10, c.wide-4), " "), "\n") {
			if i > 0 {
				l = "  " + l
			}
			if e.Code != "" {
				l = th.Info.Render(l)
			}
			out = append(out, " "+l)
		}
	}
	return out
}
