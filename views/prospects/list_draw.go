package prospects

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/people"
	"frontdesk/state/phone"
	"frontdesk/ui/table"
)

type column = table.Column[row]

// usualColumns are shown until somebody chooses others.
func usualColumns() []string { return []string{"Name", "Born", "Phone", "E-mail", "City", "Tags"} }

// allColumns are those that can be chosen.
func (l *list) allColumns() []column {
	env := l.v.env
	return []column{
		{Title: "Name", Min: 24, Cell: func(r row) string { return r.name() }, Key: func(r row) string { return people.Fold(r.raw(lastText).String() + " " + r.raw(firstText).String()) }},
		{Title: "Born", Min: 10, Max: 10, Drop: 1, Cell: func(r row) string { return env.Birth(string(r.id()), r.born()) }, Key: func(r row) string { return people.Birth(r.born()) }},
		{Title: "Phone", Min: 14, Max: 14, Cell: func(r row) string { return env.Ending(string(r.id()), l.phone(r)) }},
		{Title: "E-mail", Min: 16, Drop: 3, Cell: func(r row) string { return env.Mail(string(r.id()), r.raw(mailText).String()) }},
		{Title: "City", Min: 10, Max: 16, Drop: 4, Cell: func(r row) string { return r.city() }, Key: func(r row) string { return people.Fold(r.city()) }},
		{Title: "State", Min: 5, Max: 5, Drop: 5, Cell: func(r row) string { return r.state() }, Key: func(r row) string { return r.state() }},
		{Title: "ZIP", Min: 5, Max: 10, Drop: 6, Cell: func(r row) string { return r.zip() }, Key: func(r row) string { return r.zip() }},
		{Title: "Provider", Min: 12, Max: 24, Drop: 7, Cell: func(r row) string { return l.v.provider(r.provider()) }},
		{Title: "Type", Min: 8, Max: 10, Drop: 8, Cell: func(r row) string { return r.kind() }, Key: func(r row) string { return r.kind() }},
		{Title: "Stage", Min: 8, Max: 10, Drop: 9, Cell: func(r row) string { return r.stage() }, Key: func(r row) string { return r.stage() }},
		{Title: "Is", Min: 8, Max: 8, Drop: 10, Cell: func(r row) string { return r.isWhat() }},
		{Title: "Tags", Min: 12, Drop: 2, Cell: func(r row) string { return chips(r.tags()) }},
	}
}

// phone is the number to call first, or while a number is searched for the one
// that fits.
func (l *list) phone(r row) string {
	text := l.text()
	if !people.IsNumber(text) {
		return r.phone()
	}
	digits := people.Spellings(text)[0]
	for _, n := range r.phones() {
		if strings.Contains(phone.Digits(n.String()), digits) {
			return n.String()
		}
	}
	return r.phone()
}

// standing is the field Prospect in a word.
func standing(n int) string {
	switch n {
	case 1:
		return "prospect"
	case 0:
		return "patient"
	}
	return "?"
}

// columns are those chosen, in their order.
func (l *list) columns() []column {
	all := l.allColumns()
	var out []column
	for _, name := range l.cols {
		for _, c := range all {
			if c.Title == name {
				out = append(out, c)
			}
		}
	}
	if len(out) == 0 {
		return all[:3]
	}
	return out
}

const searchLabel = " Search: "

// who are those the list is of.
func (l *list) who() string {
	if l.patients {
		return "prospects and patients"
	}
	return "prospects"
}

func (l *list) View() string {
	th := l.v.env.Theme
	label := th.Muted.Render(searchLabel)
	text := l.input.View()
	if !l.writing && l.text() == "" {
		text = th.Muted.Render("/ finds a name, a phone in any spelling, an e-mail")
	}
	right := th.Muted.Render(l.who() + " ")
	return spread(label+text, right, l.wide) + "\n" + th.Truncate(" "+l.status(), l.wide) + "\n" + l.table().View()
}

// status says what the rows are.
func (l *list) status() string {
	th := l.v.env.Theme
	var parts []string
	if len(l.v.halted) > 0 {
		parts = append(parts, th.Danger.Render(th.Glyph.Warn+" editing is stopped: an update emptied "+strings.Join(l.v.halted, ", ")))
	}
	switch text := l.text(); {
	case text != "" && l.ask.Out():
		parts = append(parts, "asking the EMR...")
	case text != "" && l.asked == text:
		parts = append(parts, fmt.Sprintf("%d found, the EMR has answered", l.hits.Len()))
	case l.down != "":
		parts = append(parts, fmt.Sprintf("%d among those loaded; ", l.hits.Len())+th.Warn.Render("the EMR has not answered"))
	case text != "":
		parts = append(parts, "among those loaded")
	case l.loaded > 0 || len(l.browse.Rows()) > 0:
		parts = append(parts, l.progress()+" loaded")
		if col, _ := l.browse.Order(); (col >= 0 || !l.crit.empty()) && l.more {
			parts = append(parts, th.Warn.Render("order and filter are among those loaded, A loads all"))
		}
	}
	if !l.crit.empty() && l.text() == "" {
		parts = append(parts, th.Accent.Render("filter: "+l.crit.words(l.v)))
	}
	return strings.Join(parts, "  ")
}

// spread puts one text at each edge; the left one gives way.
func spread(left, right string, width int) string {
	gap := max(1, width-lengthOf(left)-lengthOf(right))
	return left + strings.Repeat(" ", gap) + right
}

func (l *list) Cursor() *tea.Cursor {
	if l.writing {
		c := l.input.Cursor()
		if c != nil {
			c.X += lengthOf(searchLabel)
		}
		return c
	}
	return below(l.table().Cursor(), headLines)
}

func (l *list) Groups() [][]key.Binding {
	k := l.v.keys
	if l.writing {
		return [][]key.Binding{{pick, rowKeys, k.Leave, k.Reveal}}
	}
	back := k.Clear
	back.SetEnabled(l.text() != "" || l.every)
	var rows []key.Binding
	for _, b := range l.table().Keys() {
		if b.Help().Key != "/" { // the search of the EMR takes its place
			rows = append(rows, b)
		}
	}
	return [][]key.Binding{
		{k.Open, k.Search, k.Quick, k.Tag, k.Saved, k.Filter, back},
		{k.Full, k.Patients, k.All, k.Columns, k.Scan, k.Import, k.Export, k.Again, k.Reveal},
		rows,
	}
}

// provider names one by id.
func (v *View) provider(i id) string {
	if i == "" || i == "0" {
		return ""
	}
	for _, p := range v.providers {
		if p.ID == i {
			return p.Name.String()
		}
	}
	return "provider " + string(i)
}

// tag names one by id; own are tags of somebody, who may have one that the
// closed list has not.
func (v *View) tag(i id, own ...naturaesoft.Tag) string {
	for _, t := range slices.Concat(v.tags, own) {
		if t.ID == i && !t.Name.Empty() {
			return t.Name.String()
		}
	}
	return "tag " + string(i)
}

// named is a tag of the closed list by its id.
func (v *View) named(i id) naturaesoft.Tag {
	for _, t := range v.tags {
		if t.ID == i {
			return t
		}
	}
	return naturaesoft.Tag{ID: i}
}
