package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/form"
)

// fewestDigits is how much of a number is worth looking for.
const fewestDigits = 3

// caller asks for the number on the telephone's display and hands it to the
// tab that looks people up.
func (a *App) caller() {
	f := form.New(a.env.Theme, form.Text("number", "Number").Required().Max(40).
		Help("all of it in any spelling, or its last digits").Check(func(s string) string {
		if digits := strings.Map(onlyDigits, s); s != "" && len(digits) < fewestDigits {
			return "Number: type at least three digits of it."
		}
		return ""
	}))
	var d *FormDialog
	d = NewFormDialog(a.env, "Who is calling?", f, func(values map[string]string) tea.Cmd {
		a.env.Close(d)
		return a.goTo(GoMsg{Tab: a.env.Callers, Subject: Person{Phone: strings.TrimSpace(values["number"])}})
	})
	a.env.Open(d)
}

func onlyDigits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}
