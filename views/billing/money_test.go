package billing

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/inboxhealth"
	"frontdesk/ui/form"
)

var today = civil.Date{Year: 2026, Month: time.March, Day: 9}

func known(c cents) amount { return amount{Cents: c, Known: true} }

// anyDues draws invoices, some of which wait for an insurance.
func anyDues(t *rapid.T) []due {
	n := rapid.IntRange(0, 8).Draw(t, "invoices")
	all := make([]due, n)
	for i := range all {
		all[i] = due{
			ID: inboxhealth.ID(i + 1), Date: today.AddDays(-rapid.IntRange(0, 400).Draw(t, "age")),
			Open:      cents(rapid.Int64Range(1, 1<<40).Draw(t, "open")),
			Insurance: cents(rapid.Int64Range(0, 1<<20).Draw(t, "insurance")) * cents(rapid.IntRange(0, 1).Draw(t, "waits")),
		}
	}
	return all
}

// TestSharesAddUp: whatever is paid, shares and rest are exactly that, none is
// negative and none more than its invoice has open.
func TestSharesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		on, paid := anyDues(t), cents(rapid.Int64Range(0, 1<<45).Draw(t, "paid"))
		insurance := rapid.Bool().Draw(t, "by insurance")
		shares, rest := spread(paid, on, insurance)
		sum := rest
		require.GreaterOrEqual(t, rest, cents(0))
		for i, s := range shares {
			require.GreaterOrEqual(t, s, cents(0))
			require.LessOrEqual(t, s, on[i].Open)
			require.LessOrEqual(t, s, on[i].room(insurance))
			if !insurance && on[i].Insurance > 0 {
				require.Zero(t, s, "the patient does not owe it yet")
			}
			sum += s
		}
		require.Equal(t, paid, sum)
		require.Empty(t, adds(paid, shares, on, rest))
		if rest > 0 {
			for i := range on {
				require.Equal(t, on[i].room(insurance), shares[i], "credit only when all is paid")
			}
		}
	})
}

// TestACentMoreOrLessIsRefused: a change of any single amount is noticed.
func TestACentMoreOrLessIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		on, paid := anyDues(t), cents(rapid.Int64Range(1, 1<<45).Draw(t, "paid"))
		shares, rest := spread(paid, on, false)
		off := cents(rapid.SampledFrom([]int64{-1, 1, 100, -100, math.MaxInt64 / 2}).Draw(t, "off"))
		at := rapid.IntRange(0, len(shares)).Draw(t, "at")
		if at == len(shares) {
			rest += off
		} else {
			shares[at] += off
		}
		require.NotEmpty(t, adds(paid, shares, on, rest))
	})
}

// TestWhatIsTypedIsWhatIsCounted: an amount goes through the form's spelling
// and the request's without a change.
func TestWhatIsTypedIsWhatIsCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.Int64Range(1, 99_999_999_99).Draw(t, "cents")
		read, ok := form.Cents(form.Dollars(c))
		require.True(t, ok)
		require.Equal(t, c, read)
		read, ok = form.Cents(cents(c).String())
		require.True(t, ok)
		require.Equal(t, c, read)
	})
}

func TestLinesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values, want := map[string]string{"date_of_service": today.String()}, cents(0)
		for i := range 12 {
			charge := rapid.Int64Range(1, 1<<30).Draw(t, "charge")
			covered := rapid.Int64Range(0, charge).Draw(t, "covered")
			tax := rapid.Int64Range(0, 1<<20).Draw(t, "tax")
			n := strconv.Itoa(i)
			values["description."+n], values["quantity."+n] = "visit", "1"
			values["charge."+n], values["covered."+n] = form.Dollars(charge), form.Dollars(covered)
			values["tax."+n] = form.Dollars(tax)
			want += cents(charge - covered + tax)
		}
		items := lines(values, 12)
		require.Empty(t, badLines(items, values, 12))
		require.Equal(t, known(want), sums(items).part)
	})
}

// TestASumIsKnownOrRight: a sum never wraps round and never leaves out what is
// unknown.
func TestASumIsKnownOrRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []amount
		unknown := false
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			a := amount{Cents: cents(rapid.Int64().Draw(t, "cents")), Known: rapid.IntRange(0, 9).Draw(t, "known") > 0}
			unknown = unknown || !a.Known
			all = append(all, a)
		}
		sum := plus(all...)
		require.False(t, unknown && sum.Known)
		if sum.Known {
			for _, a := range all {
				sum.Cents -= a.Cents
			}
			require.Zero(t, sum.Cents)
		}
	})
	require.False(t, plus(known(math.MaxInt64), known(1)).Known)
	require.False(t, plus(known(math.MinInt64), known(-1)).Known)
}

func invoice(day civil.Date, open, insurance cents) inboxhealth.Invoice {
	return inboxhealth.Invoice{ID: 1, DateOfService: day, Balance: known(open), InsuranceBalance: known(insurance)}
}

func TestAges(t *testing.T) {
	for ago, want := range map[int]int{-5: 0, 0: 0, 30: 0, 31: 1, 60: 1, 61: 2, 90: 2, 91: 3, 4000: 3} {
		o := aged([]inboxhealth.Invoice{invoice(today.AddDays(-ago), 123, 0)}, today)
		var by ages
		by[want] = 123
		require.Equal(t, owed{By: by}, o, "%d days", ago)
	}
	strange := invoice(today, 0, 0)
	strange.Balance = amount{}
	estimate := invoice(today, 500, 0)
	estimate.Estimate = inboxhealth.Flag{On: true, Known: true}
	require.Equal(t, owed{Strange: 2, Insurance: 700}, aged([]inboxhealth.Invoice{
		strange, invoice(civil.Date{}, 5, 0), estimate, invoice(today, 0, 0), invoice(today, -5, 0), invoice(today, 700, 100),
	}, today))
}

func TestAgingIsAllThatIsOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []inboxhealth.Invoice
		var want cents
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			c := cents(rapid.Int64Range(-1000, 1<<40).Draw(t, "open"))
			i := invoice(today.AddDays(-rapid.IntRange(0, 500).Draw(t, "age")), c, cents(rapid.Int64Range(0, 1).Draw(t, "insurance")))
			want += max(0, c)
			all = append(all, i)
		}
		o := aged(all, today)
		require.Equal(t, known(want), plus(o.total(), known(o.Insurance)))
	})
}

// TestNoFloats: money never passes through a floating point number.
func TestNoFloats(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	float := regexp.MustCompile(`float(32|64)|ParseFloat|%\.2f`)
	for _, f := range files {
		if f == "money_test.go" {
			continue
		}
		src, err := os.ReadFile(f)
		require.NoError(t, err)
		require.NotRegexp(t, float, string(src), f)
	}
}
