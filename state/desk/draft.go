package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Draft is what was typed into one form about one record.
type Draft struct {
	ID     string            // empty before the first Save
	Kind   string            // which form, e.g. "prospects.edit"; never a value
	Key    string            // the record's id, empty for a new one
	Values map[string]string // form.Draft()

	Version int64
	Second  bool   // another draft of the same record was there when this began
	Session string // who edits it, or did when the session ended
	Live    bool   // that is another session which is still alive

	Created, Saved, Leased time.Time // by the database's clock
}

// Drafts keeps drafts of one person, over all their sessions. Without a key
// they are in memory only.
type Drafts struct {
	d *Desk

	mu     sync.Mutex
	memory map[string]Draft
}

// Durable reports that drafts reach the disk. If not, the header says so.
func (s *Drafts) Durable() bool { return s.d.seal.Load() != nil && s.d.db != nil }

// typed is what is inside a draft's seal.
type typed struct {
	Key    string            `json:"key"`
	Values map[string]string `json:"values"`
}

// Save keeps a draft and returns it as it is kept. It only ever replaces text
// of this session: where the row was taken over, dropped, or is another
// session's, the text becomes a second draft with an ID of its own, to be used
// from then on. Nil means that it is on the disk, or in memory when not
// Durable.
func (s *Drafts) Save(ctx context.Context, d Draft) (Draft, error) {
	if err := named("form", d.Kind); err != nil {
		return d, err
	}
	seal := s.d.seal.Load()
	if seal == nil || s.d.db == nil {
		return s.remember(d), nil
	}
	plain, err := json.Marshal(typed{d.Key, d.Values})
	if err != nil {
		return d, err
	}
	defer clear(plain)
	saved := d
	err = s.d.write(ctx, func(tx tx) error {
		row, err := s.target(tx, seal, d)
		if err != nil {
			return err
		}
		row.Version++
		row.Kind, row.Key, row.Values = d.Kind, d.Key, maps.Clone(d.Values)
		row.Saved, row.Session = tx.Now, s.d.who.Session
		sealed := seal.close(s.place(seal, row), plain)
		saved = row
		_, err = tx.Exec(`INSERT INTO draft (id, uid, kind, record, version, session, leased_ms, second, sealed, created_ms, saved_ms)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET version = excluded.version, sealed = excluded.sealed,
				saved_ms = excluded.saved_ms, closed_ms = NULL`,
			row.ID, s.d.who.UID, row.Kind, seal.hash(row.Kind, row.Key), row.Version, row.Session,
			row.Leased.UnixMilli(), row.Second, sealed, row.Created.UnixMilli(), row.Saved.UnixMilli())
		return err
	})
	if err != nil {
		return d, err
	}
	return saved, nil
}

// target is the row a draft goes to: the one it came from while that is this
// session's, else this session's own of the record, else a new one.
func (s *Drafts) target(tx tx, seal *Seal, d Draft) (Draft, error) {
	hash := seal.hash(d.Kind, d.Key)
	row := Draft{}
	var created, leased int64
	err := tx.One(`SELECT id, version, second, created_ms, leased_ms FROM draft
		WHERE uid = ? AND kind = ? AND record = ? AND session = ? AND dropped_ms IS NULL
		ORDER BY id = ? DESC, saved_ms DESC LIMIT 1`,
		[]any{s.d.who.UID, d.Kind, hash, s.d.who.Session, d.ID},
		&row.ID, &row.Version, &row.Second, &created, &leased)
	if err == nil {
		row.Created, row.Leased = at(created), at(leased)
		return row, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return row, err
	}
	var others, used int
	err = tx.One(`SELECT (SELECT count(*) FROM draft WHERE uid = ? AND kind = ? AND record = ? AND dropped_ms IS NULL),
		(SELECT count(*) FROM draft WHERE id = ?)`, []any{s.d.who.UID, d.Kind, hash, d.ID}, &others, &used)
	row = Draft{ID: d.ID, Created: tx.Now, Leased: tx.Now, Second: others > 0}
	if row.ID == "" || used > 0 {
		row.ID = uuid.NewString()
	}
	return row, err
}

// place is where a draft's row lies.
func (s *Drafts) place(seal *Seal, d Draft) place {
	return place{table: "draft", id: d.ID, kind: d.Kind, record: seal.hash(d.Kind, d.Key), uid: s.d.who.UID, version: d.Version}
}

// remember keeps a draft in memory.
func (s *Drafts) remember(d Draft) Draft {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now().UTC()
	row := Draft{ID: uuid.NewString(), Created: now, Leased: now}
	for _, have := range s.memory {
		if have.Kind == d.Kind && have.Key == d.Key {
			row = have
		}
	}
	row.Version++
	row.Kind, row.Key, row.Values = d.Kind, d.Key, maps.Clone(d.Values)
	row.Saved, row.Session = now, s.d.who.Session
	s.memory[row.ID] = row
	return row
}

// settle writes what was kept in memory, now that there is a key.
func (s *Drafts) settle(ctx context.Context) error {
	s.mu.Lock()
	waiting := maps.Clone(s.memory)
	s.mu.Unlock()
	for id, d := range waiting {
		if _, err := s.Save(ctx, d); err != nil {
			return err
		}
		s.mu.Lock()
		if s.memory[id].Version == d.Version {
			delete(s.memory, id)
		}
		s.mu.Unlock()
	}
	return nil
}

func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
