package console

import (
	"context"

	"frontdesk/state/booking"
	"frontdesk/state/people"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/ui/tty"
	"frontdesk/views/library"
	"frontdesk/views/prospects"
	"frontdesk/views/slots"
)

// stage is what the tabs stand on.
type stage struct {
	o      Options
	env    *ui.Env
	to     *vendors
	box    bench
	ledger *store.DB
	book   *booking.Book
	actor  booking.Actor
	wall   *tty.Wall

	ends []func() // closes what was opened, in order
}

func (s *stage) close() {
	for _, end := range s.ends {
		end()
	}
}

// tabs makes them in the order they stand on the screen. A tab whose vendors
// the profile does not use is not there. Databases only one tab needs are
// opened when it is first looked at.
func (s *stage) tabs(ctx context.Context) ([]ui.View, error) {
	board := ticketBoard(s.o, s.env, s.to, s.ledger, s.actor, s.wall.Lend)
	s.ends = append(s.ends, board.Close)
	enrollment, err := s.enrollment(ctx)
	if err != nil {
		return nil, err
	}
	tabs := []ui.View{s.slots(), s.people(ctx), board.View}
	for _, tab := range []ui.View{s.bills(ctx), enrollment} {
		if tab != nil {
			tabs = append(tabs, tab)
		}
	}
	return append(tabs, library.New(s.env, s.to.emr, library.Options{Dir: s.o.Files}), ties(s.env, s.o, s.to, s.box)), nil
}

func (s *stage) slots() ui.View {
	p := s.o.Profile
	return slots.New(s.env, s.to.emr, s.book, slots.Options{
		Durations: p.Durations, VisitTypes: p.VisitTypes, Actor: s.actor, Dir: s.o.Files,
	})
}

func (s *stage) people(ctx context.Context) ui.View {
	everybody := lazily(func() (*store.DB, error) {
		return store.Open(ctx, store.Options{Path: beside(s.o.Ledger), Group: s.o.Profile.LedgerGroup, Migrations: people.Migrations})
	})
	s.ends = append(s.ends, everybody.close)
	tab := prospects.New(s.env, s.to.emr, prospects.Options{
		Who: s.actor.String(), Dir: s.o.Files,
		Book: func(context.Context) (*people.Book, error) {
			db, err := everybody.open()
			return people.Open(db, s.actor.User), err
		},
	})
	s.env.Callers = tab.Title()
	return tab
}
