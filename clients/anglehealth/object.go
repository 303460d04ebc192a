package anglehealth

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// object is a JSON object in its order of arrival. A name may come twice, as in
// the document's own sample of an answer keyed by id.
type object []member

type member struct {
	name  string
	value json.RawMessage
}

var errNotObject = errors.New("it is not an object")

func parseObject(raw json.RawMessage) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errNotObject
	}
	var o object
	for dec.More() {
		t, err := dec.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, errNotObject
		}
		var v json.RawMessage
		if dec.Decode(&v) != nil {
			return nil, errNotObject
		}
		o = append(o, member{name, v})
	}
	if _, err := dec.Token(); err != nil {
		return nil, errNotObject
	}
	return o, nil
}

// find is the last value under the name, nil when there is none.
func (o object) find(name string) json.RawMessage {
	for i := len(o) - 1; i >= 0; i-- {
		if strings.EqualFold(o[i].name, name) {
			return o[i].value
		}
	}
	return nil
}

// void reports a value that says nothing: absent, null or empty.
func void(raw json.RawMessage) bool {
	switch strings.Join(strings.Fields(string(raw)), "") {
	case "", "null", "{}", "[]", `""`:
		return true
	}
	return false
}
