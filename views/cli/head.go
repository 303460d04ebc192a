package cli

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"frontdesk/state/desk"
	"frontdesk/state/secrets"
)

// headItem is where the end of a profile's trail is kept among its secrets.
const headItem = "trail"

// headRest is how long the end of the trail rests before it is kept: a vault
// takes most of a second to seal.
const headRest = 5 * time.Second

// Head keeps the end of the trail where the secrets live: whoever cuts the
// trail's files and its database short does not reach it there.
type Head struct {
	ctx     context.Context // of saves that nobody waits for
	store   *secrets.Store
	profile string

	mu    sync.Mutex
	last  desk.Head
	timer *time.Timer
	work  sync.WaitGroup
}

// NewHead keeps the end of a profile's trail; nil when secrets live only as
// long as the session, or cannot be read.
func NewHead(ctx context.Context, s *secrets.Store, profile string) *Head {
	if w := s.Where(); w.Kind == secrets.Session || w.Locked {
		return nil
	}
	return &Head{ctx: context.WithoutCancel(ctx), store: s, profile: profile}
}

// load is the end that was kept last.
func (h *Head) load(ctx context.Context) (desk.Head, bool, error) {
	b, err := h.store.Load(ctx, h.profile, headItem)
	if errors.Is(err, secrets.ErrNotFound) {
		return desk.Head{}, false, nil
	}
	if err != nil {
		return desk.Head{}, false, err
	}
	seq, bad := strconv.ParseInt(b["seq"], 10, 64)
	count, worse := strconv.ParseInt(b["count"], 10, 64)
	return desk.Head{Seq: seq, H: b["h"], Count: count}, true, errors.Join(bad, worse)
}

// keep is told each new end. It does not wait.
func (h *Head) keep(e desk.Head) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = e
	if h.timer == nil {
		h.work.Add(1)
		h.timer = time.AfterFunc(headRest, func() {
			defer h.work.Done()
			h.save(h.ctx)
		})
	}
}

// save brings the latest end to the secrets, unless another session's is
// later. What fails is made up by the next line's.
func (h *Head) save(ctx context.Context) {
	h.mu.Lock()
	e := h.last
	h.timer = nil
	h.mu.Unlock()
	if kept, ok, err := h.load(ctx); err != nil || ok && kept.Seq >= e.Seq {
		return
	}
	_ = h.store.Save(ctx, h.profile, headItem, secrets.Bundle{
		"seq": strconv.FormatInt(e.Seq, 10), "count": strconv.FormatInt(e.Count, 10), "h": e.H,
	})
}

// shut keeps the end now.
func (h *Head) shut(ctx context.Context) {
	h.mu.Lock()
	pending := h.timer != nil
	if pending && h.timer.Stop() {
		h.work.Done()
	}
	h.mu.Unlock()
	if pending {
		h.save(ctx)
	}
	h.work.Wait()
}
