package library

import (
	"cmp"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/table"
)

// productSubject is the subject of a GoMsg about a product: its key in the
// table.
type productSubject string

// catalogue is the list of products.
type catalogue struct {
	v       *View
	seek    *seeker
	table   *table.Table[naturaesoft.Product]
	load    *ui.Call[[]naturaesoft.Product]
	asked   productQuery
	shown   productQuery
	begun   bool
	vendor  string // asked for; "" is all
	vendors []string
	pricing *pricing // the form that is open
	width   int
}

type productQuery struct{ search, vendor string }

func productKey(p naturaesoft.Product) string {
	return string(p.ID) + "\x00" + p.VendorCode.Raw() + "\x00" + p.ProductCode.Raw()
}

func newCatalogue(v *View) *catalogue {
	c := &catalogue{v: v, load: ui.NewCall[[]naturaesoft.Product](v.env, "list products")}
	c.seek = newSeeker(v, c.askNew, c.restart)
	type P = naturaesoft.Product
	column := func(title string, least, most, drop int, text func(P) string) table.Column[P] {
		return table.Column[P]{
			Title: title, Min: least, Max: most, Drop: drop, Cell: text,
			Less: func(a, b P) int { return cmp.Compare(strings.ToLower(text(a)), strings.ToLower(text(b))) },
		}
	}
	price := column("Price", 11, 14, 0, v.price)
	price.Right = true
	price.Less = func(a, b P) int { return cmp.Compare(a.RetailPrice, b.RetailPrice) }
	c.table = table.New(v.env.Theme, productKey,
		column("Vendor", 6, 8, 1, func(p P) string { return p.VendorCode.String() }),
		column("Code", 6, 10, 0, func(p P) string { return p.ProductCode.String() }),
		column("Product", 20, 0, 0, func(p P) string { return p.Name.String() }),
		price,
	).WithoutMarks()
	c.table.SetEmpty("No product fits. Press esc to show all of them.")
	return c
}

// price is a product's price, or what came in its place.
func (v *View) price(p naturaesoft.Product) string {
	switch {
	case p.PriceKnown:
		return "$" + form.Dollars(p.RetailPrice)
	case p.PriceText.Empty():
		return v.env.Theme.Glyph.Unknown + " unknown"
	}
	return v.env.Theme.Glyph.Unknown + " " + p.PriceText.String()
}

// openProducts shows the products, and lists them the first time.
func (v *View) openProducts() tea.Cmd {
	v.open(v.products)
	if v.products.begun {
		return nil
	}
	return v.products.reload()
}

func (c *catalogue) want() productQuery { return productQuery{c.seek.words(), c.vendor} }

func (c *catalogue) askNew() tea.Cmd {
	if c.begun && c.want() == c.asked {
		return nil
	}
	return c.reload()
}

func (c *catalogue) reload() tea.Cmd {
	emr, q := c.v.emr, c.want()
	c.begun, c.asked = true, q
	c.table.SetLoading("asking...")
	return c.load.Latest(func(ctx ctx) ([]naturaesoft.Product, error) { return emr.Products(ctx, q.search, q.vendor) })
}

// restart puts the cursor on the first row: the words asked for are others.
func (c *catalogue) restart() {
	if restart(c.table); c.load.Out() {
		c.table.SetLoading("asking...")
	}
}

func (c *catalogue) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[[]naturaesoft.Product]:
		return c.loaded(msg)
	case ui.Result[repriced]:
		if c.pricing != nil {
			return c.pricing.compared(msg)
		}
		return nil
	case settledMsg:
		return c.seek.update(msg)
	case tea.KeyPressMsg:
		return c.press(msg)
	case tea.PasteMsg:
		if c.seek.open {
			return c.seek.update(msg)
		}
	}
	_, cmd := c.table.Update(ui.Shift(msg, 0, headLines))
	return cmd
}

