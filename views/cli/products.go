package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/desk"
)

// product is an article of sale. Price is as people write it, "" when unknown.
type product struct {
	ID     string `json:"id" head:"id"`
	Vendor string `json:"vendor_code" head:"vendor"`
	Code   string `json:"product_code" head:"code"`
	Name   string `json:"product" head:"product"`
	Cents  *int64 `json:"retail_price_cents"`
	Price  string `json:"retail_price" head:"price"`
}

func productOf(p naturaesoft.Product) product {
	out := product{string(p.ID), p.VendorCode.String(), p.ProductCode.String(), p.Name.String(), nil, p.PriceText.String()}
	if p.PriceKnown {
		out.Cents, out.Price = &p.RetailPrice, decimal.New(p.RetailPrice, -2).StringFixed(2)
	}
	return out
}

func (s *suite) products() *cobra.Command {
	return group("products", "List and change the products that every practice sells",
		"frontdesk products list --vendor V001\nfrontdesk products update -F prices.csv --dry-run", s.productsList(), s.productsUpdate())
}

func (s *suite) productsList() *cobra.Command {
	var search, vendor string
	return s.command(deed{
		use: "list", short: "List products", json: shape[product]("products", true),
		values: map[string]ids{"vendor": func(r *run, _ []string) ([]string, error) {
			all, err := r.to.EMR.Products(r.ctx, "", "")
			return distinct(all, func(p naturaesoft.Product) string { return p.VendorCode.String() }), err
		}},
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&search, "search", "", "only those with this `word`")
			c.Flags().StringVar(&vendor, "vendor", "", "only of this vendor `code`")
		},
		do: func(r *run, _ []string) error {
			all, err := r.to.EMR.Products(r.ctx, search, vendor)
			if err != nil {
				return err
			}
			var rows []product
			for _, p := range all {
				rows = append(rows, productOf(p))
			}
			return list(r, "products", rows)
		},
	})
}

// goods is one product to be saved; the names are the vendor's.
type goods struct {
	VendorCode, ProductCode, Product string
	RetailPrice                      string
}

// stocking are products to be saved, as the outbox keeps them.
type stocking struct{ Rows []goods }

// products are the rows as the client takes them. Their prices were read
// before.
func (s stocking) products() []naturaesoft.Product {
	var all []naturaesoft.Product
	for _, g := range s.Rows {
		cents, err := price(g.RetailPrice)
		all = append(all, naturaesoft.Product{VendorCode: safe.Line(g.VendorCode), ProductCode: safe.Line(g.ProductCode),
			Name: safe.Line(g.Product), RetailPrice: cents, PriceKnown: err == nil})
	}
	return all
}

var saveProducts = write[stocking, int]{
	vendor: emrName, op: "save products by command", route: `POST /v1/products {"products": [...]}, for every practice`,
	send: func(ctx context.Context, r *run, s stocking) (int, error) {
		return len(s.Rows), r.to.EMR.UpsertProducts(ctx, s.products())
	},
	back: func(ctx context.Context, r *run, s stocking, _ time.Time) (desk.Finding, error) {
		all, err := r.to.EMR.Products(ctx, "", "")
		if err != nil {
			return desk.CannotTell, err
		}
		there := 0
		for _, g := range s.Rows {
			for _, p := range all {
				cents, _ := price(g.RetailPrice)
				if p.VendorCode.Raw() == g.VendorCode && p.ProductCode.Raw() == g.ProductCode && p.Name.Raw() == g.Product &&
					p.PriceKnown && p.RetailPrice == cents {
					there++
					break
				}
			}
		}
		if there == len(s.Rows) {
			return desk.Landed, nil
		}
		return desk.CannotTell, nil // some of them may have been so before
	},
	shown: shownProducts,
}

