package form

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"
)

// Source looks up what fits a query. It runs outside the update loop and must
// end when ctx does: the next key ends it. An error with a method UserMessage
// is shown by that sentence.
type Source func(ctx context.Context, query string) ([]Option, error)

// OptionsMsg is the answer to a lookup. A view hands every message on to its
// forms; each takes only its own.
type OptionsMsg struct {
	combo   *ComboField
	turn    int
	options []Option
	err     error
}

// ComboField is one of many options, found by typing part of its label. Its
// value is the option's, "" until one is taken: Enter takes the marked one. On
// leaving, text that is exactly one label is taken, or one local detail, or the
// only row that what was typed has left in the list of the local options.
type ComboField struct {
	common[*ComboField]
	line
	options []Option // local ones
	find    Source
	free    bool
	ctx     context.Context
	stop    context.CancelFunc
	turn    int  // counts lookups
	out     bool // the answer for the text as it stands is not in
	due     bool // to be settled when it is
	trouble string

	open   bool
	sole   bool // it was left with one row in its open list
	shown  []Option
	at     int // in shown
	picked bool
	pick   Option
}

// lookupPause is how long a lookup waits for the next key, so that a word
// typed at speed is one request.
var lookupPause = 120 * time.Millisecond

// Combo makes a field to find one of opts.
func Combo(name, label string, opts ...Option) *ComboField {
	f := &ComboField{line: newLine(), options: tidy(opts)}
	f.common = common[*ComboField]{me: f, spec: spec{
		name: name, label: oneLine(label), defaultWidth: 40,
		emptyRemedy: "nothing is chosen. Type part of it and press Enter, or ctrl+g for the list.",
	}}
	return f
}

// Source has the options looked up by find, for every text anew, under ctx.
func (f *ComboField) Source(ctx context.Context, find Source) *ComboField {
	f.ctx, f.find = ctx, find
	return f
}

// Free takes text that is no option too, as it is typed: the options are the
// usual ones. The list offers the text in its last row. Not for a Source.
func (f *ComboField) Free() *ComboField {
	f.free, f.emptyRemedy = true, "nothing is chosen. Type it, or press ctrl+g for the usual ones."
	return f
}

// SetOptions replaces the local options. What is taken stays.
func (f *ComboField) SetOptions(opts ...Option) {
	f.options = tidy(opts)
	f.sole = false
	if f.open && f.find == nil {
		f.shown, f.at = f.match(), 0
	}
}

// Pick makes o what the field starts with: Set for options that are looked up
// and so have no label here.
func (f *ComboField) Pick(o Option) {
	f.take(tidy([]Option{o})[0])
	f.begin(f, o.Value)
}

func (f *ComboField) take(o Option) {
	f.line.retype(o.Label)
	f.pick, f.picked, f.open = o, true, false
}

// unit separates value and label in a draft; typed text cannot hold it.
const unit = "\x1f"

func (f *ComboField) text() string {
	if f.picked {
		return f.pick.Value + unit + f.pick.Label
	}
	return f.line.text()
}

func (f *ComboField) retype(s string) {
	if f.stop != nil {
		f.stop()
	}
	f.open, f.sole, f.picked, f.out, f.due = false, false, false, false, false
	if i := strings.LastIndex(s, unit); i >= 0 {
		f.take(tidy([]Option{{Value: s[:i], Label: s[i+1:]}})[0])
		return
	}
	f.line.retype(s)
}

func (f *ComboField) put(value string) {
	f.retype("")
	if value != "" {
		opts, i := with(f.options, value)
		f.take(opts[i])
	}
}

func (f *ComboField) value() string {
	if f.picked {
		return f.pick.Value
	}
	return ""
}

// pending reports that it depends on an answer what the text stands for.
func (f *ComboField) pending() bool { return f.out && !f.picked }

func (f *ComboField) fault() string {
	s := strings.TrimSpace(f.line.text())
	switch {
	case f.picked, s == "":
		return ""
	case f.out:
		return "“" + s + "” is still being looked up. Wait for the list."
	case f.trouble != "":
		return f.trouble
	}
	return "“" + s + "” is not taken from the list. Press ctrl+g for the list and Enter to take one."
}

// close shuts the list. Whether one row was left counts for local options only:
// with others it would depend on when the answer comes.
func (f *ComboField) close() {
	f.sole = f.sole || f.open && f.find == nil && len(f.shown) == 1 && strings.TrimSpace(f.line.text()) != ""
	f.open = false
}

// settle takes the option whose whole label is typed, if there is just one. It
// leaves the text alone: nothing typed since may depend on when this happens.
func (f *ComboField) settle() {
	if f.due = f.out && !f.picked; f.picked || f.out {
		return
	}
	from := f.options
	if f.find != nil {
		from = f.shown
	}
	var found []Option
	for _, o := range from {
		if strings.EqualFold(o.Label, strings.TrimSpace(f.line.text())) {
			found = append(found, o)
		}
	}
	switch {
	case len(found) == 1:
		f.pick, f.picked = found[0], true
	case len(found) == 0 && f.find == nil:
		f.settleShort()
		switch own := asTyped(f.line.text()); {
		case f.picked:
		case f.free && own.Value != "":
			f.take(own)
		case f.sole:
			f.take(f.shown[0])
		}
	}
}

