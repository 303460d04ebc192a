package connect4healthcare

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// check reads what every answer begins with: "status" and "message". An answer
// of any HTTP status that says false is a refusal, and a write is done only
// when its answer says true (C4-14), and unknown when its status says no.
func check(op rest.Op, status int, _ http.Header, body []byte) *rest.Error {
	var a struct {
		Status  Flag            `json:"status"`
		Message json.RawMessage `json:"message"`
	}
	if status < 300 && op.Effect == rest.Read && beginsWithYes(body) {
		return nil
	}
	if json.Unmarshal(body, &a) != nil {
		_ = json.Unmarshal(relaxed(body), &a) // or the status has to do
	}
	switch {
	case status >= 300 && status < 500 && op.Effect == rest.Create && a.Status == Yes:
		// It says both: it must not pass for refused, nor be sent again after
		// signing in.
		return &rest.Error{Kind: rest.KindDecode}
	case status >= 300 || a.Status == No:
		said := rest.Said(a.Message)
		e := &rest.Error{Message: said, Kind: kindOf(op, status, said)}
		if isTitle(said) {
			e.Fields = map[string]safe.Text{"title": said}
		}
		return e
	case op.Effect == rest.Create && a.Status != Yes:
		// Neither yes nor no: somebody else's answer, or half of one.
		return &rest.Error{Kind: rest.KindDecode}
	}
	return nil
}

// beginsWithYes spares a long list a second reading: the documented answers
// begin with their status. That the rest can be read is seen when it is.
func beginsWithYes(body []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(body[:min(len(body), 64)]))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	if t, err := dec.Token(); err != nil || t != "status" {
		return false
	}
	var f Flag
	return dec.Decode(&f) == nil && f == Yes
}

// kindOf reads the vendor's sentences, by their beginnings and in any case.
// What broke on the vendor's side stays that: it may have been carried out, so
// nothing in its words may have it sent again. Zero leaves it to the status.
func kindOf(op rest.Op, status int, message safe.Text) rest.Kind {
	said := strings.ToLower(strings.TrimSpace(message.Raw()))
	switch {
	case status >= http.StatusInternalServerError:
		return 0
	case strings.HasPrefix(said, "invalid credentials"), strings.HasPrefix(said, "invalid api key"):
		return rest.KindAuth
	case op.Public && status == http.StatusNotFound:
		return rest.KindConfig // a wrong address is no refused key
	case !strings.HasPrefix(said, "invalid ticket id"):
		return 0
	}
	// When creating there is no id to be wrong: it is the vendor's general
	// refusal. Elsewhere the template "Invalid Ticket ID/ <words>" may carry
	// another complaint.
	_, words, _ := strings.Cut(said, "/")
	if op.Effect == rest.Create && op.Path == opCreate.Path || strings.TrimSpace(words) != "" {
		return rest.KindValidation
	}
	return rest.KindNotFound
}

// isTitle knows "title/regarding required".
func isTitle(message safe.Text) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(message.Raw())), "title")
}

// relaxed takes out the commas before a closing brace that the document's error
// bodies have (C4-17).
func relaxed(body []byte) []byte {
	out := make([]byte, 0, len(body))
	inText, escaped := false, false
	for i, b := range body {
		switch {
		case escaped:
			escaped = false
		case inText:
			escaped, inText = b == '\\', b != '"'
		case b == '"':
			inText = true
		case b == ',':
			next := bytes.TrimLeft(body[i+1:], " \t\r\n")
			if len(next) > 0 && (next[0] == '}' || next[0] == ']') {
				continue
			}
		}
		out = append(out, b)
	}
	return out
}
