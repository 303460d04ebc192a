package cli

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"frontdesk/state/config"
)

// NeedTerminal refuses where the screen could not be drawn.
func NeedTerminal() error {
	if !term.IsTerminal(int(os.Stdin.Fd())) || !term.IsTerminal(int(os.Stdout.Fd())) {
		return Usage(errors.New("the console needs a terminal for its input and output: start it without pipes or redirections"))
	}
	if t := os.Getenv("TERM"); t == "" || t == "dumb" {
		return Usage(errors.New("this terminal cannot draw the console (TERM is empty or dumb): set TERM, for instance to xterm-256color"))
	}
	return nil
}

// Logger opens the log file when the profile wants one; what it must never
// hold is kept out where it is written. With an error there is no log, and the
// rest goes on.
func Logger(on bool, path string) (*slog.Logger, func(), error) {
	if !on {
		return nil, func() {}, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, func() {}, err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, func() {}, err
	}
	return slog.New(slog.NewJSONHandler(f, nil)), func() { _ = f.Close() }, nil
}

// NoLog says that the log is not written.
func NoLog(path string) string {
	return "The log " + path + " cannot be written, so there is none. Put its folder right and start again."
}

// KeepCrash writes where the program was when it died, and nothing else of it,
// beside the log: names of functions and lines of the program.
func KeepCrash(trace string) {
	places := config.Paths()
	if trace == "" || os.MkdirAll(places.State, 0o700) != nil {
		return
	}
	_ = os.WriteFile(filepath.Join(places.State, "crash.txt"), []byte(Version()+"\n"+trace+"\n"), 0o600)
}
