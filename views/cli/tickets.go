package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/tickets"
)

// Tickets of two vendors are told apart by what stands before the id: c4h/12
// about a resident, emr/7 to the EMR's support.
const (
	carePrefix = "c4h/"
	emrPrefix  = "emr/"
)

// ticket is one ticket in a list.
type ticket struct {
	ID       string `json:"id" head:"ticket"`
	Title    string `json:"title" head:"title"`
	Status   string `json:"status" head:"status"`
	Urgency  string `json:"urgency" head:"urgency"`
	Resident string `json:"resident" head:"resident"`
	Updated  moment `json:"updated" head:"updated"`
}

// remark is a comment.
type remark struct {
	Where string `json:"category" head:"category"`
	By    string `json:"by" head:"by"`
	On    moment `json:"on" head:"on"`
	Text  string `json:"text" head:"text"`
}

// conversation is a ticket with everything said that the vendor shows.
type conversation struct {
	ticket
	Description   string   `json:"description" head:"description" lead:"1"`
	CommentsKnown bool     `json:"comments_known"`
	Comments      []remark `json:"comments" head:"comments"`
}

var conversationShape = shape[conversation]("ticket", false)

// ticketID is the ticket that somebody typed, as lists write it, and its
// number at Connect4Healthcare or its id at the EMR.
func ticketID(s string) (name string, care connect4healthcare.ID, emr naturaesoft.ID, err error) {
	k, err := tickets.ParseKey(s)
	switch {
	case err != nil:
		return "", 0, "", Usage(fmt.Errorf("<ticket>: %w", err))
	case k.Source == tickets.EMR:
		return emrPrefix + k.ID, 0, naturaesoft.ID(k.ID), nil
	}
	n, err := strconv.ParseInt(k.ID, 10, 64)
	return carePrefix + k.ID, connect4healthcare.ID(n), "", err
}

func (s *suite) tickets() *cobra.Command {
	return group("tickets", "Read, comment, move and create tickets",
		"frontdesk tickets list --status open\nfrontdesk tickets show c4h/12\nfrontdesk tickets comment emr/7 -F note.txt --dry-run",
		s.ticketsList(), s.ticketsShow(), s.ticketsComment(), s.ticketsStatus(), s.ticketsCreate())
}

func careTicket(t connect4healthcare.Ticket) ticket {
	return ticket{carePrefix + t.ID.String(), t.Title.String(), t.Status.String(), t.Urgency.String(), t.Resident.String(), stamp(t.UpdatedAt)}
}

func emrTicket(t naturaesoft.Ticket) ticket {
	return ticket{emrPrefix + string(t.ID), t.Subject.String(), t.Status.String(), t.Priority.String(), "", moment(t.Updated.String())}
}

// tickets reads those of both vendors; one that fails does not stop the other,
// and the error is *partly then.
func (r *run) tickets(vendor string) (rows []ticket, err error) {
	answers, missing := 0, ""
	tell := func(name string, e error) {
		if e == nil {
			answers++
			return
		}
		if err != nil {
			r.say("%s", Sentence(err))
		}
		missing, err = name, e
	}
	if r.to.Care != nil && vendor != "emr" {
		all, e := r.to.Care.Tickets(r.ctx)
		for _, t := range all {
			rows = append(rows, careTicket(t))
		}
		tell("Connect4Healthcare", e)
	}
	if vendor != "c4h" {
		all, e := r.to.EMR.Tickets(r.ctx)
		for _, t := range all {
			rows = append(rows, emrTicket(t))
		}
		tell(emrName, e)
	}
	if answers > 0 && err != nil {
		r.say("%s", Sentence(err))
		err = &partly{missing, err}
	}
	return rows, err
}

