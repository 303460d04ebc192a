package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/state/secrets"
	"frontdesk/views/cli"
)

// stage is how far an account has come with its vault.
type stage int

const (
	stored stage = iota // all vendors' secrets are in it
	used                // and what the console adds when it is first opened
)

// vaults are one vault at each stage, made once by the program itself. To open
// a vault takes half a second of work on purpose, and to change it a second:
// these are sealed anew for next to none. What the program seals itself from
// then on costs what it always does.
var vaults struct {
	once sync.Once
	at   map[stage][]byte
}

// giveVault puts a vault of that stage where the account has its own.
func (a *account) giveVault(at stage) {
	a.t.Helper()
	vaults.once.Do(func() { vaults.at = makeVaults(a.t) })
	require.NotEmpty(a.t, vaults.at, "the vaults could not be made: see the test that tried")
	a.putVault(vaults.at[at])
}

func (a *account) vaultPath() string { return filepath.Join(a.state(), "vault.age") }

func (a *account) putVault(sealed []byte) {
	a.t.Helper()
	require.NoError(a.t, os.MkdirAll(a.state(), 0o700))
	require.NoError(a.t, os.WriteFile(a.vaultPath(), sealed, 0o600))
	require.NoError(a.t, os.WriteFile(filepath.Join(a.state(), "vault.lock"), nil, 0o600))
}

func makeVaults(t *testing.T) map[stage][]byte {
	t.Helper()
	others := cli.Vendors()[1:]
	_, a := atSandbox(t, sandbox.Options{}, "", others...)
	a.makeVault()
	for _, vendor := range others {
		var asked [][2]string
		for _, field := range cli.Fields(vendor) {
			asked = append(asked, [2]string{field.Words[1:] + " of " + vendor, sandbox.Credentials(vendor)[field.Name]})
		}
		a.putVault(a.lightVault())
		a.signIn(vendor, asked...)
	}
	all := map[stage][]byte{stored: a.lightVault()}
	term := a.open()
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
	all[used] = a.lightVault()
	vault := secrets.Open(t.Context(), secrets.Options{Dir: a.state(), KeyringOff: true})
	require.NoError(t, vault.Unlock([]byte(vaultPassphrase)))
	_, err := vault.Load(t.Context(), "riverside", "desk")
	require.NoError(t, err)
	return all
}

// lightVault is the account's vault, sealed anew for little work.
func (a *account) lightVault() []byte {
	a.t.Helper()
	sealed, err := os.ReadFile(a.vaultPath())
	require.NoError(a.t, err)
	from, err := age.NewScryptIdentity(vaultPassphrase)
	require.NoError(a.t, err)
	r, err := age.Decrypt(bytes.NewReader(sealed), from)
	require.NoError(a.t, err)
	plain, err := io.ReadAll(r)
	require.NoError(a.t, err)
	to, err := age.NewScryptRecipient(vaultPassphrase)
	require.NoError(a.t, err)
	to.SetWorkFactor(2)
	var light bytes.Buffer
	w, err := age.Encrypt(&light, to)
	require.NoError(a.t, err)
	_, err = w.Write(plain)
	require.NoError(a.t, err)
	require.NoError(a.t, w.Close())
	return light.Bytes()
}
