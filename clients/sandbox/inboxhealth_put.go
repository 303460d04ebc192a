package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// put lays what is given over a record, as Rails does. Nested records with an
// id are changed, and those without one are added, each time.
func (x *inboxhealth) put(t *inboxTable) func(*inboxRequest) (reply, error) {
	return func(r *inboxRequest) (reply, error) {
		id, err := r.row(t)
		if err != nil {
			return reply{}, err
		}
		given, beside, err := r.wrapped(t.one)
		if err != nil {
			return reply{}, err
		}
		if v, there := beside["id"]; there && inboxInt(v) != id {
			return reply{}, inboxInvalid{"id": {"is another record's"}}
		}
		if err := x.change(t, id, given); err != nil {
			return reply{}, err
		}
		return reply{http.StatusOK, row{t.one: x.look(t, id, true)}}, nil
	}
}

func (x *inboxhealth) change(t *inboxTable, id int, given row) error {
	fields, err := t.read(given)
	if err != nil {
		return err
	}
	delete(fields, "id")
	before := t.rows[id]
	x.lay(t, id, fields)
	if t == x.invoices || t == x.enterprises {
		err = x.changeNested(t, id, given)
	}
	if wrong := x.overdrawn(t, id); wrong != nil && err == nil {
		err = wrong
	}
	if err != nil {
		t.set(id, before)
	}
	return err
}

// overdrawn refuses a change after which more is paid than there is.
func (x *inboxhealth) overdrawn(t *inboxTable, id int) error {
	switch t {
	case x.lines:
		if x.open(t.cents(id, "invoice_id")) < 0 {
			return inboxInvalid{"total_charge_amount_cents": {"is less than what was paid"}}
		}
	case x.allocations:
		if x.open(t.cents(id, "invoice_id")) < 0 || x.unapplied(t.cents(id, "payment_id")) < 0 {
			return inboxInvalid{"paid_amount_cents": {"exceeds the payment or the balance of the invoice"}}
		}
	}
	return nil
}

func (x *inboxhealth) changeNested(t *inboxTable, id int, given row) error {
	below, name, add := x.lines, "line_items_attributes", x.addLine
	if t == x.enterprises {
		below, name, add = x.practices, "practices_attributes", x.addPractice
	}
	items, err := inboxNested(given, name)
	if err != nil {
		return err
	}
	for _, item := range items {
		at := inboxInt(item["id"])
		switch {
		case item["id"] == nil:
			item = maps.Clone(item)
			item[t.one+"_id"] = jsonInt(id)
			_, err = add(item)
		case below.rows[at] == nil || below.cents(at, t.one+"_id") != id:
			err = inboxMissing
		default:
			err = x.change(below, at, item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// jsonInt is a number as a decoded body has it.
func jsonInt(n int) any { return json.Number(strconv.Itoa(n)) }
