package connect4healthcare

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var opDetail = rest.Op{Name: "read ticket", Method: http.MethodGet, Path: "/{token}/ticket_detail"}

// Detail is a ticket with its conversation.
type Detail struct {
	Ticket
	Asked ID // what was asked for; see Foreign

	Categories []CategoryState // in the order of arrival; ids may repeat (C4-12)
	// Comments are the general ones. The document's answer never holds them
	// (C4-13): without CommentsKnown there may be some that cannot be seen, so
	// those sent from here are to be shown as "sent, not shown by the vendor".
	Comments      []Comment
	CommentsKnown bool
	Attachments   []safe.Text // names, as far as they can be told; may be empty texts
}

// Foreign reports that the vendor answered another ticket than the one asked
// for, as the document's own example does (C4-11): it may be looked at with a
// warning, but nothing is to be written to it.
func (d Detail) Foreign() bool { return d.ID != d.Asked }

// CategoryState is what a ticket says in one category.
type CategoryState struct {
	ID       ID // 0 when the vendor's key is no number
	Title    safe.Text
	Status   safe.Text // as sent; Mark reads it
	Comments []Comment // oldest first
}

// Mark is the category's status, 0 when it is none of the three known ones.
func (s CategoryState) Mark() Mark { return ParseMark(s.Status.Raw()) }

// Comment is one entry of a conversation. On is zero when it is not told.
type Comment struct {
	ID   ID
	By   safe.Text
	On   time.Time
	Text safe.Long
}

// TicketDetail reads one ticket; KindNotFound if there is none.
// GET /{token}/ticket_detail?id=.
func (c *Client) TicketDetail(ctx context.Context, id ID) (Detail, error) {
	if err := checkID(opDetail, "ticket", id); err != nil {
		return Detail{}, err
	}
	d, err := rest.Do[Detail](ctx, c.transport, opDetail, rest.Call{Query: url.Values{"id": {id.String()}}})
	if err != nil {
		return Detail{}, err
	}
	d.Asked = id
	return d, nil
}

// UnmarshalJSON reads {"ticket_with_details": {"ticket", "categories",
// "ticket_attachments"}}.
func (d *Detail) UnmarshalJSON(raw []byte) error {
	var in struct {
		Details struct {
			Ticket      json.RawMessage `json:"ticket"`
			Categories  json.RawMessage `json:"categories"`
			Attachments json.RawMessage `json:"ticket_attachments"`
			conversation
		} `json:"ticket_with_details"`
	}
	if json.Unmarshal(raw, &in) != nil || rest.Void(in.Details.Ticket) {
		return errors.New("no ticket")
	}
	var (
		ticket wireTicket
		inner  conversation
		err    error
	)
	if json.Unmarshal(in.Details.Ticket, &ticket) != nil || json.Unmarshal(in.Details.Ticket, &inner) != nil {
		return errors.New("the ticket cannot be read")
	}
	*d = Detail{}
	if d.Ticket, err = ticket.record(); err != nil {
		return err
	}
	if d.Categories, err = categoryStates(in.Details.Categories); err != nil {
		return err
	}
	for _, place := range []conversation{in.Details.conversation, inner} {
		for _, comments := range []json.RawMessage{place.Comments, place.General} {
			some, known := generalComments(comments)
			d.Comments = append(d.Comments, some...)
			d.CommentsKnown = d.CommentsKnown || known
		}
	}
	d.Attachments = attachmentNames(in.Details.Attachments)
	return nil
}

// A conversation is where general comments might stand.
type conversation struct {
	Comments json.RawMessage `json:"comments"`
	General  json.RawMessage `json:"general_comments"`
}

// categoryStates reads an object by category id; [] and null are empty.
func categoryStates(raw json.RawMessage) ([]CategoryState, error) {
	if rest.Void(raw) {
		return nil, nil
	}
	all, err := rest.ParseObject(raw)
	if err != nil {
		return nil, errors.New("the categories cannot be read")
	}
	var out []CategoryState
	for _, m := range all {
		var s CategoryState
		if n, err := strconv.ParseInt(m.Name, 10, 64); err == nil {
			s.ID = ID(n)
		} else if m.Value[0] != '{' {
			continue // neither a category by its key nor by its value
		}
		var in struct{ Title, Status loose }
		fields, err := rest.ParseObject(m.Value)
		if err != nil || json.Unmarshal(m.Value, &in) != nil {
			return nil, errors.New("a category cannot be read")
		}
		s.Title, s.Status = in.Title.Text, in.Status.Text
		s.Comments = numbered(fields)
		out = append(out, s)
	}
	return out, nil
}

// numbered finds the members "comment378": {...} and sorts them by time, then
// number (C4-12).
func numbered(fields rest.Object) []Comment {
	var out []Comment
	for _, f := range fields {
		digits, ok := strings.CutPrefix(f.Name, "comment")
		n, err := strconv.ParseInt(digits, 10, 64)
		if !ok || err != nil {
			continue
		}
		if c, ok := comment(f.Value); ok {
			c.ID = ID(n)
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b Comment) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// comment reads {"commented_by", "commented_on", "title"}; the title is the
// comment.
func comment(raw json.RawMessage) (Comment, bool) {
	var in struct {
		ID    json.RawMessage `json:"id"`
		By    loose           `json:"commented_by"`
		On    stamp           `json:"commented_on"`
		Title *long           `json:"title"`
		Text  long            `json:"comment"`
	}
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || raw[0] != '{' || json.Unmarshal(raw, &in) != nil {
		return Comment{}, false
	}
	if in.Title == nil {
		in.Title = &in.Text
	}
	c := Comment{By: in.By.Text, On: in.On.Time, Text: in.Title.Long}
	if in.ID != nil {
		_ = json.Unmarshal(in.ID, &c.ID) // an odd one is none
	}
	return c, true
}

// generalComments reads what later versions may send: an object of "comment<n>",
// or a list of comments or texts. What cannot be read is not known. Nor is what
// stands beside a single text, which may be what the ticket was created with.
func generalComments(raw json.RawMessage) (out []Comment, known bool) {
	var text string
	switch raw = bytes.TrimSpace(raw); {
	case rest.Void(raw):
		return nil, len(raw) > 0 && (raw[0] == '[' || raw[0] == '{')
	case json.Unmarshal(raw, &text) == nil:
		return []Comment{{Text: safe.Paragraphs(text)}}, false
	}
	if fields, err := rest.ParseObject(raw); err == nil {
		out = numbered(fields)
		return out, len(out) > 0
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil, false
	}
	for _, item := range items {
		c, ok := comment(item)
		if !ok && json.Unmarshal(item, &c.Text) != nil {
			return nil, false
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Comment) int { return a.On.Compare(b.On) })
	return out, true
}

// attachmentNames reads a list of which the document shows the empty one only.
func attachmentNames(raw json.RawMessage) []safe.Text {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil
	}
	out := make([]safe.Text, len(items))
	for i, item := range items {
		var in struct {
			Attachment loose `json:"attachment_file_name"`
			File       loose `json:"file_name"`
			Name       loose `json:"name"`
		}
		var text safe.Text
		if text.UnmarshalJSON(item) != nil && json.Unmarshal(item, &in) == nil {
			for _, name := range []loose{in.Attachment, in.File, in.Name} {
				if text.Empty() {
					text = name.Text
				}
			}
		}
		out[i] = text
	}
	return out
}
