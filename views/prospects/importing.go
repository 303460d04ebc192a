package prospects

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
	"frontdesk/state/people"
	"frontdesk/ui"
)

// fileLimit is the size of a file that is read whole.
const fileLimit = 64 << 20

// bringing is an import, as the outbox keeps it: where the file is and what was
// agreed, never a row of it.
type bringing struct {
	Path, Sum, Who string
	Mapping        people.Mapping
	Leave          []int // lines a person left out

	rows     []people.Row // of this session
	journal  *people.Import
	progress *progress
}

// progress is told by the run and read by the screen.
type progress struct {
	tally atomic.Pointer[people.Tally]
	halt  atomic.Bool
}

// opened is a file that was read, with its journal and who is there already.
type opened struct {
	path    string
	file    people.File
	journal *people.Import
	states  map[int]people.State
	there   *people.Index
	unsure  error // everybody could not be read: duplicates are not flagged
}

func readFile(path string) (people.File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return people.File{}, fileFault("There is no file " + cleaned(path) + " that can be read from here.")
	case !info.Mode().IsRegular():
		return people.File{}, fileFault(cleaned(path) + " is not a file.")
	case info.Size() > fileLimit:
		return people.File{}, fileFault("The file is larger than 64 MB. Cut it into smaller ones.")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return people.File{}, fileFault("The file " + cleaned(path) + " cannot be read: is it open to this account?")
	}
	return people.ReadFile(data)
}

// fileFault is a sentence about a file.
type fileFault string

func (e fileFault) Error() string       { return "file" }
func (e fileFault) UserMessage() string { return string(e) }

var errNoBook = fileFault("An import needs a place to note what was sent, and this desk has none that can be written.")

// openFile reads a file, its journal, and everybody who is there.
func openFile(ctx ctx, path string, emr EMR, open func(ctx) (*people.Book, error)) (opened, error) {
	file, err := readFile(path)
	if err != nil {
		return opened{}, err
	}
	if open == nil {
		return opened{}, errNoBook
	}
	book, err := open(ctx)
	if err != nil {
		return opened{}, err
	}
	journal, err := book.Import(ctx, file.Sum)
	if err != nil {
		return opened{}, err
	}
	out := opened{path: path, file: file, journal: journal, states: journal.States(), there: people.NewIndex(nil)}
	all, err := people.Everybody(ctx, emr, nil)
	out.unsure = err
	// Rows this very file created are no duplicates of it.
	mine := map[id]bool{}
	for _, i := range journal.IDs() {
		mine[i] = true
	}
	for _, p := range all {
		if !mine[p.ID] {
			out.there.Add(p)
		}
	}
	return out, ctx.Err()
}

// rules are what the rows of a file are checked by.
func rules(v *View, code, who string) people.Rules {
	r := people.Rules{Today: civil.DateOf(v.env.PracticeNow()), States: stateCodes(), Code: code, Who: who}
	for _, p := range v.providers {
		r.Providers = append(r.Providers, p.ID)
	}
	return r
}

// newBringer sends imports.
func newBringer(v *View) *ui.Sender[bringing, people.Outcome] {
	emr, open, settle := v.emr, v.opt.Book, v.opt.Settle
	again := func(ctx ctx, b bringing) (bringing, error) { return b.reopen(ctx, open, v.env.Zone) }
	return ui.NewSender(v.env, ui.Write[bringing, people.Outcome]{
		Vendor: emrName, Op: "import prospects", Words: "import people",
		Send: func(ctx ctx, b bringing) (people.Outcome, error) {
			if b.journal == nil {
				var err error
				if b, err = again(ctx, b); err != nil {
					return people.Outcome{}, err
				}
			}
			in := people.Intake{EMR: emr, Import: b.journal, Settle: settle,
				Said: func(t people.Tally) { b.progress.tally.Store(&t) }, Halt: b.progress.halt.Load}
			out := in.Run(ctx, b.rows)
			return out, out.Stopped
		},
		// A row's answer may be lost as well as the whole run's; both are found
		// out row by row, and the file goes on where it broke off.
		ReadBack: func(ctx ctx, b bringing, _ time.Time) (ui.Landing, error) {
			b, err := again(ctx, b)
			if err != nil {
				return ui.CannotTell, err
			}
			in := people.Intake{EMR: emr, Import: b.journal, Settle: settle}
			settled, err := in.LookBack(ctx, b.rows)
			if err != nil || !settled {
				return ui.CannotTell, err
			}
			return ui.Reopened, nil
		},
	})
}

// reopen makes an import of an earlier session whole again from its file.
func (b bringing) reopen(ctx context.Context, open func(ctx) (*people.Book, error), zone *time.Location) (bringing, error) {
	file, err := readFile(b.Path)
	if err != nil {
		return b, err
	}
	if file.Sum != b.Sum {
		return b, fileFault("The file " + cleaned(b.Path) + " has changed since its import began, so it cannot go on. Put the old file back, or import the new one as its own.")
	}
	if open == nil {
		return b, errNoBook
	}
	book, err := open(ctx)
	if err != nil {
		return b, err
	}
	if b.journal, err = book.Import(ctx, b.Sum); err != nil {
		return b, err
	}
	r := people.Rules{Today: civil.DateOf(time.Now().In(zone)), States: stateCodes(), Code: b.journal.Code, Who: b.Who}
	b.rows = slices.DeleteFunc(people.Plan(file, b.Mapping, r), func(row people.Row) bool {
		return !row.Good() || slices.Contains(b.Leave, row.Line)
	})
	b.progress = new(progress)
	return b, nil
}

// saveRejects writes what was not created, as it stood in the file, with the
// reason beside it.
func saveRejects(dir, code string, f people.File, why map[int]string) tea.Cmd {
	name := filepath.Join(dir, "rejects-"+code+".csv")
	return func() tea.Msg {
		err := writeCSV(name, append(slices.Clone(f.Header), "line", "problem"), func(put func([]string) error) error {
			for _, line := range f.Rows {
				words, ok := why[line.Number]
				if !ok {
					continue
				}
				cells := make([]string, len(f.Header), len(f.Header)+2)
				copy(cells, line.Cells)
				if err := put(append(cells, fmt.Sprint(line.Number), words)); err != nil {
					return err
				}
			}
			return nil
		})
		return rejectsMsg{name, len(why), err}
	}
}

type rejectsMsg struct {
	path string
	n    int
	err  error
}

// stopped says why an import ended before its end.
func stopped(err error) string {
	if errors.Is(err, context.Canceled) {
		return "It was stopped. y goes on where it stopped."
	}
	return rest.UserMessage(err) + " y goes on where it stopped."
}
