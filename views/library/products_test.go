package library_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/clients/sandbox"
	"frontdesk/ui/uitest"
)

func catalogue(d *uitest.Desk) *uitest.Desk { return d.Type("p").See("$99.99", "26 rows").Settle() }

// price is what the EMR has for a product.
func (p *practice) price(vendor, code string) string {
	p.t.Helper()
	all, err := p.client("jo").Products(context.Background(), "", vendor)
	require.NoError(p.t, err)
	for _, x := range all {
		if x.ProductCode.Raw() == code {
			return x.PriceText.Raw() + " " + x.Name.Raw()
		}
	}
	return "none"
}

// reprice is a colleague's change from another desk.
func (p *practice) reprice(vendor, code, name string, cents int64) {
	p.t.Helper()
	require.NoError(p.t, p.client("jo").UpsertProducts(context.Background(), []naturaesoft.Product{{
		VendorCode: safe.Line(vendor), ProductCode: safe.Line(code), Name: safe.Line(name), RetailPrice: cents, PriceKnown: true,
	}}))
}

// TestAPriceGoesOutAsANumberWithTwoDecimals on the route of all practices
// (NS-8, NS-20).
func TestAPriceGoesOutAsANumberWithTwoDecimals(t *testing.T) {
	p := newPractice(t)
	d := catalogue(p.sit(80, 24))
	d.Type("e<tab><ctrl+u>$1,234.5<ctrl+s>").See("$99.99 -> $1,234.50 (+1134.6 %)", "every practice").Settle()
	require.Empty(t, p.written())
	d.Type("y").See("Saved.", "$1,234.50").Settle()
	require.Equal(t, []string{`POST /v1/products {"products":[{"VendorCode":"V001","ProductCode":"P001","Product":"Example Product","RetailPrice":1234.50}]}`}, p.written())
}

func TestAColleaguesPriceIsShownBeforeItIsOverwritten(t *testing.T) {
	p := newPractice(t)
	d := catalogue(p.sit(80, 24))
	d.Type("e<tab><ctrl+u>120")
	p.reprice("V001", "P001", "Example Product", 11000)
	d.Type("<ctrl+s>").See("A colleague changed it", "$99.99", "$110.00 -> $120.00 (+9.1 %)").Settle()
	p.reprice("V001", "P001", "Example Product", 11500)
	n := p.server.Requests(postProducts)
	d.Type("y").See("A colleague changed this product just now, so nothing was sent. ctrl+s").Settle()
	require.Equal(t, n, p.server.Requests(postProducts))
	d.Type("<ctrl+s>").See("$115.00 -> $120.00").Type("y").See("Saved.").Settle()
	require.Equal(t, "120.00 Example Product", p.price("V001", "P001"))
}

// TestWhatWasNotTouchedStaysAsAColleagueLeftIt renames a product while a
// colleague prices it.
func TestWhatWasNotTouchedStaysAsAColleagueLeftIt(t *testing.T) {
	p := newPractice(t)
	d := catalogue(p.sit(80, 24)).Type("<enter><ctrl+u>Renamed")
	p.reprice("V001", "P001", "Example Product", 11000)
	d.Type("<ctrl+s>").See("A colleague changed it", "Price: $110.00 -> $110.00 (no change)", "“Example Product” -> “Renamed”").Settle()
	d.Type("y").See("Saved.").Settle()
	require.Equal(t, "110.00 Renamed", p.price("V001", "P001"))
}

func TestALostAnswerOfAPriceIsNotSentAgain(t *testing.T) {
	p := newPractice(t)
	d := catalogue(p.sit(80, 24)).Type("e<tab><ctrl+u>120<ctrl+s>").See("$99.99 -> $120.00").Settle()
	box := &uitest.Outbox{}
	d.Env.Outbox = box
	p.server.SetFault(postProducts, sandbox.Fault{Kind: sandbox.FaultResetAfter})
	d.Type("y").See("with the EMR first.").Settle()
	p.server.ClearFaults()
	d.Advance(time.Minute).Type("<ctrl+s>").Settle().Gone("Edit for every practice").See("$120.00")
	require.Equal(t, 1, p.server.Executions(postProducts))
	require.Equal(t, []string{"landed"}, box.States())
}

