package people

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

// State is what is known of one row of an import.
type State string

// The states. A row without one was never sent.
const (
	Sending  State = "sending"  // sent, or about to be; the answer is not known
	Done     State = "created"  // it is in the EMR
	Refused  State = "refused"  // the EMR said no
	NotThere State = "notthere" // sent once, looked for and not found: may be sent again
)

// mark is what is known of one row, and since when.
type mark struct {
	State State
	ID    naturaesoft.ID
	At    time.Time
}

// Import is a file being taken in, as far as it got. It is used by one goroutine
// at a time.
type Import struct {
	Code  string // of the coded line in the notes
	book  *Book
	marks map[int]mark
}

// Import opens the journal of a file by the sum of its content. A file that was
// begun before goes on where it broke off.
func (b *Book) Import(ctx context.Context, sum string) (*Import, error) {
	im := &Import{book: b, marks: map[int]mark{}}
	err := b.db.Write(ctx, func(tx *store.Tx) error {
		err := tx.One("SELECT id FROM import WHERE sum = ?", []any{sum}, &im.Code)
		if errors.Is(err, sql.ErrNoRows) {
			im.Code = newCode()
			_, err = tx.Exec("INSERT INTO import (id, sum, who, at) VALUES (?, ?, ?, ?)", im.Code, sum, b.who, tx.Now.UnixMilli())
			return err
		}
		if err != nil {
			return err
		}
		return tx.Query(func(scan func(...any) error) error {
			var line int
			var at int64
			var m mark
			err := scan(&line, &m.State, &m.ID, &at)
			m.At = time.UnixMilli(at)
			im.marks[line] = m
			return err
		}, "SELECT line, state, id, at FROM import_row WHERE import = ?", im.Code)
	})
	return im, err
}

// newCode is a short name no other import has.
func newCode() string {
	return "I" + strings.ToUpper(strings.ReplaceAll(uuid.NewString(), "-", "")[:7])
}

// errMoved tells that another desk is at the same file and has moved this row.
var errMoved = errors.New("another desk moved this row")

// States are what is known of every line.
func (im *Import) States() map[int]State {
	out := map[int]State{}
	for line, m := range im.marks {
		out[line] = m.State
	}
	return out
}

// set writes down what is known of a row; it is on the disk when it returns. A
// row another desk has moved meanwhile is left as it is there: errMoved.
func (im *Import) set(ctx context.Context, line int, s State, id naturaesoft.ID) error {
	return im.book.db.Write(ctx, func(tx *store.Tx) error {
		var have mark
		err := tx.One("SELECT state, id FROM import_row WHERE import = ? AND line = ?", []any{im.Code, line}, &have.State, &have.ID)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if have.State != im.marks[line].State {
			im.marks[line] = mark{have.State, have.ID, tx.Now}
			return errMoved
		}
		im.marks[line] = mark{s, id, tx.Now}
		_, err = tx.Exec(`INSERT INTO import_row (import, line, state, id, at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (import, line) DO UPDATE SET state = excluded.state, id = excluded.id, at = excluded.at`,
			im.Code, line, string(s), string(id), tx.Now.UnixMilli())
		return err
	})
}

// now is the database's clock.
func (im *Import) now(ctx context.Context) (now time.Time, err error) {
	err = im.book.db.Read(ctx, func(tx *store.Tx) error { now = tx.Now; return nil })
	return now, err
}

// IDs are the people the file has created.
func (im *Import) IDs() []naturaesoft.ID {
	var out []naturaesoft.ID
	for _, m := range im.marks {
		if m.State == Done && m.ID != "" {
			out = append(out, m.ID)
		}
	}
	return out
}
