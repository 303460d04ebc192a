package library

import (
	"cmp"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// headLines are drawn above the rows of a list.
const headLines = 2

// shelf is the list of articles.
type shelf struct {
	v     *View
	seek  *seeker
	table *table.Table[naturaesoft.Article]
	load  *ui.Call[[]naturaesoft.Article]
	asked naturaesoft.ArticleQuery // what the last question was
	shown naturaesoft.ArticleQuery // what the rows answer
	begun bool
	width int

	category, kind    string // asked for; "" is all
	categories, kinds []string
}

func newShelf(v *View) *shelf {
	s := &shelf{v: v, load: ui.NewCall[[]naturaesoft.Article](v.env, "list articles")}
	s.seek = newSeeker(v, s.askNew, s.restart)
	type A = naturaesoft.Article
	ink := func(a A) lipgloss.Style {
		if a.ActiveKnown && !a.Active {
			return v.env.Theme.Muted
		}
		return v.env.Theme.Text
	}
	column := func(title string, least, most, drop int, text func(A) string) table.Column[A] {
		return table.Column[A]{
			Title: title, Min: least, Max: most, Drop: drop, Style: ink, Cell: text,
			Less: func(a, b A) int { return cmp.Compare(strings.ToLower(text(a)), strings.ToLower(text(b))) },
		}
	}
	s.table = table.New(v.env.Theme, func(a A) string { return string(a.ID) },
		column("Title", 20, 0, 0, func(a A) string { return a.Title.String() }),
		column("Category", 8, 14, 2, func(a A) string { return a.Category.String() }),
		column("Type", 6, 12, 3, func(a A) string { return a.Type.String() }),
		column("State", 10, 10, 1, func(a A) string { return v.active(a) }),
	).WithoutMarks()
	s.table.SetEmpty("No article fits. Press esc to show all of them.")
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

func (s *shelf) want() naturaesoft.ArticleQuery {
	return naturaesoft.ArticleQuery{Search: s.seek.words(), Category: s.category, Type: s.kind}
}

// askNew asks when the question is another one than the last.
func (s *shelf) askNew() tea.Cmd {
	if s.begun && s.want() == s.asked {
		return nil
	}
	return s.reload()
}

func (s *shelf) reload() tea.Cmd {
	emr, q := s.v.emr, s.want()
	s.begun, s.asked = true, q
	s.table.SetLoading("asking...")
	return s.load.Latest(func(ctx ctx) ([]naturaesoft.Article, error) { return emr.Articles(ctx, q) })
}

// restart puts the cursor on the first row: the words asked for are others.
func (s *shelf) restart() {
	if restart(s.table); s.load.Out() {
		s.table.SetLoading("asking...")
	}
}

func (s *shelf) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[[]naturaesoft.Article]:
		return s.loaded(msg)
	case settledMsg:
		return s.seek.update(msg)
	case tea.KeyPressMsg:
		return s.press(msg)
	case tea.PasteMsg:
		if s.seek.open {
			return s.seek.update(msg)
		}
	}
	_, cmd := s.table.Update(ui.Shift(msg, 0, headLines))
	return cmd
}

func (s *shelf) loaded(r ui.Result[[]naturaesoft.Article]) tea.Cmd {
	if !s.load.Accept(r) {
		return nil
	}
	if r.Err != nil {
		s.table.SetFailed(rest.UserMessage(r.Err))
		return nil
	}
	if s.shown != s.asked { // another question: the cursor begins anew
		s.table.Set(nil)
	}
	s.shown = s.asked
	s.table.Set(r.Value)
	for _, a := range r.Value {
		s.categories, s.kinds = noted(s.categories, a.Category), noted(s.kinds, a.Type)
	}
	return nil
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

func (s *shelf) press(msg tea.KeyPressMsg) tea.Cmd {
	k := s.v.keys
	switch {
	case s.seek.open:
		return s.seek.update(msg)
	case s.table.Filtering():
	case key.Matches(msg, k.Stop) && s.load.Out():
		s.load.Cancel()
		s.asked = s.shown
		s.table.SetFailed("Stopped asking. Press r to ask again.")
		return nil
	case key.Matches(msg, k.Clear) && s.table.Filter() == "" && s.want() != (naturaesoft.ArticleQuery{}):
		s.category, s.kind = "", ""
		return s.seek.clear()
	case key.Matches(msg, k.Search):
		s.seek.start()
		return nil
	case key.Matches(msg, k.Category):
		s.category = after(s.categories, s.category)
		return s.askNew()
	case key.Matches(msg, k.Type):
		s.kind = after(s.kinds, s.kind)
		return s.askNew()
	case key.Matches(msg, k.Products):
		return s.v.openProducts()
	case key.Matches(msg, k.Again):
		return s.reload()
	case key.Matches(msg, k.Open):
		if a, ok := s.table.Selected(); ok {
			return s.v.openArticle(a.ID)
		}
		return nil
	}
	_, cmd := s.table.Update(msg)
	return cmd
}

func (s *shelf) resize(width, height int) {
	s.width = width
	s.seek.resize(width)
	s.table.Resize(width, max(1, height-headLines))
}

func (s *shelf) view() string {
	th := s.v.env.Theme
	head := th.Strong.Render(" Knowledge base ") + s.v.badge() + th.Muted.Render(" every practice sees it")
	return th.Truncate(head, s.width) + "\n" + th.Truncate(s.seek.view(asking(s.want())), s.width) + "\n" + s.table.View()
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

func (s *shelf) typing() bool { return s.seek.open || s.table.Filtering() }

// waiting keeps back what acts on rows that are not in yet.
func (s *shelf) waiting(msg tea.Msg) bool {
	k := s.v.keys
	return s.load.Out() && !s.seek.open && !s.table.Filtering() &&
		!key.Matches(ui.Pressed(msg), k.Search, k.Products, k.Again)
}

func (s *shelf) cursor() *tea.Cursor {
	if s.seek.open {
		return below(s.seek.cursor(), 1)
	}
	return below(s.table.Cursor(), headLines)
}

func (s *shelf) groups() [][]key.Binding {
	k := s.v.keys
	narrowed := s.want() != (naturaesoft.ArticleQuery{})
	first := []key.Binding{k.Open, k.Search, k.Category, k.Type, k.Products, k.Again}
	return listKeys(k, first, s.seek, s.table.Filtering(), s.load.Out(), narrowed && s.table.Filter() == "", s.table.Keys())
}

// listKeys are the keys of a list: those of the line that has the keyboard, or
// its own with what esc does now.
func listKeys(k keyMap, first []key.Binding, seek *seeker, filtering, out, narrowed bool, rows []key.Binding) [][]key.Binding {
	switch {
	case seek.open:
		return [][]key.Binding{{k.Leave, k.Drop}}
	case filtering:
		return [][]key.Binding{rows}
	case out:
		return [][]key.Binding{append(first, k.Stop), without(rows, k.Stop)}
	case narrowed:
		first = append(first, k.Clear)
	}
	return [][]key.Binding{first, rows}
}

// without drops the bindings that share a key with b.
func without(all []key.Binding, b key.Binding) []key.Binding {
	return slices.DeleteFunc(slices.Clone(all), func(have key.Binding) bool { return have.Keys()[0] == b.Keys()[0] })
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
