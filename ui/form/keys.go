package form

import (
	"slices"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
)

func bind(label, words string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(label, words))
}

// Keys of the form itself. A field is asked first.
var (
	keyNext   = bind("tab", "next field", "tab")
	keyBack   = bind("shift+tab", "previous field", "shift+tab")
	keyGoOn   = bind("enter", "next field", "enter")
	keyFinish = bind("enter", "submit", "enter")
	keyDown   = bind("↓", "next field", "down")
	keyUp     = bind("↑", "previous field", "up")
	keySubmit = bind("ctrl+s", "submit", "ctrl+s")
	keyCancel = bind("esc", "leave the form", "esc")
)

// Keys of the fields.
var (
	keyChooseNext = bind("→", "next choice", "right")
	keyChooseBack = bind("←", "previous choice", "left")
	keyClear      = bind("backspace", "choose nothing", "backspace", "delete", "ctrl+h")
	keyTick       = bind("space", "tick or untick", "space")
	keyListNext   = bind("↓/→", "next choice", "down", "right")
	keyListBack   = bind("↑/←", "previous choice", "up", "left")
	keySwitch     = bind("space", "switch", "space", "left", "right")
	keyYes        = bind("y", "yes", "y")
	keyNo         = bind("n", "no", "n")
	keyOpenList   = bind("ctrl+g", "open the list", "ctrl+g")
	keyOpenMonth  = bind("ctrl+g", "open the month", "ctrl+g")
	keyShut       = bind("esc", "close the list", "esc", "ctrl+g")
	keyTake       = bind("enter", "take it", "enter")
	keyRowDown    = bind("↓", "down", "down")
	keyRowUp      = bind("↑", "up", "up")
	keyPageDown   = bind("pgdown", "page down", "pgdown")
	keyPageUp     = bind("pgup", "page up", "pgup")
	keyNewLine    = bind("enter", "new line", "enter", "shift+enter", "ctrl+j")
	keyLineDown   = bind("↓", "line down", "down")
	keyLineUp     = bind("↑", "line up", "up")
	keyTextStart  = bind("ctrl+home", "start of text", "ctrl+home")
	keyTextEnd    = bind("ctrl+end", "end of text", "ctrl+end")
	keyDayNext    = bind("→", "next day", "right")
	keyDayBack    = bind("←", "day before", "left")
	keyWeekNext   = bind("↓", "next week", "down")
	keyWeekBack   = bind("↑", "week before", "up")
	keyMonthNext  = bind("pgdown", "next month", "pgdown")
	keyMonthBack  = bind("pgup", "month before", "pgup")
	keyMonthEnd   = bind("end", "last of the month", "end")
	keyMonthStart = bind("home", "first of the month", "home")
)

// inputKeys leaves out two things of the input's own map: suggestions, whose
// keys move between fields here, and ctrl+v, which would read the clipboard of
// the machine the program runs on and deliver it wherever the keyboard is by
// then. Terminals paste by themselves.
var inputKeys = textinput.KeyMap{
	CharacterForward:        bind("→", "right", "right", "ctrl+f"),
	CharacterBackward:       bind("←", "left", "left", "ctrl+b"),
	WordForward:             bind("alt+→", "word right", "alt+right", "ctrl+right", "alt+f"),
	WordBackward:            bind("alt+←", "word left", "alt+left", "ctrl+left", "alt+b"),
	LineStart:               bind("home", "start of line", "home", "ctrl+a"),
	LineEnd:                 bind("end", "end of line", "end", "ctrl+e"),
	DeleteCharacterBackward: bind("backspace", "delete", "backspace", "shift+backspace", "ctrl+h"),
	DeleteCharacterForward:  bind("delete", "delete ahead", "delete", "ctrl+d"),
	DeleteWordBackward:      bind("ctrl+w", "delete word", "ctrl+w", "alt+backspace", "ctrl+backspace"),
	DeleteWordForward:       bind("alt+d", "delete word ahead", "alt+d", "alt+delete", "ctrl+delete"),
	DeleteBeforeCursor:      bind("ctrl+u", "delete to start", "ctrl+u"),
	DeleteAfterCursor:       bind("ctrl+k", "delete to end", "ctrl+k"),
}

func editKeys() []key.Binding {
	m := inputKeys
	return []key.Binding{
		m.CharacterForward, m.CharacterBackward, m.WordForward, m.WordBackward, m.LineStart, m.LineEnd,
		m.DeleteCharacterBackward, m.DeleteCharacterForward, m.DeleteWordBackward, m.DeleteWordForward,
		m.DeleteBeforeCursor, m.DeleteAfterCursor,
	}
}

// is matches k by its name. Text of several characters, which input methods
// send as one press, is never a name: "up" can be typed.
func is(k tea.KeyPressMsg, bindings ...key.Binding) bool {
	return utf8.RuneCountInString(k.Text) <= 1 && key.Matches(k, bindings...)
}

// Keys is what works right now, matched exactly as listed, each key once. The
// way on and the ways out come first, so that a footer with little room has
// them; before them only a list that is open, and plain text editing last.
func (f *Form) Keys() []key.Binding {
	own, edit := f.on().keys()
	seen := map[string]bool{}
	own, edit = fresh(own, seen), fresh(edit, seen)
	last := f.at == len(f.fields)-1
	enter := keyGoOn
	if last {
		enter = keyFinish
	}
	modal := seen["esc"] // esc is the list's
	ways := fresh([]key.Binding{enter, keySubmit, keyCancel}, seen)
	rest := []key.Binding{keyNext, keyBack}
	if !last {
		rest = append(rest, keyDown)
	}
	if f.at > 0 {
		rest = append(rest, keyUp)
	}
	first, second := ways, own
	if modal {
		first, second = own, ways
	}
	return slices.Concat(first, second, fresh(rest, seen), edit)
}

// fresh takes the keys that are bound already out of bindings.
func fresh(bindings []key.Binding, seen map[string]bool) []key.Binding {
	var out []key.Binding
	for _, b := range bindings {
		left := slices.DeleteFunc(slices.Clone(b.Keys()), func(k string) bool { return seen[k] })
		if len(left) == 0 {
			continue
		}
		for _, k := range left {
			seen[k] = true
		}
		if len(left) < len(b.Keys()) {
			b = bind(left[0], b.Help().Desc, left...)
		}
		out = append(out, b)
	}
	return out
}
