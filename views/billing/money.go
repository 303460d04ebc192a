package billing

import (
	"math"
	"slices"

	"github.com/golang-sql/civil"

	"frontdesk/clients/inboxhealth"
)

type (
	cents  = inboxhealth.Cents
	amount = inboxhealth.Amount
	date   = civil.Date
)

// plus adds amounts. What is unknown, or would not fit, makes the sum unknown:
// a total that leaves something out is worse than none.
func plus(all ...amount) amount {
	sum := amount{Known: true}
	for _, a := range all {
		if !a.Known {
			return amount{}
		}
		over := a.Cents > 0 && sum.Cents > math.MaxInt64-a.Cents
		under := a.Cents < 0 && sum.Cents < math.MinInt64-a.Cents
		if over || under {
			return amount{}
		}
		sum.Cents += a.Cents
	}
	return sum
}

// share is how much of a payment is put on one invoice.
type share struct {
	Invoice inboxhealth.ID
	Paid    cents
}

// due is an invoice money can be put on.
type due struct {
	ID   inboxhealth.ID
	Date civil.Date
	Open cents // more than nothing
	// Insurance is what an insurance still owes of it; while that is more than
	// nothing the patient does not owe the invoice.
	Insurance cents
}

// dues are the invoices with something open, the oldest first. What is open of
// an invoice that does not say so is unknown, so nothing can be put on it.
func dues(invoices []inboxhealth.Invoice) []due {
	var all []due
	for _, i := range invoices {
		if i.Balance.Known && i.Balance.Cents > 0 && !i.Estimate.On {
			all = append(all, due{i.ID, i.DateOfService, i.Balance.Cents, max(0, i.InsuranceBalance.Cents)})
		}
	}
	slices.SortStableFunc(all, func(a, b due) int {
		switch {
		case a.Date.Before(b.Date):
			return -1
		case b.Date.Before(a.Date):
			return 1
		}
		return int(a.ID - b.ID)
	})
	return all
}

// room is how much of a payment of the kind an invoice takes by itself: an
// insurance pays what insurances owe, a patient what patients owe.
func (d due) room(insurance bool) cents {
	switch {
	case insurance:
		return min(d.Open, d.Insurance)
	case d.Insurance > 0:
		return 0
	}
	return d.Open
}

// spread puts an amount on invoices, the oldest first and none with more than
// it has room for. Shares and rest always add up to the amount.
func spread(paid cents, on []due, insurance bool) (shares []cents, rest cents) {
	shares = make([]cents, len(on))
	for i, d := range on {
		shares[i] = max(0, min(paid, d.room(insurance)))
		paid -= shares[i]
	}
	return shares, paid
}

// adds checks that shares and what is kept as credit are the whole amount and
// no share is more than its invoice has open. It is a sentence, or "".
func adds(paid cents, shares []cents, on []due, credit cents) string {
	parts := []amount{{Cents: credit, Known: credit >= 0}}
	for i, s := range shares {
		if s < 0 || s > on[i].Open {
			return "Invoice " + on[i].ID.String() + " has " + on[i].Open.String() + " open: put no more than that on it."
		}
		parts = append(parts, amount{Cents: s, Known: true})
	}
	sum := plus(parts...)
	switch {
	case !sum.Known:
		return "These amounts cannot be added up: correct them."
	case sum.Cents < paid:
		return (paid - sum.Cents).String() + " of " + paid.String() + " is on no invoice: put it on one, or keep it as credit."
	case sum.Cents > paid:
		return (sum.Cents - paid).String() + " more is put on invoices than was paid: take it off one."
	}
	return ""
}

// ages are amounts by the age of their invoice: up to 30, 60 and 90 days, and
// more.
type ages [4]cents

// bucket is the column of ages an invoice of that day belongs to.
func bucket(day, today civil.Date) int {
	switch n := today.DaysSince(day); {
	case n <= 30:
		return 0
	case n <= 60:
		return 1
	case n <= 90:
		return 2
	}
	return 3
}

// owed is what is open, sorted by age. Strange are invoices whose balance or
// date the vendor left out, or whose sum would not fit: they are in no column.
type owed struct {
	By        ages
	Insurance cents // open, and waiting for an insurance
	Strange   int
}

func (o owed) total() amount {
	var all []amount
	for _, c := range o.By {
		all = append(all, amount{Cents: c, Known: true})
	}
	return plus(all...)
}

// add counts one invoice.
func (o *owed) add(i inboxhealth.Invoice, today civil.Date) {
	switch {
	case i.Estimate.On, i.Balance.Known && i.Balance.Cents <= 0:
		return
	case !i.Balance.Known, i.DateOfService.IsZero():
		o.Strange++
		return
	}
	at := &o.Insurance
	if i.InsuranceBalance.Cents <= 0 {
		at = &o.By[bucket(i.DateOfService, today)]
	}
	sum := plus(amount{Cents: *at, Known: true}, i.Balance)
	if !sum.Known {
		o.Strange++
		return
	}
	*at = sum.Cents
}

func aged(invoices []inboxhealth.Invoice, today civil.Date) owed {
	var o owed
	for _, i := range invoices {
		o.add(i, today)
	}
	return o
}
