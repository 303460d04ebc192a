package ui

import (
	"fmt"
	"time"
	"unicode"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"frontdesk/ui/theme"
)

// App is the program's model: it owns the tabs and decides who gets which
// message.
type App struct {
	env    *Env
	views  []View
	shown  []bool // whether Init has run
	active int
	keys   globalKeys
	width  int
	height int
	look   theme.Options
	ahead  []tea.Msg // keys and pastes kept while somebody waits
	lock   lock
	recent []string // ids of what was chosen in the palette, the latest first
	away   bool     // the terminal says it has lost the focus
}

// minuteMsg moves the clock in the header.
type minuteMsg struct{}

// New makes the App over its tabs, in their order on the screen. look is the
// theme's starting point; what the terminal later tells refines it.
func New(env *Env, look theme.Options, views ...View) *App {
	env.defaults()
	a := &App{
		env: env, views: views, shown: make([]bool, len(views)),
		keys: newGlobalKeys(), width: 80, height: 24, look: look, lock: newLock(env),
	}
	env.looking = func(v View) bool { return a.view() == v && !a.lock.on && !a.lock.hidden && !a.away }
	a.fitKeys()
	return a
}

// Init starts the clock and the first tab.
func (a *App) Init() tea.Cmd {
	a.layout()
	start := tea.Batch(a.minute(), a.show(0), a.arm(), a.env.LookBack())
	if a.env.AskBackground {
		return tea.Batch(start, tea.RequestBackgroundColor)
	}
	return start
}

func (a *App) minute() tea.Cmd {
	now := a.env.Now()
	return a.env.After(now.Truncate(time.Minute).Add(time.Minute).Sub(now), minuteMsg{})
}

// show makes tab i the active one and starts it if it never was.
func (a *App) show(i int) tea.Cmd {
	if i < 0 || i >= len(a.views) {
		return nil
	}
	saved := a.env.flush()
	a.active = i
	if a.shown[i] {
		return saved
	}
	a.shown[i] = true
	return tea.Batch(saved, a.views[i].Init())
}

// Update routes one message, then the keys that no longer have to wait.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmds := []tea.Cmd{a.watch(), a.route(msg)}
	for len(a.ahead) > 0 && !a.lock.on && !a.waiting(a.ahead[0]) {
		next, rest := a.ahead[0], a.ahead[1:]
		a.ahead = nil
		cmds = append(cmds, a.route(next))
		a.ahead = append(a.ahead, rest...)
	}
	a.fitKeys()
	return a, tea.Batch(cmds...)
}

func (a *App) route(msg tea.Msg) tea.Cmd {
	a.touch(msg)
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.width, a.height = msg.Width, msg.Height
		a.layout()
		return nil
	case tea.KeyPressMsg:
		if esc, key, ok := escaped(msg); ok {
			return tea.Batch(a.route(esc), a.route(key))
		}
		cmd := a.press(msg)
		a.layout()
		return cmd
	case tea.PasteMsg:
		switch {
		case a.lock.hidden:
			return nil
		case a.lock.on:
			return a.knock(msg)
		case a.kept(msg):
			return nil
		}
		return a.typed(msg)
	case tea.MouseMsg:
		return a.mouse(msg)
	case tea.BlurMsg:
		a.away, a.lock.hidden = true, a.lock.BlurBlank
		return nil
	case tea.FocusMsg:
		a.away, a.lock.hidden = false, false
		return nil
	case idleMsg:
		if msg.gen == a.lock.gen {
			return a.arm()
		}
		return nil
	case Result[unlocked]:
		return a.answered(msg)
	case stepMsg:
		return msg.do()
	case countMsg:
		return a.env.counted(msg)
	case LookedBack:
		return tea.Batch(a.env.lookedBack(msg), a.broadcast(msg))
	case tea.BackgroundColorMsg:
		a.look.Dark = msg.IsDark()
		a.env.Theme.Apply(a.look)
		return nil
	case tea.ColorProfileMsg:
		a.recolour(msg.Profile)
		return nil
	case minuteMsg:
		return a.minute()
	case noticeOverMsg:
		if msg.gen == a.env.notice.gen {
			a.env.notice.words = ""
		}
		return nil
	case revealOverMsg:
		a.env.reveal.on = a.env.reveal.on && msg.gen != a.env.reveal.gen
		return nil
	case GoMsg:
		return a.goTo(msg)
	}
	return a.broadcast(msg)
}

// escaped takes apart what a terminal sends when Esc and another key are typed
// so quickly that they look like one key with Alt. No key here has Alt, so the
// two are what was meant.
func escaped(msg tea.KeyPressMsg) (esc, key tea.KeyPressMsg, ok bool) {
	if msg.Mod&^tea.ModShift != tea.ModAlt || msg.Code >= tea.KeyExtended {
		return esc, key, false
	}
	key = msg
	key.Mod &^= tea.ModAlt
	if unicode.IsPrint(msg.Code) {
		key.Text = string(msg.Code)
		if msg.ShiftedCode != 0 {
			key.Text = string(msg.ShiftedCode)
		}
	}
	return tea.KeyPressMsg{Code: tea.KeyEscape}, key, true
}

