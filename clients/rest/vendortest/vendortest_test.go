package vendortest

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

func TestServer(t *testing.T) {
	s := Open(t)
	ask := func(method, path, body string) string {
		r, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
		require.NoError(t, err)
		answer, err := s.Client().Do(r)
		require.NoError(t, err)
		defer answer.Body.Close()
		b, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.Status[:3] + " " + string(b)
	}
	require.Equal(t, "404 404 page not found\n", ask("GET", "/a", ""))
	s.SignIn("/in", "token")
	s.On(Otherwise, 400, "else")
	s.On("/a", 200, "any method")
	s.On("POST /a", 201, "first", "second")
	s.Do("PUT /a%2Fb", func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	require.Equal(t, "200 token", ask("POST", "/in", ""))
	for _, want := range []string{"201 first", "201 second", "201 second"} {
		require.Equal(t, want, ask("POST", "/a", ""))
	}
	require.Equal(t, "200 any method", ask("PUT", "/a", ""))
	require.Equal(t, "400 else", ask("GET", "/b", ""))
	require.Equal(t, "200 said", ask("PUT", "/a%2Fb?q=1", "said"))

	require.Len(t, s.All(), 8)
	require.Len(t, s.Requests(), 7)
	require.Len(t, s.To("/a"), 5)
	require.Len(t, s.To("POST /a"), 3)
	require.Equal(t, "said 1", s.Last(t).Body+" "+s.Only(t, "PUT /a%2Fb").Query.Get("q"))
}

func TestRequireKind(t *testing.T) {
	err := rest.Refusal("Example EMR", "list things", rest.KindAuth, "No key.")
	require.Same(t, err, RequireKind(t, err, rest.KindAuth, "secret"))
	for name, wrong := range map[string]func(*failed){
		"another kind": func(f *failed) { RequireKind(f, err, rest.KindServer) },
		"another type": func(f *failed) { RequireKind(f, io.EOF, rest.KindAuth) },
		"a secret":     func(f *failed) { RequireKind(f, err, rest.KindAuth, "things") },
	} {
		f := &failed{}
		func() {
			defer func() { _ = recover() }()
			wrong(f)
		}()
		require.True(t, f.once, name)
	}
}

// failed is a test that ends with its first failure.
type failed struct{ once bool }

func (f *failed) Errorf(string, ...any) { f.once = true }
func (f *failed) FailNow()              { panic(f) }
