package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/people"
)

// found is a person in a list.
type found struct {
	ID    string   `json:"id" head:"id"`
	Name  string   `json:"name" head:"name"`
	Born  string   `json:"dob" head:"born" mask:"birth"`
	Phone string   `json:"phone" head:"phone" mask:"phone"`
	Mail  string   `json:"email" head:"e-mail" mask:"mail"`
	Kind  string   `json:"kind" head:"kind"`
	Tags  []string `json:"tags" head:"tags"`
}

func (s *suite) prospects() *cobra.Command {
	return group("prospects", "Find, add and change people, and their tags",
		"frontdesk prospects search -F - < word.txt\nfrontdesk prospects update 1042 -F fields.txt --dry-run\nfrontdesk prospects tag 1042 --add 'Wait list' --yes",
		s.peopleSearch(), s.peopleShow(), s.peopleCreate(), s.peopleUpdate(), s.peopleTag(), s.peopleImport(), s.peopleExport())
}

func (s *suite) peopleSearch() *cobra.Command {
	var everybody bool
	var limit int
	return s.command(deed{
		use: "search [word]", short: "Find people by name, phone or e-mail", args: cobra.MaximumNArgs(1),
		long: "search finds people by name, phone or e-mail. Others on this machine can see arguments: hand the word over\n" +
			"with -F - where that matters.",
		example: "frontdesk prospects search -F - --json",
		json:    shape[found]("prospects", true), personal: true, from: "the word",
		flags: func(c *cobra.Command) {
			c.Flags().BoolVar(&everybody, "patients", false, "among patients too, not prospects alone")
			c.Flags().IntVar(&limit, "limit", 50, "a `number` of people that is enough; 0: all")
		},
		do: func(r *run, args []string) error {
			word, err := r.words(args)
			if err != nil {
				return err
			}
			if word == "" && r.tty && r.from == "" {
				if word, err = r.ask("Name, phone or e-mail", ": ", "the word with -F -"); err != nil {
					return err
				}
			}
			all, err := r.seek(word, everybody, limit)
			r.over()
			if err != nil {
				return err
			}
			var rows []found
			for _, p := range all {
				rows = append(rows, foundOf(p))
			}
			r.limited(len(rows), limit)
			return list(r, "prospects", rows)
		},
	})
}

// seek finds people, a number in all its spellings.
func (r *run) seek(word string, patients bool, limit int) (all []naturaesoft.Prospect, err error) {
	enough := func() bool { return limit > 0 && len(all) >= limit }
	if word == "" {
		_, err = r.everybody(r.ctx, naturaesoft.ProspectQuery{Patients: patients}, func(p naturaesoft.Prospect) bool {
			all = append(all, p)
			return enough()
		})
		return all, err
	}
	all, more, err := people.Search(r.ctx, r.to.EMR, word, patients)
	for n := 2; err == nil && more && !enough() && n <= peoplePages; n++ {
		var page naturaesoft.Page[naturaesoft.Prospect]
		page, err = people.More(r.ctx, r.to.EMR, word, n, patients)
		before := len(all)
		for _, p := range page.Items {
			if !slices.ContainsFunc(all, func(have naturaesoft.Prospect) bool { return have.ID == p.ID }) {
				all = append(all, p)
			}
		}
		more = page.More && len(all) > before
	}
	if enough() {
		all = all[:limit]
	}
	return all, err
}

// masked tells how a field of a person is hidden.
var masked = map[string]string{"DOB": "birth", "Phone": "phone", "CellPhone": "phone", "SMSPhone": "phone", "EMail": "mail"}

// peopleShow writes every field the vendor has for a person: the names are the
// vendor's, so that what is shown can be sent back with update.
func (s *suite) peopleShow() *cobra.Command {
	return s.command(deed{
		use: "show <id>", short: "Everything the EMR has of one person", args: cobra.ExactArgs(1), personal: true,
		long: "show writes the EMR's own fields of one person, by the names that update takes. The EMR cannot read one person,\n" +
			"so its list is gone through.",
		json: shape[whole]("prospect", false), ids: personIDs,
		do: func(r *run, args []string) error {
			p, err := r.person(r.ctx, naturaesoft.ID(args[0]))
			if err != nil {
				return err
			}
			return r.showPerson(p)
		},
	})
}

