package booking

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

// liveSQL is the list of live states for an IN.
var liveSQL = func() string {
	words := make([]string, len(live))
	for i, s := range live {
		words[i] = "'" + string(s) + "'"
	}
	return "(" + strings.Join(words, ", ") + ")"
}()

// claim writes a new hold, or refuses with *TakenError. It is called inside
// one write transaction, so that nobody can come between the look and the
// write; holds that ran out are cleared in the same one. With r.Override set
// the claim is made against the conflicts, which are recorded. The hold lasts
// from the moment the claim had its turn.
func claim(tx *store.Tx, who Actor, r Booking, lasts time.Duration) (Booking, error) {
	if err := lockClaim(tx, r); err != nil {
		return r, err
	}
	r.Expires = tx.Now.Add(lasts)
	if err := expire(tx, who, r); err != nil {
		return r, err
	}
	conflicts, err := overlapping(tx, r)
	if err != nil {
		return r, err
	}
	if len(conflicts) > 0 && r.Override == "" {
		return r, taken(r, conflicts)
	}
	r.conflicts = conflicts
	id, err := uuid.NewV7()
	if err != nil {
		return r, err
	}
	r.ID, r.State, r.Owner = id.String(), Held, who
	r.Created, r.Updated = tx.Now, tx.Now
	r.Left = r.Expires.Sub(tx.Now)
	if r.Code == "" {
		if r.Code, err = freeCode(tx); err != nil {
			return r, err
		}
	}
	if r.Fence, err = tx.Next("booking_fence"); err != nil {
		return r, err
	}
	if err := insert(tx, r); err != nil {
		return r, err
	}
	outcome := "taken"
	if len(conflicts) > 0 {
		outcome = "taken over " + codes(conflicts)
	}
	return r, journal(tx, who, r, "hold", outcome)
}

// insert writes a new record.
func insert(tx *store.Tx, r Booking) error {
	row := r.row()
	marks := "?" + strings.Repeat(", ?", len(row)-1)
	_, err := tx.Exec("INSERT INTO booking ("+columns+") VALUES ("+marks+")", row...)
	return err
}

// expire ends the holds whose time is over: on a server those that can be in
// the way of r, of its provider and of its person.
func expire(tx *store.Tx, who Actor, r Booking) error {
	over, err := query(tx, "WHERE state = ? AND expires_at <= ?", string(Held), ms(tx.Now))
	if err != nil {
		return err
	}
	for _, o := range over {
		if !tx.Alone() && o.Provider != r.Provider && (o.Prospect != r.Prospect || r.Prospect == "") {
			continue // not locked; whoever wants that time ends it
		}
		o.State, o.Updated = Expired, tx.Now
		if err := save(tx, o, Held); err != nil {
			return err
		}
		if err := journal(tx, who, o, "expire", ""); err != nil {
			return err
		}
	}
	return nil
}

// overlapping are the live records of others that share a moment with r for
// its provider, or for its prospect at any provider. Touching ends are free.
// What began longer ago than a visit can last is not looked at, so that an old
// ledger is as fast as a new one.
func overlapping(tx *store.Tx, r Booking) ([]Booking, error) {
	return query(tx, `WHERE id <> ? AND state IN `+liveSQL+` AND starts > ? AND starts < ? AND ends > ?
		AND NOT (state = ? AND expires_at <= ?)
		AND (provider = ? OR (prospect = ? AND prospect <> ''))
		ORDER BY starts, fence`,
		r.ID, text(plus(r.Start(), -maxMinutes)), text(r.End()), text(r.Start()), string(Held), ms(tx.Now), string(r.Provider), string(r.Prospect))
}

// taken is the refusal for conflicts; a record of the provider is named before
// one of the person.
func taken(r Booking, conflicts []Booking) *TakenError {
	slices.SortStableFunc(conflicts, func(a, b Booking) int {
		return bit(a.Provider != r.Provider) - bit(b.Provider != r.Provider)
	})
	c := conflicts[0]
	return &TakenError{By: c.Owner, State: c.State, Until: c.Expires, Left: c.Left,
		SamePerson: c.Provider != r.Provider, Conflicts: conflicts}
}

// alphabet is Crockford's base 32: no I, L, O or U to misread.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// freeCode draws a code no record of this ledger ever had: a note of an old
// visit must not be taken for one of this. It grows when four characters get
// crowded.
func freeCode(tx *store.Tx) (string, error) {
	for try := range 64 {
		code := draw(4 + try/8)
		if used, err := codeUsed(tx, code); err != nil || !used {
			return code, err
		}
	}
	return "", refuse("No free code was found for the note. Try again.")
}

// draw is n characters by chance.
func draw(n int) string {
	raw := make([]byte, n)
	rand.Read(raw)
	for i, c := range raw {
		raw[i] = alphabet[c%32]
	}
	return string(raw)
}

// codeUsed reports that a record of this ledger has or had the code.
func codeUsed(tx *store.Tx, code string) (bool, error) {
	var one int
	err := tx.One("SELECT 1 FROM booking WHERE code = ?", []any{code}, &one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return true, err
}

// save writes r over the row that still has its fence and the state from. Both
// were read in the same transaction; the guard is the second lock on the door.
func save(tx *store.Tx, r Booking, from State) error {
	if r.State != from && !from.may(r.State) {
		return refuse("A visit that is %s cannot become %s.", from.Word(), r.State.Word())
	}
	row := r.row()
	set := strings.ReplaceAll(columns, ",", " = ?,") + " = ?"
	n, err := tx.Exec("UPDATE booking SET "+set+" WHERE id = ? AND state = ? AND fence <= ?",
		append(row, r.ID, string(from), r.Fence)...)
	if err == nil && n != 1 {
		err = &LeaseError{Booking: r}
	}
	return err
}

// mine loads a hold and proves that it is still the caller's: same person,
// same fencing number, not run out by the ledger's clock.
func mine(tx *store.Tx, who Actor, id string, fence int64) (Booking, error) {
	r, err := load(tx, id)
	if err != nil {
		return r, err
	}
	switch {
	case !r.Owner.Same(who):
		return r, &LeaseError{Booking: r, Foreign: true}
	case r.State == Held && r.Fence == fence:
		return r, nil
	case r.State != Expired:
		return r, &LeaseError{Booking: r}
	}
	e := &LeaseError{Booking: r}
	if now, err := overlapping(tx, r); err != nil {
		return r, err
	} else if len(now) > 0 {
		e.Taken = &taken(r, now).Conflicts[0]
	}
	return r, e
}

// codes lists the codes of records.
func codes(all []Booking) string {
	words := make([]string, len(all))
	for i, r := range all {
		words[i] = r.Code
	}
	return strings.Join(words, " ")
}

// visits are the ids of the schedule that some record of the provider has.
func visits(tx *store.Tx, provider naturaesoft.ID) (map[naturaesoft.ID]string, error) {
	all := map[naturaesoft.ID]string{}
	err := tx.Query(func(read func(...any) error) error {
		var visit naturaesoft.ID
		var id string
		err := read(&visit, &id)
		all[visit] = id
		return err
	}, "SELECT visit, id FROM booking WHERE provider = ? AND visit <> ''", string(provider))
	return all, err
}
