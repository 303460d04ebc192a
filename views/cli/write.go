package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/state/desk"
	"frontdesk/state/people"
)

// noWindows is a desk whose writes are not held back: without a screen nobody
// could take them back.
var noWindows = map[string]time.Duration{}

// A write is one kind of write, declared once with all the outbox has to know.
// P is what is sent, in a form that survives as JSON.
type write[P, T any] struct {
	vendor, op string // names, never values; they find it again in the outbox
	class      string // as of the screen's undo windows; "" is plain
	route      string // as the document has it, for --dry-run
	send       func(context.Context, *run, P) (T, error)
	// back asks what became of a write begun at since. nil: it cannot be told.
	// When its absence is to be believed the outbox decides.
	back func(ctx context.Context, r *run, p P, since time.Time) (desk.Finding, error)
	// word is told what a person saw of p at the vendor, where more than the
	// outbox has to know it; nil: nothing has. *halfDone as of back.
	word func(ctx context.Context, r *run, p P, landed bool) error
	// shown is what --dry-run shows of p; nil: p itself.
	shown func(P) any
}

// kind is what the outbox's commands need of every write.
type kind interface {
	names() (vendor, op string)
	is(vendor, op string) bool
	readBack(context.Context, *run, desk.Item) (desk.Finding, error)
	again(context.Context, *run, desk.Item) error
	declare(context.Context, *run, desk.Item, bool) error
}

func (w write[P, T]) names() (vendor, op string) { return w.vendor, w.op }

func (w write[P, T]) is(vendor, op string) bool { return w.vendor == vendor && w.op == op }

// do writes p down in the outbox and sends it once.
func (w write[P, T]) do(r *run, record string, p P) (T, error) {
	var v T
	payload, err := json.Marshal(p)
	if err != nil {
		return v, err
	}
	class := w.class
	if class == "" {
		class = "write"
	}
	it, err := r.desk.Outbox.Enqueue(r.ctx, desk.Intent{Vendor: w.vendor, Op: w.op, Class: class, Record: record, Payload: payload})
	if err != nil {
		return v, err
	}
	err = r.desk.Send(r.ctx, it.ID, func(ctx context.Context) (err error) { v, err = w.send(ctx, r, p); return err })
	return v, r.doubted(it.ID, err)
}

// doubted is err, marked when what was sent may have landed.
func (r *run) doubted(entry string, err error) error {
	if ended(err).State != desk.Unknown {
		return err
	}
	return &doubt{entry, r.ctx.Err() != nil, err}
}

// dryRun shows what do would send.
func (w write[P, T]) dryRun(r *run, record string, p P) error {
	var what any = p
	if w.shown != nil {
		what = w.shown(p)
	}
	d := drill{Vendor: w.vendor, Operation: w.op, Route: w.route, Record: record, Send: what}
	r.say("Nothing was sent.")
	if r.json {
		return wrapJSON(r.out, "dry_run", d, false)
	}
	body, err := plainJSON(what)
	if err != nil {
		return err
	}
	var tidy bytes.Buffer
	if err := json.Indent(&tidy, body, "", "  "); err != nil {
		return err
	}
	about := ""
	if record != "" {
		about = " about " + record
	}
	_, err = fmt.Fprintf(r.out, "Would be sent once to %s: %s%s\n%s\n%s\n", w.vendor, w.op, about, w.route, tidy.String())
	return err
}

// drill is what --dry-run writes.
type drill struct {
	Vendor    string `json:"vendor"`
	Operation string `json:"operation"`
	Route     string `json:"route"`
	Record    string `json:"record"`
	Send      any    `json:"send"`
}

// payload opens what an entry holds.
func (w write[P, T]) payload(it desk.Item) (p P, err error) {
	if it.Lost || len(it.Payload) == 0 {
		return p, desk.ErrLost
	}
	return p, json.Unmarshal(it.Payload, &p)
}

func (w write[P, T]) readBack(ctx context.Context, r *run, it desk.Item) (desk.Finding, error) {
	p, err := w.payload(it)
	if err != nil || w.back == nil {
		return desk.CannotTell, err
	}
	return w.back(ctx, r, p, it.Created)
}

func (w write[P, T]) again(ctx context.Context, r *run, it desk.Item) error {
	p, err := w.payload(it)
	if err != nil {
		return err
	}
	return r.doubted(it.ID, r.desk.Send(ctx, it.ID, func(ctx context.Context) error { _, err := w.send(ctx, r, p); return err }))
}

func (w write[P, T]) declare(ctx context.Context, r *run, it desk.Item, landed bool) error {
	if w.word == nil || it.Lost {
		return nil
	}
	p, err := w.payload(it)
	if err != nil {
		return err
	}
	return w.word(ctx, r, p, landed)
}

// halfDone tells that what was sent of several requests has landed, and that
// the others were never sent: sending the entry goes on behind what landed.
type halfDone struct{ words string }

func (*halfDone) Error() string { return "landed, and not all was sent" }

// UserMessage says what is there and how to go on.
func (e *halfDone) UserMessage() string {
	return e.words + " The rest was not sent: send it with frontdesk outbox send."
}

// doubt is a write that may have landed: exit code 6, or 130 where somebody
// interrupted it.
type doubt struct {
	id          string // in the outbox
	interrupted bool
	cause       error
}

func (e *doubt) Error() string { return "it may have landed: " + e.cause.Error() }
func (e *doubt) Unwrap() error { return e.cause }

// UserMessage says how to find out.
func (e *doubt) UserMessage() string {
	words := strings.TrimSpace(rest.UserMessage(e.cause))
	if e.interrupted {
		words = interrupted
	}
	return words + "\nDo not send it again before you know. Find out with: frontdesk outbox settle " + e.id
}

// maybe reports an error after which a write may have landed.
func maybe(err error) bool {
	var d *doubt
	var still *stillUnknown
	var sent *rest.Error
	var unseen *people.CreatedError // the EMR said yes, and shows nobody
	return errors.As(err, &unseen) || errors.As(err, &d) || errors.As(err, &still) || unclear(err) || errors.As(err, &sent) && sent.Ambiguous
}
