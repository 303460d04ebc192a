package rest

import (
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strings"

	"frontdesk/clients/safe"
)

// leastSecret is the shortest secret that is looked for: what is shorter stands
// in words by chance.
const leastSecret = 6

// unquote takes words out of an error that quote a secret of the call: a vendor's
// words are shown on screens and printed by commands.
func (e *Error) unquote(call Call, token held) {
	secrets := append(slices.Clone(call.Secrets), token.Value)
	for _, values := range token.Header {
		secrets = append(secrets, values...)
	}
	quotes := func(words string) bool {
		return slices.ContainsFunc(secrets, func(s string) bool { return len(s) >= leastSecret && spelled(words, s) })
	}
	if quotes(e.Message.Raw()) {
		e.Message = safe.Text{}
	}
	if quotes(e.sentence) { // which may repeat them
		e.sentence = ""
	}
	if quotes(e.Code) {
		e.Code = ""
	}
	maps.DeleteFunc(e.Fields, func(name string, said safe.Text) bool { return quotes(name) || quotes(said.Raw()) })
}

// spelled reports that a secret stands in words, as it is or as it went out: in
// an address, or as the user name of HTTP Basic.
func spelled(words, secret string) bool {
	return strings.Contains(words, secret) || strings.Contains(words, url.PathEscape(secret)) ||
		strings.Contains(words, url.QueryEscape(secret)) ||
		strings.Contains(words, base64.StdEncoding.EncodeToString([]byte(secret+":")))
}
