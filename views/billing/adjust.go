package billing

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// adjusting is a refund or a void of a payment as it was when somebody decided
// on it.
type adjusting struct {
	Payment, Patient  inboxhealth.ID
	Amount            cents
	Refunded, Applied amount
}

// before is the payment as the client compares it.
func (a adjusting) before() inboxhealth.Payment {
	return inboxhealth.Payment{ID: a.Payment, PatientID: a.Patient, Refunded: a.Refunded, Applied: a.Applied}
}

// fresh reads the payment again: its window gave others time.
func fresh(c ctx, inbox *inboxhealth.Client, a adjusting, op string) (inboxhealth.Payment, error) {
	now, err := inbox.Payment(c, a.Payment)
	if err != nil {
		return now, unsent(err)
	}
	if now.Voided() || now.Refunded != a.Refunded || now.Applied != a.Applied {
		return now, refusal(op, "Somebody changed payment "+a.Payment.String()+" meanwhile, so nothing was sent. Press r to see how it stands.")
	}
	return now, nil
}

func (v *View) declareAdjustments() {
	inbox := v.inbox
	v.write.refund = declare(v, ui.Write[adjusting, outcome]{
		Vendor: inboxName, Op: "refund payment", Class: money, Words: "refund the payment",
		Send: func(c ctx, a adjusting) (outcome, error) {
			now, err := fresh(c, inbox, a, "refund payment")
			if err == nil {
				_, err = inbox.Refund(c, now, a.Amount)
			}
			return outcome{Words: a.Amount.String() + " of payment " + a.Payment.String() + " refunded; no balance has changed.", ID: a.Payment}, err
		},
		ReadBack: func(c ctx, a adjusting, since time.Time) (ui.Landing, error) {
			s, err := inbox.SettleRefund(c, a.before(), a.Amount)
			return v.landing(s, err, since)
		},
	})
	v.write.void = declare(v, ui.Write[adjusting, outcome]{
		Vendor: inboxName, Op: "void payment", Class: money, Words: "void the payment",
		Send: func(c ctx, a adjusting) (outcome, error) {
			now, err := fresh(c, inbox, a, "void payment")
			if err == nil {
				_, err = inbox.Void(c, now)
			}
			return outcome{Words: "Payment " + a.Payment.String() + " is void; the patient owes " + a.Amount.String() + " again.", ID: a.Payment}, err
		},
		ReadBack: func(c ctx, a adjusting, since time.Time) (ui.Landing, error) {
			s, err := inbox.SettleVoid(c, a.before())
			return v.landing(s, err, since)
		},
	})
}

// writingOff is a write-off and what was there when it was confirmed.
type writingOff struct {
	inboxhealth.NewWriteOff
	Seen *seen `json:",omitempty"`
}

func (v *View) declareWriteOffs() {
	inbox := v.inbox
	v.write.off = declare(v, ui.Write[writingOff, outcome]{
		Vendor: inboxName, Op: "create write-off", Class: money, Words: "write the amount off",
		Send: func(c ctx, n writingOff) (outcome, error) {
			if err := overtaken(c, ofPatient(inbox, n.PatientID), "create write-off", n.Seen, func(now, _ guarded) string {
				if was, is := n.Seen.Balance, now.patient.Balance; was != is {
					return fmt.Sprintf("The balance was %s and is %s now.", was, is)
				}
				return ""
			}); err != nil {
				return outcome{}, err
			}
			_, err := inbox.CreateWriteOff(c, n.NewWriteOff)
			return outcome{Words: n.Amount.String() + " is written off."}, err
		},
		ReadBack: readBack(v, func(c ctx, n writingOff, since time.Time) (inboxhealth.Settled, error) {
			return inbox.SettleWriteOff(c, n.NewWriteOff, since)
		}),
	})
}

// spoiled says why a payment cannot be adjusted, or "".
func spoiled(x inboxhealth.Payment) string {
	switch {
	case x.Voided():
		return "Payment " + x.ID.String() + " is void already."
	case !x.Expected.Known || x.Expected.Cents <= 0:
		return "The amount of payment " + x.ID.String() + " is unknown. Press r to read it again."
	case !x.Refunded.Known:
		return "How much of payment " + x.ID.String() + " was refunded is unknown. Press r to read it again."
	}
	return ""
}

// refund asks how much to give back and says what that does not do.
func (p *person) refund(x inboxhealth.Payment) {
	left := amount{Cents: x.Expected.Cents - x.Refunded.Cents, Known: true}
	switch {
	case !p.v.can(inboxhealth.ForAdjustments):
		return
	case spoiled(x) != "":
		p.v.env.Fail(spoiled(x))
		return
	case left.Cents <= 0:
		p.v.env.Fail("All of payment " + x.ID.String() + " was refunded already.")
		return
	}
	f := form.New(p.v.env.Theme, form.Money("amount_cents", "Give back").Required().Check(func(s string) string {
		switch c, ok := form.Cents(s); {
		case ok && cents(c) > left.Cents:
			return "Give back: only " + left.String() + " of this payment is left."
		case ok && c == 0 && s != "":
			return "Give back: it must be more than nothing."
		}
		return ""
	}))
	var d *ui.FormDialog
	d = ui.NewFormDialog(p.v.env, "Refund of payment "+x.ID.String(), f, func(values map[string]string) tea.Cmd {
		c, _ := form.Cents(values["amount_cents"])
		a := adjusting{Payment: x.ID, Patient: p.id, Amount: cents(c), Refunded: x.Refunded, Applied: x.Applied}
		p.v.env.Open(ui.NewConfirm(p.v.env, "Refund "+a.Amount.String()+"?", a.Amount.String()+" of payment "+x.ID.String()+" ("+
			x.Expected.String()+", "+how(x.Method.Raw())+") goes back to "+p.rec.patient.Name().String()+". "+refundSays, "Refund",
			func() tea.Cmd {
				return start(p.v, p.v.write.refund, x.ID.String(), a, composer{dialog: d, who: p.id}, true)
			}))
		return nil
	})
	d.Below = func(width int) string { return "\n" + ansi.Wrap(refundSays, width, " ") }
	d.Busy = p.v.sending(d)
	p.v.env.Open(d)
}

