package anglehealth

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var (
	opMember = reading("read member", "/member_snapshot")
	opGroup  = reading("read group", "/group_snapshot")
)

// Member is what Angle Health holds of a person. Medical, Dental and Vision are
// names of plans, empty without one. Parent is the employee a dependent belongs
// to.
type Member struct {
	ID, Group                   ID
	Type                        safe.Text // "employee" or "dependent"
	FirstName, LastName         safe.Text
	HomeAddress, MailingAddress Value
	DOB                         Date // known with a year of four digits only
	SSN                         LastFour
	Sex, MaritalStatus          safe.Text
	Contact, Employment         Value
	Medical, Dental, Vision     safe.Text
	Parent                      ID
	Relationship                safe.Text
}

// UnmarshalJSON reads the documented record.
func (m *Member) UnmarshalJSON(raw []byte) error {
	var w struct {
		ID             ID        `json:"id"`
		Group          ID        `json:"group_id"`
		Type           safe.Text `json:"member_type"`
		FirstName      safe.Text `json:"first_name"`
		LastName       safe.Text `json:"last_name"`
		HomeAddress    Value     `json:"home_address"`
		MailingAddress Value     `json:"mailing_address"`
		DOB            birthday  `json:"dob"`
		SSN            LastFour  `json:"ssn"`
		Sex            safe.Text `json:"sex"`
		MaritalStatus  safe.Text `json:"marital_status"`
		Contact        Value     `json:"contact"`
		Employment     Value     `json:"employment"`
		Medical        safe.Text `json:"medical"`
		Dental         safe.Text `json:"dental"`
		Vision         safe.Text `json:"vision"`
		Parent         ID        `json:"parent"`
		Relationship   safe.Text `json:"relationship"`
	}
	if json.Unmarshal(raw, &w) != nil { // whose words may quote the value
		return errors.New("not a member")
	}
	*m = Member{
		ID: w.ID, Group: w.Group, Type: w.Type, FirstName: w.FirstName, LastName: w.LastName,
		HomeAddress: w.HomeAddress, MailingAddress: w.MailingAddress, DOB: w.DOB.Date, SSN: w.SSN,
		Sex: w.Sex, MaritalStatus: w.MaritalStatus, Contact: w.Contact, Employment: w.Employment,
		Medical: w.Medical, Dental: w.Dental, Vision: w.Vision, Parent: w.Parent, Relationship: w.Relationship,
	}
	return nil
}

// Plan is the name of the plan of a line, empty without one.
func (m Member) Plan(l Line) safe.Text {
	switch l {
	case Medical:
		return m.Medical
	case Dental:
		return m.Dental
	case Vision:
		return m.Vision
	}
	return safe.Text{}
}

// Covered reports that the member has a plan of any line.
func (m Member) Covered() bool {
	return !m.Medical.Empty() || !m.Dental.Empty() || !m.Vision.Empty()
}

// Member reads a person. KindNotFound means that nobody has the id; an answer
// about another one is KindDecode. At most three are read at the same time.
// POST /member_snapshot.
func (c *Client) Member(ctx context.Context, id ID) (Member, error) {
	if id == "" {
		return Member{}, refuseField(opMember, "id", "The member's id is missing.")
	}
	select {
	case c.snapshots <- struct{}{}:
		defer func() { <-c.snapshots }()
	case <-ctx.Done():
		return Member{}, ctx.Err()
	}
	m, err := rest.Do[Member](ctx, c.transport, opMember, rest.Call{Body: map[string]ID{"id": id}})
	if err != nil {
		return Member{}, err
	}
	if m.ID != id {
		return Member{}, unclear(opMember, "the member it describes is not the one that was asked for")
	}
	return m, nil
}

// Members reads persons and hands each to the function as it arrives, in no
// order, one at a time. It returns when all are read or the context has ended.
func (c *Client) Members(ctx context.Context, ids []ID, each func(ID, Member, error)) {
	var all sync.WaitGroup
	var mu sync.Mutex
	turn := make(chan struct{}, snapshotsAtOnce)
	defer all.Wait()
	for _, id := range ids {
		select {
		case turn <- struct{}{}:
		case <-ctx.Done():
			return
		}
		all.Go(func() {
			defer func() { <-turn }()
			m, err := c.Member(ctx, id)
			mu.Lock()
			defer mu.Unlock()
			each(id, m, err)
		})
	}
}

