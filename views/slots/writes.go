package slots

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/booking"
	"frontdesk/state/people"
	"frontdesk/ui"
)

// asked is a request for a visit, as the outbox keeps it.
type asked struct {
	Booking  string
	Fence    int64
	Prospect naturaesoft.ID
	person   naturaesoft.Prospect // of this session: the outbox keeps no rows
}

// calledOff is a cancellation, as the outbox keeps it. Entries of earlier
// versions can have a free text as their reason.
type calledOff struct{ Booking, Reason string }

// emrName is the vendor of this tab's writes in the outbox.
const emrName = "Naturaesoft EMR"

func newRequester(v *View) *ui.Sender[asked, booking.Booking] {
	book := v.book
	return ui.NewSender(v.env, ui.Write[asked, booking.Booking]{
		Vendor: emrName, Op: "request visit", Words: "request the visit",
		Send: func(ctx ctx, a asked) (booking.Booking, error) {
			if a.person.ID == "" {
				return booking.Booking{}, errGonePerson
			}
			return book.Request(ctx, a.Booking, a.Fence, a.person)
		},
		ReadBack: func(ctx ctx, a asked, _ time.Time) (ui.Landing, error) {
			b, err := book.Resolve(ctx, a.Booking)
			return requestLanding(b, err)
		},
	})
}

// requestLanding is what the ledger, having read the person's notes, says of a
// request. A hold whose request did not land is offered by its own page.
func requestLanding(b booking.Booking, err error) (ui.Landing, error) {
	var unclear *booking.UnknownError
	switch {
	case errors.As(err, &unclear):
		return ui.CannotTell, nil
	case err != nil && b.State == booking.Unknown:
		return ui.CannotTell, err
	case b.State == booking.Held, b.State == booking.Expired, b.State == booking.Released:
		return ui.Reopened, nil
	}
	return ui.Landed, nil
}

func newCanceller(v *View) *ui.Sender[calledOff, booking.Booking] {
	book := v.book
	return ui.NewSender(v.env, ui.Write[calledOff, booking.Booking]{
		Vendor: emrName, Op: "cancel visit", Words: "cancel the visit",
		Send: func(ctx ctx, c calledOff) (booking.Booking, error) {
			return book.Cancel(ctx, c.Booking, booking.CodedWhy(c.Reason))
		},
		// Cancel looks the note up before it writes: cancelling again is the
		// person's to do, on the visit's page.
		ReadBack: func(ctx ctx, c calledOff, _ time.Time) (ui.Landing, error) {
			return cancelLanding(book.Load(ctx, c.Booking))
		},
	})
}

// cancelLanding is what the ledger says of a cancellation.
func cancelLanding(b booking.Booking, err error) (ui.Landing, error) {
	if err == nil && b.State == booking.Cancelled {
		return ui.Landed, nil
	}
	return ui.CannotTell, err
}

func newAdder(v *View) *ui.Sender[people.New, naturaesoft.Prospect] {
	emr := v.emr
	return ui.NewSender(v.env, ui.Write[people.New, naturaesoft.Prospect]{
		Vendor: emrName, Op: "create prospect", Words: "add the person",
		Send: func(ctx ctx, n people.New) (naturaesoft.Prospect, error) {
			return people.Create(ctx, emr, n.Edits)
		},
		ReadBack: func(ctx ctx, n people.New, _ time.Time) (ui.Landing, error) {
			_, found, err := people.Created(ctx, emr, "", n.Edits)
			switch {
			case err != nil:
				return ui.CannotTell, err
			case found:
				return ui.Landed, nil
			}
			return ui.DidNot, nil
		},
	})
}

var errGonePerson = gonePerson{}

// gonePerson refuses a request of an earlier session.
type gonePerson struct{}

func (gonePerson) Error() string { return "person of an earlier session" }

// UserMessage says what to do instead.
func (gonePerson) UserMessage() string {
	return "This request is from an earlier session and was not sent. Take it back, open the visit in the book, pick the person again and request it."
}

// request sends what has been agreed; what is missing is said.
func (p *visit) request() tea.Cmd {
	person, ok := p.v.people[p.b.Prospect]
	switch {
	case p.b.Prospect == "":
		p.v.env.Fail("Nobody is picked yet. Press p to find the person or a to add one.")
		return nil
	case !ok:
		p.v.env.Fail("This hold is from an earlier session. Press p and pick the person again: the ledger keeps no names.")
		return nil
	case !p.read:
		p.v.env.Fail("The visit has not been read back yet. Press s, read it to the caller and press enter when they agree.")
		return nil
	}
	return p.asks.Start(p.b.ID, asked{Booking: p.b.ID, Fence: p.b.Fence, Prospect: person.ID, person: person}, nil)
}
