package naturaesoft

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// Field is one value of a record whose fields the document does not list: the
// vendor's own name and what it holds.
type Field struct {
	Name  string
	Value safe.Text
}

// fieldName keeps a name that came from outside harmless to draw and to send.
var fieldName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// keptBack are fields of undocumented records that are the vendor's own: the
// record's id, times it sets, permissions.
var keptBack = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(id|_id|ticketid|partnerid|comments|scopes|apikey|ppass)$|created|updated|modified|lastused`)
})

// editable are the scalar fields of a record that are not the vendor's own.
func editable(o rest.Object) []Field {
	var out []Field
	for _, m := range o {
		var t safe.Text
		if len(m.Name) > 40 || !fieldName.MatchString(m.Name) || keptBack().MatchString(m.Name) || json.Unmarshal(m.Value, &t) != nil {
			continue
		}
		out = append(out, Field{m.Name, t})
	}
	return out
}

// unknownFields refuses edits of fields that are not among the known ones.
func unknownFields(e Edits, known []string, sentence string) map[string]safe.Text {
	wrong := map[string]safe.Text{}
	for name := range e {
		if !slices.Contains(known, name) {
			wrong[name] = safe.Line(sentence)
		}
	}
	return wrong
}

// spelled is e with one field named as the record names it: the document
// mixes cases, and a field is read in any of them.
func spelled(e Edits, field string, known []string) Edits {
	value, edited := e[field]
	i := slices.IndexFunc(known, func(name string) bool { return strings.EqualFold(name, field) })
	if !edited || i < 0 || slices.Contains(known, field) {
		return e
	}
	e = maps.Clone(e)
	delete(e, field)
	e[known[i]] = value
	return e
}

// conflict refuses edits of fields that changed at the vendor since the person
// saw them. A record without a row was not read by this client: no judgement.
func conflict(op rest.Op, seen, now rest.Object, e Edits) error {
	changed := map[string]safe.Text{}
	for name := range e {
		before, after := seen.Find(name), now.Find(name)
		if before != nil && !bytes.Equal(compact(before), compact(after)) {
			changed[name] = safe.Line("Somebody else changed this meanwhile.")
		}
	}
	if len(changed) == 0 {
		return nil
	}
	err := rest.Refusal(vendor, op.Name, rest.KindConflict,
		"Somebody else changed this record at the Naturaesoft EMR while it was open here, so nothing was sent: press r to read it again.")
	err.Fields = changed
	return err
}

func compact(raw json.RawMessage) []byte {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return nil
	}
	return b.Bytes()
}

// typed is an edited value in the JSON type the field had: a number stays a
// number and a truth value a truth value as long as the text is one.
func typed(was json.RawMessage, value string) json.RawMessage {
	switch c := first(was); {
	case c == 't' || c == 'f':
		if v, ok := rest.YesNo(quote(value)); ok {
			return truth(was, v)
		}
	case c == '-' || c >= '0' && c <= '9':
		if v := strings.TrimSpace(value); json.Valid([]byte(v)) && first(json.RawMessage(v)) != '"' {
			if _, ok := exact(v); ok {
				return json.RawMessage(v)
			}
		}
	}
	return quote(value)
}

// truth writes a truth value the way the field had it: true, 1 or "1".
func truth(was json.RawMessage, v bool) json.RawMessage {
	words := [2]string{"false", "true"}
	if w := strings.Trim(string(was), `" `); w == "0" || w == "1" {
		words = [2]string{"0", "1"}
	}
	word := words[0]
	if v {
		word = words[1]
	}
	if first(was) == '"' {
		return quote(word)
	}
	return json.RawMessage(word)
}
