package tty

import (
	"errors"
	"io"
	"sync"
	"time"
)

const (
	patience = 100 * time.Millisecond // how long a write waits for the terminal
	backlog  = 4 << 20                // bytes that may wait before writes do
)

var errGivenUp = errors.New("the terminal takes no output")

// pump writes in order. As long as the terminal keeps up, a write has happened
// when it returns. When it does not, writes go on behind the program's back, so
// that keys and signals are still heard.
type pump struct {
	to   io.Writer
	lost func() // the terminal is gone

	mu    sync.Mutex
	queue []byte
	idle  chan struct{} // closed when the queue is empty; nil when it is
	late  bool
	gone  chan struct{} // closed when the terminal was given up
	err   error
}

func newPump(to io.Writer) *pump { return &pump{to: to, gone: make(chan struct{})} }

func (p *pump) write(b []byte) error {
	p.mu.Lock()
	if p.err != nil || len(b) == 0 {
		defer p.mu.Unlock()
		return p.err
	}
	p.queue = append(p.queue, b...)
	if p.idle == nil {
		p.idle, p.late = make(chan struct{}), false
		go p.drain()
	}
	idle, late, full := p.idle, p.late, len(p.queue) > backlog
	p.mu.Unlock()
	switch {
	case full:
		select {
		case <-idle:
		case <-p.gone:
		}
	case !late && !p.flush(patience):
		p.mu.Lock()
		p.late = true
		p.mu.Unlock()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// drain writes until nothing is left to write.
func (p *pump) drain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) > 0 && p.err == nil {
		b := p.queue
		p.queue = nil
		p.mu.Unlock()
		_, err := p.to.Write(b)
		p.mu.Lock()
		if err != nil && p.err == nil {
			p.fail(err)
			if p.lost != nil {
				p.lost()
			}
		}
	}
	close(p.idle)
	p.idle = nil
}

func (p *pump) fail(err error) {
	if p.err == nil {
		p.err = err
		close(p.gone)
	}
}

// busy is closed when everything is written; nil says it is.
func (p *pump) busy() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.idle
}

// flush waits until everything is written, at most for d.
func (p *pump) flush(d time.Duration) bool {
	p.mu.Lock()
	idle, err := p.idle, p.err
	p.mu.Unlock()
	if idle == nil || err != nil {
		return err == nil
	}
	limit := time.NewTimer(d)
	defer limit.Stop()
	select {
	case <-idle:
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.err == nil
	case <-p.gone:
		return false
	case <-limit.C:
		return false
	}
}

// giveUp makes writes fail from now on, those that wait included.
func (p *pump) giveUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail(errGivenUp)
}
