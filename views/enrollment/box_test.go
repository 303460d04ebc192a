package enrollment_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/ui"
)

// box is an outbox in memory that keeps what the one on disk keeps.
type box struct {
	mu    sync.Mutex
	items []*item
}

type item struct {
	ui.Intent
	state string
}

func (b *box) Queue(_ context.Context, in ui.Intent) (string, time.Duration, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = append(b.items, &item{in, "queued"})
	undo := time.Duration(0)
	if in.Class == "termination" {
		undo = time.Minute
	}
	return strconv.Itoa(len(b.items) - 1), undo, nil
}

func (b *box) at(id string) *item {
	n, _ := strconv.Atoi(id)
	return b.items[n]
}

func (b *box) TakeBack(_ context.Context, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at(id).state = "withdrawn"
	return nil
}

func (b *box) Send(ctx context.Context, id string, run func(context.Context) error) error {
	err := run(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	var e *rest.Error
	var landed interface{ Landed() bool }
	switch {
	case err == nil, errors.As(err, &landed) && landed.Landed():
		b.at(id).state = "done"
	case errors.As(err, &e) && e.Ambiguous:
		b.at(id).state = "unknown"
	default:
		b.at(id).state = "refused"
	}
	return err
}

func (b *box) Unsettled(context.Context) (left []ui.Left, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, it := range b.items {
		if it.state == "unknown" {
			left = append(left, ui.Left{ID: strconv.Itoa(i), Intent: it.Intent, Unknown: true, Created: monday})
		}
	}
	return left, nil
}

func (b *box) Resolve(_ context.Context, id string, l ui.Landing) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at(id).state = map[ui.Landing]string{ui.Landed: "landed", ui.DidNot: "did not", ui.Reopened: "reopened"}[l]
	return nil
}

// states are how all writes ended, in the order they were confirmed.
func (b *box) states() (all []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, it := range b.items {
		all = append(all, it.state)
	}
	return all
}

// payload is what the outbox keeps of a write.
func (b *box) payload(i int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.items[i].Payload)
}
