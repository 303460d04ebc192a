package anglehealth

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
)

var (
	opLifeEvent      = writing("report life event", "/qualifying_life_event")
	opOpenEnrollment = writing("open enrollment", "/open_enrollment")
)

// openEnrollment is the only event type the document names.
const openEnrollment = "open_enrollment"

// EventType is a word for a kind of life event, and how people say it.
type EventType struct{ Word, Label string }

// EventTypes are the usual life events. None of the words is documented: the
// vendor's own are not known, and any text may be sent.
func EventTypes() []EventType {
	return []EventType{
		{"marriage", "Marriage"}, {"divorce", "Divorce"}, {"birth", "Birth of a child"}, {"adoption", "Adoption"},
		{"loss_of_coverage", "Loss of other coverage"}, {"gain_of_coverage", "Gain of other coverage"}, {"death", "Death in the family"},
		{"relocation", "Move to another place"}, {"dependent_aged_out", "Dependent is too old now"}, {"other", "Other"},
	}
}

// Event is a life event or an open enrolment with what it does to coverage.
type Event struct {
	Type  string // left empty for an open enrolment
	Date  civil.Date
	Lines []EventLine
}

// EventLine adds a line of coverage to a member or removes it.
type EventLine struct {
	ID   ID
	Line Line // Medical or Dental
	Plan string
	Add  bool
}

// Members are the ids in the order of sending, each once.
func (e Event) Members() []ID {
	var ids []ID
	for _, l := range e.Lines {
		if !slices.Contains(ids, l.ID) {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

var apart = regexp.MustCompile(`[^a-z]`)

// Problems says what cannot be sent as a life event: wire name to a sentence.
func (e Event) Problems() map[string]string {
	wrong := e.OpenProblems()
	switch {
	case strings.TrimSpace(e.Type) == "":
		wrong["event_type"] = "The type of the event is missing. Angle Health documents none; marriage or birth are likely words."
	case apart.ReplaceAllString(strings.ToLower(e.Type), "") == "openenrollment":
		wrong["event_type"] = "Open enrollment is no life event: use open enrollment for it."
	}
	return wrong
}

// OpenProblems says what cannot be sent as an open enrolment, whose type is not
// asked for: wire name to a sentence.
func (e Event) OpenProblems() map[string]string {
	wrong := map[string]string{}
	if _, ok := long(e.Date); !ok {
		wrong["event_date"] = "The date of the event is missing or no day of the calendar."
	}
	if len(e.Lines) == 0 {
		wrong["lines_of_coverage"] = "No line of coverage is to be added or removed."
	}
	type place struct {
		id   ID
		line Line
		add  bool
	}
	seen := map[place]bool{}
	for i, l := range e.Lines {
		switch {
		case l.ID == "":
			wrong["id"] = fmt.Sprintf("Change %d names no member.", i+1)
		case l.Line != Medical && l.Line != Dental:
			wrong["line_of_coverage"] = fmt.Sprintf("Change %d must be of medical or dental coverage: Angle Health takes no other.", i+1)
		case strings.TrimSpace(l.Plan) == "":
			wrong["plan_name"] = fmt.Sprintf("Change %d names no plan.", i+1)
		case seen[place{l.ID, l.Line, l.Add}]:
			wrong["lines_of_coverage"] = fmt.Sprintf("Change %d repeats an earlier one for the same member and line.", i+1)
		}
		seen[place{l.ID, l.Line, l.Add}] = true
	}
	return wrong
}

// ReportLifeEvent changes coverage because of a life event. It is sent once.
// POST /qualifying_life_event.
func (c *Client) ReportLifeEvent(ctx context.Context, e Event) (Answer[Changed], error) {
	return c.event(ctx, opLifeEvent, e, e.Problems())
}

// OpenEnrollment changes coverage in the open enrolment period; the type of the
// event is always open_enrollment. It is sent once. POST /open_enrollment.
func (c *Client) OpenEnrollment(ctx context.Context, e Event) (Answer[Changed], error) {
	e.Type = openEnrollment
	return c.event(ctx, opOpenEnrollment, e, e.OpenProblems())
}

func (c *Client) event(ctx context.Context, op rest.Op, e Event, wrong map[string]string) (Answer[Changed], error) {
	if len(wrong) > 0 {
		return Answer[Changed]{}, refuseFields(op, wrong)
	}
	type change struct {
		ID     ID     `json:"id"`
		Line   Line   `json:"line_of_coverage"`
		Plan   string `json:"plan_name"`
		Status string `json:"coverage_status"`
	}
	var body struct {
		Type  string   `json:"event_type"`
		Date  string   `json:"event_date"`
		Lines []change `json:"lines_of_coverage"`
	}
	body.Type = strings.TrimSpace(e.Type)
	body.Date, _ = long(e.Date)
	for _, l := range e.Lines {
		// The table has "removing coverage", the sample an underscore.
		status := "removing_coverage"
		if l.Add {
			status = "adding_coverage"
		}
		body.Lines = append(body.Lines, change{l.ID, l.Line, l.Plan, status})
	}
	rs, err := rest.Do[records](ctx, c.transport, op, rest.Call{Body: body, Record: string(e.Lines[0].ID)})
	if err != nil {
		return Answer[Changed]{}, err
	}
	return answer(rs, e.Members(), record.changed), nil
}
