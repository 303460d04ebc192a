package inboxhealth

// A change whose answer was lost is settled by reading the record again and
// asking it whether it holds the edits. Edits that only repeat what was there
// before are no evidence, so none should be among them.

// Holds tells whether an enterprise that was just read has all of the edits
// (Landed), none (DidNot) or some of them (CannotTell).
func (e Enterprise) Holds(edits Edits) Verdict { return holds(e.held, enterpriseFields, edits) }

// Holds is as of Enterprise.
func (p Practice) Holds(edits Edits) Verdict { return holds(p.held, practiceFields, edits) }

// Holds is as of Enterprise.
func (d Doctor) Holds(edits Edits) Verdict { return holds(d.held, doctorFields, edits) }

// Holds is as of Enterprise.
func (p Patient) Holds(edits Edits) Verdict { return holds(p.held, patientFields, edits) }

// Holds is as of Enterprise; lines are asked themselves.
func (i Invoice) Holds(edits Edits) Verdict { return holds(i.held, invoiceFields, edits) }

// Holds is as of Enterprise.
func (l LineItem) Holds(edits Edits) Verdict { return holds(l.held, lineFields, edits) }

// Holds tells whether an allocation that was just read is of the amount. It
// cannot tell when the amount is unknown.
func (p InvoicePayment) Holds(paid Cents) Verdict {
	switch {
	case !p.Paid.Known:
		return CannotTell
	case p.Paid.Cents == paid:
		return Landed
	}
	return DidNot
}

func holds(held object, fields map[string]form, edits Edits) Verdict {
	if len(edits) == 0 || held == nil {
		return CannotTell
	}
	kept := 0
	for name, text := range edits {
		f, known := fields[name]
		sent, why := f.value(text)
		if !known || why != "" {
			return CannotTell
		}
		if f.alike(held[name], sent) {
			kept++
		}
	}
	switch kept {
	case 0:
		return DidNot
	case len(edits):
		return Landed
	}
	return CannotTell
}
