package tickets

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// moving is a status on its way.
type moving struct {
	to    string
	doubt bool // it may have landed
}

// statuses are the words to offer: the vendor's own, and those its tickets
// have.
func (v *View) statuses(s tickets.Source) []string {
	var all []string
	seen := map[string]bool{}
	add := func(word string) {
		word = strings.Join(strings.Fields(word), " ")
		if key := strings.ToLower(word); word != "" && !seen[key] {
			seen[key] = true
			all = append(all, word)
		}
	}
	if s == tickets.Care {
		for _, word := range connect4healthcare.Statuses() {
			add(word)
		}
	}
	var known []*tickets.Ticket // whatever the filter shows: the word for closing is behind it
	for _, t := range v.all {
		if t.Source == s {
			known = append(known, t)
		}
	}
	slices.SortFunc(known, tickets.Compare)
	for _, l := range laneUp(known) {
		add(l.all[0].Status.Raw())
	}
	if s == tickets.EMR {
		for _, word := range []string{"Open", "Pending", "Closed"} {
			add(word)
		}
	}
	return all
}

// askStatus asks for the new status of one ticket or several of one system.
func (v *View) askStatus(chosen []*tickets.Ticket) tea.Cmd {
	for _, t := range chosen {
		if t.Source != chosen[0].Source {
			v.env.Fail("The marked tickets are in two systems, whose statuses differ. Mark those of one, for instance with the filter source:emr.")
			return nil
		}
	}
	var options []form.Option
	for _, word := range v.statuses(chosen[0].Source) {
		options = append(options, form.Option{Value: word, Label: word})
	}
	f := form.New(v.env.Theme,
		form.Choice("status", "Status", options...),
		form.Text("other", "Another word").Max(60).Help("instead; the vendor lists none, so type one it knows"),
	)
	title := "Status of " + named(chosen[0])
	if len(chosen) > 1 {
		title = fmt.Sprintf("Status of %d tickets", len(chosen))
	} else {
		f.Set("status", strings.Join(strings.Fields(chosen[0].Status.Raw()), " "))
	}
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, title, f, func(values map[string]string) tea.Cmd {
		word := strings.TrimSpace(values["other"])
		if word == "" {
			word = values["status"]
		}
		if word == "" {
			d.SetErrors(map[string]string{"status": "Choose a status, or type another word."})
			return nil
		}
		d.Sent()
		if len(chosen) > 1 {
			return v.bulkStatus(chosen, word)
		}
		if tickets.Same(word, chosen[0].Status.Raw()) {
			return v.env.Say(short(chosen[0].Key) + " is " + word + " already, so nothing was sent.")
		}
		return v.setStatus(chosen[0], word, nil)
	})
	v.env.Open(d)
	return nil
}

// setStatus shows the new status at once and takes it back with the reason if
// the vendor does not agree. row, unless nil, is told how it ended.
func (v *View) setStatus(t *tickets.Ticket, word string, row *bulkRow) tea.Cmd {
	k, was := t.Key, v.base[t.Key]
	if _, out := v.moving[k]; out || was == nil {
		return row.failed(v, trouble("An earlier change of "+short(k)+" is still on its way. Wait for its answer, then try again."))
	}
	v.touched(k)
	v.moving[k] = moving{to: word}
	v.redo(k)
	f := &flight{key: k, nonce: nonce()}
	settle := func() {
		delete(v.moving, k)
		v.redo(k)
	}
	f.done = func(wrote) tea.Cmd {
		if now := v.base[k]; now != nil { // until the vendor is read again
			v.base[k] = v.compose(k)
		}
		settle()
		return tea.Batch(row.landed(v, short(k)+" is "+word+" now."), v.detail.again(k), v.follow(k))
	}
	f.back = func(err error) tea.Cmd {
		settle()
		say := func() tea.Cmd {
			v.env.Fail(fmt.Sprintf("%s stays %s. %s", short(k), dash(was.Status), rest.UserMessage(err)))
			return nil
		}
		if row == nil {
			return say()
		}
		return tea.Batch(row.unseen(say), row.failed(v, err))
	}
	f.doubt = func() {
		v.moving[k] = moving{to: word, doubt: true}
		v.redo(k)
		row.doubted()
	}
	if k.Source == tickets.Care {
		return fly(v, v.careStatuses(), k.ID, careStatus{k.ID, word, f.nonce}, f, nil)
	}
	return fly(v, v.emrUpdates(), k.ID, emrUpdate{
		Ticket: k.ID, Was: map[string]string{"Status": was.Status.Raw()}, Edits: naturaesoft.Edits{"Status": word}, Nonce: f.nonce,
	}, f, nil)
}

// follow reads a ticket that was written to, so that the board shows what the
// vendor says and not what was asked of it. The one on show is read anyway.
func (v *View) follow(k tickets.Key) tea.Cmd {
	var again tea.Cmd
	if f := v.feed(k.Source); f != nil && f.call.Out() { // it began before the write
		again = f.load()
	}
	if v.Page() == v.detail && v.detail.key == k {
		return again
	}
	emr, care, reading := v.emr, v.care, v.read
	call := ui.NewCall[full](v.env, "read ticket")
	v.follows = append(v.follows, call)
	return tea.Batch(again, call.Latest(func(ctx ctx) (full, error) { return readOne(ctx, emr, care, reading, k) }))
}

// followed takes such a reading; one that failed is made up for by the next
// list.
func (v *View) followed(r ui.Result[full]) tea.Cmd {
	for i, call := range v.follows {
		if !call.Accept(r) {
			continue
		}
		v.follows = slices.Delete(v.follows, i, i+1)
		if r.Err != nil {
			return nil
		}
		return v.know(r.Value)
	}
	return nil
}
