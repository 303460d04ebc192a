package safe

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

type hostile struct{ Name, Value string }

func hostiles(t testing.TB) []hostile {
	t.Helper()
	data, err := os.ReadFile("testdata/hostile.json")
	require.NoError(t, err)
	var all []hostile
	require.NoError(t, json.Unmarshal(data, &all))
	require.Greater(t, len(all), 100)
	return all
}

// complaint is the judge of a shown form. It knows the rules by the general
// categories of Unicode and not by the package's own tables.
func complaint(shown string, limit int, long bool) string {
	if !utf8.ValidString(shown) {
		return "not UTF-8"
	}
	if n := utf8.RuneCountInString(shown); n > limit {
		return fmt.Sprintf("%d code points", n)
	}
	var before rune
	for _, r := range shown {
		switch {
		case r == '\n' && long:
		case r == '\u200D':
			if !unicode.In(before, unicode.So, unicode.Sk) {
				return "joiner after a letter"
			}
		case r == ' ':
		case !unicode.In(r, unicode.L, unicode.Mn, unicode.Mc, unicode.N, unicode.P, unicode.S):
			return fmt.Sprintf("%U is no visible character", r)
		case unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
			return fmt.Sprintf("%U is ignorable", r)
		case r >= 0x1F1E6 && r <= 0x1F1FF:
			return fmt.Sprintf("%U is half a flag", r)
		}
		before = r
	}
	return clusterComplaint(shown)
}

func clusterComplaint(shown string) string {
	width := 0
	for g := graphemes.FromString(shown); g.Next(); {
		cluster := g.Value()
		marks, joiners, w := 0, 0, ansi.StringWidth(cluster)
		width += w
		for i, r := range cluster {
			switch {
			case r == '\u200D':
				joiners++
				marks = 0
			case i == 0 || !unicode.In(r, unicode.Mn, unicode.Mc):
				marks = 0
			default:
				marks++
			}
			if i == 0 && unicode.Is(unicode.Mn, r) {
				return fmt.Sprintf("%q has no base", cluster)
			}
			if marks > 4 || joiners > 6 {
				return fmt.Sprintf("%q is piled up", cluster)
			}
		}
		if cluster != "\n" && (w < 1 || w > 2) {
			return fmt.Sprintf("%q is %d cells wide", cluster, w)
		}
		if utf8.RuneCountInString(cluster) > 30 {
			return fmt.Sprintf("%q is too long a cluster", cluster)
		}
	}
	if ansi.StringWidth(strings.ReplaceAll(shown, "\n", "")) != width {
		return "the width depends on neighbours"
	}
	return ""
}

func TestHostileTextIsHarmlessOnOneLine(t *testing.T) {
	for _, h := range hostiles(t) {
		t.Run(h.Name, func(t *testing.T) {
			text := Line(h.Value)
			shown := text.String()
			require.Empty(t, complaint(shown, 200, false))
			require.LessOrEqual(t, ansi.StringWidth(shown), 400)
			require.Equal(t, shown, ansi.Strip(shown), "holds a sequence")
			require.Equal(t, h.Value, text.Raw())
			require.Equal(t, shown != h.Value, text.Altered())
			require.Equal(t, shown, Line(shown).String(), "not its own shown form")
			require.Equal(t, shown, Clean(h.Value))
		})
	}
}

func TestHostileTextIsHarmlessInParagraphs(t *testing.T) {
	for _, h := range hostiles(t) {
		t.Run(h.Name, func(t *testing.T) {
			text := Paragraphs(h.Value)
			shown := text.String()
			require.Empty(t, complaint(shown, 16_000, true))
			require.Equal(t, h.Value, text.Raw())
			require.Equal(t, shown != h.Value, text.Altered())
			require.Equal(t, shown, Paragraphs(shown).String())
		})
	}
}

// What carried a control function must say so: nothing may vanish unseen.
func TestHostileTextIsMarked(t *testing.T) {
	for _, h := range hostiles(t) {
		class, _, _ := strings.Cut(h.Name, "/")
		switch class {
		case "csi", "osc", "dcs", "apc", "sos", "c1", "c0":
			require.True(t, Line(h.Value).Altered(), h.Name)
		case "zw":
			text := Line(h.Value)
			require.True(t, text.Altered() && (text.Hidden() > 0 ||
				strings.Contains(text.String(), "⏎")), h.Name)
		}
	}
}

