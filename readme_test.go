package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadmeShowsEveryPicture holds README and album together: a light and a
// dark picture of each tab, and none besides.
func TestReadmeShowsEveryPicture(t *testing.T) {
	text := readme(t)
	var shown, there []string
	for _, m := range regexp.MustCompile(`(?:src|srcset)="(assets/[^"]+)"`).FindAllStringSubmatch(text, -1) {
		shown = append(shown, filepath.FromSlash(m[1]))
		body, err := os.ReadFile(m[1])
		require.NoError(t, err, "make pictures draws it")
		require.Less(t, len(body), 60_000, m[1])
		require.True(t, strings.HasPrefix(string(body), "<svg ") && strings.HasSuffix(string(body), "</svg>\n"), m[1])
	}
	require.NoError(t, filepath.WalkDir(album, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			there = append(there, path)
		}
		return err
	}))
	require.ElementsMatch(t, there, shown)
	require.Len(t, there, 2*len(scenes))
	for _, s := range scenes {
		require.Contains(t, text, `alt="`+s.tab+": "+s.title+`"`)
	}
}

// TestReadmeKeysOfTheTabs compares the README's keys with the bindings.
// UPDATE_GOLDEN=1 (or make docs) writes them.
func TestReadmeKeysOfTheTabs(t *testing.T) {
	var b strings.Builder
	b.WriteString("| tab | page | keys |\n|---|---|---|\n")
	for _, s := range scenes {
		name := "**" + s.tab + "**"
		for _, p := range pages(t, filepath.Join("views", strings.ToLower(s.tab))) {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", name, p.name, strings.Join(p.keys, " · "))
			name = ""
		}
	}
	require.Equal(t, b.String(), part(t, "keys", b.String()), "the README's keys are not those of the tabs: make docs")
}

// TestReadmeKeysEverywhere wants every key of the README's first table to be
// bound, and every key of the frame to stand in it.
func TestReadmeKeysEverywhere(t *testing.T) {
	_, table, ok := strings.Cut(readme(t), "| everywhere | |\n")
	require.True(t, ok)
	table, _, _ = strings.Cut(table, "\n\n")
	bound := map[string]bool{}
	sources(t, func(path string, file *ast.File) {
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(path, "ui"+string(filepath.Separator)) && !strings.HasPrefix(path, "views") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				word, _ := strconv.Unquote(lit.Value)
				bound[word] = true
			}
			return true
		})
	})
	shown := map[string]bool{"1": true}
	for line := range strings.Lines(table) {
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(strings.Split(line, "|")[1], -1) {
			require.True(t, bound[m[1]], "the README names %s, which no key is bound to", m[1])
			for part := range strings.SplitSeq(m[1], "-") {
				shown[part] = true
			}
			shown[m[1]] = true
		}
	}
	frame, err := parser.ParseFile(token.NewFileSet(), "ui/keys.go", nil, 0)
	require.NoError(t, err)
	n := 0
	ast.Inspect(frame, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || called(call) != "WithKeys" {
			return true
		}
		n++
		name := texts(call.Args)[0]
		require.True(t, shown[name] || name == "?", "the README's keys leave out %s", name)
		return true
	})
	require.NotZero(t, n)
}

// page is a page of a tab and its keys, as "`enter` open".
type page struct {
	name string
	keys []string
}

// pages reads the keyMap of a tab: its groups, and what each field is bound to.
// It fails on a key that no page listens to.
func pages(t *testing.T, dir string) []page {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, "keys.go"), nil, parser.ParseComments)
	require.NoError(t, err)
	bound, used := map[string]string{}, uses(t, dir)
	ast.Inspect(file, func(n ast.Node) bool {
		if kv, ok := n.(*ast.KeyValueExpr); ok {
			if field, ok := kv.Key.(*ast.Ident); ok {
				bound[field.Name] = shownAs(kv.Value)
			}
		}
		return true
	})
	var all []page
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != "keyMap" {
			return true
		}
		for _, field := range spec.Type.(*ast.StructType).Fields.List {
			if field.Doc != nil {
				all = append(all, page{name: strings.TrimSpace(field.Doc.Text())})
			}
			require.NotEmpty(t, all, "%s: the first keys stand under no page", dir)
			last := &all[len(all)-1]
			for _, name := range field.Names {
				require.NotEmpty(t, bound[name.Name], "%s: %s is bound to no key", dir, name.Name)
				require.True(t, used[name.Name], "%s: no page listens to %s", dir, name.Name)
				last.keys = append(last.keys, bound[name.Name])
			}
		}
		return false
	})
	require.NotEmpty(t, all, dir)
	return all
}

// uses are the names selected from anything in a package, but for keys.go.
func uses(t *testing.T, dir string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, path := range sources {
		if strings.HasSuffix(path, "_test.go") || filepath.Base(path) == "keys.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				found[s.Sel.Name] = true
			}
			return true
		})
	}
	return found
}

// shownAs is a binding's key and words: the last two texts of the call that
// makes it.
func shownAs(value ast.Expr) string {
	all := texts([]ast.Expr{value})
	if len(all) < 2 {
		return ""
	}
	all = all[len(all)-2:]
	return "`" + all[0] + "` " + strings.TrimSuffix(all[1], "...")
}

// texts are the string literals in expressions, in their order.
func texts(in []ast.Expr) []string {
	var all []string
	for _, e := range in {
		ast.Inspect(e, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, _ := strconv.Unquote(lit.Value)
				all = append(all, text)
			}
			return true
		})
	}
	return all
}

func called(call *ast.CallExpr) string {
	if s, ok := call.Fun.(*ast.SelectorExpr); ok {
		return s.Sel.Name
	}
	return ""
}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	return string(text)
}

// part is what the README holds between the markers of a name; told to, it is
// written first.
func part(t *testing.T, name, want string) string {
	t.Helper()
	text, start, end := readme(t), "<!-- "+name+": make docs -->\n", "<!-- /"+name+" -->\n"
	head, rest, ok := strings.Cut(text, start)
	require.True(t, ok, "the README has no %s", start)
	body, tail, ok := strings.Cut(rest, end)
	require.True(t, ok, "the README has no %s", end)
	if os.Getenv("UPDATE_GOLDEN") != "" && body != want {
		require.NoError(t, os.WriteFile("README.md", []byte(head+start+want+end+tail), 0o644))
		return want
	}
	return body
}
