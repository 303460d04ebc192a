package enroll

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/anglehealth"
	"frontdesk/state/store"
)

// Record is what one snapshot, or the answer to a write, said of a member: plans
// and days by line, and the person's data when the practice keeps it. Social
// security numbers are never in it beyond the last four digits.
//
// A snapshot tells the plans that are recorded and no days: one that shows a
// plan may be taken before its first day, and one that shows none before the
// last. The days are in answers alone.
type Record struct {
	Taken  time.Time         `json:"-"`
	Answer bool              `json:"answer,omitempty"` // to a write: it tells the days
	To     string            `json:"to,omitempty"`     // which: ToEvent, ToSeason, ToEnd; "" an enrolment
	Plans  map[string]string `json:"plans"`            // of an answer to anything but an enrolment, of the lines it is about
	From   map[string]string `json:"from,omitempty"`   // YYYY-MM-DD by line
	Until  map[string]string `json:"until,omitempty"`  // without a From the last day of what Ended tells
	Ended  map[string]string `json:"ended,omitempty"`  // plans that end, by line
	Fields map[string]string `json:"fields,omitempty"`
}

// Answers that are about some lines only.
const (
	ToEvent  = "life event"
	ToSeason = "open enrollment"
	ToEnd    = "termination"
)

// Partial reports a record that is about some lines only.
func (r Record) Partial() bool { return r.To != "" }

// Keep puts snapshots into the history and notes the members in the registry.
// Without a Sealer only the registry is written.
func (b *Book) Keep(ctx context.Context, members ...anglehealth.Member) error {
	return b.db.Write(ctx, func(tx *store.Tx) error { return b.keep(tx, members...) })
}

func (b *Book) keep(tx *store.Tx, members ...anglehealth.Member) error {
	for _, m := range members {
		if err := noteMember(tx, m.ID, m.Group, m.Parent); err != nil {
			return err
		}
		if err := b.record(tx, m.ID, b.snapshot(m)); err != nil {
			return err
		}
	}
	return nil
}

// snapshot is what the practice wants to be kept of a member.
func (b *Book) snapshot(m anglehealth.Member) Record {
	r := Record{Plans: map[string]string{}}
	for _, l := range []anglehealth.Line{anglehealth.Medical, anglehealth.Dental, anglehealth.Vision} {
		if p := m.Plan(l); !p.Empty() {
			r.Plans[string(l)] = p.String()
		}
	}
	if b.o.KeepPersonal {
		r.Fields = fields(m)
	}
	return r
}

// fields are a person's data as they are shown.
func fields(m anglehealth.Member) map[string]string {
	all := map[string]string{
		"first_name": m.FirstName.String(), "last_name": m.LastName.String(), "dob": m.DOB.String(), "ssn": m.SSN.String(),
		"sex": m.Sex.String(), "marital_status": m.MaritalStatus.String(), "relationship": m.Relationship.String(),
		"home_address": m.HomeAddress.Text.String(), "mailing_address": m.MailingAddress.Text.String(),
		"contact": m.Contact.Text.String(), "employment": m.Employment.Text.String(),
		"parent": string(m.Parent), "group_id": string(m.Group), "member_type": m.Type.String(),
	}
	maps.DeleteFunc(all, func(_, v string) bool { return v == "" })
	return all
}

// KeepDays puts the days of a registration's answer into the history.
func (b *Book) KeepDays(ctx context.Context, a anglehealth.Answer[anglehealth.Covered]) error {
	return b.db.Write(ctx, func(tx *store.Tx) error { return b.keepDays(tx, a) })
}

// keepDays puts the days of an enrolment's answer into the history.
func (b *Book) keepDays(tx *store.Tx, a anglehealth.Answer[anglehealth.Covered]) error {
	for _, row := range a.Rows {
		r := Record{Answer: true, Plans: map[string]string{}, From: map[string]string{}, Until: map[string]string{}}
		for _, c := range row.Lines {
			r.Plans[string(c.Line)] = c.Plan.String()
			if c.Start.Known {
				r.From[string(c.Line)] = c.Start.String()
			}
			if c.End.Known {
				r.Until[string(c.Line)] = c.End.String()
			}
		}
		if err := b.record(tx, row.ID, r); err != nil {
			return err
		}
	}
	return nil
}

