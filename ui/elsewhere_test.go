package ui_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/ui"
)

// An entry of a subcommand cannot be read back here, which is not to be taken
// for an answer of the vendor.
func TestAnEntryWrittenElsewhereSaysWhereItIsSettled(t *testing.T) {
	var env ui.Env
	err := env.ReadBack(t.Context(), ui.Left{Intent: ui.Intent{Vendor: "Inbox Health", Op: "create payment by command"}})
	var said interface{ UserMessage() string }
	require.ErrorAs(t, err, &said)
	require.Contains(t, said.UserMessage(), "frontdesk outbox settle")
}
