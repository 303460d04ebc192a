//go:build unix

package guard

import (
	"os"
	"strings"
)

// early is the guardian that init started; its child died.
var early *guard

// A parent that only stands by needs none of the tables other packages make
// before main: they would take it longer than its work and three times its
// memory. Go initialises packages by their paths, each as soon as those it
// needs are, so this one is among the first. It must therefore need none but
// the standard library and golang.org/x; where the order is another, only time
// is lost. After a crash the start goes on, for main knows whom to tell.
func init() {
	if strings.HasSuffix(os.Args[0], marker) || strings.HasSuffix(os.Args[0], ".test") {
		return
	}
	Seal()
	g, err := watch()
	if err != nil {
		return // Run finds out
	}
	if g.code = g.stand(); !g.dead {
		os.Exit(g.code)
	}
	early = g
}
