package secrets

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"frontdesk/state/files"
)

// busyLimit is how long a change waits for another session's.
const busyLimit = 10 * time.Second

// Nobody else may read the file, nor exchange it in its folder.
var (
	fileRule   = files.Rule{Closed: 0o077}
	folderRule = files.Rule{Closed: 0o022}
)

// makeFolder makes the folder if it is missing and checks it.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return wrap("The vault's folder cannot be made", err)
	}
	return checkFolder(dir)
}

// checkFolder refuses a folder in which somebody else could exchange the
// vault.
func checkFolder(dir string) error {
	err := folderRule.Folder(dir)
	flaw, _ := errors.AsType[files.Flaw](err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNoVault
	case flaw == files.Odd:
		return &Error{words: "What should be the vault's folder is a file. Move it away: " + dir, cause: flaw}
	case flaw == files.Foreign:
		return &Error{words: "The vault's folder belongs to another account. Move it away: " + dir, cause: flaw}
	case flaw == files.Exposed:
		return &Error{words: "The vault's folder is open to other accounts. Use: chmod 700 " + dir, cause: flaw}
	}
	return wrap("The vault's folder cannot be read", err)
}

// readFile reads a vault file that is this account's alone.
func readFile(path string) ([]byte, error) {
	data, err := fileRule.Read(path, largestVault)
	flaw, _ := errors.AsType[files.Flaw](err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNoVault
	case flaw == files.Link:
		return nil, &Error{words: "The vault file is a link, which frontdesk does not follow. " +
			"Put the file itself in its place: " + path, cause: flaw}
	case flaw == files.Odd:
		return nil, &Error{words: "The vault file is not an ordinary file. Move it away: " + path, cause: flaw}
	case flaw == files.Foreign:
		return nil, &Error{words: "The vault file belongs to another account. Move it away: " + path, cause: flaw}
	case flaw == files.Exposed:
		return nil, &Error{words: "The vault file is open to other accounts. Use: chmod 600 " + path, cause: flaw}
	case flaw == files.Large || err == nil && len(data) == 0:
		return nil, ErrDamaged
	}
	return data, wrap("The vault file cannot be read", err)
}

// New files are .vault-<random>.tmp until they take their name.
const tempHead, tempTail = ".vault-", ".tmp"

// sweep removes what killed sessions left; the caller holds the lock.
func sweep(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), tempHead) && strings.HasSuffix(e.Name(), tempTail) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// lockFolder waits its turn to change the vault: ErrBusy after 10 seconds.
func lockFolder(ctx context.Context, dir string) (release func(), err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, busyLimit, ErrBusy)
	defer cancel()
	release, err = files.Lock(ctx, filepath.Join(dir, "vault.lock"))
	return release, wrap("The vault cannot be locked for a change", err)
}

// wrap makes a sentence of a system error and leaves ours and the context's
// as they are.
func wrap(words string, err error) error {
	if own := (*Error)(nil); err == nil || errors.As(err, &own) || errors.Is(err, context.Canceled) {
		return err
	}
	return &Error{words: words, cause: err}
}
