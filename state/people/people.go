// Package people is what frontdesk knows about persons beyond one request:
// whether two rows may be one person, whether a phone number is the same in
// another spelling, how an edit meets a colleague's, how a file of people is
// taken in, and what was decided about them. It knows the EMR's types and the
// database, and must not know how anything is drawn. The database holds ids
// and decisions, never a name or a number of anybody.
package people

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
)

// Searcher finds people in the EMR.
type Searcher interface {
	Prospects(context.Context, naturaesoft.ProspectQuery) (naturaesoft.Page[naturaesoft.Prospect], error)
}

// LeastSearch is the fewest characters the EMR is asked for (NS-23).
const LeastSearch = 2

// Person is what is compared of somebody. Texts are as they came; empty ones
// are evidence of nothing.
type Person struct {
	ID          naturaesoft.ID
	First, Last string
	Full        string
	DOB         string
	Mail        string
	Phones      []string
}

// Of is what is compared of a row of the EMR.
func Of(p naturaesoft.Prospect) Person {
	return Person{
		ID: p.ID, First: p.FirstName.Raw(), Last: p.LastName.Raw(), Full: p.Name().Raw(),
		DOB: p.DOB.Raw(), Mail: p.EMail.Raw(), Phones: written(p.Phone, p.CellPhone, p.SMSPhone),
	}
}

// Typed is what is compared of a form's values, by the vendor's field names.
func Typed(values map[string]string) Person {
	p := Person{
		First: values["FirstName"], Last: values["LastName"], DOB: values["DOB"], Mail: values["EMail"],
		Full: strings.TrimSpace(values["FirstName"] + " " + values["LastName"]),
	}
	for _, name := range []string{"Phone", "CellPhone", "SMSPhone"} {
		if v := strings.TrimSpace(values[name]); v != "" {
			p.Phones = append(p.Phones, v)
		}
	}
	return p
}

func written(texts ...safe.Text) []string {
	var out []string
	for _, t := range texts {
		if !t.Empty() {
			out = append(out, t.Raw())
		}
	}
	return out
}

// Fold makes a text comparable: lower case, without accents, with single
// blanks.
func Fold(s string) string {
	plain := true
	for i := range len(s) {
		plain = plain && s[i] < 0x80
	}
	if !plain {
		s = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, norm.NFD.String(s))
	}
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}