func TestNamesSurvive(t *testing.T) {
	for _, name := range []string{
		"José", "Jose\u0301", "O'Brien", "Nguyễn", "Zoë–Ann", "田中太郎", "עברית",
		"שָׁלוֹם", "العربية", "مُحَمَّد", "क्षि", "कार्त्स्न्य", "น้ำใจ", "ກຳ", "👩🏽", "김철수",
		"Łukasz Żółć", "Ærøskøbing", "Ἀλέξανδρος", "Пётр Ильич", "தமிழ்", "నమస్తే",
		"සිංහල", "ខ្ញុំ", "မြန်မာ", "བོད་ཡིག", "አበበ", "ᏣᎳᎩ", "მარიამი", "Հայկ", "ﷺ",
		"½ · № 5 → 7 ✓ “quoted” – 12 €", "👨‍👩‍👧‍👦", "❤ ☎",
	} {
		text := Line(name)
		require.Equal(t, name, text.String())
		require.False(t, text.Altered())
		require.Zero(t, text.Hidden())
		require.Empty(t, complaint(name, 200, false), name)
	}
}

func TestLine(t *testing.T) {
	for _, c := range []struct {
		why, in, out string
		hidden       int
	}{
		{"nothing", "", "", 0},
		{"escape", "Ann\x1b[2J", "Ann␛[2J", 0},
		{"nul and delete", "a\x00b\x7f", "a␀b␡", 0},
		{"C1 as UTF-8", "a\u009b31mb", "a\uFFFD31mb", 0},
		{"raw C1 byte", "a\x9b31mb", "a\uFFFD31mb", 0},
		{"broken lead byte", "a\xc3", "a\uFFFD", 0},
		{"overlong escape", "\xc0\x9b\xe0\x80\x9b", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", 0},
		{"surrogate", "\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD", 0},
		{"beyond Unicode", "\xf4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD", 0},
		{"UTF-16 mark", "\xff\xfeA\x00", "\uFFFD\uFFFDA␀", 0},
		{"Latin-1", "Jos\xe9", "Jos\uFFFD", 0},
		{"line breaks", "a\nb\rc\vd\fe\u0085f\u2028g\u2029h", "a⏎b⏎c⏎d⏎e⏎f⏎g⏎h", 0},
		{"one break", "a\r\nb", "a⏎b", 0},
		{"tab", "a\tb", "a  b", 0},
		{"spaces", "a\u00a0b\u2003c\u3000d\u1680e\u2800f", "a b c d e f", 0},
		{"bidi", "a\u202eb\u2066c\u200fd\u061ce", "abcde", 4},
		{"zero width", "a\u200bb\u200cc\u2060d\ufeffe\u00adf\u034fg", "abcdefg", 6},
		{"Mongolian selector", "a\u180bb\u180ec", "abc", 2},
		{"fillers", "\u3164\u115f\u1160\uffa0x", "x", 4},
		{"tags", "A\U000E0041\U000E007F", "A", 2},
		{"selector supplement", "A\U000E0100", "A", 1},
		{"interlinear", "\ufff9a\ufffab\ufffbc", "abc", 3},
		{"private use", "\ue0b0\U000F0000", "\uFFFD\uFFFD", 0},
		{"noncharacters", "\ufdd0\U0001FFFF", "\uFFFD\uFFFD", 0},
		{"unassigned", "\u0378", "\uFFFD", 0},
		{"leading mark", "\u0301a", "◌\u0301a", 0},
		{"mark after a space", "a \u0301", "a ◌\u0301", 0},
		{"mark after a break", "a\n\u0301", "a⏎◌\u0301", 0},
		{"mark after a control", "\x1b\u0301", "␛◌\u0301", 0},
		{"five marks", "e" + strings.Repeat("\u0301", 5), "e" + strings.Repeat("\u0301", 4), 1},
		{"leading vowel", "ำ", "◌ำ", 0},
		{"pile of vowels", "ก" + strings.Repeat("ำ", 9), "ก" + strings.Repeat("ำ", 4), 5},
		{"endless conjunct", strings.Repeat("क्", 9), strings.Repeat("क्", 5) + "कक्क्क्", 1},
		{"keycap", "1\ufe0f\u20e3", "1", 1},
		{"heart", "❤\ufe0f", "❤", 0},
		{"two selectors", "❤\ufe0f\ufe0e", "❤", 1},
		{"leading selector", "\ufe0fa", "a", 1},
		{"flag", "🇺🇸", "US", 0},
		{"half a flag", "🇺", "U", 0},
		{"joiner between letters", "a\u200db", "ab", 1},
		{"joiner at the end", "👩\u200d", "👩", 1},
		{"joiner before a letter", "👩\u200da", "👩a", 1},
		{"joiner after a space", "👩 \u200d👩", "👩 👩", 1},
		{"joiners in a row", "👩\u200d\u200d👩", "👩\u200d👩", 1},
		{"joiner before a mark", "👩\u200d\u0301", "👩\u0301", 1},
		{"joiner before a tone", "👩\u200d🏽", "👩\uFFFD", 1},
		{"doctor", "👩🏽\u200d⚕\ufe0f", "👩🏽\u200d⚕", 0},
		{"narrow picture joined", "🏳\ufe0f\u200d🌈", "🏳🌈", 1},
		{"chain", strings.Repeat("👩\u200d", 9) + "👩", strings.Repeat("👩\u200d", 6) + "👩👩\u200d👩\u200d👩", 1},
		{"tone alone", "🏽", "\uFFFD", 0},
		{"tone after a letter", "a🏽", "a\uFFFD", 0},
		{"two tones", "👩🏽🏽", "👩🏽\uFFFD", 0},
		{"ligature of a sentence", "\ufdfd", "\uFFFD", 0},
		{"three-em dash", "⸻⸺", "—————", 0},
		{"object", "\ufffc", "\uFFFD", 0},
		{"cuneiform", "𒈙", "\uFFFD", 0},
		{"number sign", "\u0600١", "\uFFFD١", 0},
		{"half-width kana", "ｶﾞ", "ｶ゛", 0},
		{"jamo compose", "\u1112\u1161\u11ab", "한", 0},
		{"jamo and syllable", "하\u11ab", "한", 0},
		{"jamo across zero width", "\u1112\u200b\u1161", "하", 1},
		{"jamo alone", "\u1112\u1112a\u1161\u11ab", "\uFFFD\uFFFDa\uFFFD\uFFFD", 0},
		{"old jamo", "\u1113\ua960", "\uFFFD\uFFFD", 0},
		{"replacement stays", "\uFFFD", "\uFFFD", 0},
		{"letters of a sequence stay", "^[[31m\\x1b[2J", "^[[31m\\x1b[2J", 0},
	} {
		t.Run(c.why, func(t *testing.T) {
			text := Line(c.in)
			require.Equal(t, c.out, text.String())
			require.Equal(t, c.in, text.Raw())
			require.Equal(t, c.in != c.out, text.Altered())
			require.Equal(t, c.hidden, text.Hidden())
			require.Empty(t, complaint(text.String(), 200, false))
		})
	}
}

func TestEveryByte(t *testing.T) {
	var all []byte
	for b := range 256 {
		shown := Line(string([]byte{byte(b)})).String()
		require.Empty(t, complaint(shown, 200, false), "%02x", b)
		require.NotEmpty(t, shown, "%02x vanished", b)
		all = append(all, byte(b))
	}
	require.Empty(t, complaint(Line(string(all)).String(), 200, false))
	require.Equal(t, string(all), Line(string(all)).Raw())
}

// Both ways of measuring must agree on every code point that is shown, alone
// and between others, or lines shift on some terminals.
func TestEveryCodePoint(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		switch { // samples will do where all are alike
		case r >= 0x40000 && r < 0xE0000 || r > 0xF0000:
			r += 250
		case r >= 0x20000 && r < 0x40000 || r >= 0x3400 && r < 0x9F00 || r >= 0xAC20 && r < 0xD700:
			r += 64
		}
		shown := Line("田" + string(r) + "田").String()
		if problem := complaint(shown, 200, false); problem != "" {
			t.Fatalf("%U: %s", r, problem)
		}
		wide, classic := ansi.StringWidth(shown), ansi.StringWidthWc(shown)
		if joined := unicode.IsMark([]rune(shown)[1]) || r == 'ำ' || r == 'ຳ'; joined {
			require.LessOrEqual(t, classic-wide, 1, "%U", r)
		} else if wide != classic {
			t.Fatalf("%U: %d or %d cells", r, wide, classic)
		}
	}
}

