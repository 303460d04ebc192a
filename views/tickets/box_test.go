package tickets_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/ui"
)

// box is an outbox in memory: it keeps what the one on disk keeps, and lets a
// test set the time in which a comment can be taken back.
type box struct {
	mu      sync.Mutex
	undo    time.Duration
	created time.Time // of what is queued; zero: monday
	items   []*item
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
	if in.Class == "comment" {
		undo = b.undo
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
	switch {
	case err == nil:
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
	created := b.created
	if created.IsZero() {
		created = monday
	}
	for i, it := range b.items {
		if it.state == "unknown" {
			left = append(left, ui.Left{ID: strconv.Itoa(i), Intent: it.Intent, Unknown: true, Created: created})
		}
	}
	return left, nil
}

func (b *box) Resolve(_ context.Context, id string, l ui.Landing) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.at(id).state != "unknown" {
		return errors.New("this entry is settled already")
	}
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
