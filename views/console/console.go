// Package console puts the screen together: what a practice's desk stands on,
// the vendors' clients, the tabs over them, and the terminal. It decides
// nothing about a vendor, a form or a record; the tabs do.
package console

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/state/booking"
	"frontdesk/state/config"
	"frontdesk/state/secrets"
	"frontdesk/ui"
	"frontdesk/ui/theme"
	"frontdesk/ui/tty"
	"frontdesk/ui/tty/guard"
	"frontdesk/views/cli"
)

// Options is everything a console stands on.
type Options struct {
	Profile config.Profile
	Ledger  string // path of the ledger, or of the file beside one on a server
	Secrets *secrets.Store
	// Credentials are what signs in at a vendor, by the vendor's name.
	Credentials func(ctx context.Context, vendor string) (secrets.Bundle, error)
	Where       string       // where they live, in words
	Log         *slog.Logger // nil: none
	Keys        cli.Keys     // of drafts and the trail
	State       string       // folder of drafts, outbox and trail
	Files       string       // where entry cards are saved
	Notice      string       // what is wrong with this start, if anything
	Ready       func()       // called before the terminal is taken over
}

// Run shows the screen until it is left.
func Run(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := o.Profile
	held, kept, err := open(ctx, o)
	defer held.close()
	if kept != nil {
		defer kept.Shut()
	}
	if err != nil {
		return err
	}
	to, err := dial(o, kept)
	if err != nil {
		return err
	}
	defer to.Close()
	actor := booking.Here()
	book := booking.Open(held.db, to.emr, booking.Options{
		Practice: p.Practice, Zone: p.Zone, Actor: actor, HoldFor: p.Hold, Overdue: p.Overdue,
		RequestedTag: p.RequestedTag, Parallel: p.Naturaesoft.Parallel,
		Aside: held.aside, Trace: kept.Did,
	})
	look := appearance(p)
	box := bench{kept}
	env := &ui.Env{
		Ctx: ctx, Theme: theme.New(look), Practice: p.Practice, Live: p.Environment == config.Live,
		Zone: p.Zone, Keys: o.Where,
		Drafts: box, Audit: kept.Did, Outbox: box, Mouse: p.Mouse,
		AskBackground: os.Getenv("SSH_TTY")+os.Getenv("SSH_CONNECTION") == "" && (look.Name == theme.Auto || look.Name == ""),
		Health:        held.health(to.health),
	}
	env.Lock = locking(ctx, o, kept, to.Reset)
	wall := tty.NewWall(os.Stdout, ui.Title)
	env.Clipboard = func(text string) tea.Cmd {
		seq := ansi.SetSystemClipboard(text)
		wall.Permit(seq)
		return tea.Raw(seq)
	}
	if !p.CopyPatientData {
		env.NoCopy = "This profile keeps patients' data off the clipboard (copy_patient_data = false). Save it as a file instead."
	}
	on := &stage{o: o, env: env, to: to, box: box, ledger: held.db, book: book, actor: actor, wall: wall}
	defer on.close()
	tabs, err := on.tabs(ctx)
	if err != nil {
		return err
	}
	app := ui.New(env, look, tabs...)
	if words := cmp.Or(kept.Unkept(), o.Notice); words != "" {
		env.Fail(words)
	}
	o.Ready()
	err = tty.Run(ctx, tty.NewReader(os.Stdin), wall, app)
	if err == nil && app.LoggedOff() {
		_, _ = io.WriteString(guard.Stderr(), "frontdesk: logged off, because nobody was at the desk. What was typed is kept.\n")
	}
	return err
}

// choices are how the profile wants its desk kept.
func choices(ctx context.Context, o Options) cli.Choices {
	p := o.Profile
	return cli.Choices{Head: cli.NewHead(ctx, o.Secrets, p.Name), Undo: map[string]time.Duration{
		"comment": p.UndoComment, "money": p.UndoMoney, "termination": p.UndoTermination, "deactivation": p.UndoTermination,
	}}
}

// appearance is the look the profile and the terminal ask for.
func appearance(p config.Profile) theme.Options {
	return theme.Options{
		Name: theme.Name(p.Theme), Dark: true, ASCII: cli.Plain(p.ASCII, os.Getenv), NoColor: os.Getenv("NO_COLOR") != "",
	}
}
