package desk

import (
	"context"
	"encoding/json"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"
)

// State is how far a write to a vendor is.
type State string

// The states. Unknown is never left by itself: the operation is read back and
// a person decides.
const (
	Queued    State = "queued"    // not sent; can be taken back
	Sending   State = "sending"   // handed to one session, once
	Done      State = "done"      // the vendor took it
	Refused   State = "refused"   // the vendor did not, and nothing happened
	Unknown   State = "UNKNOWN"   // it may have landed
	Withdrawn State = "withdrawn" // taken back before it was sent
)

// Word is the state in a sentence: "This entry is ...".
func (s State) Word() string {
	switch s {
	case Sending:
		return "being sent"
	case Unknown:
		return "UNKNOWN (it may have landed)"
	case Queued:
		return "waiting to be sent"
	case Withdrawn:
		return "taken back"
	}
	return string(s)
}

// Intent is a write that a person confirmed.
type Intent struct {
	Vendor, Op, Class string        // names, never values
	Record            string        // the record's id at the vendor; sealed
	Payload           []byte        // what to send; sealed
	Undo              time.Duration // how long it can be taken back; 0: as its class
}

// Item is an entry of the outbox.
type Item struct {
	ID string
	Intent
	State   State
	Words   string // the vendor's words, or what the person should know; sealed
	Session string // who queued it, or sent it last
	Live    bool   // that session is alive
	Waiting bool   // queued, but sent only when a person says so
	Lost    bool   // record and payload cannot be read any more
	Attempt int64

	Created, DueAt, Changed time.Time     // by the database's clock
	Left                    time.Duration // until DueAt, when it was read
}

// Outcome is how a claimed write ended: Done, Refused or Unknown, and words
// for the person.
type Outcome struct {
	State State
	Words string
}

// DefaultUndo are the windows of the classes that have one.
func DefaultUndo() map[string]time.Duration {
	return map[string]time.Duration{
		"comment":      10 * time.Second,
		"money":        30 * time.Second,
		"termination":  60 * time.Second,
		"deactivation": 60 * time.Second,
	}
}

// content is what is inside an entry's seal.
type content struct {
	Record  string `json:"record"`
	Payload []byte `json:"payload"`
	Words   string `json:"words"`
}

// Outbox keeps every write from before it is sent until its outcome is known.
type Outbox struct {
	d     *Desk
	undo  map[string]time.Duration
	ready func() error // the trail can be written

	turn sync.Mutex // one Claim or Settle at a time

	mu      sync.Mutex
	memory  map[string]content // of entries without a key
	own     map[string]bool    // queued by this session and acknowledged
	claimed map[string]int64   // id to attempt that this session may settle
}

