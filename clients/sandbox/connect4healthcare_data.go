package sandbox

import (
	"maps"
	"strings"
	"time"
)

// A careTable keeps rows under the numbers they came with, in order. Rows are
// replaced, never changed in place, since an answer may still be made from one.
type careTable struct {
	rows  []row
	place map[int]int // by number
	next  int
}

func newCareTable(first int) *careTable { return &careTable{place: map[int]int{}, next: first} }

// add gives the row the next number.
func (t *careTable) add(fields row) int {
	id := t.next
	t.put(id, fields)
	return id
}

// put plants a row under a number, over one that is there.
func (t *careTable) put(id int, fields row) {
	if _, there := t.place[id]; there {
		t.lay(id, fields)
		return
	}
	fields = maps.Clone(fields)
	fields["id"] = id
	t.place[id] = len(t.rows)
	t.rows = append(t.rows, fields)
	t.next = max(t.next, id+1)
}

func (t *careTable) at(id int) (row, bool) {
	i, ok := t.place[id]
	if !ok {
		return nil, false
	}
	return t.rows[i], true
}

func (t *careTable) lay(id int, fields row) {
	i := t.place[id]
	r := maps.Clone(t.rows[i])
	maps.Copy(r, fields)
	r["id"] = id
	t.rows[i] = r
}

const (
	careResidents     = 40
	firstCareTicket   = 202 // the document's own
	firstCareResident = 500_000_001
	firstCareComment  = 378
)

// careCategories are the document's four and two more, under ids of their own.
var careCategories = []struct {
	id   int
	name string
}{
	{3, "Clinical Edit"}, {6, "Emergency"}, {7, "Activity Level"}, {12, "Weight Gain"}, {13, "Medication"}, {16, "Sleep"},
}

var careTitles = []string{
	"Missed breakfast twice", "Blood pressure reading high", "Asks for her daughter", "New walker needed",
	"Medication refused this morning", "Weight up four pounds in a week", "Did not sleep", "Fell beside the bed, no injury seen",
	"Hearing aid lost", "Skin looks dry on both hands", "Confused after dinner", "Wants to change the room",
	"Physical therapy cancelled", "Cough since the weekend", "Refill of eye drops", "Family asks for a call back",
}

var careRemarks = []string{
	"Told the nurse on duty.", "Will look again after lunch.", "Better today.", "Third time this week.",
	"The doctor's office was called, no answer yet.", "Daughter was told and agrees.", "Please watch until Friday.",
	"Measured twice, same result.", "Nothing unusual seen.", "Ate half of the portion.",
}

var careStaff = []string{"Sample Nurse", "Sample Aide", "Sample Doctor", careProvider}

func newConnect4Healthcare(s *Server, tickets int) *Connect4Healthcare {
	c := &Connect4Healthcare{
		srv: s, sessions: map[string]bool{},
		residents: newCareTable(firstCareResident), categories: newCareTable(1),
		tickets: newCareTable(firstCareTicket), talk: map[int]*careTalk{}, comments: firstCareComment - 1,
	}
	for _, category := range careCategories {
		c.categories.put(category.id, row{"name": category.name})
	}
	c.addResidents()
	for n := tickets - 1; n >= 0; n-- {
		c.addTicket(n)
	}
	return c
}

// addResidents has people the EMR knows as well: the same names and birthdays.
// As in the document's example a few have no last name.
func (c *Connect4Healthcare) addResidents() {
	now := c.srv.now()
	stamp := c.careStamp(now.AddDate(0, -3, 0))
	people := newGenerator(careResidents, defaultProviders, now.Year())
	for id := 1; id <= careResidents; id++ {
		d := roll(streamResidents, id)
		who := people.person(id).fields
		r := careResident(stamp)
		r["first_name"], r["last_name"] = who["FirstName"], who["LastName"]
		if d.in(8) {
			r["first_name"], r["last_name"] = text(who, "FullName"), nil
		}
		r["dob"] = strings.ReplaceAll(text(who, "DOB"), "-", "/")
		r["location"] = oneOf(&d, []string{"Assisted Living", "Memory Care", "Skilled Nursing"}) + " Apt. " + string(rune('1'+d.pick(4))) + "0" + string(rune('1'+d.pick(9)))
		if d.in(60) {
			r["phone_number"] = text(who, "Phone")
		}
		c.residents.add(r)
	}
}

// careResident is the document's form of one.
func careResident(stamp string) row {
	return row{
		"fax_number": nil, "caretracker_id": nil, "resident_type_id": nil, "provider_id": 72136196,
		"photo_content_type": "", "first_name": nil, "next_status_update": nil, "state": "active",
		"photo_file_name": "", "creator_id": 0, "last_status_update": nil, "home_zip": "534412",
		"in_home_care": false, "home_address2": "", "home_address1": "123 Mockingbird Lane", "email": nil,
		"customer_number": nil, "updated_at": stamp, "review_updates": nil, "updater_id": 0, "location": nil,
		"home_city": "New York", "photo_file_size": 0, "home_state": "NY", "dob": nil, "last_name": nil,
		"demo": false, "phone_number": nil, "created_at": stamp, "account_number": nil,
	}
}

// careTicket is the document's form of one, its misspelt name included.
func careTicket(resident int, title, status string, urgency int, created, updated string) row {
	return row{
		"start_date": nil, "sentsent_to_primary": nil, "urgency_status_id": urgency, "ticket_type": nil,
		"resident_id": resident, "updated_at": updated, "created_at": created, "email": nil,
		"sent_to_healthcare_pro": nil, "state": false, "sms": nil, "end_date": nil,
		"ticket_status": status, "sent_to_family": nil, "title": title, "employee_id": 81987870,
	}
}

// addTicket makes the ticket that n others are younger than.
func (c *Connect4Healthcare) addTicket(n int) {
	d := roll(streamCare, n)
	age := time.Duration(n*7+d.pick(7)) * time.Hour
	created := c.srv.now().Add(-age - time.Hour)
	last := created
	talk := &careTalk{}
	for _, category := range careCategories {
		s := careState{id: category.id, title: category.name, status: oneOf(&d, []string{"no issue", "no issue", "no issue", "potential issue", "issue"})}
		for s.status != "no issue" && d.in(45) && len(s.comments) < 3 {
			last = last.Add(time.Duration(1+d.pick(20)) * time.Minute)
			s.comments = append(s.comments, c.said(&d, last))
		}
		talk.categories = append(talk.categories, s)
	}
	if d.in(40) {
		talk.general = []careComment{c.said(&d, last)}
	}
	status := oneOf(&d, []string{"New", "New", "New", "In Progress", "In Progress", "Reopen"})
	id := c.tickets.add(careTicket(firstCareResident+d.pick(careResidents), oneOf(&d, careTitles), status,
		oneOf(&d, []int{3, 3, 2}), c.careStamp(created), c.careStamp(last)))
	c.talk[id] = talk
}

func (c *Connect4Healthcare) said(d *dice, at time.Time) careComment {
	c.comments++
	return careComment{c.comments, oneOf(d, careStaff), c.careStamp(at), oneOf(d, careRemarks)}
}
