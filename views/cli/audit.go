package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-sql/civil"
	"github.com/spf13/cobra"

	"frontdesk/state/desk"
)

// deedDone is a line of the trail. Record is not the id itself but what the
// clinic's key makes of it.
type deedDone struct {
	Seq     int64  `json:"seq"`
	At      moment `json:"at" head:"at"`
	Who     string `json:"who" head:"who"`
	TTY     string `json:"tty"`
	Vendor  string `json:"vendor" head:"vendor"`
	Op      string `json:"operation" head:"operation"`
	Record  string `json:"record" head:"record"`
	Outcome string `json:"outcome" head:"outcome"`
}

func (s *suite) audit() *cobra.Command {
	return group("audit", "The trail of what was done from this account",
		"frontdesk audit show --from today\nfrontdesk audit verify", s.auditShow(), s.auditExport(), s.auditVerify())
}

// trailing are the flags that choose lines of the trail.
type trailing struct {
	from, to string
	last     int
}

func (t *trailing) flags(c *cobra.Command) {
	c.Flags().StringVar(&t.from, "from", "", "the first `day`: YYYY-MM-DD, today or -3")
	c.Flags().StringVar(&t.to, "to", "", "the last `day`: YYYY-MM-DD, today or -3")
	c.Flags().IntVar(&t.last, "last", 0, "only the last lines, this `number` of them; 0: all")
}

// lines reads the trail.
func (t *trailing) lines(r *run) ([]desk.Line, error) {
	q := desk.Search{Last: t.last}
	today := civil.DateOf(time.Now().In(r.Profile.Zone))
	for _, at := range []struct {
		text string
		to   *time.Time
		more int
	}{{t.from, &q.From, 0}, {t.to, &q.To, 1}} {
		if at.text == "" {
			continue
		}
		d, err := day(at.text, today)
		if err != nil {
			return nil, err
		}
		*at.to = d.AddDays(at.more).In(r.Profile.Zone)
	}
	return r.desk.Audit.Read(r.ctx, q)
}

func (s *suite) auditShow() *cobra.Command {
	var t trailing
	return s.command(deed{
		use: "show", short: "Write the trail", json: shape[deedDone]("audit", true), flags: t.flags, quiet: true,
		long: "show writes what was done from this account, the oldest first. Records are named by what the clinic's key makes\n" +
			"of their ids: the same id is the same word, and the word tells nobody the id.",
		do: func(r *run, _ []string) error {
			lines, err := t.lines(r)
			if err != nil {
				return err
			}
			var rows []deedDone
			for _, l := range lines {
				rows = append(rows, deedDone{l.Seq, moment(l.T), l.User + "@" + l.Host, l.TTY, l.Vendor, l.Op, l.Record[:min(8, len(l.Record))], l.Outcome})
			}
			return list(r, "audit", rows)
		},
	})
}

func (s *suite) auditExport() *cobra.Command {
	var t trailing
	return s.command(deed{
		use: "export", short: "Write the trail as CSV, with the hashes that verify reads", flags: t.flags, quiet: true,
		do: func(r *run, _ []string) error {
			lines, err := t.lines(r)
			if err != nil {
				return err
			}
			return desk.WriteCSV(r.out, lines)
		},
	})
}

func (s *suite) auditVerify() *cobra.Command {
	type report struct {
		Lines int  `json:"lines" head:"lines"`
		Whole bool `json:"whole" head:"whole"`
	}
	return s.command(deed{
		use: "verify", short: "Name the first line that is not as it was written", json: shape[report]("audit", false), quiet: true,
		long: "verify reads the whole trail. It ends with 1 when a line was changed, removed, reordered, inserted or cut off, and\n" +
			"names the first one.",
		do: func(r *run, _ []string) error {
			if r.Head == nil {
				r.say("The trail is compared with its own database alone: no end of it is kept in a keyring, or the vault is closed.")
			}
			found, err := r.desk.Audit.Verify(r.ctx)
			if err != nil {
				return err
			}
			if found.Bad != nil {
				return errors.Join(one(r, "audit", "", report{found.Lines, false}), &brokenTrail{*found.Bad})
			}
			if r.json {
				return one(r, "audit", "", report{found.Lines, true})
			}
			_, err = fmt.Fprintf(r.out, "%s, none changed, removed, reordered, inserted or cut off.\n", counted(found.Lines, "line", "lines"))
			return err
		},
	})
}

type brokenTrail struct{ bad desk.Bad }

func (e *brokenTrail) Error() string { return e.bad.String() }

// UserMessage names the line.
func (e *brokenTrail) UserMessage() string { return "The audit trail is not whole: " + e.bad.String() }
