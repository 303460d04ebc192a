package library

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/ui/form"
)

// columns are the fields of a product by wire name and how headers spell them.
var columns = []struct {
	name, label string
	spelled     []string
}{
	{"VendorCode", "Vendor code", []string{"vendorcode", "vendor", "supplier", "vendorid"}},
	{"ProductCode", "Product code", []string{"productcode", "code", "sku", "item", "itemcode", "productid"}},
	{"Product", "Product", []string{"product", "productname", "name", "description", "title"}},
	{"RetailPrice", "Retail price", []string{"retailprice", "price", "retail", "newprice", "amount", "usd"}},
}

// mapping is the column of each field; -1: it stays as it is at the EMR.
type mapping map[string]int

// guess maps the columns whose headers are known.
func guess(header []string) mapping {
	m := mapping{}
	for _, c := range columns {
		m[c.name] = -1
		for _, word := range c.spelled {
			for i, h := range header {
				if m[c.name] < 0 && letters(h) == word {
					m[c.name] = i
				}
			}
		}
	}
	return m
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// verdict is what becomes of a row.
type verdict uint8

const (
	wrong verdict = iota
	same
	changed
	fresh
	done
	unsure // sent, and no answer
)

var verdictWords = [...]string{"error", "no change", "change", "new", "sent", "unknown"}

// planned is a row of the file beside what the EMR has.
type planned struct {
	csvRow
	verdict verdict
	send    sentProduct         // what is sent, when it is
	was     naturaesoft.Product // what is there now, unless it is fresh
	faults  []fault
}

// fault is what is wrong with one cell; column is "" for the whole row.
type fault struct{ column, words string }

func (f fault) String() string {
	if f.column == "" {
		return f.words
	}
	return f.column + ": " + f.words
}

func (p planned) why() string {
	var all []string
	for _, f := range p.faults {
		all = append(all, f.String())
	}
	return strings.Join(all, "; ")
}

// plan says of each row what would be sent. What it holds is exactly what is
// sent: nothing is read from the file again.
func plan(f csvFile, m mapping, now stock) []planned {
	out := make([]planned, len(f.rows))
	first := map[[2]string]int{}
	for i, row := range f.rows {
		p := read(row, f.header, m, now)
		key := [2]string{p.send.VendorCode, p.send.ProductCode}
		if line, twice := first[key]; twice && p.verdict != wrong {
			p.fail("", fmt.Sprintf("line %d has the same two codes", line))
		} else if p.verdict != wrong {
			first[key] = row.line
		}
		out[i] = p
	}
	return out
}

func (p *planned) fail(column, words string) {
	p.faults = append(p.faults, fault{column, words})
	p.verdict = wrong
}

// read makes what one row says of a product.
func read(row csvRow, header []string, m mapping, now stock) planned {
	p := planned{csvRow: row, verdict: same}
	if row.wrong != "" {
		p.fail("", row.wrong)
		return p
	}
	named := func(name string) string {
		if at := m[name]; at >= 0 && at < len(header) {
			return safe.Clean(header[at])
		}
		return name
	}
	text := func(name string) string {
		s := row.cell(m[name])
		switch {
		case s == "":
			p.fail(named(name), "it is empty")
		case safe.Line(s).Altered():
			p.fail(named(name), "it is too long or holds characters that cannot be shown")
		}
		return s
	}
	p.send.VendorCode, p.send.ProductCode = text("VendorCode"), text("ProductCode")
	have := now[[2]string{p.send.VendorCode, p.send.ProductCode}]
	switch {
	case len(p.faults) > 0:
	case len(have) > 1:
		p.fail("", "the EMR lists these two codes more than once")
	case len(have) == 1:
		p.was, p.send.Was = have[0], seen(have[0])
		p.send.Product, p.send.Cents = p.was.Name.Raw(), p.was.RetailPrice
	}
	if m["Product"] >= 0 {
		p.send.Product = text("Product")
	} else if p.send.Was == nil && len(p.faults) == 0 {
		p.fail("", "it is new at the EMR, and no column names it")
	}
	p.price(row.cell(m["RetailPrice"]), m["RetailPrice"] >= 0, named)
	if p.verdict != wrong {
		p.judge()
	}
	return p
}

// price reads the price, or keeps the one that is there.
func (p *planned) price(s string, mapped bool, named func(string) string) {
	if !mapped {
		if len(p.faults) == 0 && (p.send.Was == nil || !p.was.PriceKnown) {
			p.fail("", "its price is not known, and no column holds one")
		}
		return
	}
	cents, ok := form.Cents(s)
	switch {
	case s == "":
		p.fail(named("RetailPrice"), "it is empty")
	case !ok:
		p.fail(named("RetailPrice"), "“"+safe.Clean(s)+"” is not an amount like 12.50")
	}
	p.send.Cents = cents
}

func (p *planned) judge() {
	switch {
	case p.send.Was == nil:
		p.verdict = fresh
	case p.send.Product != p.was.Name.Raw() || !p.was.PriceKnown || p.send.Cents != p.was.RetailPrice:
		p.verdict = changed
	}
}

// tally counts a plan.
type tally struct {
	wrong, same, changed, fresh, done, unsure, prices int
	least, most                                       string // change of price in per cent
}

func count(rows []planned) tally {
	var t tally
	var low, high *planned
	for i := range rows {
		p := &rows[i]
		switch p.verdict {
		case wrong:
			t.wrong++
		case same:
			t.same++
		case done:
			t.done++
		case fresh:
			t.fresh++
		case unsure:
			t.unsure++
		case changed:
			t.changed++
			if !p.was.PriceKnown || p.was.RetailPrice == p.send.Cents {
				continue
			}
			if t.prices++; p.was.RetailPrice == 0 {
				continue
			}
			if low == nil || p.ratio() < low.ratio() {
				low = p
			}
			if high == nil || p.ratio() > high.ratio() {
				high = p
			}
		}
	}
	if low != nil {
		t.least, t.most = perCent(low.was.RetailPrice, low.send.Cents), perCent(high.was.RetailPrice, high.send.Cents)
	}
	return t
}

// ratio orders changes of price; what is shown is worked out exactly.
func (p *planned) ratio() float64 { return float64(p.send.Cents) / float64(p.was.RetailPrice) }

// span is the changes of price from the least to the most.
func (t tally) span() string {
	if t.least == t.most {
		return t.least
	}
	return t.least + " to " + t.most
}

func (t tally) toSend() int { return t.changed + t.fresh }

// rejects is the file of the rows that are wrong, with the line and the reason
// behind their own cells. No cell is a formula to a spreadsheet.
func rejects(f csvFile, rows []planned) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	put := func(cells []string, more ...string) {
		line := make([]string, 0, len(f.header)+2)
		for i := range f.header {
			cell := ""
			if i < len(cells) {
				cell = safe.CSVCell(cells[i])
			}
			line = append(line, cell)
		}
		for _, m := range more {
			line = append(line, safe.CSVCell(m))
		}
		_ = w.Write(line) // into memory
	}
	put(f.header, "Line", "Why")
	for _, p := range rows {
		if p.verdict == wrong {
			put(p.cells, strconv.Itoa(p.line), p.why())
		}
	}
	w.Flush()
	return b.Bytes()
}
