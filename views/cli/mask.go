package cli

import (
	"reflect"
	"regexp"
	"strings"

	"frontdesk/state/desk"
)

var year = regexp.MustCompile(`(^|\D)((?:19|20)\d\d)(\D|$)`)

// masks are what is left of personal data unless --reveal was given.
var masks = map[string]func(string) string{
	"birth": func(date string) string { // the year
		if m := year.FindStringSubmatch(date); m != nil {
			return m[2] + "-**-**"
		}
		return "****"
	},
	"phone": func(number string) string { // the last four
		if runes := []rune(number); len(runes) >= 8 {
			return "***" + string(runes[len(runes)-4:])
		}
		return "****"
	},
	"mail": func(address string) string { // first letter and domain
		at := strings.LastIndexByte(address, '@')
		if at < 1 {
			return "****"
		}
		return string([]rune(address)[:1]) + "***" + address[at:]
	},
	"all": func(string) string { return "****" },
}

// mask covers the personal texts inside v, which must be addressable, and
// reports that there is a field for such.
func mask(v reflect.Value) (any bool) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f, field := v.Field(i), v.Type().Field(i)
			if how, ok := masks[field.Tag.Get("mask")]; ok {
				any = true
				if f.String() != "" {
					f.SetString(how(f.String()))
				}
			} else if mask(f) {
				any = true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			any = mask(v.Index(i)) || any
		}
	}
	return any
}

// personal reports that a type has fields that are masked.
func personal(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Pointer:
		return personal(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.Tag.Get("mask") != "" || personal(f.Type) {
				return true
			}
		}
	}
	return false
}

// cover masks a copy of v, or puts on the trail that it is shown in full.
func cover[T any](r *run, v T, record string) (T, bool, error) {
	if !personal(reflect.TypeFor[T]()) {
		return v, false, nil
	}
	if r.reveal {
		return v, false, r.revealed(record)
	}
	copied := reflect.New(reflect.TypeFor[T]()).Elem()
	copied.Set(reflect.ValueOf(v))
	if copied.Kind() == reflect.Slice {
		copied.Set(reflect.AppendSlice(reflect.MakeSlice(copied.Type(), 0, copied.Len()), copied))
	}
	mask(copied)
	return copied.Interface().(T), true, nil
}

// revealed puts on the trail that somebody's data is shown in full; what cannot
// be put there is not shown.
func (r *run) revealed(record string) error {
	return r.desk.Audit.Append(r.ctx, desk.Event{Op: "reveal", Record: record, Outcome: "done"})
}
