package config

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// leaf is one key of a settings struct and its place in it. All that has to
// know every key (merging, the environment, suggestions) walks the leaves, so
// a new vendor is one more field of Settings.
type leaf struct {
	key   string // "zone", "naturaesoft.base"
	value reflect.Value
}

func leaves(v reflect.Value, prefix string) []leaf {
	var all []leaf
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		switch {
		case !field.IsExported():
		case field.Anonymous:
			all = append(all, leaves(value, prefix)...)
		case value.Kind() == reflect.Struct:
			all = append(all, leaves(value, prefix+tag(field)+".")...)
		default:
			all = append(all, leaf{prefix + tag(field), value})
		}
	}
	return all
}

func tag(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
	return name
}

// children are the names that may stand directly in a table of type t, with
// the type each of them has.
func children(t reflect.Type) map[string]reflect.Type {
	all := map[string]reflect.Type{}
	for i := range t.NumField() {
		switch f := t.Field(i); {
		case !f.IsExported():
		case f.Anonymous:
			for name, typ := range children(f.Type) {
				all[name] = typ
			}
		default:
			all[tag(f)] = f.Type
		}
	}
	return all
}

// find follows key from the top of the file. It returns the type found, or
// nil and the names that are known where the path ends.
func find(key []string) (reflect.Type, []string) {
	t := reflect.TypeFor[File]()
	for _, part := range key {
		if t.Kind() == reflect.Map {
			t = t.Elem().Elem()
			continue
		}
		if t.Kind() != reflect.Struct {
			return nil, nil
		}
		known := children(t)
		next, ok := known[strings.ToLower(part)]
		if !ok {
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			slices.Sort(names)
			return nil, names
		}
		t = next
	}
	return t, nil
}

// secretive finds names under which people keep credentials.
var secretive = regexp.MustCompile(`(?i)(secret|token|passw|passphrase|credential)|key$|^pass$`)

// unknown is the sentence for a key that no field takes.
func unknown(path string, e *toml.DecodeError) *Error {
	key := e.Key()
	out := &Error{Path: path, Key: dotted(key)}
	out.Line, out.Column = e.Position()
	last := key[len(key)-1]
	_, names := find(key)
	near := nearest(last, names)
	if secretive.MatchString(last) && !secretive.MatchString(near) {
		vendor := "<vendor>"
		if len(key) == 4 {
			vendor = key[2]
		}
		out.words = "looks like a secret, and secrets do not belong here: run frontdesk login " +
			vendor + ", then remove this line"
		return out
	}
	out.words = "is not a known key"
	if near != "" {
		out.words += ". Did you mean " + near + "?"
		return out
	}
	if t, _ := find([]string{"profile", "x", last}); t != nil && len(key) == 1 {
		out.words += " here: it belongs in a [profile.<name>] table"
		return out
	}
	if len(names) > 0 {
		out.words += ". Known here: " + strings.Join(names, ", ")
	}
	return out
}

// mistyped is the sentence for a broken line or a value of the wrong type.
func mistyped(path string, e *toml.DecodeError) *Error {
	out := &Error{Path: path, Key: dotted(e.Key())}
	out.Line, out.Column = e.Position()
	words := strings.TrimPrefix(e.Error(), "toml: ")
	if t, _ := find(e.Key()); t != nil && strings.HasPrefix(words, "cannot ") {
		out.words = "wants " + wants(t)
		return out
	}
	out.Key, out.words = "", "this is not valid TOML: "+words
	return out
}

// wants says in words what a key of that type takes.
func wants(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text in quotes"
	case reflect.Pointer, reflect.Bool:
		return "true or false, without quotes"
	case reflect.Int:
		return "a whole number, without quotes"
	case reflect.Float64:
		return "a number, without quotes"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Int {
			return "a list of whole numbers such as [15, 30]"
		}
		return `a list of texts such as ["NEW", "FOLLOWUP"]`
	}
	return "a table: write its keys under a heading in brackets"
}

// dotted writes a key as the file does.
func dotted(key []string) string {
	parts := slices.Clone(key)
	for i, p := range parts {
		if !bare.MatchString(p) {
			parts[i] = strconv.Quote(p)
		}
	}
	return strings.Join(parts, ".")
}

var bare = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// nearest is the name most like word, or empty when none is alike.
func nearest(word string, names []string) string {
	if len(word) > 64 {
		return ""
	}
	best, least := "", 1+max(1, min(3, len(word)/3))
	for _, name := range names {
		if d := distance(strings.ToLower(word), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance counts the letters to add, drop, change or swap with the next one
// to make b of a.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			d := min(change, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
