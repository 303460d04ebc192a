package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/naturaesoft"
	"frontdesk/state/desk"
)

// ticketVendor is who keeps tickets, in the outbox: either vendor.
const ticketVendor = "Tickets"

// said is a comment or a status, as the outbox keeps it: to one of the two.
type said struct {
	Care, Category connect4healthcare.ID
	EMR            naturaesoft.ID
	Text           string
}

var addComment = write[said, struct{}]{
	vendor: ticketVendor, op: "comment by command", class: "comment",
	route: "c4h: POST /{token}/create_comment; emr: POST /v1/{PPass}/tickets/{id}/comment",
	send: func(ctx context.Context, r *run, c said) (struct{}, error) {
		if c.EMR != "" {
			return struct{}{}, r.to.EMR.CommentTicket(ctx, c.EMR, c.Text)
		}
		care, err := need(r.to.Care, "connect4healthcare")
		if err != nil {
			return struct{}{}, err
		}
		if c.Category != 0 {
			return struct{}{}, care.CommentCategory(ctx, c.Care, c.Category, c.Text)
		}
		return struct{}{}, care.Comment(ctx, c.Care, c.Text)
	},
	back: func(ctx context.Context, r *run, c said, since time.Time) (desk.Finding, error) {
		if c.EMR != "" {
			return commented(ctx, r, c)
		}
		care, err := need(r.to.Care, "connect4healthcare")
		if err != nil {
			return desk.CannotTell, err
		}
		d, err := care.TicketDetail(ctx, c.Care)
		if err != nil {
			return desk.CannotTell, err
		}
		return evident(connect4healthcare.FindComment(d, c.Category, c.Text, care.Since(since))), nil
	},
	shown: showing("comment"),
}

// commented looks for a comment in the EMR's ticket. The same words may be an
// older comment's, since the EMR's times have no form that is documented.
func commented(ctx context.Context, r *run, c said) (desk.Finding, error) {
	t, err := r.to.EMR.Ticket(ctx, c.EMR)
	if err != nil || !t.CommentsKnown {
		return desk.CannotTell, err
	}
	for _, have := range t.Comments {
		if strings.Join(strings.Fields(have.Text.Raw()), " ") == strings.Join(strings.Fields(c.Text), " ") {
			return desk.CannotTell, nil
		}
	}
	return desk.DidNot, nil
}

// showing is what is sent with a comment or a status, called name.
func showing(name string) func(said) any {
	return func(c said) any {
		body := map[string]any{name: c.Text}
		if c.Category != 0 {
			body["category"] = c.Category
		}
		return body
	}
}

// evident is what the outbox makes of what was read.
func evident(e connect4healthcare.Evidence) desk.Finding {
	return map[connect4healthcare.Evidence]desk.Finding{
		connect4healthcare.CannotTell: desk.CannotTell, connect4healthcare.Present: desk.Landed, connect4healthcare.Absent: desk.DidNot,
	}[e]
}

var setStatus = write[said, struct{}]{
	vendor: ticketVendor, op: "set status by command", class: "comment",
	route: "c4h: POST /{token}/update_status; emr: PUT /v1/{PPass}/ticket/{id}",
	send: func(ctx context.Context, r *run, c said) (struct{}, error) {
		if c.EMR != "" {
			t, err := r.to.EMR.Ticket(ctx, c.EMR)
			if err != nil {
				return struct{}{}, err
			}
			return struct{}{}, r.to.EMR.UpdateTicket(ctx, t, naturaesoft.Edits{"Status": c.Text})
		}
		care, err := need(r.to.Care, "connect4healthcare")
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, care.UpdateStatus(ctx, c.Care, c.Text)
	},
	back: func(ctx context.Context, r *run, c said, _ time.Time) (desk.Finding, error) {
		if c.EMR != "" {
			t, err := r.to.EMR.Ticket(ctx, c.EMR)
			if err == nil && t.Status.Raw() == c.Text {
				return desk.Landed, nil
			}
			return desk.CannotTell, err
		}
		care, err := need(r.to.Care, "connect4healthcare")
		if err != nil {
			return desk.CannotTell, err
		}
		d, err := care.TicketDetail(ctx, c.Care)
		if err != nil || d.Foreign() {
			return desk.CannotTell, err
		}
		return evident(connect4healthcare.StatusSet(d.Ticket, c.Text)), nil
	},
	shown: showing("status"),
}

// opened is a new ticket about a resident, as the outbox keeps it.
type opened struct {
	Title      string                `json:"title"`
	Resident   connect4healthcare.ID `json:"resident"`
	Urgency    string                `json:"urgency"`
	Status     string                `json:"status"`
	Comments   string                `json:"comments"`
	Categories []openedIn            `json:"categories"`
	SMS        bool                  `json:"sms"`
	Email      bool                  `json:"email"`
}

