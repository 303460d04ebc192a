// Package uitest drives an App without a terminal: it types keys, runs the
// commands they start and reads the screen. It is for tests only.
package uitest

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"frontdesk/ui"
	"frontdesk/ui/theme"
)

// patience bounds how long a test waits for a screen. It is spent only when the
// test is about to fail.
const patience = 60 * time.Second

// Desk is an App under test. Commands run on goroutines of their own, as in a
// program; their messages wait until the test looks at the screen.
type Desk struct {
	t      testing.TB
	App    *ui.App
	Env    *ui.Env
	msgs   chan tea.Msg
	out    int
	timers []timer
	clock  sync.Mutex // guards now
	now    time.Time
	Copied []string
	Quit   bool
}

type timer struct {
	at  time.Time
	msg tea.Msg
}

// Env is an environment whose time stands still until Advance is called. Its
// practice is in New York.
func Env(t testing.TB, now time.Time) *ui.Env {
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	return &ui.Env{
		Ctx: t.Context(), Theme: theme.New(Look), Practice: "Riverside Training Clinic", Zone: zone,
		Now: func() time.Time { return now }, Keys: "this session only",
	}
}

// Look is a theme without colours, so that screens are plain text.
var Look = theme.Options{Name: theme.Dark, NoColor: true}

// New starts an App at a size.
func New(t testing.TB, env *ui.Env, width, height int, views ...ui.View) *Desk {
	d := &Desk{t: t, Env: env, msgs: make(chan tea.Msg), now: env.Now()}
	env.Now = d.time // commands read it too
	env.After = d.after
	env.Clipboard = func(s string) tea.Cmd { d.Copied = append(d.Copied, s); return nil }
	d.App = ui.New(env, Look, views...)
	d.run(d.App.Init())
	d.update(tea.WindowSizeMsg{Width: width, Height: height})
	return d
}

func (d *Desk) after(wait time.Duration, msg tea.Msg) tea.Cmd {
	d.timers = append(d.timers, timer{d.now.Add(wait), msg})
	return nil
}

// Advance moves the clock and delivers what fell due, in order.
func (d *Desk) Advance(by time.Duration) *Desk {
	end := d.now.Add(by)
	for {
		next := -1
		for i, t := range d.timers {
			if !t.at.After(end) && (next < 0 || t.at.Before(d.timers[next].at)) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		t := d.timers[next]
		d.timers = append(d.timers[:next:next], d.timers[next+1:]...)
		d.set(t.at)
		d.update(t.msg)
	}
	d.set(end)
	return d
}

func (d *Desk) time() time.Time {
	d.clock.Lock()
	defer d.clock.Unlock()
	return d.now
}

func (d *Desk) set(now time.Time) {
	d.clock.Lock()
	defer d.clock.Unlock()
	d.now = now
}

func (d *Desk) update(msg tea.Msg) {
	_, cmd := d.App.Update(msg)
	d.run(cmd)
}

// run starts a command; nested batches and sequences are taken apart when they
// arrive.
func (d *Desk) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	d.out++
	go func() { d.msgs <- cmd() }()
}

// take handles one message that a command brought.
func (d *Desk) take(msg tea.Msg) {
	d.out--
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	case tea.QuitMsg:
		d.Quit = true
	default:
		if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			for i := range v.Len() {
				d.run(v.Index(i).Interface().(tea.Cmd))
			}
			return
		}
		d.update(msg)
	}
}

// Settle waits until no command is out.
func (d *Desk) Settle() *Desk {
	d.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for d.out > 0 {
		select {
		case msg := <-d.msgs:
			d.take(msg)
		case <-limit.C:
			d.t.Fatalf("%d commands are still out; the screen shows:\n%s", d.out, d.Screen())
		}
	}
	return d
}

// See waits until the screen shows all of the words.
func (d *Desk) See(words ...string) *Desk {
	d.t.Helper()
	return d.until("to see "+strings.Join(words, ", "), func(s string) bool {
		for _, w := range words {
			if !strings.Contains(s, w) {
				return false
			}
		}
		return true
	})
}

// Gone waits until the screen no longer shows the words.
func (d *Desk) Gone(words string) *Desk {
	d.t.Helper()
	return d.until("not to see "+words, func(s string) bool { return !strings.Contains(s, words) })
}

func (d *Desk) until(what string, ok func(screen string) bool) *Desk {
	d.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for !ok(d.Screen()) {
		if d.out == 0 {
			d.t.Fatalf("waited %s, but nothing is out any more; the screen shows:\n%s", what, d.Screen())
		}
		select {
		case msg := <-d.msgs:
			d.take(msg)
		case <-limit.C:
			d.t.Fatalf("waited %s; the screen shows:\n%s", what, d.Screen())
		}
	}
	return d
}

// Type types a script: runes as they are, keys by name in angle brackets, such
// as "ann<tab><enter>". "<<" types a bracket.
func (d *Desk) Type(script string) *Desk {
	for _, k := range Keys(script) {
		d.update(k)
	}
	return d
}

// Press delivers one key.
func (d *Desk) Press(k tea.KeyPressMsg) *Desk {
	d.update(k)
	return d
}

// Deliver hands the App a message that is neither key nor answer, such as a
// click.
func (d *Desk) Deliver(msg tea.Msg) *Desk {
	d.update(msg)
	return d
}

// Run starts a command as if the App had returned it.
func (d *Desk) Run(cmd tea.Cmd) *Desk {
	d.run(cmd)
	return d
}

// Paste delivers a bracketed paste.
func (d *Desk) Paste(text string) *Desk {
	d.update(tea.PasteMsg{Content: text})
	return d
}

// Resize changes the window.
func (d *Desk) Resize(width, height int) *Desk {
	d.update(tea.WindowSizeMsg{Width: width, Height: height})
	return d
}

// Screen is what a person would read, without colours or trailing blanks.
func (d *Desk) Screen() string {
	lines := strings.Split(ansi.Strip(d.App.View().Content), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}

// Golden compares the screen with testdata/name.golden; with UPDATE_GOLDEN=1 in
// the environment it writes it.
func (d *Desk) Golden(name string) {
	d.t.Helper()
	path := filepath.Join("testdata", name+".golden")
	got := d.Screen()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(d.t, os.MkdirAll("testdata", 0o755))
		require.NoError(d.t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(d.t, err)
	require.Equal(d.t, string(want), got)
}

// Fits fails when the screen is not exactly inside the given size.
func (d *Desk) Fits(width, height int) {
	d.t.Helper()
	lines := strings.Split(d.App.View().Content, "\n")
	require.LessOrEqual(d.t, len(lines), height, "lines on the screen:\n%s", d.Screen())
	for _, l := range lines {
		require.LessOrEqual(d.t, ansi.StringWidth(l), width, "line %q", ansi.Strip(l))
	}
}

// Bound returns the keys that the help shows now. A key that stands twice fails
// the test: nobody could tell what it does.
func (d *Desk) Bound() map[string]key.Binding {
	d.t.Helper()
	bound := map[string]key.Binding{}
	for _, b := range d.App.Bindings() {
		require.NotEmpty(d.t, b.Help().Desc, "keys %v have no words", b.Keys())
		for _, k := range b.Keys() {
			if other, twice := bound[k]; twice {
				d.t.Fatalf("%q is bound twice: %q and %q", k, other.Help().Desc, b.Help().Desc)
			}
			bound[k] = b
		}
	}
	return bound
}
