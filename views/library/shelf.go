package library

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// shelf is the list of articles.
type shelf struct {
	*list[naturaesoft.Article, naturaesoft.ArticleQuery]

	category, kind    string // asked for; "" is all
	categories, kinds []string
}

func newShelf(v *View) *shelf {
	type A = naturaesoft.Article
	s := &shelf{list: newList[A, naturaesoft.ArticleQuery](v, "list articles")}
	s.want = func() naturaesoft.ArticleQuery {
		return naturaesoft.ArticleQuery{Search: s.seek.words(), Category: s.category, Type: s.kind}
	}
	s.read = v.emr.Articles
	s.note = func(a A) {
		s.categories, s.kinds = noted(s.categories, a.Category), noted(s.kinds, a.Type)
	}
	columns := []table.Column[A]{
		worded("Title", 20, 0, 0, func(a A) string { return a.Title.String() }),
		worded("Category", 8, 14, 2, func(a A) string { return a.Category.String() }),
		worded("Type", 6, 12, 3, func(a A) string { return a.Type.String() }),
		worded("State", 10, 10, 1, func(a A) string { return v.active(a) }),
	}
	for i := range columns {
		columns[i].Style = func(a A) lipgloss.Style {
			if a.ActiveKnown && !a.Active {
				return v.env.Theme.Muted
			}
			return v.env.Theme.Text
		}
	}
	s.table = table.New(v.env.Theme, func(a A) string { return string(a.ID) }, columns...).WithoutMarks()
	s.table.SetEmpty("No article fits. Press esc to show all of them.")
	s.table.SetMissed("The filter looks only at what the list shows; s then searches the texts too.")
	return s
}

// active says in a word whether an article is in use.
func (v *View) active(a naturaesoft.Article) string {
	switch {
	case !a.ActiveKnown:
		return v.env.Theme.Glyph.Unknown + " unknown"
	case !a.Active:
		return v.env.Theme.Glyph.Cross + " inactive"
	}
	return "active"
}

// noted keeps the words seen, in order.
func noted(seen []string, t safe.Text) []string {
	at, found := slices.BinarySearch(seen, t.Raw())
	if found || t.Empty() || t.Altered() {
		return seen
	}
	return slices.Insert(seen, at, t.Raw())
}

// after is the one behind now; behind the last comes "", which is all.
func after(all []string, now string) string {
	at := slices.Index(all, now) + 1
	if at < len(all) {
		return all[at]
	}
	return ""
}

func (s *shelf) Update(msg tea.Msg) tea.Cmd {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		return s.press(k)
	}
	return s.list.Update(msg)
}

func (s *shelf) press(msg tea.KeyPressMsg) tea.Cmd {
	k := s.v.keys
	switch {
	case s.own(msg):
	case key.Matches(msg, k.Clear) && s.table.Filter() == "" && s.narrowed():
		s.category, s.kind = "", ""
		return s.seek.clear()
	case key.Matches(msg, k.Category):
		s.category = after(s.categories, s.category)
		return s.askNew()
	case key.Matches(msg, k.Type):
		s.kind = after(s.kinds, s.kind)
		return s.askNew()
	case key.Matches(msg, k.Products):
		return s.v.openProducts()
	case key.Matches(msg, k.Open):
		if a, ok := s.table.Selected(); ok {
			return s.v.openArticle(a.ID)
		}
		return nil
	}
	return s.list.press(msg)
}

func (s *shelf) View() string {
	return s.draw("Knowledge base", "every practice sees it", asking(s.want()))
}

// asking says what the rows are narrowed to.
func asking(q naturaesoft.ArticleQuery) string {
	words := "all articles"
	if q.Search != "" {
		words = "articles with “" + safe.Clean(q.Search) + "”"
	}
	if q.Category != "" {
		words += ", category " + safe.Clean(q.Category)
	}
	if q.Type != "" {
		words += ", type " + safe.Clean(q.Type)
	}
	return words
}

func (s *shelf) Waiting(msg tea.Msg) bool {
	k := s.v.keys
	return s.early(msg, k.Search, k.Products, k.Again)
}

func (s *shelf) Groups() [][]key.Binding {
	k := s.v.keys
	return s.keys(k.Open, k.Search, k.Category, k.Type, k.Products, k.Again)
}

func (s *shelf) found() []ui.Found {
	var all []ui.Found
	for _, a := range s.table.Rows() {
		all = append(all, ui.Found{
			Kind: "article", ID: string(a.ID), Name: a.Title.String(), Detail: a.Category.String(),
			Go: ui.GoMsg{Tab: s.v.Title(), Subject: ui.Article{ID: string(a.ID)}},
		})
	}
	return all
}
