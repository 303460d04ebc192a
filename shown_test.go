package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/views/cli"
)

// shown is what the scripts have shown of every subcommand: "text", "json",
// "dry" (a dry run), "no" (a refusal), "down" (5) and "lost" (6).
type shown struct {
	mu  sync.Mutex
	saw map[string]map[string]bool
}

func (s *shown) see(command, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.saw[command] == nil {
		s.saw[command] = map[string]bool{}
	}
	s.saw[command][what] = true
}

// subcommand finds what a command line runs; nil when it is none.
func subcommand(args []string) *cobra.Command {
	c, _, err := command(&overrides{loud: func() {}}).Find(args)
	if err != nil || c.HasSubCommands() || !c.HasParent() {
		return nil
	}
	return c
}

// watch looks at one run of a script: what it showed, that a dry run sent
// nothing, and that JSON has the shape that is documented.
func (s *shown) watch(ts *testscript.TestScript, args []string, code int, sent bool) {
	c := subcommand(args)
	if c == nil || slices.Contains(args, "--help") {
		return
	}
	path := c.CommandPath()
	out, words := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	if code != 0 && !strings.Contains(words, "frontdesk: ") {
		ts.Fatalf("%s ended with %d and said nothing", path, code)
	}
	dry := slices.Contains(args, "--dry-run")
	if dry && sent {
		ts.Fatalf("%s --dry-run sent something", path)
	}
	asJSON := slices.Contains(args, "--json")
	if asJSON && out != "" {
		ts.Check(fits(out, c.Annotations[cli.Shape], dry))
	}
	switch {
	case dry && (code == 0 || code == 1 && out != ""): // a refusal says why and shows nothing
		if !strings.Contains(words, "Nothing was sent.") {
			ts.Fatalf("%s --dry-run does not say that nothing was sent", path)
		}
		s.see(path, "dry")
	case asJSON && out != "":
		s.see(path, "json")
	case code == 0 && !asJSON:
		s.see(path, "text")
	}
	s.see(path, map[int]string{1: "no", 2: "no", 3: "no", 4: "no", 5: "down", 6: "lost"}[code])
}

// kinds of values, as shapes write them.
var kindWord = regexp.MustCompile(`([:\[])((?:text|number|boolean|any)(?:\|null)?)`)

// fits compares what was written with a shape; a dry run may have its own.
func fits(out, shape string, dry bool) error {
	if strings.Count(out, "\n") != 1 {
		return fmt.Errorf("that is not one line: %s", out)
	}
	var is any
	if err := json.Unmarshal([]byte(out), &is); err != nil {
		return err
	}
	top := is.(map[string]any)
	delete(top, "masked")
	if _, drill := top["dry_run"]; drill {
		if !dry {
			return fmt.Errorf("a dry run nobody asked for: %s", out)
		}
		shape = cli.DryRun
	}
	var want any
	if err := json.Unmarshal([]byte(kindWord.ReplaceAllString(strings.ReplaceAll(shape, "{...:", `{"...":`), `$1"$2"`)), &want); err != nil {
		return fmt.Errorf("%w in the shape %s", err, shape)
	}
	return alike("", is, want)
}

func alike(at string, is, want any) error {
	switch want := want.(type) {
	case map[string]any:
		return alikeObject(at, is, want)
	case []any:
		all, ok := is.([]any)
		if !ok {
			return fmt.Errorf("%s is no list", at)
		}
		for _, v := range all {
			if err := alike(at+"[]", v, want[0]); err != nil {
				return err
			}
		}
		return nil
	case string:
		return ofKind(at, is, want)
	}
	if is != want { // the version
		return fmt.Errorf("%s is %v", at, is)
	}
	return nil
}

func alikeObject(at string, is any, want map[string]any) error {
	object, ok := is.(map[string]any)
	if !ok {
		return fmt.Errorf("%s is no object", at)
	}
	names := slices.Collect(maps.Keys(want))
	if _, free := want["..."]; free {
		names = slices.Collect(maps.Keys(object))
	} else if len(object) != len(want) {
		return fmt.Errorf("%s has %v, documented are %v", at, slices.Sorted(maps.Keys(object)), names)
	}
	for _, name := range names {
		v, ok := object[name]
		kind, fixed := want[name]
		if !fixed {
			kind = want["..."]
		}
		if !ok {
			return fmt.Errorf("%s has no %s", at, name)
		}
		if err := alike(at+"."+name, v, kind); err != nil {
			return err
		}
	}
	return nil
}

