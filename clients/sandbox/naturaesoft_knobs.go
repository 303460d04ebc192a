package sandbox

import (
	"fmt"
	"maps"
	"strconv"
)

// Book enters a visit into the EMR's schedule as somebody working there would,
// overlapping or not: date as YYYY-MM-DD, time as HH:MM or HH:MM:SS, 1 to 480
// minutes. It returns the VisitID and panics on values that make no visit.
func (s *Server) Book(provider int, date, time string, minutes int, typ string) (visitID int) {
	id, err := s.emr.enter(provider, date, time, minutes, typ)
	if err != nil {
		panic("sandbox: " + err.Error())
	}
	return id
}

func (n *naturaesoft) enter(provider int, date, time string, minutes int, typ string) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	v, err := n.entry(provider, date, time, minutes, typ)
	if err != nil {
		return 0, err
	}
	return n.book.add(v), nil
}

// Unbook takes a visit out of the schedule and tells whether it was there.
func (s *Server) Unbook(visitID int) bool {
	s.emr.mu.Lock()
	defer s.emr.mu.Unlock()
	return s.emr.book.remove(visitID)
}

// PutProspect plants a prospect with any fields and values whatever, unchecked,
// and returns its number. Fields not given are empty, Prospect is 1. With a
// ProspectID among the fields they are laid over that prospect's.
func (s *Server) PutProspect(fields map[string]any) (id int) {
	n := s.emr
	n.mu.Lock()
	defer n.mu.Unlock()
	fields = maps.Clone(fields)
	at := numberIn(fields, "ProspectID")
	delete(fields, "ProspectID")
	if who, ok := n.people.at(at); ok {
		laid := maps.Clone(who.fields)
		maps.Copy(laid, fields)
		n.people.keep(at, person{laid, who.tags})
		return at
	}
	planted := emptyProspect()
	planted["Prospect"] = 1
	maps.Copy(planted, fields)
	return n.people.add(planted)
}

// Prospect returns what the EMR holds of a prospect, in the form lists show
// it; false when there is none of this number.
func (s *Server) Prospect(id int) (map[string]any, bool) {
	s.emr.mu.RLock()
	defer s.emr.mu.RUnlock()
	who, ok := s.emr.people.at(id)
	if !ok {
		return nil, false
	}
	return who.withTags(id, s.emr.tags), true
}

// Plant puts a row with any values into "providers", "tags", "tickets",
// "products" or "kb" and returns its number. With the number of a row there
// (its field "id", "TagID", "TicketID", "ProductID" or "KBID") the fields are
// laid over that row. It panics on another word.
func (s *Server) Plant(what string, fields map[string]any) (id int) {
	n := s.emr
	n.mu.Lock()
	defer n.mu.Unlock()
	t, ok := map[string]*table{
		"providers": n.providers, "tags": n.tags, "tickets": n.tickets, "products": n.products, "kb": n.articles,
	}[what]
	if !ok {
		panic(fmt.Sprintf("sandbox: %q is nothing that rows can be planted in", what))
	}
	at := numberIn(fields, t.key)
	if _, there := t.at(at); there {
		t.lay(at, fields)
		return at
	}
	return t.add(fields)
}

// numberIn reads a row's number, 0 when there is none.
func numberIn(fields map[string]any, key string) int {
	id, _ := strconv.Atoi(fmt.Sprint(fields[key]))
	return id
}

// RevokeScope takes a scope ("Providers", "ProductPro.Products", "KB",
// "Tickets") from the API key: its calls answer 403 at once.
func (s *Server) RevokeScope(scope string) { s.setScope(scope, false) }

// GrantScope gives a scope back.
func (s *Server) GrantScope(scope string) { s.setScope(scope, true) }

func (s *Server) setScope(scope string, granted bool) {
	s.emr.mu.Lock()
	defer s.emr.mu.Unlock()
	if _, known := s.emr.scopes[scope]; !known {
		panic(fmt.Sprintf("sandbox: no scope is named %q", scope))
	}
	s.emr.scopes[scope] = granted
}

// SetReplaceOnPut makes PUT on a prospect empty the fields it does not give.
// The document allows this reading as well as the other one.
func (s *Server) SetReplaceOnPut(on bool) {
	s.emr.mu.Lock()
	defer s.emr.mu.Unlock()
	s.emr.replaces = on
}

// Tick has those who play the EMR's side do at once what they have read and
// not done yet. Without Options.Demo there is nobody to do it.
func (s *Server) Tick() {
	if s.emr.demo == nil {
		return
	}
	s.emr.mu.Lock()
	defer s.emr.mu.Unlock()
	s.emr.demo.act(func(errand) bool { return true })
}
