//go:build unix

package tty

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/stretchr/testify/require"
)

// counter shows how many messages it was sent and counts its views.
type counter struct{ told, drawn int }

func (c *counter) Init() tea.Cmd                       { return nil }
func (c *counter) Update(tea.Msg) (tea.Model, tea.Cmd) { c.told++; return c, nil }
func (c *counter) View() tea.View {
	c.drawn++
	return tea.NewView(fmt.Sprintf("told %d", c.told))
}

// desk is a screen without a program; tell is what Bubble Tea does with a
// message.
type desk struct {
	*screen
	model *counter
	sink  *sink
	later chan tea.Msg
}

func newDesk() *desk {
	w, s := newWall()
	d := &desk{model: &counter{}, sink: s, later: make(chan tea.Msg, 1)}
	d.screen = newScreen(nil, w, d.model)
	d.paint = newPainter(w, []string{"TERM=xterm-256color"})
	d.send = func(msg tea.Msg) { d.later <- msg }
	d.tell(tea.WindowSizeMsg{Width: 20, Height: 3})
	return d
}

func (d *desk) tell(msg tea.Msg) {
	_, _ = d.Update(msg)
	d.View()
}

// shows is the text a terminal has after all that was sent.
func (d *desk) shows() string {
	e := vt.NewEmulator(20, 3)
	go func() { _, _ = io.Copy(io.Discard, e) }()
	defer func() { _ = e.InputPipe().(io.Closer).Close() }()
	_, _ = e.WriteString(d.sink.String())
	return strings.TrimSpace(e.String())
}

func TestNothingIsPaintedBeforeTheSizeIsKnown(t *testing.T) {
	w, s := newWall()
	sc := newScreen(nil, w, &counter{})
	sc.View()
	require.Empty(t, s.String())
}

// TestAKeyIsPaintedAtOnceAndAFloodAtAPace sends a message with every
// millisecond: the first is painted with it, the last soon after it.
func TestAKeyIsPaintedAtOnceAndAFloodAtAPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		<-time.After(time.Minute)
		d.tell(tea.KeyPressMsg{Code: 'a'})
		require.Equal(t, 2, d.model.drawn, "at once")
		for tick := range 800 {
			select {
			case msg := <-d.later:
				d.tell(msg)
			case <-time.After(time.Millisecond):
				d.tell(tick)
			}
		}
		require.InDelta(t, 800/8, d.model.drawn, 15)
		for d.waiting { // the last message may have been painted at once
			d.tell(<-d.later)
		}
		require.Equal(t, fmt.Sprint("told ", d.model.told), d.shows(), "the last is not lost")
		drawn := d.model.drawn
		select {
		case <-d.later:
			t.Fatal("there is nothing to paint any more")
		case <-time.After(time.Hour):
		}
		require.Equal(t, drawn, d.model.drawn)
	})
}

// TestABlockedTerminalIsSentTheNewestFrameOnly is a line that takes nothing for
// a while: frames do not pile up.
func TestABlockedTerminalIsSentTheNewestFrameOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		<-time.After(time.Minute)
		taking := make(chan struct{})
		d.out.pump.to = writer(func(p []byte) (int, error) {
			<-taking
			return d.sink.Write(p)
		})
		for range 500 {
			d.tell(tea.KeyPressMsg{Code: 'a'})
			<-time.After(20 * time.Millisecond)
		}
		require.Equal(t, 2, d.model.drawn)
		close(taking)
		d.tell(<-d.later)
		require.Equal(t, 3, d.model.drawn)
		require.Equal(t, 501, d.model.told)
		require.Equal(t, "told 501", d.shows())
	})
}

// TestWhatAModelAsksForGoesOutAtOnce is copying and the terminal's colours.
func TestWhatAModelAsksForGoesOutAtOnce(t *testing.T) {
	d := newDesk()
	require.True(t, d.out.pump.flush(time.Minute))
	before := len(d.sink.String())
	seq := ansi.SetSystemClipboard("555-555-0123")
	d.out.Permit(seq)
	require.Nil(t, d.filter(nil, tea.Raw(seq)()))
	require.Nil(t, d.filter(nil, tea.RequestBackgroundColor()))
	require.True(t, d.out.pump.flush(time.Minute))
	require.Equal(t, seq+ansi.RequestBackgroundColor, d.sink.String()[before:])
	require.Equal(t, tea.KeyPressMsg{Code: 'a'}, d.filter(nil, tea.KeyPressMsg{Code: 'a'}))
}

// TestASuspectScreenIsPaintedAgain has something get as far as the Wall.
func TestASuspectScreenIsPaintedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		<-time.After(time.Second)
		d.tell(tea.FocusMsg{})
		sent := len(d.sink.String())
		_, _ = io.WriteString(d.out, "\x1b]0;x\a")
		<-time.After(time.Second)
		d.tell(tea.FocusMsg{})
		require.Contains(t, d.sink.String()[sent:], ansi.EraseEntireScreen)
		sent = len(d.sink.String())
		<-time.After(time.Second)
		d.tell(tea.FocusMsg{})
		require.NotContains(t, d.sink.String()[sent:], ansi.EraseEntireScreen, "once")
	})
}

// TestWhoIsAskedForModes keeps questions from terminals that would show them.
func TestWhoIsAskedForModes(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{map[string]string{}, true},
		{map[string]string{"SSH_TTY": "/dev/pts/1", "TERM": "xterm"}, false},
		{map[string]string{"SSH_TTY": "/dev/pts/1", "TERM": "xterm-kitty"}, true},
		{map[string]string{"TERM_PROGRAM": "Apple_Terminal"}, false},
		{map[string]string{"TERM_PROGRAM": "iTerm.app"}, true},
		{map[string]string{"TERM_PROGRAM": "iTerm.app", "SSH_TTY": "/dev/pts/1"}, false},
		{map[string]string{"SSH_TTY": "/dev/pts/1", "WT_SESSION": "1"}, true},
	} {
		require.Equal(t, c.want, known(func(k string) (string, bool) { v, ok := c.env[k]; return v, ok }), c.env)
	}
}
