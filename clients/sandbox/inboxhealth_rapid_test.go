package sandbox

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// ihBooks is a second, dumber set of books: what was accepted is written down
// here and added up anew each time.
type ihBooks struct {
	charged, owed map[int]int // by invoice
	expected      map[int]int // by payment
	refunded      map[int]int
	voided        map[int]bool
	insured       map[int]bool
	paid          map[[2]int]int // by payment and invoice
	writtenOff    int
}

// TestInboxMoney lets anything be billed, paid, allocated, refunded, voided and
// written off in any order, and compares every figure with the second books.
func TestInboxMoney(t *testing.T) {
	x := newServer(Options{Patients: 1}.withDefaults()).billing
	x.fill()
	rapid.Check(t, func(t *rapid.T) {
		patient := x.must(x.addPatient(row{"first_name": "Ada", "last_name": "Example", "enterprise_id": jsonInt(1)}))
		books := ihBooks{map[int]int{}, map[int]int{}, map[int]int{}, map[int]int{}, map[int]bool{}, map[int]bool{}, map[[2]int]int{}, 0}
		var invoices, payments []int
		cents := rapid.IntRange(0, 50_000)
		pick := func(t *rapid.T, of []int, what string) int {
			if len(of) == 0 {
				t.Skip("no " + what)
			}
			return rapid.SampledFrom(of).Draw(t, what)
		}
		t.Repeat(map[string]func(*rapid.T){
			"bill": func(t *rapid.T) {
				charge, covered, owed := cents.Draw(t, "charge"), cents.Draw(t, "covered"), rapid.IntRange(0, 3000).Draw(t, "owed")
				id, err := x.addInvoice(row{"patient_id": jsonInt(patient), "date_of_service": "2026-03-02", "line_items_attributes": []any{
					map[string]any{"total_charge_amount_cents": jsonInt(charge), "covered_amount_cents": jsonInt(covered), "insurance_owed_amount_cents": jsonInt(owed)}}})
				if (err == nil) != (charge >= covered) {
					t.Fatalf("a bill of %d less %d: %v", charge, covered, err)
				}
				if err == nil {
					invoices = append(invoices, id)
					books.charged[id], books.owed[id] = charge-covered, owed
				}
			},
			"pay": func(t *rapid.T) {
				method := rapid.SampledFrom([]string{"cash", "external_card", "insurance"}).Draw(t, "method")
				amount := cents.Draw(t, "amount")
				id, err := x.addPayment(row{"patient_id": jsonInt(patient), "expected_amount_cents": jsonInt(amount),
					"payment_method_type": method, "apply_payment": rapid.Bool().Draw(t, "apply")}, 0)
				if (err == nil) != (amount > 0) {
					t.Fatalf("a payment of %d: %v", amount, err)
				}
				if err == nil {
					payments = append(payments, id)
					books.expected[id], books.insured[id] = amount, method == "insurance"
					for _, a := range x.allocations.where("payment_id", id) {
						books.paid[[2]int{id, x.allocations.cents(a, "invoice_id")}] += x.allocations.cents(a, "paid_amount_cents")
					}
				}
			},
			"allocate": func(t *rapid.T) {
				p, i, c := pick(t, payments, "payment"), pick(t, invoices, "invoice"), cents.Draw(t, "cents")
				fits := !books.voided[p] && c <= books.left(p) && c <= books.open(i)
				_, err := x.addAllocation(row{"payment_id": jsonInt(p), "invoice_id": jsonInt(i), "paid_amount_cents": jsonInt(c)})
				if (err == nil) != fits {
					t.Fatalf("an allocation that fits is %v: %v", fits, err)
				}
				if err == nil {
					books.paid[[2]int{p, i}] += c
				}
			},
			"refund": func(t *rapid.T) {
				p, c := pick(t, payments, "payment"), cents.Draw(t, "cents")
				before := x.balance(patient)
				_, err := x.adjust(row{"payment_id": jsonInt(p), "amount_cents": jsonInt(c)}, false)
				if fits := !books.voided[p] && c > 0 && books.refunded[p]+c <= books.expected[p]; (err == nil) != fits {
					t.Fatalf("a refund that fits is %v: %v", fits, err)
				}
				if err == nil {
					books.refunded[p] += c
				}
				require.Equal(t, before, x.balance(patient), "a refund changes no balance")
			},
			"void": func(t *rapid.T) {
				p := pick(t, payments, "payment")
				_, err := x.adjust(row{"payment_id": jsonInt(p), "amount_cents": jsonInt(books.expected[p])}, true)
				if fits := !books.voided[p] && books.refunded[p] == 0; (err == nil) != fits {
					t.Fatalf("a void that fits is %v: %v", fits, err)
				}
				if err == nil {
					books.voided[p] = true
					for _, i := range invoices {
						delete(books.paid, [2]int{p, i})
					}
				}
			},
			"write off": func(t *rapid.T) {
				c := cents.Draw(t, "cents")
				fits := c > 0 && c <= books.owes(invoices)
				_, err := x.addWriteOff(row{"patient_id": jsonInt(patient), "date": "2026-03-09", "write_off_code_id": jsonInt(1), "amount_cents": jsonInt(c)})
				if (err == nil) != fits {
					t.Fatalf("a write-off that fits is %v: %v", fits, err)
				}
				if err == nil {
					books.writtenOff += c
				}
			},
			"": func(t *rapid.T) { books.compare(t, x, patient, invoices, payments) },
		})
	})
}

