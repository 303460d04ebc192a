package booking

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

// Booking is one visit as the ledger knows it. Date, Time and Found are civil
// times of the practice; the other times are the ledger's own clock, in UTC.
type Booking struct {
	ID        string
	Code      string // what the note in the EMR carries: 7K3Q
	Fence     int64  // proves that a hold is still the one that was taken
	State     State
	Provider  naturaesoft.ID
	Date      civil.Date
	Time      civil.Time
	Duration  int            // minutes
	Prospect  naturaesoft.ID // empty until a person is chosen
	VisitType string         // as the practice names it; may be empty
	Owner     Actor

	Created time.Time
	Updated time.Time
	Expires time.Time     // of a hold
	Left    time.Duration // of a hold, when it was read; by the ledger's clock
	Checked time.Time     // when the EMR last answered whether it is free; zero: never
	Due     time.Time     // must be on the schedule by then

	Visit naturaesoft.ID // the visit on the schedule that was matched
	Found Found          // what the schedule shows for Visit
	Watch bool           // cancelled, but may still be on the schedule

	MovedTo   string // the id of the visit this one is moved to
	MovedFrom string // the id of the visit this one replaces
	Reason    string // why it was lost or cancelled; see Why.Words
	Override  string // why it was held although the time was taken
	Warnings  []string

	baseline []naturaesoft.ID // nil: not read yet
	wasSeen  bool
	missing  int
	tag      tagState

	conflicts  []Booking // of an override, when it is made
	unanswered error     // why the last check had no answer
}

// Found is a visit as the schedule shows it.
type Found struct {
	Start    civil.DateTime
	Duration int
	Type     string
}

// tagState is what became of the practice's tag.
type tagState string

const (
	tagNone    tagState = ""        // not tried, or there is no such tag
	tagSending tagState = "sending" // sent or about to be, outcome not known
	tagSet     tagState = "set"
	tagFailed  tagState = "failed"
)

// Start is the first moment of the visit, End the first one after it.
func (b Booking) Start() civil.DateTime { return civil.DateTime{Date: b.Date, Time: b.Time} }

// End is the first moment after the visit.
func (b Booking) End() civil.DateTime { return plus(b.Start(), b.Duration) }

// Overlaps reports that two visits share a moment, whoever they are with.
func (b Booking) Overlaps(o Booking) bool {
	return o.Start().Before(b.End()) && b.Start().Before(o.End())
}

// Unchecked reports that the EMR could not be asked whether the time is free.
func (b Booking) Unchecked() bool { return b.Checked.IsZero() }

// Conflicts are the records an override was made against.
func (b Booking) Conflicts() []Booking { return b.conflicts }

// Difference describes what was asked for and what the schedule shows, or is
// empty when nothing was found.
func (b Booking) Difference() string {
	if b.Visit == "" {
		return ""
	}
	return "asked for " + describe(b.Start(), b.Duration, b.VisitType) +
		"; the schedule shows " + describe(b.Found.Start, b.Found.Duration, b.Found.Type)
}

func describe(at civil.DateTime, minutes int, kind string) string {
	s := fmt.Sprintf("%s %s, %d min", at.Date, clock(at.Time), minutes)
	if kind != "" {
		s += ", " + kind
	}
	return s
}

// warn adds a sentence once.
func (b *Booking) warn(sentence string) {
	if !slices.Contains(b.Warnings, sentence) {
		b.Warnings = append(b.Warnings, sentence)
	}
}

// columns of booking in the order of row and scan.
const columns = `id, code, fence, state, provider, starts, ends, minutes, prospect, visit_type,
	owner_uid, owner_user, owner_host, owner_tty, owner_session, created_at, updated_at, expires_at,
	checked_at, due_at, baseline, visit, found_starts, found_minutes, found_type, was_seen, missing,
	watch, tag, moved_to, moved_from, reason, override, warnings`

// row is b as the values of columns.
func (b Booking) row() []any {
	baseline, found := "", ""
	if b.baseline != nil {
		data, _ := json.Marshal(b.baseline)
		baseline = string(data)
	}
	if !b.Found.Start.IsZero() {
		found = text(b.Found.Start)
	}
	return []any{b.ID, b.Code, b.Fence, string(b.State), string(b.Provider), text(b.Start()), text(b.End()),
		b.Duration, string(b.Prospect), b.VisitType,
		b.Owner.UID, b.Owner.User, b.Owner.Host, b.Owner.TTY, b.Owner.Session,
		ms(b.Created), ms(b.Updated), ms(b.Expires), ms(b.Checked), ms(b.Due),
		baseline, string(b.Visit), found, b.Found.Duration, b.Found.Type,
		bit(b.wasSeen), b.missing, bit(b.Watch), string(b.tag), b.MovedTo, b.MovedFrom,
		b.Reason, b.Override, strings.Join(b.Warnings, "\n")}
}

// scan reads one row of columns. A hold that has run out by now is shown as
// expired whether or not a claim has cleared it yet.
func scan(read func(...any) error, now time.Time) (Booking, error) {
	var b Booking
	var starts, ends, baseline, found, warnings string
	var created, updated, expires, checked, due int64
	err := read(&b.ID, &b.Code, &b.Fence, &b.State, &b.Provider, &starts, &ends,
		&b.Duration, &b.Prospect, &b.VisitType,
		&b.Owner.UID, &b.Owner.User, &b.Owner.Host, &b.Owner.TTY, &b.Owner.Session,
		&created, &updated, &expires, &checked, &due,
		&baseline, &b.Visit, &found, &b.Found.Duration, &b.Found.Type,
		&b.wasSeen, &b.missing, &b.Watch, &b.tag, &b.MovedTo, &b.MovedFrom,
		&b.Reason, &b.Override, &warnings)
	if err != nil {
		return b, err
	}
	start, err := parse(starts)
	if err != nil {
		return b, fmt.Errorf("the ledger holds a time that cannot be read in record %s", b.Code)
	}
	b.Date, b.Time = start.Date, start.Time
	b.Created, b.Updated, b.Expires = at(created), at(updated), at(expires)
	b.Checked, b.Due = at(checked), at(due)
	if baseline != "" {
		if err := json.Unmarshal([]byte(baseline), &b.baseline); err != nil {
			return b, fmt.Errorf("the ledger holds a list that cannot be read in record %s", b.Code)
		}
	}
	if found != "" {
		b.Found.Start, _ = parse(found)
	}
	if warnings != "" {
		b.Warnings = strings.Split(warnings, "\n")
	}
	if b.State == Held {
		b.Left = max(0, b.Expires.Sub(now))
		if b.Left == 0 {
			b.State = Expired
		}
	}
	return b, nil
}

// load reads one booking; *MissingError when there is none.
func load(tx *store.Tx, id string) (Booking, error) {
	found, err := query(tx, "WHERE id = ?", id)
	if err == nil && len(found) == 0 {
		err = &MissingError{}
	}
	if err != nil {
		return Booking{ID: id}, err
	}
	return found[0], nil
}

// query reads the bookings that a WHERE clause chooses.
func query(tx *store.Tx, where string, args ...any) ([]Booking, error) {
	var all []Booking
	err := tx.Query(func(read func(...any) error) error {
		b, err := scan(read, tx.Now)
		all = append(all, b)
		return err
	}, "SELECT "+columns+" FROM booking "+where, args...)
	return all, err
}

// ms is a stored time; 0 is the zero time.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
