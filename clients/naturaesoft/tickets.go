package naturaesoft

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// The document reads and writes one ticket under "ticket", and lists tickets
// and comments on one under "tickets" (NS-7). No route creates one (NS-10).
var (
	opTickets = rest.Op{Name: "list tickets", Method: http.MethodGet,
		Path: tenant("/tickets"), Scope: "Tickets"}
	opTicket = rest.Op{Name: "read ticket", Method: http.MethodGet,
		Path: tenant("/ticket/{id}"), Scope: "Tickets"}
	opUpdateTicket = rest.Op{Name: "update ticket", Method: http.MethodPut,
		Path: tenant("/ticket/{id}"), Effect: rest.Create, Scope: "Tickets"}
	opCommentTicket = rest.Op{Name: "comment on ticket", Method: http.MethodPost,
		Path: tenant("/tickets/{id}/comment"), Effect: rest.Create, Scope: "Tickets"}
)

// Ticket is a request to the vendor's support. None of its fields is
// documented: those with usual names are read, and Fields tells all that can be
// edited. Comments mean something only when CommentsKnown; a list may leave
// them out.
type Ticket struct {
	ID                                     ID
	Subject, Status, Priority, Category    safe.Text
	AssignedTo, Reporter, Created, Updated safe.Text // dates as sent: no format is documented
	Description                            safe.Long
	Comments                               []Comment
	CommentsKnown                          bool

	row rest.Object
}

// Comment is one entry of a ticket's conversation.
type Comment struct {
	ID              ID
	Text            safe.Long
	Author, Created safe.Text
}

// Fields are what UpdateTicket accepts for this ticket, as the vendor names
// them and in its order.
func (t Ticket) Fields() []Field { return editable(t.row) }

// Tickets lists the tickets of the practice.
// GET /v1/{PPass}/tickets, scope Tickets.
func (c *Client) Tickets(ctx context.Context) ([]Ticket, error) {
	return ask(ctx, c, opTickets, rest.Call{Path: c.path()}, decodeTickets)
}

// Ticket reads one ticket with its comments; KindNotFound if there is none,
// KindDecode if the answer is another one or holds none.
// GET /v1/{PPass}/ticket/{id}, scope Tickets.
func (c *Client) Ticket(ctx context.Context, id ID) (Ticket, error) {
	if err := checkIDs(opTicket, "ticket", id); err != nil {
		return Ticket{}, err
	}
	return ask(ctx, c, opTicket, rest.Call{Path: c.path("id", string(id))},
		func(raw json.RawMessage) (Ticket, error) {
			o, beside, err := one(raw, "ticket")
			if err != nil {
				return Ticket{}, err
			}
			t, err := decodeTicket(o, beside)
			switch {
			case err == nil && t.ID != "" && t.ID != id:
				err = errors.New("the answer is another ticket than the one asked for")
			case err == nil && !holds(o, "TicketID", "ID", "Subject", "Title", "Summary", "Description", "Status"):
				err = errors.New("the answer holds no ticket")
			}
			t.ID = id
			return t, err
		})
}

// UpdateTicket saves edits of the fields the ticket has (see Fields), or of
// Status in any spelling. The ticket is read once more and its editable fields
// are sent with the edits, since a PUT may clear what it leaves out; a field
// edited here that has meanwhile changed there is KindConflict, and nothing is
// sent.
// PUT /v1/{PPass}/ticket/{id}, scope Tickets.
func (c *Client) UpdateTicket(ctx context.Context, t Ticket, e Edits) error {
	if err := checkIDs(opUpdateTicket, "ticket", t.ID); err != nil {
		return err
	}
	if len(e) == 0 {
		return refuse(opUpdateTicket, "Nothing was changed, so nothing was sent to the Naturaesoft EMR.")
	}
	now, err := c.Ticket(ctx, t.ID)
	if err != nil {
		return err
	}
	known, body := []string{}, map[string]json.RawMessage{}
	for _, f := range now.Fields() {
		known = append(known, f.Name)
		body[f.Name] = now.row.Find(f.Name)
	}
	if now.row.Find("Status") == nil {
		known = append(known, "Status")
	}
	e = spelled(e, "Status", known)
	if wrong := unknownFields(e, known, "The EMR has no such field for this ticket."); len(wrong) > 0 {
		return refuseFields(opUpdateTicket, wrong)
	}
	if err := conflict(opUpdateTicket, t.row, now.row, e); err != nil {
		return err
	}
	for name, value := range e {
		body[name] = typed(now.row.Find(name), value)
	}
	return c.tell(ctx, opUpdateTicket, rest.Call{Path: c.path("id", string(t.ID)), Body: body})
}

