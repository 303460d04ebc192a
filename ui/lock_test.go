package ui_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/uitest"
)

// guard is a secret to lock with, and what the desk was told.
type guard struct {
	pin  string
	told []string
	out  bool
}

func (g *guard) options(ready, must bool) *ui.LockOptions {
	return &ui.LockOptions{
		User: "maria", Ready: ready, Must: must,
		Unlock: func(_ context.Context, secret []byte) error {
			if string(secret) != g.pin {
				return errors.New("That is not the PIN of this desk.")
			}
			return nil
		},
		SetPIN: func(_ context.Context, pin []byte) error { g.pin = string(pin); return nil },
		Locked: func(on bool) {
			g.told = append(g.told, map[bool]string{true: "locked", false: "open"}[on])
		},
		LogOut: func(context.Context) { g.out = true },
	}
}

func locked(t *testing.T, g *guard, ready, must bool) (*uitest.Desk, *pad) {
	env := uitest.Env(t, monday)
	env.Lock = g.options(ready, must)
	p := newPad(env, "One")
	return uitest.New(t, env, 80, 24, p), p
}

func TestLockHidesEverythingAndKeepsIt(t *testing.T) {
	g := &guard{pin: "4711x"}
	d, p := locked(t, g, true, false)
	d.Type("abc")
	require.Contains(t, d.Screen(), `says "abc"`)
	d.Type("<ctrl+l>").Settle()
	require.Contains(t, d.Screen(), "locked by maria")
	require.NotContains(t, d.Screen(), "abc")
	d.Type("zz<enter>").Settle()
	require.Contains(t, d.Screen(), "not the PIN")
	require.NotContains(t, d.Screen(), "zz")
	require.Equal(t, "abc", p.typed, "keys at the door reached the desk")
	// Typed in one go: what follows the PIN belongs to the desk.
	d.Type("4711x<enter>ghi").Settle()
	require.Contains(t, d.Screen(), `says "abcghi"`)
	require.Equal(t, []string{"locked", "open"}, g.told)
}

func TestTheLocksKeysAreWhole(t *testing.T) {
	d, _ := locked(t, &guard{}, true, false)
	d.Type("<ctrl+l>").Settle().Resize(60, 20).See("enter unlock", "ctrl+c quit").Gone("to the").Fits(60, 20)
	d.Resize(80, 24).See("ctrl+z to the shell", "ctrl+c quit")
}

func TestIdleDeskIsWarnedLockedAndLoggedOff(t *testing.T) {
	g := &guard{pin: "4711x"}
	d, _ := locked(t, g, true, false)
	d.Type("a").Advance(4*time.Minute + 31*time.Second)
	require.Contains(t, d.Screen(), "locks soon")
	d.Type("b")
	require.NotContains(t, d.Screen(), "locks soon")
	d.Advance(4*time.Minute + 29*time.Second)
	require.Contains(t, d.Screen(), `says "ab"`)
	d.Advance(31 * time.Second)
	require.Contains(t, d.Screen(), "locked by maria")
	d.Advance(20 * time.Minute)
	require.False(t, d.Quit)
	d.Advance(6 * time.Minute).Settle()
	require.True(t, d.Quit)
	require.True(t, g.out, "tokens were not dropped")
	require.True(t, d.App.LoggedOff())
}

// Answers and polls go on behind the lock, and do not count as somebody there.
func TestPollingIsNotActivity(t *testing.T) {
	g := &guard{pin: "4711x"}
	d, _ := locked(t, g, true, false)
	for range 9 {
		d.Advance(30 * time.Second)
		d.Deliver(ui.LookedBack{})
	}
	d.Advance(29 * time.Second)
	require.NotContains(t, d.Screen(), "locked by")
	d.Deliver(ui.LookedBack{})
	d.Advance(2 * time.Second)
	require.Contains(t, d.Screen(), "locked by")
}

func TestWithoutAPINOneIsAskedForFirst(t *testing.T) {
	g := &guard{}
	d, _ := locked(t, g, false, false)
	d.Advance(10 * time.Minute)
	require.NotContains(t, d.Screen(), "locked by", "nothing could have opened it")
	d.Type("<ctrl+l>").Settle().See("Set a PIN")
	d.Type("1234<tab>4321<enter>").Settle().See("differ")
	d.Type("<ctrl+u>1234<ctrl+s>").Settle().See("locked by maria")
	d.Type("1234<enter>").Settle().See("One says")
	d.Advance(5*time.Minute + time.Second)
	require.Contains(t, d.Screen(), "locked by maria", "the idle desk locks from now on")
}

