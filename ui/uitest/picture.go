package uitest

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"image/color"
	"strconv"
	"strings"
	"unicode/utf8"

	uv "github.com/charmbracelet/ultraviolet"
)

// Paper is the colours a terminal has where a program asks for none, as CSS
// writes them.
type Paper struct{ Ink, Ground string }

// The two papers of the pictures.
var (
	LightPaper = Paper{Ink: "#1f2328", Ground: "#ffffff"}
	DarkPaper  = Paper{Ink: "#d7dbe0", Ground: "#16191d"}
)

// The size of a cell, and where in it letters stand, in pixels.
const (
	cellWidth  = 8.4
	cellHeight = 18
	baseline   = 13.5
	margin     = 10
)

// Cells is what a picture is made from: an emulator or a handmade screen.
type Cells interface {
	Width() int
	Height() int
	CellAt(x, y int) *uv.Cell // nil: blank
}

// Picture draws what the terminal shows, without its cursor. See Draw.
func (t *Term) Picture(title string, p Paper) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return Draw(t.screen, title, p)
}

// Draw makes an SVG of a screen. It needs no font of its own: every run of
// letters is held to the width of its cells, and lines and bars are shapes.
// The same cells give the same bytes.
func Draw(screen Cells, title string, p Paper) []byte {
	d := drawing{paper: p}
	width := number(float64(screen.Width())*cellWidth + 2*margin)
	height := strconv.Itoa(screen.Height()*cellHeight + 2*margin)
	fmt.Fprintf(&d.out, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" `, width, height, width, height)
	d.out.WriteString(`font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">` + "\n")
	fmt.Fprintf(&d.out, "<title>%s</title>\n", escaped(title))
	fmt.Fprintf(&d.out, `<rect width="100%%" height="100%%" rx="6" fill="%s" stroke="%s" stroke-opacity=".25"/>`+"\n", p.Ground, p.Ink)
	fmt.Fprintf(&d.out, `<g transform="translate(%d %d)" fill="%s">`+"\n", margin, margin, p.Ink)
	for y := range screen.Height() {
		for _, r := range runs(screen, y) {
			d.run(r, y)
		}
	}
	d.out.WriteString("</g>\n</svg>\n")
	return d.out.Bytes()
}

// run is neighbouring cells drawn as one.
type run struct {
	x, cells int
	text     string
	style    uv.Style
	kind     kind
}

type kind int

const (
	plain kind = iota // letters as wide as their cells in any font of this sort
	other             // a sign or a script that fonts disagree about
	shape             // a line or a bar, drawn as such
)

// runs cuts a row where the style or the kind changes. Every cell of a foreign
// script stands alone, where its cell is.
func runs(screen Cells, y int) []run {
	var all []run
	for x := 0; x < screen.Width(); {
		c := run{x: x, cells: 1, text: " "}
		if cell := screen.CellAt(x, y); cell != nil {
			c.text, c.cells, c.style = cmp.Or(cell.Content, " "), max(1, cell.Width), cell.Style
		}
		c.kind = kindOf(c.text)
		x += c.cells
		if n := len(all) - 1; n >= 0 && c.kind != other && c.kind == all[n].kind && c.style.Equal(&all[n].style) {
			all[n].cells += c.cells
			all[n].text += c.text
			continue
		}
		all = append(all, c)
	}
	return all
}

func kindOf(text string) kind {
	r := []rune(text)
	switch {
	case len(r) == 1 && (arms[r[0]] != 0 || r[0] >= '▁' && r[0] <= '█'):
		return shape
	case len(r) == 1 && r[0] < 0x250:
		return plain
	}
	return other
}

type drawing struct {
	paper Paper
	out   bytes.Buffer
}

// run draws the ground of a run, then its letters or lines.
func (d *drawing) run(r run, y int) {
	ink, ground := hex(r.style.Fg, d.paper.Ink), hex(r.style.Bg, d.paper.Ground)
	if r.style.Attrs&uv.AttrReverse != 0 {
		ink, ground = ground, ink
	}
	if ground != d.paper.Ground {
		fmt.Fprintf(&d.out, `<rect x="%s" y="%d" width="%s" height="%d" fill="%s" shape-rendering="crispEdges"/>`+"\n",
			number(float64(r.x)*cellWidth), y*cellHeight, number(float64(r.cells)*cellWidth), cellHeight, ground)
	}
	if r.kind == shape {
		d.shapes(r, y, ink)
		return
	}
	d.words(r, y, d.look(r.style, ink))
}

// words draws the letters of a run. Words far apart stand each on their own, so
// that no font shifts a column.
func (d *drawing) words(r run, y int, look string) {
	for at, text := 0, r.text; text != ""; {
		word, rest, _ := strings.Cut(text, "  ")
		inner := strings.TrimLeft(word, " ")
		lead := len(word) - len(inner)
		if inner = strings.TrimRight(inner, " "); inner != "" {
			cells := r.cells
			if r.kind == plain {
				cells = utf8.RuneCountInString(inner)
			}
			fmt.Fprintf(&d.out, `<text x="%s" y="%s" textLength="%s" lengthAdjust="spacingAndGlyphs"%s>%s</text>`+"\n",
				number(float64(r.x+at+lead)*cellWidth), number(float64(y*cellHeight)+baseline),
				number(float64(cells)*cellWidth), look, escaped(inner))
		}
		at += utf8.RuneCountInString(text) - utf8.RuneCountInString(rest)
		text = rest
	}
}

// look is the attributes of letters.
func (d *drawing) look(s uv.Style, ink string) string {
	var b strings.Builder
	if ink != d.paper.Ink {
		b.WriteString(` fill="` + ink + `"`)
	}
	if s.Attrs&uv.AttrFaint != 0 {
		b.WriteString(` fill-opacity=".6"`)
	}
	if s.Attrs&uv.AttrBold != 0 {
		b.WriteString(` font-weight="bold"`)
	}
	if s.Attrs&uv.AttrItalic != 0 {
		b.WriteString(` font-style="italic"`)
	}
	switch under, through := s.Underline != uv.UnderlineNone, s.Attrs&uv.AttrStrikethrough != 0; {
	case under && through:
		b.WriteString(` text-decoration="underline line-through"`)
	case under:
		b.WriteString(` text-decoration="underline"`)
	case through:
		b.WriteString(` text-decoration="line-through"`)
	}
	return b.String()
}

// The directions in which a line leaves the middle of its cell.
const (
	left = 1 << iota
	right
	up
	down
)

var arms = map[rune]int{
	'─': left | right, '│': up | down,
	'┌': right | down, '┐': left | down, '└': right | up, '┘': left | up,
	'╭': right | down, '╮': left | down, '╰': right | up, '╯': left | up,
	'├': up | down | right, '┤': up | down | left,
	'┬': left | right | down, '┴': left | right | up, '┼': left | right | up | down,
}

// shapes draws lines from the middle of each cell to its edges, and bars that
// grow from the bottom.
func (d *drawing) shapes(r run, y int, ink string) {
	var path strings.Builder
	signs := []rune(r.text)
	for i := 0; i < len(signs); i++ {
		x, top := float64(r.x+i)*cellWidth, float64(y*cellHeight)
		if c := signs[i]; c >= '▁' && c <= '█' {
			high := float64(c-'▁'+1) * cellHeight / 8
			fmt.Fprintf(&d.out, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n",
				number(x), number(top+cellHeight-high), number(cellWidth-0.6), number(high), ink)
		} else if long := dashes(signs[i:]); long > 0 {
			fmt.Fprintf(&path, "M%s %sh%s", number(x), number(top+cellHeight/2), number(float64(long)*cellWidth))
			i += long - 1
		} else {
			crossing(&path, arms[c], number(x+cellWidth/2)+" "+number(top+cellHeight/2))
		}
	}
	if path.Len() == 0 {
		return
	}
	faint := ""
	if r.style.Attrs&uv.AttrFaint != 0 {
		faint = ` stroke-opacity=".6"`
	}
	fmt.Fprintf(&d.out, `<path d="%s" stroke="%s"%s fill="none" shape-rendering="crispEdges"/>`+"\n", path.String(), ink, faint)
}

// crossing draws the lines that leave the middle of a cell.
func crossing(path *strings.Builder, ways int, middle string) {
	for _, arm := range []struct {
		way int
		to  string
	}{{left, "h-4.2"}, {right, "h4.2"}, {up, "v-9"}, {down, "v9"}} {
		if ways&arm.way != 0 {
			path.WriteString("M" + middle + arm.to)
		}
	}
}

// dashes counts the horizontal lines at the start, which are drawn as one.
func dashes(signs []rune) int {
	n := 0
	for n < len(signs) && signs[n] == '─' {
		n++
	}
	return n
}

func hex(c color.Color, fallback string) string {
	if c == nil {
		return fallback
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// number is v with at most one decimal.
func number(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
