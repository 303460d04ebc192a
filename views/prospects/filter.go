package prospects

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/assets"
	"frontdesk/clients/naturaesoft"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// criteria let rows through. It holds choices only, never a searched word:
// it is kept unsealed.
type criteria struct {
	Tag, Provider            id
	State, Stage, Kind, Lack string
}

func (c criteria) empty() bool { return c == criteria{} }

// lets reports whether a row is among those wanted. Somebody whose tags are not
// known has none of them.
func (c criteria) lets(r row) bool {
	switch {
	case c.Tag != "" && !r.has(c.Tag),
		c.Provider != "" && r.provider() != c.Provider,
		c.State != "" && r.state() != c.State,
		c.Stage != "" && r.stage() != c.Stage,
		c.Kind != "" && r.kind() != c.Kind,
		c.Lack == "phone" && r.phone() != "",
		c.Lack == "e-mail" && !r.raw(mailText).Empty(),
		c.Lack == "birth date" && r.born() != "":
		return false
	}
	return true
}

func (c criteria) words(v *View) string {
	var parts []string
	if c.Tag != "" {
		parts = append(parts, "["+v.tag(c.Tag)+"]")
	}
	if c.Provider != "" {
		parts = append(parts, v.provider(c.Provider))
	}
	for _, s := range []string{c.State, c.Stage, c.Kind} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if c.Lack != "" {
		parts = append(parts, "no "+c.Lack)
	}
	return strings.Join(parts, ", ")
}

// habits are what an account likes; kept under one name.
type habits struct {
	Columns []string
	Sort    string
	Desc    bool
	Filters map[string]criteria
}

const habitName = "prospects.list"

// recall reads them.
func (l *list) recall() tea.Cmd {
	open := l.v.opt.Book
	if open == nil {
		return nil
	}
	return l.reading().Latest(func(ctx ctx) (habits, error) {
		var h habits
		book, err := open(ctx)
		if err == nil {
			_, err = book.Habit(ctx, habitName, &h)
		}
		return h, err
	})
}

func (l *list) reading() *ui.Call[habits] {
	if l.recalls == nil {
		l.recalls = ui.NewCall[habits](l.v.env, "read what you like")
	}
	return l.recalls
}

func (l *list) recalled(r ui.Result[habits]) tea.Cmd {
	if !l.reading().Accept(r) || r.Err != nil {
		return nil
	}
	l.habits = r.Value
	if len(r.Value.Columns) > 0 {
		l.cols = r.Value.Columns
		l.rebuild()
	}
	l.sortBy(r.Value.Sort, r.Value.Desc)
	return nil
}

func (l *list) sortBy(title string, desc bool) {
	for i, c := range l.columns() {
		if c.Title == title && title != "" {
			l.browse.Sort(i, desc)
			l.hits.Sort(i, desc)
		}
	}
}

// remember notes the order when a key has changed it.
func (l *list) remember() tea.Cmd {
	col, desc := l.browse.Order()
	title := ""
	if cols := l.columns(); col >= 0 && col < len(cols) {
		title = cols[col].Title
	}
	if title == l.habits.Sort && desc == l.habits.Desc {
		return nil
	}
	l.habits.Sort, l.habits.Desc = title, desc
	return l.keep()
}

// keep writes the habits down, one after the other: the last are to stay.
func (l *list) keep() tea.Cmd {
	if l.changed = l.keeping; l.changed {
		return nil
	}
	open, h := l.v.opt.Book, l.habits
	h.Filters = maps.Clone(h.Filters)
	if open == nil {
		return nil
	}
	l.keeping = true
	return func() tea.Msg {
		book, err := open(l.v.env.Ctx)
		if err == nil {
			err = book.SetHabit(l.v.env.Ctx, habitName, h)
		}
		return keptMsg{err}
	}
}

type keptMsg struct{ err error }

func (l *list) kept(msg keptMsg) tea.Cmd {
	l.keeping = false
	var cmds []tea.Cmd
	if l.changed {
		cmds = append(cmds, l.keep())
	}
	if msg.err != nil {
		cmds = append(cmds, l.v.fail(msg.err))
	}
	return tea.Batch(cmds...)
}

// rebuild makes the tables anew with the rows there are.
func (l *list) rebuild() {
	all, hits := l.browse.Rows(), l.hits.Rows()
	at, some := l.table().Selected()
	l.tables()
	if l.loaded > 0 {
		l.browse.Set(all)
	}
	l.hits.Set(hits)
	l.sortBy(l.habits.Sort, l.habits.Desc)
	if some {
		l.table().Select(string(at.id()))
	}
}

// apply makes c the filter.
func (l *list) apply(c criteria) tea.Cmd {
	l.clear()
	l.crit = c
	l.browse.List(c.lets)
	return l.onwards()
}

