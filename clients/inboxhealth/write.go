package inboxhealth

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// Edits are the changes to one record: the vendor's field name to the new value
// in plain spelling: text as it is, true or false, whole cents, YYYY-MM-DD. An
// empty value clears the field. A name that cannot be changed is refused.
type Edits map[string]string

// A form is how a field's value is written as JSON.
type form uint8

const (
	asText form = iota
	asFlag
	asCents
	asWhole
	asNumber
	asDate
	asSex
)

var (
	wholeNumber = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)
	rateNumber  = regexp.MustCompile(`^(0|[1-9][0-9]{0,3})(\.[0-9]{1,6})?$`)
	isoDate     = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
)

// value is an edit as JSON, or what is wrong with it.
func (f form) value(text string) (json.RawMessage, string) {
	if text == "" {
		return json.RawMessage("null"), ""
	}
	switch f {
	case asFlag:
		if text != "true" && text != "false" {
			return nil, "It must be true or false."
		}
	case asCents, asWhole:
		if len(text) > 18 || !wholeNumber.MatchString(text) {
			return nil, map[form]string{
				asCents: "It must be an amount of whole cents that is not negative.",
				asWhole: "It must be a whole number that is not negative.",
			}[f]
		}
	case asNumber:
		if !rateNumber.MatchString(text) {
			return nil, "It must be a number that is not negative."
		}
	case asDate:
		if !isoDate.MatchString(text) {
			return nil, "It must be a date like 2026-03-09."
		}
		fallthrough
	default:
		b, err := json.Marshal(text)
		if err != nil {
			return nil, "It cannot be sent."
		}
		return b, ""
	}
	return json.RawMessage(text), ""
}

// creation declares a POST whose answer must hold a record with an id under
// one of the root names.
func creation(name, path string, under ...string) rest.Op {
	roots[name] = under
	return rest.Op{Name: name, Method: http.MethodPost, Path: path, Effect: rest.Create}
}

func reading(name, path string) rest.Op {
	return rest.Op{Name: name, Method: http.MethodGet, Path: path}
}

func change(name, path string) rest.Op {
	return rest.Op{Name: name, Method: http.MethodPut, Path: path, Effect: rest.Create}
}

// create sends a new record. The transport has seen to it that the answer
// holds one with an id; when the rest of it cannot be read, the record of that
// id is returned with nothing else in it and an error whose Phase is Done.
func (k kind[T]) create(ctx context.Context, c *Client, op rest.Op, body any, record ID) (T, error) {
	var none T
	call := rest.Call{Body: body}
	if record != 0 {
		call.Record = record.String()
	}
	raw, err := rest.Do[json.RawMessage](ctx, c.transport, op, call)
	if err != nil {
		return none, err
	}
	o, err := createdIn(op, raw)
	if err != nil {
		return none, unclear(op, err)
	}
	v, err := k.record(o)
	if err != nil {
		return k.decode(&reader{o: object{"id": o["id"]}}), saved(op, err.Error())
	}
	return v, nil
}

// saved is an error after the vendor has carried a write out.
func saved(op rest.Op, why string) *rest.Error {
	err := rest.Refusal(vendor, op.Name, rest.KindDecode,
		"Inbox Health saved this, but its answer cannot be used: "+why+". Press r to read the record; do not send it again.")
	err.Status, err.Phase = http.StatusOK, rest.Done
	return err
}

// A written is a record that can be changed: what it is read and written by,
// and what it held when it was read.
type written[T any] struct {
	kind   kind[T]
	read   func(*Client, context.Context, ID) (T, error)
	write  rest.Op
	fields map[string]form
	held   func(T) object
}

// update sends only what was edited, under the documented root and with the id
// beside it. The record is read before: a field edited here that has changed
// there is KindConflict, and nothing is sent. It is read again afterwards, since
// the document does not say what a PUT answers nor what it does to fields it is
// not given: that record is returned, and should fields have vanished, an error
// of Phase Done that names them.
func (w written[T]) update(ctx context.Context, c *Client, seen T, e Edits, nested map[string]any) (T, error) {
	id := w.kind.id(seen)
	body, err := w.body(id, e, nested)
	if err != nil {
		return seen, err
	}
	before, err := w.read(c, ctx, id)
	if err != nil {
		return seen, err
	}
	if err := w.conflict(w.held(seen), w.held(before), e); err != nil {
		return before, err
	}
	if _, err := rest.Do[struct{}](ctx, c.transport, w.write, rest.Call{Path: at(id), Body: body}); err != nil {
		return before, err
	}
	after, err := w.read(c, ctx, id)
	if err != nil {
		return before, saved(w.write, "the record could not be read again")
	}
	return after, w.kept(w.held(before), w.held(after), e)
}

