//go:build unix

package tty

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"
)

// pace is the least time between two frames while messages flood.
const pace = 8 * time.Millisecond

// screen is the model on its terminal, painted when a message changed it and
// not by a clock: Bubble Tea runs without a renderer and asks for a view after
// every message, which is where the painting is done. What Bubble Tea does not
// do without a renderer is done here too: raw mode, the size, and letting go of
// the terminal while the program is suspended or runs another.
type screen struct {
	tea.Model
	in      *Reader
	out     *Wall
	paint   *painter
	send    func(tea.Msg)
	over    chan struct{}
	before  *term.State // of a terminal that is not ours
	sized   bool
	due     time.Time // when the next frame may be painted
	waiting bool      // for due, or for the terminal
	dropped uint64    // by the Wall, when everything was painted last
}

// paintMsg is the end of waiting.
type paintMsg struct{}

func newScreen(in *Reader, out *Wall, model tea.Model) *screen {
	return &screen{Model: model, in: in, out: out, paint: newPainter(out, os.Environ()), over: make(chan struct{})}
}

// options are what the screen needs of a program.
func (s *screen) options() []tea.ProgramOption {
	// Of standard output, where the Wall writes: Lip Gloss has found that out,
	// and in tmux asking again would start a process.
	colours := lipgloss.Writer.Profile
	s.paint.colour(colours)
	w, h, _ := term.GetSize(int(s.out.Fd()))
	return []tea.ProgramOption{
		tea.WithColorProfile(colours), tea.WithWindowSize(w, h), tea.WithFilter(s.filter),
		// Its clock goes on without a renderer, to send what a model
		// has asked for besides frames. The filter sends that at once.
		tea.WithoutRenderer(), tea.WithFPS(1),
	}
}

// enter takes the terminal over; leave must be called in the end.
func (s *screen) enter(p *tea.Program) error {
	s.send = p.Send
	if err := s.raw(); err != nil {
		return err
	}
	if known(os.LookupEnv) {
		_, _ = io.WriteString(s.out, ansi.RequestModeSynchronizedOutput+ansi.RequestModeUnicodeCore)
	}
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGWINCH, syscall.SIGCONT) // others may have drawn meanwhile
	go func() {
		defer signal.Stop(c)
		for {
			select {
			case <-c:
				s.measure()
			case <-s.over:
				return
			}
		}
	}()
	return nil
}

// leave ends what enter began.
func (s *screen) leave() {
	close(s.over)
	s.release()
}

// known reports that a terminal may be asked for its modes: some at the other
// end of a line show the question.
func known(env func(string) (string, bool)) bool {
	program, named := env("TERM_PROGRAM")
	_, far := env("SSH_TTY")
	if _, ok := env("WT_SESSION"); ok || !far && !(named && strings.Contains(program, "Apple")) {
		return true
	}
	kind, _ := env("TERM")
	for _, good := range []string{"ghostty", "wezterm", "alacritty", "kitty", "rio"} {
		if strings.Contains(kind, good) {
			return true
		}
	}
	return false
}

func (s *screen) measure() {
	if w, h, err := term.GetSize(int(s.out.Fd())); err == nil {
		s.send(tea.WindowSizeMsg{Width: w, Height: h})
	}
}

// filter sees messages before Bubble Tea does.
func (s *screen) filter(_ tea.Model, msg tea.Msg) tea.Msg {
	switch raw, ok := msg.(tea.RawMsg); {
	case ok:
		_, _ = io.WriteString(s.out, fmt.Sprint(raw.Msg))
		return nil
	case msg == tea.RequestBackgroundColor():
		_, _ = io.WriteString(s.out, ansi.RequestBackgroundColor)
		return nil
	case away(msg):
		s.release()
	}
	return msg
}

var execMsg = reflect.TypeOf(tea.Exec(nil, nil)())

// away reports a message that gives the terminal to somebody else. The model
// is told of it when it is ours again.
func away(msg tea.Msg) bool {
	_, suspend := msg.(tea.SuspendMsg)
	return suspend || reflect.TypeOf(msg) == execMsg
}

// raw makes the terminal deliver keys.
func (s *screen) raw() (err error) {
	s.before, err = term.MakeRaw(int(s.in.Fd()))
	return err
}

// release gives the terminal back as it was found.
func (s *screen) release() {
	s.paint.leave()
	if s.before != nil {
		_ = term.Restore(int(s.in.Fd()), s.before)
	}
}

// Update tells the model, and the painter what concerns it.
func (s *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case paintMsg:
		s.waiting = false
		return s, nil
	case tea.WindowSizeMsg:
		s.paint.resize(msg.Width, msg.Height)
		s.sized, s.due = true, time.Time{}
	case tea.ColorProfileMsg:
		s.paint.colour(msg.Profile)
	case tea.ModeReportMsg:
		s.paint.report(msg)
	case tea.FocusMsg:
		s.suspect()
	}
	if away(msg) {
		_ = s.raw()
		go s.measure()
	}
	var cmd tea.Cmd
	s.Model, cmd = s.Model.Update(msg)
	return s, cmd
}

// suspect has everything painted again when the Wall kept something back: where
// it stood in a frame, the screen is not what the painter thinks.
func (s *screen) suspect() {
	if n := s.out.Dropped(); n != s.dropped {
		s.dropped, s.paint.whole = n, true
	}
}

// View paints. A terminal that has not taken the last frame gets none before
// it has, and then the newest.
func (s *screen) View() tea.View {
	if !s.sized || s.waiting {
		return tea.View{}
	}
	busy := s.out.pump.busy()
	wait := time.Until(s.due)
	switch {
	case busy != nil:
		s.waiting = true
		go func() {
			select {
			case <-busy:
			case <-s.out.pump.gone:
			}
			s.send(paintMsg{})
		}()
	case wait > 0:
		s.waiting = true
		time.AfterFunc(wait, func() { s.send(paintMsg{}) })
	default:
		s.paint.paint(s.Model.View())
		s.due = time.Now().Add(pace)
	}
	return tea.View{}
}
