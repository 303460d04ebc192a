package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/state/config"
	"frontdesk/state/secrets"
)

// Commands are the subcommands that need neither screen nor sandbox. load reads
// the profile that flags, environment and file choose; passphrase is that of
// the vault where a descriptor brings it, else nil.
func Commands(load func() (config.Profile, error), passphrase func() ([]byte, error)) []*cobra.Command {
	var from string
	login := vendorCommand(load, passphrase, "login", "Store a vendor's secret in the OS keyring, or in a vault under a passphrase",
		func(ctx context.Context, s *secrets.Store, p config.Profile, vendor string) error {
			return Login(ctx, s, p, vendor, from)
		})
	login.Long = "login stores what a vendor wants for signing in. It is asked for on the terminal and not shown, or\n" +
		"read with -F - from the standard input as one JSON object:\n\n" + shapes()
	login.Example = "  frontdesk login naturaesoft\n  pass show clinic/emr | frontdesk login naturaesoft -F -"
	login.Flags().StringVarP(&from, "file", "F", "", "`-` reads one JSON object such as {\"apiKey\":\"...\"} from the standard input")
	version := &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		Run: func(*cobra.Command, []string) { fmt.Println(Version()) },
	}
	return []*cobra.Command{login, vendorCommand(load, passphrase, "logout", "Forget a vendor's secret", Logout), doctorCommand(load), migrateCommand(load, passphrase), version}
}

// shapes lists what login reads for each vendor.
func shapes() string {
	var b strings.Builder
	for _, v := range append(Vendors(), "ledger") {
		fmt.Fprintf(&b, "  %-20s%s\n", v, example(v))
	}
	return b.String()
}

// vendorCommand is a subcommand about one vendor's secrets.
func vendorCommand(load func() (config.Profile, error), passphrase func() ([]byte, error), name, short string,
	do func(context.Context, *secrets.Store, config.Profile, string) error) *cobra.Command {
	return &cobra.Command{
		Use: name + " <vendor>", Short: short, Args: cobra.ExactArgs(1), ValidArgs: append(Vendors(), "ledger"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := load()
			if err != nil {
				return err
			}
			s, err := place(cmd.Context(), passphrase)
			if err != nil {
				return err
			}
			return do(cmd.Context(), s, p, args[0])
		},
	}
}

// place is where this account's secrets live. A vault that is there is opened
// with the passphrase a descriptor brought; a new one is made at a terminal.
func place(ctx context.Context, passphrase func() ([]byte, error)) (*secrets.Store, error) {
	pass, err := passphrase()
	if err != nil {
		return nil, err
	}
	s := secrets.Open(ctx, secrets.Options{Dir: config.Paths().State})
	w := s.Where()
	if pass == nil || !s.VaultExists() || w.Kind == secrets.Keyring && !w.Locked {
		return s, nil
	}
	if err := s.UseVault(); err != nil {
		return nil, err
	}
	return s, s.Unlock(pass)
}

func doctorCommand(load func() (config.Profile, error)) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "doctor", Short: "Look over this machine: keyring, terminal, clocks, vendors' addresses, files", Args: cobra.NoArgs,
		Long: "doctor looks at everything the console stands on and says what to do about what is wrong. It asks each\n" +
			"vendor's address once without a key, and stores and removes one made-up item in the keyring.\n" +
			"It ends with 0 when nothing failed, else with 3." + withJSON(checksShape),
		Annotations: map[string]string{Shape: checksShape},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return Doctor(cmd.Context(), ThisMachine(cmd.Context(), load), os.Stdout, asJSON)
		},
	}
	jsonFlag(c, &asJSON)
	return c
}