func TestPictographTableHoldsPictographs(t *testing.T) {
	for r := rune(0x2600); r < 0x20000; r++ {
		joined := Line("👩\u200d" + string(r)).String()
		if !strings.ContainsRune(joined, '\u200D') {
			continue
		}
		require.Equal(t, 2, ansi.StringWidth(joined), "%U is not drawn joined", r)
		require.Equal(t, joined, ansi.Truncate(joined, 2, ""), "%U", r)
	}
}

func TestCuts(t *testing.T) {
	exact := Line(strings.Repeat("a", 200))
	require.False(t, exact.Altered())

	over := Line(strings.Repeat("a", 201))
	require.Equal(t, strings.Repeat("a", 186)+"… (+15)", over.String())
	require.True(t, over.Altered())
	require.Zero(t, over.Hidden())

	// The cut goes before a cluster, never into it.
	accents := Line(strings.Repeat("é\u0301\u0301\u0301\u0301", 60)).String()
	require.Equal(t, strings.Repeat("é\u0301\u0301\u0301\u0301", 37)+"… (+115)", accents)

	family := "👨\u200d👩\u200d👧\u200d👦"
	require.Equal(t, strings.Repeat(family, 26)+"… (+28)", Line(strings.Repeat(family, 30)).String())

	long := Paragraphs(strings.Repeat("line\n", 4_000))
	require.Equal(t, 16_000-14+len("(+4014)")+2, utf8.RuneCountInString(long.String()))
	require.False(t, Paragraphs(strings.Repeat("line\n", 3_200)).Altered())
}

