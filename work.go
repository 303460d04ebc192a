package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"frontdesk/clients/sandbox"
	"frontdesk/state/config"
	"frontdesk/state/secrets"
	"frontdesk/views/cli"
)

// work adds the subcommands that do without the screen.
func work(root *cobra.Command, flags *overrides) {
	root.Args = cli.Args(cobra.NoArgs)
	root.PersistentFlags().StringVar(&flags.sandbox, "sandbox", "", "let a subcommand work on the sandbox at this `address`: http://127.0.0.1:8080")
	root.PersistentFlags().IntVar(&flags.passphrase, "passphrase-fd", -1, "read the vault's passphrase from this `descriptor`, where there is no terminal to ask on; -1: none")
	root.AddCommand(cli.Work(flags.ground)...)
	for flag, words := range map[string]func() []string{
		"profile": profiles, "sandbox": nil, "passphrase-fd": nil,
		"theme": func() []string { return []string{"auto", "light", "dark", "contrast"} },
	} {
		_ = root.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if words == nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return words(), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// profiles are the names that --profile takes.
func profiles() []string {
	file, err := config.Load(config.Paths().Config)
	if err != nil {
		return nil
	}
	return file.Names()
}

// ground is what a subcommand works on: the profile's practice, or a sandbox.
func (o *overrides) ground(ctx context.Context) (cli.Ground, error) {
	if !cli.Completing(ctx) {
		o.loud() // it may ask
	}
	if o.sandbox != "" {
		return o.sandboxGround()
	}
	p, err := o.load()
	if err != nil {
		return cli.Ground{}, err
	}
	var pass []byte
	if !cli.Completing(ctx) {
		if pass, err = o.given(); err != nil {
			return cli.Ground{}, err
		}
	}
	return cli.Live(ctx, p, pass)
}

// given is the vault's passphrase where --passphrase-fd names a descriptor.
func (o *overrides) given() ([]byte, error) {
	if o.passphrase < 0 {
		return nil, nil
	}
	return passphrase(o.passphrase)
}

// passphrase reads the vault's passphrase from a descriptor, without the end of
// its line. In a terminal this process has descriptors of its own.
func passphrase(fd int) ([]byte, error) {
	if term.IsTerminal(0) && term.IsTerminal(1) {
		return nil, cli.Usage(errors.New("--passphrase-fd is for where there is no terminal: here the passphrase is asked for"))
	}
	f := os.NewFile(uintptr(fd), "passphrase")
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		return nil, cli.Usage(errors.New("--passphrase-fd names no descriptor that can be read"))
	}
	return []byte(strings.TrimRight(string(text), "\r\n")), nil
}

// sandboxGround is a practice of made-up people. Desks and commands of this
// account that name the same sandbox share its ledger; the keys seal nothing
// that is anybody's.
func (o *overrides) sandboxGround() (cli.Ground, error) {
	zone, err := time.LoadLocation(demoZone)
	if err != nil {
		return cli.Ground{}, err
	}
	join := strings.TrimRight(o.sandbox, "/")
	ledger, err := sharedLedger("--sandbox", join)
	if err != nil {
		return cli.Ground{}, err
	}
	key := sha256.Sum256([]byte("frontdesk sandbox"))
	return cli.Ground{
		Profile: demoProfile(join, zone, *o), Keys: cli.Keys{Seal: key[:], Clinic: key[:]}, Ledger: ledger,
		State: strings.TrimSuffix(ledger, filepath.Ext(ledger)) + "-desk",
		Credentials: func(_ context.Context, vendor string) (secrets.Bundle, error) {
			return sandbox.Credentials(vendor), nil
		},
	}, nil
}

// demoProfile is the sandbox's practice.
func demoProfile(join string, zone *time.Location, flags overrides) config.Profile {
	who := "demo"
	if u, err := user.Current(); err == nil {
		who = u.Username
	}
	return config.Profile{
		Name: "demo", Practice: "Riverside Training Clinic", Environment: config.Sandbox, Zone: zone, Operator: who,
		Durations: []int{15, 30, 45, 60}, VisitTypes: []string{"NEW", "FOLLOWUP"}, RequestedTag: "Appointment requested",
		Mouse: true, CopyPatientData: true, UndoComment: 10 * time.Second, UndoMoney: 30 * time.Second, UndoTermination: time.Minute,
		Theme: flags.theme, ASCII: flags.ascii,
		Naturaesoft:        config.Naturaesoft{Base: sandbox.Base(join, "naturaesoft"), PPass: sandbox.PracticeID},
		Connect4Healthcare: config.Connect4Healthcare{Base: sandbox.Base(join, "connect4healthcare")},
		InboxHealth:        config.InboxHealth{Base: sandbox.Base(join, "inboxhealth"), AuthMode: config.AuthBoth},
		Updox:              config.Updox{Base: sandbox.Base(join, "updox")},
		AngleHealth: config.AngleHealth{Base: sandbox.Base(join, "anglehealth"), TokenScheme: config.TokenBearer,
			Plans: []string{"silver_ppo", "bronze_epo", "bronze_ppo", "gold_ppo", "delta_dental", "clear_vision"}},
	}
}
