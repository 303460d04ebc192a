package rest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// book is a trail that can be closed.
type book struct {
	closed error
	lines  []string
}

func (b *book) Allow(context.Context, string, string) error { return b.closed }
func (b *book) Done(_ context.Context, vendor, op, record, outcome string) {
	b.lines = append(b.lines, vendor+" "+op+" "+record+" "+outcome)
}

func TestWritesLeaveATrailAndStopWithoutOne(t *testing.T) {
	var hits atomic.Int32
	status := http.StatusOK
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	trail := &book{}
	c, err := New(Options{Vendor: "Example EMR", Base: s.URL, Trail: trail})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	call := Call{Path: map[string]string{"id": "7"}}
	write := Op{Name: "save", Method: http.MethodPut, Path: "/x/{id}", Effect: Create}
	do := func(op Op) error { _, err := Do[struct{}](context.Background(), c, op, call); return err }

	require.NoError(t, do(write))
	require.NoError(t, do(Op{Name: "look", Method: http.MethodGet, Path: "/x/{id}"}))
	status = http.StatusConflict
	require.Error(t, do(write))
	require.Equal(t, []string{"Example EMR save 7 done", "Example EMR save 7 conflict refused"}, trail.lines,
		"reads leave none, a refusal does")

	trail.closed = errors.New("disk full")
	before := hits.Load()
	err = do(write)
	require.ErrorContains(t, err, "no audit trail")
	require.Contains(t, UserMessage(err), "Nothing was sent to Example EMR")
	require.Equal(t, before, hits.Load(), "what cannot be audited is not sent")
}
