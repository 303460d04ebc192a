package rest

import (
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// received is a request as it arrived.
type received struct {
	kind, body, query string
	header            http.Header
}

func recorder(t *testing.T) (*[]received, string) {
	t.Helper()
	var all []received
	return &all, serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		all = append(all, received{r.Header.Get("Content-Type"), string(b), r.URL.RawQuery, r.Header})
		io.WriteString(w, `{}`)
	})
}

func TestFormsAreSentURLEncoded(t *testing.T) {
	got, base := recorder(t)
	c := connect(t, base)
	_, err := Do[thing](t.Context(), c, post, Call{Body: Form{Values: url.Values{
		"comment": {"Hi & welcome = 100%\nñ"}, "ticket_id": {"12"},
	}}})
	require.NoError(t, err)
	_, err = Do[thing](t.Context(), c, post, Call{Body: Form{}})
	require.NoError(t, err)
	require.Equal(t, "application/x-www-form-urlencoded", (*got)[0].kind)
	require.Equal(t, "comment=Hi+%26+welcome+%3D+100%25%0A%C3%B1&ticket_id=12", (*got)[0].body)
	require.Empty(t, (*got)[0].query)
	require.Empty(t, (*got)[1].body)
}

func TestFormsWithFilesAreSentInParts(t *testing.T) {
	got, base := recorder(t)
	c := connect(t, base)
	_, err := Do[thing](t.Context(), c, post, Call{Body: Form{
		Values: url.Values{"title": {"x\r\ny"}, "a": {"1", "2"}},
		Files: []File{
			{Field: "attachment_1", Name: "a\"\r\nX-Evil: 1.txt", Data: []byte("\x00\xff")},
			{Field: "attachment_2", Name: "b.png", Type: "image/png", Data: []byte("png")},
		},
	}})
	require.NoError(t, err)
	kind, parameters, err := mime.ParseMediaType((*got)[0].kind)
	require.NoError(t, err)
	require.Equal(t, "multipart/form-data", kind)
	var parts []string
	for r := multipart.NewReader(strings.NewReader((*got)[0].body), parameters["boundary"]); ; {
		p, err := r.NextPart()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		require.Empty(t, p.Header.Get("X-Evil"))
		b, err := io.ReadAll(p)
		require.NoError(t, err)
		parts = append(parts, fmt.Sprintf("%s|%s|%q", p.FormName(), p.Header.Get("Content-Type"), b))
	}
	require.Equal(t, []string{
		`a||"1"`, `a||"2"`, `title||"x\r\ny"`,
		`attachment_1|application/octet-stream|"\x00\xff"`, `attachment_2|image/png|"png"`,
	}, parts)
}

func TestABadMediaTypeIsNotSent(t *testing.T) {
	got, base := recorder(t)
	e := fails(t, connect(t, base), post, Call{Body: Form{Files: []File{{Type: "a\r\nX: y"}}}})
	require.Equal(t, KindConfig, e.Kind)
	require.Equal(t, NotSent, e.Phase)
	require.Empty(t, *got)
}

// A GET that creates carries what people typed in its query.
func TestAQueryIsNeverToldOnFailure(t *testing.T) {
	var log journal
	c := connect(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }), logTo(&log))
	call := Call{Query: url.Values{"title": {"Ada Example fell"}}}
	for _, op := range []Op{create, list} {
		e := fails(t, c, op, call)
		for _, told := range []string{e.Error(), e.UserMessage(), log.String(), fmt.Sprintf("%v %+v", e, e.Unwrap())} {
			require.NotContains(t, told, "Ada")
			require.NotContains(t, told, "title")
		}
	}
}

func TestATokensHeadersGoWithIt(t *testing.T) {
	got, base := recorder(t)
	n := 0
	c := connect(t, base, func(o *Options) {
		o.SignIn = func(context.Context) (Token, error) {
			n++
			return Token{Value: "t", Header: http.Header{"Api_key": {fmt.Sprint("key", n)}}}, nil
		}
		o.Sign = func(*http.Request, Token) {}
	})
	for range 2 {
		_, err := Do[thing](t.Context(), c, signed(list), Call{Header: http.Header{"X-Mine": {"1"}}})
		require.NoError(t, err)
		c.Reset()
	}
	_, err := Do[thing](t.Context(), c, list, Call{})
	require.NoError(t, err)
	require.Equal(t, []string{"key1"}, (*got)[0].header["Api_key"])
	require.Equal(t, "1", (*got)[0].header.Get("X-Mine"))
	require.Empty(t, (*got)[0].header.Get("Authorization"))
	require.Equal(t, []string{"key2"}, (*got)[1].header["Api_key"])
	require.Empty(t, (*got)[2].header["Api_key"], "a public operation is not signed")
}

// The body never comes: only the announcement can have ended the call.
func TestAnAnnouncedSizeIsEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := connectBy(t, local, piped(func(_ int, _ *http.Request, conn net.Conn) {
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", maxBody+1)
			hang(conn)
		}))
		start := time.Now()
		e := fails(t, c, create, Call{})
		require.Equal(t, bigBody, e.why)
		require.True(t, e.Ambiguous)
		require.Zero(t, time.Since(start))
	})
}

// A sign-in may hang in a keyring nobody unlocks, deaf to its context.
func TestAStalledSignInIsLeftBehindByReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		signIns := 0
		var ended error
		deaf := make(chan struct{})
		c := connectBy(t, local, piped(fine), func(o *Options) {
			o.SignIn = func(ctx context.Context) (Token, error) {
				mu.Lock()
				signIns++
				first := signIns == 1
				mu.Unlock()
				if first {
					<-deaf
					ended = ctx.Err()
				}
				return Token{Value: fmt.Sprint("t", signIns)}, nil
			}
		})
		start := time.Now()
		var all sync.WaitGroup
		for range 5 { // wait for the stalled one
			all.Go(func() {
				_, err := Do[thing](t.Context(), c, signed(list), Call{})
				require.NoError(t, err)
			})
		}
		synctest.Wait()
		c.Reset()
		all.Wait()
		_, err := Do[thing](t.Context(), c, signed(list), Call{})
		require.NoError(t, err)
		require.Less(t, time.Since(start), time.Second)
		require.Equal(t, 2, signIns)
		close(deaf)
		synctest.Wait()
		require.ErrorIs(t, ended, context.Canceled, "it was told to stop")
		_, err = Do[thing](t.Context(), c, signed(list), Call{})
		require.NoError(t, err)
		require.Equal(t, 2, signIns, "what it brought late was not kept")
	})
}

func TestCloseReleasesWhoWaitsForASignIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := make(chan struct{})
		c := connect(t, local, func(o *Options) {
			o.SignIn = func(context.Context) (Token, error) { <-deaf; return Token{Value: "t"}, nil }
		})
		go func() { synctest.Wait(); c.Close(); close(deaf) }()
		e := fails(t, c, signed(post), Call{})
		require.Equal(t, KindCancelled, e.Kind)
		require.Equal(t, NotSent, e.Phase)
	})
}
