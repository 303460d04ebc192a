package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/safe"
)

// noticeTime is how long a notice that asks for nothing stays.
const noticeTime = 6 * time.Second

// readTime is how long a sentence must have been in plain sight to pass for
// read.
const readTime = 3 * time.Second

// notice is the one line above the footer that tells what just happened.
type notice struct {
	words string
	bad   bool
	gen   int
	of    View      // the tab it came from; nil: the whole program
	since time.Time // when it came into plain sight
}

type noticeOverMsg struct{ gen int }

// sentences is a notice's text on one line. It is longer than a vendor's line
// may be: behind what a vendor says stands what to do now.
func sentences(s string) string {
	return strings.ReplaceAll(safe.Paragraphs(s).String(), "\n", " ")
}

// Say shows a sentence for a few seconds.
func (e *Env) Say(sentence string) tea.Cmd {
	e.notice = notice{words: sentences(sentence), gen: e.notice.gen + 1}
	return e.After(noticeTime, noticeOverMsg{e.notice.gen})
}

// Fail shows a sentence about something that went wrong. It stays until esc is
// pressed, another notice takes its place, or the tab it came from is left
// after it could be read; what no tab told of stays on all of them.
func (e *Env) Fail(sentence string) {
	e.notice = notice{words: sentences(sentence), bad: true, gen: e.notice.gen + 1, of: e.speaking, since: e.Now()}
}

// Unsay takes a sentence away that is not true any more, if it is still the one
// that is shown.
func (e *Env) Unsay(sentence string) {
	if e.notice.words == sentences(sentence) {
		e.notice.words, e.notice.bad = "", false
	}
}

// unseen begins the time for reading anew while the notice is not in plain
// sight.
func (a *App) unseen() {
	if a.lock.on || a.lock.hidden || a.away || len(a.env.dialogs) > 0 {
		a.env.notice.since = a.env.Now()
	}
}

// leave takes away what went wrong in a tab that is left for another one. What
// could not be read yet goes along.
func (e *Env) leave(tab, next View) {
	n := &e.notice
	switch {
	case !n.bad || n.of == nil || n.of != tab:
	case e.Now().Sub(n.since) < readTime:
		n.of = next
	default:
		n.words, n.bad = "", false
	}
}
