package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"frontdesk/state/booking"
	"frontdesk/state/config"
	"frontdesk/state/secrets"
	"frontdesk/state/store"
)

// Ledger is the server of the profile's ledger; nil when the ledger is a file.
// Its password comes from where secrets live, at each connect; when none is
// stored there, from PGPASSFILE or a service file.
func Ledger(s *secrets.Store, p config.Profile) *store.Server {
	if p.LedgerServer == "" {
		return nil
	}
	return &store.Server{URL: p.LedgerServer, Password: func(ctx context.Context) (string, error) {
		b, err := s.Load(ctx, p.Name, "ledger")
		if errors.Is(err, secrets.ErrNotFound) {
			return "", nil
		}
		return b["password"], err
	}}
}

// Migrate makes the tables of the profile's ledger on its server, or brings
// them to this version.
func Migrate(ctx context.Context, s *secrets.Store, p config.Profile) error {
	server := Ledger(s, p)
	if server == nil {
		return Usage(errors.New("the ledger of this profile is a file, which is migrated by itself: " +
			"frontdesk migrate is for ledger = \"postgres://...\""))
	}
	if s.Where().Kind == secrets.Vault {
		if err := openPlace(ctx, s); err != nil {
			return err
		}
	}
	from, to, err := store.Migrate(ctx, store.Options{Server: server, Migrations: booking.Migrations})
	if err != nil {
		return err
	}
	words := fmt.Sprintf("The ledger was at version %d and is at version %d now.", from, to)
	if from == to {
		words = fmt.Sprintf("The ledger is at version %d already.", to)
	}
	fmt.Fprintln(os.Stderr, words)
	return nil
}

func migrateCommand(load func() (config.Profile, error), passphrase func() ([]byte, error)) *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Make or update the tables of a ledger on a PostgreSQL server", Args: cobra.NoArgs,
		Long: "migrate makes the tables of ledger = \"postgres://...\", or brings them to this version. Run it once\n" +
			"before the first desk starts, and after an update that asks for it; desks of an older version then stop\n" +
			"holding until they are updated too. It changes nothing when there is nothing to do.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := load()
			if err != nil {
				return err
			}
			s, err := place(cmd.Context(), passphrase)
			if err != nil {
				return err
			}
			return Migrate(cmd.Context(), s, p)
		},
	}
}
