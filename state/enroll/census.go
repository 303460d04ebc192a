package enroll

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/golang-sql/civil"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/safe"
	"frontdesk/state/store"
)

// Known is what a census is held against.
type Known struct {
	Groups  map[anglehealth.ID]bool
	Plans   map[string]anglehealth.Plan // by name, as plan_metadata has them
	Members map[anglehealth.ID]bool     // ids that are in use
	People  map[string]bool             // hashes of who was enrolled from here, see sought
	Today   civil.Date                  // the last day that is not in the future anywhere; zero: any
}

// Census is a file of which every row was checked. Its Plans are exactly what
// will be sent, ids included; its Rejects are every other row.
type Census struct {
	Table   Table
	Mapping Mapping
	Plans   []Plan
	Rejects []Reject
}

// Reject is a row that will not be sent, and why.
type Reject struct {
	Row     Row
	Reasons []string
	Held    bool // the row itself is good, but another one of its family is not
}

// maxAsked bounds the requests a file can cause before anything is sent.
const maxAsked = 200

// Known reads what the book and the insurer know for a file: the book's groups,
// a snapshot of each other group the file names, the plans the file names, and
// all ids in use.
func (b *Book) Known(ctx context.Context, t Table, m Mapping) (Known, error) {
	k := Known{Groups: map[anglehealth.ID]bool{}, Plans: map[string]anglehealth.Plan{}, Members: map[anglehealth.ID]bool{}}
	groups, err := b.Groups(ctx)
	if err != nil {
		return k, err
	}
	for _, g := range groups {
		k.Groups[g.ID] = k.Groups[g.ID] || g.Ours || !g.Seen.IsZero()
	}
	asked := map[string]bool{}
	for _, row := range t.Rows {
		if len(asked) > maxAsked {
			return k, refuse("The file names more than %d different groups and plans. Check which column is mapped to what.", maxAsked)
		}
		id := t.group(m, row)
		if id != "" && !k.Groups[id] && !asked["group "+string(id)] {
			asked["group "+string(id)] = true
			_, err := b.Roster(ctx, id)
			if err != nil && !anglehealth.NotFound(err) {
				return k, err
			}
			k.Groups[id] = err == nil
		}
		for _, f := range []Field{FieldMedical, FieldDental} {
			name := m.cell(row, f)
			if name == "" || asked["plan "+name] {
				continue
			}
			asked["plan "+name] = true
			p, err := b.insurer.Plan(ctx, name)
			if err != nil && !anglehealth.NotFound(err) {
				return k, err
			}
			if err == nil {
				k.Plans[name] = p
			}
		}
	}
	all, err := b.Members(ctx, "")
	if err != nil {
		return k, err
	}
	for _, e := range all {
		k.Members[e.ID] = true
	}
	return k, b.db.Read(ctx, func(tx *store.Tx) error {
		k.Today = civil.DateOf(tx.Now).AddDays(1) // it is tomorrow somewhere
		k.People, err = b.enrolled(tx, "")
		return err
	})
}

// A household is the rows of one family while they are checked.
type household struct {
	rows  []Row
	wrong map[int][]string // by line
	stray bool             // a row of no family, alone
	plan  Plan
}

// Check checks every row and makes the plans. Families with a bad row are not
// sent at all: the bad rows are rejected for what is wrong with them, the others
// are held.
func Check(t Table, m Mapping, known Known) Census {
	c := Census{Table: t, Mapping: m}
	k := checker{Mapping: m, Known: known, table: t, lines: map[string]int{}, people: map[string][]sighting{}, families: map[string]*household{}}
	for _, row := range t.Rows {
		k.take(row)
	}
	for _, h := range k.all {
		if len(h.wrong) == 0 {
			name(&h.plan)
			if p := problems(h.plan); p != "" {
				h.wrong[h.rows[0].Line] = []string{p}
			}
		}
		if len(h.wrong) == 0 {
			c.Plans = append(c.Plans, h.plan)
			continue
		}
		c.Rejects = append(c.Rejects, h.rejects()...)
	}
	slices.SortFunc(c.Rejects, func(a, b Reject) int { return a.Row.Line - b.Row.Line })
	return c
}

func (h *household) rejects() []Reject {
	var bad []string
	for _, r := range h.rows {
		if len(h.wrong[r.Line]) > 0 {
			bad = append(bad, fmt.Sprint(r.Line))
		}
	}
	var all []Reject
	for _, r := range h.rows {
		reasons := h.wrong[r.Line]
		if len(reasons) > 0 {
			all = append(all, Reject{r, reasons, false})
			continue
		}
		words := "Held back, because line " + bad[0] + " of the same family is not right."
		if n := len(bad) - 1; n > 0 {
			words = "Held back, because lines " + strings.Join(bad[:n], ", ") + " and " + bad[n] + " of the same family are not right."
		}
		all = append(all, Reject{r, []string{words}, true})
	}
	return all
}

// WriteRejects writes the rejected rows as CSV: the line, the reasons, then the
// columns of the file. Cells cannot become formulas, and of social security
// numbers only the last four digits are written, since nothing seals this file.
func (c Census) WriteRejects(to io.Writer) error {
	w := csv.NewWriter(to)
	write := func(cells []string) {
		safeCells := make([]string, len(cells))
		for i, cell := range cells {
			safeCells[i] = safe.CSVCell(cell)
		}
		_ = w.Write(safeCells) // the error stays in w
	}
	write(append([]string{"line", "reason"}, c.Table.Header...))
	secret, masked := c.Mapping[FieldSSN]
	for _, r := range c.Rejects {
		cells := slices.Clone(r.Row.Cells)
		for i := range cells {
			if masked && i == secret || looksSecret.MatchString(cells[i]) {
				cells[i] = mask(cells[i])
			}
		}
		write(append([]string{fmt.Sprint(r.Row.Line), strings.Join(r.Reasons, " ")}, cells...))
	}
	w.Flush()
	return w.Error()
}

// SaveRejects writes them to a new file, for this account only. The error of a
// file that is there already is os.ErrExist.
func (c Census) SaveRejects(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(c.WriteRejects(f), f.Close())
}

func mask(cell string) string {
	var digits []rune
	for _, r := range cell {
		if r >= '0' && r <= '9' {
			digits = append(digits, r)
		}
	}
	if len(digits) < 5 {
		if cell == "" {
			return ""
		}
		return "***"
	}
	return "***-**-" + string(digits[len(digits)-4:])
}