func (c *catalogue) loaded(r ui.Result[[]naturaesoft.Product]) tea.Cmd {
	if !c.load.Accept(r) {
		return nil
	}
	if r.Err != nil {
		c.table.SetFailed(rest.UserMessage(r.Err))
		return nil
	}
	if c.shown != c.asked {
		c.table.Set(nil)
	}
	c.shown = c.asked
	c.table.Set(r.Value)
	for _, p := range r.Value {
		c.vendors = noted(c.vendors, p.VendorCode)
	}
	return nil
}

func (c *catalogue) press(msg tea.KeyPressMsg) tea.Cmd {
	k := c.v.keys
	switch {
	case c.seek.open:
		return c.seek.update(msg)
	case c.table.Filtering():
	case key.Matches(msg, k.Stop) && c.load.Out():
		c.load.Cancel()
		c.asked = c.shown
		c.table.SetFailed("Stopped asking. Press r to ask again.")
		return nil
	case key.Matches(msg, k.Back) && c.table.Filter() == "":
		if c.want() != (productQuery{}) {
			c.vendor = ""
			return c.seek.clear()
		}
		c.v.back()
		return nil
	case key.Matches(msg, k.Search):
		c.seek.start()
		return nil
	case key.Matches(msg, k.Vendor):
		c.vendor = after(c.vendors, c.vendor)
		return c.askNew()
	case key.Matches(msg, k.Again):
		return c.reload()
	case key.Matches(msg, k.Edit):
		if p, ok := c.table.Selected(); ok {
			c.v.reprice(p)
		}
		return nil
	case key.Matches(msg, k.Import):
		c.v.bulk.start()
		return nil
	}
	_, cmd := c.table.Update(msg)
	return cmd
}

func (c *catalogue) resize(width, height int) {
	c.width = width
	c.seek.resize(width)
	c.table.Resize(width, max(1, height-headLines))
}

func (c *catalogue) view() string {
	th, q := c.v.env.Theme, c.want()
	head := th.Strong.Render(" Products ") + c.v.badge() + th.Muted.Render(" every practice sees these prices")
	words := "all products"
	if q.search != "" {
		words = "products with “" + safe.Clean(q.search) + "”"
	}
	if q.vendor != "" {
		words += ", vendor " + safe.Clean(q.vendor)
	}
	return th.Truncate(head, c.width) + "\n" + th.Truncate(c.seek.view(words), c.width) + "\n" + c.table.View()
}

func (c *catalogue) typing() bool { return c.seek.open || c.table.Filtering() }

// waiting keeps back what acts on rows that are not in yet.
func (c *catalogue) waiting(msg tea.Msg) bool {
	k := c.v.keys
	return c.load.Out() && !c.typing() && !key.Matches(ui.Pressed(msg), k.Search, k.Again, k.Import)
}

func (c *catalogue) cursor() *tea.Cursor {
	if c.seek.open {
		return below(c.seek.cursor(), 1)
	}
	return below(c.table.Cursor(), headLines)
}

func (c *catalogue) groups() [][]key.Binding {
	k := c.v.keys
	narrowed := c.want() != (productQuery{})
	first := []key.Binding{k.Edit, k.Import, k.Search, k.Vendor, k.Again}
	free := c.table.Filter() == ""
	if free && !narrowed && !c.load.Out() && !c.typing() {
		return [][]key.Binding{append(first, k.Back), c.table.Keys()}
	}
	return listKeys(k, first, c.seek, c.table.Filtering(), c.load.Out(), narrowed && free, c.table.Keys())
}

func (c *catalogue) found() []ui.Found {
	var all []ui.Found
	for _, p := range c.table.Rows() {
		all = append(all, ui.Found{
			Kind: "product", ID: productKey(p), Name: p.Name.String(), Detail: p.ProductCode.String(),
			Go: ui.GoMsg{Tab: c.v.Title(), Subject: productSubject(productKey(p))},
		})
	}
	return all
}
