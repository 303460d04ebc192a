package sandbox

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Budgets: starting the default 10 ms, one search over 100,000 30 ms.

func BenchmarkStart(b *testing.B) {
	for name, o := range map[string]Options{
		"default":          {},
		"100000 prospects": {Prospects: 100_000},
		"100 providers":    {Providers: 100},
		"default, demo":    {Demo: true},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s, err := Start(o)
				require.NoError(b, err)
				require.NoError(b, s.Close())
			}
		})
	}
}

func BenchmarkSearch100000(b *testing.B) {
	s := newServer(Options{Prospects: 100_000}.withDefaults())
	h := s.emr.handler()
	token := "Bearer " + s.emr.auth.issue(time.Now())
	for _, words := range []string{"", "a", "fernsby", "josé ej", "555-0123", "(860) 555-01", "hazel.worthington", "nobody at all", "田中"} {
		b.Run("search="+words, func(b *testing.B) {
			for b.Loop() {
				q := url.Values{"search": {words}, "prospect": {"true"}, "limit": {"50"}}
				r := httptest.NewRequest(http.MethodGet, "/v1/DemoOffice/prospects?"+q.Encode(), nil)
				r.Header.Set("Authorization", token)
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				require.Equal(b, http.StatusOK, w.Code)
			}
		})
		if words == "a" { // somebody has written a few rows
			for range 100 {
				s.PutProspect(map[string]any{"FirstName": "Ada", "LastName": "Sample"})
			}
		}
	}
}
