package billing

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/safe"
	"frontdesk/ui/table"
)

// debtor is a patient with open invoices, by their age.
type debtor struct {
	id   inboxhealth.ID
	name string
	owed owed
	part bool // the list of invoices had no end that was reached
}

// aging is who owes since when, over all patients.
type aging struct{ *list[debtor] }

func newAging(v *View) *aging {
	a := &aging{}
	by := func(title string, drop int, of func(debtor) amount) table.Column[debtor] {
		return table.Column[debtor]{Title: title, Min: 9, Max: 13, Right: true, Drop: drop,
			Cell: func(d debtor) string {
				if x := of(d); !x.Known || x.Cents != 0 {
					return x.String()
				}
				return ""
			},
			Less: byAmount(of)}
	}
	at := func(i int) func(debtor) amount {
		return func(d debtor) amount { return amount{Cents: d.owed.By[i], Known: true} }
	}
	t := table.New(v.env.Theme, func(d debtor) string { return d.id.String() },
		table.Column[debtor]{Title: "Patient", Min: 18, Cell: func(d debtor) string { return d.name }},
		by("0-30 days", 1, at(0)), by("31-60", 0, at(1)), by("61-90", 0, at(2)), by("over 90", 0, at(3)),
		by("All", 0, func(d debtor) amount { return d.owed.total() }),
		table.Column[debtor]{Title: "Insurance", Min: 9, Max: 13, Right: true, Drop: 2, Cell: func(d debtor) string {
			if d.owed.Insurance == 0 {
				return ""
			}
			return d.owed.Insurance.String()
		}},
		table.Column[debtor]{Title: "Unknown", Min: 7, Max: 7, Right: true, Drop: 3, Cell: func(d debtor) string {
			if d.owed.Strange == 0 {
				return ""
			}
			return strconv.Itoa(d.owed.Strange)
		}},
	)
	a.list = newList(v, "read all invoices", t)
	a.head, a.act = a.title, a.do
	a.keys = func() []key.Binding {
		k := v.keys
		a.needRow(&k.Open)
		return []key.Binding{k.Open, k.CSV}
	}
	t.SetEmpty("Nobody has an open invoice.")
	return a
}

// asking reads all invoices and the names of those who owe.
func (a *aging) asking() func(ctx) ([]debtor, error) {
	inbox, today := a.v.inbox, a.v.today()
	return func(c ctx) ([]debtor, error) {
		invoices, complete, err := inboxhealth.Every(func(q inboxhealth.Query) (inboxhealth.Page[inboxhealth.Invoice], error) {
			return inbox.Invoices(c, q)
		}, func(i inboxhealth.Invoice) inboxhealth.ID { return i.ID })
		if err != nil {
			return nil, err
		}
		people, _, err := inbox.AllPatients(c, inboxhealth.Query{})
		if err != nil {
			return nil, err
		}
		names := map[inboxhealth.ID]string{}
		for _, p := range people {
			names[p.ID] = p.Name().String()
		}
		return debtors(invoices, names, today, !complete), nil
	}
}

// enter counts the days from today, not from when the tab was made.
func (a *aging) enter() tea.Cmd {
	a.fetch = a.asking()
	return a.list.enter()
}

func (a *aging) title() string {
	var all owed
	partial := false
	for _, d := range a.table.Rows() {
		for i := range all.By {
			all.By[i] = plus(amount{Cents: all.By[i], Known: true}, amount{Cents: d.owed.By[i], Known: true}).Cents
		}
		partial = partial || d.part
	}
	words := fmt.Sprintf("0-30 %s  31-60 %s  61-90 %s  over 90 %s", all.By[0], all.By[1], all.By[2], all.By[3])
	if partial {
		words = "NOT ALL invoices could be read: " + words
	}
	return a.v.env.Theme.Strong.Render("Aging") + "  " + words
}

func (a *aging) do(msg tea.KeyPressMsg, row debtor, some bool) (tea.Cmd, bool) {
	k := a.v.keys
	switch {
	case some && key.Matches(msg, k.Open):
		cmd := a.v.goTo(row.id)
		a.v.person.from = a // the next of the list is called after this one
		return cmd, true
	case key.Matches(msg, k.CSV):
		return a.v.env.Save("aging", a.v.opt.Dir, "aging-"+a.v.today().String()+".csv", []byte(a.csv())), true
	}
	return nil, false
}

// csv is the table for a spreadsheet, money as plain dollars.
func (a *aging) csv() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"patient", "name", "0-30", "31-60", "61-90", "over 90", "insurance", "unknown invoices"})
	for _, d := range a.table.Rows() {
		line := []string{d.id.String(), safe.CSVCell(d.name)}
		for _, c := range append(d.owed.By[:], d.owed.Insurance) {
			line = append(line, strings.ReplaceAll(strings.TrimPrefix(c.String(), "$"), ",", ""))
		}
		_ = w.Write(append(line, strconv.Itoa(d.owed.Strange)))
	}
	w.Flush() // into memory, which does not fail
	return b.String()
}

// debtors sorts invoices by patient and age, in the order patients come.
func debtors(invoices []inboxhealth.Invoice, names map[inboxhealth.ID]string, today date, partial bool) []debtor {
	var all []debtor
	at := map[inboxhealth.ID]int{}
	for _, i := range invoices {
		n, ok := at[i.PatientID]
		if !ok {
			name := names[i.PatientID]
			if name == "" {
				name = "patient " + i.PatientID.String()
			}
			n = len(all)
			at[i.PatientID], all = n, append(all, debtor{id: i.PatientID, name: name, part: partial})
		}
		all[n].owed.add(i, today)
	}
	var open []debtor
	for _, d := range all {
		if d.owed != (owed{}) {
			open = append(open, d)
		}
	}
	return open
}
