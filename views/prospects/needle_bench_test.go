package prospects

import (
	"fmt"
	"testing"

	"frontdesk/clients/safe"
)

func BenchmarkNeedle(b *testing.B) {
	var items []whole
	for i := range 100_000 {
		items = append(items, whole{ID: id(fmt.Sprint(i)), FirstName: safe.Line("Annabel"), LastName: safe.Line("Testperson"), EMail: safe.Line(fmt.Sprintf("annabel.testperson.%d@example.com", i)),
			CellPhone: safe.Line("(212) 555-0123"), Phone: safe.Line("(212) 555-0123"), DOB: safe.Line("1987-07-23"), City: safe.Line("Springfield"), Zip: safe.Line("10001")})
	}
	rows := newRows(items)
	n := newNeedle("zebra thistle")
	for b.Loop() {
		for _, r := range rows {
			if n.in(r) {
				b.Fatal()
			}
		}
	}
}
