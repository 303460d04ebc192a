package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// list answers with a whole table, page by page.
func (x *inboxhealth) list(t *inboxTable) func(*inboxRequest) (reply, error) {
	return func(r *inboxRequest) (reply, error) { return x.pageOf(t, t.order, r.query) }
}

// below lists the records that belong to another one.
func (x *inboxhealth) below(above, t *inboxTable) func(*inboxRequest) (reply, error) {
	return func(r *inboxRequest) (reply, error) {
		id, err := r.row(above)
		if err != nil {
			return reply{}, err
		}
		ids := t.where(above.one+"_id", id)
		if above == x.invoices && t == x.payments {
			ids = nil
			for _, a := range x.allocations.where("invoice_id", id) {
				ids = append(ids, x.allocations.cents(a, "payment_id"))
			}
			slices.Sort(ids)
			ids = slices.Compact(ids)
		}
		return x.pageOf(t, ids, r.query)
	}
}

// pageOf filters, sorts and cuts a list; nothing tells how long it is.
func (x *inboxhealth) pageOf(t *inboxTable, ids []int, q url.Values) (reply, error) {
	ids = slices.Clone(ids)
	for name := range q {
		attribute, ok := strings.CutPrefix(name, "filter[")
		if !ok {
			continue
		}
		if strings.TrimSuffix(attribute, "]") != t.filter {
			return reply{}, inboxInvalid{"filter": {"is not supported"}}
		}
		want := fold(q.Get(name))
		ids = slices.DeleteFunc(ids, func(id int) bool { return !strings.HasPrefix(fold(x.filtered(t, id)), want) })
	}
	if by := q.Get("sort"); by != "" {
		if len(ids) > 0 {
			if _, ok := t.rows[ids[0]][by]; !ok {
				return reply{}, inboxInvalid{"sort": {"is not an attribute"}}
			}
		}
		slices.SortStableFunc(ids, func(a, b int) int { return inboxCompare(t.rows[a][by], t.rows[b][by]) })
	}
	number, size := max(inboxInt(json.Number(q.Get("page"))), 1), inboxInt(json.Number(q.Get("per_page")))
	if size < 1 {
		size = inboxPage
	}
	size = min(size, inboxMaxPage)
	from := min((number-1)*size, len(ids))
	shown := []row{}
	for _, id := range ids[from:min(from+size, len(ids))] {
		shown = append(shown, x.look(t, id, false))
	}
	return reply{http.StatusOK, row{t.many: shown}}, nil
}

// filtered is what a list is filtered by: of an invoice, its patient's name.
func (x *inboxhealth) filtered(t *inboxTable, id int) string {
	r := t.rows[id]
	if t == x.invoices {
		r = x.patients.rows[inboxInt(r["patient_id"])]
	}
	return text(r, t.filter)
}

func inboxCompare(a, b any) int {
	if n, ok := a.(int); ok {
		return n - inboxInt(b)
	}
	s, _ := a.(string)
	z, _ := b.(string)
	return strings.Compare(fold(s), fold(z))
}

// inboxInt reads a whole number, 0 for anything else.
func inboxInt(v any) int {
	switch v := v.(type) {
	case int:
		return v
	case json.Number:
		n, _ := strconv.Atoi(v.String())
		return n
	}
	return 0
}
