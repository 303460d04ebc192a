// Package tickets is one view of two ticket systems: what a ticket is in
// either, in which order a desk takes them, how they are filtered, who on the
// desk's ledger has one in hand, and what this account remembers of them. What
// is kept holds ids, times and counts only: no name, no word of a patient.
//
// It must not know screens, and it sends nothing.
package tickets

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
)

// Source is the system a ticket lives in.
type Source string

// The sources, as the filter language writes them.
const (
	EMR  Source = "emr"
	Care Source = "c4"
)

// Badge is a source in three letters.
func (s Source) Badge() string {
	if s == Care {
		return "C4H"
	}
	return "EMR"
}

// Vendor is a source's name in a sentence.
func (s Source) Vendor() string {
	if s == Care {
		return "Connect4Healthcare"
	}
	return "Naturaesoft EMR"
}

// Key names a ticket over both sources.
type Key struct {
	Source Source
	ID     string
}

// String is "emr/12", the form in which keys are kept.
func (k Key) String() string { return string(k.Source) + "/" + k.ID }

// spellings are what people write for a source, in any case: as the board
// calls it, as the command line does and as the filter language does.
var spellings = map[string]Source{"emr": EMR, "c4h": Care, "c4": Care}

// errKey is about what names no ticket, whatever it is asked for.
var errKey = errors.New("a ticket is the system and its number: type it like EMR 12 or C4H 205, or emr/12 or c4h/205")

// ParseKey reads a ticket as String, the board or the command line writes it:
// "emr/12", "C4H 205", "c4h/205". The error says how a ticket is written; it
// never quotes the text.
func ParseKey(s string) (Key, error) {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || unicode.IsSpace(r) })
	if len(words) != 2 {
		return Key{}, errKey
	}
	k := Key{spellings[strings.ToLower(words[0])], words[1]}
	switch k.Source {
	case EMR:
		if naturaesoft.ID(k.ID).Valid() {
			return k, nil
		}
	case Care:
		if n, err := strconv.ParseInt(k.ID, 10, 64); err == nil && n > 0 {
			k.ID = strconv.FormatInt(n, 10)
			return k, nil
		}
	}
	return Key{}, errKey
}

// Ticket is one ticket of either source. It is never changed once made: a
// newer reading is another Ticket.
type Ticket struct {
	Key
	Subject  safe.Text
	Status   safe.Text // the vendor's word
	Category safe.Text // of the EMR; Connect4Healthcare has Marks in the Talk
	Urgency  safe.Text // the vendor's word or number; empty: not told
	Level    int       // urgency as a number to compare by, 0: not told
	Assigned safe.Text
	Resident string // id at Connect4Healthcare
	Person   safe.Text
	Created  time.Time // zero: not told
	Updated  time.Time
	Stamp    string // differs whenever the vendor says the ticket changed
	Talk     *Talk  // nil: not read yet
	Answered time.Time

	digest  string
	closed  bool
	since   time.Time
	waiting Clock
	text    string
}

// Talk is what only reading the ticket itself tells.
type Talk struct {
	Description safe.Long
	Comments    []Comment // general and of categories, oldest first
	Marks       []Mark    // of Connect4Healthcare's categories
	Attachments []safe.Text
	// Hidden reports that the vendor does not show general comments, so those
	// sent from here cannot be seen again (C4-13).
	Hidden bool
	// Foreign reports that the vendor answered another ticket than the one
	// asked for: nothing is to be written to it (C4-11).
	Foreign bool
	Stamp   string // the ticket's, when this was read
}

// Comment is one entry of a conversation.
type Comment struct {
	ID       string
	By       safe.Text
	On       time.Time // zero: not told
	Text     safe.Long
	Category safe.Text // empty: general
	Ours     bool
}

// Said reports whether a comment was written since a moment. sure is false where
// comments cannot be seen, or one of the same words, which may be older, tells no
// day.
func (t *Talk) Said(text string, since time.Time) (said, sure bool) {
	sure = !t.Hidden
	for _, c := range t.Comments {
		switch {
		case !Same(c.Text.Raw(), text):
		case c.On.IsZero():
			sure = false
		case !c.On.Before(since):
			return true, !t.Hidden
		}
	}
	return false, sure
}

// Mark is what a ticket says in one category.
type Mark struct {
	ID     string
	Title  safe.Text
	Status safe.Text // as sent
	Level  Severity
}

// Severity is a category's status.
type Severity uint8

// The severities. Odd is a word nobody documents.
const (
	Odd Severity = iota
	NoIssue
	Potential
	Issue
)

