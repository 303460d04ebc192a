// Frontdesk is a terminal console for the front office of clinics. This file
// wires flags and subcommands to the packages that do the work.
package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // clinic machines may have no zones installed

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"frontdesk/clients/sandbox"
	"frontdesk/state/config"
	"frontdesk/state/files"
	"frontdesk/state/secrets"
	"frontdesk/ui/theme"
	"frontdesk/ui/tty"
	"frontdesk/ui/tty/guard"
	"frontdesk/views/cli"
	"frontdesk/views/console"
)

func main() {
	tty.Harden()
	os.Exit(guard.Run(func() int {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
		return cli.ExitCode(run(ctx))
	}, cli.KeepCrash))
}

// How much memory a start may take before it is tidied up, and for how long.
// Later spare percent of what is in use may lie about: a desk does little and
// twenty share a host.
const (
	startHeap = 48 << 20
	startTime = time.Second
	spare     = 50
)

// run reads the command line and does what it says.
func run(ctx context.Context) error {
	flags := overrides{loud: func() {}}
	if !completing(os.Args) { // in the shell's own terminal
		flags.loud = guard.Quiet()
	}
	defer flags.loud()
	root := command(&flags)
	err := root.ExecuteContext(ctx)
	if err != nil && !errors.Is(err, tea.ErrProgramPanic) { // of which the guardian tells
		_, _ = fmt.Fprintln(cli.Words(guard.Stderr(), flags.plain()), "frontdesk: "+cli.Sentence(err))
	}
	return err
}

func completing(args []string) bool {
	return len(args) > 1 && (args[1] == cobra.ShellCompRequestCmd || args[1] == cobra.ShellCompNoDescRequestCmd)
}

// command is the whole command line.
func command(flags *overrides) *cobra.Command {
	root := &cobra.Command{
		Use:   "frontdesk",
		Short: "The front office of a clinic, in one terminal",
		Long: "frontdesk is one console over five vendors: free slots and visits, people and tags, tickets, billing,\n" +
			"enrollment. Without a subcommand it opens the console; without a profile it says how to start.",
		Example: "  frontdesk demo                         the console against a sandbox, nothing to set up\n" +
			"  frontdesk                              the console for your practice\n" +
			"  frontdesk slots list --days 7 --json   the same work for scripts\n" +
			"  frontdesk help json | help codes       the shapes of --json, the exit codes",
		RunE: func(cmd *cobra.Command, _ []string) error { return live(cmd.Context(), flags) },
	}
	root.PersistentFlags().StringVar(&flags.profile, "profile", "", "the `name` of the profile to use")
	root.PersistentFlags().StringVar(&flags.theme, "theme", "", "the console's `theme`: auto, light, dark or contrast")
	root.PersistentFlags().BoolVar(&flags.ascii, "ascii", false, "draw borders, marks and quotes in ASCII")
	root.AddGroup(&cobra.Group{ID: "try", Title: "To try it out:"}, &cobra.Group{ID: cli.WorkGroup, Title: "The console's work, without the screen:"},
		&cobra.Group{ID: "machine", Title: "This account and machine:"})
	root.SetHelpCommandGroupID("machine")
	root.SetCompletionCommandGroupID("machine")
	for group, all := range map[string][]*cobra.Command{
		"try": {demoCommand(flags), sandboxCommand()}, "machine": append(cli.Commands(flags.load, flags.given), manCommand()),
	} {
		for _, c := range all {
			c.GroupID, c.Args = group, cli.Args(c.Args)
		}
		root.AddCommand(all...)
	}
	work(root, flags)
	root.AddCommand(cli.Topics(root)...)
	root.SetFlagErrorFunc(cli.Flag)
	root.Flags().Bool("version", false, "print the version")
	root.Version = cli.Version()
	root.SetVersionTemplate("{{.Version}}\n")
	root.SilenceUsage, root.SilenceErrors = true, true
	return root
}

