package cli

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/state/booking"
)

func (s *suite) slotsReconcile() *cobra.Command {
	type change struct {
		entry
		Was string `json:"was" head:"was"`
	}
	type report struct {
		Asked   int      `json:"asked" head:"providers asked"`
		Changes []change `json:"changes" head:"changes"`
		Failed  []string `json:"failed"`
	}
	return s.command(deed{
		use: "reconcile", short: "Compare every open visit with the schedule",
		long: "reconcile reads the schedule of every provider with an open visit and writes what changed. It also finds out\n" +
			"what an earlier run left on its way. It ends with 5 when a schedule could not be read.",
		json: shape[report]("reconcile", false),
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
			out := report{Asked: found.Asked, Changes: []change{}, Failed: []string{}}
			for _, c := range found.Changes {
				out.Changes = append(out.Changes, change{visitOf(c.Booking), string(c.Was)})
			}
			var failed error
			for id, err := range found.Failed {
				out.Failed, failed = append(out.Failed, string(id)), err
				r.say("Provider %s: %s", id, Sentence(err))
			}
			for id, err := range found.Unmoved {
				r.say("Visit %s could not be cancelled: %s", id, Sentence(err))
			}
			slices.Sort(out.Failed)
			return errors.Join(one(r, "reconcile", "", out), failed)
		},
	})
}

// entry is a record of the ledger, for both forms of output.
type entry struct {
	ID       string `json:"id" head:"visit"`
	Code     string `json:"code" head:"code"`
	State    string `json:"state" head:"state"`
	Provider string `json:"provider" head:"provider"`
	Date     string `json:"date" head:"date"`
	Time     string `json:"time" head:"time"`
	Minutes  int    `json:"minutes" head:"min"`
	Type     string `json:"type" head:"type"`
	Person   string `json:"person" head:"person"`
	Owner    string `json:"owner" head:"owner"`
	Expires  string `json:"expires"`
	Left     int    `json:"seconds_left" head:"left (s)"`
	Seen     string `json:"visit_id" head:"EMR visit"`
	Warnings string `json:"warnings" head:"warnings"`
}

var visitShape = shape[entry]("visit", false)

func visitOf(b booking.Booking) entry {
	expires := ""
	if b.State == booking.Held {
		expires = stamp(b.Expires)
	}
	return entry{b.ID, b.Code, string(b.State), string(b.Provider), b.Date.String(), hhmm(b.Time), b.Duration, b.VisitType,
		string(b.Prospect), b.Owner.String(), expires, int(b.Left / time.Second), string(b.Visit), strings.Join(b.Warnings, " ")}
}