// String is the severity in the vendor's words, "?" for an odd one.
func (s Severity) String() string {
	return [...]string{"?", "No Issue", "Potential Issue", "Issue"}[s]
}

// Clock is how a ticket waits for us.
type Clock uint8

// The clocks. Guessed is Running for a ticket whose conversation has not been
// read: it has waited that long at most.
const (
	Stopped Clock = iota // we spoke last, or it is closed
	Running
	Guessed
)

// Waiting is since when somebody waits for us, and how sure that is. While the
// clock is stopped it is when we answered, zero for a closed ticket.
func (t *Ticket) Waiting() (since time.Time, c Clock) { return t.since, t.waiting }

// Digest is the Stamp in a form that tells nothing else, for keeping.
func (t *Ticket) Digest() string { return t.digest }

// finish works out what depends on several fields. It is called once, before
// the ticket is handed out.
func (t *Ticket) finish() *Ticket {
	if t.digest == "" {
		t.digest = Digest(t.Stamp)
	}
	t.closed = slices.Contains(closing, fold(t.Status.String()))
	t.since, t.waiting = t.wait()
	var b strings.Builder
	for _, s := range []string{t.ID, t.Subject.String(), t.Category.String(), t.Person.String(), t.Assigned.String()} {
		b.WriteString(fold(s))
		b.WriteByte('\n')
	}
	t.text = b.String()
	return t
}

// With is the ticket with what was read of its conversation, with when this
// desk last wrote to it, and with whom it is about.
func (t *Ticket) With(talk *Talk, answered time.Time, person safe.Text) *Ticket {
	other := *t
	other.Talk, other.Answered, other.Person = talk, answered, person
	return other.finish()
}

// Moved is the ticket with another status, as long as the vendor has not
// confirmed it.
func (t *Ticket) Moved(status safe.Text) *Ticket {
	other := *t
	other.Status = status
	return other.finish()
}

// slack is how far a vendor's clock may be off ours before "we wrote last"
// becomes doubtful.
const slack = 2 * time.Minute

func (t *Ticket) wait() (time.Time, Clock) {
	if t.Closed() {
		return time.Time{}, Stopped
	}
	if t.Talk == nil {
		if !t.Answered.IsZero() && !t.Updated.After(t.Answered.Add(slack)) {
			return t.Answered, Stopped
		}
		return t.Created, Guessed
	}
	since := t.Created
	for _, c := range t.Talk.Comments {
		switch {
		case c.Ours:
			since = time.Time{}
		case since.IsZero():
			since = c.On
		}
	}
	last, any := t.Last()
	switch {
	case any && last.Ours:
		return last.On, Stopped
	case !t.Answered.IsZero() && (!any || !last.On.After(t.Answered)):
		return t.Answered, Stopped
	case !t.Answered.IsZero() && since.Before(t.Answered):
		return firstAfter(t.Talk.Comments, t.Answered), Running
	}
	return since, Running
}

// firstAfter is when the first comment after a moment was written.
func firstAfter(all []Comment, at time.Time) time.Time {
	for _, c := range all {
		if c.On.After(at) {
			return c.On
		}
	}
	return at
}

// Last is the newest comment.
func (t *Ticket) Last() (Comment, bool) {
	if t.Talk == nil || len(t.Talk.Comments) == 0 {
		return Comment{}, false
	}
	return t.Talk.Comments[len(t.Talk.Comments)-1], true
}

// closing are the words vendors close tickets with. Connect4Healthcare
// documents none (C4-16).
var closing = []string{"closed", "close", "resolved", "done", "completed", "complete", "solved", "cancelled", "canceled"}

// Closed reports that nobody waits any more, as far as the status' word tells.
func (t *Ticket) Closed() bool { return t.closed }

// Stale reports that the conversation was never read, or before the ticket
// last changed.
func (t *Ticket) Stale() bool { return t.Talk == nil || t.Talk.Stamp != t.Stamp }

// Compare is the order in which tickets are taken: open ones first, then by
// urgency, then who has waited longest, then the oldest. It is no fact of the
// present moment, so a list in this order stays in it.
func Compare(a, b *Ticket) int {
	return cmp.Or(
		yes(a.Closed())-yes(b.Closed()),
		b.Level-a.Level,
		yes(a.waiting == Stopped)-yes(b.waiting == Stopped),
		early(a.since, b.since),
		early(a.Created, b.Created),
		cmp.Compare(a.Source, b.Source),
		cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID),
	)
}

// early orders times, those not told last.
func early(a, b time.Time) int {
	return cmp.Or(yes(a.IsZero())-yes(b.IsZero()), a.Compare(b))
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}
