package billing

import (
	"context"
	"time"

	"frontdesk/clients/inboxhealth"
	"frontdesk/state/onboard"
)

// Enterprises lets state/onboard set up enterprises through the client. Errors
// of the client come through as they are.
func Enterprises(inbox *inboxhealth.Client) onboard.Enterprises { return enterprisesOf{inbox} }

type enterprisesOf struct{ inbox *inboxhealth.Client }

// CreateEnterprise sends the enterprise once and returns its number.
func (e enterprisesOf) CreateEnterprise(ctx context.Context, x onboard.Enterprise) (string, error) {
	made, err := e.inbox.CreateEnterprise(ctx, asked(x))
	if err != nil && !isLanded(err) {
		return "", err
	}
	if made.ID == 0 {
		return "", err
	}
	return made.ID.String(), nil
}

// SettleEnterprise looks for one whose answer was lost. Not to be able to tell
// is an error.
func (e enterprisesOf) SettleEnterprise(ctx context.Context, x onboard.Enterprise, sent time.Time) (string, bool, error) {
	s, err := e.inbox.SettleEnterprise(ctx, asked(x), sent)
	switch {
	case err != nil:
		return "", false, err
	case s.Verdict == inboxhealth.Landed:
		return s.ID.String(), true, nil
	case s.Verdict == inboxhealth.DidNot:
		return "", false, nil
	}
	return "", false, refusal("list enterprises", "Several enterprises of this name could be the one, or the list had no end: look at Inbox Health and press d to say what happened.")
}

// asked is the enterprise in the client's words.
func asked(x onboard.Enterprise) inboxhealth.NewEnterprise {
	n := inboxhealth.NewEnterprise{
		Name: x.Name, AddressLine1: x.AddressLine1, AddressLine2: x.AddressLine2, City: x.City, State: x.State, Zip: x.Zip,
		SupportPhoneNumber: x.SupportPhoneNumber, TimeZone: x.TimeZone, StatementDescriptor: x.StatementDescriptor,
		DefaultQuickPayDescription: x.DefaultQuickPayDescription,
		ColorStatements:            &x.ColorStatements, FirstClass: &x.FirstClass, ReturnEnvelope: &x.ReturnEnvelope, Perforation: &x.Perforation,
	}
	for _, p := range x.Practices {
		n.Practices = append(n.Practices, inboxhealth.NewPractice{
			Name: p.Name, AddressLine1: p.AddressLine1, City: p.City, State: p.State, TimeZone: p.TimeZone,
		})
	}
	return n
}
