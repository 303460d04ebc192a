// Package knowledge picks articles of the knowledge base by the words of a
// ticket. It only ranks what it is given: it must not ask a vendor, and knows
// nothing of tickets or of the screen.
package knowledge

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"frontdesk/clients/naturaesoft"
)

// What a word counts by where an article has it. The text counts little: a
// long article has every word once.
const (
	inTitle    = 6.0
	inTags     = 5.0
	inCategory = 2.0
	inText     = 1.0
)

// leastPrefix is the fewest letters two words must share at their start to be
// taken for forms of one ("cancel", "cancelled").
const leastPrefix = 5

// BestArticles returns at most n of the articles that fit the words of a
// ticket, the best first; equals stay in the order given. A word few articles
// have counts more than one that all have; case, accents and endings do not
// matter. Articles without any of the words and those marked inactive are left
// out. Texts make it slow: call it in a command when articles have them.
func BestArticles(articles []naturaesoft.Article, words string, n int) []naturaesoft.Article {
	asked := telling(words)
	if n <= 0 || len(asked) == 0 {
		return nil
	}
	type ranked struct {
		article naturaesoft.Article
		hits    []float64 // by word of asked
		score   float64
	}
	var all []ranked
	have := make([]int, len(asked)) // articles that have the word
	for _, a := range articles {
		if a.ActiveKnown && !a.Active {
			continue
		}
		r := ranked{article: a, hits: weigh(a, asked)}
		for i, hit := range r.hits {
			if hit > 0 {
				have[i]++
			}
		}
		all = append(all, r)
	}
	for i := range all {
		for w, hit := range all[i].hits {
			if hit > 0 {
				all[i].score += hit * math.Log(1+float64(len(all))/float64(have[w]))
			}
		}
	}
	all = slices.DeleteFunc(all, func(r ranked) bool { return r.score == 0 })
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	var best []naturaesoft.Article
	for _, r := range all[:min(n, len(all))] {
		best = append(best, r.article)
	}
	return best
}

// weigh says for each word where the article has it, as a weight.
func weigh(a naturaesoft.Article, asked []string) []float64 {
	hits := make([]float64, len(asked))
	for _, part := range []struct {
		text   string
		weight float64
	}{
		{a.Title.String(), inTitle}, {a.Tags.String(), inTags},
		{a.Category.String() + " " + a.Type.String(), inCategory}, {a.Text.String(), inText},
	} {
		have := telling(part.text)
		for i, word := range asked {
			if slices.ContainsFunc(have, func(h string) bool { return alike(h, word) }) {
				hits[i] += part.weight
			}
		}
	}
	return hits
}

// alike reports that two folded words are forms of one.
func alike(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	switch {
	case a == b:
		return true
	case b == a+"s":
		return true
	case len(a) < leastPrefix || !strings.HasPrefix(b, a[:leastPrefix]):
		return false
	}
	// "verify" and "verification" share all but an ending.
	same := 0
	for same < len(a) && a[same] == b[same] {
		same++
	}
	return same >= len(a)-2
}

// telling is the different words of a text that say something, folded.
func telling(text string) []string {
	folded := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFD.String(text))
	seen := map[string]bool{}
	var out []string
	for _, w := range strings.Fields(folded) {
		if len(w) < 3 || seen[w] || common[w] {
			continue
		}
		seen[w] = true
		out = append(out, w)
	}
	return out
}

// common are words that are in every ticket and tell articles apart by chance.
var common = func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(`the and for with that this was were are is has have had but not you your they
		their them she him her his its our from into when what why how who which can cannot could would should will
		please help hello thanks thank does did doing done about need needs want wants there here been being any all
		also just than then too very get got out off`) {
		all[w] = true
	}
	return all
}()
