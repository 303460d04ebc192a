package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"frontdesk/assets"
)

// ticketTexts are the fields of a ticket which may be written. The document
// names none beside the status.
var ticketTexts = []string{"Subject", "Description", "Status", "Priority", "Category", "AssignedTo"}

func ticketRows(now time.Time) *table {
	t := &table{key: "TicketID"}
	comment := 0
	for _, a := range assets.Tickets() {
		comments, touched := []row{}, a.AgeHours
		for _, c := range a.Comments {
			comment++
			comments = append(comments, row{
				"CommentID": comment, "Comment": c.Text, "Author": c.Author, "CreatedAt": stamp(now, c.AgeHours),
			})
			touched = c.AgeHours
		}
		t.add(row{
			"Subject": a.Subject, "Description": a.Description, "Status": a.Status, "Priority": a.Priority,
			"Category": a.Category, "AssignedTo": a.AssignedTo,
			"CreatedAt": stamp(now, a.AgeHours), "UpdatedAt": stamp(now, touched), "Comments": comments,
		})
	}
	return t
}

func stamp(now time.Time, hoursAgo int) string {
	return now.Add(-time.Duration(hoursAgo) * time.Hour).UTC().Format(time.RFC3339)
}

// listTickets is GET /v1/{PPass}/tickets. Comments come with one ticket only.
func (n *naturaesoft) listTickets(*call) (reply, error) {
	return whole(lacking("Comments", n.tickets.rows)), nil
}

// oneTicket is GET /v1/{PPass}/ticket/{id}, in the singular.
func (n *naturaesoft) oneTicket(c *call) (reply, error) {
	_, r, err := c.row(n.tickets, "Ticket")
	return data(r), err
}

// updateTicket is PUT /v1/{PPass}/ticket/{id}, in the singular. Fields left
// out keep their values.
func (n *naturaesoft) updateTicket(c *call) (reply, error) {
	id, _, err := c.row(n.tickets, "Ticket")
	if err != nil {
		return reply{}, err
	}
	given, err := c.object()
	if err != nil {
		return reply{}, err
	}
	if err := onlyTexts(given, ticketTexts, "ticket"); err != nil {
		return reply{}, err
	}
	changes := maps.Clone(given)
	changes["UpdatedAt"] = stamp(n.srv.now(), 0)
	return data(n.tickets.lay(id, changes)), nil
}

// commentTicket is POST /v1/{PPass}/tickets/{id}/comment, in the plural.
func (n *naturaesoft) commentTicket(c *call) (reply, error) {
	id, ticket, err := c.row(n.tickets, "Ticket")
	if err != nil {
		return reply{}, err
	}
	given, err := c.object()
	if err != nil {
		return reply{}, err
	}
	if err := onlyTexts(given, []string{"Comment", "Author"}, "comment"); err != nil {
		return reply{}, err
	}
	if text(given, "Comment") == "" || text(given, "Author") == "" {
		return reply{}, refusal{422, "Comment and Author are required."}
	}
	comments, _ := ticket["Comments"].([]row)
	now := stamp(n.srv.now(), 0)
	comment := n.commentCount() + 1
	n.tickets.lay(id, row{"UpdatedAt": now, "Comments": append(slices.Clone(comments), row{
		"CommentID": comment, "Comment": given["Comment"], "Author": given["Author"], "CreatedAt": now,
	})})
	return created(map[string]int{"CommentID": comment}), nil
}

// commentCount is the last number in use: comments are never taken away.
func (n *naturaesoft) commentCount() (count int) {
	for _, t := range n.tickets.rows {
		comments, _ := t["Comments"].([]row)
		count += len(comments)
	}
	return count
}

// onlyTexts refuses fields of other names and values which are not texts.
func onlyTexts(given row, names []string, what string) error {
	for name, v := range given {
		if !slices.Contains(names, name) {
			return refusal{422, fmt.Sprintf("%q is not a field of a %s that can be written.", name, what)}
		}
		if _, ok := v.(string); !ok {
			return refusal{422, name + " must be a text."}
		}
	}
	return nil
}
