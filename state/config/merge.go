package config

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// merge gathers the values of one profile.
type merge struct {
	file    *File
	flags   Overrides
	env     func(string) string
	origins map[string]string
}

func (m *merge) knows(key string) bool {
	return key == "profile" || slices.ContainsFunc(leaves(reflect.ValueOf(Settings{}), ""),
		func(l leaf) bool { return l.key == key })
}

// text is the value of key from flag or environment, and where it was.
func (m *merge) text(key string) (value, origin string) {
	if v, ok := m.flags[key]; ok {
		return v, "flag " + flagName(key)
	}
	if v := m.env(envName(key)); v != "" {
		return v, envName(key)
	}
	return "", ""
}

// choose names the profile to use and finds its table.
func (m *merge) choose() (string, *Settings, error) {
	names := m.file.Names()
	name, origin := m.text("profile")
	switch {
	case origin != "":
	case m.file.Default != "":
		name, origin = m.file.Default, m.file.origin()
	case len(names) == 1:
		name, origin = names[0], m.file.origin()
	case len(names) == 0:
		return "", nil, noProfile(m.file.path)
	default:
		return "", nil, &Error{Path: m.file.path, words: "has several profiles and no default. " +
			"Use --profile with one of: " + strings.Join(names, ", ")}
	}
	own := m.file.Profiles[name]
	if own == nil {
		return "", nil, m.missing(name, origin, names)
	}
	m.origins["profile"] = origin
	return name, own, checkName(name)
}

func (m *merge) missing(name, origin string, names []string) error {
	e := &Error{Key: "profile", words: "names " + strconv.Quote(name) + " (from " + origin + "), which is not set up"}
	if len(names) == 0 {
		e.words += ". No profile is"
		return e
	}
	e.words += ". There are: " + strings.Join(names, ", ")
	return e
}

// settings merges every key, the highest place first.
func (m *merge) settings(own *Settings) (Settings, error) {
	var out Settings
	top, fallback := Settings{Common: m.file.Common}, defaults()
	layers := []struct {
		values []leaf
		origin string
	}{
		{leaves(reflect.ValueOf(*own), ""), m.file.origin()},
		{leaves(reflect.ValueOf(top), ""), m.file.origin()},
		{leaves(reflect.ValueOf(fallback), ""), "default"},
	}
	var found []error
	for i, l := range leaves(reflect.ValueOf(&out).Elem(), "") {
		m.origins[l.key] = "default"
		if text, origin := m.text(l.key); origin != "" {
			m.origins[l.key] = origin
			found = append(found, parse(l, text, origin))
			continue
		}
		for _, layer := range layers {
			if v := layer.values[i].value; !v.IsZero() {
				l.value.Set(v)
				m.origins[l.key] = layer.origin
				break
			}
		}
	}
	return out, errors.Join(found...)
}

// parse puts the text of a flag or variable into the key's place.
func parse(l leaf, text, origin string) error {
	v := l.value
	var err error
	switch v.Interface().(type) {
	case string:
		v.SetString(text)
	case *bool:
		var b bool
		b, err = strconv.ParseBool(text)
		v.Set(reflect.ValueOf(&b))
	case bool:
		var b bool
		b, err = strconv.ParseBool(text)
		v.SetBool(b)
	case int:
		var n int
		n, err = strconv.Atoi(text)
		v.SetInt(int64(n))
	case float64:
		var n float64
		n, err = strconv.ParseFloat(text, 64)
		v.SetFloat(n)
	case []string:
		v.Set(reflect.ValueOf(split(text)))
	case []int:
		var list []int
		for _, part := range split(text) {
			n, e := strconv.Atoi(part)
			list, err = append(list, n), errors.Join(err, e)
		}
		v.Set(reflect.ValueOf(list))
	}
	if err == nil {
		return nil
	}
	want, _, _ := strings.Cut(wants(v.Type()), " such as")
	want, _, _ = strings.Cut(want, ", without")
	if v.Kind() == reflect.Slice {
		want += " separated by commas, such as 15,30"
	}
	return &Error{Key: l.key, words: "(from " + origin + ") wants " + want}
}

func split(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func flagName(key string) string { return "--" + strings.NewReplacer(".", "-", "_", "-").Replace(key) }

func envName(key string) string {
	return "FRONTDESK_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// origin is what Origin says of a value out of this file.
func (f *File) origin() string {
	if f.path == "" {
		return "file"
	}
	return f.path
}
