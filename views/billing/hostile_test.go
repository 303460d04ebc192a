package billing_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/inboxhealth"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
)

// hostile are texts a vendor might send.
func hostile(t *testing.T) []struct{ Name, Value string } {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "clients", "safe", "testdata", "hostile.json"))
	require.NoError(t, err)
	var texts []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(raw, &texts))
	require.Greater(t, len(texts), 100)
	return texts
}

// sgr are the only sequences a screen may hold.
var sgr = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// poison puts a text into every text of the vendors that reaches the tab.
func (p *practice) poison(ann int, text string) {
	put := func(list string, id int, names ...string) {
		fields := map[string]any{"id": id}
		for _, name := range names {
			fields[name] = text
		}
		p.server.PlantInbox(list, fields)
	}
	put("patients", ann, "first_name", "middle_name", "last_name", "sex", "email", "cell_phone", "secondary_phone", "phone", "address_line_1",
		"address_line_2", "city", "state", "zip", "billing_status", "contact_preference", "notes")
	put("enterprises", 1, "name", "address_line_1", "city", "state", "zip", "support_phone_number", "time_zone", "statement_descriptor",
		"logo_background_color", "default_quick_pay_description", "default_checkin_routes")
	put("practices", 1, "name", "address_line_1", "city", "state", "zip", "time_zone")
	put("doctors", 1, "first_name", "last_name")
	put("invoices", p.bill, "notes", "status")
	put("line_items", p.line, "service_code", "description")
	put("payments", p.paid, "description", "payment_method_type", "status")
	put("notifications", p.note, "notification_type", "channel", "status", "subject", "body")
	put("write_off_codes", 1, "code", "description")
	p.server.PutUpdoxAccount(map[string]any{"accountId": "PRACTICE-101", "name": text, "address1": text, "city": text, "state": text, "postal": text,
		"phone": text, "fax": text, "timeZone": text, "websiteAddress": text, "directAddress": text})
}

// TestHostileTextsAreDrawnAsText shows every text on every page: it may draw
// and nothing else.
func TestHostileTextsAreDrawnAsText(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	p.bill = p.server.PlantInbox("invoices", map[string]any{"patient_id": ann, "practice_id": 1, "enterprise_id": 1, "date_of_service": "2026-03-01"})
	p.line = p.server.PlantInbox("line_items", map[string]any{"invoice_id": p.bill, "date_of_service": "2026-03-01", "total_charge_amount_cents": 900, "covered_amount_cents": 0, "quantity": 1})
	p.paid = p.server.PlantInbox("payments", map[string]any{"patient_id": ann, "expected_amount_cents": 100, "payment_method_type": "cash"})
	p.note = p.server.PlantInbox("notifications", map[string]any{"patient_id": ann})
	d, _ := p.boxed(0)
	open(d).Type("<ctrl+r>").Settle()
	look := func(name, where string) {
		t.Helper()
		d.Fits(80, 24)
		for _, r := range sgr.ReplaceAllString(d.App.View().Content, "") {
			require.False(t, r != '\n' && unicode.IsControl(r), "%s on %s: %q on the screen", name, where, r)
			require.False(t, r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069, "%s on %s: turns the direction", name, where)
		}
	}
	scripts := []string{"", "<enter>", "e", "y", "y<enter>", "yc", "m", "m<enter>", "b", "n", "t", "w", "q", "a"}
	pages := []string{"P", "A", "E", "E<enter>", "E<enter>i", "E<enter><enter>", "E<enter>e", "Ee", "U", "Ue", "UD"}
	for i, text := range hostile(t) {
		p.poison(ann, text.Value)
		d.Type("ir").Settle()
		look(text.Name, "the patient")
		script := scripts[i%len(scripts)] // each page for some of the texts
		walk(d, script, func() { look(text.Name, script) })
		if i%3 == 0 {
			script := pages[i/3%len(pages)]
			walk(d, script[:1]+"r"+script[1:], func() { look(text.Name, script) })
			d.Deliver(ui.GoMsg{Tab: "Billing", Subject: inboxhealth.ID(ann)}).Settle()
		}
	}
}

// walk types a script key by key, looks, and goes back to the page.
func walk(d *uitest.Desk, script string, look func()) {
	for _, k := range uitest.Keys(script) {
		d.Press(k).Settle()
	}
	look()
	for range 3 {
		if s := d.Screen(); !strings.Contains(s, "┌─") {
			return
		}
		d.Type("<esc>").Settle()
		if strings.Contains(d.Screen(), "Discard what") {
			d.Type("y").Settle()
		}
	}
}

// What a person does not edit goes back to the vendor as it came, or not at
// all, whatever it holds.
func TestHostileNamesSurviveAChange(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	open(d)
	for i, text := range hostile(t) {
		if i%15 != 0 || strings.TrimSpace(text.Value) == "" {
			continue
		}
		p.server.PlantInbox("patients", map[string]any{"id": ann, "last_name": text.Value, "notes": text.Value, "city": ""})
		d.Type("r").Settle().Type("e").Settle()
		d.Type(strings.Repeat("<tab>", 11) + "Mockville<ctrl+s>").Settle()
		require.Equal(t, "Mockville", p.field("patients", ann, "city"), "%s:\n%s", text.Name, d.Screen())
		require.Equal(t, text.Value, p.field("patients", ann, "last_name"), text.Name)
		require.Equal(t, text.Value, p.field("patients", ann, "notes"), text.Name)
	}
}
