// Package form is a form of fields: it edits, checks and draws them, and says
// when it is submitted. Whatever decides where the next key goes changes
// inside Update, so keys typed ahead end in the fields they were meant for.
//
// It must not know what the values are for, nor any vendor: complaints come in
// by wire name, and what is looked up comes from a Source.
package form

import (
	"fmt"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/theme"
)

// Event is what a message meant to the form's owner.
type Event uint8

const (
	// None: nothing the owner needs to know.
	None Event = iota
	// Changed: something typed or chosen differs, and so does the Draft.
	Changed
	// Submitted: every field is right; Values is what to send.
	Submitted
	// Cancelled: Esc with nothing open. The form keeps its content; its owner
	// decides what becomes of it.
	Cancelled
)

// Form is the state of a form. It is changed only by its methods, on one
// goroutine.
type Form struct {
	th     *theme.Theme
	inks   inks
	fields []Field
	at     int // the field that has the keyboard

	words []string         // complaints about no field in particular
	held  *tea.KeyPressMsg // waits for an answer

	w, h int
	left int // cells left of the fields: labels, or little on a narrow screen
	top  int // the first line shown
	wide int // see Wide

	rolled bool // by the wheel: the field with the keyboard may be out of sight
}

// New makes a form of at least one field; names must differ. The keyboard is
// on the first.
func New(th *theme.Theme, fields ...Field) *Form {
	f := &Form{th: th, fields: fields}
	names := map[string]bool{}
	for _, fd := range fields {
		name := fd.props().name
		if names[name] {
			panic(fmt.Sprintf("form: two fields are named %q", name))
		}
		names[name] = true
		set(fd, fd.props().given)
	}
	f.Resize(80, 24)
	return f
}

// Insert puts fields in before the field name, or at the end if there is none of
// that name; theirs must be new. The keyboard stays where it is.
func (f *Form) Insert(name string, fields ...Field) {
	i := f.find(name)
	if i < 0 {
		i = len(f.fields)
	}
	for _, fd := range fields {
		if n := fd.props().name; f.find(n) >= 0 {
			panic(fmt.Sprintf("form: two fields are named %q", n))
		}
		set(fd, fd.props().given)
	}
	f.fields = slices.Insert(f.fields, i, fields...)
	if f.at >= i {
		f.at += len(fields)
	}
	f.Resize(f.w, f.h)
}

func (f *Form) on() Field { return f.fields[f.at] }

// find is the place of the field name, or -1.
func (f *Form) find(name string) int {
	return slices.IndexFunc(f.fields, func(fd Field) bool { return fd.props().name == name })
}

// Focused is the name of the field that has the keyboard.
func (f *Form) Focused() string { return f.on().props().name }

// Focus gives the keyboard to the field name and reports whether there is one.
// The field left is checked.
func (f *Form) Focus(name string) bool {
	i := f.find(name)
	if i >= 0 && i != f.at {
		f.move(i)
	}
	return i >= 0
}

// FocusFirst gives the keyboard to the first field without checking any.
func (f *Form) FocusFirst() {
	f.on().close()
	f.top, f.held = 0, nil
	f.enter(0)
}

// Waiting reports that a key cannot be worked before a lookup has answered:
// Enter on a list that is not in yet, or a submit that depends on one. The
// form works it when the answer comes. Whoever feeds the form keeps further
// keys, except Esc, until then; fed anyway, they take the held key's place.
func (f *Form) Waiting() bool { return f.held != nil }

// Update works a key, a paste or the answer of a lookup. All else is None.
func (f *Form) Update(msg tea.Msg) (Event, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return f.press(msg)
	case tea.PasteMsg:
		f.held, f.rolled = nil, false
		return f.editing(func() tea.Cmd { return f.on().paste(msg.Content) })
	case OptionsMsg:
		return f.arrived(msg)
	}
	return None, nil
}

// editing runs a change of the field that has the keyboard. A complaint about
// what is no longer there is dropped.
func (f *Form) editing(change func() tea.Cmd) (Event, tea.Cmd) {
	fd := f.on()
	before := fd.text()
	cmd := change()
	if fd.text() == before {
		return None, cmd
	}
	if fd == f.on() {
		fd.props().complaint, fd.props().vendors = "", false
	}
	return Changed, cmd
}