// shownProducts is the body of the request.
func shownProducts(s stocking) any {
	var rows []map[string]any
	for _, g := range s.Rows {
		cents, _ := price(g.RetailPrice) // checked where it was read
		rows = append(rows, map[string]any{"VendorCode": g.VendorCode, "ProductCode": g.ProductCode, "Product": g.Product,
			"RetailPrice": json.Number(decimal.New(cents, -2).StringFixed(2))})
	}
	return map[string]any{"products": rows}
}

// price reads an amount like 12 or 12.50.
func price(s string) (int64, error) {
	d, err := decimal.NewFromString(strings.TrimPrefix(strings.TrimSpace(s), "$"))
	cents := d.Shift(2)
	if err != nil || !cents.IsInteger() || cents.IsNegative() || cents.GreaterThan(decimal.New(1, 15)) {
		return 0, Usage(errors.New("an amount is written like 12 or 12.50, with no more than two decimals"))
	}
	return cents.IntPart(), nil
}

func (s *suite) productsUpdate() *cobra.Command {
	return s.command(deed{
		use: "update", short: "Change or add products for every practice",
		long: "update saves products for EVERY practice. -F brings CSV with the columns VendorCode, ProductCode, Product and\n" +
			"RetailPrice, or a JSON array of objects with these names. A product with both codes is changed, another added.",
		json: shape[product]("products", true), writes: true, from: "the products",
		do: func(r *run, _ []string) error {
			if r.from == "" {
				return Usage(errors.New("give the products with -F -"))
			}
			data, err := r.input()
			if err != nil {
				return err
			}
			rows, err := goodsFrom(data)
			if err != nil {
				return err
			}
			p := stocking{rows}
			if err := naturaesoft.CheckProducts(p.products()); err != nil {
				return err
			}
			if r.dry {
				return saveProducts.dryRun(r, "", p)
			}
			if err := r.agree("Save " + counted(len(rows), "product", "products") + " for EVERY practice?"); err != nil {
				return err
			}
			if _, err := saveProducts.do(r, "", p); err != nil {
				return err
			}
			r.say("%s saved.", counted(len(rows), "product", "products"))
			return r.saved(rows)
		},
	})
}

// saved writes the products as they are now.
func (r *run) saved(rows []goods) error {
	all, err := r.to.EMR.Products(r.ctx, "", "")
	if err != nil {
		return err
	}
	var now []product
	for _, g := range rows {
		for _, p := range all {
			if p.VendorCode.Raw() == g.VendorCode && p.ProductCode.Raw() == g.ProductCode {
				now = append(now, productOf(p))
			}
		}
	}
	return list(r, "products", now)
}

// goodsFrom reads CSV or a JSON array.
func goodsFrom(data []byte) ([]goods, error) {
	var rows []goods
	if text := bytes.TrimSpace(data); len(text) > 0 && text[0] == '[' {
		if err := unmarshal(text, &rows); err != nil {
			return nil, err
		}
	} else {
		lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
		if err != nil || len(lines) == 0 {
			return nil, Usage(errors.New("what -F brings is neither CSV with a header nor a JSON array"))
		}
		for _, line := range lines[1:] {
			var g goods
			for i, name := range lines[0] {
				to, ok := map[string]*string{"VendorCode": &g.VendorCode, "ProductCode": &g.ProductCode,
					"Product": &g.Product, "RetailPrice": &g.RetailPrice}[strings.TrimSpace(name)]
				if !ok {
					return nil, Usage(fmt.Errorf("the column %q is none of VendorCode, ProductCode, Product, RetailPrice", safe.Clean(name)))
				}
				*to = strings.TrimSpace(line[i])
			}
			rows = append(rows, g)
		}
	}
	for i, g := range rows {
		if _, err := price(g.RetailPrice); err != nil {
			return nil, Usage(fmt.Errorf("product %d: %w", i+1, err))
		}
	}
	if len(rows) == 0 {
		return nil, Usage(errors.New("there are no products in what -F brings"))
	}
	return rows, nil
}
