package ui

import (
	"context"
	"time"
	"unicode"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

const (
	lockAfter   = 5 * time.Minute
	logOffAfter = 30 * time.Minute
	lockWarning = 30 * time.Second // before the lock
	logOutTime  = 5 * time.Second  // for LogOut
	secretBytes = 1024             // more of a secret is not taken
)

// LockOptions say when the desk is locked and how it is opened again. Behind
// the lock everything stays as it is, and answers still arrive.
type LockOptions struct {
	// After is the idle time until the lock, LogOff the one until the program
	// ends by itself; 0 is 5 and 30 minutes. Only keys, pastes and the mouse
	// are activity, and not even they at the locked desk.
	After, LogOff time.Duration
	// Word is what the secret is called: PIN or Passphrase.
	Word string
	// User is who the lock screen says has locked the desk.
	User string
	// Ready is whether there is a secret to open the desk with. Without one
	// ctrl+l asks for a PIN first, and the idle desk is locked only if it Must
	// be: then it can only be left.
	Ready, Must bool
	// SetPIN keeps a new PIN, in a command. It is called while not Ready; the
	// PIN is wiped when it returns.
	SetPIN func(ctx context.Context, pin []byte) error
	// Unlock checks a secret; nil: there is no lock. It runs in a command and
	// may be slow. What its error says is shown, so it is a sentence for a
	// person. The secret is wiped when Unlock returns.
	Unlock func(ctx context.Context, secret []byte) error
	// Locked, if set, is told inside Update that the desk has been locked
	// (true) or opened (false). It is told before the program is suspended.
	Locked func(bool)
	// LogOut, if set, runs in a command before the program ends by itself:
	// the place to drop tokens and seal drafts. It is waited for 5 s.
	LogOut func(context.Context)
	// BlurBlank hides the screen while the terminal does not have the focus.
	BlurBlank bool
}

// lock is the door of the desk.
type lock struct {
	LockOptions
	on     bool      // a secret is asked for
	hidden bool      // the terminal has lost the focus
	gone   bool      // logged off, the program ends
	last   time.Time // of the latest activity
	gen    int       // of the timer
	secret []byte    // never grown, so that wiping it leaves no copy
	words  string    // why it did not open
	check  *Call[unlocked]
	ahead  []tea.Msg // typed while a secret is being checked

	open, clear, erase, stop key.Binding
}

type (
	unlocked struct{}
	idleMsg  struct{ gen int }
)

func newLock(env *Env) lock {
	l := lock{
		last: env.Now(), check: NewCall[unlocked](env, "check the secret"),
		open:  One("enter", "unlock"),
		clear: Bind([]string{"esc", "ctrl+u"}, "esc", "clear"),
		erase: One("backspace", "delete"),
		stop:  One("esc", "stop checking"),
	}
	if env.Lock == nil {
		return l
	}
	l.LockOptions = *env.Lock
	if l.After <= 0 {
		l.After = lockAfter
	}
	if l.LogOff <= 0 {
		l.LogOff = logOffAfter
	}
	return l
}

// works reports whether the desk can be locked at all.
func (l *lock) works() bool { return l.Unlock != nil }

// idle is the time since somebody did something. The wall clock counts as well
// as the monotonic one, which stands still while a laptop sleeps.
func (l *lock) idle(now time.Time) time.Duration {
	return max(now.Sub(l.last), now.Round(0).Sub(l.last.Round(0)))
}

// warnAt is the idle time from which the notice line announces the lock.
func (l *lock) warnAt() time.Duration { return l.After - min(lockWarning, l.After/2) }

// warned reports that the lock is announced.
func (l *lock) warned(now time.Time) bool {
	return l.works() && (l.Ready || l.Must) && !l.on && l.idle(now) >= l.warnAt()
}

// arm sets the timer to the next thing the idle time leads to. Activity does
// not touch the timer: it then goes off too early and is set again.
func (a *App) arm() tea.Cmd {
	l := &a.lock
	if !l.works() || l.gone {
		return nil
	}
	idle, next := l.idle(a.env.Now()), l.LogOff
	if !l.on && (l.Ready || l.Must) {
		if next = min(next, l.After); idle < l.warnAt() {
			next = l.warnAt()
		}
	}
	l.gen++
	return a.env.After(max(next-idle, time.Millisecond), idleMsg{l.gen})
}

// watch locks the desk, or logs off, when the time has come. It looks before
// every message: timers stand still while a machine sleeps.
func (a *App) watch() tea.Cmd {
	l := &a.lock
	if !l.works() || l.gone {
		return nil
	}
	switch idle := l.idle(a.env.Now()); {
	case idle >= l.LogOff:
		return a.logOff()
	case idle >= l.After && (l.Ready || l.Must):
		return a.shut()
	}
	return nil
}

// touch notes activity.
func (a *App) touch(msg tea.Msg) {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseMsg:
		if !a.lock.on {
			a.lock.last = a.env.Now()
		}
	}
}

