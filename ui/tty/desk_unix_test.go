//go:build unix

package tty_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/tty"
	"frontdesk/ui/tty/guard"
)

const needle = "PHI-NEEDLE"

func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "desk" {
		os.Exit(desk(os.Args[2], os.Args[3]))
	}
	os.Exit(m.Run())
}

// desk is a small program started the way main starts the console. The mode
// says how key x kills it; dir is where it leaves its process ids.
func desk(mode, dir string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if mode == "hard" {
		return hard()
	}
	tty.Harden()
	run := func() int {
		if mode == "refuse" {
			_, _ = fmt.Fprintln(os.Stderr, "frontdesk: there is no such flag")
			return 3
		}
		wall := tty.NewWall(os.Stdout, "frontdesk")
		err := tty.Run(ctx, tty.NewReader(os.Stdin), wall, &model{mode: mode, dir: dir})
		if err != nil {
			_, _ = fmt.Fprintln(guard.Stderr(), "frontdesk: the console ended by an error")
			return 1
		}
		_ = os.WriteFile(filepath.Join(dir, "left"), nil, 0o600)
		return 0
	}
	if dir == "bare" {
		return run()
	}
	return guard.Run(run, func(trace string) {
		_ = os.WriteFile(filepath.Join(dir, "crash"), []byte(trace), 0o600)
	})
}

type model struct {
	mode, dir string
	ready     bool
	dead      bool
	keys      []string
	w, h      int
}

type boom struct{}

// backMsg is the end of a program that had the terminal meanwhile.
type backMsg struct{ err error }

func (m *model) Init() tea.Cmd { return nil }

func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		if !m.ready {
			m.ready = true
			pids := strconv.Itoa(os.Getpid()) + " " + strconv.Itoa(os.Getppid())
			_ = os.WriteFile(filepath.Join(m.dir, "pids.new"), []byte(pids), 0o600)
			_ = os.Rename(filepath.Join(m.dir, "pids.new"), filepath.Join(m.dir, "pids"))
		}
	case backMsg:
		m.keys = append(m.keys, fmt.Sprintf("back(%v)", msg.err))
	case tea.ResumeMsg:
		m.keys = append(m.keys, "resumed")
	case tea.PasteMsg:
		m.keys = append(m.keys, "paste("+msg.Content+")")
	case tea.KeyPressMsg:
		return m, m.press(msg.String())
	}
	return m, nil
}

func (m *model) press(key string) tea.Cmd {
	switch {
	case key == "q":
		return tea.Quit
	case key == "ctrl+z":
		return tea.Suspend
	case key == "e":
		c := exec.Command("/bin/sh", "-c", "echo somebody else; stty -a >\"$0\"; read -r line", filepath.Join(m.dir, "stty"))
		c.Stdin, c.Stdout = os.Stdin, os.Stdout
		return tea.ExecProcess(c, func(err error) tea.Msg { return backMsg{err} })
	case key == "x" && m.mode == "update":
		panic(needle)
	case key == "x" && m.mode == "cmd":
		return func() tea.Msg { panic(errors.New(needle)) }
	case key == "x" && m.mode == "goroutine":
		go func() { panic(boom{}) }()
	case key == "x":
		m.dead = true
	}
	m.keys = append(m.keys, key)
	return nil
}

// Error makes the runtime print the needle.
func (boom) Error() string { return needle }

func (m *model) View() tea.View {
	text := needle + " is on the screen\nkeys: " + strings.Join(m.keys, " ") + "\n" +
		strconv.Itoa(m.w) + "x" + strconv.Itoa(m.h)
	if m.dead && m.mode == "view" {
		panic(needle)
	}
	if m.dead && m.mode == "renderer" {
		text += "\x1b[" + strings.Repeat("1;", 40) + "1m" + needle
	}
	if m.dead && m.mode == "flood" {
		text += strings.Repeat(strings.Repeat("█", m.w)+"\n", m.h)
	}
	v := tea.NewView(text)
	v.AltScreen, v.ReportFocus, v.MouseMode, v.WindowTitle = true, true, tea.MouseModeAllMotion, "frontdesk"
	v.KeyboardEnhancements.ReportEventTypes = true
	return v
}
