package ui

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// frame is the least time between two batches of one stream: more often than
// once per painted frame nobody can see.
const frame = time.Second / 60

// A Stream is a read whose results come one by one, such as a search over many
// providers. They are delivered in batches, at most one per frame. The newest
// run wins, as with Call.Latest.
type Stream[E any] struct {
	env    *Env
	gen    int
	out    bool
	cancel context.CancelFunc
}

// Batch is a part of a stream's results. The last one has Done set and carries
// the error, if any.
type Batch[E any] struct {
	Items []E
	Done  bool
	Err   error

	stream *Stream[E]
	gen    int
	next   tea.Cmd
}

// NewStream makes a stream.
func NewStream[E any](env *Env) *Stream[E] { return &Stream[E]{env: env} }

// Start begins a run and cancels the one before it.
func (s *Stream[E]) Start(run func(ctx context.Context, emit func(E)) error) tea.Cmd {
	s.Cancel()
	ctx, cancel := context.WithCancel(s.env.Ctx)
	s.out, s.cancel = true, cancel
	p := &pipe[E]{wake: make(chan struct{}, 1), over: make(chan struct{})}
	gen := s.gen
	recv := func() tea.Msg { return p.take(s, gen) }
	p.recv = recv
	work := func() tea.Msg {
		defer cancel()
		p.end(run(ctx, p.put))
		return nil
	}
	return tea.Batch(work, recv)
}

// Cancel gives up the run that is out.
func (s *Stream[E]) Cancel() {
	if s.cancel != nil {
		s.cancel()
	}
	s.gen++
	s.out, s.cancel = false, nil
}

// Out reports that the stream has not ended yet.
func (s *Stream[E]) Out() bool { return s.out }

// Accept reports that b belongs to the present run. The returned command asks
// for the next batch and must be handed on.
func (s *Stream[E]) Accept(b Batch[E]) (bool, tea.Cmd) {
	if b.stream != s || b.gen != s.gen || !s.out {
		return false, nil
	}
	if b.Done {
		s.out, s.cancel = false, nil
		return true, nil
	}
	return true, b.next
}

// pipe carries results from the run to the update goroutine.
type pipe[E any] struct {
	mu    sync.Mutex
	items []E
	done  bool
	err   error
	wake  chan struct{}
	over  chan struct{} // closed at the end
	last  time.Time
	recv  tea.Cmd
}

func (p *pipe[E]) put(e E) {
	p.mu.Lock()
	p.items = append(p.items, e)
	p.mu.Unlock()
	p.signal()
}

func (p *pipe[E]) end(err error) {
	p.mu.Lock()
	p.done, p.err = true, err
	p.mu.Unlock()
	close(p.over)
	p.signal()
}

func (p *pipe[E]) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// take waits for something to deliver, then lets the rest of the frame pass so
// that what arrives together is delivered together.
func (p *pipe[E]) take(s *Stream[E], gen int) tea.Msg {
	<-p.wake
	if rest := frame - time.Since(p.last); !p.last.IsZero() && rest > 0 {
		wait := time.NewTimer(rest)
		select {
		case <-wait.C:
		case <-p.over: // nothing more will come
			wait.Stop()
		}
	}
	p.last = time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	b := Batch[E]{Items: p.items, Done: p.done, Err: p.err, stream: s, gen: gen, next: p.recv}
	p.items = nil
	return b
}
