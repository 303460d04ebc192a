package people

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"

	"frontdesk/state/store"
)

//go:embed schema.sql
var schema string

// Migrations are the tables of decisions, for store.Options. Only ever add to
// the end.
var Migrations = []string{schema}

// Book keeps what was decided about people. It may be used by several
// goroutines. Errors are sentences.
type Book struct {
	db  *store.DB
	who string // the account
}

// Open is the book over an open database for one account.
func Open(db *store.DB, who string) *Book { return &Book{db, who} }

// Apart are the pairs told apart, by Key.
func (b *Book) Apart(ctx context.Context) (map[[2]string]bool, error) {
	out := map[[2]string]bool{}
	err := b.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Query(func(scan func(...any) error) error {
			var k [2]string
			err := scan(&k[0], &k[1])
			out[k] = true
			return err
		}, "SELECT a, b FROM apart")
	})
	return out, err
}

// TellApart remembers that two rows are two persons; with undo it forgets it.
func (b *Book) TellApart(ctx context.Context, x, y string, undo bool) error {
	k := Key(x, y)
	return b.db.Write(ctx, func(tx *store.Tx) error {
		if undo {
			_, err := tx.Exec("DELETE FROM apart WHERE a = ? AND b = ?", k[0], k[1])
			return err
		}
		_, err := tx.Exec("INSERT INTO apart (a, b, who, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", k[0], k[1], b.who, tx.Now.UnixMilli())
		return err
	})
}

// Habit reads what the account likes under a name into v; false when it never
// said.
func (b *Book) Habit(ctx context.Context, name string, v any) (bool, error) {
	var text string
	err := b.db.Read(ctx, func(tx *store.Tx) error {
		return tx.One("SELECT value FROM habit WHERE who = ? AND name = ?", []any{b.who, name}, &text)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), v)
	}
	return err == nil, err
}

// SetHabit remembers it.
func (b *Book) SetHabit(ctx context.Context, name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return b.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO habit (who, name, value) VALUES (?, ?, ?) ON CONFLICT (who, name) DO UPDATE SET value = excluded.value", b.who, name, string(text))
		return err
	})
}
