package form

import (
	"fmt"
	"math"
	"math/big"
	"os"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestMoney(t *testing.T) {
	for typed, cents := range map[string]int64{
		"12": 1200, "12.5": 1250, "12.50": 1250, "$1,234.50": 123450, "0": 0, "0.01": 1, ".5": 50, "12.": 1200, " $ 3 ": 300,
		"1,234,567": 123456700, "1234567.89": 123456789, "007": 700, "92233720368547758.07": math.MaxInt64,
	} {
		got, ok := Cents(typed)
		require.True(t, ok, typed)
		require.Equal(t, cents, got, typed)
	}
	for _, typed := range []string{
		"", "$", ".", "12.345", "1.000", "1,23", "12,34.5", "1,2345", ",123", "-1", "(1)", "1e3", "12 50", "£5", "1.2.3", "NaN",
		"92233720368547758.08", strings.Repeat("9", 40), "１２",
	} {
		_, ok := Cents(typed)
		require.False(t, ok, typed)
	}
	require.Equal(t, "-92,233,720,368,547,758.08", Dollars(math.MinInt64))
	require.Equal(t, "-0.05", Dollars(-5))
	f := New(plain(), Money("m", "M"), Text("z", "Z"))
	play(f, "1234.5<tab>")
	require.Equal(t, "1234.50", f.Value("m"))
	require.Equal(t, "1,234.50", f.Draft()["m"])
}

// At a till the first digit replaces what is offered; whoever wants to correct
// it moves in it or deletes first.
func TestTypingReplacesAnAmountThatIsOffered(t *testing.T) {
	for script, want := range map[string]string{
		"9":                        "9",
		"9.5":                      "9.5",
		"<right>9":                 "40.009",
		"<backspace>9":             "40.09",
		"<home>1":                  "140.00",
		"<tab><shift+tab>7":        "7",
		"<backspace>5<enter><up>8": "8",
		"9<ctrl+s>1":               "9.001", // still in it: nothing was entered anew
		"<tab>x<ctrl+s>":           "40.00",
	} {
		f := New(plain(), Money("m", "M").Default("40.00"), Text("z", "Z"))
		play(f, script)
		require.Equal(t, want, f.Draft()["m"], script)
	}
	for name, msg := range map[string]tea.Msg{"pasted": tea.PasteMsg{Content: "12.50"}, "at once": tea.KeyPressMsg{Code: tea.KeyExtended, Text: "12.50"}} {
		f := New(plain(), Text("z", "Z"), Money("m", "M").Default("40.00"))
		play(f, "<tab>")
		require.Contains(t, f.View(), "typing replaces it", name)
		f.Update(msg)
		require.Equal(t, "12.50", f.Draft()["m"], name)
		require.NotContains(t, f.View(), "typing replaces it", name)
	}
	f := New(plain(), Money("m", "M").Default("40.00"), Text("n", "N").Overtyped().Default("1"))
	f.Restore(map[string]string{"m": "12"})
	play(f, ".5<tab>2")
	require.Equal(t, map[string]string{"m": "12.50", "n": "2"}, f.Draft(), "a draft goes on where it was")
	f.Click(f.left+2, 0)
	play(f, "3")
	require.Equal(t, "132.50", f.Draft()["m"], "a click says where")
}

// Every amount survives every spelling, exactly: checked against rationals.
func TestMoneyRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int64Range(0, math.MaxInt64).Draw(t, "cents")
		exact := new(big.Rat).SetFrac64(cents, 100)
		shown := Dollars(cents)
		bare := strings.ReplaceAll(shown, ",", "")
		require.Equal(t, exact.FloatString(2), bare)
		for _, s := range []string{shown, bare, "$" + shown, "$" + bare, strings.TrimSuffix(bare, "0"), strings.TrimSuffix(bare, "00")} {
			got, ok := Cents(s)
			require.True(t, ok, s)
			require.Equal(t, cents, got, s)
		}
	})
}

