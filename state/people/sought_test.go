package people_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/state/people"
)

func TestSought(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"":                        nil,
		"0177":                    nil,
		"room 5":                  nil,
		"212-555-0177":            {"Phone": "212-555-0177"},
		"zoe@example.com":         {"EMail": "zoe@example.com"},
		"testperson":              {"FirstName": "", "LastName": "Testperson"},
		" zoë  q testperson ":     {"FirstName": "Zoë Q", "LastName": "Testperson"},
		"Testperson, Zoë":         {"FirstName": "Zoë", "LastName": "Testperson"},
		"Zoë McTest":              {"FirstName": "Zoë", "LastName": "McTest"},
		"de la testperson, élise": {"FirstName": "Élise", "LastName": "De La Testperson"},
	} {
		require.Equal(t, want, people.Sought(text), text)
	}
}
