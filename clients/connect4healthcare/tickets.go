package connect4healthcare

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var opTickets = rest.Op{Name: "list tickets", Method: http.MethodGet, Path: "/{token}/tickets"}

// UrgencyID is how the vendor tells a ticket's urgency when asked: a number
// whose meaning it does not document (C4-5). It is not what NewTicket sends.
type UrgencyID int64

// String returns "#3", "" when no urgency is told.
func (u UrgencyID) String() string {
	if u == 0 {
		return ""
	}
	return "#" + ID(u).String()
}

// Ticket is one entry of the list. Times are as sent, with their own offset;
// zero when the vendor gave none that can be read. The texts from Start on have
// a value in no example and are shown as they come.
type Ticket struct {
	ID                   ID
	Title                safe.Text
	Status               safe.Text // any word of the vendor's (C4-16)
	Resident, Employee   ID
	Urgency              UrgencyID
	CreatedAt, UpdatedAt time.Time
	State                Flag // meaning not documented
	Read                 Flag // sent by later versions only

	Start, End, Type    safe.Text
	SMS, Email          safe.Text
	SentToPrimary       safe.Text // the vendor spells it sentsent_to_primary (C4-4)
	SentToFamily        safe.Text
	SentToProfessionals safe.Text
}

// A wireTicket is a ticket in the vendor's form.
type wireTicket struct {
	ID        ID    `json:"id"`
	Title     loose `json:"title"`
	Status    loose `json:"ticket_status"`
	Resident  ID    `json:"resident_id"`
	Employee  ID    `json:"employee_id"`
	Urgency   ID    `json:"urgency_status_id"`
	Created   stamp `json:"created_at"`
	Updated   stamp `json:"updated_at"`
	State     Flag  `json:"state"`
	Read      Flag  `json:"read"`
	Start     loose `json:"start_date"`
	End       loose `json:"end_date"`
	Type      loose `json:"ticket_type"`
	SMS       loose `json:"sms"`
	Email     loose `json:"email"`
	Primary   loose `json:"sentsent_to_primary"`
	Spelt     loose `json:"sent_to_primary"`
	Family    loose `json:"sent_to_family"`
	HealthPro loose `json:"sent_to_healthcare_pro"`
}

// record refuses a ticket without an id.
func (in wireTicket) record() (Ticket, error) {
	if in.ID <= 0 {
		return Ticket{}, errors.New("a ticket has no id")
	}
	primary := in.Primary.Text
	if primary.Empty() {
		primary = in.Spelt.Text
	}
	return Ticket{
		ID: in.ID, Title: in.Title.Text, Status: in.Status.Text,
		Resident: in.Resident, Employee: in.Employee, Urgency: UrgencyID(in.Urgency),
		CreatedAt: in.Created.Time, UpdatedAt: in.Updated.Time, State: in.State, Read: in.Read,
		Start: in.Start.Text, End: in.End.Text, Type: in.Type.Text,
		SMS: in.SMS.Text, Email: in.Email.Text, SentToPrimary: primary,
		SentToFamily: in.Family.Text, SentToProfessionals: in.HealthPro.Text,
	}, nil
}

// Tickets lists all tickets of the provider. There are no pages and no filter,
// so it is not to be polled more often than PollEvery.
// GET /{token}/tickets.
func (c *Client) Tickets(ctx context.Context) ([]Ticket, error) {
	a, err := rest.Do[ticketList](ctx, c.transport, opTickets, rest.Call{})
	return a, err
}

// ticketList is {"ticket": [...]}, whose name is singular (C4-10).
type ticketList []Ticket

// UnmarshalJSON takes "ticket" or "tickets", a list or one record.
func (l *ticketList) UnmarshalJSON(raw []byte) error {
	var in struct {
		Ticket  list[wireTicket] `json:"ticket"`
		Tickets list[wireTicket] `json:"tickets"`
	}
	if json.Unmarshal(raw, &in) != nil {
		return errors.New("the tickets cannot be read")
	}
	if in.Ticket == nil {
		in.Ticket = in.Tickets
	}
	all, err := rows(in.Ticket)
	*l = all
	return err
}
