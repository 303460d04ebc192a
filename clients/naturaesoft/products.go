package naturaesoft

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/shopspring/decimal"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// The routes are global: products are shared by all practices (NS-8). A bulk
// write is sent once, because what its second arrival does is not documented.
var (
	opProducts = rest.Op{Name: "list products", Method: http.MethodGet,
		Path: global("/products"), Scope: "ProductPro.Products"}
	opUpsertProducts = rest.Op{Name: "save products", Method: http.MethodPost,
		Path: global("/products"), Effect: rest.Create, Scope: "ProductPro.Products"}
)

// Product is an article of sale. RetailPrice is in cents and means something
// only when PriceKnown. PriceText is the price as it came: a price that is no
// whole number of cents is not rounded but unknown, with its text kept.
type Product struct {
	ID                      ID // "" when the row named none
	VendorCode, ProductCode safe.Text
	Name                    safe.Text // the field Product
	RetailPrice             int64
	PriceKnown              bool
	PriceText               safe.Text
}

// Products lists products; search and vendorCode narrow the list when not
// empty.
// GET /v1/products?search&vendorCode, scope ProductPro.Products.
func (c *Client) Products(ctx context.Context, search, vendorCode string) ([]Product, error) {
	q := url.Values{}
	for name, value := range map[string]string{"search": search, "vendorCode": vendorCode} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return ask(ctx, c, opProducts, rest.Call{Query: q}, decodeProducts)
}

// UpsertProducts updates or creates products for every practice: ask first.
// Each needs a VendorCode and a ProductCode, a name, a known price of at least
// zero, and each pair of codes may occur once; otherwise nothing is sent. It is
// sent once; when the outcome is unknown the error is Ambiguous and the list
// tells.
// POST /v1/products {"products": [...]}, RetailPrice as a number with two
// decimals, scope ProductPro.Products.
func (c *Client) UpsertProducts(ctx context.Context, products []Product) error {
	type row struct {
		VendorCode, ProductCode, Product string
		RetailPrice                      json.RawMessage
	}
	if err := CheckProducts(products); err != nil {
		return err
	}
	rows := make([]row, len(products))
	for i, p := range products {
		rows[i] = row{
			p.VendorCode.Raw(), p.ProductCode.Raw(), p.Name.Raw(),
			json.RawMessage(decimal.New(p.RetailPrice, -2).StringFixed(2)),
		}
	}
	return c.tell(ctx, opUpsertProducts, rest.Call{Body: map[string]any{"products": rows}})
}

// CheckProducts finds what UpsertProducts would refuse: KindValidation with
// Fields.
func CheckProducts(products []Product) error {
	if len(products) == 0 {
		return refuse(opUpsertProducts, "There is no product to save.")
	}
	seen := map[[2]string]bool{}
	for i, p := range products {
		key := [2]string{p.VendorCode.Raw(), p.ProductCode.Raw()}
		wrong := map[string]safe.Text{}
		for name, t := range map[string]safe.Text{
			"VendorCode": p.VendorCode, "ProductCode": p.ProductCode, "Product": p.Name,
		} {
			if t.Empty() {
				wrong[name] = safe.Line(fmt.Sprintf("Product %d of the list has no %s.", i+1, name))
			}
		}
		if !p.PriceKnown || p.RetailPrice < 0 {
			wrong["RetailPrice"] = safe.Line(fmt.Sprintf("Product %d of the list needs a price of zero or more.", i+1))
		}
		if seen[key] {
			wrong["ProductCode"] = safe.Line(fmt.Sprintf("Product %d of the list repeats the codes of another.", i+1))
		}
		if seen[key] = true; len(wrong) > 0 {
			return refuseFields(opUpsertProducts, wrong)
		}
	}
	return nil
}

func decodeProducts(raw json.RawMessage) ([]Product, error) {
	rows, _, err := list(raw, "products")
	if err != nil {
		return nil, err
	}
	out := make([]Product, len(rows))
	for i, o := range rows {
		r := reader{o: o}
		p := Product{
			ID:         r.id("ProductID", "ID"),
			VendorCode: r.text("VendorCode"), ProductCode: r.text("ProductCode"),
			Name: r.text("Product", "ProductName", "Name"), PriceText: r.text("RetailPrice"),
		}
		if r.err != nil {
			return nil, fmt.Errorf("entry %d of products: %w", i+1, r.err)
		}
		p.RetailPrice, p.PriceKnown = cents(p.PriceText.Raw())
		out[i] = p
	}
	return out, nil
}

// cents reads an amount exactly; never through a float, never rounded (NS-20).
func cents(s string) (int64, bool) {
	d, ok := exact(strings.TrimPrefix(strings.TrimSpace(s), "$"))
	if d = d.Shift(2); !ok || !d.IsInteger() || !d.BigInt().IsInt64() {
		return 0, false
	}
	return d.IntPart(), true
}
