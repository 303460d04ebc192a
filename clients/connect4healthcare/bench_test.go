package connect4healthcare

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// BenchmarkTickets reads a list of 5,000, as every refresh does.
func BenchmarkTickets(b *testing.B) {
	const row = `{"start_date":null,"sentsent_to_primary":null,"urgency_status_id":3,"ticket_type":null,"resident_id":75474618,` +
		`"updated_at":"2016/02/12 03:00:34 -0800","created_at":"2016/02/12 03:00:25 -0800","email":null,"sent_to_healthcare_pro":null,` +
		`"state":false,"sms":null,"id":%d,"end_date":null,"ticket_status":"New","sent_to_family":null,"title":"Ticket  commment","employee_id":81987870}`
	rows := make([]string, 5000)
	for i := range rows {
		rows[i] = fmt.Sprintf(row, i+1)
	}
	body := []byte(`{"status":true,"ticket":[` + strings.Join(rows, ",") + `]}`)
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if e := check(opTickets, http.StatusOK, nil, body); e != nil {
			b.Fatal(e)
		}
		var all ticketList
		if err := json.Unmarshal(body, &all); err != nil || len(all) != len(rows) {
			b.Fatal(err)
		}
	}
}
