package inboxhealth

import (
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/vendortest"
	"frontdesk/clients/safe"
)

// textNames are the wire names of every text the client shows, of all kinds of
// records together.
var textNames = strings.Fields(`name address_line_1 address_line_2 city state zip support_phone_number
	default_quick_pay_description logo_background_color default_checkin_routes statement_descriptor time_zone sales_tax
	first_name middle_name last_name suffix phone email email_two specialty certification npi status provider_code sex ssn
	cell_phone secondary_phone home_phone work_phone billing_status contact_preference notes health_record_id language
	service_code description payment_method_type code notification_type channel recipient subject body
	display_name category mime_type version created_at updated_at`)

// TestHostileTextIsHarmlessInEveryField reads lists in which each row has one
// of the hostile texts in all of its texts, and draws what the client makes of
// them.
func TestHostileTextIsHarmlessInEveryField(t *testing.T) {
	data, err := os.ReadFile("../safe/testdata/hostile.json")
	require.NoError(t, err)
	var hostile []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(data, &hostile))
	require.Greater(t, len(hostile), 100)
	rows := make([]map[string]any, len(hostile))
	for i, h := range hostile {
		rows[i] = map[string]any{"id": i + 1}
		for _, name := range textNames {
			if len(h.Value) < 2000 || name == "description" || name == "name" { // the longest are for one field
				rows[i][name] = h.Value
			}
		}
	}
	b := newBiller(t)
	b.Do(vendortest.Otherwise, func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(strings.TrimRight(r.URL.Path, "/"), "/")
		_ = json.NewEncoder(w).Encode(map[string]any{parts[len(parts)-1]: rows})
	})
	c, ctx := b.client(t), t.Context()
	for name, ask := range map[string]func(Query) (any, error){
		"enterprises":      func(q Query) (any, error) { return c.Enterprises(ctx, q) },
		"practices":        func(q Query) (any, error) { return c.Practices(ctx, q) },
		"doctors":          func(q Query) (any, error) { return c.Doctors(ctx, q) },
		"patients":         func(q Query) (any, error) { return c.Patients(ctx, q) },
		"invoices":         func(q Query) (any, error) { return c.Invoices(ctx, q) },
		"line items":       func(q Query) (any, error) { return c.InvoiceLines(ctx, 1, q) },
		"payments":         func(q Query) (any, error) { return c.Payments(ctx, q) },
		"invoice payments": func(q Query) (any, error) { return c.InvoiceAllocations(ctx, 1, q) },
		"payment reasons":  func(q Query) (any, error) { return c.PaymentReasons(ctx, q) },
		"write-off codes":  func(q Query) (any, error) { return c.WriteOffCodes(ctx, q) },
		"write-offs":       func(q Query) (any, error) { return c.WriteOffs(ctx, q) },
		"notifications":    func(q Query) (any, error) { return c.PatientNotifications(ctx, 1, q) },
		"attachments":      func(q Query) (any, error) { return c.Attachments(ctx, q) },
	} {
		v, err := ask(Query{})
		require.NoError(t, err, "%s: %s", name, rest.UserMessage(err))
		items := reflect.ValueOf(v).FieldByName("Items")
		require.Equal(t, len(hostile), items.Len(), name)
		for i := range items.Len() {
			drawn(t, hostile[i].Name+" in "+name, hostile[i].Value, items.Index(i))
		}
	}
	e := enterprises.decode(&reader{o: object{"other": raw(`"\u001b[2K"`)}})
	requireTame(t, "a setting", e.Setting("other").String(), false)

	// What a vendor says in a refusal is drawn as well.
	for _, h := range hostile {
		if len(h.Value) > 2000 {
			continue
		}
		body, err := json.Marshal(map[string]any{"errors": map[string]any{h.Value: []string{h.Value}}})
		require.NoError(t, err)
		b.On("GET /partner/v2/payments", 422, string(body))
		_, err = c.Payments(ctx, Query{})
		requireTame(t, h.Name, requireKind(t, err, rest.KindValidation).UserMessage(), false)
		requireTame(t, h.Name, err.Error(), false)
	}
}

// drawn looks at every text of a value, to its depth. One that was filled keeps
// what arrived.
func drawn(t *testing.T, what, value string, v reflect.Value) {
	switch text := v.Interface().(type) {
	case safe.Text:
		requireTame(t, what, text.String(), false)
		if raw := text.Raw(); raw != "" && raw != value {
			t.Errorf("%s: what arrived is not kept", what)
		}
		return
	case safe.Long:
		requireTame(t, what, text.String(), true)
		if raw := text.Raw(); raw != "" && raw != value {
			t.Errorf("%s: what arrived is not kept", what)
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		requireTame(t, what, v.String(), false)
	case reflect.Slice:
		for i := range v.Len() {
			drawn(t, what, value, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				drawn(t, what, value, v.Field(i))
			}
		}
	}
}

func requireTame(t *testing.T, what, shown string, long bool) {
	t.Helper()
	bad := strings.IndexFunc(shown, func(r rune) bool {
		return unicode.IsControl(r) && !(long && r == '\n') || unicode.Is(unicode.Bidi_Control, r) || r >= 0xe0000 && r <= 0xe0fff
	})
	if bad >= 0 {
		t.Errorf("%s: %q", what, shown)
	}
}
