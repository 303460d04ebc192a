package library

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/ui"
)

func TestPartnersAreACommonSubsequence(t *testing.T) {
	lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 0, 12)
	rapid.Check(t, func(rt *rapid.T) {
		a, b := lines.Draw(rt, "a"), lines.Draw(rt, "b")
		last := -1
		for i, j := range partners(a, b) {
			if j >= 0 {
				require.Equal(rt, a[i], b[j])
				require.Greater(rt, j, last)
				last = j
			}
		}
	})
}

// TestMergingKeepsWhatEachDid holds for any three texts.
func TestMergingKeepsWhatEachDid(t *testing.T) {
	text := rapid.Custom(func(rt *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d", ""}), 1, 10).Draw(rt, "lines"), "\n")
	})
	rapid.Check(t, func(rt *rapid.T) {
		base, theirs, mine := text.Draw(rt, "base"), text.Draw(rt, "theirs"), text.Draw(rt, "mine")
		var b, th, m []string
		for _, c := range chunks(split(base), split(theirs), split(mine)) {
			b, th, m = append(b, c.base...), append(th, c.theirs...), append(m, c.mine...)
		}
		require.Equal(rt, split(base), b, "the pieces are the whole")
		require.Equal(rt, split(theirs), th)
		require.Equal(rt, split(mine), m)

		only, clash := mergeText(base, base, mine, true)
		require.Equal(rt, mine, only, "one hand alone")
		require.False(rt, clash)
		only, clash = mergeText(base, theirs, base, false)
		require.Equal(rt, theirs, only)
		require.False(rt, clash)
		both, clash := mergeText(base, mine, mine, false)
		require.Equal(rt, mine, both, "the same change twice")
		require.False(rt, clash)
	})
}

func TestMergeText(t *testing.T) {
	for _, c := range []struct{ name, base, theirs, mine, kept, taken string }{
		{"far apart", "1\n2\n3\n4\n5", "one\n2\n3\n4\n5", "1\n2\n3\n4\nfive", "one\n2\n3\n4\nfive", "one\n2\n3\n4\nfive"},
		{"the same line", "1\n2\n3", "1\nX\n3", "1\nY\n3", "1\nY\n3", "1\nX\n3"},
		{"they removed, I changed", "1\n2\n3", "1\n3", "1\nY\n3", "1\nY\n3", "1\n3"},
		{"both added at one place", "1\n2", "1\nA\n2", "1\nB\n2", "1\nB\n2", "1\nA\n2"},
	} {
		got, _ := mergeText(c.base, c.theirs, c.mine, false)
		require.Equal(t, c.kept, got, c.name)
		got, _ = mergeText(c.base, c.theirs, c.mine, true)
		require.Equal(t, c.taken, got, c.name)
	}
}

// TestTextsTooDifferentAreReplacedWhole, instead of taking forever.
func TestTextsTooDifferentAreReplacedWhole(t *testing.T) {
	long := func(word string) string { return strings.Repeat(word+"\n", 2100) }
	got, clash := mergeText(long("a")+"end", long("b")+"end", long("a")+"END", false)
	require.True(t, clash || strings.HasSuffix(got, "END"))
	require.NotEmpty(t, got)
}

func TestPerCent(t *testing.T) {
	for _, c := range []struct {
		from, to int64
		want     string
	}{
		{9999, 10999, "+10.0 %"}, {10000, 5000, "-50.0 %"}, {100000, 99999, "-0.0 %"}, {1, 9_000_000_000_000_000, "+899999999999999900.0 %"},
		{300, 100, "-66.7 %"}, {1000, 1004, "+0.4 %"},
	} {
		require.Equal(t, c.want, perCent(c.from, c.to))
	}
}

// emr answers with what a test set, and refuses writes.
type emr struct {
	EMR
	article  naturaesoft.Article
	products []naturaesoft.Product
	err      error
}

func (e emr) Article(context.Context, naturaesoft.ID) (naturaesoft.Article, error) {
	return e.article, e.err
}