func TestDeskThatMustLockCanOnlyBeLeft(t *testing.T) {
	g := &guard{}
	d, p := locked(t, g, false, true)
	p.typed = "secretword"
	d.Advance(6 * time.Minute)
	require.Contains(t, d.Screen(), "left with ctrl+c")
	d.Type("1234<enter>").Settle()
	require.NotContains(t, d.Screen(), "secretword")
	d.Type("<ctrl+c>").Settle()
	require.True(t, d.Quit)
}

func TestQuestionAtTheLockSaysNothingOfTheDesk(t *testing.T) {
	g := &guard{pin: "4711x"}
	d, p := locked(t, g, true, false)
	d.Type("w")
	require.NotEmpty(t, p.save)
	d.Type("<ctrl+l><ctrl+c>")
	require.Contains(t, d.Screen(), "Quit?")
	require.NotContains(t, d.Screen(), "write has")
	d.Type("n")
	require.NotContains(t, d.Screen(), "Quit?")
	require.Contains(t, d.Screen(), "locked by")
	close(p.gate)
	d.Settle()
}

func TestScreenIsBlankWhileTheTerminalIsAway(t *testing.T) {
	env := uitest.Env(t, monday)
	g := &guard{pin: "4711x"}
	env.Lock = g.options(true, false)
	env.Lock.BlurBlank = true
	p := newPad(env, "One")
	d := uitest.New(t, env, 80, 24, p)
	d.Type("abc").Deliver(tea.BlurMsg{})
	require.NotContains(t, d.Screen(), "abc")
	d.Deliver(tea.FocusMsg{})
	require.Contains(t, d.Screen(), "abc")
	d.Deliver(tea.BlurMsg{})
	d.Paste("lost").Type("x") // the first key only brings the screen back
	require.Equal(t, "abc", p.typed)
	require.Contains(t, d.Screen(), `says "abc"`)
}

// box is an outbox in memory.
type box struct {
	queued, back, sent []string
	left               []ui.Left
	resolved           []ui.Landing
	undo               time.Duration
	fail               error
}

func (b *box) Queue(_ context.Context, in ui.Intent) (string, time.Duration, error) {
	b.queued = append(b.queued, in.Op+" "+string(in.Payload))
	return in.Op, b.undo, b.fail
}
func (b *box) TakeBack(_ context.Context, id string) error { b.back = append(b.back, id); return nil }
func (b *box) Send(ctx context.Context, id string, run func(context.Context) error) error {
	err := run(ctx)
	b.sent = append(b.sent, id)
	return err
}
func (b *box) Unsettled(context.Context) ([]ui.Left, error) { return slices.Clone(b.left), nil }
func (b *box) Resolve(_ context.Context, id string, l ui.Landing) error {
	b.resolved = append(b.resolved, l)
	b.left = slices.DeleteFunc(b.left, func(l ui.Left) bool { return l.ID == id })
	return nil
}

// sending is a tab that sends what is typed with "s".
type sending struct {
	*pad
	send *ui.Sender[string, string]
	got  []string
	safe int
}

func newSending(env *ui.Env) *sending {
	s := &sending{pad: newPad(env, "One")}
	s.send = ui.NewSender(env, ui.Write[string, string]{
		Vendor: "V", Op: "comment", Class: "comment", Words: "comment on ticket 5",
		Send: func(_ context.Context, text string) (string, error) { return "sent " + text, nil },
		ReadBack: func(_ context.Context, text string, _ time.Time) (ui.Landing, error) {
			return map[string]ui.Landing{"there": ui.Landed, "gone": ui.DidNot}[text], nil
		},
	})
	return s
}

func (s *sending) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if msg.String() == "s" {
			return s.send.Start("5", s.typed, func() tea.Cmd { s.safe++; return nil })
		}
	case ui.Result[string]:
		if s.send.Accept(msg) {
			s.got = append(s.got, msg.Value)
			if msg.Err != nil {
				s.got = append(s.got, msg.Err.Error())
			}
			return nil
		}
	}
	return s.pad.Update(msg)
}

func TestWriteCanBeTakenBackWithinItsWindow(t *testing.T) {
	env := uitest.Env(t, monday)
	b := &box{undo: 10 * time.Second}
	env.Outbox = b
	s := newSending(env)
	d := uitest.New(t, env, 80, 24, s)
	d.Type("his").Settle()
	require.Equal(t, []string{`comment "hi"`}, b.queued)
	require.Equal(t, 1, s.safe)
	require.Contains(t, d.Screen(), "comment on ticket 5: sent in 10 s ctrl+x take back")
	d.Type("s").Settle() // one is out: a second press sends nothing
	require.Len(t, b.queued, 1)
	d.Advance(4 * time.Second)
	require.Contains(t, d.Screen(), "sent in 6 s")
	d.Type("<ctrl+c>")
	require.Contains(t, d.Screen(), "1 write has not been sent yet")
	d.Type("n<ctrl+x>").Settle()
	require.Equal(t, []string{"comment"}, b.back)
	require.Equal(t, []string{"", ui.ErrTakenBack.Error()}, s.got)
	d.Advance(time.Minute).Settle()
	require.Empty(t, b.sent)

	d.Type("s").Settle()
	d.Advance(9 * time.Second).Settle()
	require.Empty(t, b.sent)
	d.Advance(time.Second).Settle()
	require.Equal(t, []string{"comment"}, b.sent)
	require.Equal(t, "sent hi", s.got[2])
	require.NotContains(t, d.Screen(), "take back")
}

