package inboxhealth

import (
	"context"
	"strings"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
)

// A write whose answer was lost is Ambiguous, and nothing may be sent again
// before it is known what became of it. The vendor takes no key to recognise a
// request by, so each creation is looked for by what it said and when. Started
// is our clock when it was sent; the difference to the vendor's clock is
// allowed for. A request may still be under way when its caller has given up,
// so DidNot is worth believing only when asked again some seconds later.

// Verdict is what became of a write.
type Verdict uint8

// The verdicts.
const (
	CannotTell Verdict = iota // none or too many records fit, or the list had no end
	Landed
	DidNot
)

// String is the verdict in words.
func (v Verdict) String() string {
	return [...]string{"cannot tell", "landed", "did not land"}[min(v, DidNot)]
}

// Settled is a verdict and, when it is Landed, the record's id.
type Settled struct {
	Verdict Verdict
	ID      ID
	Fitting int // records that fit and may be ours
}

// clockSlack covers that clocks are compared to the second only.
const clockSlack = 2 * time.Second

// match judges the records of a list that was read to its end or not. A fitting
// record made before the write began is somebody else's; one that does not say
// when it was made, or leaves out what it would be known by, could be either.
func match[T any](c *Client, found []T, complete bool, started time.Time, fits func(T) Verdict, of func(T) (ID, time.Time)) Settled {
	since := started.Add(c.Health().Skew - clockSlack)
	var s Settled
	sure := true
	for _, v := range found {
		id, made := of(v)
		fit := fits(v)
		if fit == DidNot || !made.IsZero() && made.Before(since) {
			continue
		}
		s.Fitting++
		s.ID = id
		sure = sure && fit == Landed && !made.IsZero()
	}
	switch {
	case s.Fitting == 1 && sure:
		s.Verdict = Landed
	case s.Fitting == 0 && complete:
		s.Verdict = DidNot
	}
	if s.Verdict != Landed {
		s.ID = 0
	}
	return s
}

func settle[T any](c *Client, next func(Query) (Page[T], error), id func(T) ID, q Query, started time.Time, fits func(T) Verdict, made func(T) time.Time) (Settled, error) {
	found, complete, err := walk(next, id, q)
	if err != nil {
		return Settled{}, err
	}
	return match(c, found, complete, started, fits, func(v T) (ID, time.Time) { return id(v), made(v) }), nil
}

// together is Landed when all of them are, and DidNot when one is: a difference
// makes another record, what is left out makes none.
func together(told ...Verdict) Verdict {
	v := Landed
	for _, one := range told {
		switch {
		case one == DidNot:
			return DidNot
		case one == CannotTell:
			v = CannotTell
		}
	}
	return v
}

func fit(same, stated bool) Verdict {
	switch {
	case same:
		return Landed
	case !stated:
		return CannotTell
	}
	return DidNot
}

// same compares what was typed with what came back: a server may trim it, leave
// it out of a list, and put its default in the place of nothing.
func same(typed, stored string) Verdict {
	typed, stored = strings.TrimSpace(typed), strings.TrimSpace(stored)
	return fit(typed == stored, typed != "" && stored != "")
}

func sameID(sent, there ID) Verdict { return fit(sent == there, there != 0) }

func sameDay(sent, there civil.Date) Verdict { return fit(sent == there, there != civil.Date{}) }

func (a Amount) of(sent Cents) Verdict { return fit(a == Amount{sent, true}, a.Known) }

// SettleEnterprise looks for the enterprise among all, by name (IH-4).
func (c *Client) SettleEnterprise(ctx context.Context, n NewEnterprise, started time.Time) (Settled, error) {
	return settle(c, func(q Query) (Page[Enterprise], error) { return c.Enterprises(ctx, q) }, enterprises.id, Query{}, started,
		func(e Enterprise) Verdict { return same(n.Name, e.Name.Raw()) },
		func(e Enterprise) time.Time { return e.CreatedAt })
}

// SettlePractice looks among the enterprise's practices, by name.
func (c *Client) SettlePractice(ctx context.Context, n NewPractice, started time.Time) (Settled, error) {
	return settle(c, func(q Query) (Page[Practice], error) { return c.EnterprisePractices(ctx, n.EnterpriseID, q) },
		practices.id, Query{}, started,
		func(p Practice) Verdict { return same(n.Name, p.Name.Raw()) },
		func(p Practice) time.Time { return p.CreatedAt })
}

