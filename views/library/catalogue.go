package library

import (
	"cmp"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
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
	*list[naturaesoft.Product, productQuery]
	vendor  string // asked for; "" is all
	vendors []string
	pricing *pricing // the form that is open
}

type productQuery struct{ search, vendor string }

func productKey(p naturaesoft.Product) string {
	return string(p.ID) + "\x00" + p.VendorCode.Raw() + "\x00" + p.ProductCode.Raw()
}

func newCatalogue(v *View) *catalogue {
	type P = naturaesoft.Product
	c := &catalogue{list: newList[P, productQuery](v, "list products")}
	c.want = func() productQuery { return productQuery{c.seek.words(), c.vendor} }
	c.read = func(ctx ctx, q productQuery) ([]P, error) { return v.emr.Products(ctx, q.search, q.vendor) }
	c.note = func(p P) { c.vendors = noted(c.vendors, p.VendorCode) }
	price := worded("Price", 11, 14, 0, v.price)
	price.Right = true
	price.Less = func(a, b P) int { return cmp.Compare(a.RetailPrice, b.RetailPrice) }
	c.table = table.New(v.env.Theme, productKey,
		worded("Vendor", 6, 8, 1, func(p P) string { return p.VendorCode.String() }),
		worded("Code", 6, 10, 0, func(p P) string { return p.ProductCode.String() }),
		worded("Product", 20, 0, 0, func(p P) string { return p.Name.String() }),
		price,
	).WithoutMarks()
	c.table.SetEmpty("No product fits. Press esc to show all of them.")
	c.table.SetMissed("The filter looks only at what the list shows; s then asks the EMR.")
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
	v.Open(v.products)
	if v.products.begun {
		return nil
	}
	return v.products.reload()
}

func (c *catalogue) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[repriced]:
		if c.pricing != nil {
			return c.pricing.compared(msg)
		}
		return nil
	case tea.KeyPressMsg:
		return c.press(msg)
	}
	return c.list.Update(msg)
}

func (c *catalogue) press(msg tea.KeyPressMsg) tea.Cmd {
	k := c.v.keys
	switch {
	case c.own(msg):
	case key.Matches(msg, k.Back) && c.table.Filter() == "":
		if c.narrowed() {
			c.vendor = ""
			return c.seek.clear()
		}
		c.v.Back()
		return nil
	case key.Matches(msg, k.Vendor):
		c.vendor = after(c.vendors, c.vendor)
		return c.askNew()
	case key.Matches(msg, k.reprice()):
		if p, ok := c.table.Selected(); ok {
			c.v.reprice(p)
		}
		return nil
	case key.Matches(msg, k.Import):
		c.v.bulk.start()
		return nil
	}
	return c.list.press(msg)
}

func (c *catalogue) View() string {
	q, words := c.want(), "all products"
	if q.search != "" {
		words = "products with “" + safe.Clean(q.search) + "”"
	}
	if q.vendor != "" {
		words += ", vendor " + safe.Clean(q.vendor)
	}
	return c.draw("Products", "every practice sees these prices", words)
}

func (c *catalogue) Waiting(msg tea.Msg) bool {
	k := c.v.keys
	return c.early(msg, k.Search, k.Again, k.Import)
}

func (c *catalogue) Groups() [][]key.Binding {
	k := c.v.keys
	first := []key.Binding{k.reprice(), k.Import, k.Search, k.Vendor, k.Again}
	if c.table.Filter() == "" && !c.narrowed() && !c.load.Out() && !c.Typing() {
		first = append(first, k.Back)
	}
	return c.keys(first...)
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
