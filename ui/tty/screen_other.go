//go:build !unix

package tty

import tea "charm.land/bubbletea/v2"

// screen leaves the console to Bubble Tea, which knows it better.
type screen struct{ tea.Model }

func newScreen(_ *Reader, _ *Wall, model tea.Model) *screen { return &screen{model} }

func (*screen) options() []tea.ProgramOption { return nil }
func (*screen) enter(*tea.Program) error     { return nil }
func (*screen) leave()                       {}
