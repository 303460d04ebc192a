package knowledge

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
)

func article(id, title, category, tags, text string) naturaesoft.Article {
	return naturaesoft.Article{
		ID: naturaesoft.ID(id), Title: safe.Line(title), Category: safe.Line(category), Tags: safe.Line(tags),
		Text: safe.Paragraphs(text), Active: true, ActiveKnown: true,
	}
}

func ids(articles []naturaesoft.Article) []string {
	out := []string{}
	for _, a := range articles {
		out = append(out, string(a.ID))
	}
	return out
}

var shelf = []naturaesoft.Article{
	article("1", "Answering the phone", "Phone", "greeting, hold", "Say the name of the practice. Ask about insurance last."),
	article("2", "Insurance Verification Workflow", "Billing", "insurance, verification", "Step-by-step process..."),
	article("3", "Cancelling and moving visits", "Schedule", "cancel, reschedule", "The visit stays until the new one is there."),
	article("4", "Café vouchers", "Desk", "", ""),
	{ID: "5", Title: safe.Line("Insurance before 2019"), ActiveKnown: true},
	{ID: "6", Title: safe.Line("Fees")}, // whether it is active is not known
}

func TestBestArticles(t *testing.T) {
	for _, c := range []struct {
		name, words string
		n           int
		want        []string
	}{
		{"title and tags before the text", "patient asks about insurance", 5, []string{"2", "1"}},
		{"at most n", "patient asks about insurance", 1, []string{"2"}},
		{"endings", "Visit was CANCELLED by the caller, verified twice", 5, []string{"3", "2"}},
		{"accents", "cafe", 5, []string{"4"}},
		{"one letter more", "a fee", 5, []string{"6"}},
		{"inactive ones are left out", "2019", 5, []string{}},
		{"no words that tell", "the and for", 5, []string{}},
		{"nothing asked", "  ", 5, []string{}},
		{"none wanted", "insurance", 0, []string{}},
		{"no article has it", "xylophone", 5, []string{}},
	} {
		require.Equal(t, c.want, ids(BestArticles(shelf, c.words, c.n)), c.name)
	}
}

func TestARareWordCountsMore(t *testing.T) {
	var all []naturaesoft.Article
	for i := range 8 {
		all = append(all, article(fmt.Sprint(i), "Printer notes", "", "", ""))
	}
	all = append(all, article("rare", "Toner", "", "", ""))
	require.Equal(t, "rare", ids(BestArticles(all, "printer toner", 3))[0])
}

func TestRankingHolds(t *testing.T) {
	word := rapid.SampledFrom([]string{"insurance", "visit", "toner", "phone", "desk", "é", "verification", "the", "x"})
	rapid.Check(t, func(rt *rapid.T) {
		var all []naturaesoft.Article
		for i := range rapid.IntRange(0, 12).Draw(rt, "articles") {
			all = append(all, article(fmt.Sprint(i), word.Draw(rt, "title"), word.Draw(rt, "category"), word.Draw(rt, "tags"), word.Draw(rt, "text")))
		}
		words, n := word.Draw(rt, "one")+" "+word.Draw(rt, "two"), rapid.IntRange(0, 5).Draw(rt, "n")
		got := ids(BestArticles(all, words, n))
		require.LessOrEqual(rt, len(got), n)
		longer := ids(BestArticles(all, words, n+3))
		require.Equal(rt, got, longer[:len(got)], "a longer list begins with the shorter one")
		seen := map[string]bool{}
		for _, id := range longer {
			require.False(rt, seen[id])
			seen[id] = true
		}
	})
}