// Enqueue writes the intent, on disk when it returns nil, before anything is
// sent. Without a key the payload stays in memory and dies with the session.
// An entry whose Enqueue failed is never Due.
func (o *Outbox) Enqueue(ctx context.Context, in Intent) (Item, error) {
	if err := named("write", in.Vendor, in.Op, in.Class); err != nil {
		return Item{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Item{}, err
	}
	if in.Undo == 0 {
		in.Undo = o.undo[in.Class]
	}
	it := Item{ID: id.String(), Intent: in, State: Queued, Session: o.d.who.Session, Live: true}
	seal := o.d.seal.Load()
	err = o.d.write(ctx, func(tx tx) error {
		it.Created, it.Changed, it.DueAt, it.Left = tx.Now, tx.Now, tx.Now.Add(in.Undo), in.Undo
		r := row{Item: it, version: 1}
		if seal != nil {
			r.record = seal.hash("outbox", in.Record)
			r.sealed = r.close(seal, o.d.who.UID, content{in.Record, in.Payload, ""})
		}
		_, err := tx.Exec(`INSERT INTO outbox (id, uid, vendor, op, class, record, state, session, version, sealed, created_ms, due_ms, changed_ms)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			it.ID, o.d.who.UID, it.Vendor, it.Op, it.Class, r.record, it.State, it.Session, r.version, r.sealed,
			it.Created.UnixMilli(), it.DueAt.UnixMilli(), it.Changed.UnixMilli())
		return err
	})
	if err != nil {
		return Item{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.own[it.ID] = true
	if seal == nil {
		o.memory[it.ID] = content{in.Record, in.Payload, ""}
	}
	return it, nil
}

// Filter narrows a List; empty fields do not.
type Filter struct {
	States            []State
	Vendor, Op, Class string
	Record            string
	Session           string
}

// Unsettled are the states that still want something of somebody.
func Unsettled() []State { return []State{Unknown, Sending, Queued} }

func (f Filter) matches(it Item) bool {
	ok := len(f.States) == 0
	for _, s := range f.States {
		ok = ok || s == it.State
	}
	return ok && fits(f.Vendor, it.Vendor) && fits(f.Op, it.Op) && fits(f.Class, it.Class) &&
		fits(f.Record, it.Record) && fits(f.Session, it.Session)
}

func fits(want, have string) bool { return want == "" || want == have }

// List is the entries of this person that match, the oldest first.
func (o *Outbox) List(ctx context.Context, f Filter) ([]Item, error) {
	var found []Item
	err := o.d.read(ctx, func(tx tx) error {
		rows, err := o.rows(tx, "")
		for _, r := range rows {
			if f.matches(r.Item) {
				found = append(found, r.Item)
			}
		}
		return err
	})
	return found, err
}

// Due are the entries of this session whose window is over: to be claimed now.
// Entries of other sessions, and those that wait for a person, are never Due.
func (o *Outbox) Due(ctx context.Context) ([]Item, error) {
	all, err := o.List(ctx, Filter{States: []State{Queued}, Session: o.d.who.Session})
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var due []Item
	for _, it := range all {
		if o.own[it.ID] && !it.Waiting && it.Left == 0 {
			due = append(due, it)
		}
	}
	return due, nil
}

// row is an entry as it is stored.
type row struct {
	Item
	version int64
	record  string // keyed hash
	sealed  []byte
	age     time.Duration // since it changed, when it was read
}

func (r row) place(uid int) place {
	return place{table: "outbox", id: r.ID, kind: r.Vendor + "|" + r.Op + "|" + r.Class, record: r.record, uid: uid, version: r.version}
}

func (r row) close(s *Seal, uid int, c content) []byte {
	plain, _ := json.Marshal(c) // strings and bytes: cannot fail
	defer clear(plain)
	return s.close(r.place(uid), plain)
}

// rows reads entries, all or one, and opens them.
func (o *Outbox) rows(tx tx, id string) ([]row, error) {
	live, err := o.d.sessions(tx)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	memory := maps.Clone(o.memory)
	o.mu.Unlock()
	var found []row
	err = tx.Query(func(scan func(...any) error) error {
		var r row
		var created, due, changed int64
		if err := scan(&r.ID, &r.Vendor, &r.Op, &r.Class, &r.record, &r.State, &r.Session, &r.Attempt, &r.Waiting,
			&r.version, &r.sealed, &created, &due, &changed); err != nil {
			return err
		}
		r.Created, r.DueAt, r.Changed = at(created), at(due), at(changed)
		r.Undo, r.Left, r.age = r.DueAt.Sub(r.Created), max(0, r.DueAt.Sub(tx.Now)), tx.Now.Sub(r.Changed)
		_, r.Live = live[r.Session]
		c, ok := o.content(r, memory)
		r.Record, r.Payload, r.Words, r.Lost = c.Record, c.Payload, c.Words, !ok
		found = append(found, r)
		return nil
	}, `SELECT id, vendor, op, class, record, state, session, attempt, waiting, version, sealed, created_ms, due_ms, changed_ms
		FROM outbox WHERE uid = ? AND (? = '' OR id = ?) ORDER BY created_ms, id`, o.d.who.UID, id, id)
	return found, err
}

// content opens an entry.
func (o *Outbox) content(r row, memory map[string]content) (content, bool) {
	if c, ok := memory[r.ID]; ok {
		return c, true
	}
	plain, err := o.d.seal.Load().open(r.place(o.d.who.UID), r.sealed)
	var c content
	if err != nil || json.Unmarshal(plain, &c) != nil {
		return content{}, false
	}
	clear(plain)
	return c, true
}

// one reads a single entry.
func (o *Outbox) one(tx tx, id string) (row, error) {
	if id == "" {
		return row{}, ErrNoItem
	}
	found, err := o.rows(tx, id)
	if err == nil && len(found) == 0 {
		err = ErrNoItem
	}
	if err != nil {
		return row{}, err
	}
	return found[0], nil
}
