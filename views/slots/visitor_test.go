package slots_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/ui"
)

// zoe is a person another tab sends here.
func (p *practice) zoe() ui.Person {
	n := p.server.PutProspect(map[string]any{"FirstName": "Zoë", "LastName": "Testperson", "EMail": "zoe@example.com", "Phone": "2125550177"})
	require.Equal(p.t, 251, n)
	return ui.Person{ID: "251", First: "Zoë", Last: "Testperson", EMail: "zoe@example.com", Phone: "2125550177"}
}

func TestATimeIsFoundForWhoAnotherTabSends(t *testing.T) {
	p := newPractice(t)
	who := p.zoe()
	d := p.sit("maria", 80, 24).See("openings")
	d.Deliver(ui.GoMsg{Tab: "Slots", Subject: who}).See("For Zoë Testperson: enter holds a time").Settle()
	d.Type("<enter>").See("HELD", "Zoë Testperson").Settle()
	d.Type("s").See("Read back").Type("<enter>").See("the caller agreed").Type("y").See("REQUESTED").Settle()
	require.Equal(t, 1, p.server.Executions("PUT /v1/{ppass}/prospects/{id}"))
	d.Type("<esc>").Settle()
	require.NotContains(t, d.Screen(), "For Zoë", "only the next hold is theirs")
}

func TestLettingGoOfWhoAnotherTabSent(t *testing.T) {
	p := newPractice(t)
	who := p.zoe()
	d := p.sit("maria", 80, 24).See("openings").Settle()
	d.Deliver(ui.GoMsg{Tab: "Slots", Subject: who}).See("For Zoë").Type("<esc>").Gone("For Zoë")
	d.Type("<enter>").See("HELD", "nobody yet")
}

func TestTheVisitsOfOnePerson(t *testing.T) {
	p := newPractice(t)
	who := p.zoe()
	d := ready(p.sit("maria", 80, 24))
	d.Type("y").See("REQUESTED").Settle()
	d.Deliver(ui.GoMsg{Tab: "Slots", Subject: ui.Visits{Of: who}}).See("every visit of Zoë Testperson", "Nothing here yet").Settle()
	d.Type("<esc>b").See("visits open", "REQUESTED")
}

func TestAPastedNameOfTwoLinesIsOne(t *testing.T) {
	d := newPractice(t).sit("maria", 80, 24).Settle().Type("<enter>").Settle().See("HELD")
	d.Type("p").Paste("Percy\r\nFernsby\n").See("e-mail: Percy Fernsby")
}
