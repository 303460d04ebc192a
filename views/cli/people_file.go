package cli

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/golang-sql/civil"
	"github.com/spf13/cobra"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/clients/updox"
	"frontdesk/state/booking"
	"frontdesk/state/desk"
	"frontdesk/state/people"
	"frontdesk/state/store"
)

// fate is what became of one row of a file.
type fate struct {
	Line   int    `json:"line" head:"line"`
	Result string `json:"result" head:"result"` // created, refused, not sent, UNKNOWN, would be created
	Words  string `json:"words" head:"words"`
}

// bringing is a file of people, as the outbox keeps it: what became of its rows
// stands in a journal of its own.
type bringing struct {
	Sum  string
	rows []people.Row
	into *people.Import
}

var importFile = write[bringing, people.Outcome]{
	vendor: emrName, op: "import prospects by command", route: "for each row POST /v1/{PPass}/prospects",
	send: func(ctx context.Context, r *run, b bringing) (people.Outcome, error) {
		if b.into == nil {
			return people.Outcome{}, rest.Refusal(emrName, "import prospects", rest.KindValidation,
				"The rows of this file were not kept. Run frontdesk prospects import with the same file: it goes on where it stopped.")
		}
		defer r.over()
		in := people.Intake{EMR: r.to.EMR, Import: b.into, Said: func(t people.Tally) {
			r.progress("%d created, %d refused, %d left", t.Created, t.Refused, t.Left)
		}}
		out := in.Run(ctx, b.rows)
		if out.Unknown > 0 {
			return out, errors.Join(&unclearRows{out.Unknown}, out.Stopped)
		}
		return out, out.Stopped
	},
	back: func(ctx context.Context, r *run, b bringing, _ time.Time) (desk.Finding, error) {
		into, err := r.intake(ctx, b.Sum)
		if err != nil {
			return desk.CannotTell, err
		}
		n := 0
		for _, s := range into.States() {
			if s == people.Sending {
				n++
			}
		}
		if n > 0 {
			return desk.CannotTell, &unclearRows{n}
		}
		return desk.Landed, nil // what was not sent goes when the file is imported again
	},
}

// intake is the journal of a file's rows.
func (r *run) intake(ctx context.Context, sum string) (*people.Import, error) {
	db, err := r.database(store.Options{Path: PeopleFile(r.Ledger), Group: r.Profile.LedgerGroup, Migrations: people.Migrations})
	if err != nil {
		return nil, err
	}
	return people.Open(db, booking.Here().User).Import(ctx, sum)
}

// unclearRows tells that rows of a file may have landed.
type unclearRows struct{ n int }

func (e *unclearRows) Error() string { return "rows of an import may have landed" }

// UserMessage says how to find out.
func (e *unclearRows) UserMessage() string {
	return counted(e.n, "row", "rows") + " may have landed. Run the import again with the same file: it looks for them before it sends anything."
}

// PeopleFile is the database of what was decided about people, beside a ledger.
func PeopleFile(ledger string) string {
	return strings.TrimSuffix(ledger, filepath.Ext(ledger)) + "-people.db"
}

func (s *suite) peopleImport() *cobra.Command {
	var despite bool
	var named []string
	return s.command(deed{
		use: "import", short: "Add the people of a CSV file", writes: true, from: "the people: CSV with a header",
		long: "import adds one person for each good row and writes what became of each. Rows of people who seem to be there are\n" +
			"left out. A file that was interrupted goes on where it stopped when it is imported again.\n\n" +
			"Columns are found by their names, or named: --map EMail=Mail. " + fieldHelp + strings.Join(people.Targets(), ", ") + ".",
		json: shape[fate]("lines", true),
		flags: func(c *cobra.Command) {
			c.Flags().StringArrayVar(&named, "map", nil, "a `field=column` of the header, again for each")
			c.Flags().BoolVar(&despite, "despite-twins", false, "add those too who seem to be there")
		},
		do: func(r *run, _ []string) error {
			if r.from == "" {
				return Usage(errors.New("give the people with -F people.csv or -F -"))
			}
			data, err := r.input()
			if err != nil {
				return err
			}
			f, err := people.ReadFile(data)
			if err != nil {
				return Usage(errors.New(Sentence(err)))
			}
			m, err := r.columns(f.Header, named)
			if err != nil {
				return err
			}
			return r.importPeople(f, m, despite)
		},
	})
}