// editFilter asks for a new filter and, if it gets a name, keeps it.
func (l *list) editFilter() tea.Cmd {
	v := l.v
	f := form.New(v.env.Theme,
		form.Combo("Tag", "Tag", options(v.tags)...),
		form.Combo("Provider", "Provider", v.providerOptions()...),
		form.Combo("State", "State", stateOptions()...),
		form.Choice("Stage", "Life stage", plain(naturaesoft.LifeStages())...),
		form.Choice("Kind", "Type", plain(naturaesoft.Types())...),
		form.Choice("Lack", "Without", plain([]string{"phone", "e-mail", "birth date"})...),
		form.Text("Name", "Keep it as").Max(30).Help("a name for this filter, not a person's; empty: only for now"),
	)
	for name, value := range map[string]string{"Tag": string(l.crit.Tag), "Provider": string(l.crit.Provider), "State": l.crit.State, "Stage": l.crit.Stage, "Kind": l.crit.Kind, "Lack": l.crit.Lack} {
		if value != "" {
			f.Set(name, value)
		}
	}
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "Show only people with", f, func(m map[string]string) tea.Cmd {
		v.env.Close(d)
		c := criteria{Tag: id(m["Tag"]), Provider: id(m["Provider"]), State: m["State"], Stage: m["Stage"], Kind: m["Kind"], Lack: m["Lack"]}
		cmd := l.apply(c)
		if name := strings.TrimSpace(m["Name"]); name != "" {
			if l.habits.Filters == nil {
				l.habits.Filters = map[string]criteria{}
			}
			l.habits.Filters[name] = c
			cmd = tea.Batch(cmd, l.keep())
		}
		return cmd
	})
	v.env.Open(d)
	return nil
}

// pickFilter offers the filters this account keeps.
func (l *list) pickFilter() tea.Cmd {
	const none, drop = "(everybody)", "forget: "
	opts := []form.Option{{Value: none, Label: "everybody, no filter"}}
	for _, name := range slices.Sorted(maps.Keys(l.habits.Filters)) {
		opts = append(opts, form.Option{Value: name, Detail: l.habits.Filters[name].words(l.v)})
	}
	for _, name := range slices.Sorted(maps.Keys(l.habits.Filters)) {
		opts = append(opts, form.Option{Value: drop + name, Label: drop + name})
	}
	f := form.New(l.v.env.Theme, form.Combo("Filter", "Filter", opts...).Required().Help("ctrl+g opens the list; F makes a new filter"))
	var d *ui.FormDialog
	d = ui.NewFormDialog(l.v.env, "Saved filters", f, func(m map[string]string) tea.Cmd {
		l.v.env.Close(d)
		name := m["Filter"]
		if gone, ok := strings.CutPrefix(name, drop); ok {
			delete(l.habits.Filters, gone)
			return tea.Batch(l.keep(), l.v.env.Say("The filter "+gone+" is forgotten."))
		}
		return l.apply(l.habits.Filters[name]) // of none there is nothing
	})
	l.v.env.Open(d)
	return nil
}

// editColumns asks which columns are shown.
func (l *list) editColumns() tea.Cmd {
	var opts []form.Option
	for _, c := range l.allColumns() {
		opts = append(opts, form.Option{Value: c.Title})
	}
	f := form.New(l.v.env.Theme, form.Multi("Columns", "Columns", opts...).Required().Help("those a narrow screen has no room for are left out"))
	f.Set("Columns", strings.Join(l.cols, "\n"))
	var d *ui.FormDialog
	d = ui.NewFormDialog(l.v.env, "Columns of the list", f, func(m map[string]string) tea.Cmd {
		l.v.env.Close(d)
		l.cols = form.List(m["Columns"])
		l.habits.Columns = l.cols
		l.rebuild()
		return l.keep()
	})
	l.v.env.Open(d)
	return nil
}

func plain(values []string) []form.Option {
	out := make([]form.Option, len(values))
	for i, v := range values {
		out[i] = form.Option{Value: v}
	}
	return out
}

func stateOptions() []form.Option {
	var out []form.Option
	for _, s := range assets.States() {
		out = append(out, form.Option{Value: s.Code, Label: s.Code, Detail: s.Name})
	}
	return out
}

func (v *View) providerOptions() []form.Option {
	var out []form.Option
	for _, p := range v.providers {
		out = append(out, form.Option{Value: string(p.ID), Label: p.Name.String(), Detail: p.Title.String() + " " + p.Specialty.String()})
	}
	return out
}

func options(tags []naturaesoft.Tag) []form.Option {
	var out []form.Option
	for _, t := range tags {
		o := form.Option{Value: string(t.ID), Label: t.Name.String(), Detail: fmt.Sprint("tag ", t.ID)}
		if t.Name.Empty() {
			o.Label, o.Detail = o.Detail, ""
		}
		out = append(out, o)
	}
	return out
}
