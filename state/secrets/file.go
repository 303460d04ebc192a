package secrets

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// busyLimit is how long a change waits for another session's.
const busyLimit = 10 * time.Second

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
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNoVault
	case err != nil:
		return wrap("The vault's folder cannot be read", err)
	case !info.IsDir():
		return &Error{words: "What should be the vault's folder is a file. Move it away: " + dir}
	case foreign(info):
		return &Error{words: "The vault's folder belongs to another account. Move it away: " + dir}
	case openFolder(info):
		return &Error{words: "The vault's folder is open to other accounts. Use: chmod 700 " + dir}
	}
	return nil
}

// readFile reads a vault file that is this account's alone.
func readFile(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoVault
	}
	if err == nil {
		err = inspect(path, info)
	}
	if err != nil {
		return nil, wrap("The vault file cannot be read", err)
	}
	f, err := os.OpenFile(path, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return nil, wrap("The vault file cannot be read", err)
	}
	defer f.Close()
	// The file may have been exchanged since: what is open counts.
	if info, err = f.Stat(); err == nil {
		err = inspect(path, info)
	}
	if err != nil {
		return nil, wrap("The vault file cannot be read", err)
	}
	data, err := io.ReadAll(io.LimitReader(f, largestVault+1))
	if err != nil {
		return nil, wrap("The vault file cannot be read", err)
	}
	if len(data) == 0 || len(data) > largestVault {
		return nil, ErrDamaged
	}
	return data, nil
}

func inspect(path string, info fs.FileInfo) error {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return &Error{words: "The vault file is a link, which frontdesk does not follow. " +
			"Put the file itself in its place: " + path}
	case !info.Mode().IsRegular():
		return &Error{words: "The vault file is not an ordinary file. Move it away: " + path}
	case foreign(info):
		return &Error{words: "The vault file belongs to another account. Move it away: " + path}
	case exposed(info):
		return &Error{words: "The vault file is open to other accounts. Use: chmod 600 " + path}
	}
	return nil
}

// New files are .vault-<random>.tmp until they take their name.
const tempHead, tempTail = ".vault-", ".tmp"

// stage writes data durably to a new file in dir, 0600 whatever the umask.
func stage(dir string, data []byte) (string, error) {
	f, err := os.CreateTemp(dir, tempHead+"*"+tempTail)
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

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
// The lock goes with the process if that dies; its file stays.
func lockFolder(ctx context.Context, dir string) (release func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, "vault.lock"), os.O_RDWR|os.O_CREATE|noFollow, 0o600)
	if err != nil {
		return nil, wrap("The vault cannot be locked for a change", err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, busyLimit, ErrBusy)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		got, err := tryLock(f)
		if got {
			return func() { f.Close() }, nil
		}
		if err == nil {
			select {
			case <-again.C:
				continue
			case <-ctx.Done():
				err = context.Cause(ctx)
			}
		}
		f.Close()
		return nil, wrap("The vault cannot be locked for a change", err)
	}
}

// wrap makes a sentence of a system error and leaves ours and the context's
// as they are.
func wrap(words string, err error) error {
	if own := (*Error)(nil); err == nil || errors.As(err, &own) || errors.Is(err, context.Canceled) {
		return err
	}
	return &Error{words: words, cause: err}
}
