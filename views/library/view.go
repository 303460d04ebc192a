// Package library is the tab of what all practices share at the EMR: the
// knowledge base and the products. It searches, reads and edits both, shows
// what an edit would change before it is sent, and says everywhere that every
// practice sees it. It must not know how the EMR is asked, nor rank articles:
// that is state/knowledge.
package library

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/ui"
)

type ctx = context.Context

// EMR is what the tab asks of the medical record.
type EMR interface {
	Articles(context.Context, naturaesoft.ArticleQuery) ([]naturaesoft.Article, error)
	Article(context.Context, naturaesoft.ID) (naturaesoft.Article, error)
	UpdateArticle(context.Context, naturaesoft.Article, naturaesoft.Edits) error
	Products(ctx context.Context, search, vendorCode string) ([]naturaesoft.Product, error)
	UpsertProducts(context.Context, []naturaesoft.Product) error
}

// Options are the practice's habits.
type Options struct {
	// Dir is where the file of rejected rows is saved.
	Dir string
}

// View is the library tab. It shows one page at a time.
type View struct {
	ui.Pages
	env  *ui.Env
	emr  EMR
	opt  Options
	keys keyMap

	shelf    *shelf
	article  *reading
	review   *review
	products *catalogue
	bulk     *bulk

	saveArticle  *ui.Sender[sentArticle, naturaesoft.ID]
	saveProducts *ui.Sender[sentProducts, int]
	doubt        bool // a write may have landed, and the outbox has not settled it
}

// New makes the tab.
func New(env *ui.Env, emr EMR, opt Options) *View {
	v := &View{env: env, emr: emr, opt: opt, keys: newKeyMap()}
	v.saveArticle, v.saveProducts = newArticleSender(v), newProductSender(v)
	v.shelf, v.article, v.review = newShelf(v), newReading(v), newReview(v)
	v.products, v.bulk = newCatalogue(v), newBulk(v)
	v.Pages = ui.NewPages(v.shelf, v.article, v.review, v.products, v.bulk)
	return v
}

func (v *View) Title() string { return "Library" }

// Init lists the articles.
func (v *View) Init() tea.Cmd { return v.shelf.reload() }

// Update takes what is the tab's own; the rest is the pages'.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.GoMsg:
		return v.goTo(msg.Subject)
	case ui.LookedBack:
		return v.lookedBack()
	case ui.Result[naturaesoft.ID]:
		return v.articleSaved(msg)
	case ui.Result[int]:
		return v.productsSaved(msg)
	}
	return v.Pages.Update(msg)
}

// lookedBack reads again what writes of an earlier session may have changed.
func (v *View) lookedBack() tea.Cmd {
	cmds := []tea.Cmd{v.shelf.reload()}
	if v.products.begun {
		cmds = append(cmds, v.products.reload())
	}
	return tea.Batch(cmds...)
}

// goTo shows what another tab or the palette asked for.
func (v *View) goTo(subject any) tea.Cmd {
	switch s := subject.(type) {
	case ui.Article:
		v.Home()
		return v.openArticle(naturaesoft.ID(s.ID))
	case productSubject:
		v.Home()
		cmd := v.openProducts()
		v.products.table.Select(string(s))
		return cmd
	}
	return nil
}

// Found offers the palette the articles and products that are loaded.
func (v *View) Found() []ui.Found {
	return append(v.shelf.found(), v.products.found()...)
}

// HelpText says whom an edit reaches.
func (v *View) HelpText() string {
	return "GLOBAL: the knowledge base and the products belong to the EMR, not to this\n" +
		"practice. What is changed here is changed for every practice that uses it.\n" +
		"Nothing is sent before you have seen what would change and said yes."
}

// Leaving says what a bulk change would leave half done.
func (v *View) Leaving() string { return v.bulk.leaving() }

func (v *View) fail(err error) tea.Cmd {
	v.env.Fail(rest.UserMessage(err))
	return nil
}

// badge says that every practice sees it.
func (v *View) badge() string { return v.env.Theme.Badge.Render(" GLOBAL ") }
