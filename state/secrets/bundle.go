// Package secrets keeps the vendors' long-lived keys: in the keyring of the
// operating system, else in a vault file sealed with a passphrase, else in
// memory for this session. Nothing is ever written in the clear, and nothing
// here waits for ever: the keyring is looked at before it is used, without
// prompting, starting or blocking anything.
//
// It must not know what a vendor's keys mean, any client, screen or profile.
// Access tokens do not come here; they live in their client's memory.
package secrets

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"regexp"
)

// Bundle is the long-lived secrets of one vendor, by name. However it is
// printed, logged or encoded, it shows three dots.
type Bundle map[string]string

const dots = "•••"

// String is three dots.
func (Bundle) String() string { return dots }

// GoString is three dots.
func (Bundle) GoString() string { return dots }

// Format is three dots for every verb.
func (Bundle) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, dots) }

// MarshalText is three dots, in JSON and TOML too.
func (Bundle) MarshalText() ([]byte, error) { return []byte(dots), nil }

// LogValue is three dots.
func (Bundle) LogValue() slog.Value { return slog.StringValue(dots) }

// largest is what fits the smallest keyring (2,560 bytes on Windows).
const largest = 2000

// encode is the one place where a bundle's secrets become text.
func (b Bundle) encode() (string, error) {
	if len(b) == 0 {
		return "", &Error{words: "There are no keys to save. Run frontdesk login to enter them"}
	}
	text, err := json.Marshal(map[string]string(b))
	if len(text) > largest {
		return "", ErrTooBig
	}
	// JSON would change bytes that are not UTF-8 without a word.
	if back, derr := decode(string(text)); err != nil || derr != nil || !back.same(b) {
		return "", &Error{words: "The keys were not saved: they hold bytes that are not text. Enter them again"}
	}
	return string(text), nil
}

func decode(text string) (Bundle, error) {
	var b Bundle
	if err := json.Unmarshal([]byte(text), &b); err != nil || b == nil {
		return nil, ErrUnreadable // err may quote the text
	}
	return b, nil
}

func (b Bundle) same(other Bundle) bool { return maps.Equal(b, other) }

const longestName = 64

var name = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`)

// item is the name a vendor's bundle is stored under.
func item(profile, vendor string) (string, error) {
	if max(len(profile), len(vendor)) > longestName || !name.MatchString(profile) || !name.MatchString(vendor) {
		return "", &Error{words: "Keys are stored under a profile's and a vendor's name, in small letters, " +
			"digits, dashes and underscores. Correct the profile's name"}
	}
	return profile + "/" + vendor, nil
}
