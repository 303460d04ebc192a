package sandbox

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// FakeInboxKey is the API key the played Inbox Health accepts.
const FakeInboxKey = "fake-inbox-key-for-training-only"

// The documented limit, 10 requests a second with a burst of 100, and the
// sizes of a page, for which there is none.
const (
	inboxRate    = 10
	inboxBurst   = 100
	inboxPage    = 50
	inboxMaxPage = 100
)

// inboxhealth plays the billing system: the enterprises of a partner with their
// practices, doctors, patients, invoices and payments. Balances are never
// stored: they are worked out from the records whenever somebody looks.
type inboxhealth struct {
	srv  *Server
	fill func() // makes up the records, at the first look at any of them

	mu     sync.RWMutex // guards all below
	mode   string       // which headers count: both, basic, x-api-key
	bucket *rate.Limiter

	enterprises, practices, doctors, patients *inboxTable
	invoices, lines, payments, allocations    *inboxTable
	adjustments, reasons, codes, writeOffs    *inboxTable
	notifications, attachments                *inboxTable
}

func newInboxhealth(s *Server, o Options) *inboxhealth {
	x := &inboxhealth{srv: s, mode: "both", bucket: rate.NewLimiter(inboxRate, inboxBurst)}
	for _, t := range []struct {
		at                **inboxTable
		one, many, filter string
		fields            map[string]inboxField
	}{
		{&x.enterprises, "enterprise", "enterprises", "", inboxEnterpriseFields},
		{&x.practices, "practice", "practices", "name", inboxPracticeFields},
		{&x.doctors, "doctor", "doctors", "first_name", inboxDoctorFields},
		{&x.patients, "patient", "patients", "first_name", inboxPatientFields},
		{&x.invoices, "invoice", "invoices", "first_name", inboxInvoiceFields},
		{&x.lines, "line_item", "line_items", "", inboxLineFields},
		{&x.payments, "payment", "payments", "", inboxPaymentFields},
		{&x.allocations, "invoice_payment", "invoice_payments", "", inboxAllocationFields},
		{&x.adjustments, "payment_adjustment", "payment_adjustments", "", inboxAdjustmentFields},
		{&x.reasons, "payment_reason", "payment_reasons", "", inboxCodeFields},
		{&x.codes, "write_off_code", "write_off_codes", "", inboxCodeFields},
		{&x.writeOffs, "write_off", "write_offs", "", inboxWriteOffFields},
		{&x.notifications, "notification", "notifications", "", nil},
		{&x.attachments, "attachment", "attachments", "", nil},
	} {
		*t.at = &inboxTable{one: t.one, many: t.many, filter: t.filter, fields: t.fields, rows: map[int]row{}, under: map[inboxKey][]int{}}
	}
	x.fill = sync.OnceFunc(func() { x.people(o) })
	return x
}

// expireTokens has nothing to do: there are no sessions.
func (x *inboxhealth) expireTokens() {}

// An inboxCall is a documented call. The path stands without the mount.
type inboxCall struct {
	method, path string
	act          func(*inboxRequest) (reply, error)
}

// calls are those of the documents, and the reading of one enterprise, which
// they leave out.
func (x *inboxhealth) calls() []inboxCall {
	all := []inboxCall{
		{"POST", "/payments/quick_pay", x.quickPay},
		{"POST", "/enterprises", x.postEnterprise},
		{"POST", "/practices", x.post(x.practices, x.addPractice)},
		{"POST", "/doctors", x.post(x.doctors, x.addDoctor)},
		{"POST", "/patients", x.post(x.patients, x.addPatient)},
		{"POST", "/invoices", x.post(x.invoices, x.addInvoice)},
		{"POST", "/line_items", x.post(x.lines, x.addLine)},
		{"POST", "/payments", x.postPayment},
		{"POST", "/invoice_payments", x.post(x.allocations, x.addAllocation)},
		{"POST", "/payment_adjustments", x.postAdjustment},
		{"POST", "/payment_reasons", x.post(x.reasons, x.codeFor(x.reasons))},
		{"POST", "/write_off_codes", x.post(x.codes, x.codeFor(x.codes))},
		{"POST", "/write_offs", x.post(x.writeOffs, x.addWriteOff)},
	}
	for _, t := range []*inboxTable{x.enterprises, x.practices, x.doctors, x.patients, x.invoices,
		x.payments, x.reasons, x.codes, x.writeOffs, x.attachments} {
		all = append(all, inboxCall{"GET", "/" + t.many, x.list(t)})
	}
	for _, t := range []*inboxTable{x.enterprises, x.practices, x.doctors, x.patients, x.invoices, x.lines,
		x.payments, x.allocations, x.adjustments, x.reasons, x.codes, x.writeOffs} {
		all = append(all, inboxCall{"GET", "/" + t.many + "/{id}", x.show(t)})
	}
	for _, t := range []*inboxTable{x.enterprises, x.practices, x.doctors, x.patients, x.invoices, x.lines, x.allocations} {
		all = append(all, inboxCall{"PUT", "/" + t.many + "/{id}", x.put(t)})
	}
	for _, n := range []struct {
		above, below *inboxTable
	}{
		{x.enterprises, x.practices}, {x.enterprises, x.doctors}, {x.enterprises, x.patients},
		{x.patients, x.invoices}, {x.patients, x.payments}, {x.patients, x.notifications},
		{x.invoices, x.lines}, {x.invoices, x.allocations}, {x.invoices, x.notifications}, {x.invoices, x.payments},
	} {
		all = append(all, inboxCall{"GET", "/" + n.above.many + "/{id}/" + n.below.many, x.below(n.above, n.below)})
	}
	return all
}