// label is a name and what it holds.
type label struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// whole is a person by the EMR's own names.
type whole struct {
	ID     string            `json:"id"`
	Fields map[string]string `json:"fields"`
	Tags   []label           `json:"tags"`
}

// personIDs completes a person, from the first page: no names on a command
// line.
func personIDs(r *run, args []string) ([]string, error) {
	if len(args) > 0 {
		return nil, nil
	}
	page, err := r.to.EMR.Prospects(r.ctx, naturaesoft.ProspectQuery{Page: 1, Limit: 100})
	var ids []string
	for _, p := range page.Items {
		ids = append(ids, string(p.ID))
	}
	return ids, err
}

// somebody completes a flag that names a person.
func somebody(r *run, _ []string) ([]string, error) { return personIDs(r, nil) }

// showPerson writes a person's fields, covered unless they are to be revealed.
func (r *run) showPerson(p naturaesoft.Prospect) error {
	if r.reveal {
		if err := r.revealed(string(p.ID)); err != nil {
			return err
		}
	}
	values := map[string]string{}
	tags := []label{}
	for _, t := range p.Tags {
		tags = append(tags, label{string(t.ID), t.Name.String()})
	}
	for _, name := range naturaesoft.Fields() {
		value := p.Value(name).String()
		if name == "Notes" {
			value = p.Notes.String()
		}
		if how := masked[name]; how != "" && value != "" && !r.reveal {
			value = masks[how](value)
		}
		if value != "" {
			values[name] = value
		}
	}
	if r.json {
		return wrapJSON(r.out, "prospect", whole{string(p.ID), values, tags}, !r.reveal)
	}
	return r.fieldLines(string(p.ID), values, tags, p.TagsKnown)
}

func (r *run) fieldLines(id string, values map[string]string, tags []label, known bool) error {
	var b strings.Builder
	const wide = 17
	fmt.Fprintf(&b, "%-*s%s\n", wide, "ID:", id)
	for _, name := range naturaesoft.Fields() {
		if v := values[name]; v != "" && name != "Notes" {
			fmt.Fprintf(&b, "%-*s%s\n", wide, name+":", oneLine(v))
		}
	}
	names := []string{"unknown"}
	if known {
		names = nil
		for _, t := range tags {
			names = append(names, t.Name)
		}
	}
	fmt.Fprintf(&b, "%-*s%s\n", wide, "Tags:", strings.Join(names, ", "))
	if notes := values["Notes"]; notes != "" {
		b.WriteString("\nNotes:\n  " + strings.ReplaceAll(notes, "\n", "\n  ") + "\n")
	}
	_, err := fmt.Fprint(r.paper(), b.String())
	return err
}

const fieldHelp = "Fields are the EMR's own: "

func setFlag(sets *[]string) func(*cobra.Command) {
	return func(c *cobra.Command) {
		c.Flags().StringArrayVar(sets, "set", nil, "a field as `Name=value`, again for each; others on this machine can see arguments: prefer -F -")
	}
}

