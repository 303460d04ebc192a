package console

import (
	"cmp"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/booking"
	"frontdesk/state/knowledge"
	"frontdesk/state/store"
	board "frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/views/tickets"
)

// bestArticles are offered beside a comment.
const bestArticles = 8

// ticketTab is the tickets tab and what it holds open.
type ticketTab struct {
	*tickets.View
	mu     sync.Mutex
	memory *board.Memory
}

// Close releases what the tab remembers by.
func (t *ticketTab) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.memory != nil {
		_ = t.memory.Close()
	}
}

// ticketBoard makes the tickets tab over the systems the profile uses.
func ticketBoard(o Options, env *ui.Env, to *vendors, db *store.DB, a booking.Actor, lend func(*exec.Cmd)) *ticketTab {
	p, tab := o.Profile, &ticketTab{}
	var care tickets.Care // nil when it is not used, and no nil client
	if to.care != nil {
		care = to.care
	}
	tab.View = tickets.New(env, to.emr, care, tickets.Options{
		Names:  []string{p.Operator, p.Practice},
		Who:    board.Who{UID: a.UID, User: a.User, Host: a.Host, Session: a.Session},
		Claims: board.OpenClaims(db),
		Memory: func(ctx context.Context) (*board.Memory, error) {
			db, err := own(ctx, filepath.Join(o.State, "tickets.db"), board.Migrations)
			if err != nil {
				return nil, err
			}
			tab.mu.Lock()
			defer tab.mu.Unlock()
			tab.memory = board.OpenMemory(db)
			return tab.memory, nil
		},
		Dir:      filepath.Join(filepath.Dir(o.Files), "tickets"),
		Editor:   cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR")),
		Lend:     lend,
		Marker:   p.TicketMarker,
		Articles: articles(to.emr),
	})
	return tab
}

// articles finds the pages of the knowledge base that fit a ticket's words.
// Those whose text the list does not carry are read one by one.
func articles(emr *naturaesoft.Client) func(context.Context, string) ([]tickets.Article, error) {
	return func(ctx context.Context, words string) ([]tickets.Article, error) {
		all, err := emr.Articles(ctx, naturaesoft.ArticleQuery{})
		if err != nil {
			return nil, err
		}
		var best []tickets.Article
		for _, a := range knowledge.BestArticles(all, words, bestArticles) {
			if a.Text.Empty() {
				if a, err = emr.Article(ctx, a.ID); err != nil {
					return best, err
				}
			}
			best = append(best, tickets.Article{Title: a.Title.String(), Text: a.Text.String()})
		}
		return best, nil
	}
}
