package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/booking"
	"frontdesk/state/desk"
)

// emrName is the EMR in the outbox, as the screen has it.
const emrName = "Naturaesoft EMR"

// asked is a request for a visit, as the outbox keeps it; the screen reads it
// too.
type asked struct {
	Booking  string
	Fence    int64
	Prospect naturaesoft.ID
}

var requestVisit = write[asked, booking.Booking]{
	vendor: emrName, op: "request visit", route: "PUT /v1/{PPass}/prospects/{id}, then POST /v1/{PPass}/tags/prospects/{id}",
	send: func(ctx context.Context, r *run, a asked) (booking.Booking, error) {
		book, err := r.ledger()
		if err != nil {
			return booking.Booking{}, err
		}
		p, err := r.person(ctx, a.Prospect)
		if err != nil {
			return booking.Booking{}, err
		}
		return book.Request(ctx, a.Booking, a.Fence, p)
	},
	back: func(ctx context.Context, r *run, a asked, _ time.Time) (desk.Finding, error) {
		book, err := r.ledger()
		if err != nil {
			return desk.CannotTell, err
		}
		if _, err := book.Recover(ctx); err != nil {
			return desk.CannotTell, err
		}
		b, err := book.LookUp(ctx, a.Booking)
		if err == nil {
			err = notAsked(b)
		}
		if err != nil {
			return desk.CannotTell, err
		}
		return desk.Landed, nil
	},
}

// notAsked is not nil for a visit whose request, by the word of the ledger, did
// not land.
func notAsked(b booking.Booking) error {
	if b.State == booking.Held || b.State == booking.Expired || b.State == booking.Released {
		return &reopened{b}
	}
	return nil
}

// reopened tells that a request did not land: the visit is where it was before.
type reopened struct{ visit booking.Booking }

func (*reopened) Error() string { return "the request did not land" }

// UserMessage says how to go on.
func (e *reopened) UserMessage() string {
	if e.visit.State == booking.Held {
		return "It did not land. The visit is held again: request it with frontdesk slots request " + e.visit.Code + "."
	}
	return "It did not land, and the visit is not held any more: hold a time again."
}

// holding are the flags of a hold.
type holding struct {
	minutes             int
	visitType, override string
}

func (h *holding) flags(c *cobra.Command) {
	length(c, &h.minutes)
	c.Flags().StringVar(&h.visitType, "type", "", "the `type` of visit, as the practice names it: NEW")
	c.Flags().StringVar(&h.override, "override", "", "hold it although it is taken, for this `reason`; no patient's name")
}

func (r *run) hold(o booking.Opening, h holding, person naturaesoft.ID) (booking.Booking, error) {
	book, err := r.ledger()
	if err != nil {
		return booking.Booking{}, err
	}
	b, err := book.Hold(r.ctx, o, h.visitType, booking.HoldOptions{Prospect: person, Reason: h.override})
	if err == nil && b.Unchecked() {
		r.say("The EMR could not be asked whether this is free; it is asked again before the request.")
	}
	return b, err
}

func (s *suite) slotsHold() *cobra.Command {
	var h holding
	return s.command(deed{
		use: "hold " + slotArgs, short: "Hold a time for a few minutes", args: cobra.ExactArgs(3),
		long: "hold keeps a time in the ledger that the desks share, for as long as the profile says (hold). No vendor is told;\n" +
			"the EMR is asked whether it is free. Request it with frontdesk slots request.",
		json: visitShape, flags: h.flags, ids: slotIDs, values: seeking, dry: true,
		do: func(r *run, args []string) error {
			o, err := r.slot(args, h.minutes)
			if err != nil {
				return err
			}
			if r.dry {
				return r.dryHold(o, h)
			}
			b, err := r.hold(o, h, "")
			if err != nil {
				return err
			}
			return one(r, "visit", "", visitOf(b))
		},
	})
}

// try tells what a hold would meet, without holding: a time that is kept or not
// free is an error.
func (r *run) try(o booking.Opening, h holding, person naturaesoft.ID) error {
	book, err := r.ledger()
	if err != nil {
		return err
	}
	return book.Try(r.ctx, o, booking.HoldOptions{Prospect: person, Reason: h.override})
}

// dryHold shows what a hold would keep.
func (r *run) dryHold(o booking.Opening, h holding) error {
	if err := r.try(o, h, ""); err != nil {
		return err
	}
	return write[map[string]any, any]{vendor: "the ledger of this practice", op: "hold", route: "no vendor is told"}.dryRun(r, "", map[string]any{
		"provider": o.Provider.ID, "provider_name": named(o.Provider), "date": o.Date.String(), "time": hhmm(o.Time), "minutes": o.Duration,
		"type": h.visitType,
	})
}

// script is what is read back to the caller.
func (r *run) script(book *booking.Book, b booking.Booking, p naturaesoft.Provider) string {
	words, _ := booking.Script(booking.DefaultScript, book.Spoken(b, p))
	return words
}

// visitID finds a visit by its id or its code.
func (r *run) visitID(book *booking.Book, name string) (booking.Booking, error) {
	b, err := book.Load(r.ctx, name)
	var missing *booking.MissingError
	if !errors.As(err, &missing) {
		return b, err
	}
	all, listErr := book.List(r.ctx, booking.Filter{})
	for _, b := range all {
		if strings.EqualFold(b.Code, name) {
			return b, listErr
		}
	}
	return b, errors.Join(listErr, err)
}

