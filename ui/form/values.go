package form

import (
	"maps"
	"slices"
)

// Values is the value of every field by wire name. Text that means nothing is
// its own value, so ask Check first.
func (f *Form) Values() map[string]string {
	out := make(map[string]string, len(f.fields))
	for _, fd := range f.fields {
		out[fd.props().name] = fd.value()
	}
	return out
}

// Changes is the values of the fields a person has changed, nothing else: what
// an update of a record sends. Another spelling of the same is no change.
func (f *Form) Changes() map[string]string {
	out := map[string]string{}
	for _, fd := range f.fields {
		if p, now := fd.props(), fd.value(); now != p.was {
			out[p.name] = now
		}
	}
	return out
}

// Value is the value of one field, "" if there is none of that name.
func (f *Form) Value(name string) string {
	if i := f.find(name); i >= 0 {
		return f.fields[i].value()
	}
	return ""
}

// Set makes value what the field starts with, for instance out of a record,
// and reports whether there is such a field. It counts as no change, and what
// is odd about it is not complained about until somebody edits it.
func (f *Form) Set(name, value string) bool {
	i := f.find(name)
	if i >= 0 {
		set(f.fields[i], value)
	}
	return i >= 0
}

// Dirty reports whether anything differs from what the form started with.
func (f *Form) Dirty() bool {
	return slices.ContainsFunc(f.fields, func(fd Field) bool { return fd.text() != fd.props().start })
}

// Draft is exactly what is typed and chosen, wrong or not, for Restore. What
// is in a secret field is not in it.
func (f *Form) Draft() map[string]string {
	out := make(map[string]string, len(f.fields))
	for _, fd := range f.fields {
		if _, secret := fd.(*SecretField); !secret {
			out[fd.props().name] = fd.text()
		}
	}
	return out
}

// Restore puts a Draft back; names that are no field are left out. What the
// form started with stays, so the form is Dirty if the draft differed.
func (f *Form) Restore(draft map[string]string) {
	f.held = nil
	for _, fd := range f.fields {
		if text, ok := draft[fd.props().name]; ok {
			fd.retype(text)
			fd.props().complaint, fd.props().vendors = "", false
		}
	}
}

// SetErrors shows complaints by wire name: each under its field, those of
// other names above the form. The keyboard goes to the first field complained
// about. nil takes them all back.
func (f *Form) SetErrors(complaints map[string]string) {
	first := -1
	f.words, f.held = nil, nil
	for i, fd := range f.fields {
		p := fd.props()
		words, ok := complaints[p.name]
		if words = oneLine(words); ok && words != "" {
			p.complaint, p.vendors = words, true
			if first < 0 {
				first = i
			}
		} else if p.vendors {
			p.complaint, p.vendors = "", false
		}
	}
	for _, name := range slices.Sorted(maps.Keys(complaints)) {
		if words := oneLine(complaints[name]); f.find(name) < 0 && words != "" {
			f.words = append(f.words, words)
		}
	}
	if first >= 0 {
		f.on().close()
		f.enter(first)
	}
}
