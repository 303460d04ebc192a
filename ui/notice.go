package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/safe"
)

// noticeTime is how long a notice that asks for nothing stays.
const noticeTime = 6 * time.Second

// notice is the one line above the footer that tells what just happened.
type notice struct {
	words string
	bad   bool
	gen   int
}

type noticeOverMsg struct{ gen int }

// Say shows a sentence for a few seconds.
func (e *Env) Say(sentence string) tea.Cmd {
	e.notice = notice{words: safe.Clean(sentence), gen: e.notice.gen + 1}
	return e.After(noticeTime, noticeOverMsg{e.notice.gen})
}

// Fail shows a sentence about something that went wrong; it stays until esc is
// pressed or another notice takes its place.
func (e *Env) Fail(sentence string) {
	e.notice = notice{words: safe.Clean(sentence), bad: true, gen: e.notice.gen + 1}
}
