package enrollment

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/ui"
)

// lostWrite is an entry of the outbox whose answer was lost, and of which nobody
// knows yet whether it landed, or one that waits to be sent.
type lostWrite struct {
	ui.Left
	about []anglehealth.ID
	what  string
}

// unsure are the writes of the outbox about members whose outcome is not known,
// and those that were confirmed and never sent. Snapshots rarely settle a change
// of coverage, so a person has to, and must not send it a second time because
// nothing on the member's page tells of it.
type unsure struct {
	v     *View
	read  *ui.Call[[]lostWrite]
	deed  *ui.Call[string]
	all   []lostWrite // UNKNOWN
	waits []lostWrite
}

func newUnsure(v *View) *unsure {
	return &unsure{v: v, read: ui.NewCall[[]lostWrite](v.env, "read the outbox"), deed: ui.NewCall[string](v.env, "note what became of it")}
}

// reload reads the outbox; no vendor is asked.
func (u *unsure) reload() tea.Cmd {
	box := u.v.env.Outbox
	if box == nil {
		return nil
	}
	return u.read.Latest(func(ctx ctx) ([]lostWrite, error) {
		left, err := box.Unsettled(ctx)
		var all []lostWrite
		for _, l := range left {
			if l.Vendor == vendorName {
				all = append(all, lost(l))
			}
		}
		return all, err
	})
}

// lost tells what was sent for whom. Entries of a subcommand hold it another
// way, and are told by their name and record.
func lost(l ui.Left) lostWrite {
	w := lostWrite{l, []anglehealth.ID{anglehealth.ID(l.Record)}, strings.TrimSuffix(l.Op, " by command")}
	switch l.Op {
	case "change coverage":
		var h happening
		if json.Unmarshal(l.Payload, &h) == nil {
			w.about, w.what = append(w.about, h.Event.Members()...), "life event “"+safe.Clean(h.Event.Type)+"” of "+h.Event.Date.String()
			if h.Season {
				w.what = "open enrollment of " + h.Event.Date.String()
			}
		}
	case "terminate":
		var t leave
		if json.Unmarshal(l.Payload, &t) == nil {
			w.what = "termination, last day of work " + t.LastWork.String()
			for _, c := range t.Losing {
				w.about = append(w.about, c.ID)
			}
		}
	case "change person":
		var e edited
		if json.Unmarshal(l.Payload, &e) == nil {
			var names []string
			for _, n := range e.names() {
				names = append(names, label(n))
			}
			w.what = "change of " + strings.Join(names, ", ")
		}
	}
	return w
}

// of are those of all about any of these members.
func of(writes []lostWrite, ids ...anglehealth.ID) []lostWrite {
	var all []lostWrite
	for _, w := range writes {
		if slices.ContainsFunc(ids, func(id anglehealth.ID) bool { return slices.Contains(w.about, id) }) {
			all = append(all, w)
		}
	}
	return all
}

// warning is a sentence before something else is sent for these members.
func (u *unsure) warning(ids ...anglehealth.ID) string {
	if all := of(u.all, ids...); len(all) > 0 {
		return "Not settled yet: " + all[0].what + ". It may have landed, and this may do it twice."
	}
	if all := of(u.waits, ids...); len(all) > 0 {
		return "Waiting in the outbox: " + all[0].what + ". If that is sent too, it may be done twice."
	}
	return ""
}

// told says on a member's page what is not known or was not sent, and what to
// do about it.
func (u *unsure) told(id anglehealth.ID, width int) []string {
	th := u.v.env.Theme
	all := u.paragraphs(th.Glyph.Unknown, "UNKNOWN", of(u.all, id), width,
		"Its answer was lost and it may have landed, so do not send it again. u looks at Angle Health once more; if that does not settle it, ask them by telephone and press L.")
	return append(all, u.paragraphs(th.Glyph.Held, "NOT SENT", of(u.waits, id), width,
		"It waits in the outbox: u under Connections shows it, S sends it there and t takes it back. Do not enter it once more.")...)
}

func (u *unsure) paragraphs(sign, word string, writes []lostWrite, width int, words string) []string {
	var all []string
	for _, w := range writes {
		lead := " " + sign + " "
		for l := range strings.SplitSeq(ansi.Wordwrap(word+": "+w.what+", confirmed "+u.v.moment(w.Created), max(20, width-4), ""), "\n") {
			all = append(all, u.v.env.Theme.Danger.Render(lead+l))
			lead = "   "
		}
	}
	if len(all) == 0 {
		return nil
	}
	for l := range strings.SplitSeq(ansi.Wordwrap(words, max(20, width-4), ""), "\n") {
		all = append(all, "   "+l)
	}
	return append(all, "")
}

// declare takes a person's word on the oldest one about a member.
func (u *unsure) declare(id anglehealth.ID) {
	w := of(u.all, id)[0]
	box := u.v.env.Outbox
	say := func(k, words string, l ui.Landing, did string) ui.Action {
		return ui.Action{Key: ui.One(k, words), Do: func() (bool, tea.Cmd) {
			return true, u.deed.Once(func(ctx context.Context) (string, error) { return did, box.Resolve(ctx, w.ID, l) })
		}}
	}
	text := strings.ToUpper(w.what[:1]) + w.what[1:] + ", confirmed " + u.v.moment(w.Created) + ".\n\n" +
		"Ask Angle Health by telephone before you answer. If it did not land it waits in the outbox, where S sends it, which does it twice if you are wrong."
	u.v.env.Open(ui.NewReader(u.v.env, "What became of it?", text,
		say("y", "it landed", ui.Landed, "Noted as done. It is never sent again."),
		say("n", "it did not land", ui.DidNot, "Noted: it did not land. It waits in the outbox: u under Connections shows it, S sends it there.")))
}

func (u *unsure) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[[]lostWrite]:
		if u.read.Accept(msg) && msg.Err == nil {
			unknown := func(w lostWrite) bool { return w.Unknown }
			u.waits = slices.DeleteFunc(slices.Clone(msg.Value), unknown)
			u.all = slices.DeleteFunc(msg.Value, func(w lostWrite) bool { return !unknown(w) })
		}
	case ui.Result[string]:
		if !u.deed.Accept(msg) {
			return nil
		}
		if msg.Err != nil {
			u.v.env.Fail(rest.UserMessage(msg.Err))
			return u.reload()
		}
		return tea.Batch(u.reload(), u.v.member.again(), u.v.env.Say(msg.Value))
	}
	return nil
}
