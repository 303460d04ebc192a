package cli

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/desk"
)

// fate is what became of one row of a file.
type fate struct {
	Line   int    `json:"line" head:"line"`
	Result string `json:"result" head:"result"` // added, there already, refused, would be added
	ID     string `json:"id" head:"id"`
	Words  string `json:"words" head:"words"`
}

func (s *suite) peopleImport() *cobra.Command {
	var from int
	var despite bool
	return s.command(deed{
		use: "import", short: "Add the people of a CSV file", writes: true, from: "the people: CSV whose header names the EMR's fields",
		long: "import adds one person for each row, one after the other, and writes what became of each. Somebody with the same\n" +
			"e-mail or phone is there already and is not added. It stops at a row that may have landed and at a vendor that\n" +
			"does not answer; go on with --from-line.\n" + fieldHelp + strings.Join(naturaesoft.Fields(), ", ") + ".",
		json: shape[fate]("lines", true),
		flags: func(c *cobra.Command) {
			c.Flags().IntVar(&from, "from-line", 2, "the first line to add; the header is line 1")
			c.Flags().BoolVar(&despite, "despite-twins", false, "add those too whose e-mail or phone is there")
		},
		do: func(r *run, _ []string) error {
			if r.from == "" {
				return Usage(errors.New("give the people with -F people.csv or -F -"))
			}
			data, err := r.input()
			if err != nil {
				return err
			}
			rows, err := peopleFrom(data)
			if err != nil {
				return err
			}
			rows = slices.DeleteFunc(rows, func(p personRow) bool { return p.line < from })
			if !r.dry {
				if err := r.agree(fmt.Sprintf("Add %d people?", len(rows))); err != nil {
					return err
				}
			}
			return r.importPeople(rows, despite)
		},
	})
}

// personRow is one person of a file.
type personRow struct {
	line  int
	edits naturaesoft.Edits
}

// peopleFrom reads a file. Errors quote nothing of its rows.
func peopleFrom(data []byte) ([]personRow, error) {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	header, err := in.Read()
	if err != nil {
		return nil, Usage(errors.New("what -F brings is not CSV with a header"))
	}
	names := map[string]string{}
	for i := range header {
		header[i] = strings.TrimSpace(header[i])
		names[header[i]] = ""
	}
	if err := knownFields(names); err != nil {
		return nil, err
	}
	var rows []personRow
	for {
		cells, err := in.Read()
		if len(cells) == 0 {
			return rows, nil
		}
		at, _ := in.FieldPos(0)
		if err != nil {
			return nil, Usage(fmt.Errorf("line %d of what -F brings has not as many columns as its header, or a quote out of place", at))
		}
		row := personRow{at, naturaesoft.Edits{"Prospect": "1"}}
		for i, name := range header {
			if cells[i] != "" {
				row.edits[name] = cells[i]
			}
		}
		rows = append(rows, row)
	}
}

// importPeople adds row after row and writes what became of them, however it
// ends.
func (r *run) importPeople(rows []personRow, despite bool) error {
	var out []fate
	var stop error
	bad := 0
	for i, row := range rows {
		r.progress("%d of %d", i+1, len(rows))
		l, err := r.importOne(row, despite)
		out = append(out, l)
		if l.Result == "refused" {
			bad++
		}
		if err != nil {
			stop = err
			break
		}
	}
	r.over()
	err := errors.Join(list(r, "lines", out), stop)
	if err == nil && bad > 0 {
		err = rest.Refusal(emrName, createPerson.op, rest.KindValidation, fmt.Sprintf("%d of %d people were not added.", bad, len(rows)))
	}
	return err
}

// importOne adds one person. An error is what ends the import.
func (r *run) importOne(row personRow, despite bool) (fate, error) {
	l := fate{Line: row.line, Result: "added"}
	fail := func(err error) (fate, error) {
		l.Result, l.Words = "refused", strings.ReplaceAll(Sentence(err), "\n", " ")
		if maybe(err) {
			l.Result = "UNKNOWN"
		}
		if ExitCode(err) == exitRefused {
			return l, nil // it is about this person
		}
		return l, err
	}
	if !despite {
		err := r.twins(row.edits)
		var no *rest.Error
		if errors.As(err, &no) && no.Kind == rest.KindConflict {
			l.Result, l.Words = "there already", Sentence(err)
			return l, nil
		}
		if err != nil {
			return fail(err)
		}
	}
	if r.dry {
		l.Result = "would be added"
		return l, nil
	}
	p, err := createPerson.do(r, "", newPerson{row.edits})
	l.ID = string(p.ID)
	if ended(err).State == desk.Done {
		return l, nil
	}
	return fail(err)
}

func (s *suite) peopleExport() *cobra.Command {
	var everybody bool
	return s.command(deed{
		use: "export [word]", short: "Write people as CSV, with everything the EMR has of them", args: cobra.MaximumNArgs(1),
		long: "export writes CSV with a column for every field of the EMR, nothing masked. It goes on the audit trail before the\n" +
			"first row is written. No cell is a formula to a spreadsheet.", from: "the word to search for",
		flags: func(c *cobra.Command) {
			c.Flags().BoolVar(&everybody, "patients", false, "patients too, not prospects alone")
		},
		do: func(r *run, args []string) error {
			word, err := r.words(args)
			if err != nil {
				return err
			}
			if err := r.desk.Audit.Append(r.ctx, desk.Event{Op: "export", Outcome: "done"}); err != nil {
				return err
			}
			names := slices.DeleteFunc(naturaesoft.Fields(), func(name string) bool { return name == "PtImg" })
			out := csv.NewWriter(r.out)
			_ = out.Write(append([]string{"ProspectID"}, names...)) // told by Error below
			whole, err := r.everybody(r.ctx, naturaesoft.ProspectQuery{Search: word, Patients: everybody}, func(p naturaesoft.Prospect) bool {
				cells := []string{string(p.ID)}
				for _, name := range names {
					cells = append(cells, safe.CSVCell(fieldOf(p, name)))
				}
				return out.Write(cells) != nil
			})
			r.over()
			out.Flush()
			if err == nil && !whole && out.Error() == nil {
				r.say("The list goes on; not everybody was written.")
			}
			return errors.Join(err, out.Error())
		},
	})
}