func (e emr) Products(context.Context, string, string) ([]naturaesoft.Product, error) {
	return e.products, e.err
}

// box is an outbox whose only entry has lost its answer.
type box struct {
	ui.Outbox
	left    ui.Left
	landing *ui.Landing
}

func (b box) Unsettled(context.Context) ([]ui.Left, error) { return []ui.Left{b.left}, nil }
func (b box) Resolve(_ context.Context, _ string, l ui.Landing) error {
	*b.landing = l
	return nil
}

// settled is what reading back makes of a write.
func settled(e emr, op, payload string) ui.Landing {
	landing := ui.CannotTell
	env := &ui.Env{Ctx: context.Background(), Outbox: box{
		landing: &landing, left: ui.Left{ID: "1", Unknown: true, Created: time.Unix(0, 0), Intent: ui.Intent{Vendor: emrName, Op: op, Payload: []byte(payload)}},
	}}
	v := &View{env: env, emr: e}
	newArticleSender(v)
	newProductSender(v)
	env.LookBack()()
	return landing
}

func TestReadingBackAnArticle(t *testing.T) {
	payload := `{"ID":"12","Seen":{"Category":"Billing","Article":"a\nb"},"Edits":{"Category":"Money","Article":"a\nc"}}`
	with := func(category, text string) emr {
		return emr{article: naturaesoft.Article{Category: safe.Line(category), Text: safe.Paragraphs(text)}}
	}
	require.Equal(t, ui.Landed, settled(with("Money", "a\r\nc\n"), "update article", payload))
	require.Equal(t, ui.DidNot, settled(with("Billing", "a\nb"), "update article", payload))
	require.Equal(t, ui.CannotTell, settled(with("Money", "a\nb"), "update article", payload), "half of it")
	require.Equal(t, ui.CannotTell, settled(emr{err: context.DeadlineExceeded}, "update article", payload))
}

func TestReadingBackProducts(t *testing.T) {
	payload := `{"Rows":[{"VendorCode":"V","ProductCode":"A","Product":"a","Cents":500,"Was":{"Product":"a","Price":"4"}},` +
		`{"VendorCode":"V","ProductCode":"N","Product":"n","Cents":100}]}`
	product := func(code, name, price string, cents int64) naturaesoft.Product {
		return naturaesoft.Product{VendorCode: safe.Line("V"), ProductCode: safe.Line(code), Name: safe.Line(name), PriceText: safe.Line(price), RetailPrice: cents, PriceKnown: true}
	}
	old, risen, made := product("A", "a", "4", 400), product("A", "a", "5.00", 500), product("N", "n", "1", 100)
	require.Equal(t, ui.Landed, settled(emr{products: []naturaesoft.Product{risen, made}}, "save products", payload))
	require.Equal(t, ui.DidNot, settled(emr{products: []naturaesoft.Product{old}}, "save products", payload))
	require.Equal(t, ui.CannotTell, settled(emr{products: []naturaesoft.Product{risen}}, "save products", payload), "half of it")
	require.Equal(t, ui.CannotTell, settled(emr{products: []naturaesoft.Product{risen, made, made}}, "save products", payload), "twice")
}

// TestFilesSavedHereCanBeReadAgain: the guard against formulas comes off.
func TestFilesSavedHereCanBeReadAgain(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cell := strings.TrimSpace(rapid.StringMatching(`[=+@'a-z0-9 ;,"-]{1,12}`).Draw(rt, "cell"))
		f := csvFile{header: []string{"Name"}, rows: []csvRow{{line: 2, cells: []string{cell}}}}
		again, err := readCSV(rejects(f, []planned{{csvRow: f.rows[0]}}))
		require.NoError(rt, err)
		require.Equal(rt, []string{"Name", "Line", "Why"}, again.header)
		require.Len(rt, again.rows, 1)
		if !strings.HasPrefix(cell, "'") {
			require.Equal(rt, cell, again.rows[0].cell(0))
		}
	})
}
