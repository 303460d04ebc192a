package connect4healthcare

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

// FuzzDecode: whatever arrives, nothing panics, and what is accepted can be
// relied on.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"tickets", "ticket_detail", "all_residents", "provider_categories"} {
		f.Add([]byte(document(&testing.T{}, name+".json")))
	}
	for _, seed := range []string{
		signedIn, badCredentials, badKey, created, `{"status":"Success","tickets":{"id":"5"}}`,
		`{"ticket_with_details":{"ticket":{"id":1,"comments":["a",{"id":"x"}]},"categories":{"6":{"comment1":{},"comment":7}},"ticket_attachments":[[],{"name":[1]}]}}`,
		`{"ticket":[{"id":1e999999999}]}`, `{"a":"\",}",}`, `[[[[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var tickets ticketList
		if json.Unmarshal(data, &tickets) == nil {
			for _, ticket := range tickets {
				require.Positive(t, ticket.ID)
			}
		}
		var d Detail
		if json.Unmarshal(data, &d) == nil {
			require.Positive(t, d.ID)
			FindComment(d, 6, "x", time.Time{})
		}
		var people residentList
		if json.Unmarshal(data, &people) == nil {
			for _, r := range people {
				require.Positive(t, r.ID)
				_ = r.Name()
			}
		}
		var kinds categoryList
		if json.Unmarshal(data, &kinds) == nil {
			for _, c := range kinds {
				require.Positive(t, c.ID)
			}
		}
		var a authorized
		if json.Unmarshal(data, &a) == nil {
			require.True(t, sendable(a.token))
		}
		if json.Valid(data) {
			require.Equal(t, string(data), string(relaxed(data)), "what is JSON stays as it is")
		}
		for _, status := range []int{200, 400, 401, 500} {
			for _, op := range []rest.Op{opTickets, opCreate, opComment, opAuthorize} {
				e := check(op, status, http.Header{}, data)
				require.False(t, status >= 500 && e != nil && e.Kind != 0, "a failing server is never taken for a refusal")
			}
		}
	})
}
