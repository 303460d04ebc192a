package enroll

import (
	"context"
	"time"

	"frontdesk/clients/anglehealth"
	"frontdesk/state/store"
)

// Group is a group the book knows of.
type Group struct {
	ID          anglehealth.ID
	Name        string
	Ours        bool      // registered from here; else a snapshot or a person named it
	Added, Seen time.Time // Seen is of the newest snapshot; zero never
}

// Entry is a member the book knows of: whose id was made here or whom a
// snapshot named. Parent is empty while it is not known.
type Entry struct {
	ID, Group, Parent anglehealth.ID
	Ours              bool
	Added, Seen       time.Time
}

// AddGroup notes a group that is to be registered, or that a person knows of,
// before anything is sent for it.
func (b *Book) AddGroup(ctx context.Context, id anglehealth.ID, name string) error {
	if p := id.Problem(); p != "" {
		return refuse("The group's id cannot be used. %s", p)
	}
	return b.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO grp (id, name, origin, added_at, seen_at) VALUES (?, ?, 'ours', ?, 0)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name`, string(id), name, ms(tx.Now))
		return err
	})
}

// AddMembers notes ids of a group before they are sent, such as those of a
// registration or of a newborn in a life event.
func (b *Book) AddMembers(ctx context.Context, group, employee anglehealth.ID, ids ...anglehealth.ID) error {
	return b.db.Write(ctx, func(tx *store.Tx) error {
		for _, id := range ids {
			if p := id.Problem(); p != "" {
				return refuse("A member's id cannot be used. %s", p)
			}
			n, err := tx.Exec(`INSERT INTO member (id, grp, parent, origin, added_at, seen_at) VALUES (?, ?, ?, 'ours', ?, 0)
				ON CONFLICT (id) DO NOTHING`, string(id), string(group), string(employee), ms(tx.Now))
			if err != nil {
				return err
			}
			if n == 0 {
				return refuse("The id %s is already in use. Every member needs one of their own.", id)
			}
		}
		return nil
	})
}

// Roster reads a group's snapshot and notes the group and everybody it names.
// The members themselves are not read.
func (b *Book) Roster(ctx context.Context, id anglehealth.ID) (anglehealth.Group, error) {
	g, err := b.insurer.Group(ctx, id)
	if err != nil {
		return g, err
	}
	return g, b.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO grp (id, name, origin, added_at, seen_at) VALUES (?, ?, 'snapshot', ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at`,
			string(g.ID), g.Name.String(), ms(tx.Now), ms(tx.Now))
		for _, id := range g.Members {
			if err == nil {
				err = noteMember(tx, id, g.ID, "")
			}
		}
		return err
	})
}

// noteMember notes a member a snapshot named. What is known of the parent stays
// when the snapshot does not tell.
func noteMember(tx *store.Tx, id, group, parent anglehealth.ID) error {
	_, err := tx.Exec(`INSERT INTO member (id, grp, parent, origin, added_at, seen_at) VALUES (?, ?, ?, 'snapshot', ?, ?)
		ON CONFLICT (id) DO UPDATE SET grp = excluded.grp, seen_at = excluded.seen_at,
			parent = CASE WHEN excluded.parent = '' THEN member.parent ELSE excluded.parent END`,
		string(id), string(group), string(parent), ms(tx.Now), ms(tx.Now))
	return err
}

// Groups are the groups the book knows of, the oldest first.
func (b *Book) Groups(ctx context.Context) ([]Group, error) {
	var found []Group
	err := b.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Query(func(scan func(...any) error) error {
			var g Group
			var origin string
			var added, seen int64
			if err := scan(&g.ID, &g.Name, &origin, &added, &seen); err != nil {
				return err
			}
			g.Ours, g.Added, g.Seen = origin == "ours", at(added), at(seen)
			found = append(found, g)
			return nil
		}, "SELECT id, name, origin, added_at, seen_at FROM grp ORDER BY added_at, id")
	})
	return found, err
}

// Members are the members of a group the book knows of, with "" all of them.
func (b *Book) Members(ctx context.Context, group anglehealth.ID) ([]Entry, error) {
	var found []Entry
	err := b.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Query(func(scan func(...any) error) error {
			var e Entry
			var origin string
			var added, seen int64
			if err := scan(&e.ID, &e.Group, &e.Parent, &origin, &added, &seen); err != nil {
				return err
			}
			e.Ours, e.Added, e.Seen = origin == "ours", at(added), at(seen)
			found = append(found, e)
			return nil
		}, "SELECT id, grp, parent, origin, added_at, seen_at FROM member WHERE ? = '' OR grp = ? ORDER BY added_at, rowid",
			string(group), string(group))
	})
	return found, err
}
