package sandbox

import (
	"fmt"
	"maps"
	"net/http"
)

// Connect4Healthcare is the played ticket system.
func (s *Server) Connect4Healthcare() *Connect4Healthcare { return s.care }

// Always200 makes refusals come with status 200 and the same body. The document
// allows this reading as well as the other one.
func (c *Connect4Healthcare) Always200(on bool) { c.set(func(m *careMode) { m.always200 = on }) }

// DropUnderscoreHeaders puts a server in front that passes api-key on and drops
// api_key, as common ones do by default.
func (c *Connect4Healthcare) DropUnderscoreHeaders(on bool) {
	c.set(func(m *careMode) { m.drops = on })
}

// ShowComments makes ticket_detail show general comments, which the document's
// example does not.
func (c *Connect4Healthcare) ShowComments(on bool) { c.set(func(m *careMode) { m.shows = on }) }

func (c *Connect4Healthcare) set(change func(*careMode)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.careMode)
}

// ExpireTokens ends every session of this vendor.
func (c *Connect4Healthcare) ExpireTokens() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.sessions)
}

// Plant puts a row with any values, unchecked, into "tickets", "residents" or
// "categories" and returns its number. With an int "id" among the fields they
// are laid over that row. It panics on another word.
func (c *Connect4Healthcare) Plant(what string, fields map[string]any) (id int) {
	id, err := c.plant(what, fields)
	if err != nil {
		panic(err.Error())
	}
	return id
}

func (c *Connect4Healthcare) plant(what string, fields map[string]any) (id int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stamp := c.careStamp(c.srv.now())
	t, whole := c.tickets, careTicket(firstCareResident, "", "New", 3, stamp, stamp)
	switch what {
	case "tickets":
	case "residents":
		t, whole = c.residents, careResident(stamp)
	case "categories":
		t, whole = c.categories, row{"name": ""}
	default:
		return 0, fmt.Errorf("sandbox: %q is nothing that rows can be planted in", what)
	}
	if id = numberIn(fields, "id"); id == 0 {
		id = t.next
	}
	if _, there := t.at(id); there {
		whole = row{}
	}
	maps.Copy(whole, fields)
	t.put(id, whole)
	if _, talks := c.talk[id]; what == "tickets" && !talks {
		c.talk[id] = &careTalk{}
	}
	return id, nil
}

// Say puts a comment with any text on a ticket, unchecked: under the category
// of this number, with the title given, or as a general one for category 0.
func (c *Connect4Healthcare) Say(ticket, category int, title, by, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	talk, ok := c.talk[ticket]
	if !ok {
		panic(fmt.Sprintf("sandbox: there is no ticket %d", ticket))
	}
	k := c.comment(text)
	k.by = by
	if category == 0 {
		talk.general = append(talk.general, k)
		return
	}
	for i := range talk.categories {
		if s := &talk.categories[i]; s.id == category {
			s.title, s.comments = title, append(s.comments, k)
			return
		}
	}
	talk.categories = append(talk.categories, careState{id: category, title: title, status: "issue", comments: []careComment{k}})
}

// Ticket returns what is held of a ticket, in the form lists show it; false
// when there is none of this number.
func (c *Connect4Healthcare) Ticket(id int) (map[string]any, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	t, ok := c.tickets.at(id)
	return maps.Clone(t), ok
}

// Comments returns the texts said about a ticket: the general ones for category
// 0, whether ticket_detail shows them or not.
func (c *Connect4Healthcare) Comments(ticket, category int) (texts []string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	talk, ok := c.talk[ticket]
	if !ok {
		return nil
	}
	var said []careComment
	if category == 0 {
		said = talk.general
	}
	for _, s := range talk.categories {
		if s.id == category {
			said = s.comments
		}
	}
	for _, k := range said {
		texts = append(texts, k.text)
	}
	return texts
}

// Tickets counts all tickets.
func (c *Connect4Healthcare) Tickets() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.tickets.rows)
}

func (c *Connect4Healthcare) controlMode(r *http.Request) (any, error) {
	var in struct {
		Always200 *bool `json:"always200"`
		Drop      *bool `json:"dropUnderscoreHeaders"`
		Show      *bool `json:"showComments"`
	}
	if err := strictly(r, &in); err != nil {
		return nil, err
	}
	for _, knob := range []struct {
		on  *bool
		set func(bool)
	}{{in.Always200, c.Always200}, {in.Drop, c.DropUnderscoreHeaders}, {in.Show, c.ShowComments}} {
		if knob.on != nil {
			knob.set(*knob.on)
		}
	}
	return nil, nil
}

func (c *Connect4Healthcare) controlPlant(r *http.Request) (any, error) {
	var fields map[string]any
	if err := strictly(r, &fields); err != nil {
		return nil, err
	}
	id, err := c.plant(r.PathValue("what"), fields)
	if err != nil {
		return nil, err
	}
	return map[string]int{"id": id}, nil
}