func (b *ihBooks) open(invoice int) int {
	sum := b.charged[invoice]
	for k, c := range b.paid {
		if k[1] == invoice {
			sum -= c
		}
	}
	return sum
}

func (b *ihBooks) insurance(invoice int) int {
	sum := b.owed[invoice]
	for k, c := range b.paid {
		if k[1] == invoice && b.insured[k[0]] {
			sum -= c
		}
	}
	return max(sum, 0)
}

func (b *ihBooks) left(payment int) int {
	if b.voided[payment] {
		return 0
	}
	sum := b.expected[payment]
	for k, c := range b.paid {
		if k[0] == payment {
			sum -= c
		}
	}
	return sum
}

func (b *ihBooks) owes(invoices []int) int {
	sum := -b.writtenOff
	for _, i := range invoices {
		if b.insurance(i) == 0 {
			sum += b.open(i)
		}
	}
	return sum
}

func (b *ihBooks) compare(t *rapid.T, x *inboxhealth, patient int, invoices, payments []int) {
	sum := b.owes(invoices)
	for _, i := range invoices {
		shown := x.look(x.invoices, i, true)
		require.Equal(t, b.open(i), shown["balance_cents"], "invoice")
		require.GreaterOrEqual(t, shown["balance_cents"], 0)
		require.Equal(t, b.insurance(i), shown["total_insurance_balance_cents"])
	}
	for _, p := range payments {
		shown := x.look(x.payments, p, true)
		applied := 0
		for k, c := range b.paid {
			if k[0] == p {
				applied += c
			}
		}
		require.Equal(t, applied, shown["applied_amount_cents"])
		require.LessOrEqual(t, applied, b.expected[p], "more is applied than was paid")
		require.Equal(t, b.refunded[p], shown["refunded_amount_cents"])
		want := "completed"
		switch {
		case b.voided[p]:
			want = "voided"
		case b.refunded[p] == b.expected[p]:
			want = "refunded"
		case b.refunded[p] > 0:
			want = "partially refunded"
		}
		require.Equal(t, want, shown["status"])
		if !b.insured[p] {
			sum -= b.left(p)
		}
	}
	shown := x.look(x.patients, patient, true)
	require.Equal(t, fmt.Sprint(sum), fmt.Sprint(shown["balance_cents"]), "patient")
	require.Equal(t, shown["balance_cents"], shown["cached_balance_cents"])
}