// overrides are the flags that win over environment and file.
type overrides struct {
	profile, theme, sandbox string
	ascii                   bool
	passphrase              int    // a descriptor; -1: none
	loud                    func() // shows again what is typed
}

func (o *overrides) values() config.Overrides {
	set := config.Overrides{}
	if o.profile != "" {
		set["profile"] = o.profile
	}
	if o.theme != "" {
		set["theme"] = o.theme
	}
	if o.ascii {
		set["ascii"] = "true"
	}
	return set
}

// profile reads the configuration.
func (o *overrides) load() (config.Profile, error) {
	file, err := config.Load(config.Paths().Config)
	if err != nil {
		return config.Profile{}, err
	}
	return config.Resolve(file, o.values(), os.Getenv)
}

// plain reports that words are in ASCII. It is asked after an error, which may
// be the configuration's.
func (o *overrides) plain() bool {
	asked := o.ascii
	if !asked && o.sandbox == "" {
		p, _ := o.load()
		asked = p.ASCII
	}
	return cli.Plain(asked, os.Getenv)
}

// live opens the console for the practice of the profile.
func live(ctx context.Context, flags *overrides) error {
	p, err := flags.load()
	if errors.Is(err, config.ErrNoProfile) {
		fmt.Print(cli.FirstSteps(config.Paths().Config))
		return nil
	}
	if err != nil {
		return err
	}
	if err := cli.NeedTerminal(); err != nil {
		return err
	}
	hasten()
	places := config.Paths()
	vault := secrets.Open(ctx, secrets.Options{Dir: places.State})
	in, err := cli.Enter(ctx, vault, p.Name)
	if err != nil {
		return err
	}
	notice := in.Why
	log, closeLog, err := cli.Logger(p.Log, places.Log)
	if err != nil {
		notice = strings.TrimSpace(notice + " " + cli.NoLog(places.Log))
	}
	defer closeLog()
	return console.Run(ctx, console.Options{
		Profile: p, Ledger: places.Ledger(p), Credentials: credentials(vault, p.Name, in.EMR), Log: log, Secrets: vault,
		Where: strings.TrimPrefix(vault.Where().Sentence, "keys: "),
		State: filepath.Join(places.State, p.Name), Keys: in.Keys, Notice: notice,
		Files: filepath.Join(places.State, "visits"), Ready: flags.loud,
	})
}

// hasten leaves what the start throws away where it lies for a moment: looking
// for it takes longer than it gives back. However much that is, it stays small.
func hasten() {
	percent, limit := debug.SetGCPercent(-1), debug.SetMemoryLimit(startHeap)
	time.AfterFunc(startTime, func() {
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(min(percent, spare))
	})
}

// credentials reads what signs in at a vendor. The EMR's may have been asked for
// at the start.
func credentials(vault *secrets.Store, profile string, emr func(context.Context) (secrets.Bundle, error)) func(context.Context, string) (secrets.Bundle, error) {
	return func(ctx context.Context, vendor string) (secrets.Bundle, error) {
		if vendor == "naturaesoft" {
			return emr(ctx)
		}
		return vault.Load(ctx, profile, vendor)
	}
}

// demoZone is where the sandbox's practice is.
const demoZone = "America/New_York"

func demoCommand(flags *overrides) *cobra.Command {
	var o sandbox.Options
	var join string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Open the console against a sandbox; nothing of yours is read or written",
		Long:  "demo starts a server on this machine that plays the five vendors by their documents, with made-up people,\nand opens the console on it. It also plays the person who types requested visits into the EMR.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch theme.Name(flags.theme) {
			case "", theme.Auto, theme.Light, theme.Dark, theme.HighContrast:
			default:
				return cli.Usage(errors.New("--theme is auto, light, dark or contrast"))
			}
			if err := cli.NeedTerminal(); err != nil {
				return err
			}
			hasten()
			return demo(cmd.Context(), *flags, o, join)
		},
	}
	size(c, &o)
	c.Flags().StringVar(&join, "join", "", "use the sandbox at this address instead of starting one, such as http://127.0.0.1:8080")
	return c
}