func (s *suite) peopleCreate() *cobra.Command {
	var sets []string
	var despite bool
	return s.command(deed{
		use: "create", short: "Add a person",
		long: "create adds a person to the EMR. It looks first whether somebody with the same e-mail or phone is there.\n" +
			fieldHelp + strings.Join(naturaesoft.Fields(), ", ") + ".",
		example: "printf 'FirstName=Ann\\nLastName=Sample\\nEMail=ann@example.com\\n' | frontdesk prospects create -F - --yes",
		json:    shape[found]("prospect", false), personal: true, writes: true, from: "fields as JSON or Name=value lines",
		flags: func(c *cobra.Command) {
			setFlag(&sets)(c)
			c.Flags().BoolVar(&despite, "despite-twins", false, "add them although somebody has the same e-mail or phone")
		},
		do: func(r *run, _ []string) error {
			edits, err := r.values(sets)
			if err != nil {
				return err
			}
			if _, ok := edits["Prospect"]; !ok {
				edits["Prospect"] = "1"
			}
			if err := knownFields(edits); err != nil {
				return err
			}
			if !despite {
				if err := r.twins(edits); err != nil {
					return err
				}
			}
			n := people.New{Edits: edits}
			if r.dry {
				return createPerson.dryRun(r, "", n)
			}
			if err := r.agree("Add " + strings.TrimSpace(edits["FirstName"]+" "+edits["LastName"]) + "?"); err != nil {
				return err
			}
			p, err := createPerson.do(r, "", n)
			if err != nil {
				return err
			}
			return one(r, "prospect", string(p.ID), foundOf(p))
		},
	})
}

// knownFields refuses names the EMR does not have, before anything is asked.
func knownFields(edits map[string]string) error {
	for name := range edits {
		if !slices.Contains(naturaesoft.Fields(), name) {
			return Usage(fmt.Errorf("the EMR has no field %q: see --help for the names", safe.Clean(name)))
		}
	}
	return nil
}

// twins refuses somebody who seems to be there already.
func (r *run) twins(edits map[string]string) error {
	found, err := people.Twins(r.ctx, r.to.EMR, people.Typed(edits))
	if err != nil || len(found) == 0 || found[0].Score < people.Likely {
		return err
	}
	return rest.Refusal(emrName, createPerson.op, rest.KindConflict, fmt.Sprintf(
		"Somebody like that is there already: %s (%s). Nothing was sent. Add them all the same with --despite-twins.", found[0].Person.ID, found[0].Words()))
}

func (s *suite) peopleUpdate() *cobra.Command {
	var sets []string
	return s.command(deed{
		use: "update <id>", short: "Change fields of a person", args: cobra.ExactArgs(1),
		long: "update changes fields of one person; an empty value clears one. What was not named stays: every documented\n" +
			"field is sent back as it was read, and afterwards the person is read again to tell whether the EMR lost any.\n" +
			fieldHelp + strings.Join(naturaesoft.Fields(), ", ") + ".",
		example: "echo City=Hartford | frontdesk prospects update 1042 -F - --dry-run",
		json:    shape[whole]("prospect", false), personal: true, writes: true, ids: personIDs,
		from: "fields as JSON or Name=value lines", flags: setFlag(&sets),
		do: func(r *run, args []string) error {
			edits, err := r.values(sets)
			if err != nil {
				return err
			}
			if err := knownFields(edits); err != nil {
				return err
			}
			p, err := r.person(r.ctx, naturaesoft.ID(args[0]))
			if err != nil {
				return err
			}
			c := people.NewChange(p, edits)
			if r.dry {
				return updatePerson.dryRun(r, args[0], c)
			}
			if err := r.agree("Change " + counted(len(edits), "field", "fields") + " of " + args[0] + "?"); err != nil {
				return err
			}
			saved, err := updatePerson.do(r, args[0], c)
			switch {
			case err != nil:
				return err
			case len(saved.Vanished) > 0:
				return &emptied{saved.Vanished}
			case saved.Unread != nil:
				r.say("It was saved; the person could not be read again.")
				return saved.Unread
			}
			return r.showPerson(saved.Row)
		},
	})
}

// emptied tells that the EMR lost what was not edited.
type emptied struct{ fields []string }

func (e *emptied) Error() string { return "the vendor emptied fields that were not edited" }

// UserMessage says which, and to stop.
func (e *emptied) UserMessage() string {
	return "The change was saved, but the EMR emptied fields that were not edited: " + strings.Join(e.fields, ", ") +
		". Change no more people before somebody has looked into it."
}
