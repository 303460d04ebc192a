package assets

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// unique requires every key once and none empty.
func unique[T any](t *testing.T, list []T, key func(T) string) map[string]T {
	t.Helper()
	seen := map[string]T{}
	for _, v := range list {
		k := key(v)
		require.NotEmpty(t, strings.TrimSpace(k))
		require.NotContains(t, seen, k)
		seen[k] = v
	}
	return seen
}

func itself(s string) string { return s }

func TestNames(t *testing.T) {
	scripts, share := map[string]bool{}, 0
	for _, g := range Names() {
		unique(t, g.Given, itself)
		unique(t, g.Family, itself)
		require.NotEmpty(t, g.Given)
		require.NotEmpty(t, g.Family)
		require.Positive(t, g.Share)
		scripts[g.Script] = true
		share += g.Share
	}
	require.Equal(t, 100, share)
	for _, s := range []string{"Latin", "Han", "Hangul", "Hebrew", "Arabic", "Devanagari", "Thai"} {
		require.True(t, scripts[s], s)
	}
	unique(t, Names(), func(g NameGroup) string { return g.Language })
	unique(t, Nicknames(), itself)
}

func TestPlacesLieInStates(t *testing.T) {
	states := unique(t, States(), func(s State) string { return s.Code })
	require.Len(t, states, 50+1+5)
	unique(t, States(), func(s State) string { return s.Name })
	p := Addresses()
	unique(t, p.Streets, itself)
	unique(t, p.Cities, func(c City) string { return c.City })
	for _, c := range p.Cities {
		require.Contains(t, states, c.State)
		require.Regexp(t, `^\d{5}$`, c.Zip)
		require.Regexp(t, `^[2-9]\d\d$`, c.Area)
	}
}

func TestPractice(t *testing.T) {
	providers := Providers()
	unique(t, providers, func(p Provider) string { return p.Name })
	require.Greater(t, len(providers), 30)
	require.Equal(t, Provider{"Jane Smith", "PA-C", "Aesthetics"}, providers[0])
	for _, p := range providers {
		require.NotEmpty(t, p.Title)
		require.NotEmpty(t, p.Specialty)
	}
	for code, v := range unique(t, VisitTypes(), func(v VisitType) string { return v.Code }) {
		require.Regexp(t, `^[A-Z]+$`, code)
		require.NotEmpty(t, v.Name)
		require.True(t, v.Minutes > 0 && v.Minutes <= 480, code)
	}
	unique(t, Tags(), itself)
	unique(t, Notes(), itself)
}

func TestProducts(t *testing.T) {
	products := Products()
	unique(t, products, func(p Product) string { return p.VendorCode + "/" + p.ProductCode })
	unique(t, products, func(p Product) string { return p.Product })
	require.GreaterOrEqual(t, len(products), 25)
	for _, p := range products {
		price, err := p.RetailPrice.Float64()
		require.NoError(t, err)
		require.GreaterOrEqual(t, price, 0.0)
	}
}

func TestArticlesAreAllListed(t *testing.T) {
	articles := Articles()
	listed := unique(t, articles, func(a Article) string { return a.File })
	files, err := seed.ReadDir("seed/kb")
	require.NoError(t, err)
	require.Len(t, files, len(listed))
	off := 0
	for _, a := range articles {
		require.True(t, strings.HasPrefix(a.Body, "# "+a.Title+"\n"), a.File)
		require.NotEmpty(t, a.Category)
		require.NotEmpty(t, a.Type)
		if !a.Active {
			off++
		}
	}
	require.Equal(t, 1, off)
}

func TestTickets(t *testing.T) {
	tickets := Tickets()
	unique(t, tickets, func(k Ticket) string { return k.Subject })
	require.GreaterOrEqual(t, len(tickets), 15)
	for _, k := range tickets {
		require.NotEmpty(t, k.Description)
		require.NotEmpty(t, k.Status)
		require.NotEmpty(t, k.Priority)
		require.NotEmpty(t, k.Category)
		last := k.AgeHours
		for _, c := range k.Comments {
			require.NotEmpty(t, c.Text)
			require.NotEmpty(t, c.Author)
			require.LessOrEqual(t, c.AgeHours, last, "oldest first, none before the ticket: %s", k.Subject)
			last = c.AgeHours
		}
	}
}

func TestRepliesUseKnownFieldsOnly(t *testing.T) {
	field := regexp.MustCompile(`\{[^}]*\}`)
	for title, r := range unique(t, Replies(), func(r Reply) string { return r.Title }) {
		require.NotEmpty(t, r.Text, title)
		for _, f := range field.FindAllString(r.Text, -1) {
			require.Contains(t, []string{"{person}", "{number}", "{subject}", "{operator}", "{practice}", "{today}"}, f, title)
		}
	}
}

// Nothing in the lists may reach a real telephone or mailbox.
func TestNothingPointsAtAnybodyReal(t *testing.T) {
	phone := regexp.MustCompile(`\d{3}[-. )]+\d{4}`)
	entries, err := seed.ReadDir("seed")
	require.NoError(t, err)
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		text := string(read(e.Name()))
		require.NotContains(t, text, "@", e.Name())
		for _, number := range phone.FindAllString(text, -1) {
			require.Contains(t, number, "555", e.Name())
		}
	}
}

func TestCallersGetTheirOwn(t *testing.T) {
	first := States()
	first[0].Name = "Changed"
	require.NotEqual(t, first[0], States()[0])
}
