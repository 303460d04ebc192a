package ui

import (
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// The forms of the tabs' words, the longest first; behind them come those where
// a word but the active one's keeps ever fewer letters.
const (
	spaced = iota
	whole
	cut
)

// letters are what is left of a word when there is no room for it.
var letters = []int{4, 3, 2, 0}

// tabNames are the words on the tabs, as long as the line has room for.
func (a *App) tabNames(room int) []string {
	names := make([]string, len(a.views))
	for form := range cut + len(letters) {
		total := 0
		for i, v := range a.views {
			names[i] = tabName(i, v.Title(), form, i == a.active, len(a.views) > 1)
			total += ansi.StringWidth(names[i]) + 1 // the mark before it
		}
		if total <= room {
			break
		}
	}
	return names
}

func tabName(i int, title string, form int, active, numbered bool) string {
	if !numbered {
		return " " + title + " "
	}
	n := strconv.Itoa(i + 1)
	switch {
	case form == spaced:
		return " " + n + " " + title + " "
	case form == whole || active:
		return n + " " + title
	}
	return strings.TrimRight(n+" "+ansi.Truncate(title, letters[form-cut], ""), " ")
}

// tabs is the line of the tabs, with where the secrets live while there is
// room, and whatever keeps drafts from the disk in any case.
func (a *App) tabs() string {
	th := a.env.Theme
	right := a.beside()
	var b strings.Builder
	for i, name := range a.tabNames(a.width - ansi.StringWidth(right) - 1) {
		if i == a.active {
			b.WriteString(th.TabActive.Render(th.Glyph.Cursor + name))
		} else {
			b.WriteString(th.Tab.Render(" " + name))
		}
	}
	return spread(b.String(), right, a.width)
}

// beside is what stands at the right of the tabs.
func (a *App) beside() string {
	th := a.env.Theme
	right, room := "", a.width
	for i, v := range a.views {
		room -= ansi.StringWidth(tabName(i, v.Title(), whole, false, len(a.views) > 1)) + 1
	}
	if d := a.env.Drafts; d != nil && d.Trouble() != "" {
		right = th.Warn.Render(th.Glyph.Warn + " " + d.Trouble())
	}
	if keys := "keys: " + a.env.Keys; a.env.Keys != "" && ansi.StringWidth(right+keys)+3 <= room {
		if right != "" {
			right += "  "
		}
		right += th.Muted.Render(keys)
	}
	return right
}

// tabAt is the tab under a cell of the tabs' line, or -1.
func (a *App) tabAt(x int) int {
	at := 0
	for i, name := range a.tabNames(a.width - ansi.StringWidth(a.beside()) - 1) {
		next := at + ansi.StringWidth(name) + 1
		if x >= at && x < next {
			return i
		}
		at = next
	}
	return -1
}

// A hint is one key in the footer.
type hint struct {
	binding key.Binding
	at      int // its first cell
	width   int
}

// hintGap are the blanks between two hints.
const hintGap = 2

// shownHints are the keys of whoever has the keyboard, as many as fit, and the
// one that leads to all of them.
func (a *App) shownHints() []hint {
	keys, help := a.view().ShortHelp(), !a.view().Typing()
	if n := len(a.env.dialogs); n > 0 {
		keys, help = a.env.dialogs[n-1].ShortHelp(), false
	}
	var shown []hint
	room, at := a.width, 0
	more := hint{binding: a.keys.Help, width: a.hintWidth(a.keys.Help)}
	if help {
		room -= more.width + hintGap
	}
	for _, k := range keys {
		if !k.Enabled() {
			continue
		}
		k.SetHelp(a.env.Theme.KeyName(k.Help().Key), k.Help().Desc)
		w := a.hintWidth(k)
		if at+w > room {
			break
		}
		shown = append(shown, hint{k, at, w})
		at += w + hintGap
	}
	if help {
		more.at = a.width - more.width
		shown = append(shown, more)
	}
	return shown
}

func (a *App) hintWidth(k key.Binding) int {
	return ansi.StringWidth(k.Help().Key) + 1 + ansi.StringWidth(k.Help().Desc)
}

// hints is the footer.
func (a *App) hints() string {
	var b strings.Builder
	at := 0
	for _, h := range a.shownHints() {
		b.WriteString(strings.Repeat(" ", max(0, h.at-at)))
		b.WriteString(a.env.Theme.KeyHint(h.binding.Help().Key, h.binding.Help().Desc))
		at = h.at + h.width
	}
	return b.String()
}

// hintAt presses the key whose hint lies under a cell.
func (a *App) hintAt(x int) (tea.KeyPressMsg, bool) {
	for _, h := range a.shownHints() {
		if x >= h.at && x < h.at+h.width && len(h.binding.Keys()) > 0 {
			return Press(h.binding.Keys()[0]), true
		}
	}
	return tea.KeyPressMsg{}, false
}