func TestAProductThatIsGoneIsNotMadeAnew(t *testing.T) {
	p := newPractice(t)
	d := catalogue(p.sit(80, 24))
	p.server.SetFault(listProducts, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200, Body: `{"data":[]}`})
	d.Type("e<tab><ctrl+u>1<ctrl+s>").See("does not list").Settle()
	require.Empty(t, p.written())
}

func TestSearchAndVendor(t *testing.T) {
	p := newPractice(t)
	d := catalogue(p.sit(80, 24))
	d.Type("vv").See("vendor V002", "5 rows").Settle()
	d.Type("s").Type("bandage").Advance(time.Second).See("2 rows").Settle()
	d.Type("<enter><esc>").See("26 rows").Settle().Type("<esc>").See("Knowledge base")
}

// imported takes the keys from the list to the preview.
func imported(d *uitest.Desk, path string) *uitest.Desk {
	return catalogue(d).Type("i").Type(path + "<ctrl+s>").See("Columns of").Settle().Type("<ctrl+s>").See("Products from").Settle()
}

// TestWhatThePreviewShowsIsWhatIsSent compares the two cell by cell.
func TestWhatThePreviewShowsIsWhatIsSent(t *testing.T) {
	p := newPractice(t)
	file := p.csv("Supplier;SKU;Description;New price", "V001;P001;Example Product;$109.99", "V001;P002;Sunscreen SPF 50, 100 ml (sample);24.50",
		"V001;P003;Cleanser (renamed);17.1", "V009;N001;Brand New Balm;8", "V001;P004;;abc", ";P005;x;1", "V001;P001;twice;3")
	d := imported(p.sit(140, 40), file)
	d.See("2 changes", "1 new").Settle()
	rows := regexp.MustCompile(`(?m)^[ ►]\s+\d+  [~+] (?:change|new)\s+(\S+)\s+(.+?)\s{2,}(?:\$[\d.]+\s+)?\$([\d.]+)`).FindAllStringSubmatch(d.Screen(), -1)
	require.Len(t, rows, 3, d.Screen())
	d.Type("y").See("Type GLOBAL", "3 products", "Riverside Training Clinic").Type("GLOBALX<ctrl+s>").See("as it stands").Settle()
	require.Empty(t, p.written())
	d.Type("<backspace><ctrl+s>").See("Saved 3 products").Settle()
	sent := p.written()
	require.Len(t, sent, 1)
	var body struct {
		Products []struct {
			ProductCode, Product string
			RetailPrice          json.Number
		} `json:"products"`
	}
	require.NoError(t, json.Unmarshal([]byte(strings.TrimPrefix(sent[0], "POST /v1/products ")), &body))
	for i, r := range rows {
		require.Equal(t, r[1:], []string{body.Products[i].ProductCode, body.Products[i].Product, body.Products[i].RetailPrice.String()})
	}
	require.Len(t, body.Products, 3)
	d.See("✓ sent").Type("r").See("0 changes, 0 new, 4 as they are, 3 with errors").Settle()
}

// TestTheRejectsFile names every bad row and column and holds no formula.
func TestTheRejectsFile(t *testing.T) {
	p := newPractice(t)
	file := p.csv("Vendor,Code,Name,Price", "V001,P001,=HYPERLINK(A1),1x", "+V,@P,-name,-5", "V001,P002,ok,5", "V001,P003,a\tb\x1b[31m,2", `V001,"P0"04,x,1`, "V001,P005,x,1,more")
	d := imported(p.sit(120, 40), file)
	d.Type("x").See("Saved as ").Settle()
	path := regexp.MustCompile(`Saved as (\S+)`).FindStringSubmatch(d.Screen())[1]
	require.Equal(t, p.dir, filepath.Dir(path))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	all, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"Vendor", "Code", "Name", "Price", "Line", "Why"}, all[0])
	lines := map[string]string{}
	for _, row := range all[1:] {
		lines[row[4]] = row[5]
		for _, cell := range row {
			require.NotContains(t, "=+-@\t\r\x1b", string((cell + " ")[0]), "a spreadsheet would run %q", cell)
			require.NotContains(t, cell, "\x1b")
		}
	}
	require.Equal(t, map[string]string{
		"2": "Price: “1x” is not an amount like 12.50",
		"3": "Price: “-5” is not an amount like 12.50",
		"5": "Name: it is too long or holds characters that cannot be shown",
		"6": "a quotation mark stands where none may be",
		"7": "it has 5 cells and the header has 4",
	}, lines)
	require.Contains(t, d.Screen(), "1 change", "the good row stays")
}

