package form

import (
	"strings"
	"unicode"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/theme"
)

// Field is one entry of one form, made by Text, Area, Choice, Combo, Multi,
// Toggle, Date, Clock, Phone, Money or NewSecret.
type Field interface {
	props() *spec
	size(cols, tall int)                    // cells of the field column, lines for a list
	press(tea.KeyPressMsg) (reply, tea.Cmd) // a key, before the form sees it
	paste(string) tea.Cmd
	text() string  // what is typed or chosen, for a draft
	retype(string) // the reverse
	put(string)    // a value as the vendor knows it
	reach()        // the keyboard comes to it
	value() string // the same way round
	fault() string // what is wrong with it, without the label; "" if nothing
	settle()       // spells right text the usual way
	close()        // closes what is open under it
	draw(p pen) drawing
	click(x, y int) // in the cells of the drawing
	keys() (own, edit []key.Binding)
}

// reply is what a field made of a key.
type reply uint8

const (
	pass reply = iota // not for the field: the form may use it
	took
	done // took it, and the keyboard goes on to the next field
	hold // it depends on an answer that is not in
)

// spec is what every field has.
type spec struct {
	name, label  string
	helped       string
	placeholder  string
	section      string
	wide         int
	required     bool
	check        func(string) string
	given        string // what Default or Set put in
	start, was   string // text() and value() after that
	complaint    string
	vendors      bool // the complaint came by SetErrors
	cols, tall   int  // cells of the field column, lines for a list
	emptyRemedy  string
	defaultWidth int
}

func (s *spec) props() *spec         { return s }
func (s *spec) size(cols, tall int)  { s.cols, s.tall = cols, tall }
func (s *spec) paste(string) tea.Cmd { return nil }
func (s *spec) fault() string        { return "" }
func (s *spec) settle()              {}
func (s *spec) close()               {}
func (s *spec) reach()               {}

// inner is the cells between the edges of the field's box.
func (s *spec) inner() int {
	w := s.wide
	if w == 0 {
		w = s.defaultWidth
	}
	return max(1, min(w, s.cols-2))
}

// common holds the options every field takes. T is the field, so that a chain
// of options can go on to those of its kind.
type common[T any] struct {
	spec
	me T
}

// Required refuses an empty field.
func (c *common[T]) Required() T { c.required = true; return c.me }

// Help is a line shown under the field while it has the keyboard.
func (c *common[T]) Help(words string) T { c.helped = oneLine(words); return c.me }

// Placeholder is shown while nothing is typed or chosen.
func (c *common[T]) Placeholder(words string) T { c.placeholder = oneLine(words); return c.me }

// Default is the value the field starts with; it does not count as a change.
func (c *common[T]) Default(value string) T { c.given = value; return c.me }

// Width is the number of cells text can fill, if the screen has them.
func (c *common[T]) Width(cells int) T { c.wide = cells; return c.me }

// Check adds a check of the value, also of an empty one: "" is fine, all else
// is a full sentence that names the field and the remedy.
func (c *common[T]) Check(check func(value string) string) T { c.check = check; return c.me }

// Section starts a new part of the form with this field under a heading.
func (c *common[T]) Section(title string) T { c.section = oneLine(title); return c.me }

// complaint is the sentence about fd as it stands, or "".
func complaint(fd Field) string {
	p := fd.props()
	if p.required && strings.TrimSpace(fd.text()) == "" {
		return p.label + ": " + p.emptyRemedy
	}
	if words := fd.fault(); words != "" {
		return p.label + ": " + words
	}
	if p.check != nil {
		return p.check(fd.value())
	}
	return ""
}

// set makes value the state that fd starts from.
func set(fd Field, value string) {
	fd.put(value)
	fd.settle()
	fd.props().begin(fd, value)
}

// begin makes what is in fd its start.
func (s *spec) begin(fd Field, given string) {
	s.given, s.start = given, fd.text()
	s.was = fd.value()
	s.complaint, s.vendors = "", false
}

// Option is one thing that can be chosen.
type Option struct {
	Value  string // as the vendor knows it
	Label  string // as a person knows it; "" shows the value
	Detail string // tells like labels apart, in the list of a Combo
}

// tidy makes options safe to draw.
func tidy(opts []Option) []Option {
	out := make([]Option, len(opts))
	for i, o := range opts {
		if o.Label == "" {
			o.Label = o.Value
		}
		out[i] = Option{o.Value, oneLine(o.Label), oneLine(o.Detail)}
	}
	return out
}

// with finds value among opts and adds it if it is missing: a record may hold
// a value that is not on offer, and editing must not lose it.
func with(opts []Option, value string) ([]Option, int) {
	for i, o := range opts {
		if o.Value == value {
			return opts, i
		}
	}
	return append(opts, tidy([]Option{{Value: value}})...), len(opts)
}

// pen is what a field draws with.
type pen struct {
	*inks
	th *theme.Theme
	on bool // the field has the keyboard
}

// drawing is a field without its label and complaint. The cursor counts rows,
// then popup.
type drawing struct {
	rows, popup []string
	x, y        int
}

// oneLine makes s a single line that can only draw text.
func oneLine(s string) string {
	s = strings.ReplaceAll(strings.TrimRight(s, "\r\n"), "\t", " ")
	return strings.ReplaceAll(lines(s), "\n", " ")
}

// lines makes s text of lines ended by \n, without anything that could steer
// a terminal or turn the direction of what follows. Joiners stay: several
// scripts and most emoji need them.
func lines(s string) string {
	plain := true
	for i := range len(s) {
		plain = plain && s[i] >= ' ' && s[i] <= '~'
	}
	if plain {
		return s
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\t", "    ").Replace(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\u200c', r == '\u200d':
			return r
		case unicode.In(r, unicode.Cc, unicode.Cf), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}
