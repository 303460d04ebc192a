package library_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/sandbox"
	"frontdesk/ui/uitest"
)

// pages are the ways to each page from the list of articles.
func pages(file string) map[string]string {
	return map[string]string{
		"articles": "", "searching": "s", "article": "<enter>", "editor": "<enter>e", "review": "<enter>e<tab>X<ctrl+s>",
		"products": "p", "pricing": "pe", "file": "pi", "columns": "pi" + file + "<ctrl+s>",
		"bulk": "pi" + file + "<ctrl+s><ctrl+s>", "row": "pi" + file + "<ctrl+s><ctrl+s><enter>", "typed": "pi" + file + "<ctrl+s><ctrl+s>y",
	}
}

func prices(p *practice) string {
	return p.csv("Vendor,Code,Name,Price", "V001,P001,Example Product,109.99", "V001,P002,,24.50")
}

func TestSizes(t *testing.T) {
	p := newPractice(t)
	for name, keys := range pages(prices(p)) {
		for _, size := range [][2]int{{80, 24}, {60, 20}, {200, 60}} {
			d := p.sit(size[0], size[1]).Type(keys).Settle()
			d.Fits(size[0], size[1])
			d.Resize(64, 22).Settle().Fits(64, 22)
			require.NotEmpty(t, d.Bound(), name)
		}
	}
}

// TestTextIsLaidOutAnewForAnotherWidth and stays where it is.
func TestTextIsLaidOutAnewForAnotherWidth(t *testing.T) {
	p := newPractice(t)
	d := insurance(p.sit(80, 24))
	wide := d.Screen()
	d.Resize(60, 24).Settle().See("date of birth and\n     member number with the card")
	d.Resize(80, 24).Settle()
	require.Equal(t, wide, d.Screen())
}

// longest is more than any page shows; the client has its own tests for more.
const longest = 20_000

// TestHostileTextDrawsTextAndNothingElse shows each hostile text in every
// field of every page.
func TestHostileTextDrawsTextAndNothingElse(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "clients", "safe", "testdata", "hostile.json"))
	require.NoError(t, err)
	var all []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(data, &all))
	require.Greater(t, len(all), 100)
	p := newPractice(t)
	ways := pages(prices(p))
	d := p.sit(80, 24)
	names := []string{"articles", "article", "editor", "review", "products"}
	for i, c := range all {
		pages := names[i%len(names):][:1] // each text on one page; FRONTDESK_SOAK=1 puts it on all
		if os.Getenv("FRONTDESK_SOAK") != "" {
			pages = names
		}
		if len(c.Value) > longest {
			c.Value = strings.ToValidUTF8(c.Value[:longest], "")
		}
		for _, route := range []string{listArticles, readArticle, listProducts} {
			p.server.SetFault(route, sandbox.Fault{Kind: sandbox.FaultHostile, Body: "Q" + c.Value})
		}
		d.Type("r").Settle()
		for _, name := range pages {
			d.Type(ways[name]).Settle()
			d.Fits(80, 24)
			harmless(t, c.Name+" on "+name, d.App.View().Content)
			lines := strings.Split(d.Screen(), "\n")
			require.Contains(t, strings.Join(lines[2:], ""), "Q", "%s on %s: it is on the screen", c.Name, name)
			require.True(t, strings.HasPrefix(lines[0], "frontdesk  SANDBOX"), "%s on %s:\n%s", c.Name, name, d.Screen())
			leave(d)
		}
	}
}

// leave goes back to the list of articles from anywhere.
func leave(d *uitest.Desk) {
	for range 8 {
		if strings.Contains(d.Screen(), "Discard what you typed?") {
			d.Type("y").Settle()
		} else {
			d.Type("<esc>").Settle()
		}
	}
}

// harmless fails on any control function but the styles of the program itself.
func harmless(t *testing.T, name, content string) {
	t.Helper()
	styles := regexp.MustCompile(`\x1b\[[0-9;]{0,20}m`)
	plain := styles.ReplaceAllString(content, "")
	require.Equal(t, plain, ansi.Strip(plain), name)
	require.False(t, strings.ContainsFunc(plain, func(r rune) bool {
		return r != '\n' && unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r)
	}), "%s: %q", name, plain)
	for _, s := range styles.FindAllString(content, -1) {
		require.Equal(t, ansi.ResetStyle, s, "%s: the look has no colours, so this style is foreign", name)
	}
}

// TestWhatAKeyDoesIsInTheHelp presses every key on every page; one that changes
// the screen must be in the help of that page.
func TestWhatAKeyDoesIsInTheHelp(t *testing.T) {
	var all []string
	for r := ' '; r <= '~'; r++ {
		all = append(all, string(r))
	}
	for r := 'a'; r <= 'z'; r++ {
		all = append(all, "ctrl+"+string(r))
	}
	all = append(all, "enter", "tab", "shift+tab", "esc", "space", "backspace", "delete", "up", "down", "left", "right", "home", "end", "pgup", "pgdown", "f1")
	p := newPractice(t)
	ways := pages(prices(p))
	for _, page := range []string{"articles", "article", "review", "products", "bulk"} {
		d := p.sit(80, 24).Type("<down>").Settle().Type(ways[page]).Settle()
		bound, before := d.Bound(), d.Screen()
		for _, k := range all {
			press := uitest.Key(k)
			if _, ok := bound[press.String()]; ok {
				continue
			}
			d.Press(press).Settle()
			require.Equal(t, before, d.Screen(), "page %q: the key %q does something and is not in the help", page, k)
		}
	}
}

// TestChunks types random scripts all at once and in random pieces, and wants
// what slow typing gives.
func TestChunks(t *testing.T) {
	keys := []string{"<down>", "<up>", "<enter>", "s", "ins", "no", "c", "t", "p", "e", "v", "<tab>", "y", "r", "<ctrl+s>", "<backspace>", "x", "é",
		"<pgdown>", "/", "o", "1", "Esc"}
	p := newPractice(t)
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(rapid.SampledFrom(keys), 1, 25).Draw(rt, "script")
		cuts := rapid.SliceOfN(rapid.Bool(), len(script), len(script)).Draw(rt, "cuts")
		run := func(cut func(i int) bool) (screen string) {
			d := p.sit(80, 24)
			for i, k := range script {
				if k == "Esc" { // leaving is the way out of waiting, on purpose
					d.Settle().Advance(300 * time.Millisecond).Settle()
					k = "<esc>"
				}
				if k == "y" { // nothing is sent here: the sandbox is shared
					k = "n"
				}
				d.Type(k)
				if cut(i) {
					d.Advance(300 * time.Millisecond).Settle()
				}
			}
			still := func() string { return regexp.MustCompile(`\d\d:\d\d`).ReplaceAllString(d.Settle().Screen(), "--:--") }
			for screen != still() { // keys that waited may ask for more
				screen = still()
				d.Advance(10 * time.Second)
			}
			return screen
		}
		slow := run(func(int) bool { return true })
		require.Equal(rt, slow, run(func(i int) bool { return cuts[i] }), "%v", script)
	})
}
