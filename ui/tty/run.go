package tty

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/tty/guard"
)

// How long a terminal that takes no output may hold up the end.
const (
	leaving = time.Second     // before what the program still writes is given up
	lastOut = 2 * time.Second // for what it wrote already

	traceWait = 100 * time.Millisecond
)

// Run shows the model on the terminal until it ends. Without an error it ended
// because it wanted to, ctx did, a signal said so, or the terminal went away.
// tea.ErrProgramPanic is the only other error of the program itself; its trace
// goes to the guardian and not to the screen.
func Run(ctx context.Context, in *Reader, out *Wall, model tea.Model, opts ...tea.ProgramOption) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	end := func(s syscall.Signal) {
		guard.EndBy(s)
		cancel()
	}
	in.lost = func() { end(syscall.SIGHUP) }
	out.pump.lost = in.lost
	defer heed(end)()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(leaving, out.pump.giveUp) })
	defer stop()
	s := newScreen(in, out, model)
	p := tea.NewProgram(s, append(append(opts, s.options()...), tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out),
		// Bubble Tea's own handler never returns when the program ends
		// while it passes a signal on.
		tea.WithoutSignalHandler())...)
	guard.Hush()
	guard.Entered(func() { p.Send(tea.SuspendMsg{}) })
	err := s.enter(p)
	if err == nil {
		_, err = p.Run()
	}
	s.leave()
	if errors.Is(err, tea.ErrProgramPanic) {
		guard.Panicked()
		time.Sleep(traceWait) // whoever panicked is writing its trace
	}
	if out.left() {
		guard.Left()
	}
	if errors.Is(err, tea.ErrInterrupted) {
		end(syscall.SIGINT)
	}
	if ctx.Err() != nil && !errors.Is(err, tea.ErrProgramPanic) {
		return nil
	}
	return err
}

// heed listens to the signals that ask a program to end, until the function it
// returns is called.
func heed(end func(syscall.Signal)) (stop func()) {
	c := make(chan os.Signal, 8)
	signal.Notify(c, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
	over := make(chan struct{})
	go func() {
		select {
		case s := <-c:
			end(s.(syscall.Signal))
			// More of them must not kill what is on its way out.
			<-over
		case <-over:
		}
	}()
	return func() {
		close(over)
		signal.Stop(c)
	}
}

// left reports that the terminal took everything, the end of the alternate
// screen included.
func (w *Wall) left() bool {
	whole := w.pump.flush(lastOut)
	w.pump.giveUp()
	w.mu.Lock()
	defer w.mu.Unlock()
	return whole && !w.alt
}
