package naturaesoft

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// rereadPages bounds a search for one person.
const rereadPages = 10

// Reread reads a person again. No route reads one by id, so the list is
// searched by EMail, then the digits of the phones, then LastName, each for at
// most ten pages, and the id must match exactly; first among prospects, then
// among everybody, since an update can make a prospect a patient. KindNotFound
// means that all of it was searched in vain. A search cut off after ten pages is
// KindDecode, because it proves nothing.
// GET /v1/{PPass}/prospects?search&page&limit&prospect=true.
func (c *Client) Reread(ctx context.Context, p Prospect) (Prospect, error) {
	if err := checkIDs(opProspects, "person", p.ID); err != nil {
		return Prospect{}, err
	}
	terms := searchTerms(p)
	if len(terms) == 0 {
		return Prospect{}, refuse(opProspects, "This person has no e-mail, phone or name to search by: look the person up in the Naturaesoft EMR.")
	}
	cut := false
	for _, patients := range []bool{false, true} {
		for _, term := range terms {
			found, all, err := c.seek(ctx, p.ID, ProspectQuery{Search: term, Patients: patients})
			if err != nil || found.ID == p.ID {
				return found, err
			}
			cut = cut || !all
		}
	}
	if cut {
		return Prospect{}, unclear(opProspects, "too many people match to find this one again")
	}
	err := rest.Refusal(vendor, opProspects.Name, rest.KindNotFound,
		"The Naturaesoft EMR no longer lists this person under the same e-mail, phone or name: search for the person again.")
	err.Phase = rest.Done
	return Prospect{}, err
}

// seek pages through a search. all is false when it stopped early. Without
// stated totals it goes on to an empty or a repeated page, because a vendor may
// send smaller pages than asked for.
func (c *Client) seek(ctx context.Context, id ID, q ProspectQuery) (found Prospect, all bool, err error) {
	var last ID
	for q.Page = 1; q.Page <= rereadPages; q.Page++ {
		page, err := c.Prospects(ctx, q)
		if err != nil {
			return Prospect{}, false, err
		}
		i := slices.IndexFunc(page.Items, func(p Prospect) bool { return p.ID == id })
		if i >= 0 {
			return page.Items[i], true, nil
		}
		ended := len(page.Items) == 0 || page.Items[0].ID == last
		if ended || page.Total >= 0 && !page.More {
			return Prospect{}, true, nil
		}
		last = page.Items[0].ID
	}
	return Prospect{}, false, nil
}

// searchTerms are what a person can be found by, the most telling first.
func searchTerms(p Prospect) []string {
	digits := func(t safe.Text) string {
		return strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, t.Raw())
	}
	var out []string
	for _, term := range []string{
		p.EMail.Raw(), digits(p.Phone), digits(p.CellPhone), digits(p.SMSPhone), p.LastName.Raw(),
	} {
		term = strings.TrimSpace(term)
		if utf8.RuneCountInString(term) >= 2 && !slices.Contains(out, term) {
			out = append(out, term)
		}
	}
	return out
}
