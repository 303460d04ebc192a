package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/clients/inboxhealth"
	"frontdesk/state/desk"
)

const inboxName = "Inbox Health"

// cents is an amount for both forms of output: whole cents, null when the
// vendor did not state it.
type cents inboxhealth.Amount

// MarshalJSON writes whole cents or null.
func (c cents) MarshalJSON() ([]byte, error) {
	if !c.Known {
		return []byte("null"), nil
	}
	return json.Marshal(int64(c.Cents))
}

// String is the amount for people.
func (c cents) String() string { return inboxhealth.Amount(c).String() }

// patient is somebody who is billed.
type patient struct {
	ID         string `json:"id" head:"id"`
	Name       string `json:"name" head:"name"`
	Born       string `json:"date_of_birth" head:"born" mask:"birth"`
	Phone      string `json:"phone" head:"phone" mask:"phone"`
	Mail       string `json:"email" head:"e-mail" mask:"mail"`
	Balance    cents  `json:"balance_cents" head:"balance"`
	Status     string `json:"billing_status" head:"status"`
	Enterprise string `json:"enterprise" head:"enterprise"`
}

func patientOf(p inboxhealth.Patient) patient {
	return patient{p.ID.String(), p.Name().String(), on(p.DateOfBirth), firstOf(p.CellPhone, p.SecondaryPhone, p.HomePhone, p.Phone),
		p.Email.String(), cents(p.Balance), p.BillingStatus.String(), p.EnterpriseID.String()}
}

// invoice is a bill in a list.
type invoice struct {
	ID      string `json:"id" head:"invoice"`
	Service string `json:"date_of_service" head:"service"`
	Status  string `json:"status" head:"status"`
	Balance cents  `json:"balance_cents" head:"balance"`
	Insurer cents  `json:"insurance_balance_cents" head:"insurance"`
	Notes   string `json:"notes" head:"notes"`
}

func invoiceOf(i inboxhealth.Invoice) invoice {
	return invoice{i.ID.String(), on(i.DateOfService), i.Status.String(), cents(i.Balance), cents(i.InsuranceBalance), i.Notes.String()}
}

// payment is money received.
type payment struct {
	ID       string `json:"id" head:"payment"`
	Created  moment `json:"created" head:"created"`
	Amount   cents  `json:"amount_cents" head:"amount"`
	Applied  cents  `json:"applied_cents" head:"applied"`
	Refunded cents  `json:"refunded_cents" head:"refunded"`
	Method   string `json:"method" head:"method"`
	Status   string `json:"status" head:"status"`
}

func paymentOf(p inboxhealth.Payment) payment {
	return payment{p.ID.String(), stamp(p.CreatedAt), cents(p.Expected), cents(p.Applied), cents(p.Refunded), p.Method.String(), p.Status.String()}
}

func (s *suite) billing() *cobra.Command {
	return group("billing", "Patients' balances, invoices and payments; a new practice",
		"frontdesk billing patients -F - < name.txt\nfrontdesk billing balance 31\nfrontdesk billing pay 31 --amount 25.00 --method cash --dry-run",
		s.billingPatients(), s.billingBalance(), s.billingInvoice(), s.billingPay(), s.billingOnboard())
}

// number reads the id of a record of Inbox Health.
func number(s string) (inboxhealth.ID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, Usage(errors.New("an id of Inbox Health is a number"))
	}
	return inboxhealth.ID(n), nil
}

