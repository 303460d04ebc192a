package library

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/shopspring/decimal"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// pricing is the form in which one product is edited.
type pricing struct {
	v      *View
	was    naturaesoft.Product // as the person began
	dialog *ui.FormDialog
	ready  *ui.Call[repriced]
}

// repriced is an edit beside what the EMR has now.
type repriced struct {
	now  naturaesoft.Product
	row  sentProduct
	gone bool
}

// reprice opens the form on a product.
func (v *View) reprice(p naturaesoft.Product) {
	e := &pricing{v: v, was: p, ready: ui.NewCall[repriced](v.env, "compare the product")}
	f := form.New(v.env.Theme,
		form.Text("Product", "Product").Required(),
		form.Money("RetailPrice", "Retail price").Required().Help("In dollars. ctrl+s compares; nothing is sent before you say yes."),
	)
	f.Set("Product", p.Name.Raw())
	if p.PriceKnown {
		f.Set("RetailPrice", form.Dollars(p.RetailPrice))
	}
	e.dialog = ui.NewFormDialog(v.env, "Edit for every practice: "+p.VendorCode.String()+" "+p.ProductCode.String(), f, e.submit)
	e.dialog.Busy = func() bool { return e.ready.Out() || v.saveProducts.Out() }
	e.dialog.Below = func(width int) string {
		return "\n" + v.env.Theme.Truncate(v.badge()+" every practice sees this price", width)
	}
	e.dialog.Keep("library.product", p.VendorCode.Raw()+"/"+p.ProductCode.Raw())
	v.products.pricing = e
	v.env.Open(e.dialog)
}

// submit lists the vendor's products once more and compares.
func (e *pricing) submit(typed map[string]string) tea.Cmd {
	cents, ok := form.Cents(typed["RetailPrice"])
	if !ok || e.was.PriceKnown && cents == e.was.RetailPrice && typed["Product"] == e.was.Name.Raw() {
		return e.v.env.Say("Nothing is changed yet, so there is nothing to send.")
	}
	emr, was := e.v.emr, e.was
	row := sentProduct{VendorCode: was.VendorCode.Raw(), ProductCode: was.ProductCode.Raw(), Product: typed["Product"], Cents: cents}
	return e.ready.Latest(func(ctx ctx) (repriced, error) {
		now, err := sentProducts{[]sentProduct{row}}.read(ctx, emr)
		have := now[[2]string{row.VendorCode, row.ProductCode}]
		if err != nil || len(have) != 1 {
			return repriced{row: row, gone: true}, err
		}
		row.Was = seen(have[0])
		// What was not touched stays as a colleague may have left it.
		if row.Product == was.Name.Raw() {
			row.Product = have[0].Name.Raw()
		}
		if was.PriceKnown && row.Cents == was.RetailPrice && have[0].PriceKnown {
			row.Cents = have[0].RetailPrice
		}
		return repriced{now: have[0], row: row}, nil
	})
}

func seen(p naturaesoft.Product) *seenProduct {
	return &seenProduct{Product: p.Name.Raw(), Price: p.PriceText.Raw()}
}

// compared puts the question, with what a colleague did meanwhile.
func (e *pricing) compared(r ui.Result[repriced]) tea.Cmd {
	if !e.ready.Accept(r) || !e.v.env.Shows(e.dialog) { // left by esc meanwhile
		return nil
	}
	c := r.Value
	switch {
	case r.Err != nil:
		return e.v.fail(r.Err)
	case c.gone:
		e.v.env.Fail("The EMR does not list exactly one product with these codes any more, so nothing was sent. Press esc, then r, to see what there is.")
		return nil
	case c.row.there(stocked([]naturaesoft.Product{c.now})):
		e.dialog.Sent()
		e.v.products.pricing = nil
		return tea.Batch(e.v.settled(), e.v.products.reload(), e.v.env.Say(asItIs))
	}
	words := []string{"GLOBAL: " + c.now.ProductCode.String() + " changes for every practice at once, not only for " + e.v.env.Practice + "."}
	if codes := *seen(c.now); codes != *seen(e.was) {
		words = append(words, "A colleague changed it meanwhile. It was “"+e.was.Name.String()+"” at "+e.v.price(e.was)+" when you began.")
	}
	words = append(words, "Price: "+e.v.price(c.now)+" -> $"+form.Dollars(c.row.Cents)+" ("+priceChange(c.now, c.row.Cents)+")")
	if c.row.Product != c.now.Name.Raw() {
		words = append(words, "Name: “"+c.now.Name.String()+"” -> “"+safe.Clean(c.row.Product)+"”")
	}
	e.v.env.Open(ui.NewConfirm(e.v.env, "Change it for every practice?", strings.Join(words, "\n"), "Change it everywhere", func() tea.Cmd {
		return e.v.saveProducts.Start(c.row.VendorCode+"/"+c.row.ProductCode, sentProducts{[]sentProduct{c.row}}, nil)
	}))
	return nil
}

// priceChange is a change in per cent with its sign, or why there is none.
func priceChange(was naturaesoft.Product, cents int64) string {
	switch {
	case !was.PriceKnown:
		return "price was unknown"
	case was.RetailPrice == cents:
		return "no change"
	case was.RetailPrice == 0:
		return "was free"
	}
	return perCent(was.RetailPrice, cents)
}

// perCent is how much more or less to is than from, which is not zero.
func perCent(from, to int64) string {
	change := decimal.NewFromInt(to).Sub(decimal.NewFromInt(from)).Mul(decimal.NewFromInt(100)).
		DivRound(decimal.NewFromInt(from), 1)
	sign := "+"
	if change.IsNegative() || change.IsZero() && to < from {
		sign = "-"
	}
	return fmt.Sprintf("%s%s %%", sign, change.Abs().StringFixed(1))
}

// productsSaved follows a write of one product, or of a part of a bulk change.
func (v *View) productsSaved(res ui.Result[int]) tea.Cmd {
	if !v.saveProducts.Accept(res) {
		return nil
	}
	if v.bulk.sending {
		return v.bulk.sent(res)
	}
	e := v.products.pricing
	if res.Err != nil {
		if e != nil {
			e.dialog.SetErrors(rest.Complaints(res.Err))
		}
		v.refused(res.Err)
		return v.products.reload()
	}
	if e != nil {
		e.dialog.Sent()
		v.products.pricing = nil
	}
	return tea.Batch(v.settled(), v.products.reload(), v.env.Say("Saved. Every practice sees it now."))
}