// SettleDoctor looks among the enterprise's doctors, by name and NPI.
func (c *Client) SettleDoctor(ctx context.Context, n NewDoctor, started time.Time) (Settled, error) {
	return settle(c, func(q Query) (Page[Doctor], error) { return c.EnterpriseDoctors(ctx, n.EnterpriseID, q) },
		doctors.id, Query{}, started,
		func(d Doctor) Verdict {
			return together(same(n.FirstName, d.FirstName.Raw()), same(n.LastName, d.LastName.Raw()), same(n.NPI, d.NPI.Raw()))
		},
		func(d Doctor) time.Time { return d.CreatedAt })
}

// SettlePatient looks among those of the first name, by names, date of birth
// and enterprise.
func (c *Client) SettlePatient(ctx context.Context, n NewPatient, started time.Time) (Settled, error) {
	return settle(c, func(q Query) (Page[Patient], error) { return c.Patients(ctx, q) },
		patients.id, Query{Filter: strings.TrimSpace(n.FirstName)}, started,
		func(p Patient) Verdict {
			return together(same(n.FirstName, p.FirstName.Raw()), same(n.LastName, p.LastName.Raw()),
				sameDay(n.DateOfBirth, p.DateOfBirth), sameID(n.EnterpriseID, p.EnterpriseID))
		},
		func(p Patient) time.Time { return p.CreatedAt })
}

// SettleInvoice looks among the patient's invoices, by date of service and line
// items, which are read where the list leaves them out.
func (c *Client) SettleInvoice(ctx context.Context, n NewInvoice, started time.Time) (Settled, error) {
	bills, complete, err := walk(func(q Query) (Page[Invoice], error) { return c.PatientInvoices(ctx, n.PatientID, q) }, invoices.id, Query{})
	if err != nil {
		return Settled{}, err
	}
	since := started.Add(c.Health().Skew - clockSlack)
	for i, v := range bills {
		if v.LinesKnown || sameDay(n.DateOfService, v.DateOfService) == DidNot || !v.CreatedAt.IsZero() && v.CreatedAt.Before(since) {
			continue
		}
		lines, _, err := walk(func(q Query) (Page[LineItem], error) { return c.InvoiceLines(ctx, v.ID, q) }, lineItems.id, Query{})
		if err != nil {
			return Settled{}, err
		}
		bills[i].Lines = lines
	}
	return match(c, bills, complete, started,
		func(v Invoice) Verdict {
			return together(sameDay(n.DateOfService, v.DateOfService), sameLines(n.Lines, v.Lines))
		},
		func(v Invoice) (ID, time.Time) { return v.ID, v.CreatedAt }), nil
}

// sameLines compares lines in any order. An invoice that shows none leaves them
// out: none is made without.
func sameLines(sent []NewLineItem, there []LineItem) Verdict {
	if len(sent) != len(there) {
		return fit(false, len(there) > 0)
	}
	told := make([]Verdict, len(sent))
	used := make([]bool, len(there))
	for i, n := range sent {
		best := -1
		told[i] = DidNot
		for j, l := range there {
			v := DidNot
			if !used[j] {
				v = n.is(l)
			}
			if v == Landed || v == CannotTell && told[i] == DidNot {
				best, told[i] = j, v
			}
		}
		if best >= 0 {
			used[best] = true
		}
	}
	return together(told...)
}

func (n NewLineItem) is(l LineItem) Verdict {
	return together(same(n.ServiceCode, l.ServiceCode.Raw()), same(n.Description, l.Description.Raw()),
		l.Charge.of(n.Charge), fit(l.Covered.Cents == n.Covered, l.Covered.Known),
		fit(l.DateOfService == civil.Date{} || l.DateOfService == n.DateOfService, true))
}

// SettleLineItem looks among the invoice's lines, by code, description, date
// and amounts.
func (c *Client) SettleLineItem(ctx context.Context, n NewLineItem, started time.Time) (Settled, error) {
	return settle(c, func(q Query) (Page[LineItem], error) { return c.InvoiceLines(ctx, n.InvoiceID, q) },
		lineItems.id, Query{}, started, n.is,
		func(l LineItem) time.Time { return l.CreatedAt })
}

// SettlePayment looks among the patient's payments, by amount, method and
// description.
func (c *Client) SettlePayment(ctx context.Context, n NewPayment, started time.Time) (Settled, error) {
	return settle(c, func(q Query) (Page[Payment], error) { return c.PatientPayments(ctx, n.PatientID, q) },
		payments.id, Query{}, started,
		func(p Payment) Verdict {
			return together(p.Expected.of(n.Expected), same(spoken(string(n.Method)), strings.ToLower(spoken(p.Method.Raw()))),
				same(n.Description, p.Description.Raw()))
		},
		func(p Payment) time.Time { return p.CreatedAt })
}