// inboxMounts are the prefixes the documents have, before and after the vendor
// moved.
var inboxMounts = []string{"/partner/v2", "/api/partner/v2"}

func (x *inboxhealth) handler() http.Handler {
	mux := http.NewServeMux()
	for _, c := range x.calls() {
		h := x.srv.handle(&route{
			vendor: "inboxhealth", name: c.method + " /partner/v2" + c.path,
			run: func(r *http.Request, body []byte) answer { return x.perform(c, r, body) },
		})
		for _, mount := range inboxMounts {
			mux.Handle(c.method+" "+mount+c.path, h)
			if strings.Count(c.path, "/") == 1 { // the documents write some with a slash behind
				mux.Handle(c.method+" "+mount+c.path+"/{$}", h)
			}
		}
	}
	mux.Handle("/", x.srv.handle(&route{vendor: "inboxhealth", name: "unmatched inboxhealth",
		run: func(*http.Request, []byte) answer { return inboxMissing.answer() }}))
	return mux
}

var inboxMissing = refusal{http.StatusNotFound, "Not Found"}

// An inboxRequest is a request on its way.
type inboxRequest struct {
	*http.Request
	query url.Values
	body  []byte
}

func (x *inboxhealth) perform(c inboxCall, r *http.Request, body []byte) answer {
	x.fill()
	if c.method == http.MethodGet {
		x.mu.RLock()
		defer x.mu.RUnlock()
	} else {
		x.mu.Lock()
		defer x.mu.Unlock()
	}
	if no, ok := x.admit(r); !ok {
		return no
	}
	rep, err := c.act(&inboxRequest{r, r.URL.Query(), body})
	switch err := err.(type) {
	case nil:
		return jsonAnswer(rep.status, rep.value)
	case inboxInvalid:
		return jsonAnswer(http.StatusUnprocessableEntity, map[string]any{"errors": err})
	case refusal:
		return err.answer()
	default:
		return refusal{http.StatusInternalServerError, "Internal Server Error"}.answer()
	}
}

// admit looks at the key and at the bucket, in this order: the bucket is the
// key's.
func (x *inboxhealth) admit(r *http.Request) (answer, bool) {
	gateway, user, password := r.Header.Get("X-Api-Key"), "", ""
	user, password, basic := r.BasicAuth()
	basic = basic && x.mode != "x-api-key"
	keyed := gateway != "" && x.mode != "basic"
	switch {
	case keyed && gateway != FakeInboxKey, !keyed && x.mode == "x-api-key":
		return jsonAnswer(http.StatusForbidden, map[string]string{"message": "Forbidden"}), false
	case basic && (user != FakeInboxKey || password != ""), !basic && !keyed:
		return refusal{http.StatusUnauthorized, "Unauthorized"}.answer(), false
	case !x.bucket.Allow():
		return jsonAnswer(http.StatusTooManyRequests, map[string]string{"message": "Too Many Requests"}), false
	}
	return answer{}, true
}

// row finds the record the path names.
func (r *inboxRequest) row(t *inboxTable) (int, error) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || t.rows[id] == nil {
		return 0, inboxMissing
	}
	return id, nil
}

// wrapped reads {"<one>": {…}} and what stands beside it.
func (r *inboxRequest) wrapped(one string) (fields, beside map[string]any, err error) {
	beside, err = decodeBody(r.Request, r.body)
	if err != nil {
		return nil, nil, err
	}
	fields, ok := beside[one].(map[string]any)
	if !ok {
		return nil, nil, refusal{http.StatusBadRequest, "param is missing or the value is empty: " + one}
	}
	return fields, beside, nil
}

// post creates a record from {"<one>": {…}}.
func (x *inboxhealth) post(t *inboxTable, add func(row) (int, error)) func(*inboxRequest) (reply, error) {
	return func(r *inboxRequest) (reply, error) {
		given, _, err := r.wrapped(t.one)
		if err != nil {
			return reply{}, err
		}
		id, err := add(given)
		if err != nil {
			return reply{}, err
		}
		return x.created(t, id), nil
	}
}

func (x *inboxhealth) created(t *inboxTable, id int) reply {
	return reply{http.StatusCreated, row{t.one: x.look(t, id, true)}}
}

func (x *inboxhealth) show(t *inboxTable) func(*inboxRequest) (reply, error) {
	return func(r *inboxRequest) (reply, error) {
		id, err := r.row(t)
		if err != nil {
			return reply{}, err
		}
		return reply{http.StatusOK, row{t.one: x.look(t, id, true)}}, nil
	}
}

// stamp is now in the form of the documents, and day the date of it.
func (x *inboxhealth) stamp() string {
	return x.srv.now().UTC().Format("2006-01-02T15:04:05.000Z")
}

func (x *inboxhealth) day(ago time.Duration) string {
	return x.srv.now().Add(-ago).In(x.srv.zone).Format(time.DateOnly)
}
