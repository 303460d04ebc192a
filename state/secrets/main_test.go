package secrets

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// roleVar makes this test binary play one part of a test in a process of its
// own.
const roleVar = "SECRETS_TEST_ROLE"

var roles = map[string]func(args string) int{"saver": playSaver}

func TestMain(m *testing.M) {
	workFactor, pinMemory = 2, 64
	if role, args, _ := strings.Cut(os.Getenv(roleVar), ":"); role != "" {
		play, ok := roles[role]
		if !ok {
			fmt.Fprintln(os.Stderr, "no role", role)
			os.Exit(2)
		}
		os.Exit(play(args))
	}
	goleak.VerifyTestMain(m)
}