func ofKind(at string, v any, kind string) error {
	kind, nullable := strings.CutSuffix(kind, "|null")
	ok := kind == "any" || v == nil && nullable
	switch v.(type) {
	case string:
		ok = ok || kind == "text"
	case float64:
		ok = ok || kind == "number"
	case bool:
		ok = ok || kind == "boolean"
	}
	if !ok {
		return fmt.Errorf("%s is %v, documented is %s", at, v, kind)
	}
	return nil
}

// exempt are cells of the table that a command cannot have, and why.
var exempt = map[string]string{
	"billing onboard list down": "the desk's own journal", "billing onboard close down": "the desk's own journal",
	"billing onboard settle down": "what cannot be read stays UNKNOWN: 6", "outbox settle down": "what cannot be read stays UNKNOWN: 6",
	"audit show down": "no vendor", "audit export down": "no vendor", "audit verify down": "no vendor",
	"outbox list down": "no vendor", "outbox list no": "takes nothing", "billing onboard list no": "takes nothing",
	"outbox drop down":      "no vendor",
	"prospects export json": "CSV",
}

// missing are the cells of the table that no script has shown.
func (s *shown) missing() []string {
	var gaps []string
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		for _, below := range c.Commands() {
			walk(below)
		}
		if c.HasSubCommands() || !working(c) {
			return
		}
		for _, cell := range cells(c) {
			name := strings.TrimPrefix(c.CommandPath(), "frontdesk ")
			if _, not := exempt[name+" "+cell]; !not && !s.saw[c.CommandPath()][cell] {
				gaps = append(gaps, name+" "+cell)
			}
		}
	}
	walk(command(&overrides{loud: func() {}}))
	return gaps
}

// working reports a command of the console's work.
func working(c *cobra.Command) bool {
	for ; c != nil; c = c.Parent() {
		if c.GroupID == cli.WorkGroup {
			return true
		}
	}
	return false
}

// cells are what is to be shown of a subcommand: what its flags offer.
func cells(c *cobra.Command) []string {
	all := []string{"text", "no", "down"}
	for flag, cell := range map[string]string{"json": "json", "dry-run": "dry"} {
		if c.Flags().Lookup(flag) != nil {
			all = append(all, cell)
		}
	}
	if c.Flags().Lookup("yes") != nil || c.Flags().Lookup("confirm") != nil {
		all = append(all, "lost")
	}
	return all
}

// executed counts the vendors' deeds, signing in and what only asks left out.
func executed(s *sandbox.Server) (n int) {
	for _, route := range s.Routes() {
		if strings.Contains(route, "GET ") && !strings.Contains(route, "create_ticket") || reading.MatchString(route) {
			continue
		}
		n += s.Executions(route)
	}
	return n
}

var reading = regexp.MustCompile(`/auth|/authorize|_snapshot|plan_metadata|updox POST (Ping|PracticeGet|PracticeList)|^unmatched`)

// TestShapesAreHeld has what is compared fail where it should.
func TestShapesAreHeld(t *testing.T) {
	const shape = `{"version":1,"x":{"a":text,"b":[{"c":number|null}],"d":{...:number}}}`
	require.NoError(t, fits(`{"version":1,"x":{"a":"","b":[{"c":null},{"c":2}],"d":{"one":1}}}`+"\n", shape, false))
	for _, out := range []string{
		`{"version":2,"x":{"a":"","b":[],"d":{}}}`, `{"version":1,"x":{"a":1,"b":[],"d":{}}}`, `{"version":1,"x":{"a":null,"b":[],"d":{}}}`,
		`{"version":1,"x":{"a":"","b":null,"d":{}}}`, `{"version":1,"x":{"a":"","b":[{"c":""}],"d":{}}}`, `{"version":1,"x":{"b":[],"d":{}}}`,
		`{"version":1,"x":{"a":"","b":[],"d":{},"e":1}}`, `{"version":1,"x":{"a":"","b":[],"d":{"one":"1"}}}`,
	} {
		require.Error(t, fits(out+"\n", shape, false), out)
	}
}
