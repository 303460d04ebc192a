package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"frontdesk/clients/safe"
	"frontdesk/state/config"
	"frontdesk/state/secrets"
	"frontdesk/state/store"
)

// The states of a check, as they stand in the JSON.
const (
	checkOK   = "ok"
	checkWarn = "warn"
	checkFail = "fail"
)

// Check is what was found about one thing the console stands on. It holds no
// secret, and of the configuration no value but addresses and paths.
type Check struct {
	Name   string `json:"name"`
	Status string `json:"status"` // ok, warn or fail
	Words  string `json:"words"`
	Remedy string `json:"remedy"` // what to do; empty when all is well
}

func fine(name, words string) Check         { return Check{name, checkOK, words, ""} }
func warn(name, words, remedy string) Check { return Check{name, checkWarn, words, remedy} }
func fail(name, words, remedy string) Check { return Check{name, checkFail, words, remedy} }

// keeper is where secrets live, as of secrets.Store.
type keeper interface {
	Where() secrets.Where
	State() secrets.State
	Load(ctx context.Context, profile, vendor string) (secrets.Bundle, error)
	Save(ctx context.Context, profile, vendor string, b secrets.Bundle) error
	Forget(ctx context.Context, profile, vendor string) error
}

// Machine is what Doctor looks at.
type Machine struct {
	Profile func() (config.Profile, error)
	Keep    keeper
	Places  config.Places
	Env     func(string) string
	// Size is the terminal's; false when there is none.
	Size func() (width, height int, ok bool)
	// NetworkFS names the network file system of a folder, "" for none.
	NetworkFS func(dir string) string
	// Free is the free bytes of a folder's disk; false when nobody can tell.
	Free  func(dir string) (uint64, bool)
	Visit func(context.Context, string) visit // asks an address
	Now   func() time.Time
}

// ThisMachine is the one the program runs on.
func ThisMachine(ctx context.Context, load func() (config.Profile, error)) Machine {
	places := config.Paths()
	return Machine{
		Profile: load, Keep: secrets.Open(ctx, secrets.Options{Dir: places.State}), Places: places, Env: os.Getenv,
		Size: terminalSize, NetworkFS: store.NetworkFS, Free: freeBytes, Visit: knock(nil), Now: time.Now,
	}
}

// terminalSize asks whichever of the standard files is a terminal: the output
// of doctor is often a pipe.
func terminalSize() (int, int, bool) {
	for _, f := range []*os.File{os.Stdout, os.Stdin, os.Stderr} {
		if w, h, err := term.GetSize(int(f.Fd())); err == nil {
			return w, h, true
		}
	}
	return 0, 0, false
}

// unwell is the end of a Doctor that found something failing.
type unwell struct{ fails int }

func (e *unwell) Error() string { return fmt.Sprintf("%d checks failed", e.fails) }

// UserMessage says how many failed; each has its remedy beside it.
func (e *unwell) UserMessage() string {
	if e.fails == 1 {
		return "One check failed: what to do stands beside it."
	}
	return fmt.Sprintf("%d checks failed: what to do stands beside each.", e.fails)
}