// Group is what Angle Health holds of a group: the ids of its members, each
// once and in the order of the answer. Partial means that the answer itself
// counts more members than it names.
type Group struct {
	ID      ID
	Name    safe.Text
	Address Value
	Members []ID
	Partial bool
}

// UnmarshalJSON reads the documented record. A member may also be a record with
// an id, as an earlier version of the document had it.
func (g *Group) UnmarshalJSON(raw []byte) error {
	var w struct {
		ID      ID                `json:"group_id"`
		Name    safe.Text         `json:"group_name"`
		Address Value             `json:"group_address"`
		Members []json.RawMessage `json:"members"`
		Total   Value             `json:"total"`
	}
	bad := errors.New("not a group")
	if json.Unmarshal(raw, &w) != nil {
		return bad
	}
	*g = Group{ID: w.ID, Name: w.Name, Address: w.Address}
	seen := map[ID]bool{}
	for _, item := range w.Members {
		var id ID
		if id.UnmarshalJSON(item) != nil {
			var whole struct{ ID ID }
			if json.Unmarshal(item, &whole) != nil {
				return bad
			}
			id = whole.ID
		}
		if id == "" {
			return bad
		}
		if !seen[id] {
			seen[id] = true
			g.Members = append(g.Members, id)
		}
	}
	total, known := w.Total.Cents()
	g.Partial = known && total > 100*int64(len(w.Members))
	return nil
}

// Group reads a group. KindNotFound means that there is none of the id; an
// answer about another one is KindDecode. One request is sent and no page is
// asked for: the document withdrew pages. POST /group_snapshot.
func (c *Client) Group(ctx context.Context, id ID) (Group, error) {
	if id == "" {
		return Group{}, refuseField(opGroup, "group_id", "The group's id is missing.")
	}
	g, err := rest.Do[Group](ctx, c.transport, opGroup, rest.Call{Body: map[string]ID{"group_id": id}})
	if err != nil {
		return Group{}, err
	}
	if g.ID != id {
		return Group{}, unclear(opGroup, "the group it describes is not the one that was asked for")
	}
	return g, nil
}

// Family is a member with everybody of the same employee, read one by one.
type Family struct {
	Employee   Member
	Dependents []Member // by the order of the group
	// Unread are members of the group whose snapshot failed, so that they may
	// or may not belong to the family. Partial is the group's, and that of a
	// group which does not name the employee either.
	Unread  []ID
	Partial bool
}

// Family reads an employee and whoever names the employee as parent: the
// member, the group, then every other member of it. Only what was read counts:
// see Unread.
func (c *Client) Family(ctx context.Context, employee ID) (Family, error) {
	m, err := c.Member(ctx, employee)
	if err != nil {
		return Family{}, err
	}
	f := Family{Employee: m}
	if m.Group == "" {
		return f, unclear(opMember, "the member's group is not told, so the family cannot be read")
	}
	g, err := c.Group(ctx, m.Group)
	if err != nil {
		return f, err
	}
	f.Partial = g.Partial || !slices.Contains(g.Members, employee)
	read := map[ID]Member{}
	failed := map[ID]bool{}
	c.Members(ctx, without(g.Members, employee), func(id ID, m Member, err error) {
		read[id], failed[id] = m, err != nil
	})
	if err := ctx.Err(); err != nil {
		return f, err
	}
	for _, id := range g.Members {
		switch {
		case failed[id]:
			f.Unread = append(f.Unread, id)
		case id != employee && read[id].Parent == employee:
			f.Dependents = append(f.Dependents, read[id])
		}
	}
	return f, nil
}

func without(ids []ID, one ID) []ID {
	var out []ID
	for _, id := range ids {
		if id != one {
			out = append(out, id)
		}
	}
	return out
}