// TestALostAnswerInTheMiddleStopsTheRest sends in parts; after a part whose
// answer is lost nothing more goes by itself, and comparing again finds what
// landed.
func TestALostAnswerInTheMiddleStopsTheRest(t *testing.T) {
	p := newPractice(t)
	lines := []string{"Vendor,Code,Name,Price"}
	for i := range 450 {
		lines = append(lines, fmt.Sprintf("V900,N%03d,Sample %d,%d.25", i, i, i+1))
	}
	d := imported(p.sit(80, 24), p.csv(lines...))
	p.server.SetFault(postProducts, sandbox.Fault{Kind: sandbox.FaultResetAfter, After: 1, Times: 1})
	d.Type("yGLOBAL<ctrl+s>").See("Stopped: 200 saved, 250 open", "broke after").Settle()
	d.Type("<esc>y").See("Press r first").Settle().Type("ff").See("errors").Type("<esc>f").Settle()
	require.Equal(t, 2, p.server.Executions(postProducts))
	d.Advance(time.Minute).Type("r").See("50 new, 400 as they are").Settle()
	d.Type("yGLOBAL<ctrl+s>").See("Saved 50 products").Settle()
	require.Equal(t, 3, p.server.Executions(postProducts))
	all, err := p.client("jo").Products(context.Background(), "", "V900")
	require.NoError(t, err)
	require.Len(t, all, 450, "each exactly once")
}

func TestColumnsAreAskedForAndMayStay(t *testing.T) {
	p := newPractice(t)
	file := p.csv("v,c,p", "V001,P001,5", "V001,NEW,6")
	d := catalogue(p.sit(100, 30)).Type("i").Type(file + "<ctrl+s>").See("Columns of").Settle()
	d.Type("<ctrl+s>").See("nothing is chosen").Settle()
	d.Type("v<tab>v<tab><tab>p<ctrl+s>").See("is the vendor code already").Settle()
	d.Type("c<tab><tab>p<ctrl+s>").See("Example Product", "$5.00", "1 change").Settle()
	d.Type("<down>").See("it is new at the EMR, and no column names it")
}

func TestFilesThatAreNone(t *testing.T) {
	p := newPractice(t)
	bad := filepath.Join(p.dir, "latin.csv")
	require.NoError(t, os.WriteFile(bad, []byte("a,b\ncr\xe8me,1\n"), 0o600))
	for path, want := range map[string]string{
		"/nowhere/at/all.csv": "cannot be opened", p.dir: "cannot be read", bad: "not in UTF-8", p.csv(""): "first line is not a header",
	} {
		d := catalogue(p.sit(140, 30)).Type("i").Type(path + "<ctrl+s>").See(want).Settle()
		require.Contains(t, d.Screen(), "Change products by a file", path)
	}
}

// TestAPriceThatIsNoWholeCentsIsUnknown, never rounded (NS-20).
func TestAPriceThatIsNoWholeCentsIsUnknown(t *testing.T) {
	p := newPractice(t)
	p.server.SetFault(listProducts, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200, Body: `{"data":[
		{"ProductID":1,"VendorCode":"V","ProductCode":"A","Product":"odd","RetailPrice":99.999},
		{"ProductID":2,"VendorCode":"V","ProductCode":"B","Product":"text","RetailPrice":"12.5"},
		{"ProductID":3,"VendorCode":"V","ProductCode":"C","Product":"none","RetailPrice":null},
		{"ProductID":4,"VendorCode":"V","ProductCode":"D","Product":"much","RetailPrice":90071992547409.93}]}`})
	d := p.sit(80, 24).Type("p").See("? 99.999", "$12.50", "? unknown", "$90,071,992,5").Settle()
	d.Type("e<ctrl+s>").See("no amount is typed").Settle()
	d.Type("1<ctrl+s>").See("? 99.999 -> $1.00 (price was unknown)")
}

func TestAMissingPermissionIsNamed(t *testing.T) {
	p := newPractice(t)
	p.server.SetFault(listProducts, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 403, Body: `{"error":"no"}`})
	p.sit(120, 24).Type("p").See("ProductPro.Products")
}
