package uitest

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/vt"
	"github.com/stretchr/testify/require"
)

// TestDraw looks at a handmade screen: what a program writes to a terminal, and
// the shapes of it. A cell is 8.4 by 18.
func TestDraw(t *testing.T) {
	for name, c := range map[string]struct{ written, want string }{
		"columns": {"one two  3", `
			<text x="0" y="13.5" textLength="58.8" lengthAdjust="spacingAndGlyphs">one two</text>
			<text x="75.6" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs">3</text>`},
		"markup": {"<b> & \"é\"", `
			<text x="0" y="13.5" textLength="75.6" lengthAdjust="spacingAndGlyphs">&lt;b&gt; &amp; &#34;é&#34;</text>`},
		"wide": {"a田✓b", `
			<text x="0" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs">a</text>
			<text x="8.4" y="13.5" textLength="16.8" lengthAdjust="spacingAndGlyphs">田</text>
			<text x="25.2" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs">✓</text>
			<text x="33.6" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs">b</text>`},
		"reverse": {"\x1b[7m on \x1b[m", `
			<rect x="0" y="0" width="33.6" height="18" fill="#000001" shape-rendering="crispEdges"/>
			<text x="8.4" y="13.5" textLength="16.8" lengthAdjust="spacingAndGlyphs" fill="#fffffe">on</text>`},
		"colours": {"\x1b[38;2;1;2;3;48;2;4;5;6mx\x1b[m", `
			<rect x="0" y="0" width="8.4" height="18" fill="#040506" shape-rendering="crispEdges"/>
			<text x="0" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs" fill="#010203">x</text>`},
		"indexed": {"\x1b[38;5;114mx\x1b[m", `
			<text x="0" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs" fill="#87d787">x</text>`},
		"looks": {"\x1b[1mA\x1b[0;2mB\x1b[0;3mC\x1b[0;4mD\x1b[0;4;9mE\x1b[m", `
			<text x="0" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs" font-weight="bold">A</text>
			<text x="8.4" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs" fill-opacity=".6">B</text>
			<text x="16.8" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs" font-style="italic">C</text>
			<text x="25.2" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs" text-decoration="underline">D</text>
			<text x="33.6" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs" text-decoration="underline line-through">E</text>`},
		"box": {"┌──\r\n│", `
			<path d="M4.2 9h4.2M4.2 9v9M8.4 9h16.8" stroke="#000001" fill="none" shape-rendering="crispEdges"/>
			<path d="M4.2 27v-9M4.2 27v9" stroke="#000001" fill="none" shape-rendering="crispEdges"/>`},
		"bars": {"▁█", `
			<rect x="0" y="15.8" width="7.8" height="2.2" fill="#000001"/>
			<rect x="8.4" y="0" width="7.8" height="18" fill="#000001"/>`},
	} {
		t.Run(name, func(t *testing.T) {
			screen := vt.NewEmulator(10, 2)
			_, err := screen.WriteString(c.written)
			require.NoError(t, err)
			got := string(Draw(screen, "a <title>", Paper{Ink: "#000001", Ground: "#fffffe"}))
			require.Contains(t, got, `width="104" height="56" viewBox="0 0 104 56"`)
			require.Contains(t, got, "<title>a &lt;title&gt;</title>")
			_, body, ok := strings.Cut(got, `fill="#000001">`+"\n")
			require.True(t, ok)
			require.Equal(t, strings.ReplaceAll(strings.TrimSpace(c.want), "\n\t\t\t", "\n")+"\n</g>\n</svg>\n", body)
			wellFormed(t, got)
		})
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	for dec := xml.NewDecoder(strings.NewReader(text)); ; {
		_, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}
