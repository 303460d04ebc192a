package ui

import (
	"cmp"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/safe"
)

const curtainWidth = 60 // cells of the text on the lock screen

// curtain is drawn instead of everything while the desk is locked or the
// terminal has no focus. It asks no view, dialog or notice for anything.
func (a *App) curtain() tea.View {
	lines, cursor := a.door()
	width := 0
	for _, l := range lines {
		width = max(width, ansi.StringWidth(l))
	}
	x, y := max(0, (a.width-width)/2), max(0, (a.height-len(lines))/3)
	text := strings.Repeat("\n", y)
	for _, l := range lines {
		text += strings.Repeat(" ", x) + l + "\n"
	}
	text = clip(text, a.width, max(1, a.height-1))
	text += strings.Repeat("\n", max(0, a.height-1-strings.Count(text, "\n")))
	text += a.curtainHints()
	v := a.frame(clip(text, a.width, a.height))
	v.Cursor = moved(cursor, x, y)
	if d := a.env.over; d != nil {
		v.Content, v.Cursor = a.layers(v.Content, d)
	}
	return v
}

// door is the text on the curtain, and the cursor in it.
func (a *App) door() ([]string, *tea.Cursor) {
	th, l := a.env.Theme, &a.lock
	lines := []string{
		th.Strong.Render("frontdesk"), th.Truncate(a.env.Practice, curtainWidth),
		a.env.PracticeNow().Format(headerTime), "",
	}
	say := func(words string) {
		for line := range strings.Lines(ansi.Wrap(safe.Clean(words), min(curtainWidth, max(10, a.width)), " ")) {
			lines = append(lines, strings.TrimRight(line, "\n"))
		}
	}
	switch {
	case !l.on:
		say("The screen is hidden while this window is not in front. Any key shows it.")
		return lines, nil
	case l.gone:
		say("Nobody was here for long. Logging off.")
		return lines, nil
	}
	say("locked by " + l.User)
	if !l.Ready {
		say("No PIN was set, so this desk cannot be opened again, only left with ctrl+c. What was typed is kept and offered at the next start; ctrl+l sets a PIN then.")
		return lines, nil
	}
	label := cmp.Or(l.Word, "PIN") + "  "
	dots := min(utf8.RuneCount(l.secret), curtainWidth-len(label)-1)
	at := tea.NewCursor(len(label)+dots, len(lines)+1)
	at.Shape, at.Blink = tea.CursorBar, false
	lines = append(lines, "", th.Muted.Render(label)+strings.Repeat(th.Glyph.Mark, dots), "")
	switch {
	case l.check.Out():
		say("Checking.")
		return lines, nil
	case l.words != "":
		say(th.Glyph.Cross + " " + l.words)
	}
	return lines, at
}

func (a *App) curtainHints() string {
	var b strings.Builder
	at := 0
	for _, k := range a.lockBindings() {
		if w := a.hintWidth(k); at+w <= a.width { // one that is too long leaves room for the next
			b.WriteString(a.env.Theme.KeyHint(k.Help().Key, k.Help().Desc) + strings.Repeat(" ", hintGap))
			at += w + hintGap
		}
	}
	return b.String()
}
