package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/state/booking"
	"frontdesk/state/desk"
)

// outdated is a visit that another one replaces, as the outbox keeps it; the
// screen reads it too.
type outdated struct{ Booking string }

var cancelReplaced = write[outdated, booking.Booking]{
	vendor: emrName, op: "cancel replaced visit", route: "PUT /v1/{PPass}/prospects/{id}, one line more in the notes",
	send: func(ctx context.Context, r *run, o outdated) (booking.Booking, error) {
		book, err := r.ledger()
		if err != nil {
			return booking.Booking{}, err
		}
		return book.CancelReplaced(ctx, o.Booking)
	},
	back: func(ctx context.Context, r *run, o outdated, _ time.Time) (desk.Finding, error) {
		book, err := r.ledger()
		if err != nil {
			return desk.CannotTell, err
		}
		b, err := book.Load(ctx, o.Booking)
		if err == nil && b.State == booking.Cancelled {
			return desk.Landed, nil
		}
		return desk.CannotTell, err
	},
}

// moved is a record that a look at the schedule changed.
type moved struct {
	entry
	Was string `json:"was" head:"was"`
}

// compared is what a look at the schedule brought.
type compared struct {
	Asked   int      `json:"asked" head:"providers asked"`
	Changes []moved  `json:"changes" head:"changes"`
	Waiting []entry  `json:"to_cancel" head:"replaced, to be cancelled"`
	Failed  []string `json:"failed" head:"providers that did not answer"`
}

func (s *suite) slotsReconcile() *cobra.Command {
	return s.command(deed{
		use: "reconcile", short: "Compare every open visit with the schedule",
		long: "reconcile reads the schedule of every provider with an open visit and writes what changed. It also finds out\n" +
			"what an earlier run left on its way. A visit that was moved is cancelled once its replacement is on the schedule:\n" +
			"one line goes to the person's notes. With --dry-run that line is not sent, and to_cancel names the visits.\n" +
			"It ends with 5 when a schedule could not be read.",
		json: shape[compared]("reconcile", false), dry: true,
		do: func(r *run, _ []string) error {
			book, err := r.ledger()
			if err != nil {
				return err
			}
			if _, err := book.Recover(r.ctx); err != nil {
				return err
			}
			found, err := book.Reconcile(r.ctx)
			if err != nil {
				return err
			}
			return r.reconciled(found)
		},
	})
}

// reconciled cancels what was replaced and writes the report.
func (r *run) reconciled(found booking.Report) error {
	out := compared{Asked: found.Asked, Changes: []moved{}, Waiting: []entry{}, Failed: []string{}}
	for _, c := range found.Changes {
		out.Changes = append(out.Changes, moved{visitOf(c.Booking), string(c.Was)})
	}
	var failed error
	for id, err := range found.Failed {
		out.Failed, failed = append(out.Failed, string(id)), err
		r.say("Provider %s: %s", id, Sentence(err))
	}
	slices.Sort(out.Failed)
	for _, err := range found.Unmoved {
		r.say("%s", Sentence(err))
		failed = errors.Join(failed, err)
	}
	for _, b := range found.Replaced {
		if r.dry {
			out.Waiting = append(out.Waiting, visitOf(b))
			continue
		}
		done, err := cancelReplaced.do(r, b.ID, outdated{b.ID})
		if err != nil {
			r.say("Visit %s is replaced and could not be cancelled.", b.Code)
			out.Waiting, failed = append(out.Waiting, visitOf(b)), errors.Join(failed, err)
			continue
		}
		out.Changes = append(out.Changes, moved{visitOf(done), string(b.State)})
	}
	if r.dry {
		r.say("Nothing was sent.")
	}
	return errors.Join(one(r, "reconcile", "", out), failed)
}

// entry is a record of the ledger, for both forms of output.
type entry struct {
	ID       string `json:"id" head:"visit"`
	Code     string `json:"code" head:"code"`
	State    string `json:"state" head:"state"`
	Provider string `json:"provider" head:"provider"`
	Date     string `json:"date" head:"date"`
	Time     string `json:"time" head:"time"`
	Minutes  int    `json:"minutes" head:"minutes"`
	Type     string `json:"type" head:"type"`
	Person   string `json:"person" head:"person"`
	Owner    string `json:"owner" head:"owner"`
	Expires  moment `json:"expires"`
	Left     left   `json:"seconds_left" head:"left"`
	Seen     string `json:"visit_id" head:"EMR visit"`
	Warnings string `json:"warnings" head:"warnings"`
}

// left is how many seconds a hold still lasts; 0 of what is no hold.
type left int

// String is minutes and seconds, as sentences have it.
func (l left) String() string {
	if l <= 0 {
		return ""
	}
	return fmt.Sprintf("%d:%02d", l/60, l%60)
}

var visitShape = shape[entry]("visit", false)

func visitOf(b booking.Booking) entry {
	var expires moment
	if b.State == booking.Held {
		expires = stamp(b.Expires)
	}
	return entry{b.ID, b.Code, string(b.State), string(b.Provider), b.Date.String(), hhmm(b.Time), b.Duration, b.VisitType,
		string(b.Prospect), b.Owner.String(), expires, left(b.Left / time.Second), string(b.Visit), strings.Join(b.Warnings, " ")}
}