func (s *suite) ticketsList() *cobra.Command {
	var vendor, status string
	return s.command(deed{
		use: "list", short: "List tickets", json: shape[ticket]("tickets", true),
		values: map[string]ids{"vendor": fixed("c4h", "emr"), "status": ticketStates},
		long: "list writes the tickets about residents (c4h, of Connect4Healthcare) and those to the EMR's support (emr). Where\n" +
			"one of the two fails it writes the other's and ends as for the failure.",
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&vendor, "vendor", "", "only of this `vendor`: c4h or emr")
			c.Flags().StringVar(&status, "status", "", "only with this `status`")
		},
		do: func(r *run, _ []string) error {
			if vendor != "" && vendor != "c4h" && vendor != "emr" {
				return Usage(errors.New("--vendor is c4h or emr"))
			}
			rows, err := r.tickets(vendor)
			if half := (*partly)(nil); err != nil && !errors.As(err, &half) {
				return err
			}
			return errors.Join(list(r, "tickets", slices.DeleteFunc(rows, func(t ticket) bool {
				return status != "" && !strings.EqualFold(t.Status, status)
			})), err)
		},
	})
}

// ticketIDs completes a ticket of whoever answers.
func ticketIDs(r *run, args []string) ([]string, error) {
	if len(args) > 0 {
		return nil, nil
	}
	all, _ := r.tickets("")
	var ids []string
	for _, t := range all {
		ids = append(ids, hinted(t.ID, t.Title))
	}
	return ids, nil
}

// ticketStates completes a status from those that tickets have.
func ticketStates(r *run, _ []string) ([]string, error) {
	all, _ := r.tickets("")
	return distinct(all, func(t ticket) string { return t.Status }), nil
}

// categoryIDs completes the category of a comment.
func categoryIDs(r *run, _ []string) ([]string, error) {
	if r.to.Care == nil {
		return nil, nil
	}
	all, err := r.to.Care.Categories(r.ctx, 0)
	var found []string
	for _, c := range all {
		found = append(found, hinted(c.ID.String(), c.Name.String()))
	}
	return found, err
}

// conversation reads one ticket of either vendor.
func (r *run) conversation(id string) (conversation, error) {
	_, care, emr, err := ticketID(id)
	if err != nil {
		return conversation{}, err
	}
	if emr != "" {
		t, err := r.to.EMR.Ticket(r.ctx, emr)
		out := conversation{ticket: emrTicket(t), Description: t.Description.String(), CommentsKnown: t.CommentsKnown, Comments: []remark{}}
		for _, c := range t.Comments {
			out.Comments = append(out.Comments, remark{"", c.Author.String(), moment(c.Created.String()), c.Text.String()})
		}
		return out, err
	}
	client, err := need(r.to.Care, "connect4healthcare")
	if err != nil {
		return conversation{}, err
	}
	d, err := client.TicketDetail(r.ctx, care)
	if err != nil {
		return conversation{}, err
	}
	if d.Foreign() {
		r.say("Connect4Healthcare answered ticket %s instead of the one asked for. Write nothing to it.", d.ID)
	}
	out := conversation{ticket: careTicket(d.Ticket), CommentsKnown: d.CommentsKnown, Comments: []remark{}}
	for _, c := range d.Comments {
		out.Comments = append(out.Comments, remark{"", c.By.String(), stamp(c.On), c.Text.String()})
	}
	for _, cat := range d.Categories {
		where := cat.Title.String() + ": " + cat.Status.String()
		if len(cat.Comments) == 0 {
			out.Comments = append(out.Comments, remark{Where: where})
		}
		for _, c := range cat.Comments {
			out.Comments = append(out.Comments, remark{where, c.By.String(), stamp(c.On), c.Text.String()})
		}
	}
	return out, nil
}

// converse writes a ticket.
func (r *run) converse(c conversation) error {
	if !c.CommentsKnown {
		r.say("The vendor does not show the general comments of this ticket: there may be some.")
	}
	return one(r, "ticket", c.ID, c)
}

func (s *suite) ticketsShow() *cobra.Command {
	return s.command(deed{
		use: "show <ticket>", short: "Read one ticket with its comments", args: cobra.ExactArgs(1), json: conversationShape, ids: ticketIDs,
		do: func(r *run, args []string) error {
			c, err := r.conversation(args[0])
			if err != nil {
				return err
			}
			return r.converse(c)
		},
	})
}

