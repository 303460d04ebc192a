// Package ui is the frame of the console: tabs, routing of messages and keys,
// layers for dialogs and notices, header and footer. It knows no vendor and no
// tab; main hands the views in.
package ui

import (
	"charm.land/bubbles/v2/help"
	tea "charm.land/bubbletea/v2"
)

// A View is one tab. It is changed only inside Init, Update and Resize, on one
// goroutine. Commands it returns must not touch it.
type View interface {
	// Title is the word on the tab and the name a GoMsg addresses.
	Title() string
	// Init runs once, when the tab is first shown.
	Init() tea.Cmd
	// Update gets keys and pastes only while the tab is shown and no dialog is
	// open, and every other message always.
	Update(tea.Msg) tea.Cmd
	// Resize tells the cells View may fill. It is called before the first View.
	Resize(width, height int)
	// View draws at most the cells last given to Resize.
	View() string
	// Typing reports that a text field has the keyboard: printable keys then
	// belong to the view alone.
	Typing() bool
	// KeyMap is what works right now; the help is made from it.
	help.KeyMap
}

// Cursored is a View or Dialog that shows the terminal's own cursor, which
// input methods, magnifiers and braille displays follow.
type Cursored interface {
	// Cursor is relative to the view's top left cell; nil hides it.
	Cursor() *tea.Cursor
}

// Leaver is a View that has something to say before the program ends.
type Leaver interface {
	// Leaving is a sentence about what would be left behind, or "".
	Leaving() string
}

// Watched is a View that has to know whether anybody sees it: what it reads in
// the background for the screen alone stops when another tab is shown, and goes
// on when it is shown again.
type Watched interface {
	Hidden()
	Shown() tea.Cmd
}

// Waiter is a View or Dialog for which it may depend on an answer that is still
// out where a key belongs: a slot being held, a person being picked. A key or
// paste that has to wait is kept by the App, with all that follow, and handed
// on when the answer is in, so that typing ahead ends where slow typing does.
// Esc is handed on at once and drops what was kept: the way out of a slow
// vendor.
type Waiter interface{ Waiting(key tea.Msg) bool }

// GoMsg asks the App to show another tab and hands that tab a subject, for
// instance the ID of a person. A tab that does not exist is said in a notice.
type GoMsg struct {
	Tab     string
	Subject any
}