func (f *Form) press(k tea.KeyPressMsg) (Event, tea.Cmd) {
	waited := f.held != nil
	f.held, f.rolled = nil, false
	switch {
	case waited && is(k, keyCancel):
		return None, nil
	case is(k, keySubmit):
		return f.submit(k), nil
	}
	var r reply
	event, cmd := f.editing(func() (cmd tea.Cmd) {
		r, cmd = f.on().press(k)
		return cmd
	})
	switch r {
	case pass:
		return f.own(k), cmd
	case hold:
		f.held = &k
	case done: // the last field is left by a key of its own: this one never submits
		f.move(min(f.at+1, len(f.fields)-1))
	}
	return event, cmd
}

// own works the keys of the form itself.
func (f *Form) own(k tea.KeyPressMsg) Event {
	n, to := len(f.fields), f.at
	switch {
	case is(k, keyCancel):
		return Cancelled
	case is(k, keyFinish) && f.at == n-1:
		return f.submit(k)
	case is(k, keyGoOn), is(k, keyDown) && f.at < n-1:
		to++
	case is(k, keyNext):
		to = (f.at + 1) % n
	case is(k, keyBack):
		to = (f.at + n - 1) % n
	case is(k, keyUp) && f.at > 0:
		to--
	default:
		return None
	}
	event, _ := f.editing(func() tea.Cmd { f.move(to); return nil })
	return event
}

// move leaves the field that has the keyboard, whatever is in it.
func (f *Form) move(to int) {
	f.held = nil
	fd := f.on()
	fd.close()
	fd.settle()
	f.judge(fd, false)
	for _, other := range f.fields { // what was wrong beside this one may be right now
		if p := other.props(); p.complaint != "" && !p.vendors {
			f.judge(other, false)
		}
	}
	f.enter(to)
}

// enter gives the keyboard to a field. The one that has it already is left as
// it is, so that a complaint does not undo where the person was in it.
func (f *Form) enter(at int) {
	f.rolled = false
	if at != f.at {
		f.at = at
		f.on().reach()
	}
}

// judge notes what is wrong with fd. A vendor's complaint stays until the
// field is edited or the form submitted. What is still being looked up is
// wrong only for a submit.
func (f *Form) judge(fd Field, submit bool) bool {
	p := fd.props()
	if !submit && pending(fd) {
		return true
	}
	words := complaint(fd)
	if words != "" || !p.vendors || submit {
		p.complaint, p.vendors = oneLine(words), false
	}
	return words == ""
}

func pending(fd Field) bool {
	c, ok := fd.(*ComboField)
	return ok && c.pending()
}

// submit holds k if an answer is needed first.
func (f *Form) submit(k tea.KeyPressMsg) Event {
	before := f.Draft()
	for _, fd := range f.fields {
		fd.close()
		fd.settle()
	}
	f.words = nil
	switch {
	case slices.ContainsFunc(f.fields, pending):
		f.held = &k
	case f.Check():
		return Submitted
	}
	if maps.Equal(before, f.Draft()) {
		return None
	}
	return Changed
}

// Check checks all fields, gives the keyboard to the first that is wrong and
// reports whether none is.
func (f *Form) Check() bool {
	bad := -1
	for i, fd := range f.fields {
		fd.close()
		fd.settle()
		if !f.judge(fd, true) && bad < 0 {
			bad = i
		}
	}
	if bad >= 0 {
		f.held = nil
		f.enter(bad)
	}
	return bad < 0
}

// arrived hands an answer to its field and works the key that waited for it.
func (f *Form) arrived(msg OptionsMsg) (Event, tea.Cmd) {
	i := slices.IndexFunc(f.fields, func(fd Field) bool { return fd == Field(msg.combo) })
	if i < 0 {
		return None, nil
	}
	event, fd := None, f.fields[i]
	before, due := fd.text(), msg.combo.due
	msg.combo.arrive(msg)
	if fd.text() != before {
		event = Changed
	}
	if due {
		f.judge(fd, false)
	}
	if f.held == nil {
		return event, nil
	}
	then, cmd := f.press(*f.held)
	return max(event, then), cmd
}