func size(c *cobra.Command, o *sandbox.Options) {
	c.Flags().IntVar(&o.Prospects, "prospects", 250, "how many people")
	c.Flags().IntVar(&o.Providers, "providers", 12, "how many providers")
	c.Flags().IntVar(&o.Tickets, "tickets", 36, "how many tickets at Connect4Healthcare")
	c.Flags().IntVar(&o.Patients, "patients", 60, "how many patients at Inbox Health")
}

// demo keeps everything in a folder that goes away; that of a demo that was
// killed goes with the next one. Desks that join the same sandbox share a
// ledger, as desks of one practice do.
func demo(ctx context.Context, flags overrides, o sandbox.Options, join string) error {
	zone, err := time.LoadLocation(demoZone)
	if err != nil {
		return err
	}
	dir, done, err := files.Scratch(ctx, os.TempDir(), "frontdesk-demo-")
	if err != nil {
		return err
	}
	defer done()
	ledger := filepath.Join(dir, "ledger.db")
	if join == "" {
		o.Zone, o.Demo = zone, true
		s, err := sandbox.Start(o)
		if err != nil {
			return err
		}
		defer func() { _ = s.Close() }()
		join = strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft")
	} else if ledger, err = sharedLedger("--join", join); err != nil {
		return err
	}
	p := demoProfile(join, zone, flags)
	keep := secrets.Open(ctx, secrets.Options{Dir: dir, KeyringOff: true})
	for _, vendor := range cli.Vendors() {
		if err := keep.Save(ctx, p.Name, vendor, sandbox.Credentials(vendor)); err != nil {
			return err
		}
	}
	return console.Run(ctx, console.Options{
		Profile: p, Ledger: ledger, Files: filepath.Join(dir, "visits"), State: dir, Keys: cli.NewKeys(),
		Secrets: keep, Where: "made up for the demo", Ready: flags.loud,
		Credentials: func(ctx context.Context, vendor string) (secrets.Bundle, error) {
			return keep.Load(ctx, p.Name, vendor)
		},
	})
}

// sharedLedger is the ledger of everybody of this account who joins the
// sandbox at an address, which the flag gave.
func sharedLedger(flag, address string) (string, error) {
	_, port, ok := strings.Cut(strings.TrimPrefix(address, "http://"), ":")
	if !ok {
		return "", cli.Usage(errors.New(flag + " wants an address with a port, such as http://127.0.0.1:8080"))
	}
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("frontdesk-demo-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	return filepath.Join(dir, "ledger-"+strings.TrimRight(port, "/")+".db"), nil
}

func sandboxCommand() *cobra.Command {
	var o sandbox.Options
	c := &cobra.Command{
		Use:     "sandbox",
		Short:   "Run only the sandbox and print its addresses and made-up credentials",
		Example: "  frontdesk sandbox --listen 127.0.0.1:8080",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			zone, err := time.LoadLocation(demoZone)
			if err != nil {
				return err
			}
			o.Zone = zone
			s, err := sandbox.Start(o)
			if err != nil {
				return cli.Usage(err)
			}
			defer func() { _ = s.Close() }()
			root := strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft")
			for _, vendor := range cli.Vendors() {
				fmt.Println(vendor + "  " + sandbox.Base(root, vendor))
				secret := sandbox.Credentials(vendor)
				for _, name := range slices.Sorted(maps.Keys(secret)) {
					fmt.Printf("  %s = %s\n", name, secret[name])
				}
			}
			fmt.Println("Join it: frontdesk demo --join " + root + "   End it: ctrl+c")
			<-cmd.Context().Done()
			return nil
		},
	}
	size(c, &o)
	c.Flags().StringVar(&o.Listen, "listen", "127.0.0.1:0", "a loopback address and port")
	c.Flags().BoolVar(&o.Demo, "play", true, "type requested visits into the EMR after a while")
	return c
}