// asTyped is text of a person's own as an option.
func asTyped(s string) Option {
	s = strings.TrimSpace(s)
	return Option{Value: s, Label: s, Detail: "as typed"}
}

// settleShort takes the one local option whose detail is typed: CT for
// Connecticut, whose label then stands there.
func (f *ComboField) settleShort() {
	short := strings.TrimSpace(f.line.text())
	var found []Option
	for _, o := range f.options {
		if short != "" && strings.EqualFold(o.Detail, short) {
			found = append(found, o)
		}
	}
	if len(found) == 1 {
		f.take(found[0])
	}
}

func (f *ComboField) match() []Option {
	query := strings.TrimSpace(f.line.text())
	if query == "" {
		return f.options
	}
	labels := make([]string, len(f.options))
	for i, o := range f.options {
		labels[i] = o.Label
	}
	var found []Option
	for _, m := range fuzzy.Find(query, labels) {
		found = append(found, f.options[m.Index])
	}
	if f.free && !slices.ContainsFunc(f.options, func(o Option) bool { return strings.EqualFold(o.Label, query) }) {
		found = append(found, asTyped(query))
	}
	return found
}

// look opens the list for the text as it stands.
func (f *ComboField) look() tea.Cmd {
	f.open, f.sole, f.at, f.trouble = true, false, 0, ""
	f.turn++
	if f.find == nil {
		f.shown = f.match()
		return nil
	}
	if f.stop != nil {
		f.stop()
	}
	ctx, stop := context.WithCancel(f.ctx)
	f.stop, f.out = stop, true
	turn, find, query, pause := f.turn, f.find, strings.TrimSpace(f.line.text()), lookupPause
	return func() tea.Msg {
		defer stop()
		if pause > 0 {
			select {
			case <-ctx.Done():
				return OptionsMsg{f, turn, nil, ctx.Err()}
			case <-time.After(pause):
			}
		}
		options, err := find(ctx, query)
		return OptionsMsg{f, turn, options, err}
	}
}

// arrive takes an answer, unless the text has changed since.
func (f *ComboField) arrive(msg OptionsMsg) {
	if msg.turn != f.turn || !f.out {
		return
	}
	f.out, f.at, f.shown, f.trouble = false, 0, tidy(msg.options), ""
	if msg.err != nil {
		f.shown, f.trouble = nil, "the list could not be fetched. Press ctrl+g to try again."
		var told interface{ UserMessage() string }
		if errors.As(msg.err, &told) {
			f.trouble = oneLine(told.UserMessage()) + " Press ctrl+g to try again."
		}
	}
	if f.due {
		f.settle()
	}
}

func (f *ComboField) press(k tea.KeyPressMsg) (reply, tea.Cmd) {
	if f.open {
		if r := f.pressList(k); r != pass {
			return r, nil
		}
	}
	if is(k, keyOpenList) {
		return took, f.look()
	}
	before := f.line.text()
	if !f.edit(k) {
		return pass, nil
	}
	return took, f.edited(before)
}

// pressList works the open list. What depends on an answer that is out is held.
func (f *ComboField) pressList(k tea.KeyPressMsg) reply {
	last := len(f.shown) - 1
	switch {
	case is(k, keyShut) && !(f.trouble != "" && is(k, keyOpenList)):
		f.open = false
	case f.out && is(k, keyTake, keyRowDown, keyRowUp, keyPageDown, keyPageUp):
		return hold
	case is(k, keyTake):
		if last >= 0 {
			f.take(f.shown[f.at])
		}
		f.open = false
		return done
	case is(k, keyRowDown):
		f.at = max(0, min(f.at+1, last))
	case is(k, keyRowUp):
		f.at = max(0, f.at-1)
	case is(k, keyPageDown):
		f.at = max(0, min(f.at+listRows-1, last))
	case is(k, keyPageUp):
		f.at = max(0, f.at-listRows+1)
	default:
		return pass
	}
	return took
}

func (f *ComboField) paste(s string) tea.Cmd {
	before := f.line.text()
	f.insert(oneLine(s))
	return f.edited(before)
}

// edited forgets what was taken once the text has changed.
func (f *ComboField) edited(before string) tea.Cmd {
	if f.line.text() == before {
		return nil
	}
	f.picked, f.due = false, false
	if f.line.text() == "" {
		f.retype("")
		return nil
	}
	return f.look()
}

func (f *ComboField) keys() (own, edit []key.Binding) {
	if f.open {
		own = []key.Binding{keyTake, keyRowDown, keyRowUp, keyPageDown, keyPageUp, keyShut}
	} else {
		own = []key.Binding{keyOpenList}
	}
	return own, editKeys()
}