func (a *App) recolour(p colorprofile.Profile) {
	switch p {
	case colorprofile.TrueColor:
		a.look.Colors = 1 << 24
	case colorprofile.ANSI256:
		a.look.Colors = 256
	case colorprofile.ANSI:
		a.look.Colors = 16
	default:
		a.look.NoColor = true
	}
	a.env.Theme.Apply(a.look)
}

// broadcast hands a message that is not from the keyboard to everybody who may
// have asked for it.
func (a *App) broadcast(msg tea.Msg) tea.Cmd {
	cmds := make([]tea.Cmd, 0, len(a.views)+len(a.env.dialogs))
	for _, d := range append([]Dialog(nil), a.env.dialogs...) {
		cmds = append(cmds, d.Update(msg))
	}
	for i, v := range a.views {
		if a.shown[i] {
			cmds = append(cmds, v.Update(msg))
		}
	}
	a.layout()
	return tea.Batch(cmds...)
}

// press decides whose key it is.
func (a *App) press(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(msg, a.keys.Quit):
		return a.quit()
	case key.Matches(msg, a.keys.Suspend):
		return a.suspend()
	case key.Matches(msg, a.keys.Lock):
		return a.shut()
	case a.lock.hidden:
		a.lock.hidden = false
		return nil
	case a.lock.on:
		return a.knock(msg)
	case key.Matches(msg, a.keys.TakeBack):
		return a.env.takeBack()
	case key.Matches(msg, a.keys.Mouse):
		return a.handMouse()
	case msg.String() == "esc" && (len(a.ahead) > 0 || a.waiting(msg)):
		a.ahead = nil
		return a.typed(msg)
	case a.kept(msg):
		return nil
	}
	if key.Matches(msg, a.keys.Palette) {
		a.find()
		return nil
	}
	if len(a.env.dialogs) > 0 || a.view().Typing() {
		return a.typed(msg)
	}
	if msg.String() == "esc" && a.env.notice.bad {
		a.env.notice.words, a.env.notice.bad = "", false
		return nil
	}
	switch {
	case key.Matches(msg, a.keys.Help):
		a.env.Open(a.help())
		return nil
	case len(a.views) < 2:
	case key.Matches(msg, a.keys.Tabs):
		return a.show(int(msg.String()[0] - '1'))
	case key.Matches(msg, a.keys.Next):
		return a.show((a.active + 1) % len(a.views))
	case key.Matches(msg, a.keys.Prev):
		return a.show((a.active + len(a.views) - 1) % len(a.views))
	}
	return a.view().Update(msg)
}

// typed hands a key or a paste to the top dialog or else to the view.
func (a *App) typed(msg tea.Msg) tea.Cmd {
	if n := len(a.env.dialogs); n > 0 {
		return a.env.dialogs[n-1].Update(msg)
	}
	return a.view().Update(msg)
}

// waiting reports that whoever has the keyboard cannot take this key yet.
func (a *App) waiting(key tea.Msg) bool {
	if n := len(a.env.dialogs); n > 0 {
		w, ok := a.env.dialogs[n-1].(Waiter)
		return ok && w.Waiting(key)
	}
	w, ok := a.view().(Waiter)
	return ok && w.Waiting(key)
}

// kept puts a key behind those that wait already, or that must begin to.
func (a *App) kept(key tea.Msg) bool {
	if len(a.ahead) == 0 && !a.waiting(key) {
		return false
	}
	a.ahead = append(a.ahead, key)
	return true
}

func (a *App) view() View { return a.views[a.active] }

// quit ends the program, after a question when something would be cut off.
func (a *App) quit() tea.Cmd {
	why := ""
	for _, v := range a.views {
		if l, ok := v.(Leaver); ok && why == "" {
			why = l.Leaving()
		}
	}
	if n := len(a.env.pending); n > 0 {
		why = fmt.Sprintf("%d write(s) have not been sent yet. If you leave now they are not sent, and wait in the outbox for you.", n)
	} else if n := len(a.env.writes); n > 0 {
		why = fmt.Sprintf("%d write(s) have been sent and not answered yet. If you leave now, whether they landed is found out at the next start.", n)
	}
	if why == "" {
		return tea.Quit
	}
	a.ask(why)
	return nil
}

// ask puts the question before leaving, over the lock if the desk is locked.
func (a *App) ask(why string) {
	if a.lock.on {
		// What it is about is for those who can unlock.
		a.env.over = NewConfirm(a.env, "Quit?", "Something of this desk is not finished yet.", "Quit", func() tea.Cmd { return tea.Quit })
		return
	}
	for _, d := range a.env.dialogs {
		if c, ok := d.(*Confirm); ok && c.quits {
			return
		}
	}
	c := NewConfirm(a.env, "Quit?", why, "Quit", func() tea.Cmd { return tea.Quit })
	c.quits = true
	a.env.Open(c)
}

func (a *App) goTo(msg GoMsg) tea.Cmd {
	for i, v := range a.views {
		if v.Title() == msg.Tab {
			return tea.Batch(a.show(i), v.Update(msg))
		}
	}
	return a.env.Say("There is no tab called " + msg.Tab + ".")
}
