// Package enroll carries families to the insurer and remembers who is whose:
// the registry of ids, new hires step by step, a census of many families, what
// a termination or an event would do, and what snapshots said in the past.
//
// A request is written down before it is sent and is sent once. When its
// outcome is not known it stays UNKNOWN until snapshots settle it or a person
// does; what did not land is sent again only when a person says so. Personal
// data reaches the disk sealed or not at all.
//
// The package must not know screens, profiles, the keyring or how sealing is
// done.
package enroll

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/clients/anglehealth"
	"frontdesk/state/store"
)

// Insurer is what the book needs of Angle Health.
type Insurer interface {
	Plan(ctx context.Context, name string) (anglehealth.Plan, error)
	Member(ctx context.Context, id anglehealth.ID) (anglehealth.Member, error)
	Group(ctx context.Context, id anglehealth.ID) (anglehealth.Group, error)
	Family(ctx context.Context, employee anglehealth.ID) (anglehealth.Family, error)
	Free(ctx context.Context, id anglehealth.ID) (bool, error)
	EnrollNewHire(ctx context.Context, h anglehealth.NewHire) (anglehealth.Answer[anglehealth.Covered], error)
	ChangeDemographics(ctx context.Context, d anglehealth.Demographics) error
	NewHireLanded(ctx context.Context, h anglehealth.NewHire) (anglehealth.Finding, error)
	DemographicsLanded(ctx context.Context, d anglehealth.Demographics) (anglehealth.Finding, error)
}

// Sealer closes data for one place on the disk. What was closed for one place
// does not open at another.
type Sealer interface {
	Seal(plain []byte, place string) ([]byte, error)
	Open(sealed []byte, place string) ([]byte, error)
}

// Options of a Book. The zero value seals nothing, so that personal data stays
// in memory and dies with the session.
type Options struct {
	Sealer Sealer
	// KeepPersonal keeps whole snapshots in the history, not only plans and
	// days. Without a Sealer there is no history.
	KeepPersonal bool
	// AtOnce is how many families are sent at the same time; 0 means 3.
	AtOnce int
	// Settling is how long after sending the absence of a member proves that
	// the request did not land; 0 means a minute.
	Settling time.Duration
}

// lease is how long a session keeps a job without a sign of life. It is longer
// than any single request may take.
const lease = time.Minute

// Book is the enrolment book. Its methods may be called from any goroutine.
type Book struct {
	db      store.Tables
	insurer Insurer
	o       Options
	session string

	mu     sync.Mutex
	people map[string][]anglehealth.Demographics // of jobs, without a Sealer
	said   map[string]spoken                     // of jobs, for this session
	alike  map[string][]string                   // of jobs, without a Sealer
}

// spoken is what must not reach the disk unsealed: the vendor's words and what
// exactly differed.
type spoken struct {
	words string
	diffs []anglehealth.Difference
}

// Open makes a Book of a database that has the Migrations.
func Open(db store.Tables, insurer Insurer, o Options) *Book {
	if o.AtOnce <= 0 {
		o.AtOnce = 3
	}
	if o.Settling <= 0 {
		o.Settling = time.Minute
	}
	return &Book{
		db: db, insurer: insurer, o: o, session: uuid.NewString(),
		people: map[string][]anglehealth.Demographics{}, said: map[string]spoken{}, alike: map[string][]string{},
	}
}

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
