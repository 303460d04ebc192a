package booking

import (
	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

// On a file every write is alone; on a server these locks make it so for what
// it touches. Who changes a record has its provider; who gives a person time
// has the person besides. Providers come first, as their names sort, and all of
// them in one call: nobody can wait for somebody who waits for him.

func providerLock(id naturaesoft.ID) string { return "1 provider " + string(id) }
func personLock(id naturaesoft.ID) string   { return "2 person " + string(id) }

// lockClaim is what a new hold needs: its provider, its person, and the
// providers of that person's other holds, which it may have to end.
func lockClaim(tx *store.Tx, r Booking) error {
	return lockFor(tx, r.Prospect, []string{providerLock(r.Provider)}, nil)
}

// lockRecord is what changing one record needs, perhaps to give it to a person.
func lockRecord(tx *store.Tx, id string, person naturaesoft.ID) error {
	if tx.Alone() {
		return nil
	}
	names, err := providers(tx, "WHERE id = ?", id)
	return lockFor(tx, person, names, err)
}

// lockFor locks names, and what giving time to a person needs.
func lockFor(tx *store.Tx, person naturaesoft.ID, names []string, err error) error {
	if err != nil || tx.Alone() {
		return err
	}
	if person != "" {
		others, err := providers(tx, "WHERE prospect = ? AND state = ?", string(person), string(Held))
		if err != nil {
			return err
		}
		names = append(append(names, others...), personLock(person))
	}
	return tx.Lock(names...)
}

// lockRecords is what changing the records that a WHERE clause chooses needs.
// The provider of a record never changes, but anything else may until it is
// locked: read it afterwards.
func lockRecords(tx *store.Tx, where string, args ...any) error {
	if tx.Alone() {
		return nil
	}
	names, err := providers(tx, where, args...)
	if err != nil {
		return err
	}
	return tx.Lock(names...)
}

// lockReturning is what giving vanished visits their time back needs.
func lockReturning(tx *store.Tx, rows []Booking) error {
	var names []string
	for _, r := range rows {
		if r.State == Vanished && r.Prospect != "" {
			names = append(names, personLock(r.Prospect))
		}
	}
	return tx.Lock(names...)
}

// providers are the locks of the providers of some records.
func providers(tx *store.Tx, where string, args ...any) ([]string, error) {
	var names []string
	err := tx.Query(func(read func(...any) error) error {
		var id naturaesoft.ID
		err := read(&id)
		names = append(names, providerLock(id))
		return err
	}, "SELECT DISTINCT provider FROM booking "+where, args...)
	return names, err
}
