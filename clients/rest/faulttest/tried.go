package faulttest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
)

// RequireAllTried compares the troubles with the sandbox's constants, the
// operations with the routes, and the exceptions with both. Elsewhere are the
// kinds that change nothing in what this vendor answers. It reads the sandbox's
// source from the folder beside the one whose tests run.
func (m Matrix[P, D]) RequireAllTried(t *testing.T, routes []string, elsewhere ...sandbox.FaultKind) {
	t.Helper()
	kinds := kinds(t)
	require.Greater(t, len(kinds), len(elsewhere))
	for _, kind := range kinds {
		tried := slices.ContainsFunc(m.Troubles, func(tr Trouble) bool { return tr.Fault.Kind == kind })
		require.True(t, tried != slices.Contains(elsewhere, kind), kind)
	}
	require.NotEmpty(t, routes)
	for _, route := range routes {
		require.True(t, slices.ContainsFunc(m.Operations, func(op Operation[D]) bool { return op.Route == route }), route)
	}
	for name, cells := range m.Exceptions {
		require.True(t, slices.ContainsFunc(m.Troubles, Trouble{Name: name}.sameName), name)
		for cell := range cells {
			require.True(t, slices.ContainsFunc(m.Operations, func(op Operation[D]) bool { return op.Name == cell }), cell)
		}
	}
	t.Logf("%d kinds of fault", len(kinds))
}

// kinds are the sandbox's constants.
func kinds(t *testing.T) (all []sandbox.FaultKind) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../sandbox/fault.go", nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "FaultKind" {
				word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				require.NoError(t, err)
				all = append(all, sandbox.FaultKind(word))
			}
		}
		return true
	})
	return all
}
