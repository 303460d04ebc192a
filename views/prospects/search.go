package prospects

import (
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/state/people"
	"frontdesk/ui"
)

const shortSearch = "Type at least two characters of a name, a phone number or an e-mail address."

// typed works a key while the search has the keyboard.
func (l *list) typed(msg tea.KeyPressMsg) tea.Cmd {
	k := l.v.keys
	switch {
	case key.Matches(msg, k.Leave):
		l.enter, l.popup = false, false
		l.leave()
		return nil
	case key.Matches(msg, pick):
		return l.choose()
	case key.Matches(msg, k.Reveal):
		r, ok := l.table().Selected()
		if !ok {
			return nil
		}
		return l.v.env.Reveal(string(r.id()))
	case key.Matches(msg, rowKeys):
		_, cmd := l.table().Update(msg)
		return tea.Batch(cmd, l.reached())
	}
	return l.edit(msg)
}

// leave gives the keyboard back to the rows; what was found stays.
func (l *list) leave() {
	l.writing = false
	l.input.Blur()
	l.nobody()
}

// clear ends the search.
func (l *list) clear() {
	l.input.Reset()
	l.stop()
	l.hits.Set(nil)
	l.hits.ClearMarks()
	l.leave()
}

func (l *list) stop() {
	l.gen++
	l.ask.Cancel()
	l.local.Cancel()
	l.onto.Cancel()
	l.rest = false
	l.asked, l.down, l.enter, l.popup = "", "", false, false
}

// edit changes the text: what is loaded is searched at once, the EMR when
// typing rests.
func (l *list) edit(msg tea.Msg) tea.Cmd {
	before := l.text()
	l.input, _ = l.input.Update(msg)
	if l.text() == before {
		return nil
	}
	l.stop()
	if utf8.RuneCountInString(l.text()) < people.LeastSearch {
		l.hits.Set(nil)
		l.hits.SetEmpty(shortSearch)
		return nil
	}
	return tea.Batch(l.searchHere(), l.v.env.After(settle, settledMsg{l.gen}))
}

// searchHere looks through what is loaded, beside the screen.
func (l *list) searchHere() tea.Cmd {
	rows, n, met := l.browse.Lend(), newNeedle(l.text()), l.met()
	return l.local.Latest(func(ctx ctx) (localMsg, error) {
		var found localMsg
		for _, r := range newRows(met) {
			if n.in(r) {
				found = append(found, r)
			}
		}
		for i, r := range rows {
			if i%4096 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if n.in(r) {
				if found = append(found, r); len(found) >= mostLocal {
					break
				}
			}
		}
		return found, nil
	})
}

// met are the people met last who are not in the list, the latest first: what
// an earlier search or a card brought, for when the EMR does not answer.
func (l *list) met() []whole {
	var all []whole
	for p := range l.v.seen.latest() {
		if _, listed := l.browse.Row(string(p.ID)); !listed && (l.patients || p.Prospect == 1) {
			all = append(all, p)
		}
	}
	return all
}

// foundHere shows what is loaded until the EMR has answered.
func (l *list) foundHere(r ui.Result[localMsg]) tea.Cmd {
	if !l.local.Accept(r) || r.Err != nil {
		return nil
	}
	if l.asked == l.text() {
		l.merge(r.Value)
		return nil
	}
	l.hits.Set(r.Value)
	if l.down != "" {
		l.hits.SetFailed(l.down)
		return nil
	}
	l.hits.SetLoading("asking the EMR...")
	return nil
}

// search asks the EMR.
func (l *list) search() tea.Cmd {
	text, emr, patients := l.text(), l.v.emr, l.patients
	if utf8.RuneCountInString(text) < people.LeastSearch {
		return nil
	}
	l.down = ""
	l.hits.SetLoading("asking the EMR...")
	return l.ask.Latest(func(ctx ctx) (foundMsg, error) {
		rows, more, err := people.Search(ctx, emr, text, patients)
		return foundMsg{rows, more}, err
	})
}

