package phone_test

import (
	"fmt"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/state/phone"
)

func TestNational(t *testing.T) {
	for _, c := range []struct {
		digits string
		coded  bool
		want   string
		had    bool
	}{
		{"2125550147", false, "2125550147", false}, {"12125550147", false, "2125550147", true}, {"12125550147", true, "2125550147", true},
		{"22125550147", false, "22125550147", false}, {"1212555014", false, "1212555014", false}, {"1212555014", true, "212555014", true},
		{"442079460018", true, "442079460018", false}, {"", true, "", false}, {"", false, "", false},
	} {
		national, had := phone.National(c.digits, c.coded)
		require.Equal(t, c.want, national, c.digits)
		require.Equal(t, c.had, had, c.digits)
	}
}

func TestStrange(t *testing.T) {
	for _, s := range []string{"", "+1 (212) 555.0147", "212\u2011555\u20130147", "212\u00a0555/0147"} {
		_, found := phone.Strange(s)
		require.False(t, found, s)
	}
	for s, want := range map[string]rune{"212-555-0147x4": 'x', "２１２": '２', "\t2": '\t', "1,2": ','} {
		r, found := phone.Strange(s)
		require.True(t, found, s)
		require.Equal(t, want, r)
	}
}

// Every valid number of the plan is written as libphonenumber writes it.
func TestAgainstTheOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := "212" + fmt.Sprintf("%07d", rapid.IntRange(2000000, 9999999).Draw(t, "digits"))
		theirs, err := phonenumbers.Parse(rapid.SampledFrom([]string{"", "1", "+1"}).Draw(t, "code")+d, "US")
		require.NoError(t, err)
		require.Equal(t, phonenumbers.Format(theirs, phonenumbers.NATIONAL), phone.Written(d))
	})
}
