package anglehealth

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// Coverage is one line of a member, as the answer to a write tells it. Rate may
// be of any shape. Parent is the employee; an employee's own may be empty.
type Coverage struct {
	Line       Line
	Plan       safe.Text
	Start, End Date
	Rate       Value
	Parent     ID
}

// Covered is a member in the answer to an enrolment.
type Covered struct {
	ID    ID
	Type  safe.Text
	Lines []Coverage
}

// Ended is a member in the answer to a termination.
type Ended struct {
	ID     ID
	Type   safe.Text
	End    Date // the last day of coverage
	Parent ID
}

// Changed is a member in the answer to a life event or open enrolment. Without
// a Start the coverage was removed. The answer does not name the line.
type Changed struct {
	ID         ID
	Start, End Date
	Rate       Value
	Parent     ID
}

// Answer is what came back from a write that names members. Rows are in the
// order of what was sent, those nobody asked for behind. It may hold a member
// twice when the vendor did.
type Answer[T any] struct {
	Rows    []T
	Missing []ID // sent and not answered: what became of them is not known
	Extra   []ID // answered and not sent, such as the dependents of the terminated
}

// record is a row of any of these answers.
type record struct {
	ID      ID        `json:"id"`
	Type    safe.Text `json:"member_type"`
	Dental  *coverage `json:"dental"`
	Medical *coverage `json:"medical"`
	Vision  *coverage `json:"vision"`
	Start   Date      `json:"coverage_start_date"`
	End     Date      `json:"coverage_end_date"`
	Rate    Value     `json:"rate"`
	Parent  ID        `json:"parent"`
}

type coverage struct {
	Plan   safe.Text `json:"plan_name"`
	Start  Date      `json:"coverage_start_date"`
	End    Date      `json:"coverage_end_date"`
	Rate   Value     `json:"rate"`
	Parent ID        `json:"parent"`
}

// UnmarshalJSON reads the documented object, and the name of a plan alone.
func (c *coverage) UnmarshalJSON(raw []byte) error {
	*c = coverage{}
	if rest.Void(raw) || string(raw) == "false" {
		return nil
	}
	type plain coverage
	if raw[0] == '{' {
		return json.Unmarshal(raw, (*plain)(c))
	}
	return json.Unmarshal(raw, &c.Plan)
}

// empty reports that the answer says of a line that there is none.
func (c *coverage) empty() bool {
	return c == nil || c.Plan.Empty() && c.Parent == "" && c.Start.Text.Empty() && c.End.Text.Empty() && c.Rate.Text.Empty()
}

// records are the rows of an answer, which the document keys by id in one place
// and lists in another. Either form is read everywhere.
type records []record

var errNotMembers = errors.New("not a list of members")

// beside are names an answer keyed by id may hold that are no ids. What they
// complain about was found before; see check.
var beside = map[string]bool{"error": true, "errors": true, "success": true, "status": true, "message": true, "code": true}

// UnmarshalJSON reads [{"id":..}] and {"<id>":{..}}, also a bare record.
func (rs *records) UnmarshalJSON(raw []byte) error {
	*rs = nil
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) == nil {
		for _, item := range items {
			if rs.add("", item) != nil {
				return errNotMembers
			}
		}
		return nil
	}
	o, err := rest.ParseObject(raw)
	if err != nil {
		return errNotMembers
	}
	var id ID
	if own := o.Find("id"); own != nil && id.UnmarshalJSON(own) == nil {
		return rs.add("", raw)
	}
	odd := false
	for _, m := range o {
		if !strings.HasPrefix(string(m.Value), "{") { // no member; an id that was sent is then missing
			odd = odd || !beside[strings.ToLower(m.Name)]
			continue
		}
		var key ID
		quoted, _ := json.Marshal(m.Name)
		if key.UnmarshalJSON(quoted) != nil || rs.add(key, m.Value) != nil {
			return errNotMembers
		}
	}
	if odd && len(*rs) == 0 {
		return errNotMembers
	}
	return nil
}

// add reads one row. Under a key it must be about the member of that id.
func (rs *records) add(key ID, raw json.RawMessage) error {
	var r record
	if _, err := rest.ParseObject(raw); err != nil || json.Unmarshal(raw, &r) != nil {
		return errNotMembers
	}
	if r.ID == "" {
		r.ID = key
	}
	if r.ID == "" || key != "" && r.ID != key {
		return errNotMembers
	}
	*rs = append(*rs, r)
	return nil
}

// answer puts rows in the order of the ids that were sent and tells what is
// missing and what is too many.
func answer[T any](rs records, sent []ID, row func(record) T) Answer[T] {
	var a Answer[T]
	place := func(id ID) {
		for _, r := range rs {
			if r.ID == id {
				a.Rows = append(a.Rows, row(r))
			}
		}
	}
	answered := func(id ID) bool {
		return slices.ContainsFunc(rs, func(r record) bool { return r.ID == id })
	}
	for _, id := range sent {
		if !answered(id) {
			a.Missing = append(a.Missing, id)
		}
		place(id)
	}
	for _, r := range rs {
		if !slices.Contains(sent, r.ID) && !slices.Contains(a.Extra, r.ID) {
			a.Extra = append(a.Extra, r.ID)
			place(r.ID)
		}
	}
	return a
}

func (r record) covered() Covered {
	c := Covered{ID: r.ID, Type: r.Type}
	for _, l := range []struct {
		line Line
		c    *coverage
	}{{Dental, r.Dental}, {Medical, r.Medical}, {Vision, r.Vision}} {
		if !l.c.empty() {
			c.Lines = append(c.Lines, Coverage{l.line, l.c.Plan, l.c.Start, l.c.End, l.c.Rate, l.c.Parent})
		}
	}
	return c
}

func (r record) ended() Ended { return Ended{r.ID, r.Type, r.End, r.Parent} }

func (r record) changed() Changed { return Changed{r.ID, r.Start, r.End, r.Rate, r.Parent} }
