package people

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"frontdesk/clients/naturaesoft"
)

// asked is how many rows one search brings.
const asked = 50

// Search finds people by what somebody typed. A phone number is looked for in
// all its spellings at once; rows come once each, those that have that very
// number first. more reports that some search had further pages.
func Search(ctx context.Context, s Searcher, text string, patients bool) (found []naturaesoft.Prospect, more bool, err error) {
	text = strings.TrimSpace(text)
	words := Spellings(text)
	pages := make([]naturaesoft.Page[naturaesoft.Prospect], len(words))
	group, gctx := errgroup.WithContext(ctx)
	for i, w := range words {
		group.Go(func() (err error) {
			pages[i], err = s.Prospects(gctx, naturaesoft.ProspectQuery{Search: w, Limit: asked, Patients: patients})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, false, err
	}
	have := map[naturaesoft.ID]bool{}
	for i, page := range pages {
		more = more || i == 0 && page.More
		for _, p := range page.Items {
			// A spelling without the area code finds other people's numbers too.
			if !have[p.ID] && (i == 0 || HasNumber(Of(p), text)) {
				have[p.ID] = true
				found = append(found, p)
			}
		}
	}
	if len(words) > 1 {
		slices.SortStableFunc(found, func(a, b naturaesoft.Prospect) int {
			return rank(HasNumber(Of(a), text)) - rank(HasNumber(Of(b), text))
		})
	}
	return found, more, nil
}

// More brings a further page of a search, counted from 1. Only what was typed
// is asked for: other spellings of a number have no further pages here.
func More(ctx context.Context, s Searcher, text string, page int, patients bool) (naturaesoft.Page[naturaesoft.Prospect], error) {
	return s.Prospects(ctx, naturaesoft.ProspectQuery{
		Search: Spellings(strings.TrimSpace(text))[0], Page: page, Limit: asked, Patients: patients,
	})
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// HasNumber reports that one of somebody's phones is this number.
func HasNumber(p Person, text string) bool {
	n := number(text)
	return slices.ContainsFunc(p.Phones, func(s string) bool { return sameNumber(number(s), n) })
}

// Twins asks the EMR for people like who and returns those worth showing, the
// most alike first, patients among them. who's own row is left out.
func Twins(ctx context.Context, s Searcher, who Person) ([]Twin[naturaesoft.Prospect], error) {
	var out []Twin[naturaesoft.Prospect]
	seen := map[naturaesoft.ID]bool{"": true, who.ID: true}
	mine := trait(who)
	for _, word := range words(who) {
		page, err := s.Prospects(ctx, naturaesoft.ProspectQuery{Search: word, Limit: asked, Patients: true})
		if err != nil {
			return nil, err
		}
		for _, p := range page.Items {
			if seen[p.ID] {
				continue
			}
			seen[p.ID] = true
			if l := mine.compare(trait(Of(p))); l.Score >= Worth {
				out = append(out, Twin[naturaesoft.Prospect]{Person: p, Likeness: l})
			}
		}
	}
	slices.SortStableFunc(out, byScore)
	return out, nil
}

// words are what somebody can be found by, the most telling first.
func words(who Person) []string {
	var out []string
	for _, s := range append(slices.Clone(who.Phones), who.Mail, who.Last) {
		if s = strings.TrimSpace(s); utf8.RuneCountInString(s) >= LeastSearch && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
