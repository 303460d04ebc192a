package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

var (
	keyMine   = One("m", "save mine")
	keyBoth   = One("m", "save both")
	keyTheirs = One("t", "keep theirs where both changed")
	keyUnveil = One("ctrl+r", "show in full")
)

// NewCompare asks what to do about a colleague's changes of a record, such as
// "this person", since a form over it was opened. Words are the versions as
// they may be shown at the moment, safe to draw; clashes name the fields both
// changed. Save gets those to leave. Two addresses can look the same while they
// are masked, so ctrl+r shows what is personal of id, on the trail; "" if
// nothing is.
func NewCompare(env *Env, id, record string, words func() string, clashes []string, save func(keep ...string) tea.Cmd) *Reader {
	does := func(k key.Binding, keep ...string) Action {
		return Action{Key: k, Do: func() (bool, tea.Cmd) { return true, save(keep...) }}
	}
	actions := []Action{does(keyBoth)}
	if len(clashes) > 0 {
		actions = []Action{does(keyMine), does(keyTheirs, clashes...)}
	}
	if id != "" {
		actions = append(actions, Action{Key: keyUnveil, Do: func() (bool, tea.Cmd) { return false, env.Reveal(id) }})
	}
	live := func() string {
		return "A colleague changed " + record + " after you opened it. Nothing of yours was sent yet.\n\n" + words()
	}
	r := NewReader(env, "Changed by a colleague", live(), actions...)
	r.live = live
	return r
}
