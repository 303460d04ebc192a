package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/clients/anglehealth"
	"frontdesk/state/enroll"
)

// rejected is a row of a census that is not sent.
type rejected struct {
	Line    int      `json:"line" head:"line"`
	Held    bool     `json:"held" head:"held"`
	Reasons []string `json:"reasons" head:"reasons"`
}

// imported is a census in the book.
type imported struct {
	Census   string         `json:"census" head:"census"`
	Rows     int            `json:"rows" head:"rows"`
	Families int            `json:"families" head:"families"`
	States   map[string]int `json:"states"`
	Rejects  []rejected     `json:"rejected" head:"rejected"`
}

func (s *suite) enrollImport() *cobra.Command {
	var maps []string
	var rejects, again, group string
	return s.command(deed{
		use: "import", short: "Enroll the families of a census file", writes: true, from: "the census: CSV with a header",
		long: "import checks every row of a census, writes the good families down and sends them. A family with a bad row is not\n" +
			"sent at all. --rejects writes the other rows with their reasons to a file; the SSNs in it are masked, so type them\n" +
			"again before you import it. What was interrupted goes on with --resume, which sends what failed again; families\n" +
			"that are there already are not.\n\n" +
			"Columns are found by their names, or named: --map first_name=Vorname. Fields: " + fieldNames() + ".",
		example: "frontdesk enroll import -F census.csv --rejects rejects.csv --dry-run", json: shape[imported]("import", false),
		values: map[string]ids{"resume": censusIDs, "group": groupIDs},
		flags: func(c *cobra.Command) {
			c.Flags().StringArrayVar(&maps, "map", nil, "a `field=column` of the header, again for each")
			c.Flags().StringVar(&group, "group", "", "the `id` of everybody's group, where no column of the file holds it")
			c.Flags().StringVar(&rejects, "rejects", "", "write rejected rows to this new `file`, their SSNs masked: type those again before you import it")
			c.Flags().StringVar(&again, "resume", "", "go on with the census of this `id`; no -F")
		},
		do: func(r *run, _ []string) error {
			e, err := r.enrolment()
			if err != nil {
				return err
			}
			if again != "" {
				if r.from != "" {
					return Usage(errors.New("--resume goes on with a census that is in the book: leave -F out"))
				}
				return r.resumeCensus(e, again)
			}
			c, err := r.census(e, maps, anglehealth.ID(group))
			if err != nil {
				return err
			}
			if rejects != "" {
				err := c.SaveRejects(rejects)
				if bad := (*fs.PathError)(nil); errors.As(err, &bad) && bad.Op == "open" {
					return Usage(fmt.Errorf("the file of --rejects, %q, cannot be made: %w", rejects, bad.Err))
				}
				if err != nil {
					return err
				}
			}
			return r.importCensus(e, c)
		},
	})
}

// censusIDs completes a census of which families are left.
func censusIDs(r *run, _ []string) ([]string, error) {
	e, err := r.enrolment()
	if err != nil {
		return nil, err
	}
	all, err := e.book.Censuses(r.ctx)
	var found []string
	for _, c := range all {
		if c.Left() > 0 {
			found = append(found, hinted(c.ID, stamp(c.Added).in(r.Profile.Zone)))
		}
	}
	return found, err
}

func fieldNames() string {
	var all []string
	for _, f := range enroll.Fields() {
		all = append(all, string(f))
	}
	return strings.Join(all, ", ")
}

// census reads and checks what -F brings.
func (r *run) census(e enrolment, maps []string, group anglehealth.ID) (enroll.Census, error) {
	if r.from == "" {
		return enroll.Census{}, Usage(errors.New("give the census with -F census.csv or -F -"))
	}
	data, err := r.input()
	if err != nil {
		return enroll.Census{}, err
	}
	t, err := enroll.Read(bytes.NewReader(data))
	if err != nil {
		return enroll.Census{}, Usage(err)
	}
	t.Group = group
	m, err := e.book.Recall(r.ctx, t.Header)
	if err != nil {
		return enroll.Census{}, err
	}
	if err := mapped(m, t.Header, maps); err != nil {
		return enroll.Census{}, err
	}
	if miss := t.Missing(m); len(miss) > 0 {
		words := fmt.Sprintf("no column holds %s: name it with --map %s=<column>", miss[0], miss[0])
		if miss[0] == enroll.FieldGroup {
			words += ", or the group of everybody with --group"
		}
		return enroll.Census{}, Usage(errors.New(words))
	}
	known, err := e.book.Known(r.ctx, t, m)
	if err != nil {
		return enroll.Census{}, err
	}
	return enroll.Check(t, m, known), e.book.Remember(r.ctx, t.Header, m)
}

