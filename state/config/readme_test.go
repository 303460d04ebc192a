package config

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadmeShowsEveryKey reads the README's example as a configuration, and
// wants each key there is to stand in it.
func TestReadmeShowsEveryKey(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)```toml\n(.*?)```").FindSubmatch(text)
	require.NotNil(t, block, "the README has no TOML block")
	path := filepath.Join(t.TempDir(), "config.toml")
	require.NoError(t, os.WriteFile(path, block[1], 0o600))
	f, err := Load(path)
	require.NoError(t, err)
	p, err := Resolve(f, nil, func(string) string { return "" })
	require.NoError(t, err)
	require.True(t, p.AngleHealth.Used())
	for _, l := range leaves(reflect.ValueOf(Settings{}), "") {
		name := l.key[strings.LastIndexByte(l.key, '.')+1:]
		require.Regexp(t, `(?m)^`+name+` = `, string(block[1]), "the README says nothing of %s", l.key)
	}
}
