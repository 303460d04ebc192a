package inboxhealth

import (
	"context"
	"net/http"
	"strings"

	"frontdesk/clients/rest"
)

// signIn supplies the key as if it were a session token, so that the transport
// holds it in memory, shares it and asks again after a refusal. The vendor has
// no sign-in: a key that was refused is not sent a second time unless another
// one has been stored meanwhile, so no write ever leaves twice for it.
func (c *Client) signIn(ctx context.Context) (rest.Token, error) {
	c.mu.Lock()
	resets := c.resets
	c.mu.Unlock()
	key, err := c.key(ctx)
	if err != nil {
		return rest.Token{}, err
	}
	if !sendable(key) {
		return rest.Token{}, noKey("There is no usable API key for Inbox Health: run \"frontdesk login inboxhealth\".")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if key == c.last {
		return rest.Token{}, noKey("Inbox Health refused the API key. Nothing was changed. Store the key again: frontdesk login inboxhealth.")
	}
	if resets == c.resets {
		c.last = key
	}
	return rest.Token{Value: key}, nil
}

func noKey(sentence string) error {
	err := rest.Refusal(vendor, "sign in", rest.KindAuth, sentence)
	err.Phase = rest.Refused
	return err
}

// sendable reports a key that can stand in a header and, since a colon would
// end the user name of HTTP Basic, in either of the two.
func sendable(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || r == ':'
	}) < 0
}

// sign puts the key where the mode says (IH-1).
func sign(mode AuthMode) func(*http.Request, rest.Token) {
	return func(r *http.Request, t rest.Token) {
		if mode != XKey {
			r.SetBasicAuth(t.Value, "")
		}
		if mode != Basic {
			r.Header.Set("X-Api-Key", t.Value)
		}
	}
}
