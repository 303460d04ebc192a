package prospects

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"frontdesk/state/people"
	"frontdesk/ui"
)

// unsent are the lines that are not in the EMR, with the reason.
func (n *intake) unsent() map[int]string {
	out := map[int]string{}
	for _, r := range n.rows {
		if n.states[r.Line] == people.Done || n.goes(r) && n.said[r.Line] == "" && n.ended == "" {
			continue
		}
		words := n.why(r)
		switch {
		case words != "":
		case n.states[r.Line] == people.Sending:
			words = "Its answer was lost; whether it was created is not known yet."
		default:
			words = "It was not sent."
		}
		out[r.Line] = words
	}
	return out
}

func (n *intake) counts() (send, bad, left, created int) {
	for _, r := range n.rows {
		switch {
		case n.states[r.Line] == people.Done:
			created++
		case !r.Good() || n.states[r.Line] == people.Refused:
			bad++
		case n.leave[r.Line]:
			left++
		default:
			send++
		}
	}
	return send, bad, left, created
}

// start asks once more and sends.
func (n *intake) start() tea.Cmd {
	send, bad, left, created := n.counts()
	if f := n.mapping.Twice(); f != "" {
		n.v.env.Fail("Two columns fill " + label(f) + ". Press m and leave one of them out.")
		return nil
	}
	if send == 0 {
		n.v.env.Fail("There is no line to send.")
		return nil
	}
	body := ui.Count(send, "person is", "people are") + " added to the EMR, exactly as shown."
	if bad+left > 0 {
		body += fmt.Sprintf(" Not sent, but put into a rejects file: %s, %d left out.", ui.Count(bad, "bad line", "bad lines"), left)
	}
	if created > 0 {
		body += " " + ui.Count(created, "was", "were") + " created before and not sent again."
	}
	n.v.env.Open(ui.NewConfirm(n.v.env, "Add these people?", body+" The EMR has no way to delete them again.", "Add", n.send))
	return nil
}

func (n *intake) send() tea.Cmd {
	b := bringing{Path: n.got.path, Sum: n.got.file.Sum, Who: n.v.opt.Who, Mapping: n.mapping, journal: n.got.journal, progress: new(progress)}
	for _, r := range n.rows {
		switch {
		case n.leave[r.Line]:
			b.Leave = append(b.Leave, r.Line)
		case r.Good():
			b.rows = append(b.rows, r)
		}
	}
	n.run, n.ended, n.saved = b.progress, "", ""
	return tea.Batch(n.sends.Start("", b, nil), n.v.env.After(progressEvery, progressMsg{n.run}))
}

// finished shows how each line ended and writes the rejects down.
func (n *intake) finished(r ui.Result[people.Outcome]) tea.Cmd {
	if !n.sends.Accept(r) {
		return nil
	}
	n.run = nil
	if r.Value.States == nil { // nothing was begun
		return n.v.fail(r.Err)
	}
	for line, s := range r.Value.States {
		n.states[line] = s
	}
	n.said = r.Value.Problems
	n.ended = "The import went through."
	if r.Err != nil {
		n.ended = stopped(r.Err)
	} else if r.Value.Left+r.Value.Unknown > 0 {
		n.ended = "The import has stopped. y goes on where it stopped."
	}
	n.draw()
	return tea.Batch(n.rejects(), n.v.list.start())
}

func (n *intake) rejects() tea.Cmd {
	why := n.unsent()
	if len(why) == 0 {
		return n.v.env.Say("There is nothing to put into a rejects file.")
	}
	n.v.env.Trace("export", "rejects")
	return saveRejects(n.v.opt.Dir, n.got.journal.Code, n.got.file, why)
}

func (n *intake) leaving() string {
	if n.run == nil {
		return ""
	}
	return "An import is under way. What was sent is noted; the rest can be sent later from the same file."
}
