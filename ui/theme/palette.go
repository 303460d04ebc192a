package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// palette is the colours a look has. nil leaves the terminal's own colour.
type palette struct {
	good, warn, danger, info, accent color.Color
	muted, border                    color.Color
}

// The 16-colour palettes hold indices, so the colours are those the person's
// terminal gives them. Bright indices are used for high contrast only: several
// well-known schemes show them as greys or as the background itself.
var (
	dark16 = palette{
		good: lipgloss.Green, warn: lipgloss.Yellow, danger: lipgloss.Red,
		info: lipgloss.Cyan, accent: lipgloss.Cyan,
	}
	light16 = palette{
		good: lipgloss.Green, warn: lipgloss.Magenta, danger: lipgloss.Red,
		info: lipgloss.Blue, accent: lipgloss.Blue,
	}
	contrastDark = palette{
		good: lipgloss.BrightGreen, warn: lipgloss.BrightYellow,
		danger: lipgloss.BrightRed, info: lipgloss.BrightCyan,
		accent: lipgloss.BrightCyan,
	}
	dark256 = palette{
		good: indexed(114), warn: indexed(221), danger: indexed(210),
		info: indexed(117), accent: indexed(117),
		muted: indexed(247), border: indexed(243),
	}
	light256 = palette{
		good: indexed(22), warn: indexed(94), danger: indexed(124),
		info: indexed(24), accent: indexed(24),
		muted: indexed(241), border: indexed(245),
	}
)

func indexed(i uint8) color.Color { return lipgloss.ANSIColor(i) }

// paint gives every meaning its style. In 16 colours "less" is the faint
// attribute, not bright black, which some schemes draw invisibly.
func (t *Theme) paint(o Options) {
	var (
		plain = lipgloss.NewStyle()
		bold  = plain.Bold(true)
		p     = o.palette()
	)
	less := func(c color.Color) lipgloss.Style {
		switch {
		case o.Name == HighContrast:
			return plain
		case c == nil:
			return plain.Faint(true)
		}
		return ink(plain, c)
	}
	alarm := bold
	if o.Name == HighContrast {
		alarm = bold.Underline(true)
	}
	t.Text, t.Strong, t.Input = plain, bold, plain
	t.Muted, t.Placeholder, t.Border = less(p.muted), less(p.muted), less(p.border)
	t.Title, t.Accent, t.Key = ink(bold, p.accent), ink(plain, p.accent), ink(bold, p.accent)
	t.Good, t.Info = ink(plain, p.good), ink(plain, p.info)
	t.Warn, t.Danger = ink(bold, p.warn), ink(alarm, p.danger)
	t.Tab, t.TabActive = less(p.muted), bold.Reverse(true)
	t.Badge, t.BadgeLive = ink(bold, p.warn), ink(bold.Reverse(true), p.danger)
	t.Selected = plain.Reverse(true)
	if o.Name == HighContrast {
		t.Selected = bold.Reverse(true)
	}
}

// palette picks the colours. High contrast takes 16 colours even where more
// exist: a person who needs it has usually set those up.
func (o Options) palette() palette {
	dark := o.Dark
	switch o.Name {
	case Light:
		dark = false
	case Dark:
		dark = true
	case HighContrast:
		if dark {
			return contrastDark
		}
		return light16
	}
	switch {
	case dark && o.Colors >= 256:
		return dark256
	case dark:
		return dark16
	case o.Colors >= 256:
		return light256
	}
	return light16
}

func ink(s lipgloss.Style, c color.Color) lipgloss.Style {
	if c == nil {
		return s
	}
	return s.Foreground(c)
}
