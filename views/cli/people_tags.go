package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/people"
)

func foundOf(p naturaesoft.Prospect) found {
	f := found{ID: string(p.ID), Name: p.Name().String(), Born: p.DOB.String(), Phone: firstOf(p.CellPhone, p.Phone, p.SMSPhone),
		Mail: p.EMail.String(), Tags: []string{}, Kind: map[int]string{1: "prospect", 0: "patient", -1: "unknown"}[p.Prospect]}
	for _, t := range p.Tags {
		f.Tags = append(f.Tags, t.Name.String())
	}
	return f
}

func firstOf(texts ...safe.Text) string {
	for _, t := range texts {
		if !t.Empty() {
			return t.String()
		}
	}
	return ""
}

func (s *suite) peopleTag() *cobra.Command {
	var add, off string
	var all bool
	return s.command(deed{
		use: "tag <id>", short: "Put a tag on a person, or take tags off", args: cobra.ExactArgs(1),
		long: "tag puts one tag on a person (--add) or takes one off (--remove), by the tag's name or id. --remove-all takes\n" +
			"every tag off and wants --confirm with the person's id.",
		json: shape[found]("prospect", false), personal: true, writes: true, forGood: true, ids: personIDs,
		values: map[string]ids{"add": tagNames, "remove": tagNames, "confirm": argument},
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&add, "add", "", "the `tag` to put on, by name or id")
			c.Flags().StringVar(&off, "remove", "", "the `tag` to take off, by name or id")
			c.Flags().BoolVar(&all, "remove-all", false, "take every tag off")
			c.MarkFlagsOneRequired("add", "remove", "remove-all")
			c.MarkFlagsMutuallyExclusive("add", "remove", "remove-all")
		},
		do: func(r *run, args []string) error {
			t := people.Tagging{Do: people.Assign, Prospect: naturaesoft.ID(args[0])}
			switch {
			case all:
				t.Do = people.Bare
			case off != "":
				t.Do = people.Remove
			}
			if !all {
				tag, err := r.tag(add + off)
				if err != nil {
					return err
				}
				t.Tag = tag
			}
			return r.tagged(t)
		},
	})
}

func (r *run) tagged(t people.Tagging) error {
	id := string(t.Prospect)
	p, err := r.person(r.ctx, t.Prospect)
	if err != nil {
		return err
	}
	t.Find = people.Finding(p)
	if r.dry {
		return tagPerson.dryRun(r, id, t)
	}
	sure := func() error { return r.agree("Change the tags of " + id + "?") }
	if t.Do == people.Bare {
		sure = func() error { return r.typed("Every tag of "+id+" is taken off.", id) }
	}
	if err := sure(); err != nil {
		return err
	}
	if _, err := tagPerson.do(r, id, t); err != nil {
		return err
	}
	if p, err = r.to.EMR.Reread(r.ctx, p); err != nil {
		return err
	}
	return one(r, "prospect", id, foundOf(p))
}

// tag is the id of a tag by its id or name.
func (r *run) tag(name string) (naturaesoft.ID, error) {
	all, err := r.to.EMR.Tags(r.ctx)
	if err != nil {
		return "", err
	}
	for _, t := range all {
		if string(t.ID) == name || strings.EqualFold(t.Name.String(), name) {
			return t.ID, nil
		}
	}
	return "", Usage(fmt.Errorf("there is no tag %q", safe.Clean(name)))
}

func tagNames(r *run, _ []string) ([]string, error) {
	all, err := r.to.EMR.Tags(r.ctx)
	var names []string
	for _, t := range all {
		names = append(names, t.Name.String())
	}
	return names, err
}
