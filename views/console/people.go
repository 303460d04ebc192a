package console

import (
	"path/filepath"
	"strings"
)

// beside is the file of what was decided about people: next to the ledger, so
// that desks that share one share both.
func beside(ledger string) string {
	return strings.TrimSuffix(ledger, filepath.Ext(ledger)) + "-people.db"
}
