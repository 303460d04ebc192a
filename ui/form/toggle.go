package form

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// ToggleField is yes or no. Its value is "true" or "false".
type ToggleField struct {
	common[*ToggleField]
	on bool
}

// Toggle makes a field for yes or no; it starts with no. Required accepts only
// yes.
func Toggle(name, label string) *ToggleField {
	f := new(ToggleField)
	f.common = common[*ToggleField]{me: f, spec: spec{name: name, label: oneLine(label)}}
	return f
}

func (f *ToggleField) value() string {
	if f.on {
		return "true"
	}
	return "false"
}

func (f *ToggleField) text() string     { return f.value() }
func (f *ToggleField) retype(s string)  { f.on = s == "true" }
func (f *ToggleField) put(value string) { f.retype(value) }

func (f *ToggleField) fault() string {
	if f.required && !f.on {
		return "this must be yes to go on. Switch it with the space bar."
	}
	return ""
}

func (f *ToggleField) press(k tea.KeyPressMsg) (reply, tea.Cmd) {
	switch {
	case is(k, keySwitch):
		f.on = !f.on
	case k.Text != "":
		for _, r := range strings.ToLower(k.Text) {
			switch r {
			case 'y':
				f.on = true
			case 'n':
				f.on = false
			}
		}
	default:
		return pass, nil
	}
	return took, nil
}

func (f *ToggleField) draw(p pen) drawing {
	words, style := "["+p.th.Glyph.Unmarked+"] no", p.input
	if f.on {
		words, style = "["+p.th.Glyph.Mark+"] yes", p.strong
	}
	return drawing{rows: []string{style.of(words)}, x: 1}
}

func (f *ToggleField) click(x, _ int) {
	if x < 7 {
		f.on = !f.on
	}
}

func (f *ToggleField) keys() (own, edit []key.Binding) {
	return []key.Binding{keySwitch, keyYes, keyNo}, nil
}
