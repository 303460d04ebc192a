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

// UnmarshalJSON reads the documented object, and the name of a plan alone. One
// that says no is no coverage.
func (c *coverage) UnmarshalJSON(raw []byte) error {
	*c = coverage{}
	if o, _ := rest.ParseObject(raw); rest.Void(raw) || string(raw) == "false" || refusal(o) != nil {
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
	for _, m := range o.Beside() { // of the words, see check
		items := rows(m.Value)
		if len(items) == 0 { // no member; an id that was sent is then missing
			odd = true
			continue
		}
		var key ID
		quoted, _ := json.Marshal(m.Name)
		if key.UnmarshalJSON(quoted) != nil {
			return errNotMembers
		}
		for _, item := range items {
			if rs.add(key, item) != nil {
				return errNotMembers
			}
		}
	}
	if odd && len(*rs) == 0 {
		return errNotMembers
	}
	return nil
}

// rows are what stands under a key: a record, or several of a member with more
// than one line; none for anything else.
func rows(raw json.RawMessage) []json.RawMessage {
	items := []json.RawMessage{raw}
	if strings.HasPrefix(string(raw), "[") && json.Unmarshal(raw, &items) != nil {
		return nil
	}
	if slices.ContainsFunc(items, func(item json.RawMessage) bool { return !strings.HasPrefix(string(item), "{") }) {
		return nil
	}
	return items
}

// add reads one row. Under a key it must be about the member of that id. A row
// that says no answers for nobody: what else was done for the member, if
// anything, is not known.
func (rs *records) add(key ID, raw json.RawMessage) error {
	var r record
	o, err := rest.ParseObject(raw)
	if err != nil || json.Unmarshal(raw, &r) != nil {
		return errNotMembers
	}
	if refusal(o) != nil {
		return nil
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
// missing and what is too many. A row that tells nothing of its member is no
// answer; row says whether it does.
func answer[T any](rs records, sent []ID, row func(record) (T, bool)) Answer[T] {
	var a Answer[T]
	told := map[ID][]T{}
	for _, r := range rs {
		t, ok := row(r)
		if !ok {
			continue
		}
		told[r.ID] = append(told[r.ID], t)
		if !slices.Contains(sent, r.ID) && !slices.Contains(a.Extra, r.ID) {
			a.Extra = append(a.Extra, r.ID)
		}
	}
	for _, id := range sent {
		if told[id] == nil {
			a.Missing = append(a.Missing, id)
		}
	}
	for _, id := range slices.Concat(sent, a.Extra) {
		a.Rows = append(a.Rows, told[id]...)
	}
	return a
}

func (r record) covered() (Covered, bool) {
	c := Covered{ID: r.ID, Type: r.Type}
	for _, l := range []struct {
		line Line
		c    *coverage
	}{{Dental, r.Dental}, {Medical, r.Medical}, {Vision, r.Vision}} {
		if !l.c.empty() {
			c.Lines = append(c.Lines, Coverage{l.line, l.c.Plan, l.c.Start, l.c.End, l.c.Rate, l.c.Parent})
		}
	}
	return c, len(c.Lines) > 0 || !r.Type.Empty()
}

func (r record) ended() (Ended, bool) {
	return Ended{r.ID, r.Type, r.End, r.Parent}, !r.End.Text.Empty() || !r.Type.Empty() || r.Parent != ""
}

// changed needs a day: without one it could pass for coverage that was removed.
func (r record) changed() (Changed, bool) {
	return Changed{r.ID, r.Start, r.End, r.Rate, r.Parent}, !r.Start.Text.Empty() || !r.End.Text.Empty()
}