// CommentTicket adds a comment in the name of Config.Operator (NS-21). It is
// sent once, ever: when the outcome is unknown the error is Ambiguous, and
// reading the ticket again tells.
// POST /v1/{PPass}/tickets/{id}/comment {"Comment", "Author"}, scope Tickets.
func (c *Client) CommentTicket(ctx context.Context, id ID, text string) error {
	if err := checkIDs(opCommentTicket, "ticket", id); err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		return refuseFields(opCommentTicket, map[string]safe.Text{
			"Comment": safe.Line("The comment is empty: type what it should say."),
		})
	}
	if c.operator == "" {
		return rest.Refusal(vendor, opCommentTicket.Name, rest.KindConfig,
			"A comment needs an author: enter the operator's name in the settings.")
	}
	return c.tell(ctx, opCommentTicket, rest.Call{
		Path: c.path("id", string(id)),
		Body: map[string]string{"Comment": text, "Author": c.operator},
	})
}

func decodeTickets(raw json.RawMessage) ([]Ticket, error) {
	rows, _, err := list(raw, "tickets")
	if err != nil {
		return nil, err
	}
	out := make([]Ticket, len(rows))
	for i, o := range rows {
		if out[i], err = decodeTicket(o, nil); err == nil && out[i].ID == "" {
			err = errors.New("it has no id")
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d of tickets: %w", i+1, err)
		}
	}
	return out, nil
}

func decodeTicket(o, beside rest.Object) (Ticket, error) {
	r := reader{o: o}
	t := Ticket{
		ID:          r.id("TicketID", "ID"),
		Subject:     r.loose("Subject", "Title", "Summary"),
		Description: safe.Paragraphs(r.plain("Description", "Body", "Details", "Message")),
		Status:      r.loose("Status"), Priority: r.loose("Priority"), Category: r.loose("Category"),
		AssignedTo: r.loose("AssignedTo", "Assignee"),
		Reporter:   r.loose("Reporter", "CreatedBy", "Author"),
		Created:    r.loose("CreatedAt", "Created", "CreatedDate", "DateCreated"),
		Updated:    r.loose("UpdatedAt", "Updated", "UpdatedDate", "DateUpdated"),
		row:        o,
	}
	if r.err != nil {
		return t, r.err
	}
	raw := o.Find("Comments")
	if raw == nil {
		raw = beside.Find("Comments")
	}
	var err error
	if t.CommentsKnown = raw != nil; t.CommentsKnown {
		t.Comments, err = decodeComments(raw)
	}
	return t, err
}

// decodeComments takes records or bare texts; a number is a count, which tells
// nothing, so only a list will do.
func decodeComments(raw json.RawMessage) ([]Comment, error) {
	if rest.Void(raw) {
		return nil, nil
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil, errors.New("the comments are not a list")
	}
	out := make([]Comment, len(items))
	for i, item := range items {
		o, err := rest.ParseObject(item)
		if err != nil {
			if json.Unmarshal(item, &out[i].Text) != nil {
				return nil, fmt.Errorf("comment %d cannot be read", i+1)
			}
			continue
		}
		r := reader{o: o}
		out[i] = Comment{
			ID:      r.id("CommentID", "ID"),
			Text:    safe.Paragraphs(r.plain("Comment", "Text", "Body", "Message")),
			Author:  r.loose("Author", "CreatedBy", "User"),
			Created: r.loose("CreatedAt", "Created", "Date", "Timestamp"),
		}
		if r.err != nil {
			return nil, fmt.Errorf("comment %d: %w", i+1, r.err)
		}
	}
	return out, nil
}
