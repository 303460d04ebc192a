package secrets

import "regexp"

// State is what a look at the OS keyring found.
type State uint8

// The states of the OS keyring.
const (
	Ready          State = iota // unlocked and answering
	Off                         // not wanted for this run
	NoBus                       // no session bus to reach it by
	BusUnreachable              // the session bus does not take calls
	NoService                   // nobody on the bus keeps secrets
	NoCollection                // the service has no keyring to put them in
	Locked                      // somebody has to unlock it first
	Hung                        // no answer in time
	Failed                      // it answered with an error
)

var words = [...]string{"ready", "off", "no session bus", "session bus not reachable", "no keyring service",
	"no keyring", "locked", "not answering", "failing"}

// String is a word or two for a status line.
func (s State) String() string { return words[s] }

const orVault = ", or use the sealed vault"

var sentences = [...]string{
	Ready:          "The OS keyring is ready",
	Off:            "The OS keyring is switched off for this run. Use the sealed vault to keep keys",
	NoBus:          "The OS keyring cannot be reached: this login has no session bus. Log in on the desktop or through a full user session" + orVault,
	BusUnreachable: "The OS keyring cannot be reached: the session bus of this login does not answer. Log out and in again" + orVault,
	NoService:      "No OS keyring is running in this session. Start one, such as gnome-keyring or KWallet" + orVault,
	NoCollection:   "The OS keyring is running but has no keyring set up. Create a default keyring on the desktop" + orVault,
	Locked:         "The OS keyring is locked. Unlock it on the desktop (on a Mac: security unlock-keychain)" + orVault,
	Hung:           "The OS keyring does not answer; perhaps its window waits for somebody on the desktop. It is left alone for this session. Use the sealed vault, or start frontdesk again once the keyring works",
	Failed:         "The OS keyring refuses to work. Check it with its own program" + orVault,
}

// Sentence says the cause and the remedy, without a full stop.
func (s State) Sentence() string { return sentences[s] }

// finding is a state and, for Failed, the name of the error.
type finding struct {
	state  State
	detail string
}

var errorName = regexp.MustCompile(`^[A-Za-z0-9._]+$`)

// failed keeps the name of an error only if it is one: it is foreign text.
func failed(detail string) finding {
	if len(detail) > 100 || !errorName.MatchString(detail) {
		detail = ""
	}
	return finding{Failed, detail}
}

func (f finding) sentence() string {
	if f.detail != "" {
		return f.state.Sentence() + " (" + f.detail + ")"
	}
	return f.state.Sentence()
}

func (f finding) err() error {
	return &Error{State: f.state, words: f.sentence(), detail: f.detail}
}