// kept compares the record before and after a change that was accepted.
func (w written[T]) kept(before, after object, e Edits) error {
	var lost, same []string
	for name, f := range w.fields {
		text, edited := e[name]
		sent, _ := f.value(text)
		switch {
		case !edited && !blank(before[name]) && blank(after[name]):
			lost = append(lost, spoken(name))
		case edited && f.alike(before[name], after[name]) && !f.alike(before[name], sent):
			same = append(same, spoken(name))
		}
	}
	slices.Sort(lost)
	slices.Sort(same)
	var why []string
	if len(same) > 0 {
		why = append(why, "it did not keep "+strings.Join(same, ", "))
	}
	if len(lost) > 0 {
		why = append(why, "it cleared fields that were not changed here: "+strings.Join(lost, ", "))
	}
	if len(why) == 0 {
		return nil
	}
	err := rest.Refusal(vendor, w.write.Name, rest.KindConflict,
		"Inbox Health accepted the change, but "+strings.Join(why, ", and ")+". Press r to compare.")
	err.Status, err.Phase = http.StatusOK, rest.Done
	return err
}

// body is {"id": …, root: {…}}, as the documents' PUT samples have it.
func (w written[T]) body(id ID, e Edits, nested map[string]any) (map[string]any, error) {
	if err := checkIDs(w.write, spoken(w.kind.one), id); err != nil {
		return nil, err
	}
	if len(e) == 0 && len(nested) == 0 {
		return nil, refuse(w.write, "Nothing was changed, so nothing was sent to Inbox Health.")
	}
	fields, wrong := map[string]any{}, complaints{}
	for name, text := range e {
		f, known := w.fields[name]
		wrong.add(!known, name, "Inbox Health does not let this be changed here.")
		v, why := f.value(text)
		wrong.add(known && why != "", name, why)
		wrong.add(name == "billing_status" && text != "" && !slices.Contains(billingStatuses, text),
			name, "It must be one of "+strings.Join(billingStatuses, ", ")+".")
		fields[name] = v
	}
	if err := wrong.refusal(w.write); err != nil {
		return nil, err
	}
	for name, v := range nested {
		fields[name] = v
	}
	if err := guardNested(w.write, fields); err != nil {
		return nil, err
	}
	return map[string]any{"id": id, w.kind.one: fields}, nil
}

// guardNested refuses nested records without an id in a PUT: the server would
// add them as new ones, each time the PUT arrives (IH-9).
func guardNested(op rest.Op, fields map[string]any) error {
	raw, err := json.Marshal(fields)
	if err != nil {
		return refuse(op, "The change cannot be written as JSON, so nothing was sent.")
	}
	var o object
	if json.Unmarshal(raw, &o) != nil {
		return nil
	}
	for name, v := range o {
		if !strings.HasSuffix(name, "_attributes") {
			continue
		}
		var items []object
		if json.Unmarshal(v, &items) != nil {
			return refuse(op, "The "+spoken(name)+" are not a list, so nothing was sent.")
		}
		for _, item := range items {
			var id ID
			if json.Unmarshal(item["id"], &id) != nil || id <= 0 {
				return refuse(op, "A change may only name parts that exist already: Inbox Health would add "+
					spoken(strings.TrimSuffix(name, "_attributes"))+" again. Add them one by one instead. Nothing was sent.")
			}
		}
	}
	return nil
}

// conflict compares what was seen with what is there now, in the edited fields.
func (w written[T]) conflict(seen, now object, e Edits) error {
	changed := map[string]safe.Text{}
	for name := range e {
		if seen != nil && !w.fields[name].alike(seen[name], now[name]) {
			changed[name] = safe.Line("This was changed at Inbox Health meanwhile.")
		}
	}
	if len(changed) == 0 {
		return nil
	}
	err := rest.Refusal(vendor, w.write.Name, rest.KindConflict,
		"Somebody changed the same fields at Inbox Health meanwhile, so nothing was sent. Press r to reload and compare.")
	err.Fields = changed
	return err
}

// alike compares values of one form however they are written (IH-8): the day of
// a date and of a date-time, M and Male.
func (f form) alike(a, b json.RawMessage) bool { return alike(f.plain(a), f.plain(b)) }

func (f form) plain(raw json.RawMessage) json.RawMessage {
	var text string
	if f != asDate && f != asSex || json.Unmarshal(raw, &text) != nil {
		return raw
	}
	if f == asDate {
		text, _, _ = strings.Cut(strings.TrimSpace(text), "T")
	} else {
		text = sexOf(text)
	}
	plain, _ := json.Marshal(text) // a text always has a JSON form
	return plain
}

// alike compares values however they are written: true and 1, 0 and 0.0, a
// number in quotes and one without.
func alike(a, b json.RawMessage) bool {
	return blank(a) && blank(b) || plainly(a) == plainly(b)
}

func plainly(raw json.RawMessage) string {
	s := strings.TrimSpace(string(raw))
	var text string
	if json.Unmarshal(raw, &text) == nil {
		s = text
	}
	switch s {
	case "true":
		return "1"
	case "false":
		return "0"
	}
	if len(s) > 1 && s[0] == '0' && s[1] != '.' || len(s) > 40 { // a ZIP code, a text
		return s
	}
	if d, err := decimal.NewFromString(s); err == nil && d.Exponent() > -20 && d.Exponent() < 20 {
		return d.String()
	}
	return s
}

// withoutSecrets is a record without what must not be kept after decoding.
func withoutSecrets(o object) object {
	kept := object{}
	for name, v := range o {
		if name != "links" && !strings.Contains(name, "ssn") {
			kept[name] = v
		}
	}
	return kept
}
