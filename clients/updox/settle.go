package updox

import (
	"context"
	"strings"

	"frontdesk/clients/rest"
)

// Outcome is what reading back tells of a write whose own answer did not.
type Outcome uint8

// The outcomes. Only NotDone permits sending again.
const (
	Unclear Outcome = iota // it could not be read back
	Done                   // the account is as it was sent
	NotDone                // the account is as it was before, or is not there
	Other                  // the account is neither: somebody else's, or changed since
)

var outcomes = [...]string{"unclear", "done", "not done", "other"}

// String is the outcome as a word for a log.
func (o Outcome) String() string {
	if int(o) < len(outcomes) {
		return outcomes[o]
	}
	return "unknown outcome"
}

// Settle finds out what became of a write by reading the account (UX-16).
// Before is what it was compared with, not Known for a creation; sent is what
// was sent. The account returned is what is there now, if anything. Unclear
// comes with the error that stood in the way. A request may still be under way
// when its caller has given up, so NotDone is worth believing only some time
// after that.
func (c *Client) Settle(ctx context.Context, before, sent Account) (Outcome, Account, error) {
	sent = normal(before, sent)
	now, err := c.Account(ctx, sent.ID.Raw())
	switch {
	case absent(err) && !before.Known():
		return NotDone, Account{}, nil
	case absent(err):
		return Other, Account{}, nil
	case err != nil:
		return Unclear, Account{}, err
	case !before.Known():
		if samePractice(now, sent) {
			return Done, now, nil
		}
		return Other, now, nil
	case alike(now, sent) && alike(now, before):
		return slight(now, before, sent)
	case alike(now, sent):
		return Done, now, nil
	case alike(now, before):
		return NotDone, now, nil
	}
	return Other, now, nil
}

// identity are the fields that tell one practice from another.
var identity = []string{"name", "address1", "address2", "city", "state", "postal", "phone", "fax"}

// samePractice reports that an account found is the one that was to be made.
func samePractice(now, sent Account) bool {
	for _, name := range identity {
		read := now.Shown(name) || name == "name"
		if read && folded(now, name) != folded(sent, name) {
			return false
		}
	}
	return true
}

// alike reports that every documented field the vendor shows is as in want.
// Others are nothing a person could change, and may change by themselves.
func alike(now, want Account) bool {
	for _, name := range Fields()[1:] {
		if now.Shown(name) && folded(now, name) != folded(want, name) {
			return false
		}
	}
	return true
}

// slight decides on an update that changed nothing but what alike passes over:
// the look of a text, or fields the vendor does not show (UX-4).
func slight(now, before, sent Account) (Outcome, Account, error) {
	outcome, unseen := Done, false // as it was sent, if nothing differs at all
	for _, name := range Fields()[1:] {
		was, want := effective(before, name), effective(sent, name)
		switch {
		case was == want:
		case !now.Shown(name):
			unseen = true
		case effective(now, name) == want:
			return Done, now, nil
		default:
			outcome = NotDone
		}
	}
	if unseen && outcome == Done {
		return Unclear, now, refuse(opRead, rest.KindConflict,
			"Updox does not show the fields that were to be changed, so it cannot be told whether they were.")
	}
	return outcome, now, nil
}

// folded is a value without what a vendor may tidy on its own.
func folded(a Account, name string) string {
	s := strings.TrimSpace(effective(a, name).Raw())
	if change := normals[name]; change != nil {
		s = change(s)
	}
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}