// Doctor looks the machine over and writes what it found: lines for people, or
// {"version":1,"checks":[...]}. The error, of exit code 3, tells that a check
// failed.
func Doctor(ctx context.Context, m Machine, out io.Writer, asJSON bool) error {
	checks := m.examine(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	p, _ := m.Profile()
	write, out := writeText, Words(out, !asJSON && Plain(p.ASCII, m.Env))
	if asJSON {
		write = writeJSON
	}
	if err := write(out, checks); err != nil {
		return err
	}
	fails := 0
	for _, c := range checks {
		if c.Status == checkFail {
			fails++
		}
	}
	if fails > 0 {
		return &unwell{fails}
	}
	return nil
}

// examine makes every check; the vendors are asked at the same time.
func (m Machine) examine(ctx context.Context) []Check {
	p, err := m.Profile()
	checks := []Check{m.config(p, err)}
	if err != nil {
		p = config.Profile{}
	} else {
		checks = append(checks, m.zone(p))
	}
	checks = append(checks, m.keyring(ctx), m.bus())
	checks = append(checks, m.terminal(p)...)
	used := endpoints(p)
	asked := make([][]Check, len(used))
	var all sync.WaitGroup
	for i, e := range used {
		all.Go(func() { asked[i] = m.vendor(ctx, p.Name, e) })
	}
	all.Wait()
	for _, found := range asked {
		checks = append(checks, found...)
	}
	if err == nil {
		checks = append(checks, m.ledger(p))
	}
	checks = append(checks, m.state(), m.disk(p, err == nil))
	for i, c := range checks { // paths and variables can hold anything
		checks[i].Words, checks[i].Remedy = line(c.Words), line(c.Remedy)
	}
	return checks
}

// line makes text one line that can only draw text.
func line(s string) string {
	return strings.Join(strings.Fields(safe.Paragraphs(s).String()), " ")
}

var checksShape = shape[Check]("checks", true)

func writeJSON(out io.Writer, checks []Check) error { return wrapJSON(out, "checks", checks, false) }

// writeText aligns the words; a remedy stands below what it is for.
func writeText(out io.Writer, checks []Check) error {
	const status, width = 6, 100
	name, count := 0, map[string]int{}
	for _, c := range checks {
		name = max(name, len(c.Name)+2)
		count[c.Status]++
	}
	var b strings.Builder
	for _, c := range checks {
		lines := wrapped(c.Words, width-status-name)
		if c.Remedy != "" {
			lines = append(lines, wrapped("-> "+c.Remedy, width-status-name)...)
		}
		lead := fmt.Sprintf("%-*s%-*s", status, c.Status, name, c.Name)
		for _, l := range lines {
			b.WriteString(lead + l + "\n")
			lead = strings.Repeat(" ", status+name)
		}
	}
	fmt.Fprintf(&b, "\n%d ok, %d to look at, %d failed\n", count[checkOK], count[checkWarn], count[checkFail])
	_, err := io.WriteString(out, b.String())
	return err
}

// wrapped breaks words at spaces only: a path can be copied.
func wrapped(words string, width int) []string {
	var lines []string
	for _, w := range strings.Fields(words) {
		if n := len(lines) - 1; n >= 0 && len(lines[n])+1+len(w) <= width {
			lines[n] += " " + w
		} else {
			lines = append(lines, w)
		}
	}
	return lines
}

// endpoint is one vendor the profile uses.
type endpoint struct{ vendor, base string }

func endpoints(p config.Profile) []endpoint {
	var used []endpoint
	add := func(on bool, vendor, base string) {
		if on {
			used = append(used, endpoint{vendor, base})
		}
	}
	add(p.Naturaesoft.Used(), "naturaesoft", p.Naturaesoft.Base)
	add(p.Connect4Healthcare.Used(), "connect4healthcare", p.Connect4Healthcare.Base)
	add(p.InboxHealth.Used(), "inboxhealth", p.InboxHealth.Base)
	add(p.Updox.Used(), "updox", p.Updox.Base)
	add(p.AngleHealth.Used(), "anglehealth", p.AngleHealth.Base)
	return used
}

// config says which profile is used and where its keys came from.
func (m Machine) config(p config.Profile, err error) Check {
	switch {
	case errors.Is(err, config.ErrNoProfile):
		return warn("config", "no profile is set up; looked in "+m.Places.Config, "Look around with frontdesk demo, or start frontdesk to see how a profile is written.")
	case err != nil:
		return fail("config", Sentence(err), "Correct the file or variable named here.")
	}
	words := "profile " + p.Name
	places := map[string]int{}
	for _, from := range p.Origins() {
		places[from]++
	}
	return fine("config", words+"; "+origins(places))
}