const refundSays = "A refund will not change the balance: what was paid stays on its invoices. If the patient shall owe it again, void the payment instead."

// void explains what it does and wants a word.
func (p *person) void(x inboxhealth.Payment) {
	switch {
	case !p.v.can(inboxhealth.ForAdjustments):
		return
	case spoiled(x) != "":
		p.v.env.Fail(spoiled(x))
		return
	case x.Refunded.Cents > 0:
		p.v.env.Fail(x.Refunded.String() + " of payment " + x.ID.String() + " was refunded, so it cannot be voided as a whole.")
		return
	}
	a := adjusting{Payment: x.ID, Patient: p.id, Amount: x.Expected.Cents, Refunded: x.Refunded, Applied: x.Applied}
	words := fmt.Sprintf("All %s of payment %s (%s) is taken back: it comes off every invoice, and %s owes that money again. Part of a payment cannot be voided, and a void cannot be undone.",
		x.Expected, x.ID, how(x.Method.Raw()), p.rec.patient.Name())
	p.v.env.Open(ui.NewTyped(p.v.env, "Void payment "+x.ID.String()+"?", words, "VOID", func() tea.Cmd {
		return start(p.v, p.v.write.void, x.ID.String(), a, composer{who: p.id}, true)
	}))
}

// writeOff reads the codes money can be written off under, then asks.
func (p *person) writeOff() tea.Cmd {
	if !p.v.can(inboxhealth.ForWriteOffs) || !p.v.can(inboxhealth.ForWriteOffCodes) {
		return nil
	}
	inbox := p.v.inbox
	return p.codes.Latest(func(c ctx) ([]inboxhealth.Code, error) {
		all, _, err := inboxhealth.Every(func(q inboxhealth.Query) (inboxhealth.Page[inboxhealth.Code], error) {
			return inbox.WriteOffCodes(c, q)
		}, func(x inboxhealth.Code) inboxhealth.ID { return x.ID })
		return all, err
	})
}

func (p *person) writeOffForm(r ui.Result[[]inboxhealth.Code]) tea.Cmd {
	if !p.codes.Accept(r) {
		return nil
	}
	p = p.still()
	if r.Err != nil {
		p.v.env.Fail(rest.UserMessage(r.Err))
		return nil
	}
	var codes []form.Option
	for _, c := range r.Value {
		if c.EnterpriseID == p.rec.patient.EnterpriseID {
			codes = append(codes, form.Option{Value: c.ID.String(), Label: c.Code.String() + " " + c.Description.String()})
		}
	}
	if len(codes) == 0 {
		p.v.env.Fail("The enterprise of this patient has no write-off codes. They are made at Inbox Health.")
		return nil
	}
	f := form.New(p.v.env.Theme, form.Money("amount_cents", "Write off").Required().Check(positive),
		form.Choice("write_off_code_id", "Code", codes...).Required(),
		form.Date("date", "Date").Required().Today(p.v.today).Default(p.v.today().String()))
	var d *ui.FormDialog
	d = ui.NewFormDialog(p.v.env, "Write off for "+p.rec.patient.Name().String(), f, func(values map[string]string) tea.Cmd {
		c, _ := form.Cents(values["amount_cents"])
		n := inboxhealth.NewWriteOff{PatientID: p.id, CodeID: number(values["write_off_code_id"]), Amount: cents(c)}
		n.Date, _ = readDate(values["date"])
		return p.guard.ask(ofPatient(p.v.inbox, p.id), d, "amount_cents", func(now guarded) tea.Cmd {
			p.v.env.Open(ui.NewConfirm(p.v.env, "Write off "+n.Amount.String()+"?", offWords(now.patient, n.Amount), "Write off", func() tea.Cmd {
				return start(p.v, p.v.write.off, p.id.String(), writingOff{n, now.seen()}, composer{dialog: d, who: p.id}, true)
			}))
			return nil
		})
	})
	d.Busy = p.guard.busy(p, d)
	p.v.env.Open(d)
	return nil
}

// offWords say what a write-off does to the balance.
func offWords(who inboxhealth.Patient, off cents) string {
	words := fmt.Sprintf("%s need not pay %s any more. ", who.Name(), off)
	if now := who.Balance; !now.Known {
		words += "The balance, which is unknown, falls by that"
	} else {
		words += fmt.Sprintf("The balance falls from %s to %s", now, now.Cents-off)
		if off > now.Cents {
			words = "ATTENTION: that is more than is owed. " + words
		}
	}
	return words + "; no route takes a write-off back."
}
