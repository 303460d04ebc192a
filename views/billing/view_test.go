package billing_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/ui/uitest"
)

var sizes = map[string][2]int{"80x24": {80, 24}, "120x40": {120, 40}}

func golden(t *testing.T, name string, d *uitest.Desk, size [2]int) {
	t.Helper()
	d.Fits(size[0], size[1])
	d.Golden(name)
}

// TestPages holds what each page looks like.
func TestPages(t *testing.T) {
	pages := map[string]func(d *uitest.Desk) *uitest.Desk{
		"patients": func(d *uitest.Desk) *uitest.Desk { return d.See("Patients") },
		"patient":  open,
		"payments": func(d *uitest.Desk) *uitest.Desk {
			return open(d).Type("p<ctrl+s>").Settle().Type("y").Settle().Type("y").Settle()
		},
		"messages":        func(d *uitest.Desk) *uitest.Desk { return open(d).Type("m") },
		"invoice":         func(d *uitest.Desk) *uitest.Desk { return open(d).Type("<enter>").See("All lines") },
		"balance":         func(d *uitest.Desk) *uitest.Desk { return open(d).Type("b").See("to read aloud") },
		"payment-form":    func(d *uitest.Desk) *uitest.Desk { return open(d).Type("p").See("Payment of Ann") },
		"payment-confirm": func(d *uitest.Desk) *uitest.Desk { return open(d).Type("p<ctrl+s>").See("Record this payment?") },
		"invoice-form":    func(d *uitest.Desk) *uitest.Desk { return open(d).Type("n").See("Invoice for Ann") },
		"invoice-grown": func(d *uitest.Desk) *uitest.Desk {
			return open(d).Type("nOffice visit<tab>99213<tab>145<tab>45<tab>20<ctrl+n>Blood draw<tab><tab>18.50<ctrl+n>").See("Line 3")
		},
		"line-form":    func(d *uitest.Desk) *uitest.Desk { return open(d).Type("a").See("One more line") },
		"line-correct": func(d *uitest.Desk) *uitest.Desk { return open(d).Type("<enter>e").See("Line of invoice") },
		"quick-form":   func(d *uitest.Desk) *uitest.Desk { return open(d).Type("q").See("Quick pay") },
		"patient-form": func(d *uitest.Desk) *uitest.Desk { return open(d).Type("e").See("Change Ann") },
		"patient-new":  func(d *uitest.Desk) *uitest.Desk { return d.Type("n").See("New patient") },
		"statements":   func(d *uitest.Desk) *uitest.Desk { return open(d).Type("t").See("Statements of") },
		"write-off":    func(d *uitest.Desk) *uitest.Desk { return open(d).Type("w").See("Write off for") },
		"enterprise-fields": func(d *uitest.Desk) *uitest.Desk {
			return d.Type("E<enter>").See("Practices inside").Type("i").See("Check-in")
		},
		"enterprise-change": func(d *uitest.Desk) *uitest.Desk { return d.Type("Ee").See("Change Riverside") },
		"practice": func(d *uitest.Desk) *uitest.Desk {
			return d.Type("E<enter>").See("Practices inside").Settle().Type("<enter>")
		},
		"practice-form": func(d *uitest.Desk) *uitest.Desk {
			return d.Type("E<enter>").See("Practices inside").Settle().Type("e")
		},
		"receipt": func(d *uitest.Desk) *uitest.Desk {
			return open(d).Type("p<ctrl+s>").Settle().Type("y").Settle().Type("yc").See("RECEIPT")
		},
		"refund": func(d *uitest.Desk) *uitest.Desk {
			return open(d).Type("p<ctrl+s>").Settle().Type("y").Settle().Type("yR").See("Refund")
		},
		"void": func(d *uitest.Desk) *uitest.Desk {
			return open(d).Type("p<ctrl+s>").Settle().Type("y").Settle().Type("yV").See("VOID")
		},
		"aging":           func(d *uitest.Desk) *uitest.Desk { return d.Type("A").See("Testperson") },
		"enterprises":     func(d *uitest.Desk) *uitest.Desk { return d.Type("E").See("Specimen") },
		"enterprise":      func(d *uitest.Desk) *uitest.Desk { return d.Type("E<enter>").See("Practices inside") },
		"enterprise-form": func(d *uitest.Desk) *uitest.Desk { return d.Type("En").See("Will be sent") },
		"accounts":        func(d *uitest.Desk) *uitest.Desk { return d.Type("U").See("PRACTICE-101") },
		"account-form":    func(d *uitest.Desk) *uitest.Desk { return d.Type("Ue").See("Change PRACTICE-101") },
		"onboarding":      func(d *uitest.Desk) *uitest.Desk { return d.Type("B").See("No practice is on its way") },
		"onboarding-form": func(d *uitest.Desk) *uitest.Desk { return d.Type("Bn").See("Take a practice in") },
	}
	for name, show := range pages {
		for size, cells := range sizes {
			t.Run(name+"-"+size, func(t *testing.T) {
				p := newPractice(t)
				p.ann()
				golden(t, name+"-"+size, show(p.sit(cells[0], cells[1])).Settle(), cells)
			})
		}
	}
}

// TestKeysStandOnce: no key has two meanings on a page.
func TestKeysStandOnce(t *testing.T) {
	for _, script := range []string{"", "A", "E", "E<enter>", "U", "B", "open", "openy", "openm"} {
		p := newPractice(t)
		p.ann()
		d := p.sit(120, 40)
		if rest, patient := strings.CutPrefix(script, "open"); patient {
			open(d).Type(rest)
		} else {
			d.Type(script)
		}
		require.NotEmpty(t, d.Settle().Bound(), script)
	}
}
