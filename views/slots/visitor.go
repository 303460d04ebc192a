package slots

import (
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/people"
	"frontdesk/ui"
)

// visited follows a jump from another tab: a person to find a time for, the
// visits of a person, or a provider of the palette.
func (v *View) visited(subject any) tea.Cmd {
	switch s := subject.(type) {
	case ui.Person:
		return v.findFor(known(s))
	case ui.Visits:
		p := known(s.Of)
		v.people[p.ID] = p
		v.list.of = p.ID
		v.Home()
		v.Open(v.list)
		return v.list.reload()
	}
	return nil
}

// known is as much of a person as another tab told.
func known(p ui.Person) naturaesoft.Prospect {
	return people.Found(naturaesoft.ID(p.ID), map[string]string{
		"FirstName": p.First, "LastName": p.Last, "Phone": p.Phone, "EMail": p.EMail,
	})
}

// findFor makes somebody the person of the next hold.
func (v *View) findFor(p naturaesoft.Prospect) tea.Cmd {
	if p.ID == "" {
		return v.env.Say("This person has no number in the EMR yet. Hold a time, then press a to add them.")
	}
	v.people[p.ID], v.next, v.find.instead = p, p, nil
	v.Home()
	return v.env.Say("The next time you hold is for " + p.Name().String() + ".")
}
