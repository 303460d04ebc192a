package booking

import (
	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

// On a file every write is alone; on a server these locks make it so for what
// it touches. Who changes a record has its provider; who gives a person time
// has the person besides. Persons come first, then providers, each all at once
// and in the order of their names: nobody can wait for somebody who waits for
// him.

func personLock(id naturaesoft.ID) string   { return "1 person " + string(id) }
func providerLock(id naturaesoft.ID) string { return "2 provider " + string(id) }

// lockClaim is what a new hold needs: its person and its provider.
func lockClaim(tx *store.Tx, r Booking) error {
	return lockFor(tx, r.Prospect, func() ([]string, error) { return []string{providerLock(r.Provider)}, nil })
}

// lockRecord is what changing one record needs, perhaps to give it to a person.
func lockRecord(tx *store.Tx, id string, person naturaesoft.ID) error {
	return lockFor(tx, person, func() ([]string, error) { return providers(tx, "WHERE id = ?", id) })
}

// lockFor locks a person, if any, some providers, and those of the person's
// other holds, which may have to be ended. Nobody gives the person time once it
// is locked, so that those are all of them.
func lockFor(tx *store.Tx, person naturaesoft.ID, some func() ([]string, error)) error {
	if tx.Alone() {
		return nil
	}
	names, err := some()
	if err == nil && person != "" {
		if err := tx.Lock(personLock(person)); err != nil {
			return err
		}
		var others []string
		others, err = providers(tx, "WHERE prospect = ? AND state = ?", string(person), string(Held))
		names = append(names, others...)
	}
	if err != nil {
		return err
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

// lockSchedule is what comparing a provider's records with the schedule needs:
// the persons of vanished visits, which may get their time back, and the
// provider. It returns those persons.
func lockSchedule(tx *store.Tx, id naturaesoft.ID) (map[naturaesoft.ID]bool, error) {
	if tx.Alone() {
		return nil, nil
	}
	gone, err := query(tx, "WHERE provider = ? AND state = ?", string(id), string(Vanished))
	persons, names := map[naturaesoft.ID]bool{"": true}, []string(nil)
	for _, r := range gone {
		if r.Prospect != "" {
			persons[r.Prospect], names = true, append(names, personLock(r.Prospect))
		}
	}
	if err == nil {
		err = tx.Lock(names...)
	}
	if err != nil {
		return nil, err
	}
	return persons, tx.Lock(providerLock(id))
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
