package library

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/ui"
)

// emrName is the vendor of this tab's writes in the outbox.
const emrName = "Naturaesoft EMR"

// sentArticle is an edit of an article, as the outbox keeps it.
type sentArticle struct {
	ID    naturaesoft.ID
	Seen  map[string]string // the edited fields as the person last saw them
	Edits map[string]string // and as they shall be
	Whole map[string]string // the whole article as it shall be
}

func newArticleSender(v *View) *ui.Sender[sentArticle, naturaesoft.ID] {
	emr := v.emr
	return ui.NewSender(v.env, ui.Write[sentArticle, naturaesoft.ID]{
		Vendor: emrName, Op: "update article", Words: "save the article",
		Send: func(ctx ctx, s sentArticle) (naturaesoft.ID, error) {
			now, err := emr.Article(ctx, s.ID)
			if err != nil {
				return s.ID, err
			}
			if !equalIn(valuesOf(now), s.Seen) {
				return s.ID, rest.Refusal(emrName, "update article", rest.KindConflict,
					"A colleague changed this article just now, so nothing was sent.")
			}
			return s.ID, emr.UpdateArticle(ctx, now, s.Edits)
		},
		ReadBack: func(ctx ctx, s sentArticle, _ time.Time) (ui.Landing, error) {
			now, err := emr.Article(ctx, s.ID)
			switch {
			case err != nil:
				return ui.CannotTell, err
			case equalIn(valuesOf(now), s.Edits):
				return ui.Landed, nil
			case equalIn(valuesOf(now), s.Seen):
				return ui.DidNot, nil
			}
			return ui.CannotTell, nil // part of it, or somebody else's
		},
	})
}

// sentProduct is one product as it shall be. Was is what the person saw; nil:
// there was none.
type sentProduct struct {
	VendorCode, ProductCode, Product string
	Cents                            int64
	Was                              *seenProduct
}

// seenProduct is a product before a change. Price is as the vendor wrote it.
type seenProduct struct{ Product, Price string }

// sentProducts are the products of one request, as the outbox keeps them.
type sentProducts struct{ Rows []sentProduct }

func newProductSender(v *View) *ui.Sender[sentProducts, int] {
	emr := v.emr
	return ui.NewSender(v.env, ui.Write[sentProducts, int]{
		Vendor: emrName, Op: "save products", Words: "save the products",
		Send: func(ctx ctx, s sentProducts) (int, error) {
			now, err := s.read(ctx, emr)
			if err != nil {
				return 0, err
			}
			changed := 0
			products := make([]naturaesoft.Product, len(s.Rows))
			for i, r := range s.Rows {
				if !r.stands(now) {
					changed++
				}
				products[i] = r.product()
			}
			if changed > 0 {
				words := ui.Count(changed, "of these products was", "of these products were") + " changed by a colleague just now"
				if len(s.Rows) == 1 {
					words = "A colleague changed this product just now"
				}
				return 0, rest.Refusal(emrName, "save products", rest.KindConflict, words+", so nothing was sent.")
			}
			return len(products), emr.UpsertProducts(ctx, products)
		},
		ReadBack: func(ctx ctx, s sentProducts, _ time.Time) (ui.Landing, error) {
			now, err := s.read(ctx, emr)
			if err != nil {
				return ui.CannotTell, err
			}
			return s.landing(now), nil
		},
	})
}

// asItIs is the end of an edit that is there already.
const asItIs = "The EMR has exactly this already, so nothing was sent."

// refused says why what is in a form was not saved, or may not have been, and
// that sending it again compares first.
func (v *View) refused(err error) {
	v.doubted(err)
	v.env.Fail(rest.UserMessage(err) + " ctrl+s compares with the EMR first.")
}

// doubted notes a write that may have landed.
func (v *View) doubted(err error) {
	var e *rest.Error
	v.doubt = v.doubt || errors.As(err, &e) && e.Ambiguous
}

// settled has the outbox find out the writes whose answer was lost, now that it
// was seen what the EMR has.
func (v *View) settled() tea.Cmd {
	if !v.doubt {
		return nil
	}
	v.doubt = false
	return v.env.LookBack()
}

// landing is what the present products say of a write.
func (s sentProducts) landing(now stock) ui.Landing {
	there, before := 0, 0
	for _, r := range s.Rows {
		if r.there(now) {
			there++
		} else if r.stands(now) {
			before++
		}
	}
	switch len(s.Rows) {
	case there:
		return ui.Landed
	case before:
		return ui.DidNot
	}
	return ui.CannotTell
}

// stock finds products by their two codes.
type stock map[[2]string][]naturaesoft.Product

func stocked(all []naturaesoft.Product) stock {
	s := stock{}
	for _, p := range all {
		s[codes(p)] = append(s[codes(p)], p)
	}
	return s
}

func codes(p naturaesoft.Product) [2]string {
	return [2]string{p.VendorCode.Raw(), p.ProductCode.Raw()}
}

// read lists the products a write is about.
func (s sentProducts) read(ctx ctx, emr EMR) (stock, error) {
	vendor := ""
	for i, r := range s.Rows {
		if vendor = r.VendorCode; i > 0 && vendor != s.Rows[0].VendorCode {
			vendor = ""
			break
		}
	}
	all, err := emr.Products(ctx, "", vendor)
	return stocked(all), err
}

// stands reports that the product is as the person saw it.
func (r sentProduct) stands(now stock) bool {
	have := now[[2]string{r.VendorCode, r.ProductCode}]
	if r.Was == nil {
		return len(have) == 0
	}
	return len(have) == 1 && have[0].Name.Raw() == r.Was.Product && have[0].PriceText.Raw() == r.Was.Price
}

// there reports that the product is as it shall be.
func (r sentProduct) there(now stock) bool {
	have := now[[2]string{r.VendorCode, r.ProductCode}]
	return len(have) == 1 && have[0].Name.Raw() == r.Product && have[0].PriceKnown && have[0].RetailPrice == r.Cents
}

func (r sentProduct) product() naturaesoft.Product {
	return naturaesoft.Product{
		VendorCode: safe.Line(r.VendorCode), ProductCode: safe.Line(r.ProductCode), Name: safe.Line(r.Product),
		RetailPrice: r.Cents, PriceKnown: true,
	}
}
