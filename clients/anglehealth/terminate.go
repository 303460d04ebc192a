package anglehealth

import (
	"context"
	"fmt"

	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
)

var opTerminate = writing("terminate", "/termination")

// Termination ends the coverage of a member. Ending an employee's ends that of
// every dependent too, and nothing takes it back.
type Termination struct {
	ID       ID
	LastWork civil.Date
}

// Terminate ends coverage. It is sent once. The dependents who lose theirs are
// in the answer beside those who were sent, as Extra; read the Family first to
// know them before. POST /termination.
func (c *Client) Terminate(ctx context.Context, ts ...Termination) (Answer[Ended], error) {
	type ending struct {
		ID       ID     `json:"id"`
		LastWork string `json:"last_work_date"`
	}
	var body struct {
		Terminations []ending `json:"terminations"`
	}
	var ids []ID
	for i, t := range ts {
		if t.ID == "" {
			return Answer[Ended]{}, refuseField(opTerminate, "id", fmt.Sprintf("Termination %d names no member.", i+1))
		}
		day, ok := long(t.LastWork)
		if !ok {
			return Answer[Ended]{}, refuseField(opTerminate, "last_work_date", "The last day of work is missing or no day of the calendar.")
		}
		body.Terminations = append(body.Terminations, ending{t.ID, day})
		ids = append(ids, t.ID)
	}
	if len(ids) == 0 {
		return Answer[Ended]{}, refuseField(opTerminate, "id", "Nobody was named whose coverage is to end.")
	}
	rs, err := rest.Do[records](ctx, c.transport, opTerminate, rest.Call{Body: body, Record: string(ids[0])})
	if err != nil {
		return Answer[Ended]{}, err
	}
	return answer(rs, ids, record.ended), nil
}
