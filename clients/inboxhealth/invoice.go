package inboxhealth

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var (
	opInvoices        = reading("list invoices", "/invoices")
	opPatientInvoices = reading("list invoices of patient", "/patients/{id}/invoices")
	opInvoice         = reading("read invoice", "/invoices/{id}")
	opCreateInvoice   = creation("create invoice", "/invoices", "invoice")
	opUpdateInvoice   = change("update invoice", "/invoices/{id}")

	opInvoiceLines   = reading("list line items of invoice", "/invoices/{id}/line_items")
	opLineItem       = reading("read line item", "/line_items/{id}")
	opCreateLineItem = creation("create line item", "/line_items", "line_item")
	opUpdateLineItem = change("update line item", "/line_items/{id}")
)

// Invoice is what a visit cost. While InsuranceBalance is more than nothing
// the invoice does not count toward the patient's balance.
type Invoice struct {
	ID, PatientID, PracticeID, DoctorID, EnterpriseID ID
	DateOfService                                     civil.Date // zero when not stated
	Notes                                             safe.Long
	Status                                            safe.Text
	Estimate                                          Flag
	Balance, InsuranceBalance                         Amount
	Lines                                             []LineItem // mean something when LinesKnown
	LinesKnown                                        bool
	CreatedAt, UpdatedAt                              time.Time

	held object
}

// WaitsForInsurance reports an invoice the patient does not owe yet; not Known
// when the vendor did not state what the insurance owes.
func (i Invoice) WaitsForInsurance() Flag {
	return Flag{i.InsuranceBalance.Cents > 0, i.InsuranceBalance.Known}
}

// LineItem is one service or adjustment on an invoice. The patient's part is
// the charge less what is covered, plus tax.
type LineItem struct {
	ID, InvoiceID                       ID
	ServiceCode, Description            safe.Text
	DateOfService                       civil.Date
	Charge, Covered, InsuranceOwed, Tax Amount
	Quantity                            int // 0 when not stated
	CreatedAt, UpdatedAt                time.Time

	held object
}

// PatientPart is charge less covered plus tax; unknown when the charge is.
func (l LineItem) PatientPart() Amount {
	return Amount{l.Charge.Cents - l.Covered.Cents + l.Tax.Cents, l.Charge.Known}
}

var (
	invoices  = kind[Invoice]{"invoice", "invoices", decodeInvoice, func(i Invoice) ID { return i.ID }}
	lineItems = kind[LineItem]{"line_item", "line_items", decodeLineItem, func(l LineItem) ID { return l.ID }}
)

func decodeInvoice(r *reader) Invoice {
	i := Invoice{
		ID: r.id("id"), PatientID: r.id("patient_id"), PracticeID: r.id("practice_id"),
		DoctorID: r.id("doctor_id"), EnterpriseID: r.id("enterprise_id"),
		DateOfService: r.date("date_of_service"), Notes: r.long("notes"), Status: r.text("status"),
		Estimate: r.flag("estimate"),
		Balance:  r.amount("cached_balance_cents", "balance_cents"), InsuranceBalance: r.amount("total_insurance_balance_cents"),
		CreatedAt: r.stamp("created_at"), UpdatedAt: r.stamp("updated_at"),
		held: withoutSecrets(r.o),
	}
	i.Lines, i.LinesKnown = rows(r, "line_items", decodeLineItem)
	return i
}

func decodeLineItem(r *reader) LineItem {
	return LineItem{
		ID: r.id("id"), InvoiceID: r.id("invoice_id"),
		ServiceCode: r.text("service_code"), Description: r.text("description"),
		DateOfService: r.date("date_of_service"),
		Charge:        r.amount("total_charge_amount_cents"), Covered: r.amount("covered_amount_cents"),
		InsuranceOwed: r.amount("insurance_owed_amount_cents"), Tax: r.amount("tax_amount_cents"),
		Quantity:  r.count("quantity"),
		CreatedAt: r.stamp("created_at"), UpdatedAt: r.stamp("updated_at"),
		held: withoutSecrets(r.o),
	}
}

var (
	invoiceFields = map[string]form{
		"practice_id": asWhole, "doctor_id": asWhole, "date_of_service": asDate, "notes": asText, "estimate": asFlag,
	}
	lineFields = map[string]form{
		"service_code": asText, "description": asText, "date_of_service": asDate, "quantity": asWhole,
		"total_charge_amount_cents": asCents, "covered_amount_cents": asCents,
		"insurance_owed_amount_cents": asCents, "tax_amount_cents": asCents,
	}
)