func TestMoneyHasNoFloats(t *testing.T) {
	source, err := os.ReadFile("money.go")
	require.NoError(t, err)
	require.NotContains(t, string(source), "float")
	require.NotContains(t, string(source), "ParseFloat")
}

func TestPhoneSpellings(t *testing.T) {
	for _, typed := range []string{
		"2125550147", "212-555-0147", "(212) 555-0147", "212.555.0147", "+1 212 555 0147", "1-212-555-0147", "1 (212) 555.0147",
		"212\u2011555\u20130147", "212\u00a0555\u00a00147", "212/555/0147", "+1(212)5550147",
	} {
		r := readPhone(typed)
		require.Empty(t, r.fault, typed)
		require.Equal(t, "2125550147", r.value, typed)
		require.Equal(t, "(212) 555-0147", r.text, typed)
	}
}

// TestPhoneOfAnotherCountry is taken where people of other countries are, and
// read from its own text again.
func TestPhoneOfAnotherCountry(t *testing.T) {
	for typed, want := range map[string]string{
		"+44 20 7946 0000": "+442079460000", "+44 (0)20 7946 0000": "+442079460000", "011 44 20 7946 0000": "+442079460000",
		"+49-30-901820": "+4930901820", "212-555-0147": "2125550147", "+1 212 555 0147": "2125550147", "011 1 212 555 0147": "2125550147",
	} {
		r := readAbroad(typed)
		require.Empty(t, r.fault, typed)
		require.Equal(t, want, r.value, typed)
		require.Equal(t, want, readAbroad(r.text).value, typed)
	}
	for typed, want := range map[string]string{
		"+44 20":               "this has 4. Type it like +44 20 7946 0000.",
		"+44 2079460000000000": "a number has 7 to 15 digits, this has 18.",
		"44 20 7946 0000":      "this has 12. Type it like 212-555-0147. Of another country: like +44 20 7946 0000.",
		"+44 call":             "does not belong in a number",
	} {
		require.Contains(t, readAbroad(typed).fault, want)
	}
}

// What libphonenumber holds for a valid number of the plan is taken with the
// same digits, and nothing is taken that it holds for impossible.
func TestPhoneAgainstTheOracle(t *testing.T) {
	shapes := []string{"%s%s%s", "(%s) %s-%s", "%s-%s-%s", "%s.%s.%s", "+1 %s %s %s", "1-%s-%s-%s", "+1%s%s%s"}
	valid := 0
	rapid.Check(t, func(t *rapid.T) {
		d := fmt.Sprintf("%010d", rapid.Int64Range(0, 9999999999).Draw(t, "digits"))
		if rapid.Bool().Draw(t, "likely") {
			d = rapid.SampledFrom([]string{"212", "604", "787", "800", "900", "242", "976", "500", "710", "211", "390", "809", "829"}).Draw(t, "area") +
				rapid.SampledFrom([]string{"2", "5", "9", "1", "0"}).Draw(t, "next") + d[4:]
		}
		s := fmt.Sprintf(rapid.SampledFrom(shapes).Draw(t, "shape"), d[:3], d[3:6], d[6:])
		s = s[:rapid.SampledFrom([]int{len(s), len(s), len(s), len(s) - 1}).Draw(t, "cut")]
		ours := readPhone(s)
		theirs, err := phonenumbers.Parse(s, "US")
		if err != nil || theirs.GetCountryCode() != 1 {
			require.NotEmpty(t, ours.fault, s)
			return
		}
		if phonenumbers.IsValidNumber(theirs) {
			valid++
			require.Empty(t, ours.fault, s)
		}
		if ours.fault == "" {
			require.True(t, phonenumbers.IsPossibleNumber(theirs), s)
			require.Equal(t, phonenumbers.GetNationalSignificantNumber(theirs), ours.value, s)
			require.Equal(t, phonenumbers.Format(theirs, phonenumbers.NATIONAL), ours.text, s)
		}
	})
	require.Positive(t, valid)
}
