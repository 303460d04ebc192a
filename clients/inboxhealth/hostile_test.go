package inboxhealth_test

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/clients/sandbox"
)

// TestHostileTextIsHarmlessInEveryField puts each hostile text into every text
// of every answer and draws what the client makes of it.
func TestHostileTextIsHarmlessInEveryField(t *testing.T) {
	data, err := os.ReadFile("../safe/testdata/hostile.json")
	require.NoError(t, err)
	var hostile []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(data, &hostile))
	require.Greater(t, len(hostile), 100)
	t.Parallel()
	d := newDesk(t)
	var reads []operation
	for _, op := range operations {
		if !op.writes && (soak || slices.Contains(oneOfEachRecord, op.name)) {
			reads = append(reads, op)
		}
	}
	texts := 0
	for _, h := range hostile {
		for _, op := range reads {
			d.SetFault(op.route, sandbox.Fault{Kind: sandbox.FaultHostile, Body: h.Value})
			v, err := op.ready(d)(t.Context())
			require.NoError(t, err, "%s: %s: %s", h.Name, op.name, rest.UserMessage(err))
			texts += drawn(t, h.Name+" "+op.name, reflect.ValueOf(v))
		}
		d.ClearFaults()
	}
	require.Greater(t, texts, 10*len(hostile))

	// What a vendor says in a refusal is drawn as well.
	for _, h := range hostile {
		body, err := json.Marshal(map[string]any{"errors": map[string]any{h.Value: []string{h.Value}}})
		require.NoError(t, err)
		d.SetFault(payments, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, Body: string(body)})
		_, err = d.c.Payments(t.Context(), q{})
		require.Error(t, err)
		requireTame(t, h.Name, rest.UserMessage(err), false)
		requireTame(t, h.Name, err.Error(), false)
	}
}

// oneOfEachRecord are reads that show every kind of record; the others decode
// the same.
var oneOfEachRecord = []string{
	"Enterprises", "Practices", "Doctors", "Patients", "Invoices", "InvoiceLines", "Payments",
	"InvoicePayment", "PaymentAdjustment", "PaymentReasons", "PatientNotifications", "Attachments",
}

// drawn looks at every text of a value, to its depth.
func drawn(t *testing.T, what string, v reflect.Value) (texts int) {
	if v.CanInterface() {
		switch text := v.Interface().(type) {
		case safe.Text:
			requireTame(t, what, text.String(), false)
			return 1
		case safe.Long:
			requireTame(t, what, text.String(), true)
			return 1
		}
	}
	switch v.Kind() {
	case reflect.Interface:
		return drawn(t, what, v.Elem())
	case reflect.String:
		requireTame(t, what, v.String(), false)
	case reflect.Slice:
		for i := range v.Len() {
			texts += drawn(t, what, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				texts += drawn(t, what, v.Field(i))
			}
		}
	}
	return texts
}

func requireTame(t *testing.T, what, shown string, long bool) {
	t.Helper()
	bad := strings.IndexFunc(shown, func(r rune) bool {
		return unicode.IsControl(r) && !(long && r == '\n') || unicode.Is(unicode.Bidi_Control, r) || r >= 0xe0000 && r <= 0xe0fff
	})
	require.Equal(t, -1, bad, "%s: %q", what, shown)
}
