package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/clients/inboxhealth"
	"frontdesk/state/desk"
)

// paid is a payment, as the outbox keeps it.
type paid struct {
	inboxhealth.NewPayment
	Invoice inboxhealth.ID `json:"invoice_id"`
	Charge  bool           `json:"charge_card"`
}

func (p paid) payment() inboxhealth.NewPayment {
	n := p.NewPayment
	n.InvoiceID, n.ChargeCard = p.Invoice, p.Charge
	return n
}

var pay = write[paid, inboxhealth.Payment]{
	vendor: inboxName, op: "create payment by command", class: "money", route: `POST /payments {"invoice_id", "payment": {...}}`,
	send: func(ctx context.Context, r *run, p paid) (inboxhealth.Payment, error) {
		inbox, err := need(r.to.Inbox, "inboxhealth")
		if err != nil {
			return inboxhealth.Payment{}, err
		}
		return inbox.CreatePayment(ctx, p.payment())
	},
	back: func(ctx context.Context, r *run, p paid, since time.Time) (desk.Finding, error) {
		inbox, err := need(r.to.Inbox, "inboxhealth")
		if err != nil {
			return desk.CannotTell, err
		}
		return settled(inbox.SettlePayment(ctx, p.payment(), since))
	},
	shown: func(p paid) any {
		body := map[string]any{"payment": p.NewPayment}
		if p.Invoice != 0 {
			body["invoice_id"] = p.Invoice
		}
		return body
	},
}

func (s *suite) billingPay() *cobra.Command {
	var amount, method, about string
	var invoice int64
	var apply bool
	return s.command(deed{
		use: "pay <patient>", short: "Record a payment, or charge a saved card", args: cobra.ExactArgs(1), writes: true, forGood: true, ids: patientIDs,
		long: "pay records money taken elsewhere: --method cash, external_card or insurance. --method card charges the patient's\n" +
			"saved card: real money. It needs charge_cards in the profile, and --confirm with the patient's id.",
		example: "frontdesk billing pay 31 --amount 25.00 --method cash --invoice 402 --dry-run", json: shape[payment]("payment", false),
		values: map[string]ids{"method": fixed(ways...), "invoice": invoiceIDs, "confirm": argument},
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&amount, "amount", "", "the amount in `dollars`: 25.00")
			c.Flags().StringVar(&method, "method", "", "the `method`: cash, external_card, insurance or card")
			c.Flags().Int64Var(&invoice, "invoice", 0, "the `id` of the invoice it is for")
			c.Flags().StringVar(&about, "description", "", "`words` for what it is for")
			c.Flags().BoolVar(&apply, "apply", true, "let Inbox Health put it on open invoices")
		},
		do: func(r *run, args []string) error {
			if _, err := need(r.to.Inbox, "inboxhealth"); err != nil {
				return err
			}
			id, err := number(args[0])
			if err != nil {
				return err
			}
			n, err := taken(amount, method)
			if err != nil {
				return err
			}
			p := paid{inboxhealth.NewPayment{PatientID: id, Expected: inboxhealth.Cents(n), Method: inboxhealth.Method(method),
				Description: about, Apply: apply}, inboxhealth.ID(invoice), method == string(inboxhealth.Card)}
			return r.pay(args[0], p)
		},
	})
}

// ways are the methods of a payment.
var ways = []string{string(inboxhealth.Cash), string(inboxhealth.ExternalCard), string(inboxhealth.Insurance), string(inboxhealth.Card)}

// taken is how much was paid. Both flags are looked at: the vendor would take
// any word for the method.
func taken(amount, method string) (int64, error) {
	switch n, err := price(amount); {
	case amount == "":
		return 0, Usage(errors.New("say how much was paid with --amount, like 12 or 12.50"))
	case err != nil:
		return 0, Usage(fmt.Errorf("--amount: %w", err))
	case n == 0:
		return 0, Usage(errors.New("--amount: a payment is more than nothing"))
	case !slices.Contains(ways, method):
		return 0, Usage(errors.New("--method wants " + strings.Join(ways[:len(ways)-1], ", ") + " or " + ways[len(ways)-1]))
	default:
		return n, nil
	}
}

func (r *run) pay(patient string, p paid) error {
	if p.Charge && !r.Profile.InboxHealth.ChargeCards {
		return Usage(errors.New("this profile charges no cards: set charge_cards under its inboxhealth if the practice wants that"))
	}
	if err := p.payment().Check(); err != nil {
		return err
	}
	if r.dry {
		return pay.dryRun(r, patient, p)
	}
	sure := func() error {
		return r.agree(fmt.Sprintf("Record %s (%s) of patient %s?", p.Expected, p.Method, patient))
	}
	if p.Charge {
		sure = func() error {
			return r.typed(fmt.Sprintf("%s are charged to the saved card of patient %s.", p.Expected, patient), patient)
		}
	}
	if err := sure(); err != nil {
		return err
	}
	made, err := pay.do(r, patient, p)
	if err != nil {
		return err
	}
	return one(r, "payment", made.ID.String(), paymentOf(made))
}