func (s *suite) ticketsComment() *cobra.Command {
	var category int64
	return s.command(deed{
		use: "comment <ticket>", short: "Add a comment", args: cobra.ExactArgs(1), json: conversationShape, writes: true,
		from: "the text of the comment", ids: ticketIDs, values: map[string]ids{"category": categoryIDs}, example: "frontdesk tickets comment c4h/12 -F - --yes < note.txt",
		flags: func(c *cobra.Command) {
			c.Flags().Int64Var(&category, "category", 0, "of a c4h ticket: the `id` of the category it belongs to")
		},
		do: func(r *run, args []string) error {
			id, care, emr, err := ticketID(args[0])
			if err != nil {
				return err
			}
			if r.from == "" {
				return Usage(errors.New("give the text of the comment with -F -"))
			}
			text, err := r.words(nil)
			if err != nil {
				return err
			}
			if text == "" {
				return Usage(errors.New("the comment is empty"))
			}
			if category != 0 && emr != "" {
				return Usage(errors.New("--category is of a c4h ticket: the EMR's have none"))
			}
			c := said{Care: care, Category: connect4healthcare.ID(category), EMR: emr, Text: text}
			return r.toTicket(addComment, id, c, "Add this comment to "+id+"?")
		},
	})
}

// toTicket asks, sends and writes the ticket as it is then.
func (r *run) toTicket(w write[said, struct{}], id string, c said, question string) error {
	if c.Care != 0 {
		if _, err := need(r.to.Care, "connect4healthcare"); err != nil {
			return err
		}
	}
	if r.dry {
		care, emr, _ := strings.Cut(w.route, "; ")
		w.vendor, w.route = "Connect4Healthcare", strings.TrimPrefix(care, "c4h: ")
		if c.EMR != "" {
			w.vendor, w.route = emrName, strings.TrimPrefix(emr, "emr: ")
		}
		return w.dryRun(r, id, c)
	}
	if err := r.agree(question); err != nil {
		return err
	}
	if err := r.mine(c.Care); err != nil {
		return err
	}
	if _, err := w.do(r, id, c); err != nil {
		return err
	}
	now, err := r.conversation(id)
	if err != nil {
		r.say("It was sent; the ticket could not be read again.")
		return err
	}
	return r.converse(now)
}

// mine refuses a ticket in whose place the vendor answers another one.
func (r *run) mine(id connect4healthcare.ID) error {
	if id == 0 {
		return nil
	}
	d, err := r.to.Care.TicketDetail(r.ctx, id)
	if err == nil && d.Foreign() {
		err = rest.Refusal("Connect4Healthcare", "ticket detail", rest.KindConflict,
			"Connect4Healthcare answers another ticket than this one, so nothing was sent.")
	}
	return err
}

func (s *suite) ticketsStatus() *cobra.Command {
	return s.command(deed{
		use: "status <ticket> <status>", short: "Set a ticket's status", args: cobra.ExactArgs(2), json: conversationShape, writes: true,
		long: "status sets a ticket's status. Connect4Healthcare may notify people. It shows these words: " +
			strings.Join(connect4healthcare.Statuses(), ", ") + "; others may be sent.",
		ids: func(r *run, args []string) ([]string, error) {
			if len(args) == 1 {
				if _, care, _, err := ticketID(args[0]); err == nil && care != 0 {
					return connect4healthcare.Statuses(), nil
				}
			}
			return ticketIDs(r, args)
		},
		do: func(r *run, args []string) error {
			id, care, emr, err := ticketID(args[0])
			if err != nil {
				return err
			}
			if strings.TrimSpace(args[1]) == "" {
				return Usage(errors.New("the status is empty"))
			}
			return r.toTicket(setStatus, id, said{Care: care, EMR: emr, Text: args[1]},
				fmt.Sprintf("Set %s to %q?", id, args[1]))
		},
	})
}
