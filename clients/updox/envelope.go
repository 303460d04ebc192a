package updox

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// object is a JSON object. Field names are looked up as documented, then
// without regard to case.
type object map[string]json.RawMessage

func (o object) find(name string) json.RawMessage {
	if v, ok := o[name]; ok {
		return v
	}
	for k, v := range o {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return nil
}

func (o object) text(name string) safe.Text {
	var t safe.Text
	if v := o.find(name); v != nil && json.Unmarshal(v, &t) != nil {
		return safe.Text{}
	}
	return t
}

// An answer is the envelope that every answer comes in (UX-1), and what is in
// it beside.
type answer struct {
	object
	code       Code // 0: none
	successful bool
	stated     bool // whether it says successful at all
}

var errNotObject = errors.New("it is not an object")

// parse reads an envelope. The code may come in quotes, and the flag as text.
func parse(body []byte) (answer, error) {
	var a answer
	if json.Unmarshal(body, &a.object) != nil || a.object == nil {
		return a, errNotObject
	}
	a.code = code(a.find("responseCode"))
	a.successful, a.stated = rest.YesNo(a.find("successful"))
	return a, nil
}

// yes reports success: both signs, never one alone.
func (a answer) yes() bool { return a.successful && a.code == OK }

// no reports a definite refusal: a code that is not success, and a flag that
// does not contradict it.
func (a answer) no() bool { return a.code != 0 && a.code.class() != 2 && !a.successful }

// message is what the answer says. A validation error has a list in it, whose
// form is not documented: it may be a JSON list.
func (a answer) message() safe.Text { return rest.Said(a.find("responseMessage")) }

func code(raw json.RawMessage) Code {
	var t safe.Text
	if len(raw) == 0 || json.Unmarshal(raw, &t) != nil {
		return 0
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(t.Raw()), 64)
	if err != nil || n != math.Trunc(n) || n < 1000 || n > 99_999 {
		return 0
	}
	return Code(n)
}
