//go:build darwin || windows

package secrets

import "context"

// probe says Ready: the keyring belongs to the system, and the limit on each
// call guards against one that waits for somebody.
func probe(context.Context) finding { return finding{state: Ready} }

func classify(error) finding { return failed("") }

func drop() {}
