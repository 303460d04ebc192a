package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

var (
	keyMine   = One("m", "save mine")
	keyBoth   = One("m", "save both")
	keyTheirs = One("t", "keep theirs where both changed")
)

// NewCompare asks what to do about a colleague's changes of a record, such as
// "this person", since a form over it was opened. Words are the versions, safe
// to draw; clashes name the fields both changed. Save gets those to leave.
func NewCompare(env *Env, record, words string, clashes []string, save func(keep ...string) tea.Cmd) *Reader {
	does := func(k key.Binding, keep ...string) Action {
		return Action{Key: k, Do: func() (bool, tea.Cmd) { return true, save(keep...) }}
	}
	actions := []Action{does(keyBoth)}
	if len(clashes) > 0 {
		actions = []Action{does(keyMine), does(keyTheirs, clashes...)}
	}
	return NewReader(env, "Changed by a colleague",
		"A colleague changed "+record+" after you opened it. Nothing of yours was sent yet.\n\n"+words, actions...)
}
