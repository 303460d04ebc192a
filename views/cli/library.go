package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/knowledge"
)

// article is a page of the knowledge base.
type article struct {
	ID       string `json:"id" head:"id"`
	Title    string `json:"title" head:"title"`
	Category string `json:"category" head:"category"`
	Type     string `json:"type" head:"type"`
	Tags     string `json:"tags" head:"tags"`
	Active   *bool  `json:"active" head:"active"`
	Text     string `json:"text"`
}

func articleOf(a naturaesoft.Article) article {
	out := article{ID: string(a.ID), Title: a.Title.String(), Category: a.Category.String(), Type: a.Type.String(),
		Tags: a.Tags.String(), Text: a.Text.String()}
	if a.ActiveKnown {
		out.Active = &a.Active
	}
	return out
}

func (s *suite) kb() *cobra.Command {
	return group("kb", "Read the knowledge base", "frontdesk kb search insurance\nfrontdesk kb show 12", s.kbSearch(), s.kbShow())
}

func (s *suite) kbSearch() *cobra.Command {
	var q naturaesoft.ArticleQuery
	var ticket bool
	return s.command(deed{
		use: "search [word...]", short: "Find articles", args: cobra.ArbitraryArgs, json: shape[article]("articles", true),
		example: "frontdesk kb search insurance\nfrontdesk kb search --ticket -F - < mail.txt", from: "the words",
		values: map[string]ids{
			"category": articleWord(func(a naturaesoft.Article) string { return a.Category.String() }),
			"type":     articleWord(func(a naturaesoft.Article) string { return a.Type.String() }),
		},
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&q.Category, "category", "", "only of this `category`")
			c.Flags().StringVar(&q.Type, "type", "", "only of this `type`")
			c.Flags().BoolVar(&ticket, "ticket", false, "the words are a ticket's: the ten articles that fit them best")
		},
		do: func(r *run, args []string) error {
			words, err := r.words(args)
			if err != nil {
				return err
			}
			switch {
			case !ticket:
				q.Search = words
			case words == "":
				return Usage(errors.New("--ticket wants the ticket's words: give them with -F -"))
			}
			all, err := r.to.EMR.Articles(r.ctx, q)
			if err != nil {
				return err
			}
			if ticket {
				all = knowledge.BestArticles(all, words, 10)
			}
			var rows []article
			for _, a := range all {
				rows = append(rows, articleOf(a))
			}
			return list(r, "articles", rows)
		},
	})
}

// articleWord completes a word from those that articles have.
func articleWord(word func(naturaesoft.Article) string) ids {
	return func(r *run, _ []string) ([]string, error) {
		all, err := r.to.EMR.Articles(r.ctx, naturaesoft.ArticleQuery{})
		return distinct(all, word), err
	}
}

func (s *suite) kbShow() *cobra.Command {
	return s.command(deed{
		use: "show <id>", short: "Read one article", args: cobra.ExactArgs(1), json: shape[article]("article", false),
		ids: first(func(r *run, _ []string) ([]string, error) {
			all, err := r.to.EMR.Articles(r.ctx, naturaesoft.ArticleQuery{})
			var ids []string
			for _, a := range all {
				ids = append(ids, hinted(string(a.ID), a.Title.String()))
			}
			return ids, err
		}),
		do: func(r *run, args []string) error {
			if !naturaesoft.ID(args[0]).Valid() {
				return Usage(errors.New("that is not the id of an article: see frontdesk kb search"))
			}
			a, err := r.to.EMR.Article(r.ctx, naturaesoft.ID(args[0]))
			if err != nil {
				return err
			}
			err = one(r, "article", args[0], articleOf(a))
			if err == nil && !r.json {
				_, err = fmt.Fprintf(r.paper(), "\n%s\n", strings.TrimRight(a.Text.String(), "\n"))
			}
			return err
		},
	})
}

func (s *suite) me() *cobra.Command {
	type me struct {
		ID      string   `json:"id" head:"id"`
		Name    string   `json:"name" head:"name"`
		Company string   `json:"company" head:"company"`
		Mail    string   `json:"email" head:"e-mail" mask:"mail"`
		Phone   string   `json:"phone" head:"phone" mask:"phone"`
		Scopes  []string `json:"scopes" head:"scopes"`
	}
	return s.command(deed{
		use: "me", short: "The partner's profile and what its key may do", json: shape[me]("me", false), personal: true,
		do: func(r *run, _ []string) error {
			m, err := r.to.EMR.Me(r.ctx)
			if err != nil {
				return err
			}
			out := me{string(m.ID), m.Name.String(), m.Company.String(), m.Email.String(), m.Phone.String(), []string{}}
			for _, scope := range m.Scopes {
				out.Scopes = append(out.Scopes, scope.String())
			}
			if !m.ScopesKnown {
				out.Scopes = []string{"unknown"}
			}
			return one(r, "me", string(m.ID), out)
		},
	})
}
