package desk

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"
)

const (
	keepDropped = 7 * 24 * time.Hour  // a dropped draft
	keepClosed  = 30 * 24 * time.Hour // one that no key opens, from when that was first seen
	keepSettled = 30 * 24 * time.Hour // an entry of the outbox that is over
)

// List is every draft of this person that is not dropped, the newest first,
// and how many more cannot be opened because their key is lost ("3 drafts
// cannot be opened"). Drafts that are Live are another session's.
func (s *Drafts) List(ctx context.Context) (drafts []Draft, closed int, err error) {
	drafts, shut, err := s.look(ctx)
	if err != nil && !errors.Is(err, ErrNoStore) {
		return nil, 0, err
	}
	if s.d.seal.Load() != nil {
		s.mark(ctx, shut)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	drafts = slices.AppendSeq(drafts, maps.Values(s.memory))
	slices.SortFunc(drafts, func(a, b Draft) int { return b.Saved.Compare(a.Saved) })
	return drafts, len(shut), nil
}

// Load is the newest draft of one record, now edited in this session.
// ErrNoDraft when there is none. When another live session edits it, the draft
// comes with an *ElsewhereError and is only for reading.
func (s *Drafts) Load(ctx context.Context, kind, key string) (Draft, error) {
	drafts, _, err := s.List(ctx)
	if err != nil {
		return Draft{}, err
	}
	var found []Draft
	for _, d := range drafts {
		if d.Kind == kind && d.Key == key {
			found = append(found, d)
		}
	}
	if len(found) == 0 {
		return Draft{}, ErrNoDraft
	}
	// What this session or nobody edits goes before another's.
	slices.SortStableFunc(found, func(a, b Draft) int { return rank(a, s.d.who.Session) - rank(b, s.d.who.Session) })
	return s.take(ctx, found[0].ID, false)
}

func rank(d Draft, session string) int {
	switch {
	case d.Session == session:
		return 0
	case !d.Live:
		return 1
	}
	return 2
}

// TakeOver makes a draft this session's, whoever edits it. What the other
// session saves from then on becomes a second draft.
func (s *Drafts) TakeOver(ctx context.Context, id string) (Draft, error) {
	return s.take(ctx, id, true)
}

// take leases a draft to this session; from a live one only with force.
func (s *Drafts) take(ctx context.Context, id string, force bool) (Draft, error) {
	s.mu.Lock()
	d, ok := s.memory[id]
	s.mu.Unlock()
	if ok {
		return d, nil
	}
	err := s.d.write(ctx, func(tx tx) error {
		found, shut, err := s.rows(tx, id)
		if err != nil {
			return err
		}
		if len(shut) > 0 {
			return refuse("This draft cannot be opened: its key is not here.")
		}
		if len(found) == 0 {
			return ErrNoDraft
		}
		d = found[0]
		if d.Session == s.d.who.Session {
			return nil
		}
		if d.Live && !force {
			return s.elsewhere(tx, d)
		}
		_, err = tx.Exec("UPDATE draft SET session = ?, leased_ms = ? WHERE id = ?", s.d.who.Session, tx.Now.UnixMilli(), id)
		d.Session, d.Live, d.Leased = s.d.who.Session, false, tx.Now
		return err
	})
	if other := (*ElsewhereError)(nil); err != nil && !errors.As(err, &other) {
		return Draft{}, err
	}
	return d, err
}

// elsewhere says who edits d.
func (s *Drafts) elsewhere(tx tx, d Draft) error {
	live, err := s.d.sessions(tx)
	if err != nil {
		return err
	}
	r := live[d.Session]
	return &ElsewhereError{Session: d.Session, Since: d.Leased, Host: r.Host, TTY: r.TTY}
}

// Drop puts a draft away, on the person's wish or once it was sent. It is
// purged after 7 days. Dropping what is gone is no error; *ElsewhereError when
// another live session edits it.
func (s *Drafts) Drop(ctx context.Context, id string) error {
	s.mu.Lock()
	_, ok := s.memory[id]
	delete(s.memory, id)
	s.mu.Unlock()
	if ok || s.d.db == nil {
		return nil
	}
	return s.d.write(ctx, func(tx tx) error {
		found, _, err := s.rows(tx, id)
		if err != nil {
			return err
		}
		if len(found) > 0 && found[0].Live {
			return s.elsewhere(tx, found[0])
		}
		_, err = tx.Exec("UPDATE draft SET dropped_ms = ? WHERE id = ? AND uid = ? AND dropped_ms IS NULL",
			tx.Now.UnixMilli(), id, s.d.who.UID)
		return err
	})
}

// Swept is what Sweep removed.
type Swept struct {
	Dropped  int // drafts put away more than 7 days ago
	Unopened int // drafts that no key opened for 30 days: to be told
	Settled  int // entries of the outbox that were over for 30 days
}

// Sweep removes what was kept long enough. Called at start.
func (s *Drafts) Sweep(ctx context.Context) (Swept, error) {
	var n Swept
	err := s.d.write(ctx, func(tx tx) error {
		before := func(d time.Duration) int64 { return tx.Now.Add(-d).UnixMilli() }
		for _, job := range []struct {
			into  *int
			query string
			age   time.Duration
		}{
			{&n.Dropped, "DELETE FROM draft WHERE uid = ? AND dropped_ms < ?", keepDropped},
			{&n.Unopened, "DELETE FROM draft WHERE uid = ? AND closed_ms < ?", keepClosed},
			{&n.Settled, "DELETE FROM outbox WHERE uid = ? AND changed_ms < ? AND state IN ('done', 'refused', 'withdrawn')", keepSettled},
		} {
			gone, err := tx.Exec(job.query, s.d.who.UID, before(job.age))
			if err != nil {
				return err
			}
			*job.into = int(gone)
		}
		_, err := tx.Exec("DELETE FROM session WHERE uid = ? AND beat_ms < ?", s.d.who.UID, before(keepClosed))
		return err
	})
	return n, err
}

// look reads all drafts; shut are the ids of those that do not open.
func (s *Drafts) look(ctx context.Context) (found []Draft, shut []string, err error) {
	err = s.d.read(ctx, func(tx tx) error {
		found, shut, err = s.rows(tx, "")
		return err
	})
	return found, shut, err
}

// rows reads one draft, or all of them when id is empty.
func (s *Drafts) rows(tx tx, id string) (found []Draft, shut []string, err error) {
	live, err := s.d.sessions(tx)
	if err != nil {
		return nil, nil, err
	}
	seal := s.d.seal.Load()
	err = tx.Query(func(scan func(...any) error) error {
		var d Draft
		var record string
		var sealed []byte
		var leased, created, saved int64
		if err := scan(&d.ID, &d.Kind, &record, &d.Version, &d.Session, &leased, &d.Second, &sealed, &created, &saved); err != nil {
			return err
		}
		d.Leased, d.Created, d.Saved = at(leased), at(created), at(saved)
		_, alive := live[d.Session]
		d.Live = alive && d.Session != s.d.who.Session
		plain, err := seal.open(place{table: "draft", id: d.ID, kind: d.Kind, record: record, uid: s.d.who.UID, version: d.Version}, sealed)
		var t typed
		if err != nil || json.Unmarshal(plain, &t) != nil {
			shut = append(shut, d.ID)
			return nil
		}
		clear(plain)
		d.Key, d.Values = t.Key, t.Values
		found = append(found, d)
		return nil
	}, `SELECT id, kind, record, version, session, leased_ms, second, sealed, created_ms, saved_ms FROM draft
		WHERE uid = ? AND dropped_ms IS NULL AND (? = '' OR id = ?) ORDER BY saved_ms DESC`, s.d.who.UID, id, id)
	return found, shut, err
}

// mark starts the 30 days of drafts that do not open, and ends those of drafts
// that do again. It is not worth an error: the next look does it.
func (s *Drafts) mark(ctx context.Context, shut []string) {
	list, _ := json.Marshal(append([]string{}, shut...)) // [] when none, not null
	var stale int
	const differs = `uid = ? AND dropped_ms IS NULL AND (closed_ms IS NOT NULL) <> (id IN (SELECT value FROM json_each(?)))`
	err := s.d.read(ctx, func(tx tx) error {
		return tx.One("SELECT count(*) FROM draft WHERE "+differs, []any{s.d.who.UID, string(list)}, &stale)
	})
	if err != nil || stale == 0 {
		return
	}
	_ = s.d.write(ctx, func(tx tx) error {
		_, err := tx.Exec("UPDATE draft SET closed_ms = CASE WHEN closed_ms IS NULL THEN ? END WHERE "+differs,
			tx.Now.UnixMilli(), s.d.who.UID, string(list))
		return err
	})
}
