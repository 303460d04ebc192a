package desk

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"
)

const (
	quiet     = 250 * time.Millisecond // saved this long after the last key
	longest   = time.Second            // and at most this long after the first unsaved one
	againMost = 8 * time.Second        // between tries while the disk refuses
)

// keeper is what a Journal needs of Drafts.
type keeper interface {
	Save(context.Context, Draft) (Draft, error)
	Drop(ctx context.Context, id string) error
}

// subject is one form about one record.
type subject struct{ kind, key string }

// page is what one form holds and how far it is saved.
type page struct {
	id     string
	values map[string]string
	dirty  bool
	first  time.Time // first change that is not saved
	next   time.Time // first change since a save began
	last   time.Time
	second bool
	note   int // counts Notes: a change during a save is seen
}

// Journal writes drafts behind the typing: 250 ms after the last key, 1 s
// after the first unsaved one at most, at once on Flush. It owns one goroutine
// from NewJournal to Close.
type Journal struct {
	drafts keeper

	mu      sync.Mutex
	pages   map[subject]*page
	trouble string
	retry   time.Time     // nothing by itself before that
	pause   time.Duration // between tries
	closed  bool

	turn chan struct{} // one save at a time: goroutine, Flush or Drop
	wake chan struct{}
	done chan struct{}
	end  context.CancelFunc
}

// Journal begins a journal of these drafts; Close it.
func (s *Drafts) Journal() *Journal { return newJournal(s) }

func newJournal(k keeper) *Journal {
	j := &Journal{drafts: k, pages: map[subject]*page{},
		turn: make(chan struct{}, 1), wake: make(chan struct{}, 1), done: make(chan struct{})}
	ctx, end := context.WithCancel(context.Background())
	j.end = end
	go j.run(ctx)
	return j
}

// Begin continues a draft that was offered and accepted: what is typed into
// its form from now on replaces it.
func (j *Journal) Begin(d Draft) {
	j.mu.Lock()
	defer j.mu.Unlock()
	p := j.page(subject{d.Kind, d.Key})
	p.id, p.second = d.ID, false // whatever it was, nobody else has it now
}

// Note tells what a form holds after a key. It waits for nothing and takes a
// few microseconds. After Close it does nothing.
func (j *Journal) Note(kind, key string, values map[string]string) {
	values = maps.Clone(values)
	now := time.Now()
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return
	}
	p := j.page(subject{kind, key})
	if !p.dirty {
		p.dirty, p.first = true, now
		select {
		case j.wake <- struct{}{}:
		default:
		}
	}
	if p.next.IsZero() {
		p.next = now
	}
	p.values, p.last = values, now
	p.note++
}

func (j *Journal) page(s subject) *page {
	p, ok := j.pages[s]
	if !ok {
		p = &page{}
		j.pages[s] = p
	}
	return p
}

// Flush saves everything now: on tab switch, lock, hang-up and submit. An
// error names what is wrong; the text stays in memory and is tried again.
func (j *Journal) Flush(ctx context.Context) error {
	if err := j.enter(ctx); err != nil {
		return err
	}
	defer j.leave()
	return j.save(ctx, time.Time{})
}

// Drop forgets a form and drops its draft: on purpose or once it was sent.
// Keys noted before are not saved any more.
func (j *Journal) Drop(ctx context.Context, kind, key string) error {
	if err := j.enter(ctx); err != nil {
		return err
	}
	defer j.leave()
	j.mu.Lock()
	p, ok := j.pages[subject{kind, key}]
	delete(j.pages, subject{kind, key})
	j.mu.Unlock()
	if !ok || p.id == "" {
		return nil
	}
	return j.drafts.Drop(ctx, p.id)
}

// enter waits for the turn to save.
func (j *Journal) enter(ctx context.Context) error {
	select {
	case j.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (j *Journal) leave() { <-j.turn }

// Draft is the id under which a form's text is kept, empty before the first
// save; second tells that another session has the record's first draft.
func (j *Journal) Draft(kind, key string) (id string, second bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if p, ok := j.pages[subject{kind, key}]; ok {
		return p.id, p.second
	}
	return "", false
}

// Trouble is a sentence for the header while text could not be saved, else
// empty.
func (j *Journal) Trouble() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.trouble
}

// Close saves what is left and ends the goroutine.
func (j *Journal) Close(ctx context.Context) error {
	j.mu.Lock()
	j.closed = true
	j.mu.Unlock()
	j.end()
	<-j.done
	return j.Flush(ctx)
}

// run saves what is due until the journal is closed.
func (j *Journal) run(ctx context.Context) {
	defer close(j.done)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Stop()
		if wait, some := j.wait(); some {
			timer.Reset(wait)
		}
		select {
		case <-ctx.Done():
			return
		case <-j.wake:
			continue
		case <-timer.C:
		}
		if j.enter(ctx) == nil {
			_ = j.save(ctx, time.Now())
			j.leave()
		}
	}
}

// wait is the time until the next page is due.
func (j *Journal) wait() (time.Duration, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var next time.Time
	for _, p := range j.pages {
		if due := p.due(); p.dirty && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	if next.IsZero() {
		return 0, false
	}
	if next.Before(j.retry) {
		next = j.retry
	}
	return max(0, time.Until(next)), true
}

// due is when an unsaved page wants to be saved.
func (p *page) due() time.Time {
	if a, b := p.last.Add(quiet), p.first.Add(longest); a.Before(b) {
		return a
	}
	return p.first.Add(longest)
}

// save writes the pages that are due by then, all of them when then is zero.
// The caller holds saving.
func (j *Journal) save(ctx context.Context, then time.Time) error {
	var failed []error
	for s, p := range j.dirty(then) {
		draft, err := j.drafts.Save(ctx, Draft{ID: p.id, Kind: s.kind, Key: s.key, Values: p.values})
		if err != nil {
			failed = append(failed, err)
			continue
		}
		j.saved(s, p, draft)
	}
	j.tell(ctx, failed)
	return errors.Join(failed...)
}

// dirty are copies of the pages to save.
func (j *Journal) dirty(then time.Time) map[subject]page {
	j.mu.Lock()
	defer j.mu.Unlock()
	due := map[subject]page{}
	for s, p := range j.pages {
		if p.dirty && (then.IsZero() || !p.due().After(then)) {
			due[s] = *p
			p.next = time.Time{}
		}
	}
	return due
}

// saved records that a page is kept as it was when p was copied.
func (j *Journal) saved(s subject, was page, d Draft) {
	j.mu.Lock()
	defer j.mu.Unlock()
	p, ok := j.pages[s]
	if !ok {
		return
	}
	if p.id != d.ID {
		p.id, p.second = d.ID, d.Second
	}
	if p.note == was.note {
		p.dirty, p.values = false, nil
		return
	}
	p.first = p.next
}

// tell keeps the sentence for the header and when to try again.
func (j *Journal) tell(ctx context.Context, failed []error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(failed) == 0 {
		j.trouble, j.pause, j.retry = "", 0, time.Time{}
		return
	}
	if ctx.Err() != nil {
		return
	}
	j.pause = min(againMost, max(longest, 2*j.pause))
	j.retry = time.Now().Add(j.pause)
	j.trouble = "What you type is not on disk yet, only in memory; it is tried again. " +
		sentence(failed[0], "The disk did not take it.")
}