// NewInvoice is a new invoice with its line items.
type NewInvoice struct {
	PatientID     ID            `json:"patient_id"`
	PracticeID    ID            `json:"practice_id,omitempty"`
	DateOfService civil.Date    `json:"date_of_service"`
	DoctorID      ID            `json:"doctor_id,omitempty"`
	Notes         string        `json:"notes,omitempty"`
	Estimate      bool          `json:"estimate"`
	Lines         []NewLineItem `json:"line_items_attributes"`
}

// NewLineItem is a new line. An adjustment is a line with no charge and a
// covered amount. Inside a NewInvoice it has no InvoiceID. Amounts are not
// negative.
type NewLineItem struct {
	InvoiceID     ID         `json:"invoice_id,omitempty"`
	ServiceCode   string     `json:"service_code,omitempty"`
	Description   string     `json:"description,omitempty"`
	DateOfService civil.Date `json:"date_of_service"`
	Charge        Cents      `json:"total_charge_amount_cents"`
	Covered       Cents      `json:"covered_amount_cents"`
	Quantity      int        `json:"quantity"`
	InsuranceOwed Cents      `json:"insurance_owed_amount_cents,omitempty"`
	Tax           Cents      `json:"tax_amount_cents,omitempty"`
}

func (n NewLineItem) check(wrong complaints, prefix string) {
	wrong.add(n.ServiceCode == "" && n.Description == "", prefix+"description", "A line needs a service code or a description.")
	wrong.add(!n.DateOfService.IsValid(), prefix+"date_of_service", "A line needs the date of service.")
	wrong.add(n.Quantity < 1, prefix+"quantity", "The quantity must be 1 or more.")
	for name, c := range map[string]Cents{
		"total_charge_amount_cents": n.Charge, "covered_amount_cents": n.Covered,
		"insurance_owed_amount_cents": n.InsuranceOwed, "tax_amount_cents": n.Tax,
	} {
		wrong.add(c < 0, prefix+name, "An amount cannot be less than nothing.")
	}
}

func (n NewInvoice) check(op rest.Op) error {
	wrong := complaints{}
	wrong.add(n.PatientID <= 0, "patient_id", "Choose the patient the invoice is for.")
	wrong.add(!n.DateOfService.IsValid(), "date_of_service", "The invoice needs the date of service.")
	wrong.add(len(n.Lines) == 0, "line_items_attributes", "The invoice needs a line at least.")
	var due Cents
	for i, l := range n.Lines {
		prefix := "line_items_attributes[" + strconv.Itoa(i) + "]."
		l.check(wrong, prefix)
		wrong.add(l.InvoiceID != 0, prefix+"invoice_id", "A line of a new invoice has no invoice number yet.")
		due += l.Charge - l.Covered + l.Tax
	}
	wrong.add(due < 0, "line_items_attributes", "More is covered than was charged.")
	return wrong.refusal(op)
}

// Invoices lists all invoices the key opens; Filter is for the patient's first
// name. GET /invoices?filter[first_name].
func (c *Client) Invoices(ctx context.Context, q Query) (Page[Invoice], error) {
	return invoices.page(ctx, c, opInvoices, "first_name", q)
}

// PatientInvoices lists one patient's invoices. GET /patients/{id}/invoices.
func (c *Client) PatientInvoices(ctx context.Context, patient ID, q Query) (Page[Invoice], error) {
	return invoices.nested(ctx, c, opPatientInvoices, "patient", patient, q)
}

// Invoice reads one invoice. GET /invoices/{id}.
func (c *Client) Invoice(ctx context.Context, id ID) (Invoice, error) {
	return invoices.read(ctx, c, opInvoice, id)
}

// Check finds what CreateInvoice would refuse: KindValidation with Fields.
func (n NewInvoice) Check() error { return n.check(opCreateInvoice) }

// CreateInvoice bills a patient; sent once, ever, see SettleInvoice.
// POST /invoices {"invoice": {…, "line_items_attributes": […]}}.
func (c *Client) CreateInvoice(ctx context.Context, n NewInvoice) (Invoice, error) {
	if err := n.check(opCreateInvoice); err != nil {
		return Invoice{}, err
	}
	return invoices.create(ctx, c, opCreateInvoice, map[string]any{"invoice": n}, n.PatientID)
}

