package billing

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

func (p *person) press(msg tea.KeyPressMsg) tea.Cmd {
	k, t := p.v.keys, p.tab()
	if t.Filtering() {
		_, cmd := t.Update(msg)
		return cmd
	}
	switch {
	case key.Matches(msg, k.Back) && t.Filter() == "":
		return p.v.turn(p.from)
	case key.Matches(msg, k.Reload):
		return p.reload()
	case key.Matches(msg, k.Invoices):
		p.part = invoicesPart
	case key.Matches(msg, k.Payments):
		p.part = paymentsPart
	case key.Matches(msg, k.Messages):
		p.part = messagesPart
	case key.Matches(msg, k.Reveal):
		return p.v.env.Reveal(p.id.String())
	case !p.there:
		return nil
	default:
		if cmd, mine := p.act(msg); mine {
			return cmd
		}
		_, cmd := t.Update(msg)
		return cmd
	}
	return nil
}

// still is the page as it is now. What a form was opened for stays what it is
// about: it can be opened again, by ctrl+x or Z, on another patient's page.
func (p *person) still() *person {
	now := *p
	return &now
}

// act does what needs the patient.
func (p *person) act(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	p = p.still()
	k := p.v.keys
	switch {
	case key.Matches(msg, k.Pay):
		return p.pay(), true
	case key.Matches(msg, k.Bill):
		return p.bill(false), true
	case key.Matches(msg, k.Quick):
		return p.bill(true), true
	case key.Matches(msg, k.Status):
		p.statements()
	case key.Matches(msg, k.Say):
		p.say()
	case key.Matches(msg, k.Edit):
		p.change()
	case key.Matches(msg, k.WriteOff):
		return p.writeOff(), true
	case p.part == paymentsPart:
		return p.onPayment(msg)
	case p.part == invoicesPart && key.Matches(msg, k.Open):
		return p.readInvoice(), true
	case p.part == invoicesPart && key.Matches(msg, k.Line):
		if i, some := p.bills.Selected(); some {
			p.addLine(i)
		}
	case p.part == messagesPart && key.Matches(msg, k.Open):
		p.readMessage()
	default:
		return nil, false
	}
	return nil, true
}

// onPayment does what needs the payment under the cursor.
func (p *person) onPayment(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := p.v.keys
	x, some := p.paid.Selected()
	switch {
	case !some:
		return nil, false
	case key.Matches(msg, k.Open):
		return p.readPayment(x), true
	case key.Matches(msg, k.Refund):
		p.refund(x)
	case key.Matches(msg, k.Void):
		p.void(x)
	case key.Matches(msg, k.Put):
		p.put(x)
	case key.Matches(msg, k.Read):
		p.receipt(x)
	default:
		return nil, false
	}
	return nil, true
}

func (p *person) Groups() [][]key.Binding {
	if p.tab().Filtering() {
		return [][]key.Binding{p.tab().Keys()}
	}
	k := p.v.keys
	needRow(p.tab(), &k.Open, &k.Refund, &k.Void, &k.Put, &k.Read, &k.Line)
	var own []key.Binding
	if p.there {
		own = append(own, k.Open)
		if p.part == paymentsPart {
			own = append(own, k.Refund, k.Void, k.Put, k.Read)
		}
		own = append(own, k.Pay, k.Bill, k.Say, k.Edit, k.Quick)
		if p.part == invoicesPart {
			own = append(own, k.Line)
		}
	}
	for i, b := range []key.Binding{k.Invoices, k.Payments, k.Messages} {
		if part(i) != p.part {
			own = append(own, b)
		}
	}
	if p.there {
		own = append(own, k.WriteOff, k.Status, k.Reveal)
	}
	return [][]key.Binding{append(own, k.Reload, k.Back), p.tab().Keys()}
}
