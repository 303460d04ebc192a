package inboxhealth_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/sandbox"
)

// TestMain finds what the tests of the package leave running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// troubles are those of the common ones that run code of this client the others
// do not, and how its vendor differs: there is no session to renew, and nothing
// is enough of an answer to a PUT.
var troubles = faulttest.Without(faulttest.Troubles(
	faulttest.Trouble{Name: "403 of the gateway", Fault: says(403, `{"message":"Forbidden"}`), Rule: faulttest.Refused(rest.KindAuth)},
	faulttest.Trouble{Name: "422", Fault: says(422, `{"errors":{"name":["can't be blank"]}}`), Rule: faulttest.Refused(rest.KindValidation)},
	faulttest.Trouble{Name: "200 and an error", Fault: faulttest.Says(`{"error":"Not possible."}`), Rule: faulttest.Refused(rest.KindValidation)},
	faulttest.Trouble{Name: "401 once", Fault: sandbox.Fault{Kind: sandbox.FaultUnauthorized, Times: 1}, Rule: faulttest.Refused(rest.KindAuth)},
	faulttest.Trouble{Name: "empty", Fault: sandbox.Fault{Kind: sandbox.FaultEmpty}, Rule: faulttest.Rule{
		Read:   faulttest.Unreadable(1).Read,
		Create: faulttest.Unreadable(1).Create,
		Sure:   faulttest.Succeeds(1, 1),
	}},
	faulttest.Trouble{Name: "huge-header", Fault: sandbox.Fault{Kind: sandbox.FaultHugeHeader}, Large: true,
		Rule: faulttest.Always(faulttest.Fails(rest.KindDecode, rest.Unknown, 1, 1))},
), "delay", "drip given up", "502", "504", "500 after", "408", "409", "501", "401", "429", "301", "303", "308", "html 502",
	"envelope bare", "envelope plain", "envelope named", "envelope meta", "envelope top", "wrong-provider")

// says is an answer in place of the call.
func says(status int, body string) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: status, Body: body}
}

var matrix = faulttest.Matrix[*house, *desk]{
	Open:       openHouse,
	Sit:        func(t *testing.T, h *house) *desk { return &desk{t, h, connect(t, h.Server)} },
	Operations: operations, Troubles: troubles,
	Exceptions: faulttest.Exceptions{
		// Where the vendor does not serve one enterprise, the list is searched.
		// Where the list is not there, it is asked for once more, without the
		// slash at its end.
		"404": {"Enterprise": faulttest.Succeeds(1, 0), "Enterprises": faulttest.Fails(rest.KindNotFound, rest.Refused, 2, 0)},
		"302": {"Enterprises": faulttest.Succeeds(2, 1)},
		"307": {"Enterprises": faulttest.Succeeds(2, 1)},
	},
	Short:     short,
	Limit:     48,
	Unmatched: "unmatched inboxhealth",
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	matrix.Run(t)
}

var (
	// oneOfEachClass are operations that between them run all of the code
	// below the decoding of a record.
	oneOfEachClass = []string{"Enterprise", "Enterprises", "Patients", "PatientInvoices", "CreatePayment", "QuickPay", "Refund", "UpdatePatient"}
	// everywhere are the troubles that every operation meets: one before and one
	// after it is carried out, and those a record's decoding decides.
	everywhere = []string{"fin-before", "reset-after", "422", "truncated", "nulls", "hostile", "numbers-as-strings"}
)

// short tells the cells that are run each time.
func short(operation string, tr faulttest.Trouble) bool {
	if tr.Large {
		return slices.Contains([]string{"Patients", "CreatePayment", "UpdatePatient"}, operation)
	}
	return slices.Contains(oneOfEachClass, operation) || slices.Contains(everywhere, tr.Name)
}

// The vendor has no data envelope and no providers.
func TestEveryRouteIsTried(t *testing.T) {
	var ours []string
	for _, route := range newDesk(t).Routes() {
		if _, path, _ := strings.Cut(route, " "); strings.HasPrefix(path, mount+"/") {
			ours = append(ours, route)
		}
	}
	matrix.RequireAllTried(t, ours, sandbox.FaultEnvelope, sandbox.FaultWrongProvider)
}

// The time limits of the configuration are the client's.
func TestLimitsAreKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(cfg *inboxhealth.Config) { cfg.Limits = rest.Limits{Read: time.Millisecond} })
	faulttest.RequireLimited(d, "GET "+mount+"/enterprises", func(ctx context.Context) error {
		_, err := d.c.Enterprises(ctx, q{})
		return err
	})
}

// What the vendor's words quote of the credentials is not shown.
func TestSecretsAreNotQuoted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	faulttest.RequireUnquoted(d, "GET "+mount+"/enterprises", sandbox.FakeInboxKey, func(ctx context.Context) error {
		_, err := d.c.Enterprises(ctx, q{})
		return err
	})
}
