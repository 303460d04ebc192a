package billing

import (
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/state/edit"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// changing changes fields of one record: Seen is the whole form as the record
// was when somebody began to type, Edits what they made of it.
type changing struct {
	ID    inboxhealth.ID
	Seen  map[string]string
	Edits inboxhealth.Edits
}

// A changeable is a kind of record whose fields can be changed. The vendor's
// document does not say whether a PUT replaces a record or a part of it, so
// only what was edited is sent, and the client compares the rest afterwards.
type changeable[T any] struct {
	name   string // such as "patient"
	read   func(ctx, inboxhealth.ID) (T, error)
	update func(ctx, T, inboxhealth.Edits) (T, error)
	values func(T) map[string]string
}

func declareChange[T any](v *View, k changeable[T]) *writer[changing] {
	op := "change " + k.name
	return declare(v, ui.Write[changing, outcome]{
		Vendor: inboxName, Op: op, Words: "change the " + k.name,
		Send: func(c ctx, n changing) (outcome, error) {
			now, err := k.read(c, n.ID)
			if err != nil {
				return outcome{}, unsent(err)
			}
			there := n.versions(k.values(now))
			if found := there.Differences(slices.Sorted(maps.Keys(n.Seen))); len(found) > 0 {
				return outcome{}, &clash{there, found}
			}
			_, err = k.update(c, now, n.Edits)
			return outcome{Words: "The " + k.name + " is changed.", ID: n.ID}, err
		},
		ReadBack: func(c ctx, n changing, since time.Time) (ui.Landing, error) {
			now, err := k.read(c, n.ID)
			if err != nil {
				return ui.CannotTell, err
			}
			return v.landing(inboxhealth.Settled{Verdict: verdicts[n.versions(k.values(now)).Landing()]}, nil, since)
		},
	})
}

// verdicts judge a change by the record as it is now.
var verdicts = map[edit.Landing]inboxhealth.Verdict{
	edit.CannotTell: inboxhealth.CannotTell, edit.Landed: inboxhealth.Landed, edit.DidNot: inboxhealth.DidNot,
}

func (n changing) versions(now map[string]string) edit.Versions {
	return edit.Versions{Seen: n.Seen, Now: now, Edits: n.Edits, Alike: alike}
}

func alike(_, a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) }

// clash says that a colleague changed the record meanwhile. Nothing was sent.
type clash struct {
	edit.Versions
	fields []edit.Difference
}

func (c *clash) Error() string { return "changed by somebody else, nothing sent" }

// UserMessage says so and what to do.
func (c *clash) UserMessage() string {
	return "A colleague changed this record meanwhile, so nothing was sent. Read it again and compare."
}

// editor is the form over a record that is there already.
type editor struct {
	v      *View
	dialog *ui.FormDialog
	sender *writer[changing]
	id     inboxhealth.ID
	who    inboxhealth.ID // the patient it is about, 0 for none
	seen   map[string]string
	// ask is the title of a question before it is sent, "" for none.
	ask string
	// wrong are complaints about the whole; may be nil.
	wrong func(values map[string]string) map[string]string
}

// open shows the form filled with what was seen. The draft of another day
// comes back with what it was typed over.
func (e *editor) open(title, draft string, fields ...form.Field) {
	f := form.New(e.v.env.Theme, fields...)
	e.fill(f, e.seen)
	e.dialog = ui.NewFormDialog(e.v.env, title, f, e.submit)
	e.dialog.Busy = e.v.sending(e.dialog)
	e.dialog.Over(e.seen, func(was map[string]string) {
		e.seen = was
		e.fill(f, was)
	})
	e.v.env.Open(e.dialog.Keep(draft, e.id.String()))
}

func (e *editor) fill(f *form.Form, values map[string]string) {
	for name, value := range values {
		if inCents(name) {
			value = dollars(value)
		}
		f.Set(name, value)
	}
}

// submit sends only what a person changed, after a question where that is
// wanted.
func (e *editor) submit(values map[string]string) tea.Cmd {
	if e.wrong != nil {
		if wrong := e.wrong(values); len(wrong) > 0 {
			e.dialog.SetErrors(wrong)
			return nil
		}
	}
	n := changing{ID: e.id, Seen: e.seen, Edits: inboxhealth.Edits{}}
	for name, value := range e.dialog.Changes() {
		if inCents(name) {
			value = wholeCents(value)
		}
		if !alike(name, value, e.seen[name]) {
			n.Edits[name] = value
		}
	}
	if len(n.Edits) == 0 {
		e.dialog.Sent()
		return e.v.env.Say("Nothing was changed.")
	}
	if e.ask == "" {
		return e.send(n)
	}
	words := "These fields are sent and nothing else:\n"
	for _, name := range sortedNames(n.Edits) {
		words += "\n" + fieldWords(name) + ": " + e.quoted(name, e.seen[name]) + " becomes " + e.quoted(name, n.Edits[name])
	}
	e.v.env.Open(ui.NewConfirm(e.v.env, e.ask, words, "Change", func() tea.Cmd { return e.send(n) }))
	return nil
}

func (e *editor) send(n changing) tea.Cmd {
	return start(e.v, e.sender, e.id.String(), n, composer{dialog: e.dialog, who: e.who, refused: func(err error) bool {
		return e.compare(n, err)
	}}, false)
}
