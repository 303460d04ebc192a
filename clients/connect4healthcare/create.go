package connect4healthcare

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// The document creates with a GET (C4-1). Its effect, not its verb, has it sent
// once and on a connection of its own.
var (
	opCreate = rest.Op{Name: "create ticket", Method: http.MethodGet,
		Path: "/{token}/create_ticket", Effect: rest.Create}
	opCreateByPost = rest.Op{Name: opCreate.Name, Method: http.MethodPost,
		Path: opCreate.Path, Effect: rest.Create}
)

// Urgencies are the words the document offers for a new ticket (C4-5).
func Urgencies() []string { return []string{"No Issue", "Exception"} }

// NewTicket is a ticket to be created.
type NewTicket struct {
	Title      string // needed
	Resident   ID     // needed
	Urgency    string // needed; one of Urgencies, or what the provider uses
	Status     string // needed; "New"
	Comments   string // the first general comment
	Categories []NewCategory
	State      Flag // meaning not documented; Unknown is not sent

	// SMS and Email have the vendor notify people about the resident, often
	// the family (C4-18): off unless somebody has confirmed it.
	SMS, Email bool

	Attachments []File // need Config.CreateByPost
}

// NewCategory is the status of one category, with a comment or without.
type NewCategory struct {
	ID      ID
	Mark    Mark // needed
	Comment string
}

// File is an attachment. Type is its media type; it may be empty.
type File struct {
	Name, Type string
	Data       []byte
}

// CreateTicket creates a ticket and returns its id, 0 when the answer named
// none: the ticket was created all the same. It is sent once, ever; when the
// outcome is unknown the error is Ambiguous, and FindTicket tells more. While
// one is on its way a second is refused. What is wrong or missing is
// KindValidation with Fields by wire name, and nothing is sent. The audit trail
// names the resident's id.
// GET /{token}/create_ticket, or POST by Config.CreateByPost.
func (c *Client) CreateTicket(ctx context.Context, t NewTicket) (ID, error) {
	if len(t.Attachments) > 0 && !c.createByPost {
		return 0, refuse(opCreate, "Files cannot be attached: Connect4Healthcare creates tickets through an address, which cannot carry them. "+
			"Leave them out, or switch creating tickets to POST in the configuration.")
	}
	if wrong := t.check(); len(wrong) > 0 {
		return 0, refuseFields(opCreate, wrong)
	}
	if !c.creating.CompareAndSwap(false, true) {
		return 0, rest.Refusal(vendor, opCreate.Name, rest.KindConflict,
			"Another ticket is being created at this moment, so this one was not sent: wait for the answer, then send it again.")
	}
	defer c.creating.Store(false)
	op := opCreate
	call := rest.Call{Record: t.Resident.String(), Header: http.Header{"Cache-Control": {"no-store"}}}
	if c.createByPost {
		op, call.Body = opCreateByPost, t.form()
	} else {
		call.Query = t.values()
	}
	a, err := rest.Do[struct {
		Ticket json.RawMessage `json:"ticket_id"`
	}](ctx, c.transport, op, call)
	var id ID
	if err != nil || a.Ticket == nil || json.Unmarshal(a.Ticket, &id) != nil || id < 0 {
		return 0, err
	}
	return id, nil
}

// maxQuery is how much of an address servers in between can be trusted with.
const maxQuery = 4 << 10

// Warning is a sentence about what may go wrong with a ticket although it is
// complete, "" for nothing: by the documented GET all its texts stand in the
// address, which servers cut or refuse when it is long (C4-1).
func (c *Client) Warning(t NewTicket) string {
	size := len(t.values().Encode())
	if c.createByPost || size <= maxQuery {
		return ""
	}
	return fmt.Sprintf("This ticket makes an address of %d KB, and more than %d KB may be refused on the way: "+
		"shorten the texts, or send the longer ones as comments afterwards.", (size+1023)>>10, maxQuery>>10)
}

// check finds what is wrong: wire name to a sentence.
func (t NewTicket) check() map[string]safe.Text {
	wrong := map[string]safe.Text{}
	complain := func(field, sentence string) { wrong[field] = safe.Line(sentence) }
	needed := func(field, value, sentence string) {
		if strings.TrimSpace(value) == "" {
			complain(field, sentence)
		}
	}
	needed("title", t.Title, "A ticket needs a title: say in a few words what it is about.")
	needed("urgency_status", t.Urgency, "Choose an urgency.")
	needed("ticket_status", t.Status, "Choose a status.")
	if t.Resident <= 0 {
		complain("resident_id", "Choose the resident the ticket is about.")
	}
	seen := map[ID]bool{}
	for _, category := range t.Categories {
		field := "category_" + category.ID.String()
		switch {
		case category.ID <= 0:
			complain(field, "This category has no number and cannot be sent.")
		case seen[category.ID]:
			complain(field, "The vendor gives two categories this number, so it cannot be told which is meant: leave one of them out.")
		case category.Mark.String() == "":
			complain(field, "Choose Issue, Potential Issue or No Issue.")
		}
		seen[category.ID] = true
	}
	for i, f := range t.Attachments {
		if f.Name == "" {
			complain(fmt.Sprintf("attachment_%d", i+1), "An attachment needs a file name.")
		}
	}
	return wrong
}

// values are the documented parameters. What is off is left out: the document
// shows true only, and a server may take any text for yes.
func (t NewTicket) values() url.Values {
	v := url.Values{
		"title":          {t.Title},
		"resident_id":    {t.Resident.String()},
		"urgency_status": {t.Urgency},
		"ticket_status":  {t.Status},
	}
	set := func(name, value string, wanted bool) {
		if wanted {
			v.Set(name, value)
		}
	}
	set("general_comments", t.Comments, strings.TrimSpace(t.Comments) != "")
	set("sms", "true", t.SMS)
	set("email", "true", t.Email)
	set("state", "true", t.State == Yes)
	set("state", "false", t.State == No)
	for _, category := range t.Categories {
		v.Set("category_"+category.ID.String(), category.Mark.String())
		set("category_comments_"+category.ID.String(), category.Comment, strings.TrimSpace(category.Comment) != "")
	}
	return v
}

// form is the same as a body, with the attachments.
func (t NewTicket) form() rest.Form {
	form := rest.Form{Values: t.values()}
	for i, f := range t.Attachments {
		form.Files = append(form.Files, rest.File{
			Field: fmt.Sprintf("attachment_%d", i+1), Name: f.Name, Type: f.Type, Data: f.Data,
		})
	}
	return form
}