// KeepEvent puts the days of an event's answer into the history. The answer
// does not name the line, so they are those of a member of whom one line was
// changed; of another they stay unknown.
func (b *Book) KeepEvent(ctx context.Context, to string, e anglehealth.Event, a anglehealth.Answer[anglehealth.Changed]) error {
	return b.db.Write(ctx, func(tx *store.Tx) error {
		for _, row := range a.Rows {
			if r, some := ofEvent(to, e, row); some {
				if err := b.record(tx, row.ID, r); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// ofEvent is what an answer's row tells of the one line changed of its member.
func ofEvent(to string, e anglehealth.Event, row anglehealth.Changed) (Record, bool) {
	r := Record{Answer: true, To: to, Plans: map[string]string{}, From: map[string]string{}, Until: map[string]string{}, Ended: map[string]string{}}
	changed := map[string]bool{}
	for _, l := range e.Lines {
		if l.ID != row.ID {
			continue
		}
		key := string(l.Line)
		changed[key] = true
		switch {
		case l.Add && row.Start.Known:
			r.Plans[key], r.From[key] = l.Plan, row.Start.String()
		case !l.Add && !row.Start.Known:
			r.Ended[key] = l.Plan
		}
		if row.End.Known {
			r.Until[key] = row.End.String()
		}
	}
	return r, len(changed) == 1 && (len(r.From) == 1 || len(r.Ended) == 1 && len(r.Until) == 1)
}

// KeepEnd puts the last days of a termination's answer into the history, with
// the plans that the members' newest snapshots show: see Leaving.
func (b *Book) KeepEnd(ctx context.Context, a anglehealth.Answer[anglehealth.Ended]) error {
	for _, row := range a.Rows {
		all, _, err := b.History(ctx, row.ID)
		if err != nil {
			return err
		}
		r := Record{Answer: true, To: ToEnd, Plans: map[string]string{}, Until: map[string]string{}, Ended: map[string]string{}}
		for i := len(all) - 1; i >= 0 && row.End.Known; i-- {
			if all[i].Answer {
				continue
			}
			for line, plan := range all[i].Plans {
				r.Ended[line], r.Until[line] = plan, row.End.String()
			}
			break
		}
		if len(r.Ended) == 0 {
			continue // nobody knows what ended
		}
		if err := b.db.Write(ctx, func(tx *store.Tx) error { return b.record(tx, row.ID, r) }); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) record(tx *store.Tx, id anglehealth.ID, r Record) error {
	if b.o.Sealer == nil {
		return nil
	}
	plain, _ := json.Marshal(r) // texts: cannot fail
	defer clear(plain)
	sealed, err := b.o.Sealer.Seal(plain, snapshotPlace(id, ms(tx.Now)))
	if err != nil {
		return nil // a history with a gap is better than an outcome not written down
	}
	_, err = tx.Exec("INSERT INTO snapshot (member, taken_at, sealed) VALUES (?, ?, ?)", string(id), ms(tx.Now), sealed)
	return err
}

func snapshotPlace(id anglehealth.ID, taken int64) string {
	return fmt.Sprintf("enroll snapshot %d of %s", taken, id)
}

// History is what was said of a member, the oldest first. Lost counts records
// that cannot be opened with the present key.
func (b *Book) History(ctx context.Context, id anglehealth.ID) (all []Record, lost int, err error) {
	err = b.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Query(func(scan func(...any) error) error {
			var taken int64
			var sealed []byte
			if err := scan(&taken, &sealed); err != nil {
				return err
			}
			var r Record
			if b.o.Sealer == nil {
				lost++
				return nil
			}
			plain, err := b.o.Sealer.Open(sealed, snapshotPlace(id, taken))
			if err != nil || json.Unmarshal(plain, &r) != nil {
				lost++
				return nil
			}
			clear(plain)
			r.Taken = at(taken)
			all = append(all, r)
			return nil
		}, "SELECT taken_at, sealed FROM snapshot WHERE member = ? ORDER BY taken_at, id", string(id))
	})
	return all, lost, err
}

// Standing is what is known of a line of coverage on a day.
type Standing struct {
	Line  anglehealth.Line
	Plan  string // empty: none
	Known bool   // else Plan is only the likeliest
	Why   string // what it rests on
}

// On tells the coverage on a day in a zone. It is known when the days of an
// answer hold the day and nothing was seen to change, or when the snapshots
// before and after agree and no answer tells other days; else it says what is
// missing.
func On(history []Record, day civil.Date, zone *time.Location) []Standing {
	end := day.AddDays(1).In(zone)
	var before, after *Record
	for i := range history {
		if r := &history[i]; !r.Answer && r.Taken.Before(end) {
			before = r
		} else if !r.Answer && after == nil {
			after = r
		}
	}
	var all []Standing
	for _, line := range []anglehealth.Line{anglehealth.Medical, anglehealth.Dental, anglehealth.Vision} {
		all = append(all, standing(line, before, after, history, day, zone))
	}
	return all
}

func standing(line anglehealth.Line, before, after *Record, history []Record, day civil.Date, zone *time.Location) Standing {
	key := string(line)
	seen := func(r *Record) string { return r.Taken.In(zone).Format("2006-01-02") }
	s, since, until := answered(line, history, day, seen)
	for _, r := range []*Record{before, after} {
		if !s.Known || r == nil || r.Plans[key] == s.Plan || r.Taken.Before(since) || !until.IsZero() && !r.Taken.Before(until) {
			continue
		}
		s.Known, s.Why = false, "The snapshot of "+seen(r)+" says otherwise than the answer."
	}
	switch {
	case s.Why != "":
	case before == nil && after == nil:
		s.Why = "There is no snapshot."
	case before == nil:
		s.Plan, s.Why = after.Plans[key], "The first snapshot is of "+seen(after)+", later than the day."
	case after == nil:
		s.Plan, s.Why = before.Plans[key], "The last snapshot is of "+seen(before)+"; nothing later confirms it."
		s.Known = seen(before) == day.String()
	case before.Plans[key] == after.Plans[key]:
		s.Plan, s.Known, s.Why = before.Plans[key], true, "The snapshots of "+seen(before)+" and "+seen(after)+" agree."
	default:
		s.Plan, s.Why = before.Plans[key], "It changed between the snapshots of "+seen(before)+" and "+seen(after)+"."
	}
	return s
}

// answered is what answers tell of a day, the newest that speaks of it last; Why
// is empty when none does. Snapshots of before since, when the answer was not
// given yet, say nothing against it; nor do those from until on, which show
// what comes after the day. Either may be zero.
func answered(line anglehealth.Line, history []Record, day civil.Date, seen func(*Record) string) (s Standing, since, until time.Time) {
	s.Line = line
	key, on := string(line), day.String()
	for i := range history {
		r := &history[i]
		from, to, ends := r.From[key], r.Until[key], r.Ended[key]
		switch {
		case !r.Answer:
		case from != "" && from <= on && (to == "" || on <= to):
			s = Standing{line, r.Plans[key], true, "Enrolled from " + from + "; no snapshot says otherwise."}
			since, until = r.Taken, time.Time{}
		case from > on && on >= seen(r) && s.Why == "":
			s.Plan = lastBefore(history[:i], key)
			s.Why = "It is " + r.Plans[key] + " from " + from + ", by the answer of " + seen(r) + ". What is there before that day is not told."
		case from > on:
			until = r.Taken
		case ends != "" && on > to:
			s, since, until = Standing{line, "", true, ends + " ended on " + to + ", by the answer of " + seen(r) + "."}, r.Taken, time.Time{}
		case ends != "" && on >= seen(r):
			s, until = Standing{line, ends, true, "It ends on " + to + ", by the answer of " + seen(r) + "."}, r.Taken
		}
	}
	return s, since, until
}

// lastBefore is the plan the last snapshot among records shows, "" without one.
func lastBefore(records []Record, key string) string {
	for i := len(records) - 1; i >= 0; i-- {
		if !records[i].Answer {
			return records[i].Plans[key]
		}
	}
	return ""
}

// Delta is one field that differs between two records.
type Delta struct{ Field, Before, After string }

// Difference is what changed from one record to a later one: plans, and the
// person's fields where both have them.
func Difference(before, after Record) []Delta {
	var all []Delta
	compare := func(prefix string, a, b map[string]string) {
		names := maps.Clone(a)
		if names == nil {
			names = map[string]string{}
		}
		maps.Copy(names, b)
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if a[name] != b[name] {
				all = append(all, Delta{strings.TrimSpace(name + prefix), a[name], b[name]})
			}
		}
	}
	compare(" plan", before.Plans, after.Plans)
	if before.Fields != nil && after.Fields != nil {
		compare("", before.Fields, after.Fields)
	}
	return all
}