// What stands beyond the limit is counted as one by one.
func TestWhatIsPassedOverCounts(t *testing.T) {
	pieces := []string{"a", "abc def", strings.Repeat("x ", 30), "\r\n", "\r", "\n", "\x1b[m", "\xff", "\u0301", "क्", "\u200d", "👩\u200d", "\u1112\u1161", "\ufe0f", "🇩", "田"}
	for _, h := range hostiles(t) {
		if len(h.Value) < 100 {
			pieces = append(pieces, h.Value)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(t, "pieces"), "")
		limit, long := rapid.IntRange(room, 60).Draw(t, "limit"), rapid.Bool().Draw(t, "long")
		slow := writer{limit: limit, long: long}
		for i, r := range s {
			if r != '\r' || !strings.HasPrefix(s[i+1:], "\n") {
				slow.put(r)
			}
		}
		want, wantHidden := slow.end()
		got, hidden := rewrite(s, limit, long)
		require.Equal(t, want, got)
		require.Equal(t, wantHidden, hidden)
	})
}

func TestParagraphs(t *testing.T) {
	text := Paragraphs("a\r\nb\n\nc\rd\u2028e\tf\x1b[m")
	require.Equal(t, "a\nb\n\nc⏎d⏎e  f␛[m", text.String())
	require.Equal(t, "a\r\nb\n\nc\rd\u2028e\tf\x1b[m", text.Raw())
	require.False(t, Paragraphs("a\nb").Altered())
	require.Equal(t, "a\n◌\u0301", Paragraphs("a\n\u0301").String())
}

func TestEqualExactlyWhenTheRawTextIs(t *testing.T) {
	again := Line("a\x1b")
	require.True(t, Line("a\x1b") == again)
	require.False(t, Line("a\x1b") == Line("a␛"))
	require.Equal(t, Text{}, Line(""))
}

func TestEmpty(t *testing.T) {
	for _, s := range []string{"", " ", "\u00a0\u3000", "\u200b", "\t"} {
		require.True(t, Line(s).Empty(), "%q", s)
	}
	for _, s := range []string{".", "\x00", "\n", "0"} {
		require.False(t, Line(s).Empty(), "%q", s)
	}
	require.True(t, Paragraphs("\n \n").Empty())
}

