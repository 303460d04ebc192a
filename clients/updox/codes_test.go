package updox

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

// documented are the codes as the vendor's table lists them.
const documented = `2000 4000 4010 4011 4012 4013 4014 4020 4021 4060 4110 4130 4131 4132 4140 4150 4160 4161 4162
	4163 4165 4210 4230 4231 4232 4233 4240 4241 4250 4251 4252 4610 4620 4621 4630 4640 5000 5100 5110`

func TestEveryCodeIsNamed(t *testing.T) {
	var have []string
	for c, m := range meanings {
		have = append(have, c.wire())
		require.NotEmpty(t, m.name, c.wire())
		require.Regexp(t, `^[A-Z].*\.$`, m.says, c.wire())
		require.Equal(t, c == OK, m.kind == 0, c.wire())
		require.Equal(t, c.class() == 5, m.kind == rest.KindServer, c.wire())
	}
	require.ElementsMatch(t, strings.Fields(documented), have)
}

func TestACodeBecomesAnError(t *testing.T) {
	for code, want := range map[string]struct {
		kind        rest.Kind
		field, says string
	}{
		"4060": {rest.KindValidation, "", "did not accept some of the fields"},
		"4110": {rest.KindValidation, "accountId", "missed the id"},
		"4130": {rest.KindConflict, "accountId", "exists at Updox already"},
		"4131": {rest.KindNotFound, "accountId", "no account with this id"},
		"4140": {rest.KindConflict, "websiteAddress", "taken by another"},
		"4150": {rest.KindConflict, "directDomain", "taken by another"},
		"4161": {rest.KindValidation, "websiteAddress", "does not accept the website label"},
		"4610": {rest.KindConflict, "directAddress", "taken"},
		"4620": {rest.KindValidation, "directAddress", "does not belong"},
		"4630": {rest.KindValidation, "directAddress", "no direct domain"},
		"4645": {rest.KindValidation, "", "direct message"},
		"4999": {rest.KindValidation, "", "code 4999"},
		"5100": {rest.KindServer, "", "failed on its side"},
		"6001": {rest.KindServer, "", "code 6001"},
		"9010": {rest.KindServer, "", "code 9010"},
	} {
		t.Run(code, func(t *testing.T) {
			p := play(t).on("PracticeCreate", refusedWith(code, "some words"))
			_, err := p.client(t).Create(t.Context(), invented())
			e := requireKind(t, err, want.kind, "some words")
			require.Equal(t, code, fmt.Sprint(int(CodeOf(err))))
			require.Contains(t, e.Error(), "code "+code)
			said := e.UserMessage()
			require.Contains(t, said, want.says)
			require.Contains(t, said, "“some words”")
			require.Equal(t, want.kind == rest.KindServer, e.Ambiguous)
			require.Equal(t, e.Ambiguous, strings.Contains(said, "may have been carried out"))
			require.Equal(t, !e.Ambiguous, strings.Contains(said, "Nothing was changed."))
			if want.field != "" {
				require.Contains(t, e.Fields, want.field)
			}
		})
	}
	t.Run("the vendor's name for it is not repeated", func(t *testing.T) {
		c := play(t).on("PracticeCreate", refusedWith("4130", "account already exists")).client(t)
		_, err := c.Create(t.Context(), invented())
		require.NotContains(t, rest.UserMessage(err), "It says")
	})
	t.Run("a read changes nothing anyhow", func(t *testing.T) {
		c := play(t).on("PracticeGet", missing).client(t)
		_, err := c.Account(t.Context(), "FAKE-1")
		require.NotContains(t, rest.UserMessage(err), "Nothing was changed")
	})
}

func TestComplaintsFindTheirFields(t *testing.T) {
	c := play(t).on("PracticeCreate", refusedWith("4060", "phone must have ten digits; postal: five or nine digits, STATE is wrong; and more")).client(t)
	_, err := c.Create(t.Context(), invented())
	e := requireKind(t, err, rest.KindValidation)
	require.Len(t, e.Fields, 3)
	require.Equal(t, "phone must have ten digits", e.Fields["phone"].String())
	require.Equal(t, "postal: five or nine digits", e.Fields["postal"].String())
	require.Equal(t, "STATE is wrong", e.Fields["state"].String())
	require.Contains(t, e.UserMessage(), "and more")

	t.Run("in a JSON list", func(t *testing.T) {
		c := play(t).on("PracticeCreate", `{"successful":false,"responseCode":4060,"responseMessage":["phone is wrong","postal is wrong"]}`).client(t)
		_, err := c.Create(t.Context(), invented())
		e := requireKind(t, err, rest.KindValidation)
		require.Equal(t, "phone is wrong", e.Fields["phone"].String())
		require.Equal(t, "postal is wrong", e.Fields["postal"].String())
		require.Contains(t, e.UserMessage(), "“phone is wrong; postal is wrong”")
	})
}
