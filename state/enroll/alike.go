package enroll

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"frontdesk/clients/anglehealth"
	"frontdesk/state/store"
)

// A family is forgotten once it is verified, and its ids say nothing of who it
// is. A file that is imported a second time, whole or corrected, brings no ids
// either: what keeps everybody from being enrolled twice is a hash of each
// person, inside a seal.

// named is a person's name and birth date, "" where one of them is not told.
func named(d anglehealth.Demographics) string {
	who := strings.ToLower(strings.TrimSpace(d.Fields["first_name"] + " " + d.Fields["last_name"]))
	if who == "" || d.DOB.IsZero() {
		return ""
	}
	return who + " " + d.DOB.String()
}

func alike(kind, what string) string {
	sum := sha256.Sum256([]byte(kind + " " + what))
	return hex.EncodeToString(sum[:16])
}

// left are the hashes kept of a person. Whether a number was told is one of
// what they tell: two people of one name have different ones.
func left(d anglehealth.Demographics) []string {
	var all []string
	kind := "no number"
	if d.SSN.Given() {
		kind = "number"
		all = append(all, alike("ssn", d.SSN.Expose()))
	}
	if who := named(d); who != "" {
		all = append(all, alike(kind, who))
	}
	return all
}

// sought are the hashes by which a person is found who was left before.
func sought(d anglehealth.Demographics) []string {
	var all []string
	who := named(d)
	if d.SSN.Given() {
		all = append(all, alike("ssn", d.SSN.Expose()))
	} else if who != "" {
		all = append(all, alike("number", who))
	}
	if who != "" {
		all = append(all, alike("no number", who))
	}
	return all
}

// sealAlike closes who a family is. Without a Sealer memory keeps it.
func (b *Book) sealAlike(job string, people []anglehealth.Demographics) ([]byte, error) {
	var all []string
	for _, d := range people {
		all = append(all, left(d)...)
	}
	if len(all) == 0 {
		return nil, nil
	}
	if b.o.Sealer == nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.alike[job] = all
		return nil, nil
	}
	raw, _ := json.Marshal(all) // texts: cannot fail
	return b.o.Sealer.Seal(raw, "enroll alike "+job)
}

// Again are those of people who were enrolled from here before or wait to be.
// That is not wrong of itself: who comes back is a new hire.
func (b *Book) Again(ctx context.Context, people []anglehealth.Demographics) (found []anglehealth.ID, err error) {
	err = b.db.Read(ctx, func(tx *store.Tx) error {
		found, err = b.again(tx, "", people)
		return err
	})
	return found, err
}

func (b *Book) again(tx *store.Tx, except string, people []anglehealth.Demographics) ([]anglehealth.ID, error) {
	known, err := b.enrolled(tx, except)
	var found []anglehealth.ID
	for _, d := range people {
		if met(d, known) {
			found = append(found, d.ID)
		}
	}
	return found, err
}

// met reports that a person is among those whose hashes are known.
func met(d anglehealth.Demographics, known map[string]bool) bool {
	return slices.ContainsFunc(sought(d), func(hash string) bool { return known[hash] })
}

// enrolled are the hashes of everybody who was enrolled from here or may be, but
// for one request. Of what the insurer refused nobody is.
func (b *Book) enrolled(tx *store.Tx, except string) (map[string]bool, error) {
	found := map[string]bool{}
	err := tx.Query(func(scan func(...any) error) error {
		var id string
		var sealed []byte
		if err := scan(&id, &sealed); err != nil {
			return err
		}
		b.mu.Lock()
		all := b.alike[id]
		b.mu.Unlock()
		if len(sealed) > 0 && b.o.Sealer != nil {
			if raw, err := b.o.Sealer.Open(sealed, "enroll alike "+id); err == nil {
				_ = json.Unmarshal(raw, &all) // of another desk's key, or damaged: it tells nothing
			}
		}
		for _, hash := range all {
			found[hash] = true
		}
		return nil
	}, "SELECT id, alike FROM job WHERE id <> ? AND (state <> 'failed' OR step NOT IN ('check', 'enroll'))", except)
	return found, err
}
