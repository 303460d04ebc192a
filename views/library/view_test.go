package library_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/sandbox"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
	"frontdesk/views/library"
)

var monday = time.Date(2026, 3, 9, 13, 30, 0, 0, time.UTC)

const (
	putArticle   = "PUT /v1/kb/{id}"
	readArticle  = "GET /v1/kb/{id}"
	listArticles = "GET /v1/kb"
	listProducts = "GET /v1/products"
	postProducts = "POST /v1/products"
)

// practice is a sandbox with a wire tap in front of it.
type practice struct {
	t      testing.TB
	server *sandbox.Server
	base   string
	dir    string

	mu   sync.Mutex
	sent []string // what was written: method, path, body
}

func newPractice(t testing.TB) *practice {
	s, err := sandbox.Start(sandbox.Options{Now: func() time.Time { return monday }})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	p := &practice{t: t, server: s, dir: t.TempDir()}
	target, err := url.Parse(s.URL("naturaesoft"))
	require.NoError(t, err)
	proxy := &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	tap := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "token") {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			p.mu.Lock()
			p.sent = append(p.sent, r.Method+" "+r.URL.Path+" "+string(body))
			p.mu.Unlock()
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(tap.Close)
	p.base = tap.URL
	return p
}

func (p *practice) written() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.sent...)
}

func (p *practice) client(who string) *naturaesoft.Client {
	c, err := naturaesoft.New(naturaesoft.Config{
		Base: p.base, PPass: sandbox.PracticeID, Operator: who,
		Key: func(context.Context) (string, error) { return sandbox.FakeEMRKey, nil },
	})
	require.NoError(p.t, err)
	p.t.Cleanup(c.Close)
	return c
}

func (p *practice) sit(width, height int, with ...func(*ui.Env)) *uitest.Desk {
	p.t.Helper()
	env := uitest.Env(p.t, monday)
	for _, w := range with {
		w(env)
	}
	tab := library.New(env, p.client("maria"), library.Options{Dir: p.dir})
	return uitest.New(p.t, env, width, height, tab).Settle()
}

// csv writes a file to change products by.
func (p *practice) csv(lines ...string) string {
	path := filepath.Join(p.dir, "prices.csv")
	require.NoError(p.t, os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600))
	return path
}

// colleague edits an article from another desk.
func (p *practice) colleague(id string, e naturaesoft.Edits) {
	p.t.Helper()
	c := p.client("jo")
	a, err := c.Article(context.Background(), naturaesoft.ID(id))
	require.NoError(p.t, err)
	require.NoError(p.t, c.UpdateArticle(context.Background(), a, e))
}

func (p *practice) article(id string) naturaesoft.Article {
	p.t.Helper()
	a, err := p.client("jo").Article(context.Background(), naturaesoft.ID(id))
	require.NoError(p.t, err)
	return a
}

// insurance opens the article about insurance, which is number 12.
func insurance(d *uitest.Desk) *uitest.Desk {
	d.See("Insurance Verification").Type("s").Type("insurance ver").Type("<enter>").See("1 row").Settle()
	return d.Type("<enter>").See("two business days before").Settle()
}

const insuranceID = "12"

func TestGoldens(t *testing.T) {
	p := newPractice(t)
	file := p.csv("Vendor,Code,Name,Price", "V001,P001,Example Product,109.99", "V001,P002,,24.50", "V001,P003,Gentle Cleanser,=1+1",
		"V001,P004,\"Night Repair Cream, 50 ml (sample)\",42.75", "V009,N001,Brand New Balm (sample),8")
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		name := fmt.Sprintf("-%dx%d", size[0], size[1])
		shot := func(d *uitest.Desk, what string) {
			d.Fits(size[0], size[1])
			d.Golden(what + name)
		}
		d := p.sit(size[0], size[1]).See("12 rows")
		shot(d, "articles")
		d.Type("s").Type("no").Advance(time.Second).Settle()
		shot(d, "search")
		d.Type("<esc><esc>").Settle()
		insurance(d)
		shot(d, "article")
		d.Type("e").See("Edit for every practice")
		shot(d, "editor")
		d.Type("<tab><ctrl+u>Money<ctrl+s>").See("What would be sent").Settle()
		shot(d, "review")
		d.Type("p").See("How it would look").Settle()
		shot(d, "preview")
		d.Type("y").See("Change it for every practice?")
		shot(d, "confirm")
		d.Type("n<esc><esc>").See("Discard").Type("y").Settle()
		d.Type("<esc><esc>").Settle().Type("p").See("$99.99").Settle()
		shot(d, "products")
		d.Type("e").See("Retail price")
		shot(d, "product")
		d.Type("<esc>i").See("CSV file").Type(file + "<ctrl+s>").See("Columns of").Settle()
		shot(d, "columns")
		d.Type("<ctrl+s>").See("Products from").Settle()
		shot(d, "bulk")
		d.Type("y").See("Type GLOBAL")
		shot(d, "typed")
	}
}

// TestAFilterThatFindsNothingNamesTheSearch, which looks further.
func TestAFilterThatFindsNothingNamesTheSearch(t *testing.T) {
	d := newPractice(t).sit(80, 24).See("12 rows").Type("/zebra").See("Nothing matches", "s then searches the texts too")
	d.Type("<esc>").Gone("Nothing matches")
}

// TestAnArticleIsEditedFromItsTop, where reading begins.
func TestAnArticleIsEditedFromItsTop(t *testing.T) {
	p := newPractice(t)
	first, _, _ := strings.Cut(p.article(insuranceID).Text.Raw(), "\n")
	d := insurance(p.sit(80, 24)).Type("e").See("Edit for every practice", first)
	d.Type("<tab><tab><tab><tab><tab>Note. ").See("Note. " + first)
}
