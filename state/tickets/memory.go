package tickets

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"time"

	"frontdesk/state/store"
)

//go:embed memory.sql
var memorySchema string

// Migrations are the tables of a Memory. Only ever add to the end.
var Migrations = []string{memorySchema}

// Memory is what one account remembers of tickets from session to session. Its
// methods wait for the disk: call them in commands.
type Memory struct{ db *store.DB }

// OpenMemory makes a Memory of a database of this account that has the
// Migrations.
func OpenMemory(db *store.DB) *Memory { return &Memory{db} }

// Close releases the file.
func (m *Memory) Close() error { return m.db.Close() }

// Look is how a ticket was when this account saw it last.
type Look struct {
	Comments int
	Stamp    string // see Digest
}

// Snooze hides a ticket until a time, or until it changes.
type Snooze struct {
	Until time.Time
	Stamp string // see Digest
}

// The kinds of links.
const (
	ToProspect = "prospect"
	ToResident = "resident"
	ToTicket   = "ticket"
)

// Link says that a ticket has to do with somebody or with another ticket.
type Link struct{ Kind, Target string }

// Notes are everything a Memory holds.
type Notes struct {
	Looks   map[Key]Look
	Snoozes map[Key]Snooze
	Answers map[Key]time.Time
	Links   map[Key][]Link
	Views   map[int]string // filters by number
}

// NoNotes are those of somebody who remembers nothing.
func NoNotes() Notes {
	return Notes{map[Key]Look{}, map[Key]Snooze{}, map[Key]time.Time{}, map[Key][]Link{}, map[int]string{}}
}

// Digest is a sign of change in a form that tells nothing else.
func Digest(stamp string) string {
	sum := sha256.Sum256([]byte(stamp))
	return hex.EncodeToString(sum[:8])
}

// Load reads all notes.
func (m *Memory) Load(ctx context.Context) (Notes, error) {
	n := NoNotes()
	err := m.db.Read(ctx, func(tx *store.Tx) error {
		for query, row := range map[string]func(scan func(...any) error) error{
			"SELECT ticket, comments, stamp FROM look": func(scan func(...any) error) error {
				var k string
				var l Look
				err := scan(&k, &l.Comments, &l.Stamp)
				put(n.Looks, k, l)
				return err
			},
			"SELECT ticket, until, stamp FROM snooze": func(scan func(...any) error) error {
				var k, stamp string
				var until int64
				err := scan(&k, &until, &stamp)
				put(n.Snoozes, k, Snooze{time.UnixMilli(until), stamp})
				return err
			},
			"SELECT ticket, at FROM answer": func(scan func(...any) error) error {
				var k string
				var at int64
				err := scan(&k, &at)
				put(n.Answers, k, time.UnixMilli(at))
				return err
			},
			"SELECT ticket, kind, target FROM link ORDER BY kind, target": func(scan func(...any) error) error {
				var k string
				var l Link
				err := scan(&k, &l.Kind, &l.Target)
				key, _ := ParseKey(k)
				put(n.Links, k, append(n.Links[key], l))
				return err
			},
			"SELECT number, filter FROM saved": func(scan func(...any) error) error {
				var number int
				var filter string
				err := scan(&number, &filter)
				n.Views[number] = filter
				return err
			},
		} {
			if err := tx.Query(row, query); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

func put[T any](all map[Key]T, k string, v T) {
	if key, err := ParseKey(k); err == nil {
		all[key] = v
	}
}

// do runs one statement.
func (m *Memory) do(ctx context.Context, statement string, args ...any) error {
	return m.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(statement, args...)
		return err
	})
}

// Saw notes how a ticket was when it was shown.
func (m *Memory) Saw(ctx context.Context, k Key, l Look) error {
	return m.do(ctx, "INSERT OR REPLACE INTO look VALUES (?, ?, ?)", k.String(), l.Comments, l.Stamp)
}

// Snooze hides a ticket; a zero Snooze wakes it.
func (m *Memory) Snooze(ctx context.Context, k Key, s Snooze) error {
	if s.Until.IsZero() {
		return m.do(ctx, "DELETE FROM snooze WHERE ticket = ?", k.String())
	}
	return m.do(ctx, "INSERT OR REPLACE INTO snooze VALUES (?, ?, ?)", k.String(), s.Until.UnixMilli(), s.Stamp)
}

// Answered notes that this account wrote to a ticket.
func (m *Memory) Answered(ctx context.Context, k Key, at time.Time) error {
	return m.do(ctx, "INSERT OR REPLACE INTO answer VALUES (?, ?)", k.String(), at.UnixMilli())
}

// Link ties a ticket to somebody or to another ticket; off unties it. A link
// between tickets is kept on both.
func (m *Memory) Link(ctx context.Context, k Key, l Link, off bool) error {
	return m.db.Write(ctx, func(tx *store.Tx) error {
		pairs := []struct {
			k Key
			l Link
		}{{k, l}}
		if other, err := ParseKey(l.Target); err == nil && l.Kind == ToTicket {
			pairs = append(pairs, struct {
				k Key
				l Link
			}{other, Link{ToTicket, k.String()}})
		}
		statement := "INSERT OR REPLACE INTO link VALUES (?, ?, ?)"
		if off {
			statement = "DELETE FROM link WHERE ticket = ? AND kind = ? AND target = ?"
		}
		for _, p := range pairs {
			if _, err := tx.Exec(statement, p.k.String(), p.l.Kind, p.l.Target); err != nil {
				return err
			}
		}
		return nil
	})
}

// SaveView keeps a filter under a number from 1 to 9. One with free words is
// refused: they may be somebody's name, and the file is not sealed.
func (m *Memory) SaveView(ctx context.Context, number int, q Query) error {
	if q.Words() {
		return mistake("A saved view keeps no free words, which may be somebody's name. Take them out of the filter, then save it.")
	}
	if number < 1 || number > 9 {
		return mistake("A view has a number from 1 to 9.")
	}
	return m.do(ctx, "INSERT OR REPLACE INTO saved VALUES (?, ?)", number, q.String())
}
