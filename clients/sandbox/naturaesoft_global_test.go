package sandbox

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProductsAreUpserted(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	before := len(d.rows("/v1/products"))
	status, v := d.do("POST", "/v1/products", `{"products":[
		{"VendorCode":"V001","ProductCode":"P001","RetailPrice":101.10},
		{"VendorCode":"V900","ProductCode":"P001","Product":"Imaginary Soap","RetailPrice":7}]}`)
	require.Equal(t, 200, status)
	counts, _ := v["data"].(map[string]any)
	require.Equal(t, []int{1, 1}, []int{number(counts["Created"]), number(counts["Updated"])})
	require.Len(t, d.rows("/v1/products"), before+1)
	changed := d.rows("/v1/products?search=p001&vendorCode=v001")
	require.Len(t, changed, 1)
	require.Equal(t, json.Number("101.10"), changed[0]["RetailPrice"], "a number, to the cent as it was sent")
	require.Equal(t, "Example Product", changed[0]["Product"])
	require.Len(t, d.rows("/v1/products?search=imaginary+SOAP"), 1)
	require.Empty(t, d.rows("/v1/products?vendorCode=V999"))
}

func TestOneWrongProductStopsThemAll(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	before := d.rows("/v1/products")
	const good = `{"VendorCode":"V900","ProductCode":"P9","Product":"Soap","RetailPrice":7}`
	for body, want := range map[string]int{
		`{"products":[]}`:               400,
		`{"products":{}}`:               400,
		`{"items":[]}`:                  400,
		`{"products":[` + good + `,5]}`: 422,
		`{"products":[` + good + `,{"VendorCode":"V1","ProductCode":"P1","RetailPrice":"7.00"}]}`: 422,
		`{"products":[` + good + `,{"VendorCode":"V1","ProductCode":"P1","RetailPrice":-1}]}`:     422,
		`{"products":[` + good + `,{"VendorCode":"V1","Product":"no code"}]}`:                     422,
		`{"products":[` + good + `,{"VendorCode":"V1","ProductCode":"P1","Price":7}]}`:            422,
	} {
		d.wantStatus(want, "POST", "/v1/products", body)
	}
	require.Equal(t, before, d.rows("/v1/products"))
}

func TestArticles(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	all := d.rows("/v1/kb")
	require.Len(t, d.rows("/v1/kb?category=billing"), 1)
	require.Len(t, d.rows("/v1/kb?search=INSURANCE+verification&type=HowTo"), 1)
	require.Less(t, len(d.rows("/v1/kb?type=Policy")), len(all))
	require.Empty(t, d.rows("/v1/kb?category=NoSuch"))
	require.Contains(t, d.object("/v1/kb/12")["Article"], "Step-by-step process")

	d.wantStatus(200, "PUT", "/v1/kb/12", `{"Title":"Changed","Active":false}`)
	changed := d.object("/v1/kb/12")
	require.Equal(t, []any{"Changed", false, "Billing"}, []any{changed["Title"], changed["Active"], changed["Category"]})
	d.wantStatus(422, "PUT", "/v1/kb/12", `{"Active":"yes"}`)
	d.wantStatus(422, "PUT", "/v1/kb/12", `{"KBID":13}`)
	d.wantStatus(404, "PUT", "/v1/kb/99", `{"Title":"x"}`)
	d.wantStatus(404, "GET", "/v1/kb/99", "")
	d.wantStatus(400, "GET", "/v1/kb/tickets", "")
}

func TestMe(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	d.wantStatus(200, "PATCH", "/v1/me", `{"Phone":"555-0199"}`)
	d.wantStatus(422, "PATCH", "/v1/me", `{"Scopes":["Everything"]}`)
	d.wantStatus(422, "PATCH", "/v1/me", `{"PartnerID":2}`)
	me := d.object("/v1/me")
	require.Equal(t, "555-0199", me["Phone"])
	require.Equal(t, "partner@example.com", me["Email"])
	require.Equal(t, []any{"Providers", "ProductPro.Products", "KB", "Tickets"}, me["Scopes"])
}

func TestPlantedRowsAreShownAsTheyAre(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	const bad = "Ann\x1b[2K PWNED"
	id := s.PutProspect(map[string]any{"FirstName": bad, "ProviderID": "seven", "City": nil})
	found := d.search("pwned")
	require.Len(t, found, 1)
	require.Equal(t, id, number(found[0]["ProspectID"]))
	require.Equal(t, []any{bad, "seven", nil}, []any{found[0]["FirstName"], found[0]["ProviderID"], found[0]["City"]})
	require.Equal(t, id, s.PutProspect(map[string]any{"ProspectID": id, "City": bad}))
	require.Equal(t, bad, d.search("pwned")[0]["City"])
	require.Equal(t, 3, s.PutProspect(map[string]any{"ProspectID": 3, "City": bad}), "made-up people too")

	require.Equal(t, 1, s.Plant("providers", map[string]any{"id": 1, "name": bad}))
	require.Equal(t, bad, d.object(providersPath + "/1")["name"])
	require.Equal(t, "PA-C", d.object(providersPath + "/1")["title"])
	for what, path := range map[string]string{
		"tags": "/v1/DemoOffice/tags", "tickets": "/v1/DemoOffice/tickets", "products": "/v1/products",
		"kb": "/v1/kb", "providers": providersPath,
	} {
		before := len(d.rows(path))
		require.Equal(t, before+1, s.Plant(what, map[string]any{"x": bad}))
		require.Equal(t, bad, d.rows(path)[before]["x"])
	}
	require.Panics(t, func() { s.Plant("patients", nil) })
}