func (s *suite) slotsRequest() *cobra.Command {
	var person string
	return s.command(deed{
		use: "request <visit> --person <id>", short: "Write a held visit to the person's notes", args: cobra.ExactArgs(1),
		long: "request writes a visit that is held to the person's notes, for whoever types it into the EMR, and puts the\n" +
			"practice's tag on the person. It asks the EMR again whether the time is free. <visit> is an id or a code.",
		json: visitShape, writes: true, ids: heldIDs, values: seeking,
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&person, "person", "", "the `id` of the person: see frontdesk prospects search")
		},
		do: func(r *run, args []string) error {
			book, err := r.ledger()
			if err != nil {
				return err
			}
			b, err := r.visitID(book, args[0])
			if err != nil {
				return err
			}
			if person != "" {
				if err := b.OnlyFor(naturaesoft.ID(person)); err != nil {
					return err
				}
				b.Prospect = naturaesoft.ID(person)
			}
			return r.request(book, b)
		},
	})
}

// request asks and sends; what comes of it is written.
func (r *run) request(book *booking.Book, b booking.Booking) error {
	if b.State == booking.Partial || b.State == booking.Unknown {
		return r.finish(b)
	}
	if !b.Prospect.Valid() {
		return Usage(errors.New("nobody is picked for this visit: give the person's id with --person"))
	}
	switch {
	case b.State != booking.Held && b.State.Live():
		r.say("This visit is %s already. Nothing was sent.", b.State.Word())
		return one(r, "visit", string(b.Prospect), visitOf(b))
	case r.dry && b.State != booking.Held:
		return &booking.LeaseError{Booking: b}
	case r.dry && !b.Owner.Same(booking.Here()):
		return &booking.LeaseError{Booking: b, Foreign: true}
	case r.dry:
		if _, err := r.person(r.ctx, b.Prospect); err != nil {
			return err
		}
		return r.dryRequest(book, b)
	}
	p, err := r.to.EMR.Provider(r.ctx, b.Provider)
	if err != nil {
		return err
	}
	if err := r.agree(fmt.Sprintf("Request the visit for %s? Read back: %s", b.Prospect, r.script(book, b, p))); err != nil {
		return err
	}
	done, err := requestVisit.do(r, string(b.Prospect), asked{b.ID, b.Fence, b.Prospect})
	if err != nil {
		return err
	}
	r.halted(book)
	if err := one(r, "visit", string(done.Prospect), visitOf(done)); err != nil || done.State != booking.Partial {
		return err
	}
	return &untagged{done.Code}
}

// dryRequest shows what a request would send.
func (r *run) dryRequest(book *booking.Book, b booking.Booking) error {
	w := requestVisit
	w.shown = func(asked) any {
		return map[string]string{"ProviderID": string(b.Provider), "Notes": "... " + book.Note(b), "tag": r.Profile.RequestedTag}
	}
	return w.dryRun(r, string(b.Prospect), asked{})
}

// halted says that no prospect is to be written any more.
func (r *run) halted(book *booking.Book) {
	if why := book.Halted(); why != "" {
		r.say("%s Write no more people before somebody has looked into it.", why)
	}
}

// heldIDs completes a visit that can be requested.
func heldIDs(r *run, args []string) ([]string, error) {
	if len(args) > 0 {
		return nil, nil
	}
	book, err := r.ledger()
	if err != nil {
		return nil, err
	}
	all, err := book.List(r.ctx, booking.Filter{States: []booking.State{booking.Held, booking.Partial, booking.Unknown}, Mine: true})
	var ids []string
	for _, b := range all {
		ids = append(ids, hinted(b.Code, fmt.Sprintf("%s %s %s with %s", b.State, b.Date, hhmm(b.Time), b.Provider)))
	}
	return ids, err
}

func (s *suite) slotsBook() *cobra.Command {
	var h holding
	var person string
	return s.command(deed{
		use: "book " + slotArgs + " --person <id>", short: "Hold a time and request it for a person", args: cobra.ExactArgs(3),
		long: "book holds a time and requests it at once: hold and request in one. What could not be requested is given back.\n" +
			"The EMR's API cannot book: somebody types the visit into the EMR; follow it with frontdesk slots reconcile.",
		json: visitShape, writes: true, ids: slotIDs, values: seeking,
		flags: func(c *cobra.Command) {
			h.flags(c)
			c.Flags().StringVar(&person, "person", "", "the `id` of the person: see frontdesk prospects search")
		},
		do: func(r *run, args []string) error {
			if !naturaesoft.ID(person).Valid() {
				return Usage(errors.New("give the id of the person with --person: see frontdesk prospects search"))
			}
			o, err := r.slot(args, h.minutes)
			if err != nil {
				return err
			}
			if _, err := r.person(r.ctx, naturaesoft.ID(person)); err != nil {
				return err
			}
			book, err := r.ledger()
			if err != nil {
				return err
			}
			if r.dry { // the code is made with the hold
				if err := r.try(o, h, naturaesoft.ID(person)); err != nil {
					return err
				}
				return r.dryRequest(book, booking.Booking{Code: "....", Provider: o.Provider.ID, Prospect: naturaesoft.ID(person),
					Date: o.Date, Time: o.Time, Duration: o.Duration, VisitType: h.visitType})
			}
			b, err := r.hold(o, h, naturaesoft.ID(person))
			if err != nil {
				return err
			}
			err = r.request(book, b)
			if err != nil && !maybe(err) {
				_, bad := book.Release(context.WithoutCancel(r.ctx), b.ID, b.Fence)
				err = errors.Join(err, bad)
			}
			return err
		},
	})
}
