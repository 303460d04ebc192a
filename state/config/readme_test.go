package config

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const readme = "../../README.md"

// TestReadmesExample reads the README's example as a configuration.
func TestReadmesExample(t *testing.T) {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)```toml\n(default.*?)```").FindSubmatch(text)
	require.NotNil(t, block, "the README shows no configuration")
	path := filepath.Join(t.TempDir(), "config.toml")
	require.NoError(t, os.WriteFile(path, block[1], 0o600))
	f, err := Load(path)
	require.NoError(t, err)
	p, err := Resolve(f, nil, func(string) string { return "" })
	require.NoError(t, err)
	require.True(t, p.Naturaesoft.Used() && p.Connect4Healthcare.Used() && p.InboxHealth.Used() && p.Updox.Used() && p.AngleHealth.Used())
}

// TestReadmesReference compares the README's table of keys with the structs:
// keys and types as they are read, defaults as Resolve gives them, and what is
// said beside the fields. UPDATE_GOLDEN=1 (or make docs) writes it.
func TestReadmesReference(t *testing.T) {
	r := reference{t: t, said: comments(t), plain: plain(t)}
	r.row("default", reflect.TypeFor[string](), "the only profile there is", "FRONTDESK_PROFILE", r.said["File.Default"])
	r.table(reflect.TypeFor[Settings](), reflect.ValueOf(r.plain), "Profile", "")
	r.table(reflect.TypeFor[Limits](), reflect.ValueOf(Limits{}), "Limits", "<vendor>.")
	want := "| key | takes | default | environment | means |\n|---|---|---|---|---|\n" + r.out.String()

	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	const start, end = "<!-- configuration: make docs -->\n", "<!-- /configuration -->\n"
	head, rest, ok := strings.Cut(string(text), start)
	require.True(t, ok)
	body, tail, ok := strings.Cut(rest, end)
	require.True(t, ok)
	if os.Getenv("UPDATE_GOLDEN") != "" && body != want {
		require.NoError(t, os.WriteFile(readme, []byte(head+start+want+end+tail), 0o644))
		return
	}
	require.Equal(t, want, body, "the README's configuration is not that of the structs: make docs")
}

// plain is a profile of which only that is written without which there is none.
func plain(t *testing.T) Profile {
	s := Settings{
		Zone: "America/New_York", Naturaesoft: Naturaesoft{PPass: "x"}, Connect4Healthcare: Connect4Healthcare{Base: "https://x.example"},
		InboxHealth: InboxHealth{Base: "https://x.example"}, Updox: Updox{Base: "https://x.example"}, AngleHealth: AngleHealth{Base: "https://x.example"},
	}
	p, err := Resolve(&File{Profiles: map[string]*Settings{"x": &s}}, nil, func(string) string { return "" })
	require.NoError(t, err)
	return p
}

// comments are what stands beside the fields of this package's structs, as
// "Profile.Zone".
func comments(t *testing.T) map[string]string {
	said := map[string]string{}
	for _, name := range []string{"config.go", "profile.go", "vendors.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					for _, field := range f.Names {
						said[spec.Name.Name+"."+field.Name] = strings.TrimSpace(f.Comment.Text())
					}
				}
			}
			return false
		})
	}
	return said
}

type reference struct {
	t     *testing.T
	said  map[string]string
	plain Profile
	out   strings.Builder
}

// elsewhere are the defaults that the plain profile does not show.
var elsewhere = map[string]string{
	"practice": "the profile's name", "operator": "your account's name", "zone": "none",
	"copy_patient_data": "`false`; in a sandbox `true`", "naturaesoft.ppass": "",
	"connect4healthcare.base": "", "inboxhealth.base": "", "updox.base": "", "anglehealth.base": "",
}

// table writes the keys of a struct as it is written; value is the checked form
// of it, whose fields have the same names.
func (r *reference) table(written reflect.Type, value reflect.Value, name, prefix string) {
	for i := range written.NumField() {
		f := written.Field(i)
		switch {
		case f.Type == reflect.TypeFor[Limits](): // once, for all vendors
		case f.Anonymous:
			r.table(f.Type, value, name, prefix)
		case f.Type.Kind() == reflect.Struct:
			r.table(f.Type, value.FieldByName(f.Name), f.Type.Name(), tag(f)+".")
		default:
			key, checked := prefix+tag(f), value.FieldByName(f.Name)
			fallback, ok := elsewhere[key]
			if !ok {
				fallback = shown(checked)
			}
			r.row(key, checked.Type(), fallback, envName(key), r.said[name+"."+f.Name])
		}
	}
}

func (r *reference) row(key string, takes reflect.Type, fallback, env, means string) {
	require.NotEmpty(r.t, means, "nothing is said of %s beside its field", key)
	fmt.Fprintf(&r.out, "| `%s` | %s | %s | `%s` | %s |\n", key, kind(takes), fallback, env, strings.ReplaceAll(means, "<", "&lt;"))
}

// kind says in words what a key takes.
func kind(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return "time, `\"1h30m\"`"
	case t == reflect.TypeFor[*time.Location]():
		return "zone, `\"America/New_York\"`"
	case t.Kind() == reflect.Bool:
		return "`true`, `false`"
	case t.Kind() == reflect.Int:
		return "whole number"
	case t.Kind() == reflect.Float64:
		return "number"
	case t == reflect.TypeFor[[]int]():
		return "whole numbers, `[15, 30]`"
	case t == reflect.TypeFor[[]string]():
		return "texts, `[\"A\", \"B\"]`"
	}
	return "text"
}

// shown is a default as the file would hold it; nothing for an empty one.
func shown(v reflect.Value) string {
	switch d := v.Interface().(type) {
	case time.Duration:
		return "`\"" + short(d) + "\"`"
	case []int:
		return "`" + strings.ReplaceAll(fmt.Sprint(d), " ", ", ") + "`"
	case string:
		if d == "" {
			return ""
		}
		return "`\"" + d + "\"`"
	}
	return fmt.Sprintf("`%v`", v.Interface())
}
