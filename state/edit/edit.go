// Package edit is what an edit of a record means when a colleague may have
// changed the record meanwhile: of three versions it tells, field by field,
// what is different, what is still to be sent and what became of a write whose
// answer was lost. It knows no vendor, sends nothing and draws nothing.
package edit

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Versions are the fields of a record as they were when somebody began to type,
// as they are now, and those that were edited. What a map leaves out is empty.
type Versions struct {
	Seen, Now, Edits map[string]string
	// Alike reports that two values of a field mean the same to the vendor.
	Alike func(field, a, b string) bool
}

// Difference is a field that is not as it was seen any more.
type Difference struct {
	Field             string
	Was, Theirs, Mine string // Mine is empty unless Edited
	Edited            bool   // here too
	Clash             bool   // and to something else
}

// Differences are those among the fields, in their order.
func (v Versions) Differences(fields []string) []Difference {
	var all []Difference
	for _, name := range fields {
		was, theirs := v.Seen[name], v.Now[name]
		if v.Alike(name, was, theirs) {
			continue
		}
		mine, edited := v.Edits[name]
		all = append(all, Difference{name, was, theirs, mine, edited, edited && !v.Alike(name, mine, theirs)})
	}
	return all
}

// Left are the edits that still change something; those of keep stay theirs.
func (v Versions) Left(keep ...string) map[string]string {
	left := maps.Clone(v.Edits)
	maps.DeleteFunc(left, func(name, value string) bool {
		return slices.Contains(keep, name) || v.Alike(name, value, v.Now[name])
	})
	return left
}

// Landing is what reading back says of edits whose answer was lost.
type Landing uint8

// The landings.
const (
	CannotTell Landing = iota
	Landed
	DidNot
)

// Landing is Landed when every edited field holds what was sent, DidNot when
// all are as they were before.
func (v Versions) Landing() Landing {
	landed, before := true, true
	for name, sent := range v.Edits {
		landed = landed && v.Alike(name, v.Now[name], sent)
		before = before && v.Alike(name, v.Now[name], v.Seen[name])
	}
	switch {
	case landed:
		return Landed
	case before:
		return DidNot
	}
	return CannotTell
}

// Clashes are the names of the fields that were changed here and there, each
// to something else.
func Clashes(all []Difference) []string {
	var names []string
	for _, d := range all {
		if d.Clash {
			names = append(names, d.Field)
		}
	}
	return names
}

// Words lay the three versions out for people. Label is a field's name, quoted
// a value of it, both as they may be drawn.
func Words(all []Difference, label func(field string) string, quoted func(field, value string) string) string {
	var blocks []string
	for _, d := range all {
		mine := "the same as theirs"
		switch {
		case !d.Edited:
			mine = "not edited, theirs stays"
		case d.Clash:
			mine = quoted(d.Field, d.Mine)
		}
		blocks = append(blocks, fmt.Sprintf("%s\n  was:    %s\n  theirs: %s\n  yours:  %s",
			label(d.Field), quoted(d.Field, d.Was), quoted(d.Field, d.Theirs), mine))
	}
	return strings.Join(blocks, "\n\n")
}
