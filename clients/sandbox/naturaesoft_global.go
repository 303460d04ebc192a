package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"frontdesk/assets"
)

func productRows() *table {
	t := &table{key: "ProductID"}
	for _, p := range assets.Products() {
		t.add(row{
			"VendorCode": p.VendorCode, "ProductCode": p.ProductCode,
			"Product": p.Product, "RetailPrice": p.RetailPrice,
		})
	}
	return t
}

// listProducts is GET /v1/products.
func (n *naturaesoft) listProducts(c *call) (reply, error) {
	search, vendor := c.query.Get("search"), c.query.Get("vendorCode")
	return whole(n.products.where(func(r row) bool {
		return contains(search, r, "Product", "ProductCode", "VendorCode") &&
			(vendor == "" || strings.EqualFold(vendor, text(r, "VendorCode")))
	})), nil
}

// upsertProducts is POST /v1/products: a product is the same when vendor and
// product code are. All of them are taken or none.
func (n *naturaesoft) upsertProducts(c *call) (reply, error) {
	given, err := c.object()
	if err != nil {
		return reply{}, err
	}
	items, _ := given["products"].([]any)
	if len(items) == 0 {
		return reply{}, refusal{400, "products must be a list with at least one product."}
	}
	for i, item := range items {
		if err := checkProduct(item); err != nil {
			return reply{}, refusal{422, fmt.Sprintf("products[%d]: %s", i, err)}
		}
	}
	made := 0
	for _, item := range items {
		p, _ := item.(row)
		at := slices.IndexFunc(n.products.rows, func(r row) bool {
			return r["VendorCode"] == p["VendorCode"] && r["ProductCode"] == p["ProductCode"]
		})
		if at < 0 {
			n.products.add(p)
			made++
			continue
		}
		n.products.lay(at+1, p)
	}
	return data(map[string]int{"Created": made, "Updated": len(items) - made}), nil
}

func checkProduct(item any) error {
	p, ok := item.(row)
	if !ok {
		return refusal{422, "must be an object."}
	}
	texts := maps.Clone(p)
	delete(texts, "RetailPrice")
	if err := onlyTexts(texts, []string{"VendorCode", "ProductCode", "Product"}, "product"); err != nil {
		return err
	}
	if text(p, "VendorCode") == "" || text(p, "ProductCode") == "" {
		return refusal{422, "VendorCode and ProductCode are required."}
	}
	price, isNumber := p["RetailPrice"].(json.Number)
	if _, given := p["RetailPrice"]; given && (!isNumber || strings.HasPrefix(price.String(), "-")) {
		return refusal{422, "RetailPrice must be a number of dollars."}
	}
	return nil
}

func articleRows() *table {
	t := &table{key: "KBID"}
	for _, a := range assets.Articles() {
		t.add(row{
			"Title": a.Title, "Article": a.Body, "Category": a.Category,
			"Type": a.Type, "Tags": a.Tags, "Active": a.Active,
		})
	}
	return t
}

// listArticles is GET /v1/kb. The text comes with one article only.
func (n *naturaesoft) listArticles(c *call) (reply, error) {
	search, category, kind := c.query.Get("search"), c.query.Get("category"), c.query.Get("type")
	found := n.articles.where(func(r row) bool {
		return contains(search, r, "Title", "Tags", "Article") &&
			(category == "" || strings.EqualFold(category, text(r, "Category"))) &&
			(kind == "" || strings.EqualFold(kind, text(r, "Type")))
	})
	return whole(lacking("Article", found)), nil
}

// oneArticle is GET /v1/kb/{id}.
func (n *naturaesoft) oneArticle(c *call) (reply, error) {
	_, r, err := c.row(n.articles, "Article")
	return data(r), err
}

// updateArticle is PUT /v1/kb/{id}. Fields left out keep their values.
func (n *naturaesoft) updateArticle(c *call) (reply, error) {
	id, _, err := c.row(n.articles, "Article")
	if err != nil {
		return reply{}, err
	}
	given, err := c.object()
	if err != nil {
		return reply{}, err
	}
	texts := maps.Clone(given)
	if active, has := given["Active"]; has {
		if _, ok := active.(bool); !ok {
			return reply{}, refusal{422, "Active must be true or false."}
		}
		delete(texts, "Active")
	}
	if err := onlyTexts(texts, []string{"Title", "Article", "Category", "Type", "Tags"}, "article"); err != nil {
		return reply{}, err
	}
	return data(n.articles.lay(id, given)), nil
}

func partner() row {
	return row{
		"PartnerID": 1, "Name": "Demo Desk Partner", "Company": "Front Desk Training (fictional)",
		"Email": "partner@example.com", "Phone": "555-0100",
	}
}

// showMe is GET /v1/me.
func (n *naturaesoft) showMe(*call) (reply, error) {
	me := maps.Clone(n.me)
	scopes := []string{}
	for _, scope := range []string{scopeProviders, scopeProducts, scopeKB, scopeTickets} {
		if n.scopes[scope] {
			scopes = append(scopes, scope)
		}
	}
	me["Scopes"] = scopes
	return data(me), nil
}

// updateMe is PATCH /v1/me.
func (n *naturaesoft) updateMe(c *call) (reply, error) {
	given, err := c.object()
	if err != nil {
		return reply{}, err
	}
	if err := onlyTexts(given, []string{"Name", "Company", "Email", "Phone"}, "profile"); err != nil {
		return reply{}, err
	}
	me := maps.Clone(n.me)
	maps.Copy(me, given)
	n.me = me
	return n.showMe(c)
}

// contains tells whether one of the fields has the words somewhere.
func contains(search string, r row, fields ...string) bool {
	want := fold(strings.TrimSpace(search))
	return want == "" || slices.ContainsFunc(fields, func(f string) bool {
		return strings.Contains(fold(text(r, f)), want)
	})
}
