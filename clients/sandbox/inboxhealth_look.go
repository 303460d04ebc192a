package sandbox

import (
	"fmt"
	"maps"

	"golang.org/x/time/rate"
)

// inboxOldHost is where links still lead, on purpose: the vendor has given the
// host up, and a client that follows gives its key away.
const inboxOldHost = "https://demo.inboxhealth.example.com/api/partner/v2"

// lay puts fields over a row and stamps it.
func (x *inboxhealth) lay(t *inboxTable, id int, fields row) {
	r := maps.Clone(t.rows[id])
	maps.Copy(r, fields)
	r["id"], r["updated_at"] = id, x.stamp()
	t.set(id, r)
}

// look is a record as it is answered, alone or in a list, with what is worked
// out.
func (x *inboxhealth) look(t *inboxTable, id int, alone bool) row {
	r := maps.Clone(t.rows[id])
	var links []string
	switch t {
	case x.enterprises:
		links = []string{"practices", "patients", "doctors", "enterprise_invoices", "billing_cycle_templates", "write_off_codes"}
	case x.patients:
		links = []string{"invoices", "payments", "notifications", "patient_payment_infos", "tickets"}
		x.lookPatient(r, id, alone)
	case x.invoices:
		links = []string{"line_items", "payments", "invoice_payments", "notifications"}
		x.worked(r, "balance_cents", x.open(id))
		x.worked(r, "total_insurance_balance_cents", x.insurance(id))
	case x.payments:
		x.worked(r, "applied_amount_cents", x.applied(id))
	}
	if links != nil {
		to := row{}
		for _, name := range links {
			to[name] = fmt.Sprintf("%s/%s/%d/%s", inboxOldHost, t.many, id, name)
		}
		r["links"] = to
	}
	return r
}

// worked sets a value that is worked out, unless somebody planted another.
func (x *inboxhealth) worked(r row, name string, v int) {
	if _, planted := r[name]; !planted {
		r[name] = v
	}
}

// lookPatient works out the balance, and with it whether there is something to
// bill. Only one patient alone has the cached balance.
func (x *inboxhealth) lookPatient(r row, id int, alone bool) {
	balance := x.balance(id)
	x.worked(r, "balance_cents", balance)
	if alone {
		x.worked(r, "cached_balance_cents", balance)
	}
	switch {
	case r["billing_status"] == "complete" && balance > 0:
		r["billing_status"] = "billable"
	case r["billing_status"] == "billable" && balance <= 0:
		r["billing_status"] = "complete"
	}
}

// PlantInbox puts a record with any fields and values whatever, unchecked, into
// one of the lists of Inbox Health ("patients", "invoices", "notifications"...)
// and returns its number. With the number of a record there as "id" the fields
// are laid over it. It panics on another list.
func (s *Server) PlantInbox(list string, fields map[string]any) (id int) {
	x := s.billing
	x.fill()
	x.mu.Lock()
	defer x.mu.Unlock()
	t := x.table(list)
	at := numberIn(fields, "id")
	if t.rows[at] != nil {
		x.lay(t, at, fields)
		return at
	}
	r := row{"created_at": x.stamp(), "updated_at": x.stamp(), "object": t.one}
	maps.Copy(r, fields)
	return t.add(r)
}

// InboxRecord is a record of Inbox Health as it would be answered alone; false
// when there is none of this number. It panics on a list that is not there.
func (s *Server) InboxRecord(list string, id int) (map[string]any, bool) {
	x := s.billing
	x.fill()
	x.mu.RLock()
	defer x.mu.RUnlock()
	t := x.table(list)
	if t.rows[id] == nil {
		return nil, false
	}
	return x.look(t, id, true), true
}

func (x *inboxhealth) table(list string) *inboxTable {
	for _, t := range []*inboxTable{x.enterprises, x.practices, x.doctors, x.patients, x.invoices, x.lines, x.payments,
		x.allocations, x.adjustments, x.reasons, x.codes, x.writeOffs, x.notifications, x.attachments} {
		if t.many == list {
			return t
		}
	}
	panic(fmt.Sprintf("sandbox: Inbox Health has no list %q", list))
}

// SetInboxLimit sets how many requests a second Inbox Health takes, and how
// many at once after a rest; the documents say 10 and 100.
func (s *Server) SetInboxLimit(perSecond float64, burst int) {
	s.billing.mu.Lock()
	defer s.billing.mu.Unlock()
	s.billing.bucket = rate.NewLimiter(rate.Limit(perSecond), burst)
}

// SetInboxAuth says which header Inbox Health reads the key from: "basic" as in
// the older documents, "x-api-key" as in the newer, "both" for either of them.
// It panics on another word.
func (s *Server) SetInboxAuth(mode string) {
	if mode != "both" && mode != "basic" && mode != "x-api-key" {
		panic(fmt.Sprintf("sandbox: there is no way %q to send a key", mode))
	}
	s.billing.mu.Lock()
	defer s.billing.mu.Unlock()
	s.billing.mode = mode
}
