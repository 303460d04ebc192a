package people_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/safe"
	"frontdesk/state/people"
)

func TestSamePhone(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"(212) 555-0123", "212.555.0123", true},
		{"+1 212 555 0123", "2125550123", true},
		{"1-212-555-0123", "212 555 0123", true},
		{"555-0123", "(212) 555-0123", true},
		{"212-555-0123 x4", "2125550123", true},
		{"212/555-0123", "2125550123", true},
		{"+49 30 1234567", "+49301234567", true},
		{"011 44 20 7946 0018", "+44 (0)20 7946-0018", true},
		{"2125550123", "212\u2011555\u20130123 ext. 77", true},
		{"+44 20 7946 0018", "20 7946 0018", false},
		{"212-555-0123", "212-555-0124", false},
		{"917-555-0123", "212-555-0123", false},
		{"0123", "212-555-0123", false},
		{"", "", false},
		{"none", "none", false},
	} {
		require.Equal(t, c.same, people.SamePhone(c.a, c.b), "%s / %s", c.a, c.b)
		require.Equal(t, c.same, people.SamePhone(c.b, c.a), "%s / %s", c.b, c.a)
	}
}

func TestSpellingsOfANumber(t *testing.T) {
	want := people.Spellings("212-555-0123")
	require.Equal(t, []string{"2125550123", "(212) 555-0123", "212-555-0123", "555-0123"}, want)
	for _, s := range []string{"(212)555-0123", "+1 212.555.0123", "1 212 555 0123", " 2125550123 "} {
		require.Equal(t, want, people.Spellings(s), s)
	}
	require.Equal(t, []string{"Anna 12"}, people.Spellings("Anna 12"))
	require.Equal(t, []string{"0123"}, people.Spellings("01-23"))
	require.Equal(t, []string{"442079460018", "+442079460018"}, people.Spellings("+44 20 7946 0018"))
}

// What libphonenumber takes for one number in two spellings is one here too,
// and an import keeps its digits; what it holds for impossible is not taken.
func TestNumbersAgainstTheOracle(t *testing.T) {
	shapes := []string{"%s%s%s", "(%s) %s-%s", "%s-%s-%s", "%s.%s.%s", "+1 %s %s %s", "1-%s-%s-%s", "+1%s%s%s", "%s/%s-%s"}
	countries := []string{"+44 20 7946 %s", "+49 30 12%s", "+52 55 1234 %s", "011 91 98765 4%s", "+353 1 234 %s", "+1 242 327 %s"}
	valid := 0
	rapid.Check(t, func(t *rapid.T) {
		line := fmt.Sprintf("%04d", rapid.IntRange(0, 9999).Draw(t, "line"))
		s := fmt.Sprintf(rapid.SampledFrom(countries).Draw(t, "country"), line)
		if rapid.Bool().Draw(t, "here") {
			area := fmt.Sprintf("%03d", rapid.IntRange(200, 999).Draw(t, "area"))
			s = fmt.Sprintf(rapid.SampledFrom(shapes).Draw(t, "shape"), area, fmt.Sprintf("%03d", rapid.IntRange(0, 999).Draw(t, "next")), line)
		}
		s = s[:rapid.SampledFrom([]int{len(s), len(s), len(s), len(s) - 1}).Draw(t, "cut")]
		theirs, err := phonenumbers.Parse(s, "US")
		value, wrong := people.Rules{}.Tidy("Phone", s)
		if err != nil || !phonenumbers.IsPossibleNumber(theirs) {
			if !strings.HasPrefix(s, "+") && !strings.HasPrefix(s, "011") {
				require.NotEmpty(t, wrong, s)
			}
			return
		}
		full := phonenumbers.Format(theirs, phonenumbers.E164)
		if phonenumbers.IsValidNumber(theirs) {
			valid++
			require.Empty(t, wrong, s)
			require.Equal(t, strings.TrimPrefix(full, "+1"), value, s)
		}
		require.True(t, people.SamePhone(s, full), s)
		extended := s + rapid.SampledFrom([]string{" x12", " ext. 12", "x12", " #12"}).Draw(t, "extension")
		require.True(t, people.SamePhone(extended, full), extended)
		_, wrong = people.Rules{}.Tidy("Phone", extended)
		require.NotEmpty(t, wrong, extended)
	})
	require.Positive(t, valid)
}

func TestSoundsAlike(t *testing.T) {
	for _, pair := range [][2]string{
		{"Stephen", "Steven"}, {"Cathy", "Kathie"}, {"Meyer", "Maier"}, {"Philip", "Filip"}, {"Zoë", "Zoe"},
		{"Schmidt", "Smit"}, {"Knight", "Nite"}, {"O'Brien", "Obrien"}, {"Garcia", "García"}, {"Sara", "Sarah"}, {"李", "李"},
	} {
		require.Equal(t, people.Sound(pair[0]), people.Sound(pair[1]), pair)
	}
	for _, pair := range [][2]string{{"Anna", "Berta"}, {"Meyer", "Miller"}, {"李", "王"}, {"Smith", "Jones"}} {
		require.NotEqual(t, people.Sound(pair[0]), people.Sound(pair[1]), pair)
	}
}

