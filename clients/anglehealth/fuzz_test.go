package anglehealth

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDecode takes any answer apart as every operation would: nothing may
// panic, and no whole social security number may get through.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{snapshot, hired, `[]`, `{}`, `null`, `{"id":"a"}`, `{"members":[{"id":1}],"group_id":"g"}`,
		`{"contact":{"ssn":["987-65-4321",{"x":987654321}]},"ssn":{"a":"987654321"}}`, `{"employment":{"a":{"b":{"c":{"d":{}}}}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, v := range []any{new(Member), new(Group), new(Plan), new(records), new(registered), new(recorded), new(token)} {
			_ = json.Unmarshal(raw, v)
		}
		var m Member
		if json.Unmarshal(raw, &m) == nil {
			require.LessOrEqual(t, len(m.SSN.Digits), 4)
			for _, p := range m.Contact.Parts {
				if strings.EqualFold(p.Name, "ssn") {
					require.LessOrEqual(t, len(notDigit.ReplaceAllString(p.Text.Raw(), "")), 4*maxParts)
				}
			}
		}
		_ = check(opMember, 200, nil, raw)
		_ = check(opNewHire, 400, nil, raw)
	})
}
