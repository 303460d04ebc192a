package markdown_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/safe"
	"frontdesk/ui/markdown"
	"frontdesk/ui/theme"
)

func rows(text string, width int) []string {
	var out []string
	for _, l := range markdown.Lay(safe.Paragraphs(text), width) {
		out = append(out, strings.TrimRight(l.String(), " "))
	}
	return out
}

func TestBlocks(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "\n\n", ""},
		{"paragraphs", "one\ntwo\n\n\nthree", "one two\n\nthree"},
		{"wrapped", "aaaa bbbb cccc dddd eeee ffff", "aaaa bbbb cccc dddd\neeee ffff"},
		{"a word too long", strings.Repeat("x", 25), strings.Repeat("x", 20) + "\nxxxxx"},
		{"headings", "# Top\ntext\n## Next\n### Small", "Top\n===\ntext\n\nNext\n----\n\nSmall"},
		{"underlined headings", "Top\n===\nNext\n---", "Top\n===\n\nNext\n----"},
		{"no heading", "#5 is a number", "#5 is a number"},
		{"list", "- one\n* two words that go on here\n  and on", " - one\n - two words that go\n   on here and on"},
		{"numbered and nested", "1. one\n   - in\n2. two", " 1. one\n     - in\n 2. two"},
		{"quote", "> said\n> twice", "| said twice"},
		{"rule", "a\n\n***", "a\n\n--------------------"},
		{"code", "```go\nfunc  x()\n```\nafter", "    func  x()\nafter"},
		{"code without an end", "~~~\n# not a heading", "    # not a heading"},
		{"hard break", "one  \ntwo\\\nthree", "one\ntwo\nthree"},
		{"table", "| a | bb |\n|---|:-:|\n| 1 | 2 |", "a  bb\n-  --\n1  2"},
		{"table with wrapped cells", "|name|what|\n|--|--|\n|ab|one two three four|", "name  what\n----  --------------\nab    one two three\n      four"},
		{"bars are no table", "a | b", "a | b"},
		{"html is text", "<b onclick='x'>hi</b>", "<b\nonclick='x'>hi</b>"},
	} {
		require.Equal(t, c.want, strings.Join(rows(c.text, 20), "\n"), c.name)
	}
}

func TestInline(t *testing.T) {
	for text, want := range map[string]string{
		"**bold** and *weak* and __more__": "bold and weak and more",
		"2 * 3 * 4, a_b_c, **open":         "2 * 3 * 4, a_b_c, **open",
		"`code *x*` and ``a`b``":           "`code *x*` and `a`b`",
		"`open":                            "`open",
		`\*not\* \[x](y)`:                  "*not* [x](y)",
		"[word](https://example.com/a)":    "word (https://example.com/a)",
		"[](x) [y]() [z] ![pic](p.png)":    " (x) y [z] [picture: pic]",
		"half**way**":                      "halfway",
		"snake_case_name":                  "snake_case_name",
	} {
		require.Equal(t, strings.TrimSpace(want), strings.TrimSpace(strings.Join(rows(text, 70), "\n")), text)
	}
}

func TestRoles(t *testing.T) {
	l := markdown.Lay(safe.Paragraphs("a **b** `c` [d](e)"), 60)
	require.Equal(t, []markdown.Line{{
		{Text: "a", Role: markdown.Plain}, {Text: " b", Role: markdown.Strong}, {Text: " `c`", Role: markdown.Code},
		{Text: " d", Role: markdown.Plain}, {Text: " (e)", Role: markdown.Soft},
	}}, l)
}

// harmless fails when a laid-out page could do more than draw text, or leaves
// its width.
func harmless(t require.TestingT, name, text string, width int) {
	th := theme.New(theme.Options{NoColor: true})
	for _, l := range markdown.Lay(safe.Paragraphs(text), width) {
		require.LessOrEqual(t, l.Width(), max(10, width), "%s: %q", name, l.String())
		drawn := l.Render(th, width)
		require.Equal(t, drawn, ansi.Strip(drawn), name)
		require.True(t, utf8.ValidString(drawn), name)
		require.False(t, strings.ContainsFunc(drawn, func(r rune) bool {
			return unicode.Is(unicode.Cc, r) || r == '\u202e' || r == '\u2066' || r == '\u2028'
		}), "%s: %q", name, drawn)
	}
}

// TestHostileTextDrawsTextAndNothingElse puts each text where Markdown would
// treat it differently.
func TestHostileTextDrawsTextAndNothingElse(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "clients", "safe", "testdata", "hostile.json"))
	require.NoError(t, err)
	var all []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(data, &all))
	require.Greater(t, len(all), 100)
	for _, c := range all {
		for _, around := range []string{"%", "# %", "- %", "> %", "**%**", "`%`", "[%](%)", "```\n%\n```", "|%|b|\n|--|--|\n|%|%|", "![%](%"} {
			harmless(t, c.Name+" in "+around, strings.ReplaceAll(around, "%", c.Value), 72)
		}
	}
}

func TestAnyText(t *testing.T) {
	bits := rapid.SampledFrom([]string{"*", "**", "_", "`", "```", "[", "](", ")", "!", "#", "- ", "1. ", "> ", "|", "|--|--|",
		"\n", "  ", "\\", "word", "é", "田中", "👩🏽", "\x1b[31m", "\u202e", "---", "==", "~~~"})
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(bits, 0, 60).Draw(rt, "text"), "")
		harmless(rt, "made up", text, rapid.IntRange(1, 90).Draw(rt, "width"))
	})
}

// Texts made of marks alone are the slow ones.
func BenchmarkLay(b *testing.B) {
	for name, text := range map[string]string{
		"article": strings.Repeat("## Head\n\nSome *words* and [a link](https://example.com) again.\n\n- one\n- two\n\n", 180),
		"stars":   strings.Repeat("*", 16000), "open": strings.Repeat("**a ", 4000), "brackets": strings.Repeat("[", 16000),
		"ticks": strings.Repeat("` `` ", 3000), "quotes": strings.Repeat("> ", 8000), "links": strings.Repeat("[a](", 4000),
		"bars": strings.Repeat("|", 8000) + "\n|--|\n", "word": strings.Repeat("x", 16000),
	} {
		b.Run(name, func(b *testing.B) {
			long := safe.Paragraphs(text)
			for b.Loop() {
				markdown.Lay(long, 100)
			}
		})
	}
}