func TestJSON(t *testing.T) {
	for _, c := range []struct{ in, raw string }{
		{`"Ann"`, "Ann"},
		{`"a\u001b[2J"`, "a\x1b[2J"},
		{`"\ud800"`, "\uFFFD"},
		{`""`, ""},
		{`null`, ""},
		{`true`, "true"},
		{`false`, "false"},
		{`12.50`, "12.50"},
		{`9007199254740993`, "9007199254740993"},
		{`-1e3`, "-1e3"},
		{` "x" `, "x"},
	} {
		var v struct {
			T Text
			L Long
		}
		require.NoError(t, json.Unmarshal([]byte(`{"T":`+c.in+`,"L":`+c.in+`}`), &v), c.in)
		require.Equal(t, c.raw, v.T.Raw())
		require.Equal(t, c.raw, v.L.Raw())
	}
}

func TestJSONErrorsDoNotQuote(t *testing.T) {
	for _, in := range []string{`{"name":"NEEDLE"}`, `["NEEDLE"]`, `"NEEDLE`, `NEEDLE`, ``} {
		var text Text
		err := text.UnmarshalJSON([]byte(in))
		require.Error(t, err, in)
		require.NotContains(t, err.Error(), "NEEDLE")
		var long Long
		require.Error(t, long.UnmarshalJSON([]byte(in)))
	}
}

func TestJSONSendsBackWhatArrived(t *testing.T) {
	for _, h := range hostiles(t) {
		sent, err := json.Marshal(Line(h.Value))
		require.NoError(t, err)
		var back Text
		require.NoError(t, json.Unmarshal(sent, &back))
		require.Equal(t, Line(h.Value), back, h.Name)

		sent, err = json.Marshal(Paragraphs(h.Value))
		require.NoError(t, err)
		var long Long
		require.NoError(t, json.Unmarshal(sent, &long))
		require.Equal(t, h.Value, long.Raw(), h.Name)
	}
}

func TestCSVCell(t *testing.T) {
	for in, out := range map[string]string{
		"":                       "",
		"Ann":                    "Ann",
		"=1+1":                   "'=1+1",
		"+1 555 0100":            "'+1 555 0100",
		"-5":                     "'-5",
		"@SUM(A1)":               "'@SUM(A1)",
		"\t=1":                   "'  =1",
		"\r=1":                   "'⏎=1",
		" \n =1":                 "' ⏎ =1",
		"\u200b=1":               "'=1",
		"＝1":                     "'＝1",
		"a=1":                    "a=1",
		"\x1b=":                  "␛=",
		"'=1":                    "'=1",
		"two\nlines":             "two⏎lines",
		strings.Repeat("a", 9e3): strings.Repeat("a", 9e3),
	} {
		require.Equal(t, out, CSVCell(in))
	}
	for _, h := range hostiles(t) {
		require.Empty(t, complaint(CSVCell(h.Value), 1<<20, false), h.Name)
	}
}

func TestPlainTextCostsNothing(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = Line("Ann Example") }))
}

var formula = regexp.MustCompile(`^[ ⏎]*[=+@＝＋－＠-]`)

func FuzzLine(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		text := Line(s)
		check(t, s, text.String(), text.Raw(), 200, false)
		require.Equal(t, text.String(), Line(text.String()).String())
		cell := CSVCell(s)
		require.Empty(t, complaint(cell, len(s)*3+1, false))
		require.False(t, formula.MatchString(cell), "%q", cell)
	})
}

func FuzzParagraphs(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		text := Paragraphs(s)
		check(t, s, text.String(), text.Raw(), 16_000, true)
		require.Equal(t, text.String(), Paragraphs(text.String()).String())
	})
}

func seed(f *testing.F) {
	for _, h := range hostiles(f) {
		if len(h.Value) < 4_000 {
			f.Add(h.Value)
		}
	}
	f.Add("क्षि น้ำใจ 👩🏽‍⚕️ \u1112\u1161\u11ab \xc3\xff")
}

func check(t *testing.T, in, shown, raw string, limit int, long bool) {
	t.Helper()
	require.Empty(t, complaint(shown, limit, long))
	require.Equal(t, in, raw)
}

func BenchmarkLine(b *testing.B) {
	for name, s := range map[string]string{
		"plain": "Ann Example", "accents": "José Nguyễn", "wide": "田中太郎",
		"hostile": "Ann\x1b[2J\u202e👩\u200d👩",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = Line(s)
			}
		})
	}
}