// found puts the EMR's answer first and what is loaded behind it, each person
// once.
func (l *list) found(r ui.Result[foundMsg]) tea.Cmd {
	if !l.ask.Accept(r) {
		return nil
	}
	enter, pop := l.enter, l.popup
	l.enter, l.popup = false, false
	if r.Err != nil {
		l.down = rest.Then(r.Err, "Press r to search again.")
		l.hits.SetFailed(l.down)
		return nil
	}
	before := l.hits.Rows()
	l.v.seen.put(r.Value.rows...)
	l.asked = l.text()
	l.hits.Set(newRows(r.Value.rows))
	l.merge(localMsg(before))
	l.nobody()
	l.pages, l.rest = 1, r.Value.more
	return tea.Batch(l.after(enter, pop), l.further())
}

// nobody says what can be done when the EMR found nobody. While the search has
// the keyboard, letters are text.
func (l *list) nobody() {
	if l.asked == "" || l.asked != l.text() {
		return
	}
	words := "Nobody found. "
	if l.writing {
		words += "Press esc first: then "
	}
	l.hits.SetEmpty(words + l.ways())
}

// ways are the keys for somebody who was not found.
func (l *list) ways() string {
	if l.patients {
		return "n adds a new person. Patients were looked through too."
	}
	return "n adds a new person, P looks among patients too."
}

// after does what waited for the answer.
func (l *list) after(enter, pop bool) tea.Cmd {
	r, ok := l.hits.Selected()
	switch {
	case ok && enter, ok && pop && l.hits.Len() == 1:
		l.leave()
		return l.openRow(r)
	case pop && !ok:
		return l.v.env.Say("Nobody has this number. " + l.ways())
	case enter:
		l.leave()
	}
	return nil
}

// sought is what the search on show was for, if the EMR found nobody.
func (l *list) sought() map[string]string {
	if text := l.text(); text != "" && l.asked == text && l.hits.Len() == 0 {
		return people.Sought(text)
	}
	return nil
}

// further asks for the next page of what was found when the cursor is near the
// end.
func (l *list) further() tea.Cmd {
	at, of := l.hits.Place()
	if !l.rest || l.asked != l.text() || l.onto.Out() || of-at > max(nearEnd, l.high) {
		return nil
	}
	emr, text, next, patients := l.v.emr, l.asked, l.pages+1, l.patients
	l.hits.SetLoading("more...")
	return l.onto.Latest(func(ctx ctx) (moreMsg, error) {
		page, err := people.More(ctx, emr, text, next, patients)
		return moreMsg{page}, err
	})
}

func (l *list) foundMore(r ui.Result[moreMsg]) tea.Cmd {
	if !l.onto.Accept(r) {
		return nil
	}
	if r.Err != nil {
		l.rest = false
		l.hits.SetFailed(rest.Then(r.Err, "Press r to search again."))
		return nil
	}
	l.pages++
	l.rest = r.Value.page.More && len(r.Value.page.Items) > 0
	l.v.seen.put(r.Value.page.Items...)
	l.hits.Upsert(newRows(r.Value.page.Items)...)
	l.hits.SetLoading("")
	return l.further()
}

// merge adds what is in the list and fits to what the EMR found.
func (l *list) merge(here localMsg) {
	have := map[id]bool{}
	for _, r := range l.hits.Rows() {
		have[r.id()] = true
	}
	n := newNeedle(l.text())
	var more []row
	for _, r := range here {
		if _, listed := l.browse.Row(string(r.id())); listed && !have[r.id()] && n.in(r) {
			more = append(more, r)
		}
	}
	if len(more) > 0 {
		l.hits.Upsert(more...)
	}
}

// choose opens the row under the cursor. Before the answer for the present text
// is in, enter waits for it: nobody is opened from older ones.
func (l *list) choose() tea.Cmd {
	text := l.text()
	switch {
	case text == "":
		l.leave()
		return nil
	case utf8.RuneCountInString(text) < people.LeastSearch:
		return nil
	case l.asked != text:
		l.enter = true
		if l.ask.Out() {
			return nil
		}
		l.gen++
		return l.search()
	}
	l.leave()
	if r, ok := l.hits.Selected(); ok {
		return l.openRow(r)
	}
	return nil
}

// pop searches for a text another tab sent and opens the only one found.
func (l *list) pop(text string) tea.Cmd {
	l.clear()
	l.input.SetValue(text)
	l.input.CursorEnd()
	l.popup = true
	return tea.Batch(l.searchHere(), l.search())
}
