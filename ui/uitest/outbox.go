package uitest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/ui"
)

// Outbox is an outbox in memory that keeps the promises of the one on disk: an
// entry is sent once, and settled once. Its zero value is ready.
type Outbox struct {
	Undo    map[string]time.Duration // by class
	Created time.Time                // of everything queued

	mu      sync.Mutex
	entries []*entry
}

type entry struct {
	ui.Intent
	state string
}

var errSettled = errors.New("this entry is settled already")

// Queue takes an intent down.
func (b *Outbox) Queue(_ context.Context, in ui.Intent) (string, time.Duration, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.entries = append(b.entries, &entry{in, "queued"})
	return strconv.Itoa(len(b.entries) - 1), b.Undo[in.Class], nil
}

// move changes an entry from one state to another.
func (b *Outbox) move(id, from, to string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := strconv.Atoi(id)
	if err != nil || n >= len(b.entries) {
		return errors.New("there is no entry " + id)
	}
	if b.entries[n].state != from {
		return errSettled
	}
	b.entries[n].state = to
	return nil
}

// TakeBack withdraws what is queued.
func (b *Outbox) TakeBack(_ context.Context, id string) error {
	return b.move(id, "queued", "withdrawn")
}

// Send runs the write of a queued entry.
func (b *Outbox) Send(ctx context.Context, id string, run func(context.Context) error) error {
	if err := b.move(id, "queued", "sent"); err != nil {
		return err
	}
	err := run(ctx)
	state := "refused"
	var e *rest.Error
	var landed interface{ Landed() bool }
	switch {
	case err == nil, errors.As(err, &landed) && landed.Landed():
		state = "done"
	case errors.As(err, &e) && e.Ambiguous:
		state = "unknown"
	}
	if lost := b.move(id, "sent", state); lost != nil {
		return lost
	}
	return err
}

// Unsettled are the entries whose answer was lost.
func (b *Outbox) Unsettled(context.Context) (left []ui.Left, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, e := range b.entries {
		if e.state == "unknown" {
			left = append(left, ui.Left{ID: strconv.Itoa(i), Intent: e.Intent, Unknown: true, Created: b.Created})
		}
	}
	return left, nil
}

// Resolve ends an UNKNOWN entry.
func (b *Outbox) Resolve(_ context.Context, id string, l ui.Landing) error {
	return b.move(id, "unknown", map[ui.Landing]string{ui.Landed: "landed", ui.DidNot: "did not", ui.Reopened: "reopened"}[l])
}

// States are how all writes ended, in the order they were confirmed.
func (b *Outbox) States() (all []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.entries {
		all = append(all, e.state)
	}
	return all
}

// Payload is what was taken down of a write.
func (b *Outbox) Payload(i int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.entries[i].Payload)
}