// shut locks the desk. What is typed goes to the disk first.
func (a *App) shut() tea.Cmd {
	l := &a.lock
	if l.on || !l.works() {
		return nil
	}
	l.on, l.words, l.secret = true, "", make([]byte, 0, secretBytes)
	a.env.veil()
	if l.Locked != nil {
		l.Locked(true)
	}
	return a.env.flush()
}

// suspend leaves a locked desk behind.
func (a *App) suspend() tea.Cmd {
	return tea.Sequence(a.shut(), tea.Suspend)
}

// logOff ends the program without a question; nobody is there to answer it.
func (a *App) logOff() tea.Cmd {
	saved := a.shut()
	a.lock.gone = true
	a.lock.check.Cancel()
	out, ctx := a.lock.LogOut, a.env.Ctx
	return tea.Sequence(saved, func() tea.Msg {
		if out == nil {
			return tea.QuitMsg{}
		}
		ctx, cancel := context.WithTimeout(ctx, logOutTime)
		defer cancel()
		done := make(chan struct{})
		go func() {
			defer close(done)
			out(ctx)
		}()
		select {
		case <-done:
		case <-ctx.Done():
		}
		return tea.QuitMsg{}
	})
}

// LoggedOff reports that the program has ended by itself, after the idle time.
func (a *App) LoggedOff() bool { return a.lock.gone }

// knock works a key or a paste at the locked desk. What is typed while a
// secret is being checked belongs to the desk if it opens and to the next
// secret if not, as if it had been typed slowly.
func (a *App) knock(msg tea.Msg) tea.Cmd {
	l := &a.lock
	switch k, isKey := msg.(tea.KeyPressMsg); {
	case a.env.over != nil:
		return a.env.over.Update(msg)
	case l.gone, !l.Ready:
	case isKey && l.check.Out() && key.Matches(k, l.stop):
		l.check.Cancel()
		l.ahead = nil
	case l.check.Out():
		l.ahead = append(l.ahead, msg)
	case isKey && key.Matches(k, l.open):
		return l.try()
	case isKey:
		l.edit(k)
	default:
		if p, ok := msg.(tea.PasteMsg); ok {
			l.add(p.Content)
		}
	}
	return nil
}

func (l *lock) edit(k tea.KeyPressMsg) {
	switch {
	case key.Matches(k, l.clear):
		clear(l.secret)
		l.secret = l.secret[:0]
	case key.Matches(k, l.erase):
		_, n := utf8.DecodeLastRune(l.secret)
		l.secret = l.secret[:len(l.secret)-n]
	default:
		l.add(k.Text)
	}
}

// add takes what can be seen of text, without a pasted line's end.
func (l *lock) add(text string) {
	for _, r := range text {
		if unicode.IsPrint(r) && len(l.secret)+utf8.RuneLen(r) <= secretBytes {
			l.secret = utf8.AppendRune(l.secret, r)
		}
	}
}

// try has the secret checked.
func (l *lock) try() tea.Cmd {
	if len(l.secret) == 0 {
		return nil
	}
	secret, unlock := l.secret, l.Unlock
	l.secret, l.words = make([]byte, 0, secretBytes), ""
	return l.check.Latest(func(ctx context.Context) (unlocked, error) {
		defer clear(secret[:secretBytes])
		return unlocked{}, unlock(ctx, secret)
	})
}

// answered opens the desk, or says why not, and works what was typed since.
func (a *App) answered(r Result[unlocked]) tea.Cmd {
	l := &a.lock
	if !l.check.Accept(r) {
		return nil
	}
	var cmds []tea.Cmd
	if r.Err != nil {
		l.words = r.Err.Error()
	} else {
		l.on, l.last = false, a.env.Now()
		if l.Locked != nil {
			l.Locked(false)
		}
		cmds = append(cmds, a.arm())
		if a.env.over != nil { // now what it is about may be said
			a.env.over = nil
			cmds = append(cmds, a.quit())
		}
	}
	keys := l.ahead
	l.ahead = nil
	for _, k := range keys {
		cmds = append(cmds, a.route(k))
	}
	a.layout()
	return tea.Batch(cmds...)
}

// lockBindings are the keys that work while the screen is covered.
func (a *App) lockBindings() []key.Binding {
	l, rest := &a.lock, []key.Binding{a.keys.Suspend, a.keys.Quit}
	switch {
	case !l.on:
		return enabled([][]key.Binding{{a.keys.Lock}, rest})
	case a.env.over != nil:
		return enabled([][]key.Binding{a.env.over.ShortHelp(), rest})
	case l.gone, !l.Ready:
		return rest
	case l.check.Out():
		return append([]key.Binding{l.stop}, rest...)
	}
	return append([]key.Binding{l.open, l.clear, l.erase}, rest...)
}