func (s *suite) billingPatients() *cobra.Command {
	var enterprise int64
	var limit int
	return s.command(deed{
		use: "patients [first name]", short: "List patients who are billed", args: cobra.MaximumNArgs(1),
		long: "patients lists those whose first name it is given, or all. Others on this machine can see arguments: hand the\n" +
			"name over with -F - where that matters.",
		json: shape[patient]("patients", true), personal: true, from: "the first name", values: map[string]ids{"enterprise": enterpriseIDs},
		flags: func(c *cobra.Command) {
			c.Flags().Int64Var(&enterprise, "enterprise", 0, "only of the enterprise with this `id`")
			c.Flags().IntVar(&limit, "limit", 200, "a `number` of patients that is enough; 0: all")
		},
		do: func(r *run, args []string) error {
			inbox, err := need(r.to.Inbox, "inboxhealth")
			if err != nil {
				return err
			}
			name, err := r.words(args)
			if err != nil {
				return err
			}
			rows, err := pages(r, limit, func(q inboxhealth.Query) (inboxhealth.Page[inboxhealth.Patient], error) {
				q.Filter = name
				if enterprise > 0 {
					return inbox.EnterprisePatients(r.ctx, inboxhealth.ID(enterprise), q)
				}
				return inbox.Patients(r.ctx, q)
			}, patientOf)
			if err != nil {
				return err
			}
			r.limited(len(rows), limit)
			return list(r, "patients", rows)
		},
	})
}

// pages reads a list to its end, or to limit rows.
func pages[V, T any](r *run, limit int, read func(inboxhealth.Query) (inboxhealth.Page[V], error), of func(V) T) ([]T, error) {
	defer r.over()
	var (
		rows  []T
		first V
	)
	for n := 1; n <= peoplePages; n++ {
		page, err := read(inboxhealth.Query{Page: n, PerPage: 100})
		if err != nil {
			return nil, err
		}
		switch {
		case len(page.Items) == 0:
			return rows, nil
		case n == 1:
			first = page.Items[0]
		case reflect.DeepEqual(first, page.Items[0]):
			return rows, nil // the vendor ignores the number of the page
		}
		for _, v := range page.Items {
			rows = append(rows, of(v))
			if limit > 0 && len(rows) >= limit {
				return rows, nil
			}
		}
		r.progress("%d read", len(rows))
		if !page.More {
			return rows, nil
		}
	}
	r.say("The list goes on; only its first %d rows were read.", len(rows))
	return rows, nil
}

func (s *suite) billingBalance() *cobra.Command {
	type account struct {
		patient
		Invoices []invoice `json:"invoices" head:"invoices"`
		Payments []payment `json:"payments" head:"payments"`
	}
	return s.command(deed{
		use: "balance <patient>", short: "What a patient owes, with invoices and payments", args: cobra.ExactArgs(1), personal: true,
		json: shape[account]("balance", false),
		ids:  patientIDs,
		do: func(r *run, args []string) error {
			inbox, err := need(r.to.Inbox, "inboxhealth")
			if err != nil {
				return err
			}
			id, err := number(args[0])
			if err != nil {
				return err
			}
			p, err := inbox.Patient(r.ctx, id)
			if err != nil {
				return err
			}
			a := account{patient: patientOf(p)}
			if a.Invoices, err = pages(r, 0, func(q inboxhealth.Query) (inboxhealth.Page[inboxhealth.Invoice], error) {
				return inbox.PatientInvoices(r.ctx, id, q)
			}, invoiceOf); err != nil {
				return err
			}
			if a.Payments, err = pages(r, 0, func(q inboxhealth.Query) (inboxhealth.Page[inboxhealth.Payment], error) {
				return inbox.PatientPayments(r.ctx, id, q)
			}, paymentOf); err != nil {
				return err
			}
			return one(r, "balance", args[0], a)
		},
	})
}

// patientIDs completes a patient, from the first page.
func patientIDs(r *run, args []string) ([]string, error) {
	if len(args) > 0 || r.to.Inbox == nil {
		return nil, nil
	}
	page, err := r.to.Inbox.Patients(r.ctx, inboxhealth.Query{PerPage: 100})
	var ids []string
	for _, p := range page.Items {
		ids = append(ids, hinted(p.ID.String(), "")) // no names on a command line
	}
	return ids, err
}

// enterpriseIDs completes an enterprise, from the first page.
func enterpriseIDs(r *run, _ []string) ([]string, error) {
	if r.to.Inbox == nil {
		return nil, nil
	}
	page, err := r.to.Inbox.Enterprises(r.ctx, inboxhealth.Query{PerPage: 100})
	var found []string
	for _, e := range page.Items {
		found = append(found, hinted(e.ID.String(), e.Name.String()))
	}
	return found, err
}

