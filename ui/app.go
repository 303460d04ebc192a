package ui

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"frontdesk/ui/theme"
)

// App is the program's model: it owns the tabs and decides who gets which
// message.
type App struct {
	env     *Env
	views   []View
	shown   []bool // whether Init has run
	active  int
	keys    globalKeys
	width   int
	height  int
	look    theme.Options
	ahead   []tea.Msg // keys and pastes kept while somebody waits
	lock    lock
	pin     pinning
	recent  []string // ids of what was chosen in the palette, the latest first
	helping Dialog   // the help, open or not
	clicked click    // the mouse, the last time
	away    bool     // the terminal says it has lost the focus
	noted   int      // see note
}

// minuteMsg moves the clock in the header.
type minuteMsg struct{}

// New makes the App over its tabs, in their order on the screen. look is the
// theme's starting point; what the terminal later tells refines it.
func New(env *Env, look theme.Options, views ...View) *App {
	env.defaults()
	a := &App{
		env: env, views: views, shown: make([]bool, len(views)),
		keys: newGlobalKeys(), width: 80, height: 24, look: look, lock: newLock(env), pin: newPinning(env),
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
	again := i != a.active
	if again {
		a.env.leave(a.view(), a.views[i])
		a.env.veil() // ids of another vendor can be the same
	}
	if w, ok := a.view().(Watched); ok && again {
		w.Hidden()
	}
	a.active = i
	if a.shown[i] {
		if w, ok := a.view().(Watched); ok && again {
			return tea.Batch(saved, w.Shown())
		}
		return saved
	}
	a.shown[i] = true
	return tea.Batch(saved, a.views[i].Init())
}

// Update routes one message, then the keys that no longer have to wait.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	a.unseen()
	cmds := []tea.Cmd{a.watch(), a.route(msg)}
	for len(a.ahead) > 0 && !a.lock.on && !a.waiting(a.ahead[0]) {
		next, rest := a.ahead[0], a.ahead[1:]
		a.ahead = nil
		cmds = append(cmds, a.route(next))
		a.ahead = append(a.ahead, rest...)
	}
	a.fitKeys()
	a.makeRoom()
	cmds = append(cmds, a.env.cmds...)
	a.env.cmds = nil
	return a, tea.Batch(cmds...)
}

// route gives a message to whom it belongs; what is nobody's own is for all.
func (a *App) route(msg tea.Msg) tea.Cmd {
	a.touch(msg)
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if esc, key, ok := escaped(msg); ok {
			return tea.Batch(a.route(esc), a.route(key))
		}
		cmd := a.press(msg)
		a.layout()
		return cmd
	case tea.PasteMsg:
		return a.paste(msg)
	case tea.MouseMsg:
		return a.mouse(msg)
	case GoMsg:
		return a.goTo(msg)
	case LookedBack:
		return tea.Batch(a.env.lookedBack(msg), a.broadcast(msg))
	}
	if cmd, mine := a.own(msg); mine {
		return cmd
	}
	a.terminal(msg)
	return a.broadcast(msg)
}

// own works the messages of the frame itself.
func (a *App) own(msg tea.Msg) (cmd tea.Cmd, mine bool) {
	switch msg := msg.(type) {
	case idleMsg:
		if msg.gen == a.lock.gen {
			cmd = a.arm()
		}
	case Result[unlocked]:
		cmd = a.answered(msg)
	case Result[pinSet]:
		cmd = a.pinKept(msg)
	case stepMsg:
		cmd = msg.do()
	case countMsg:
		cmd = a.env.counted(msg)
	case minuteMsg:
		cmd = a.minute()
	case noticeOverMsg:
		if msg.gen == a.env.notice.gen {
			a.env.notice.words = ""
		}
	case revealOverMsg:
		if msg.gen == a.env.reveal.gen {
			a.env.veil()
		}
	default:
		return nil, false
	}
	return cmd, true
}

// terminal takes note of what the terminal tells. Views are told as well: what
// they draw in a command is drawn anew, and who polls may rest.
func (a *App) terminal(msg tea.Msg) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.width, a.height = msg.Width, msg.Height
		a.layout()
	case tea.BlurMsg:
		a.away, a.lock.hidden = true, a.lock.BlurBlank
	case tea.FocusMsg:
		a.away, a.lock.hidden = false, false
	case tea.BackgroundColorMsg:
		a.look.Dark = msg.IsDark()
		a.env.Theme.Apply(a.look)
	case tea.ColorProfileMsg:
		a.recolour(msg.Profile)
	}
}

// paste hands a paste on as if it were a key.
func (a *App) paste(msg tea.PasteMsg) tea.Cmd {
	switch {
	case a.lock.hidden:
		return nil
	case a.lock.on:
		return a.knock(msg)
	case a.kept(msg):
		return nil
	}
	return a.typed(msg)
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
		cmds = append(cmds, a.tell(a.view(), d, msg))
	}
	for i, v := range a.views {
		if a.shown[i] {
			cmds = append(cmds, a.tell(v, v, msg))
		}
	}
	a.layout()
	return tea.Batch(cmds...)
}

// updater is a tab or a dialog.
type updater interface{ Update(tea.Msg) tea.Cmd }

// tell hands a message to a tab or to a dialog over it: what it says went wrong
// did so in that tab.
func (a *App) tell(tab View, to updater, msg tea.Msg) tea.Cmd {
	a.env.speaking = tab
	defer func() { a.env.speaking = nil }()
	return to.Update(msg)
}

// press decides whose key it is.
func (a *App) press(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(msg, a.keys.Quit):
		return a.quit()
	case key.Matches(msg, a.keys.Suspend):
		return a.suspend()
	case key.Matches(msg, a.keys.Lock):
		return a.shutBy()
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
	if key.Matches(msg, a.keys.HelpToo) && !a.finding() {
		a.askHelp()
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
		a.askHelp()
		return nil
	case key.Matches(msg, a.keys.Caller):
		a.caller()
		return nil
	case len(a.views) < 2:
	case key.Matches(msg, a.keys.Tabs):
		return a.show(int(msg.String()[0] - '1'))
	case key.Matches(msg, a.keys.Next):
		return a.show((a.active + 1) % len(a.views))
	case key.Matches(msg, a.keys.Prev):
		return a.show((a.active + len(a.views) - 1) % len(a.views))
	}
	return a.tell(a.view(), a.view(), msg)
}

// typed hands a key or a paste to the top dialog or else to the view.
func (a *App) typed(msg tea.Msg) tea.Cmd { return a.tell(a.view(), a.front(), msg) }

// front is who has the keyboard and the mouse.
func (a *App) front() updater {
	if n := len(a.env.dialogs); n > 0 {
		return a.env.dialogs[n-1]
	}
	return a.view()
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

func (a *App) goTo(msg GoMsg) tea.Cmd {
	for i, v := range a.views {
		if v.Title() == msg.Tab {
			return tea.Batch(a.show(i), a.tell(v, v, msg))
		}
	}
	return a.env.Say("There is no tab called " + msg.Tab + ".")
}