// column is what --map names: a field, and the place of its column.
func column[F ~string](given string, header []string, fields []F) (F, int, error) {
	field, name, _ := strings.Cut(given, "=")
	at := slices.IndexFunc(header, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), strings.TrimSpace(name)) })
	if at < 0 || !slices.Contains(fields, F(field)) {
		return "", 0, Usage(errors.New("--map wants field=column with a field of --help and a column of the header"))
	}
	return F(field), at, nil
}

// columns are what each column of a file fills.
func (r *run) columns(header, named []string) (people.Mapping, error) {
	m := people.Guess(header)
	for _, s := range named {
		field, at, err := column(s, header, people.Targets())
		if err != nil {
			return nil, err
		}
		m[at] = field
	}
	if twice := m.Twice(); twice != "" {
		return nil, Usage(fmt.Errorf("two columns fill %s: name one with --map", twice))
	}
	for i, field := range m {
		if field == "" {
			r.say("The column %q is left out.", safe.Clean(header[i]))
		}
	}
	return m, nil
}

// importPeople checks every row, asks, sends and writes what became of each.
func (r *run) importPeople(f people.File, m people.Mapping, despite bool) error {
	into, err := r.intake(r.ctx, f.Sum)
	if err != nil {
		return err
	}
	rows, err := r.plan(f, m, into)
	if err != nil {
		return err
	}
	fates := map[int]fate{}
	send := slices.DeleteFunc(rows, func(row people.Row) bool {
		words := ""
		for _, bad := range row.Faults {
			words = strings.TrimSpace(words + " " + bad.Column + ": " + bad.Words)
		}
		if words == "" && row.Like != nil && !despite && into.States()[row.Line] == "" {
			words = cmp.Or(string(row.Like.Person.ID), fmt.Sprintf("line %d", row.LikeOf))
			words = "Seems to be there: " + words + " (" + row.Like.Words() + ")"
		}
		if words != "" {
			fates[row.Line] = fate{row.Line, "not sent", words}
		}
		return words != ""
	})
	if r.dry {
		for _, row := range send {
			fates[row.Line] = fate{row.Line, "would be created", ""}
		}
		r.say("Nothing was sent.")
		return r.fates(fates, nil)
	}
	if err := r.agree("Add " + counted(len(send), "person", "people") + "?"); err != nil {
		return err
	}
	out, err := importFile.do(r, "", bringing{f.Sum, send, into})
	for _, row := range send {
		fates[row.Line] = fate{row.Line, word(out.States[row.Line]), out.Problems[row.Line]}
	}
	return r.fates(fates, err)
}

// word is the state of a row in the list.
func word(s people.State) string {
	switch s {
	case people.Sending:
		return "UNKNOWN"
	case "", people.NotThere:
		return "not sent"
	}
	return string(s)
}

// plan is what is to be sent, checked against everybody who is there.
func (r *run) plan(f people.File, m people.Mapping, into *people.Import) ([]people.Row, error) {
	rules := people.Rules{Today: civil.DateOf(time.Now().In(r.Profile.Zone)), States: map[string]string{}, Code: into.Code, Who: booking.Here().String()}
	for _, s := range updox.States() {
		rules.States[people.Fold(s.Code)], rules.States[people.Fold(s.Name)] = s.Code, s.Code
	}
	providers, err := r.to.EMR.Providers(r.ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range providers {
		rules.Providers = append(rules.Providers, p.ID)
	}
	rows := people.Plan(f, m, rules)
	all, err := people.Everybody(r.ctx, r.to.EMR, func(read, total int) { r.progress("%d people read", read) })
	r.over()
	if err != nil {
		return nil, err
	}
	there := people.NewIndex(nil)
	for _, p := range all {
		if !slices.Contains(into.IDs(), p.ID) { // this very file's are no duplicates of it
			there.Add(p)
		}
	}
	people.Flag(rows, there)
	return rows, nil
}

// fates writes what became of the rows, however it ended.
func (r *run) fates(all map[int]fate, err error) error {
	var rows []fate
	left := 0
	for _, n := range slices.Sorted(maps.Keys(all)) {
		rows = append(rows, all[n])
		if !slices.Contains([]string{"created", "would be created"}, all[n].Result) {
			left++
		}
	}
	err = errors.Join(list(r, "lines", rows), err)
	if err == nil && left > 0 {
		err = rest.Refusal(emrName, "import prospects", rest.KindValidation, fmt.Sprintf("%d of %d rows were not added.", left, len(rows)))
	}
	return err
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
