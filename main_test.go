package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// may is the house's plan: which of our packages a package's files may import.
// A pattern ending in / covers everything below it. The longest matching key
// decides; tests may import more, see testsMay.
var may = map[string][]string{
	"":                {"*"},
	"ui/":             {"ui/", "clients/safe"},
	"ui/uitest":       {"ui/", "clients/rest"}, // its outbox tells a lost answer from a refusal
	"ui/theme":        {},
	"ui/tty/guard":    {}, // and is ready before anything that takes long: see its init
	"ui/form":         {"ui/theme", "state/phone"},
	"ui/table":        {"ui/theme"},
	"views/":          {"ui/", "clients/", "state/", "assets"},
	"views/cli":       {"clients/", "state/"},
	"views/console":   {"views/", "ui/", "clients/", "state/"},
	"clients/safe":    {},
	"clients/rest":    {"clients/safe"},
	"clients/":        {"clients/rest", "clients/safe"},
	"clients/sandbox": {"assets"},
	"state/files":     {},
	"state/config":    {"state/files"},
	"state/secrets":   {"state/files"},
	"state/store":     {"state/files"},
	"state/desk":      {"state/files", "state/store", "clients/"},
	"state/edit":      {},
	"state/people":    {"state/store", "state/edit", "state/phone", "clients/"},
	"state/phone":     {}, // a leaf, as clients/safe is
	"state/":          {"state/store", "clients/"},
	"assets":          {},

	"clients/rest/faulttest":  {"clients/rest", "clients/sandbox"}, // lets the played vendors fail, for tests only
	"clients/rest/vendortest": {"clients/rest"},                    // plays a vendor by its document, for tests only
}

// never holds whatever the plan above says.
func never(from, to string) bool {
	view := func(p string) bool { return strings.HasPrefix(p, "views/") }
	switch {
	case to == "clients/sandbox" && from != "" && from != "clients/rest/faulttest", to == "clients/rest/faulttest", to == "clients/rest/vendortest":
		return true
	case view(from) && view(to) && from != "views/console" && from != to:
		return true
	case !view(from) && from != "" && view(to):
		return true
	case from == "clients/sandbox" && strings.HasPrefix(to, "clients/"):
		return true
	}
	return false
}

func allowed(from, to string) bool {
	if from == to {
		return true
	}
	if never(from, to) {
		return false
	}
	best, list := -1, []string(nil)
	for key, l := range may {
		hit := key == from || strings.HasSuffix(key, "/") && strings.HasPrefix(from+"/", key)
		if hit && len(key) > best {
			best, list = len(key), l
		}
	}
	for _, l := range list {
		if l == "*" || l == to || strings.HasSuffix(l, "/") && strings.HasPrefix(to+"/", l) {
			return true
		}
	}
	return false
}

// TestImports holds the packages to the plan of the house, so that a tab cannot
// reach into another and the sandbox stays a second reading of the documents.
func TestImports(t *testing.T) {
	t.Parallel()
	seen := 0
	sources(t, func(path string, file *ast.File) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		from := filepath.ToSlash(filepath.Dir(path))
		if from == "." {
			from = ""
		}
		for _, imp := range file.Imports {
			name, err := strconv.Unquote(imp.Path.Value)
			require.NoError(t, err)
			to, ours := strings.CutPrefix(name, "frontdesk/")
			if !ours {
				continue
			}
			seen++
			if !allowed(from, to) {
				t.Errorf("%s imports %s, which the plan does not allow", path, to)
			}
		}
	})
	require.NotZero(t, seen, "no import of ours was found: is the module still called frontdesk?")
}

// TestKeysAreBindings fails where a tab or the frame compares a key with a
// literal: only a key.Binding is shown in the help.
func TestKeysAreBindings(t *testing.T) {
	t.Parallel()
	sources(t, func(path string, file *ast.File) {
		slash := filepath.ToSlash(path)
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(slash, "views/") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := sel.Fun.(*ast.SelectorExpr)
			if !ok || len(sel.Args) != 0 || f.Sel.Name != "String" && f.Sel.Name != "Keystroke" {
				return true
			}
			if x, ok := f.X.(*ast.Ident); ok && (x.Name == "msg" || x.Name == "k") {
				t.Errorf("%s reads a key's name: match it against a binding instead, so that the help shows it", path)
			}
			return true
		})
	})
}

func sources(t *testing.T, do func(path string, file *ast.File)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != "." {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		do(path, file)
		return nil
	}))
}

// TestTheGuardianIsReadyFirst holds the order of initialisation that lets the
// process that only stands by start without the program's tables.
func TestTheGuardianIsReadyFirst(t *testing.T) {
	t.Parallel()
	cmd := program(t, "version")
	cmd.Env = append(cmd.Env, "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err)
	before, after, ok := strings.Cut(string(out), "init frontdesk/ui/tty/guard ")
	require.True(t, ok, "%s", out)
	require.Contains(t, after, "init modernc.org/sqlite ", "what takes long comes later")
	require.NotContains(t, after, "nyaruka/phonenumbers", "its tables are for tests")
	require.NotContains(t, before, "init frontdesk/ui", "what draws is not ready yet")
}