func TestNothingIsSentThatCouldNotBeWrittenDown(t *testing.T) {
	env := uitest.Env(t, monday)
	b := &box{fail: errors.New("The disk is full.")}
	env.Outbox = b
	s := newSending(env)
	d := uitest.New(t, env, 80, 24, s)
	d.Type("his").Settle().Advance(time.Minute).Settle()
	require.Equal(t, []string{"", "The disk is full."}, s.got)
	require.Zero(t, s.safe)
	require.Empty(t, b.sent)
}

func TestLostAnswersAreReadBackAtTheStart(t *testing.T) {
	env := uitest.Env(t, monday)
	left := func(id, payload string, unknown bool) ui.Left {
		return ui.Left{ID: id, Unknown: unknown, Intent: ui.Intent{Vendor: "V", Op: "comment", Payload: []byte(payload)}}
	}
	b := &box{left: []ui.Left{
		left("1", `"there"`, true), left("2", `"gone"`, true), left("3", `"dark"`, true), left("4", `"later"`, false),
		{ID: "5", Unknown: true, Intent: ui.Intent{Vendor: "nobody", Op: "else"}},
	}}
	env.Outbox = b
	s := newSending(env)
	d := uitest.New(t, env, 80, 24, s).Settle()
	require.Equal(t, []ui.Landing{ui.Landed, ui.DidNot}, b.resolved)
	require.Empty(t, b.sent, "nothing is sent again by itself")
	words := strings.Join(strings.Fields(d.Screen()), " ")
	require.Contains(t, words, "1 landed, 1 did not, 2 may have landed.")
	require.Contains(t, words, "1 confirmed in an earlier session and never sent.")

	d.Deliver(tea.KeyPressMsg{Code: tea.KeyEscape})
	d.Run(env.Again(left("4", `"later"`, false))).Settle()
	require.Equal(t, []string{"4"}, b.sent)
	require.Contains(t, d.Screen(), "Sent.")
}

// shelf is drafts in memory, with another session's text on it.
type shelf struct {
	noted map[string]string
	other ui.Other
	text  map[string]string
}

func (s *shelf) Note(_, _ string, v map[string]string)         { s.noted = v }
func (s *shelf) Drop(string, string)                           { s.noted = nil }
func (s *shelf) Flush()                                        {}
func (s *shelf) Trouble() string                               { return "" }
func (s *shelf) Kept(string, string) (map[string]string, bool) { return nil, false }
func (s *shelf) Second(string, string) bool                    { return false }
func (s *shelf) Look(context.Context, string, string) (ui.Other, bool, error) {
	return s.other, s.other.ID != "", nil
}
func (s *shelf) Take(context.Context, ui.Other) (map[string]string, error) { return s.text, nil }

// A draft brings along what it was typed over, whoever takes it up.
func TestTakenTextKeepsWhatItWasTypedOver(t *testing.T) {
	env := uitest.Env(t, monday)
	first := &shelf{}
	env.Drafts = first
	d := uitest.New(t, env, 80, 24, newPad(env, "One"))
	edit := func(env *ui.Env, row string) *map[string]string {
		over := map[string]string{"a": row}
		f := form.New(env.Theme, form.Text("a", "Name"))
		f.Set("a", row)
		dialog := ui.NewFormDialog(env, "Edit", f, func(map[string]string) tea.Cmd { return nil })
		dialog.Over(over, func(was map[string]string) { over = was }).Keep("edit", "7")
		env.Open(dialog)
		return &over
	}
	edit(env, "Ann")
	d.Type("a")
	require.Equal(t, "Anna", first.noted["a"])

	other := uitest.Env(t, monday)
	other.Drafts = &shelf{other: ui.Other{ID: "1", Live: true, Where: "desk2, since 09:00"}, text: first.noted}
	d = uitest.New(t, other, 80, 24, newPad(other, "One"))
	over := edit(other, "Anne") // a colleague's change meanwhile
	d.Type("x<backspace>").Settle().See("open in another session, desk2")
	d.Type("<ctrl+o>").Settle().See("Anna")
	require.Equal(t, map[string]string{"a": "Ann"}, *over)
}
