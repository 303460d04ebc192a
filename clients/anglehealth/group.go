package anglehealth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// The document has the route with its prefix doubled, most likely by a slip.
var (
	opRegister      = writing("register group", "/broker/register_group")
	opRegisterPlain = writing("register group", "/register_group")
)

// Registration is a new group with its first families. The request has no place
// for who belongs to whom, so each employee comes before its own dependents and
// the parents in the answer are to be compared.
type Registration struct {
	Group         ID
	Name, Address string
	Families      []Household
}

// Household is an employee with dependents in a Registration.
type Household struct {
	Employee   Elected
	Dependents []Elected
}

// Members are the ids in the order of sending.
func (r Registration) Members() []ID {
	var ids []ID
	for _, f := range r.Families {
		ids = append(ids, f.plain().ids()...)
	}
	return ids
}

func (h Household) plain() family { return family{h.Employee, h.Dependents} }

// Problems says what cannot be sent as it is: wire name to a sentence.
func (r Registration) Problems() map[string]string {
	wrong := map[string]string{}
	seen := map[ID]bool{}
	for i, h := range r.Families {
		for name, said := range h.plain().problems() {
			wrong[name] = fmt.Sprintf("Family %d: %s", i+1, said)
		}
		for _, id := range h.plain().ids() {
			if seen[id] {
				wrong["id"] = fmt.Sprintf("Family %d: a member has the id of a member of another family.", i+1)
			}
			seen[id] = true
		}
	}
	if p := r.Group.Problem(); p != "" {
		wrong["group_id"] = "The group's id cannot be used. " + p
	}
	if strings.TrimSpace(r.Name) == "" {
		wrong["group_name"] = "The name of the group is missing."
	}
	if strings.TrimSpace(r.Address) == "" {
		wrong["group_address"] = "The address of the group is missing."
	}
	if len(r.Families) == 0 {
		wrong["enrolling_members"] = "A group needs at least one employee."
	}
	return wrong
}

// registered is the answer to a registration.
type registered struct {
	group ID
	rows  records
}

// UnmarshalJSON reads {"group_id", "member_coverage"}.
func (r *registered) UnmarshalJSON(raw []byte) error {
	var w struct {
		Group ID      `json:"group_id"`
		Rows  records `json:"member_coverage"`
	}
	if _, err := rest.ParseObject(raw); err != nil {
		return err
	}
	if json.Unmarshal(raw, &w) != nil {
		return errNotMembers
	}
	r.group, r.rows = w.Group, w.Rows
	return nil
}

// RegisterGroup enrols a new group. It is executed once: under the documented
// path with its doubled prefix, and only when that is answered with 404 or 405,
// which means that nothing was there to carry it out, under the single one. The
// path that worked is the first one from then on.
// POST /broker/register_group.
func (c *Client) RegisterGroup(ctx context.Context, r Registration) (Answer[Covered], error) {
	if wrong := r.Problems(); len(wrong) > 0 {
		return Answer[Covered]{}, refuseFields(opRegister, wrong)
	}
	var families []family
	for _, h := range r.Families {
		families = append(families, h.plain())
	}
	call := rest.Call{Record: string(r.Group), Body: struct {
		Group   ID        `json:"group_id"`
		Name    string    `json:"group_name"`
		Address string    `json:"group_address"`
		Lines   elections `json:"lines_of_coverage"`
	}{r.Group, r.Name, r.Address, elect(families, "", "")}}
	got, err := c.register(ctx, call)
	if err != nil {
		return Answer[Covered]{}, err
	}
	a := answer(got.rows, r.Members(), record.covered)
	if got.group != r.Group { // about which group, then?
		a.Missing = r.Members()
	}
	if got.group != r.Group && got.group != "" {
		a.Extra = append(a.Extra, got.group)
	}
	return a, nil
}

func (c *Client) register(ctx context.Context, call rest.Call) (registered, error) {
	first, second := opRegister, opRegisterPlain
	if c.plain.Load() {
		first, second = second, first
	}
	got, err := rest.Do[registered](ctx, c.transport, first, call)
	if !noRoute(err) {
		return got, err
	}
	refused := err
	got, err = rest.Do[registered](ctx, c.transport, second, call)
	if err == nil {
		c.plain.Store(second.Path == opRegisterPlain.Path)
	}
	if noRoute(err) && said(refused) && !said(err) { // what was not found is something else, then
		return got, refused
	}
	return got, err
}

// noRoute reports a definite answer that there is nothing at the address.
func noRoute(err error) bool {
	var e *rest.Error
	return errors.As(err, &e) && e.Phase == rest.Refused &&
		(e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed)
}

// said reports a refusal in words of the vendor.
func said(err error) bool {
	var e *rest.Error
	return errors.As(err, &e) && (!e.Message.Empty() || len(e.Fields) > 0)
}

// refuseFields refuses fields by their wire names.
func refuseFields(op rest.Op, wrong map[string]string) *rest.Error {
	e := refuse(op, "Some of this cannot be sent to Angle Health as it is: "+wrong[slices.Min(slices.Collect(maps.Keys(wrong)))])
	e.Fields = map[string]safe.Text{}
	for name, said := range wrong {
		e.Fields[name] = safe.Line(said)
	}
	return e
}
