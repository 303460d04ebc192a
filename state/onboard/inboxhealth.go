package onboard

import (
	"context"
	"errors"
	"time"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
)

// Through sets up enterprises by the client. Its errors come through as they
// are.
func Through(inbox *inboxhealth.Client) Enterprises { return through{inbox} }

type through struct{ inbox *inboxhealth.Client }

// CreateEnterprise sends the enterprise once and returns its number, also of one
// that is there although its answer could not be read.
func (t through) CreateEnterprise(ctx context.Context, x Enterprise) (string, error) {
	made, err := t.inbox.CreateEnterprise(ctx, x.Wire())
	if err != nil && !there(err) {
		return "", err
	}
	if made.ID == 0 {
		return "", err
	}
	return made.ID.String(), nil
}

// SettleEnterprise looks for one whose answer was lost. Not to be able to tell
// is an error.
func (t through) SettleEnterprise(ctx context.Context, x Enterprise, sent time.Time) (string, bool, error) {
	s, err := t.inbox.SettleEnterprise(ctx, x.Wire(), sent)
	switch {
	case err != nil:
		return "", false, err
	case s.Verdict == inboxhealth.Landed:
		return s.ID.String(), true, nil
	case s.Verdict == inboxhealth.DidNot:
		return "", false, nil
	}
	return "", false, refuse("Several enterprises of this name could be the one, or the list had no end: look at Inbox Health.")
}

// there reports that the enterprise was made all the same.
func there(err error) bool {
	var l interface{ Landed() bool }
	var bad *rest.Error
	return errors.As(err, &l) && l.Landed() || errors.As(err, &bad) && bad.Phase == rest.Done
}

// Wire is the enterprise in the client's words.
func (e Enterprise) Wire() inboxhealth.NewEnterprise {
	n := inboxhealth.NewEnterprise{
		Name: e.Name, AddressLine1: e.AddressLine1, AddressLine2: e.AddressLine2, City: e.City, State: e.State, Zip: e.Zip,
		SupportPhoneNumber: e.SupportPhoneNumber, TimeZone: e.TimeZone, StatementDescriptor: e.StatementDescriptor,
		DefaultQuickPayDescription: e.DefaultQuickPayDescription,
		ColorStatements:            &e.ColorStatements, FirstClass: &e.FirstClass, ReturnEnvelope: &e.ReturnEnvelope, Perforation: &e.Perforation,
	}
	for _, p := range e.Practices {
		n.Practices = append(n.Practices, inboxhealth.NewPractice{
			Name: p.Name, AddressLine1: p.AddressLine1, City: p.City, State: p.State, TimeZone: p.TimeZone,
		})
	}
	return n
}
