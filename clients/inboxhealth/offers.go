package inboxhealth

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"sync"

	"frontdesk/clients/rest"
)

// Resource is a kind of record the seed names or leaves out, and whose routes
// are known from elsewhere.
type Resource string

// The resources that are probed. Adjustments and quick payments can only be
// written, and a probe writes nothing: they are taken to be there where
// payments, and for the latter invoices, are.
const (
	ForEnterprises     Resource = "enterprises"
	ForPractices       Resource = "practices"
	ForDoctors         Resource = "doctors"
	ForPatients        Resource = "patients"
	ForInvoices        Resource = "invoices"
	ForLineItems       Resource = "line items"
	ForPayments        Resource = "payments"
	ForInvoicePayments Resource = "invoice payments"
	ForAdjustments     Resource = "payment adjustments"
	ForQuickPay        Resource = "quick pay"
	ForPaymentReasons  Resource = "payment reasons"
	ForWriteOffCodes   Resource = "write-off codes"
	ForWriteOffs       Resource = "write-offs"
	ForNotifications   Resource = "notifications"
	ForAttachments     Resource = "attachments"
)

// Answer is what is known of a resource.
type Answer uint8

// The answers. Unsettled is the zero one: not asked yet, or the vendor failed.
const (
	Unsettled Answer = iota
	Offered
	NotOffered
)

// String is the answer in words.
func (a Answer) String() string {
	return [...]string{"unknown", "offered", "not offered"}[min(a, NotOffered)]
}

// Offer tells what the vendor answers to. A resource not in it is Unsettled.
type Offer map[Resource]Answer

// probes list one record each; under are those below one record of another
// kind.
var (
	probes = map[Resource]rest.Op{
		ForEnterprises: opEnterprises, ForPractices: opPractices, ForDoctors: opDoctors,
		ForPatients: opPatients, ForInvoices: opInvoices, ForPayments: opPayments,
		ForPaymentReasons: opPaymentReasons, ForWriteOffCodes: opWriteOffCodes,
		ForWriteOffs: opWriteOffs, ForAttachments: opAttachments,
	}
	under = map[Resource]struct {
		above Resource
		op    rest.Op
	}{
		ForLineItems:       {ForInvoices, opInvoiceLines},
		ForInvoicePayments: {ForInvoices, opInvoiceAllocations},
		ForNotifications:   {ForPatients, opPatientNotifications},
	}
)

// offers is what has been found out about the vendor's routes.
type offers struct {
	turn  chan struct{} // held by the one who probes
	mu    *sync.Mutex
	known map[Resource]Answer
}

func newOffers() offers {
	return offers{turn: make(chan struct{}, 1), mu: new(sync.Mutex), known: map[Resource]Answer{}}
}

func (o *offers) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.known)
}

// Offers finds out which resources the vendor answers to, by reading one record
// of each: 403, 404, 405 and 501 mean not offered, a failure of the vendor or of the
// way to it leaves the question open. What is settled is kept until Reset and
// what is not is asked again by the next call. The error is only of ctx or of a
// key that was refused.
func (c *Client) Offers(ctx context.Context) (Offer, error) {
	select {
	case c.offer.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-c.offer.turn }()
	found := c.settled()
	first, err := c.probeLists(ctx, found)
	if err == nil {
		err = c.probeBelow(ctx, found, first)
	}
	found[ForAdjustments] = found[ForPayments]
	found[ForQuickPay] = both(found[ForPayments], found[ForInvoices])
	c.offer.mu.Lock()
	defer c.offer.mu.Unlock()
	for what, answer := range found {
		if answer != Unsettled {
			c.offer.known[what] = answer
		}
	}
	return found, err
}

func (c *Client) settled() Offer {
	c.offer.mu.Lock()
	defer c.offer.mu.Unlock()
	return maps.Clone(Offer(c.offer.known))
}

func both(a, b Answer) Answer {
	switch {
	case a == NotOffered || b == NotOffered:
		return NotOffered
	case a == Unsettled || b == Unsettled:
		return Unsettled
	}
	return Offered
}

// probeLists settles what has a list of its own and remembers a record of each
// for those below it.
func (c *Client) probeLists(ctx context.Context, found Offer) (first map[Resource]ID, err error) {
	var (
		mu  sync.Mutex
		all sync.WaitGroup
	)
	first = map[Resource]ID{}
	needed := map[Resource]bool{}
	for what, below := range under {
		needed[below.above] = needed[below.above] || found[what] == Unsettled
	}
	known := maps.Clone(found)
	for what, op := range probes {
		if known[what] != Unsettled && !(needed[what] && known[what] == Offered) {
			continue
		}
		all.Go(func() {
			answer, id, failed := c.probe(ctx, op, nil)
			mu.Lock()
			defer mu.Unlock()
			found[what], first[what] = max(answer, known[what]), id
			err = errors.Join(err, failed)
		})
	}
	all.Wait()
	return first, err
}

// probeBelow settles what is listed below one record. Without any such record
// there is nothing to ask about.
func (c *Client) probeBelow(ctx context.Context, found Offer, first map[Resource]ID) error {
	for what, below := range under {
		switch {
		case found[what] != Unsettled:
		case found[below.above] == NotOffered:
			found[what] = NotOffered
		case first[below.above] > 0:
			answer, _, err := c.probe(ctx, below.op, at(first[below.above]))
			if err != nil {
				return err
			}
			found[what] = answer
		}
	}
	return nil
}

// probe reads one record. Whatever the answer holds, the route is there.
func (c *Client) probe(ctx context.Context, op rest.Op, path map[string]string) (Answer, ID, error) {
	raw, err := eitherSlash(c, op, func(op rest.Op) (json.RawMessage, error) {
		return rest.Do[json.RawMessage](ctx, c.transport, op, rest.Call{
			Path: path, Query: url.Values{"page": {"1"}, "per_page": {"1"}},
		})
	})
	var no *rest.Error
	switch {
	case err == nil:
		return Offered, firstID(raw), nil
	case ctx.Err() != nil:
		return Unsettled, 0, ctx.Err()
	case !errors.As(err, &no):
		return Unsettled, 0, nil
	case no.Kind == rest.KindAuth:
		return Unsettled, 0, err
	}
	switch no.Status {
	case http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return NotOffered, 0, nil
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return Offered, 0, nil
	}
	return Unsettled, 0, nil
}

// firstID is the id of the first record in a list of any name, 0 for none.
func firstID(raw json.RawMessage) ID {
	lists := []json.RawMessage{raw}
	if o, err := parseObject(raw); err == nil {
		for _, v := range o {
			lists = append(lists, v)
		}
	}
	for _, v := range lists {
		var items []struct{ ID ID }
		if json.Unmarshal(v, &items) == nil && len(items) > 0 {
			return items[0].ID
		}
	}
	return 0
}
