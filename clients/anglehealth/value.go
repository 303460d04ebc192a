package anglehealth

import (
	"encoding/json"
	"strings"

	"github.com/shopspring/decimal"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// Value is a field the document shows as a string although it may be anything:
// contact, employment, addresses, rates. Text is all of it on one line. Parts
// are the entries when it came as an object, nested ones with dots in their
// names.
type Value struct {
	Text  safe.Text
	Parts []Part
}

// Part is one entry of a Value that came as an object.
type Part struct {
	Name string // safe to be drawn
	Text safe.Text
}

// Part is the entry of that name, empty when there is none.
func (v Value) Part(name string) safe.Text {
	for _, p := range v.Parts {
		if strings.EqualFold(p.Name, name) {
			return p.Text
		}
	}
	return safe.Text{}
}

// maxParts and maxDepth are more than any field of a member has.
const (
	maxParts = 50
	maxDepth = 4
)

// UnmarshalJSON takes anything. A social security number among the entries is
// cut to its last four digits.
func (v *Value) UnmarshalJSON(raw []byte) error {
	*v = Value{}
	v.Text = safe.Line(v.render("", raw, maxDepth))
	return nil
}

// render is a JSON value in words; entries of objects are noted as parts.
func (v *Value) render(name string, raw json.RawMessage, depth int) string {
	if word := strings.ToLower(name); strings.Contains(word, "ssn") || strings.Contains(word, "social") {
		var l LastFour
		_ = l.UnmarshalJSON(raw) // takes anything
		return l.String()
	}
	var t safe.Long
	if json.Unmarshal(raw, &t) == nil {
		return t.Raw()
	}
	if depth == 0 {
		return "..."
	}
	var words []string
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) == nil {
		for _, item := range items[:min(len(items), maxParts)] {
			words = append(words, v.render(name, item, depth-1))
		}
		return strings.Join(words, "; ")
	}
	o, err := rest.ParseObject(raw)
	if err != nil {
		return ""
	}
	for _, m := range o[:min(len(o), maxParts)] {
		full := strings.TrimPrefix(name+"."+safe.Clean(m.Name), ".")
		said := v.render(full, m.Value, depth-1)
		if first := strings.TrimSpace(string(m.Value)); first != "" && first[0] != '{' && len(v.Parts) < maxParts {
			v.Parts = append(v.Parts, Part{full, safe.Line(said)})
		}
		if said != "" {
			words = append(words, safe.Clean(m.Name)+": "+said)
		}
	}
	return strings.Join(words, ", ")
}

// Cents is a plain amount of money with at most two decimals, such as "412.50"
// or "$412.5"; false for everything else, which is then only to be shown.
func (v Value) Cents() (int64, bool) {
	s := strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(v.Text.Raw()), "$"), ",", "")
	if len(s) > 15 || strings.ContainsAny(s, "eE") {
		return 0, false
	}
	d, err := decimal.NewFromString(s)
	if err != nil || d.Exponent() < -2 || d.IsNegative() {
		return 0, false
	}
	return d.Shift(2).IntPart(), true
}