// LineEdits change one line of an invoice, which must be on it already.
type LineEdits struct {
	ID    ID
	Edits Edits
}

// UpdateInvoice changes practice_id, doctor_id, date_of_service, notes and
// estimate, and lines that are on the invoice already. A line without an id
// would be added as a new one each time, so it is refused (IH-9): use
// CreateLineItem. The invoice as it is afterwards is returned.
// PUT /invoices/{id} {"id", "invoice": {…}}, between two reads.
func (c *Client) UpdateInvoice(ctx context.Context, seen Invoice, e Edits, lines ...LineEdits) (Invoice, error) {
	w := written[Invoice]{invoices, (*Client).Invoice, opUpdateInvoice, invoiceFields,
		func(i Invoice) object { return i.held }}
	if len(lines) == 0 {
		return w.update(ctx, c, seen, e, nil)
	}
	items := make([]map[string]any, len(lines))
	for i, l := range lines {
		items[i] = map[string]any{}
		if l.ID > 0 {
			items[i]["id"] = l.ID
		}
		wrong := complaints{}
		for name, text := range l.Edits {
			f, known := lineFields[name]
			v, why := f.value(text)
			wrong.add(!known, name, "Inbox Health does not let this be changed here.")
			wrong.add(known && why != "", name, why)
			items[i][name] = v
		}
		if err := wrong.refusal(opUpdateInvoice); err != nil {
			return seen, err
		}
	}
	return w.update(ctx, c, seen, e, map[string]any{"line_items_attributes": items})
}

// InvoiceLines lists the lines of an invoice.
// GET /invoices/{id}/line_items.
func (c *Client) InvoiceLines(ctx context.Context, invoice ID, q Query) (Page[LineItem], error) {
	return lineItems.nested(ctx, c, opInvoiceLines, "invoice", invoice, q)
}

// LineItem reads one line. GET /line_items/{id}.
func (c *Client) LineItem(ctx context.Context, id ID) (LineItem, error) {
	return lineItems.read(ctx, c, opLineItem, id)
}

// CreateLineItem adds a line to an invoice; sent once, ever, see
// SettleLineItem. POST /line_items {"line_item": {…}}.
func (c *Client) CreateLineItem(ctx context.Context, n NewLineItem) (LineItem, error) {
	wrong := complaints{}
	wrong.add(n.InvoiceID <= 0, "invoice_id", "Choose the invoice the line belongs to.")
	n.check(wrong, "")
	if err := wrong.refusal(opCreateLineItem); err != nil {
		return LineItem{}, err
	}
	return lineItems.create(ctx, c, opCreateLineItem, map[string]any{"line_item": n}, n.InvoiceID)
}

// UpdateLineItem changes the fields NewLineItem has but the invoice, by their
// wire names; the line as it is afterwards is returned.
// PUT /line_items/{id} {"id", "line_item": {…}}, between two reads.
func (c *Client) UpdateLineItem(ctx context.Context, seen LineItem, e Edits) (LineItem, error) {
	w := written[LineItem]{lineItems, (*Client).LineItem, opUpdateLineItem, lineFields,
		func(l LineItem) object { return l.held }}
	return w.update(ctx, c, seen, e, nil)
}

// QuickPaid is what a quick payment made. The answer is not documented, so
// either record may be missing, then with an ID of 0, but not both.
type QuickPaid struct {
	Invoice Invoice
	Payment Payment
}

func decodeQuickPaid(raw json.RawMessage) (QuickPaid, error) {
	o, err := parseObject(raw)
	if err != nil {
		return QuickPaid{}, err
	}
	var q QuickPaid
	if v, err := parseObject(o["invoice"]); err == nil {
		if q.Invoice, err = invoices.record(v); err != nil {
			return q, err
		}
	}
	if v, err := parseObject(o["payment"]); err == nil {
		if q.Payment, err = payments.record(v); err != nil {
			return q, err
		}
	}
	switch {
	case q.Invoice.ID != 0 || q.Payment.ID != 0:
	case !isNull(o["date_of_service"]): // no payment has one
		q.Invoice, err = invoices.record(o)
	default:
		if q.Payment, err = payments.record(o); err != nil {
			err = errors.New("it holds neither invoice nor payment")
		}
	}
	return q, err
}