func TestCompareListsItsEvidence(t *testing.T) {
	ann := people.Person{First: "Ann", Last: "Testperson", DOB: "1987-07-23", Mail: "ann@example.com", Phones: []string{"(212) 555-0123"}}
	for _, c := range []struct {
		name  string
		other people.Person
		words string
		shown bool
		dup   bool
	}{
		{"everything", people.Person{First: "ANN", Last: "testperson", DOB: "7/23/1987", Mail: "Ann@Example.com", Phones: []string{"2125550123"}},
			"same phone, e-mail, name and birth date", true, true},
		{"phone only", people.Person{First: "Bob", Last: "Other", Phones: []string{"212.555.0123"}}, "same phone", true, false},
		{"mail only", people.Person{First: "Bob", Last: "Other", Mail: "ANN@example.com"}, "same e-mail", true, false},
		{"name and birth date", people.Person{First: "Ann", Last: "Testperson", DOB: "1987-07-23"}, "same name and birth date", true, true},
		{"name, another birth date", people.Person{First: "Ann", Last: "Testperson", DOB: "1950-01-01"}, "same name but another birth date", true, false},
		{"sounds alike", people.Person{First: "Anne", Last: "Testpersson"}, "name sounds alike", true, false},
		{"birth date only", people.Person{First: "Bob", Last: "Other", DOB: "1987-07-23"}, "", false, false},
		{"nothing", people.Person{}, "", false, false},
	} {
		l := people.Compare(ann, c.other)
		require.Equal(t, c.words, l.Words(), c.name)
		require.Equal(t, c.shown, l.Score >= people.Worth, "%s: %d", c.name, l.Score)
		require.Equal(t, c.dup, l.Score >= people.Likely, "%s: %d", c.name, l.Score)
	}
}

func TestCompareIsTheSameBothWays(t *testing.T) {
	word := rapid.SampledFrom([]string{"", "Ann", "anne", "Testperson", "李"})
	phone := rapid.SampledFrom([]string{"", "2125550123", "(212) 555-0123", "555-0123", "12"})
	day := rapid.SampledFrom([]string{"", "1987-07-23", "7/23/1987", "soon"})
	person := rapid.Custom(func(t *rapid.T) people.Person {
		return people.Person{First: word.Draw(t, "first"), Last: word.Draw(t, "last"), DOB: day.Draw(t, "dob"),
			Mail: word.Draw(t, "mail"), Phones: []string{phone.Draw(t, "phone"), phone.Draw(t, "cell")}}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := person.Draw(t, "a"), person.Draw(t, "b")
		require.Equal(t, people.Compare(a, b), people.Compare(b, a))
	})
}

func TestScanLeavesOutWhatWasToldApart(t *testing.T) {
	all := []people.Person{
		{ID: "1", First: "Ann", Last: "Testperson", Mail: "ann@example.com", Phones: []string{"2125550123"}},
		{ID: "2", First: "Anne", Last: "Testperson", Phones: []string{"(212) 555-0123"}},
		{ID: "3", First: "Bob", Last: "Other", Phones: []string{"(212) 555-0123"}},
		{ID: "4", First: "A.", Last: "Person", Mail: "ANN@example.com", Phones: []string{"212-555-0123"}},
	}
	pairs, _ := people.Scan(all, nil)
	require.Len(t, pairs, 2)
	require.Equal(t, [2]string{"1", "4"}, people.Key(string(pairs[0].A.ID), string(pairs[0].B.ID)))
	require.Equal(t, "same phone, name sounds alike", pairs[1].Words())
	pairs, _ = people.Scan(all, map[[2]string]bool{people.Key("4", "1"): true})
	require.Len(t, pairs, 1)
}

func TestTimeline(t *testing.T) {
	events, coded := people.Timeline(safe.Paragraphs("Likes mornings.\n\n[FD 7K3Q] REQ 2026-03-10 09:00 30m prov=1 by maria@desk2\n[FD 7K3Q] CXL by jo@desk1\n[FD x] no"))
	require.True(t, coded)
	require.Len(t, events, 4)
	require.Equal(t, "visit requested", events[1].Says())
	require.Equal(t, "7K3Q", events[1].Code)
	require.Equal(t, "2026-03-10 09:00 30m prov=1 by maria@desk2", events[1].Text.String())
	require.Empty(t, events[3].Code, "a line that only looks like one is shown as it is")
	_, coded = people.Timeline(safe.Paragraphs("Nothing of ours"))
	require.False(t, coded)
}
