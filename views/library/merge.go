package library

import (
	"slices"
	"strconv"
	"strings"

	"frontdesk/clients/naturaesoft"
)

// values are the fields of an article by wire name, as the form holds them.
type values map[string]string

// fields are the fields of an article in the order people read them.
var fields = []struct{ name, label string }{
	{"Title", "Title"}, {"Category", "Category"}, {"Type", "Type"}, {"Tags", "Tags"}, {"Active", "In use"}, {textField, "Text"},
}

const textField = "Article"

// valuesOf reads an article as a form does: "" for an Active nobody knows.
func valuesOf(a naturaesoft.Article) values {
	v := values{
		"Title": a.Title.Raw(), "Category": a.Category.Raw(), "Type": a.Type.Raw(), "Tags": a.Tags.Raw(),
		textField: even(a.Text.Raw()),
	}
	v["Active"] = ""
	if a.ActiveKnown {
		v["Active"] = strconv.FormatBool(a.Active)
	}
	return v
}

// even is a text without what no form keeps: other line ends, space at its end.
func even(s string) string {
	return strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), " \n")
}

// differing are the fields in which two articles differ, in order.
func differing(a, b values) []string {
	var out []string
	for _, f := range fields {
		if a[f.name] != b[f.name] {
			out = append(out, f.name)
		}
	}
	return out
}

// label is a field as people know it.
func label(name string) string {
	for _, f := range fields {
		if f.name == name {
			return f.label
		}
	}
	return name
}

func labels(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, label(n))
	}
	return strings.Join(out, ", ")
}

// merge joins what two people made of one article. Where both changed the same
// thing, theirs or mine stands; clashes names those fields.
func merge(base, now, mine values, theirs bool) (joined values, clashes []string) {
	joined = values{}
	for _, f := range fields {
		b, t, m := base[f.name], now[f.name], mine[f.name]
		switch {
		case m == b, m == t:
			joined[f.name] = t
			continue
		case t == b:
			joined[f.name] = m
			continue
		case f.name == textField:
			text, clash := mergeText(b, t, m, theirs)
			if joined[f.name] = text; clash {
				clashes = append(clashes, f.name)
			}
			continue
		}
		clashes = append(clashes, f.name)
		if joined[f.name] = m; theirs {
			joined[f.name] = t
		}
	}
	return joined, clashes
}

func mergeText(base, now, mine string, theirs bool) (text string, clash bool) {
	var out []string
	for _, c := range chunks(split(base), split(now), split(mine)) {
		clash = clash || c.clash()
		out = append(out, c.joined(theirs)...)
	}
	return strings.Join(out, "\n"), clash
}

func split(text string) []string { return strings.Split(text, "\n") }

// edits are what turns one article into the other.
func edits(from, to values) map[string]string {
	out := map[string]string{}
	for _, name := range differing(from, to) {
		out[name] = to[name]
	}
	return out
}

// only keeps the named fields.
func only(v values, names map[string]string) map[string]string {
	out := map[string]string{}
	for name := range names {
		out[name] = v[name]
	}
	return out
}

// equalIn reports that v has what want says, in the fields want names.
func equalIn(v values, want map[string]string) bool {
	return !slices.ContainsFunc(fields, func(f struct{ name, label string }) bool {
		w, asked := want[f.name]
		return asked && v[f.name] != w
	})
}