// invoiceIDs completes an invoice of the patient that was given before.
func invoiceIDs(r *run, args []string) ([]string, error) {
	if r.to.Inbox == nil || len(args) == 0 {
		return nil, nil
	}
	id, err := number(args[0])
	if err != nil {
		return nil, err
	}
	page, err := r.to.Inbox.PatientInvoices(r.ctx, id, inboxhealth.Query{PerPage: 100})
	var found []string
	for _, i := range page.Items {
		found = append(found, hinted(i.ID.String(), strings.TrimSpace(on(i.DateOfService)+" "+i.Balance.String())))
	}
	return found, err
}

// settled is what the outbox makes of what the client found.
func settled(found inboxhealth.Settled, err error) (desk.Finding, error) {
	return map[inboxhealth.Verdict]desk.Finding{
		inboxhealth.CannotTell: desk.CannotTell, inboxhealth.Landed: desk.Landed, inboxhealth.DidNot: desk.DidNot,
	}[found.Verdict], err
}

var bill = write[inboxhealth.NewInvoice, inboxhealth.Invoice]{
	vendor: inboxName, op: "create invoice by command", class: "money", route: `POST /invoices {"invoice": {...}}`,
	send: func(ctx context.Context, r *run, n inboxhealth.NewInvoice) (inboxhealth.Invoice, error) {
		inbox, err := need(r.to.Inbox, "inboxhealth")
		if err != nil {
			return inboxhealth.Invoice{}, err
		}
		return inbox.CreateInvoice(ctx, n)
	},
	back: func(ctx context.Context, r *run, n inboxhealth.NewInvoice, since time.Time) (desk.Finding, error) {
		inbox, err := need(r.to.Inbox, "inboxhealth")
		if err != nil {
			return desk.CannotTell, err
		}
		return settled(inbox.SettleInvoice(ctx, n, since))
	},
	shown: func(n inboxhealth.NewInvoice) any { return map[string]any{"invoice": n} },
}

func (s *suite) billingInvoice() *cobra.Command {
	return s.command(deed{
		use: "invoice <patient>", short: "Bill a patient", args: cobra.ExactArgs(1), writes: true, from: "the invoice as JSON", ids: patientIDs,
		long: "invoice bills a patient. -F brings JSON by the names of Inbox Health, amounts in whole cents:\n\n" +
			`  {"practice_id":4,"doctor_id":9,"date_of_service":"2026-03-10","notes":"...","estimate":false,` + "\n" +
			`   "line_items_attributes":[{"service_code":"99213","description":"Office visit","date_of_service":"2026-03-10",` + "\n" +
			`     "total_charge_amount_cents":12500,"covered_amount_cents":9000,"quantity":1,` + "\n" +
			`     "insurance_owed_amount_cents":0,"tax_amount_cents":0}]}`,
		json: shape[invoice]("invoice", false),
		do: func(r *run, args []string) error {
			if _, err := need(r.to.Inbox, "inboxhealth"); err != nil {
				return err
			}
			n, err := decode[inboxhealth.NewInvoice](r)
			if err != nil {
				return err
			}
			if n.PatientID, err = number(args[0]); err != nil {
				return err
			}
			if err := n.Check(); err != nil {
				return err
			}
			if r.dry {
				return bill.dryRun(r, args[0], n)
			}
			var part inboxhealth.Cents
			for _, l := range n.Lines {
				part += l.Charge - l.Covered + l.Tax
			}
			if err := r.agree(fmt.Sprintf("Bill patient %s for %s, %s of it theirs?", args[0], counted(len(n.Lines), "line", "lines"), part)); err != nil {
				return err
			}
			made, err := bill.do(r, args[0], n)
			if err != nil {
				return err
			}
			return one(r, "invoice", made.ID.String(), invoiceOf(made))
		},
	})
}
