package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// Every command's data is one Go type whose tags tell both forms of it: json is
// the name in the documented shape, head the column or label in text ("" keeps
// it out of text), mask what hides it, lead a text of several lines.

// list writes rows: {"version":1,"<name>":[...]} or aligned columns.
func list[T any](r *run, name string, rows []T) error {
	if rows == nil {
		rows = []T{}
	}
	rows, masked, err := cover(r, rows, "")
	if err != nil {
		return err
	}
	if r.json {
		return wrapJSON(r.out, name, rows, masked)
	}
	if len(rows) == 0 {
		r.say("None.")
		return nil
	}
	return r.page().table(reflect.ValueOf(rows), "")
}

// limited says of a list that ends at its --limit that it may go on.
func (r *run) limited(rows, limit int) {
	if limit > 0 && rows >= limit {
		r.say("There may be more than these %d: --limit 0 writes all.", rows)
	}
}

// partly tells that a list is written without what somebody did not answer.
type partly struct {
	missing string
	cause   error
}

func (e *partly) Error() string { return "the list is not whole: " + e.cause.Error() }
func (e *partly) Unwrap() error { return e.cause }

// UserMessage says who is missing. Why was said before.
func (e *partly) UserMessage() string { return "The list is not whole: without " + e.missing + "." }

// one writes a record: {"version":1,"<name>":{...}} or a label and a value per
// line. Lists inside it follow as tables.
func one[T any](r *run, name, record string, v T) error {
	v, masked, err := cover(r, v, record)
	if err != nil {
		return err
	}
	if r.json {
		return wrapJSON(r.out, name, v, masked)
	}
	return r.page().card(reflect.ValueOf(v))
}

func wrapJSON(w io.Writer, name string, v any, masked bool) error {
	whole := reflect.New(reflect.TypeOf(v)).Elem()
	whole.Set(reflect.ValueOf(v))
	fill(whole)
	inside, err := plainJSON(whole.Interface())
	if err != nil {
		return err
	}
	note := ""
	if masked {
		note = `"masked":true,`
	}
	_, err = fmt.Fprintf(w, "{\"version\":1,%s%q:%s}\n", note, name, inside)
	return err
}

// fill makes lists and objects that are nil empty ones: null is for what is not
// known.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
	}
}

// plainJSON is JSON that leaves <, > and & alone.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// A page is text for people of one practice.
type page struct {
	io.Writer
	zone *time.Location
}

func (r *run) page() page { return page{r.paper(), r.Profile.Zone} }

// table writes rows under their heads, in columns two cells apart.
func (w page) table(rows reflect.Value, indent string) error {
	cols := heads(rows.Type().Elem())
	lines := [][]string{{}}
	for _, c := range cols {
		lines[0] = append(lines[0], strings.ToUpper(c.Tag.Get("head")))
	}
	for i := range rows.Len() {
		var line []string
		for _, c := range cols {
			line = append(line, oneLine(w.text(rows.Index(i).FieldByIndex(c.Index))))
		}
		lines = append(lines, line)
	}
	width := make([]int, len(cols))
	for _, line := range lines {
		for i, cell := range line {
			width[i] = max(width[i], ansi.StringWidth(cell))
		}
	}
	for _, line := range lines {
		b := strings.Builder{}
		b.WriteString(indent)
		for i, cell := range line {
			b.WriteString(cell)
			if i < len(line)-1 {
				b.WriteString(strings.Repeat(" ", width[i]-ansi.StringWidth(cell)+2))
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// heads are the fields that are in text.
func heads(t reflect.Type) []reflect.StructField {
	var cols []reflect.StructField
	for _, f := range reflect.VisibleFields(t) {
		if f.Tag.Get("head") != "" {
			cols = append(cols, f)
		}
	}
	return cols
}

// card writes one record.
func (w page) card(v reflect.Value) error {
	var later, lines []reflect.StructField
	width := 0
	for _, c := range heads(v.Type()) {
		if c.Tag.Get("lead") != "" || c.Type.Kind() == reflect.Slice {
			later = append(later, c)
			continue
		}
		lines = append(lines, c)
		width = max(width, ansi.StringWidth(c.Tag.Get("head"))+1)
	}
	for _, c := range lines {
		words := oneLine(w.text(v.FieldByIndex(c.Index)))
		if words == "" {
			continue
		}
		label := c.Tag.Get("head") + ":"
		label += strings.Repeat(" ", width-ansi.StringWidth(label)+1)
		if _, err := fmt.Fprintln(w, label+words); err != nil {
			return err
		}
	}
	for _, c := range later {
		if err := w.block(c.Tag.Get("head"), v.FieldByIndex(c.Index)); err != nil {
			return err
		}
	}
	return nil
}

// block writes what needs lines of its own, if there is any.
func (w page) block(label string, f reflect.Value) error {
	if f.IsZero() || f.Kind() == reflect.Slice && f.Len() == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(w, "\n%s:\n", label); err != nil {
		return err
	}
	if f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct {
		return w.table(f, "  ")
	}
	lines := strings.Split(w.text(f), "\n")
	if f.Kind() == reflect.Slice {
		lines = nil
		for i := range f.Len() {
			lines = append(lines, w.text(f.Index(i)))
		}
	}
	_, err := fmt.Fprintln(w, "  "+strings.Join(lines, "\n  "))
	return err
}

// text is a value for people: what is not known is unknown.
func (w page) text(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "unknown"
		}
		v = v.Elem()
	}
	if m, ok := v.Interface().(moment); ok {
		return m.in(w.zone)
	}
	if s, ok := v.Interface().(fmt.Stringer); ok {
		return s.String()
	}
	if v.Kind() == reflect.Bool {
		return map[bool]string{true: "yes", false: "no"}[v.Bool()]
	}
	if v.Kind() == reflect.Slice {
		var parts []string
		for i := range v.Len() {
			parts = append(parts, w.text(v.Index(i)))
		}
		return strings.Join(parts, ", ")
	}
	return fmt.Sprint(v.Interface())
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ⏎ ") }

// paper is where data is written for people to read.
func (r *run) paper() io.Writer { return Words(r.out, r.plain) }

// counted is a number of things: 1 line, 2 lines.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// say writes words for the person, beside the data.
func (r *run) say(words string, args ...any) {
	_, _ = fmt.Fprintf(Words(r.err, r.plain), words+"\n", args...)
}

// progress draws over its own line, on a terminal only.
func (r *run) progress(words string, args ...any) {
	if r.tty {
		_, _ = fmt.Fprintf(r.err, "\r\x1b[K"+words, args...)
	}
}

// over takes the progress away.
func (r *run) over() {
	if r.tty {
		_, _ = io.WriteString(r.err, "\r\x1b[K")
	}
}
