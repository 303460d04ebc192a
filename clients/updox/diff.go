package updox

import (
	"slices"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// Fate is what an update does to one field.
type Fate string

// The fates, as a screen may show them.
const (
	Kept    Fate = "kept"
	Changed Fate = "changed"
	Added   Fate = "added"           // was empty
	Cleared Fate = "WILL BE CLEARED" // has a value and gets none
	Blind   Fate = "CANNOT BE SEEN"  // Updox does not show it: whatever it holds will be cleared
)

// A Change is one field of an update. Both texts are empty for a field that
// had and gets no value.
type Change struct {
	Field         string // wire name
	Before, After safe.Text
	Fate          Fate
}

// Changes are all fields of an update in the order of a form.
type Changes []Change

// Of are the changes of one fate.
func (c Changes) Of(fate Fate) Changes {
	return slices.DeleteFunc(slices.Clone(c), func(x Change) bool { return x.Fate != fate })
}

// Any reports that the update changes something that can be seen.
func (c Changes) Any() bool {
	return slices.ContainsFunc(c, func(x Change) bool { return x.Fate != Kept && x.Fate != Blind })
}

// Diff tells field by field what an update would do, on the values as they
// would be sent. It is refused while the present values are unknown, because
// an update clears what is left out (UX-3).
func Diff(present, next Account) (Changes, error) {
	if !present.Known() {
		return nil, refuse(opUpdate, rest.KindConflict,
			"What Updox has for this account is not known, and an update would clear what is left out: read the account first.")
	}
	next = normal(present, next)
	names := append(Fields()[1:], present.extras()...)
	var all Changes
	for _, name := range names {
		all = append(all, change(present, next, name))
	}
	return all, nil
}

func change(present, next Account, name string) Change {
	c := Change{name, present.Value(name), next.Value(name), Changed}
	// What was never shown may hold anything, unless this console wrote it.
	unseen := present.Source == Fetched && !present.Shown(name)
	if name == active && unseen {
		c.Before = safe.Text{}
		return c // always sent, so never lost
	}
	was, will := c.Before.Raw() != "", c.After.Raw() != ""
	switch {
	case unseen && !will:
		c.Fate = Blind
	case c.Before == c.After:
		c.Fate = Kept
	case !was:
		c.Fate = Added
	case !will:
		c.Fate = Cleared
	}
	return c
}

// effective is a field's value, or what the vendor makes of none.
func effective(a Account, name string) safe.Text {
	if v := a.Value(name); name != "timeZone" || v.Raw() != "" {
		return v
	}
	return safe.Line(DefaultZone)
}

// differing names the fields two readings of an account disagree on, of those
// both show. A field nobody documented counts as empty where it is not shown,
// since an update that does not know of it would erase it.
func differing(a, b Account) []string {
	all := append(Fields()[1:], a.extras()...)
	for _, name := range b.extras() {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	var names []string
	for _, name := range all {
		documented := slices.Contains(Fields(), name)
		unread := a.Source == Fetched && !a.Shown(name) || b.Source == Fetched && !b.Shown(name)
		if !(documented && unread) && effective(a, name) != effective(b, name) {
			names = append(names, name)
		}
	}
	return names
}