// openedIn is a category's status on a new ticket.
type openedIn struct {
	ID      connect4healthcare.ID `json:"id"`
	Status  string                `json:"status"`
	Comment string                `json:"comment"`
}

func (o opened) ticket() (connect4healthcare.NewTicket, error) {
	t := connect4healthcare.NewTicket{Title: o.Title, Resident: o.Resident, Urgency: o.Urgency, Status: o.Status,
		Comments: o.Comments, SMS: o.SMS, Email: o.Email}
	for _, c := range o.Categories {
		mark := connect4healthcare.ParseMark(c.Status)
		if mark == 0 {
			return t, Usage(errors.New(`the status of a category is "No Issue", "Potential Issue" or "Issue"`))
		}
		t.Categories = append(t.Categories, connect4healthcare.NewCategory{ID: c.ID, Mark: mark, Comment: c.Comment})
	}
	return t, nil
}

var openTicket = write[opened, connect4healthcare.ID]{
	vendor: "Connect4Healthcare", op: "create ticket by command", route: "GET /{token}/create_ticket, or POST where the profile says so",
	send: func(ctx context.Context, r *run, o opened) (connect4healthcare.ID, error) {
		t, err := o.ticket()
		if err != nil {
			return 0, err
		}
		care, err := need(r.to.Care, "connect4healthcare")
		if err != nil {
			return 0, err
		}
		return care.CreateTicket(ctx, t)
	},
	back: func(ctx context.Context, r *run, o opened, since time.Time) (desk.Finding, error) {
		t, err := o.ticket()
		if err != nil {
			return desk.CannotTell, err
		}
		care, err := need(r.to.Care, "connect4healthcare")
		if err != nil {
			return desk.CannotTell, err
		}
		all, err := care.Tickets(ctx)
		if err != nil {
			return desk.CannotTell, err
		}
		_, found := connect4healthcare.FindTicket(all, t, care.Since(since))
		return evident(found), nil
	},
}

func (s *suite) ticketsCreate() *cobra.Command {
	return s.command(deed{
		use: "create", short: "Create a ticket about a resident", writes: true, from: "the ticket as JSON",
		long: "create creates a ticket at Connect4Healthcare. -F brings JSON:\n\n" +
			`  {"title":"...","resident":12,"urgency":"No Issue","status":"New","comments":"...",` + "\n" +
			`   "categories":[{"id":3,"status":"No Issue","comment":"..."}],"sms":false,"email":false}` + "\n\n" +
			"title, resident and urgency are needed; urgency is one of " + strings.Join(connect4healthcare.Urgencies(), ", ") + ".\n" +
			"sms and email have the vendor notify people, often the family. The EMR's API creates no tickets.",
		json: conversationShape,
		do: func(r *run, _ []string) error {
			o, err := decode[opened](r)
			if err != nil {
				return err
			}
			if o.Status == "" {
				o.Status = "New"
			}
			t, err := o.ticket()
			if err != nil {
				return err
			}
			care, err := need(r.to.Care, "connect4healthcare")
			if err != nil {
				return err
			}
			if err := r.judged(care, t); err != nil {
				return err
			}
			if words := care.Warning(t); words != "" {
				r.say("%s", words)
			}
			if r.dry {
				return openTicket.dryRun(r, o.Resident.String(), o)
			}
			question := "Create this ticket?"
			if o.SMS || o.Email {
				question = "Create this ticket and have people notified about the resident?"
			}
			if err := r.agree(question); err != nil {
				return err
			}
			id, err := openTicket.do(r, o.Resident.String(), o)
			switch {
			case err != nil:
				return err
			case id == 0:
				r.say("The ticket was created; the vendor did not name its number. See frontdesk tickets list.")
				return nil
			}
			now, err := r.conversation(fmt.Sprint(carePrefix, id))
			if err != nil {
				r.say("The ticket %s%s was created; it could not be read again.", carePrefix, id)
				return err
			}
			return r.converse(now)
		},
	})
}

// judged refuses a ticket that leaves out a category of the provider, and names
// those that are missing.
func (r *run) judged(care *connect4healthcare.Client, t connect4healthcare.NewTicket) error {
	all, err := care.Categories(r.ctx, t.Resident)
	if err != nil {
		return err
	}
	var missing []string
	for _, c := range all {
		if !slices.ContainsFunc(t.Categories, func(n connect4healthcare.NewCategory) bool { return n.ID == c.ID }) {
			missing = append(missing, c.ID.String()+" ("+c.Name.String()+")")
		}
	}
	if len(missing) > 0 {
		return Usage(errors.New("every category needs a status; these have none: " + strings.Join(missing, ", ")))
	}
	return nil
}
