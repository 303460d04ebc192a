package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// Object is a JSON object in its order of arrival. A name may come twice.
type Object []Member

// Member is one name of an Object with its value as it came.
type Member struct {
	Name  string
	Value json.RawMessage
}

var errNotObject = errors.New("it is not an object")

// ParseObject reads an object. The error quotes nothing of what came.
func ParseObject(raw json.RawMessage) (Object, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errNotObject
	}
	var o Object
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
		o = append(o, Member{name, v})
	}
	if _, err := dec.Token(); err != nil {
		return nil, errNotObject
	}
	return o, nil
}

// Find returns the value of the first of the names the object has, nil when it
// has none. The exact spelling wins over another case of it, and of a name that
// came twice the last holds.
func (o Object) Find(names ...string) json.RawMessage {
	for _, name := range names {
		var folded json.RawMessage
		for i := len(o) - 1; i >= 0; i-- {
			if o[i].Name == name {
				return o[i].Value
			}
			if folded == nil && strings.EqualFold(o[i].Name, name) {
				folded = o[i].Value
			}
		}
		if folded != nil {
			return folded
		}
	}
	return nil
}

// Void reports a value that says nothing: absent, null, or an object, array or
// string with nothing but white space in it.
func Void(raw json.RawMessage) bool {
	switch string(bytes.Join(bytes.Fields(raw), nil)) {
	case "", "null", "{}", "[]", `""`:
		return true
	}
	return false
}

// YesNo takes true, 1, "1", "true", "yes" and their opposites; anything else is
// not known.
func YesNo(raw json.RawMessage) (value, known bool) {
	switch strings.ToLower(strings.Trim(string(bytes.TrimSpace(raw)), `" `)) {
	case "true", "1", "yes", "y":
		return true, true
	case "false", "0", "no", "n":
		return false, true
	}
	return false, false
}
