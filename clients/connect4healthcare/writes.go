package connect4healthcare

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// The document's samples for comments show the address of update_status, which
// would set a status; its resource addresses are the right ones (C4-7).
var (
	opStatus = rest.Op{Name: "update ticket status", Method: http.MethodPost,
		Path: "/{token}/update_status", Effect: rest.Create}
	opComment = rest.Op{Name: "comment on ticket", Method: http.MethodPost,
		Path: "/{token}/create_comment", Effect: rest.Create}
	opCategoryComment = rest.Op{Name: "comment on category", Method: http.MethodPost,
		Path: opComment.Path, Effect: rest.Create}
)

// Statuses are the words for a ticket's status the document shows. The list is
// open and names none for a closed ticket (C4-16): UpdateStatus takes any word.
func Statuses() []string { return []string{"New", "In Progress", "Reopen"} }

// UpdateStatus sets a ticket's status. It is sent once, ever: when the outcome
// is unknown the error is Ambiguous, and StatusSet tells. It may notify people,
// so it is not to be sent again before that.
// POST /{token}/update_status?id=&status=, placed as in the document (C4-8).
func (c *Client) UpdateStatus(ctx context.Context, ticket ID, status string) error {
	if err := checkID(opStatus, "ticket", ticket); err != nil {
		return err
	}
	if strings.TrimSpace(status) == "" {
		return refuseFields(opStatus, map[string]safe.Text{"status": safe.Line("Choose a status.")})
	}
	return c.tell(ctx, opStatus, rest.Call{
		Query:  url.Values{"id": {ticket.String()}, "status": {status}},
		Record: ticket.String(),
	})
}

// Comment adds a general comment. It is sent once, ever: when the outcome is
// unknown the error is Ambiguous, and FindComment tells what can be told. The
// text goes into the body, so that it stands in no address (C4-8).
// POST /{token}/create_comment, ticket_id and comment.
func (c *Client) Comment(ctx context.Context, ticket ID, text string) error {
	return c.comment(ctx, opComment, ticket, text, nil)
}

// CommentCategory adds a comment to one category of a ticket, as Comment does.
// POST /{token}/create_comment, ticket_id, comment and category_id.
func (c *Client) CommentCategory(ctx context.Context, ticket, category ID, text string) error {
	if err := checkID(opCategoryComment, "category", category); err != nil {
		return err
	}
	return c.comment(ctx, opCategoryComment, ticket, text, []string{category.String()})
}

func (c *Client) comment(ctx context.Context, op rest.Op, ticket ID, text string, category []string) error {
	if err := checkID(op, "ticket", ticket); err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		return refuseFields(op, map[string]safe.Text{"comment": safe.Line("The comment is empty: type what it should say.")})
	}
	values := url.Values{"ticket_id": {ticket.String()}, "comment": {text}}
	if category != nil {
		values["category_id"] = category
	}
	return c.tell(ctx, op, rest.Call{Body: rest.Form{Values: values}, Record: ticket.String()})
}