// mapped puts the columns a person named into a mapping.
func mapped(m enroll.Mapping, header, maps []string) error {
	for _, s := range maps {
		field, at, err := column(s, header, enroll.Fields())
		if err != nil {
			return err
		}
		m[field] = at
	}
	return nil
}

// rejection is nil when every row of the census is good.
func (o imported) rejection() error {
	if len(o.Rejects) == 0 {
		return nil
	}
	return refused("enroll census", fmt.Sprintf("%d of %d rows are rejected: they are not sent.", len(o.Rejects), o.Rows))
}

func (r *run) importCensus(e enrolment, c enroll.Census) error {
	out := imported{Rows: len(c.Table.Rows), Families: len(c.Plans), Rejects: []rejected{}}
	for _, bad := range c.Rejects {
		out.Rejects = append(out.Rejects, rejected{bad.Row.Line, bad.Held, bad.Reasons})
	}
	if r.dry {
		w := sendCensus
		w.shown = func(sentCensus) any {
			return map[string]any{"families": plainly(c.Plans), "rejected": out.Rejects}
		}
		return errors.Join(w.dryRun(r, "", sentCensus{}), out.rejection())
	}
	if out.Families == 0 { // there is no census to be written down
		return errors.Join(one(r, "import", "", out), out.rejection())
	}
	if len(out.Rejects) > 0 && !r.yes { // else the last sentence says it
		r.say("%d of %d rows are rejected.", len(out.Rejects), out.Rows)
	}
	if err := r.agree("Enroll " + counted(out.Families, "family", "families") + "?"); err != nil {
		return err
	}
	id, err := e.book.Import(r.ctx, c)
	if err != nil {
		return err
	}
	if _, err := e.book.ReleaseAll(r.ctx, id); err != nil {
		return err
	}
	out.Census = id
	return r.sendCensus(e, out)
}

// resumeCensus goes on with a census that is in the book.
func (r *run) resumeCensus(e enrolment, census string) error {
	jobs, err := e.book.Jobs(r.ctx, census)
	if err != nil {
		return err
	}
	if len(jobs) == 0 {
		return refused("enroll census", "The book has no such census. Nothing was sent.")
	}
	left := []enroll.Plan{}
	for _, j := range jobs {
		if resumable(j) {
			left = append(left, j.Plan)
		}
	}
	if r.dry {
		w := sendCensus
		w.shown = func(sentCensus) any { return map[string]any{"families": plainly(left)} }
		return w.dryRun(r, census, sentCensus{})
	}
	if err := r.agree("Go on with this census, of which " + counted(len(left), "family is", "families are") + " to be sent?"); err != nil {
		return err
	}
	return r.sendCensus(e, imported{Census: census, Rejects: []rejected{}})
}

// sendCensus sends what is open of a census and writes how far it is.
func (r *run) sendCensus(e enrolment, out imported) error {
	jobs, err := sendCensus.do(r, out.Census, sentCensus{out.Census})
	out.States, out.Families = map[string]int{}, len(jobs)
	bad, people := 0, 0
	for _, j := range jobs {
		out.States[string(j.State)]++
		people += len(j.Hire.Members())
		if j.State == enroll.Failed || j.State == enroll.Mismatch {
			bad++
			r.say("The family of line %d: %s", j.Line, strings.TrimSpace(j.Note+" "+whatDiffers(j.Doubts)))
		}
	}
	out.Rows = max(out.Rows, people) // gone on with: the file is not here any more
	err = errors.Join(one(r, "import", out.Census, out), err)
	r.goOn(out.Census, jobs)
	if err == nil && bad > 0 {
		err = refused("enroll census", counted(bad, "family", "families")+" did not end well.")
	}
	if err == nil {
		err = out.rejection()
	}
	return err
}

// whatDiffers names what snapshots show otherwise than it was sent.
func whatDiffers(doubts []string) string {
	if len(doubts) == 0 {
		return ""
	}
	return "What differs: " + strings.Join(doubts, ", ") + "."
}

// goOn says how many families of a census are not done, and how to go on.
func (r *run) goOn(census string, jobs []enroll.Job) {
	left := enroll.Summary{States: map[enroll.State]int{}}
	for _, j := range jobs {
		left.States[j.State]++
	}
	if n := left.Left() + left.States[enroll.Failed]; n > 0 {
		r.say("%d of %d families are not done. Go on with: frontdesk enroll import --resume %s", n, len(jobs), census)
	}
}

// resumable reports a family that goes on when a person says so.
func resumable(j enroll.Job) bool {
	return j.State == enroll.Queued || j.State == enroll.Accepted || j.State == enroll.Failed
}
