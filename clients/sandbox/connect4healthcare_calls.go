package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// careStamp is a moment as the document's examples write it.
func (c *Connect4Healthcare) careStamp(t time.Time) string {
	return t.In(c.srv.zone).Format("2006/01/02 15:04:05 -0700")
}

// listTickets is GET /{token}/tickets: one list, under a name in the singular.
func (c *Connect4Healthcare) listTickets(url.Values, *http.Request) (row, error) {
	return row{"ticket": c.tickets.rows}, nil
}

// listResidents is GET /{token}/all_residents.
func (c *Connect4Healthcare) listResidents(url.Values, *http.Request) (row, error) {
	return row{"residents": c.residents.rows}, nil
}

// listCategories is GET /{token}/provider_categories.
func (c *Connect4Healthcare) listCategories(url.Values, *http.Request) (row, error) {
	return row{"categories": c.categories.rows}, nil
}

// detail is GET /{token}/ticket_detail?id=. As documented it shows comments on
// categories only.
func (c *Connect4Healthcare) detail(in url.Values, _ *http.Request) (row, error) {
	id, ticket, err := c.ticket(in.Get("id"))
	if err != nil {
		return nil, err
	}
	talk := c.talk[id]
	categories := row{}
	for _, s := range talk.categories {
		shown := numberedComments(s.comments)
		shown["status"], shown["title"] = s.status, s.title
		categories[strconv.Itoa(s.id)] = shown
	}
	files := []row{}
	for i, name := range talk.attachments {
		files = append(files, row{"id": i + 1, "attachment_file_name": name})
	}
	details := row{"ticket": ticket, "categories": categories, "ticket_attachments": files}
	if c.shows {
		details["comments"] = numberedComments(talk.general)
	}
	return row{"ticket_with_details": details}, nil
}

func numberedComments(all []careComment) row {
	shown := row{}
	for _, k := range all {
		shown["comment"+strconv.Itoa(k.id)] = row{"commented_by": k.by, "commented_on": k.on, "title": k.text}
	}
	return shown
}

func (c *Connect4Healthcare) ticket(number string) (int, row, error) {
	id, _ := strconv.Atoi(number)
	if t, ok := c.tickets.at(id); ok {
		return id, t, nil
	}
	return 0, nil, refusal{http.StatusNotFound, "Invalid Ticket ID"}
}

// updateStatus is POST /{token}/update_status. Any word will do for a status.
func (c *Connect4Healthcare) updateStatus(in url.Values, _ *http.Request) (row, error) {
	id, _, err := c.ticket(in.Get("id"))
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Get("status")) == "" {
		return nil, refusal{http.StatusBadRequest, "Invalid Ticket ID/ Status can't be blank"}
	}
	c.touch(id, row{"ticket_status": in.Get("status")})
	return row{"message": "Status Updated Successfully!!"}, nil
}

// touch lays fields over a ticket and sets the time of its last change.
func (c *Connect4Healthcare) touch(id int, fields row) {
	fields["updated_at"] = c.careStamp(c.srv.now())
	c.tickets.lay(id, fields)
}

// createComment is POST /{token}/create_comment, with or without category_id.
func (c *Connect4Healthcare) createComment(in url.Values, _ *http.Request) (row, error) {
	id, _, err := c.ticket(in.Get("ticket_id"))
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Get("comment")) == "" {
		return nil, refusal{http.StatusBadRequest, "Comment can't be blank"}
	}
	talk := c.talk[id]
	if !in.Has("category_id") {
		talk.general = append(talk.general, c.comment(in.Get("comment")))
	} else {
		category, _ := strconv.Atoi(in.Get("category_id"))
		i := slices.IndexFunc(talk.categories, func(s careState) bool { return s.id == category })
		if i < 0 {
			return nil, refusal{http.StatusBadRequest, "Invalid Category ID"}
		}
		talk.categories[i].comments = append(talk.categories[i].comments, c.comment(in.Get("comment")))
	}
	c.touch(id, row{})
	return row{"message": "Comment created Successfully!!"}, nil
}

// comment is a new one by whoever the token belongs to.
func (c *Connect4Healthcare) comment(text string) careComment {
	c.comments++
	return careComment{c.comments, careProvider, c.careStamp(c.srv.now()), text}
}

const careProvider = "Example Provider"

// careUrgencies are the numbers the two documented words are shown as.
var careUrgencies = map[string]int{"no issue": 3, "exception": 2}

func cannotCreate(why string) refusal {
	return refusal{http.StatusBadRequest, "Message cannot be created " + why}
}

// createTicket is GET /{token}/create_ticket, and POST for those who keep what
// they type out of addresses. Either creates.
func (c *Connect4Healthcare) createTicket(in url.Values, r *http.Request) (row, error) {
	resident, _ := strconv.Atoi(in.Get("resident_id"))
	_, known := c.residents.at(resident)
	urgency, listed := careUrgencies[careFold(in.Get("urgency_status"))]
	switch {
	case strings.TrimSpace(in.Get("title")) == "":
		return nil, refusal{http.StatusBadRequest, "title/regarding required"}
	case !known:
		return nil, cannotCreate("Resident not found")
	case !listed:
		return nil, cannotCreate("Urgency status is not included in the list")
	case strings.TrimSpace(in.Get("ticket_status")) == "":
		return nil, cannotCreate("Ticket status can't be blank")
	}
	states, err := c.marked(in)
	if err != nil {
		return nil, err
	}
	talk := &careTalk{categories: states}
	for i, s := range states {
		if text := in.Get(fmt.Sprintf("category_comments_%d", s.id)); text != "" {
			states[i].comments = []careComment{c.comment(text)}
		}
	}
	if text := in.Get("general_comments"); text != "" {
		talk.general = []careComment{c.comment(text)}
	}
	if r.MultipartForm != nil {
		for _, name := range slices.Sorted(maps.Keys(r.MultipartForm.File)) {
			for _, file := range r.MultipartForm.File[name] {
				talk.attachments = append(talk.attachments, file.Filename)
			}
		}
	}
	now := c.careStamp(c.srv.now())
	ticket := careTicket(resident, in.Get("title"), in.Get("ticket_status"), urgency, now, now)
	ticket["sms"], ticket["email"], ticket["state"] = ticked(in, "sms"), ticked(in, "email"), in.Get("state") == "true"
	id := c.tickets.add(ticket)
	c.talk[id] = talk
	return row{"ticket_id": id, "message": "Ticket Created Successfully!!"}, nil
}

// marked reads category_<id>, which is wanted of every category.
func (c *Connect4Healthcare) marked(in url.Values) ([]careState, error) {
	var states []careState
	for _, category := range c.categories.rows {
		id, _ := category["id"].(int)
		status := careFold(in.Get("category_" + strconv.Itoa(id)))
		switch status {
		case "":
			return nil, cannotCreate("Category status can't be blank")
		case "issue", "no issue", "potential issue":
		default:
			return nil, cannotCreate("Category status is not included in the list")
		}
		title, _ := category["name"].(string)
		states = append(states, careState{id: id, title: title, status: status})
	}
	return states, nil
}

func careFold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// ticked is true, or null as in the document's examples.
func ticked(in url.Values, name string) any {
	if in.Get(name) == "true" {
		return true
	}
	return nil
}
