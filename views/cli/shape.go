package cli

import (
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Shape is under which annotation of a command the shape of its --json is.
const Shape = "json"

// DryRun is what --dry-run --json writes, of every command that has both.
var DryRun = shape[drill]("dry_run", false)

// shape describes what --json writes, such as
// {"version":1,"openings":[{"provider":text,"minutes":number}]}.
func shape[T any](name string, many bool) string {
	inside := form(reflect.TypeFor[T]())
	if many {
		inside = "[" + inside + "]"
	}
	return `{"version":1,"` + name + `":` + inside + "}"
}

// form is a type in the words of a shape.
func form(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[cents]():
		return "number|null"
	case t.Kind() == reflect.Pointer:
		return form(t.Elem()) + "|null"
	case t.Kind() == reflect.Slice:
		return "[" + form(t.Elem()) + "]"
	case t.Kind() == reflect.Map:
		return "{...:" + form(t.Elem()) + "}"
	case t.Kind() == reflect.Struct:
		return "{" + strings.Join(members(t), ",") + "}"
	case t.Kind() == reflect.Bool:
		return "boolean"
	case t.Kind() == reflect.String:
		return "text"
	case t.Kind() == reflect.Interface:
		return "any"
	}
	return "number"
}

// members are a struct's, those of embedded ones among them.
func members(t reflect.Type) []string {
	var parts []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			parts = append(parts, members(f.Type)...)
		case name != "" && name != "-":
			parts = append(parts, `"`+name+`":`+form(f.Type))
		}
	}
	return parts
}

// withJSON is what a command's help says of its shape.
func withJSON(shape string) string { return "\n\nWith --json:\n\n" + folded(shape, "  ") }

// folded breaks a shape after commas, so that its lines fit beside an indent.
func folded(shape, indent string) string {
	const width = 100
	var b strings.Builder
	line := indent
	for part := range strings.SplitAfterSeq(shape, ",") {
		if len(line)+len(part) > width && strings.TrimSpace(line) != "" {
			b.WriteString(line + "\n")
			line = indent + "  "
		}
		line += part
	}
	return b.String() + line
}

// Topics are pages of the help that are no commands. They read the commands
// below root, so they are made last.
func Topics(root *cobra.Command) []*cobra.Command {
	return []*cobra.Command{
		{Use: "json", Short: "The shapes of --json", Long: conventions + shapesBelow(root)},
		{Use: "codes", Short: "What the program ends with", Long: Codes},
	}
}

// Codes are the exit codes, for people.
const Codes = `frontdesk ends with

    0    done; of slots check: the time is free
    1    refused, by the vendor or before; of slots check: not free; of an import: some rows were not sent
    2    a wrong call, or nobody to ask
    3    configuration, or a machine that is not fit
    4    not signed in, or the key was refused
    5    the vendor or the ledger's server cannot be reached or fails; a list is written without what is missing
    6    a write that may have landed: frontdesk outbox settle finds out
    130  interrupted; the words tell whether a write was on its way and may have landed`

const conventions = `--json writes one line on the standard output: {"version":1,"<name>":...}. Words are on the other one.

In version 1 names are added, never changed or removed. What is not in the shapes below may come: leave it alone.

    text      a JSON string; "" is none
    number    a JSON number
    boolean   true or false
    |null     null where it is not known
    {...: }   an object by names that are not fixed

Names tell the unit. ..._cents is whole cents. date is YYYY-MM-DD, time HH:MM, both in the practice's zone. minutes and
seconds_left count. as_of, updated, created, begun, closed, expires and at are moments in RFC 3339, UTC; what an EMR
wrote as a time stays as it wrote it. "masked":true stands before the data where birth dates, phones or e-mail
addresses are hidden: --reveal shows them.

With --dry-run, and nothing sent, a write has its own shape; send is what would be sent, by the vendor's names:

`

func shapesBelow(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString(folded(DryRun, "    "))
	for _, c := range leaves(root) {
		if s := c.Annotations[Shape]; s != "" {
			b.WriteString("\n\n" + c.CommandPath() + "\n\n" + folded(s, "    "))
		}
	}
	return b.String()
}

// leaves are the commands that do something, in the order of their names.
func leaves(c *cobra.Command) []*cobra.Command {
	if !c.HasSubCommands() {
		return []*cobra.Command{c}
	}
	var all []*cobra.Command
	for _, below := range c.Commands() {
		if !below.Hidden {
			all = append(all, leaves(below)...)
		}
	}
	slices.SortStableFunc(all, func(a, b *cobra.Command) int { return strings.Compare(a.CommandPath(), b.CommandPath()) })
	return all
}
