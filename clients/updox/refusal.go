package updox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// check finds what an answer says, whatever its status (UX-1). An answer to a
// write that says neither yes nor no leaves it open whether it was done.
func check(op rest.Op, status int, _ http.Header, body []byte) *rest.Error {
	a, err := parse(body)
	switch {
	case status >= http.StatusInternalServerError || status < 200:
		return &rest.Error{Code: a.code.wire(), Message: a.message()}
	case err != nil && status < http.StatusBadRequest && json.Valid(body) && op.Effect != rest.Read:
		return &rest.Error{Kind: rest.KindDecode}
	case err != nil:
		return nil
	case a.no():
		return refusal(op, a)
	case status >= http.StatusBadRequest || a.yes():
		return nil
	case op.Effect != rest.Read:
		return &rest.Error{Kind: rest.KindDecode, Code: a.code.wire()}
	}
	return nil
}

// wire is the code as an error carries it.
func (c Code) wire() string {
	if c == 0 {
		return ""
	}
	return strconv.Itoa(int(c))
}

// refusal is the vendor's no in full sentences: what it means, whether
// something was changed, what to do, and the vendor's words where they say
// more than the code.
func refusal(op rest.Op, a answer) *rest.Error {
	m := a.code.meaning()
	parts := []string{m.says}
	if words := a.message(); !words.Empty() && !strings.EqualFold(words.String(), m.name) && words.String() != a.code.wire() {
		parts = append(parts, "It says: “"+words.String()+"”.")
	}
	switch {
	case op.Effect == rest.Read:
	case m.kind == rest.KindServer:
		parts = append(parts, "The request may have been carried out: look the account up before sending again.")
	default:
		parts = append(parts, "Nothing was changed.")
	}
	if m.do != "" {
		parts = append(parts, m.do)
	}
	e := rest.Refusal(vendor, op.Name, m.kind, strings.Join(parts, " "))
	e.Code, e.Message, e.Fields = a.code.wire(), a.message(), complaints(a)
	if m.field != "" && len(e.Fields) == 0 {
		e.Fields = map[string]safe.Text{m.field: safe.Line(m.says)}
	}
	return e
}

// complaints sorts the list in a validation message by the fields it names. Its
// form is not documented; a piece that names no field stays in the message.
func complaints(a answer) map[string]safe.Text {
	if a.code != Invalid {
		return nil
	}
	fields := map[string]safe.Text{}
	pieces := strings.FieldsFunc(a.message().Raw(), func(r rune) bool { return strings.ContainsRune(";,\n|[]", r) })
	for _, piece := range pieces {
		words := strings.FieldsFunc(piece, func(r rune) bool { return !letter(r) })
		for _, word := range words {
			if name := wireName(word); name != "" {
				if _, said := fields[name]; !said {
					fields[name] = safe.Line(strings.TrimSpace(piece))
				}
				break
			}
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return fields
}

func letter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// wireName is a field as the document spells it, "" for another word.
func wireName(word string) string {
	for _, name := range Fields() {
		if strings.EqualFold(name, word) {
			return name
		}
	}
	return ""
}
