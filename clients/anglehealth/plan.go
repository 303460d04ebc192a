package anglehealth

import (
	"context"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var opPlan = reading("read plan", "/plan_metadata")

// Line is a line of coverage.
type Line string

// The lines. Vision is in plans and snapshots; no write of the document takes
// it.
const (
	Medical Line = "medical"
	Dental  Line = "dental"
	Vision  Line = "vision"
)

// Lines are the lines that can be enrolled in, in the order of the document.
func Lines() []Line { return []Line{Dental, Medical} }

// Plan is what Angle Health says of a plan. Rates may be of any shape.
type Plan struct {
	Name      safe.Text `json:"plan_name"`
	Line      safe.Text `json:"line_of_coverage"`
	Effective Date      `json:"effective_date"`
	Ends      Date      `json:"end_date"`
	Tier      safe.Text `json:"metal_tier"`
	Rates     Value     `json:"rates"`
}

// Covers reports that the plan is of the line; also when it does not say.
func (p Plan) Covers(l Line) bool {
	return p.Line.Empty() || strings.EqualFold(strings.TrimSpace(p.Line.Raw()), string(l))
}

// Plan reads a plan by its name, as it stands in enrolments. An answer about
// another plan is KindDecode. POST /plan_metadata.
func (c *Client) Plan(ctx context.Context, name string) (Plan, error) {
	if strings.TrimSpace(name) == "" {
		return Plan{}, refuseField(opPlan, "plan_name", "The name of the plan is missing.")
	}
	p, err := rest.Do[Plan](ctx, c.transport, opPlan, rest.Call{Body: map[string]string{"plan_name": name}})
	if err != nil {
		return Plan{}, err
	}
	if !strings.EqualFold(p.Name.Raw(), name) {
		return Plan{}, unclear(opPlan, "the plan it describes is not the one that was asked for")
	}
	return p, nil
}
