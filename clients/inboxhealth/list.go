package inboxhealth

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"frontdesk/clients/rest"
)

// Limits of a walk through a list (IH-14).
const (
	perPage  = 50
	maxPages = 200
)

// Query asks for one page of a list. Filter is the text for the one attribute
// the list can be filtered by, which its method names. Sort names an attribute;
// the order is ascending, no other is documented. Page counts from 1; PerPage 0
// means 50.
type Query struct {
	Filter, Sort  string
	Page, PerPage int
}

// Page is one page of a list. The vendor tells neither totals nor limits, so
// More only means that the page is full, or as full as the vendor's own limit
// may let it be, and another one is worth asking for.
type Page[T any] struct {
	Items           []T
	Number, PerPage int
	More            bool
}

// A kind is one kind of record: the names it has in answers and how it is read.
type kind[T any] struct {
	one, many string
	decode    func(*reader) T
	id        func(T) ID
}

func (k kind[T]) record(o object) (T, error) {
	var none T
	r := &reader{o: o}
	v := k.decode(r)
	if r.err == nil && k.id(v) == 0 {
		r.complain("id", "there")
	}
	if r.err != nil {
		return none, r.err
	}
	return v, nil
}

// page asks for one page. The attribute is what Filter applies to, "" when the
// list has no documented filter.
func (k kind[T]) page(ctx context.Context, c *Client, op rest.Op, attribute string, q Query) (Page[T], error) {
	return k.pageOf(ctx, c, op, nil, "", attribute, q)
}

// pageOf is page of what belongs to the record in path, by the field owner.
func (k kind[T]) pageOf(ctx context.Context, c *Client, op rest.Op, path map[string]string, owner, attribute string, q Query) (Page[T], error) {
	q.Page = max(q.Page, 1)
	if q.PerPage < 1 {
		q.PerPage = perPage
	}
	v := url.Values{"page": {strconv.Itoa(q.Page)}, "per_page": {strconv.Itoa(q.PerPage)}}
	if q.Sort != "" {
		v.Set("sort", q.Sort)
	}
	switch {
	case q.Filter != "" && attribute == "":
		return Page[T]{}, refuse(op, "Inbox Health cannot filter this list: search in the list itself.")
	case q.Filter != "":
		v.Set("filter["+attribute+"]", q.Filter)
	}
	items, err := k.all(ctx, c, op, rest.Call{Path: path, Query: v}, owner)
	if err != nil {
		return Page[T]{}, err
	}
	return Page[T]{items, q.Page, q.PerPage, goesOn(len(items), q.PerPage)}, nil
}

// all reads the rows of one answer. A row that cannot be read fails the whole,
// and so does one that says in the field owner that it belongs to another record
// than the one in the path: none is left out silently.
func (k kind[T]) all(ctx context.Context, c *Client, op rest.Op, call rest.Call, owner string) ([]T, error) {
	raw, err := rest.Do[json.RawMessage](ctx, c.transport, op, call)
	if err != nil {
		return nil, err
	}
	found, err := several(raw, k.many)
	if err != nil {
		return nil, unclear(op, err)
	}
	items := make([]T, len(found))
	for i, o := range found {
		if items[i], err = k.record(o); err == nil && owner != "" {
			err = belongs(o, owner, call.Path["id"])
		}
		if err != nil {
			return nil, unclear(op, fmt.Errorf("entry %d of %s: %w", i+1, spoken(k.many), err))
		}
	}
	return items, nil
}

// read reads one record. An answer about another record is an error.
func (k kind[T]) read(ctx context.Context, c *Client, op rest.Op, id ID) (T, error) {
	var none T
	if err := checkIDs(op, spoken(k.one), id); err != nil {
		return none, err
	}
	raw, err := rest.Do[json.RawMessage](ctx, c.transport, op, rest.Call{Path: at(id)})
	if err != nil {
		return none, err
	}
	o, err := single(raw, k.one)
	if err != nil {
		return none, unclear(op, err)
	}
	v, err := k.record(o)
	if err == nil && k.id(v) != id {
		err = fmt.Errorf("it is another %s than the one asked for", spoken(k.one))
	}
	if err != nil {
		return none, unclear(op, err)
	}
	return v, nil
}

// nested lists what belongs to one record, page by page. Its rows name that
// record, save that a payment and a notification may be about several invoices.
func (k kind[T]) nested(ctx context.Context, c *Client, op rest.Op, owner string, id ID, q Query) (Page[T], error) {
	if err := checkIDs(op, owner, id); err != nil {
		return Page[T]{}, err
	}
	field := owner + "_id"
	if owner == "invoice" && (k.many == payments.many || k.many == notifications.many) {
		field = ""
	}
	return k.pageOf(ctx, c, op, at(id), field, "", q)
}

// belongs is an error for a row that states another owner.
func belongs(o object, owner, id string) error {
	r := reader{o: o}
	if stated := r.id(owner); r.err != nil || stated != 0 && stated.String() != id {
		return fmt.Errorf("it belongs to another %s than the one asked for", spoken(strings.TrimSuffix(owner, "_id")))
	}
	return nil
}

func at(id ID) map[string]string { return map[string]string{"id": id.String()} }

// goesOn reports a page another one may follow: a full one, or one of a round
// length, which may be the server's own limit.
func goesOn(n, asked int) bool { return n >= asked || n > 0 && n%5 == 0 }

// walk reads a list to its end (IH-14). Complete is false when the end was not
// seen: after 200 pages. A server that ignores the page number answers the same
// records again, and one that ignores the page size answers more at once; both
// end the walk. A page that begins with a known record and goes on with others
// does not: a record was added meanwhile, in an order nobody documents.
func walk[T any](next func(Query) (Page[T], error), id func(T) ID, q Query) (all []T, complete bool, err error) {
	q.PerPage = perPage
	seen, size := map[ID]bool{}, 0
	for q.Page = 1; q.Page <= maxPages; q.Page++ {
		page, err := next(q)
		if err != nil {
			return nil, false, err
		}
		n, before := len(page.Items), len(all)
		for _, item := range page.Items {
			if !seen[id(item)] {
				all = append(all, item)
			}
			seen[id(item)] = true
		}
		if len(all) == before || n < size || !goesOn(n, perPage) {
			return all, true, nil
		}
		size = max(size, n)
	}
	return all, false, nil
}

// Every reads a list to its end; next is a method of the client that lists and
// id tells its records apart. Complete is false when the end was not reached.
func Every[T any](next func(Query) (Page[T], error), id func(T) ID) (all []T, complete bool, err error) {
	return walk(next, id, Query{})
}