// SettleQuickPay looks for both halves. ID is the payment's. A half alone is
// nothing the documents know, so it cannot be told what happened.
func (c *Client) SettleQuickPay(ctx context.Context, i NewInvoice, p NewPayment, started time.Time) (Settled, error) {
	paid, err := c.SettlePayment(ctx, p, started)
	if err != nil {
		return Settled{}, err
	}
	billed, err := c.SettleInvoice(ctx, i, started)
	if err != nil {
		return Settled{}, err
	}
	if paid.Verdict != billed.Verdict {
		return Settled{Fitting: max(paid.Fitting, billed.Fitting)}, nil
	}
	return paid, nil
}

// SettleInvoicePayment looks among the invoice's allocations, by payment and
// amount.
func (c *Client) SettleInvoicePayment(ctx context.Context, n NewInvoicePayment, started time.Time) (Settled, error) {
	return settle(c, func(q Query) (Page[InvoicePayment], error) { return c.InvoiceAllocations(ctx, n.InvoiceID, q) },
		invoicePayments.id, Query{}, started,
		func(p InvoicePayment) Verdict { return together(sameID(n.PaymentID, p.PaymentID), p.Paid.of(n.Paid)) },
		func(p InvoicePayment) time.Time { return p.CreatedAt })
}

// SettleRefund compares what was refunded of the payment before the write with
// now. ID is the payment's, since no route lists adjustments.
func (c *Client) SettleRefund(ctx context.Context, before Payment, amount Cents) (Settled, error) {
	now, err := c.Payment(ctx, before.ID)
	if err != nil {
		return Settled{}, err
	}
	if !before.Refunded.Known || !now.Refunded.Known {
		return Settled{}, nil
	}
	switch now.Refunded.Cents - before.Refunded.Cents {
	case amount:
		return Settled{Landed, now.ID, 1}, nil
	case 0:
		return Settled{Verdict: DidNot}, nil
	}
	return Settled{}, nil
}

// SettleVoid compares what is applied of the payment before the write with now.
// ID is the payment's.
func (c *Client) SettleVoid(ctx context.Context, before Payment) (Settled, error) {
	now, err := c.Payment(ctx, before.ID)
	if err != nil {
		return Settled{}, err
	}
	applied := before.Applied.Known && now.Applied.Known && before.Applied.Cents > 0
	switch {
	case now.Voided() && !before.Voided(), applied && now.Applied.Cents == 0:
		return Settled{Landed, now.ID, 1}, nil
	case applied && now.Applied == before.Applied:
		return Settled{Verdict: DidNot}, nil
	}
	return Settled{}, nil
}

// SettleWriteOff looks among all write-offs, by patient, date, code and amount.
func (c *Client) SettleWriteOff(ctx context.Context, n NewWriteOff, started time.Time) (Settled, error) {
	return settle(c, func(q Query) (Page[WriteOff], error) { return c.WriteOffs(ctx, q) }, writeOffs.id, Query{}, started,
		func(w WriteOff) Verdict {
			return together(sameID(n.PatientID, w.PatientID), sameDay(n.Date, w.Date), sameID(n.CodeID, w.CodeID), w.Amount.of(n.Amount))
		},
		func(w WriteOff) time.Time { return w.CreatedAt })
}

// SettlePaymentReason looks among all reasons, by enterprise and code.
func (c *Client) SettlePaymentReason(ctx context.Context, n NewCode, started time.Time) (Settled, error) {
	return c.settleCode(ctx, paymentReasons, opPaymentReasons, n, started)
}

// SettleWriteOffCode looks among all codes, by enterprise and code.
func (c *Client) SettleWriteOffCode(ctx context.Context, n NewCode, started time.Time) (Settled, error) {
	return c.settleCode(ctx, writeOffCodes, opWriteOffCodes, n, started)
}

func (c *Client) settleCode(ctx context.Context, k kind[Code], op rest.Op, n NewCode, started time.Time) (Settled, error) {
	return settle(c, func(q Query) (Page[Code], error) { return k.page(ctx, c, op, "", q) }, k.id, Query{}, started,
		func(v Code) Verdict {
			return together(sameID(n.EnterpriseID, v.EnterpriseID), same(n.Code, v.Code.Raw()), same(n.Description, v.Description.Raw()))
		},
		func(v Code) time.Time { return v.CreatedAt })
}
