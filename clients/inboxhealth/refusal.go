package inboxhealth

import (
	"encoding/json"
	"net/http"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// check reads what the status alone does not say. The vendor's error shapes
// are not documented; the usual ones are found by the transport.
func check(op rest.Op, status int, _ http.Header, body []byte) *rest.Error {
	switch {
	case status == http.StatusForbidden && gatewayRefusal(body):
		// What the gateway in front of the API says to a missing or wrong key.
		return &rest.Error{Kind: rest.KindAuth, Message: safe.Line("Forbidden")}
	case status < 200 || status > 299:
		return nil
	case onlyNo(body):
		return &rest.Error{Kind: rest.KindValidation}
	case op.Method == http.MethodPost:
		// A creation whose record cannot be found in the answer may have been
		// carried out all the same (IH-4).
		if _, err := createdIn(op, body); err != nil {
			return &rest.Error{Kind: rest.KindDecode}
		}
	case op.Effect != rest.Read && len(body) > 0 && !json.Valid(body):
		// Somebody else's page in the place of an answer.
		return &rest.Error{Kind: rest.KindDecode}
	}
	return nil
}

// onlyNo reports an answer that says no and holds nothing else: a refusal,
// whatever its status says.
func onlyNo(body []byte) bool {
	o, err := rest.ParseObject(body)
	no, alone := o.Refuses()
	return err == nil && no && alone
}

// gatewayRefusal tells the gateway's {"message":"Forbidden"} from a refusal of
// the application, which knows who asks.
func gatewayRefusal(body []byte) bool {
	o, err := parseObject(body)
	var said string
	return err == nil && len(o) == 1 && json.Unmarshal(o["message"], &said) == nil &&
		strings.EqualFold(strings.TrimSpace(said), "Forbidden")
}

// roots are the names a creation's record may stand under, by operation.
var roots = map[string][]string{}

// createdIn is the first record of a creation's answer that has an id.
func createdIn(op rest.Op, body []byte) (object, error) {
	var err error = errNotObject
	for _, root := range roots[op.Name] {
		var o object
		if o, err = single(body, root); err != nil {
			continue
		}
		r := reader{o: o}
		if id := r.id("id"); r.err == nil && id > 0 {
			return o, nil
		}
		err = errNotID
	}
	return nil, err
}

// refuse is an error made before anything was sent.
func refuse(op rest.Op, sentence string) *rest.Error {
	return rest.Refusal(vendor, op.Name, rest.KindValidation, sentence)
}

// complaints are objections to fields by their wire names.
type complaints map[string]safe.Text

func (c complaints) add(wrong bool, field, sentence string) {
	if _, said := c[field]; wrong && !said {
		c[field] = safe.Line(sentence)
	}
}

// refusal is nil when nothing was objected to.
func (c complaints) refusal(op rest.Op) error {
	if len(c) == 0 {
		return nil
	}
	err := refuse(op, "Some fields cannot be sent to Inbox Health as they are: correct the marked ones.")
	err.Fields = c
	return err
}

// unclear is an answer that arrived and cannot be used. Reason never quotes
// what a vendor sent.
func unclear(op rest.Op, reason error) *rest.Error {
	err := rest.Refusal(vendor, op.Name, rest.KindDecode,
		"Inbox Health answered something that cannot be used: "+reason.Error()+". Press r to try again.")
	err.Status, err.Phase = http.StatusOK, rest.Done
	return err
}

// checkIDs refuses numbers that must not stand in a path or name nobody.
func checkIDs(op rest.Op, what string, ids ...ID) error {
	for _, id := range ids {
		if id <= 0 {
			return refuse(op, "The "+what+" has no usable number, so nothing was sent. Press r to read the list again.")
		}
	}
	return nil
}
