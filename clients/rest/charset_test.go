package rest

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// A server that names no type has one given to it: PHP's is text/html.
func TestDataCalledAPageIsData(t *testing.T) {
	for _, body := range []string{`{"id":7}`, "\uFEFF\n{\"id\":7}"} {
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=UTF-8")
			io.WriteString(w, body)
		})
		for _, op := range []Op{list, post} {
			v, err := Do[thing](t.Context(), connect(t, base), op, Call{})
			require.NoError(t, err, body)
			require.Equal(t, 7, v.ID)
		}
	}
}

func TestNamedCharset(t *testing.T) {
	for kind, c := range map[string]struct{ body, want string }{
		"application/json; charset=ISO-8859-1":      {"{\"name\":\"Jos\xe9\"}", "José"},
		"application/json;charset=\"Windows-1252\"": {"{\"name\":\"O\x92Neill \x80\"}", "O’Neill €"},
		"application/json; charset=iso-8859-15":     {"{\"name\":\"\xa4\"}", "€"},
		// What is UTF-8 is not something else because a server says so.
		"application/json; charset=latin1": {`{"name":"José"}`, "José"},
		// Nothing is guessed.
		"application/json; charset=utf-8": {"{\"name\":\"Jos\xe9\"}", "Jos\uFFFD"},
		"application/json":                {"{\"name\":\"Jos\xe9\"}", "Jos\uFFFD"},
	} {
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			io.WriteString(w, c.body)
		})
		v, err := Do[thing](t.Context(), connect(t, base), list, Call{})
		require.NoError(t, err, kind)
		require.Equal(t, c.want, v.Name, kind)
	}
}

// What is kept as it came, to be sent back as it came, is whole too.
func TestNamedCharsetOfWhatIsSentBack(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=ISO-8859-1")
		io.WriteString(w, "{\"name\":\"Jos\xe9\"}")
	})
	raw, err := Do[json.RawMessage](t.Context(), connect(t, base), list, Call{})
	require.NoError(t, err)
	require.JSONEq(t, `{"name":"José"}`, string(raw))
}
