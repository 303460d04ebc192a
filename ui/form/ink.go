package form

import (
	"strings"

	"charm.land/lipgloss/v2"

	"frontdesk/ui/theme"
)

// ink is a style as what stands before and after the text. The theme's styles
// have neither width nor margin nor border, and to render one as such for each
// piece of each field is what a key press would mostly wait for.
type ink struct{ before, after string }

func newInk(s lipgloss.Style) ink {
	before, after, _ := strings.Cut(s.Render("x"), "x")
	return ink{before, after}
}

func (k ink) of(s string) string {
	if s == "" || k.before == "" {
		return s
	}
	return k.before + s + k.after
}

// inks are the styles a form uses, mixed anew when the theme changes.
type inks struct {
	from                               theme.Options
	mixed                              bool
	text, muted, strong, title, accent ink
	selected, danger, border           ink
	input, placeholder                 ink
}

func (k *inks) mix(th *theme.Theme) {
	if k.mixed && k.from == th.Options() {
		return
	}
	*k = inks{
		from: th.Options(), mixed: true,
		text: newInk(th.Text), muted: newInk(th.Muted), strong: newInk(th.Strong),
		title: newInk(th.Title), accent: newInk(th.Accent),
		selected: newInk(th.Selected), danger: newInk(th.Danger), border: newInk(th.Border),
		input: newInk(th.Input), placeholder: newInk(th.Placeholder),
	}
}
