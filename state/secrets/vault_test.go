package secrets

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// vaultStore is a store on dir without a keyring.
func vaultStore(t testing.TB, dir string) *Store {
	return open(t.Context(), Options{Dir: dir}, found(NoBus))
}

// opened is another session on the vault in dir.
func opened(t testing.TB, dir string) *Store {
	t.Helper()
	s := vaultStore(t, dir)
	require.NoError(t, s.Unlock([]byte(phrase)))
	return s
}

// made is a new vault with one bundle under a/x.
func made(t testing.TB) (*Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "frontdesk")
	s := vaultStore(t, dir)
	require.NoError(t, s.CreateVault([]byte(phrase)))
	require.NoError(t, s.Save(t.Context(), "a", "x", keys()))
	return s, dir
}

func inFolder(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func has(t testing.TB, s *Store, vendor string) {
	t.Helper()
	b, err := s.Load(t.Context(), "a", vendor)
	require.NoError(t, err, vendor)
	require.True(t, b.same(keys()))
}

func TestVaultRoundTrip(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state", "frontdesk")
	s := vaultStore(t, dir)
	require.NoError(t, s.Save(t.Context(), "a", "early", keys()))
	require.ErrorIs(t, s.CreateVault([]byte("eleven char")), ErrShort)
	require.ErrorIs(t, s.CreateVault([]byte("éééééé")), ErrShort, "twelve bytes are not twelve characters")
	require.False(t, s.VaultExists())
	pass := []byte(phrase)
	require.NoError(t, s.CreateVault(pass))
	clear(pass) // the caller's own copy
	require.True(t, s.VaultExists())
	has(t, s, "early")
	require.NoError(t, s.Save(t.Context(), "a", "x", keys()))
	require.ErrorIs(t, s.CreateVault([]byte(phrase)), ErrVaultExists)

	other := opened(t, dir)
	has(t, other, "early")
	require.NoError(t, other.Forget(t.Context(), "a", "early"))
	require.ErrorIs(t, other.Forget(t.Context(), "a", "early"), ErrNotFound)
	_, err := s.Load(t.Context(), "a", "early")
	require.ErrorIs(t, err, ErrNotFound, "another session's change is seen")
	has(t, s, "x")

	require.Equal(t, []string{"vault.age", "vault.lock"}, inFolder(t, dir))
	for path, want := range map[string]fs.FileMode{dir: 0o700, dir + "/vault.age": 0o600, dir + "/vault.lock": 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, want, info.Mode().Perm(), path)
	}
	raw, err := os.ReadFile(dir + "/vault.age")
	require.NoError(t, err)
	require.NotContains(t, string(raw), planted)
	require.NotContains(t, string(raw), "naturaesoft")

	s.UseSession()
	_, err = s.Load(t.Context(), "a", "x")
	require.ErrorIs(t, err, ErrNotFound)
	require.NoError(t, s.UseVault())
	has(t, s, "x")
}

// The file in the field is sealed with the real work factor.
func TestVaultCostsWork(t *testing.T) {
	workFactor = 17
	defer func() { workFactor = 2 }()
	sealed, err := seal(map[string]Bundle{"a/x": keys()}, []byte(phrase))
	require.NoError(t, err)
	require.Regexp(t, `^age-encryption.org/v1\n-> scrypt \S+ 17\n`, string(sealed[:80]))
}

// F17
func TestFiveWrongPassphrases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, dir := made(t)
		s := vaultStore(t, dir)
		for round := range 2 {
			for range tries {
				require.ErrorIs(t, s.Unlock([]byte("not the passphrase")), ErrWrongPassphrase, round)
			}
			require.ErrorIs(t, s.Unlock([]byte(phrase)), ErrPaused, "the right one has to wait too")
			<-time.After(pause - time.Nanosecond)
			require.ErrorIs(t, s.Unlock([]byte(phrase)), ErrPaused)
			require.True(t, s.Where().Locked)
			<-time.After(time.Nanosecond)
		}
		require.ErrorIs(t, s.Unlock(nil), ErrWrongPassphrase)
		require.NoError(t, s.Unlock([]byte(phrase)))
		has(t, s, "x")
		for range tries - 1 {
			require.ErrorIs(t, s.Unlock([]byte("not the passphrase")), ErrWrongPassphrase)
		}
		require.NoError(t, s.Unlock([]byte(phrase)), "the right one starts the count again")
		require.ErrorIs(t, s.Unlock([]byte("not the passphrase")), ErrWrongPassphrase)
		has(t, s, "x")
	})
}

func refused(t testing.TB, err error, what string, at int) {
	t.Helper()
	for _, want := range []error{ErrWrongPassphrase, ErrDamaged} {
		if err == want {
			return
		}
	}
	t.Fatalf("%s at byte %d: %v", what, at, err)
}

// F18, F20
func TestVaultTruncatedAnywhere(t *testing.T) {
	_, dir := made(t)
	path := filepath.Join(dir, "vault.age")
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for n := range whole {
		require.NoError(t, os.WriteFile(path, whole[:n], 0o600))
		refused(t, vaultStore(t, dir).Unlock([]byte(phrase)), "cut", n)
		now, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, whole[:n], now, "the damaged file is left as it is")
	}
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.ErrorIs(t, vaultStore(t, dir).Unlock([]byte(phrase)), ErrDamaged)
	require.NoError(t, os.WriteFile(path, append(whole, 'x'), 0o600))
	require.ErrorIs(t, vaultStore(t, dir).Unlock([]byte(phrase)), ErrDamaged)
}

// F19, and the body too.
func TestVaultWithOneBitFlipped(t *testing.T) {
	sealed, err := seal(map[string]Bundle{"a/x": keys()}, []byte(phrase))
	require.NoError(t, err)
	for i := range sealed {
		for bit := range 8 {
			bad := bytes.Clone(sealed)
			bad[i] ^= 1 << bit
			_, err := unseal(bad, []byte(phrase))
			refused(t, err, "flipped", i)
		}
	}
}

// F21: the header asks for hours of work and a terabyte.
func TestVaultThatAsksForTooMuchWork(t *testing.T) {
	sealed, err := seal(map[string]Bundle{"a/x": keys()}, []byte(phrase))
	require.NoError(t, err)
	for _, factor := range []string{"21", "30", "99", "1000000", "-1", "0"} {
		bad := bytes.Replace(sealed, []byte(" 2\n"), []byte(" "+factor+"\n"), 1)
		require.NotEqual(t, sealed, bad)
		_, err = unseal(bad, []byte(phrase))
		require.ErrorIs(t, err, ErrDamaged, factor)
	}
}

func TestVaultWithForeignContent(t *testing.T) {
	for name, plain := range map[string]string{"not JSON": planted, "no items": `{"version":1}`,
		"wrong types": `{"version":1,"items":{"a/x":5}}`, "newer": `{"version":2,"items":{}}`} {
		sealed, err := encrypt([]byte(plain), []byte(phrase))
		require.NoError(t, err)
		items, err := unseal(sealed, []byte(phrase))
		switch name {
		case "no items":
			require.NoError(t, err)
			require.Empty(t, items)
		case "newer":
			require.ErrorContains(t, err, "written by a newer frontdesk")
		default:
			require.ErrorIs(t, err, ErrDamaged, name)
		}
	}
}

// F22
func TestVaultOpenToOthers(t *testing.T) {
	chmod := func(name string, mode fs.FileMode) func(*testing.T, string) {
		return func(t *testing.T, dir string) { require.NoError(t, os.Chmod(filepath.Join(dir, name), mode)) }
	}
	chown := func(name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if os.Geteuid() != 0 {
				t.Skip("only root can give a file to another account")
			}
			require.NoError(t, os.Chown(filepath.Join(dir, name), 12345, 12345))
		}
	}
	for name, c := range map[string]struct {
		spoil func(*testing.T, string)
		want  string
	}{
		"group reads": {chmod("vault.age", 0o640), "open to other accounts. Use: chmod 600"},
		"others read": {chmod("vault.age", 0o604), "open to other accounts. Use: chmod 600"},
		"0644":        {chmod("vault.age", 0o644), "open to other accounts. Use: chmod 600"},
		"folder 0777": {chmod("", 0o777), "folder is open to other accounts. Use: chmod 700"},
		"folder 0720": {chmod("", 0o720), "folder is open to other accounts. Use: chmod 700"},
		"other owner": {chown("vault.age"), "file belongs to another account"},
		"folder's":    {chown(""), "folder belongs to another account"},
		"link": {func(t *testing.T, dir string) {
			require.NoError(t, os.Rename(dir+"/vault.age", dir+"/real"))
			require.NoError(t, os.Symlink("real", dir+"/vault.age"))
		}, "is a link, which frontdesk does not follow"},
		"folder instead": {func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(dir+"/vault.age"))
			require.NoError(t, os.Mkdir(dir+"/vault.age", 0o700))
		}, "is not an ordinary file"},
	} {
		t.Run(name, func(t *testing.T) {
			open, dir := made(t)
			c.spoil(t, dir)
			require.ErrorContains(t, vaultStore(t, dir).Unlock([]byte(phrase)), c.want)
			require.ErrorContains(t, open.Save(t.Context(), "a", "y", keys()), c.want)
		})
	}
	open, dir := made(t)
	outside := filepath.Join(t.TempDir(), "outside")
	require.NoError(t, os.Remove(dir+"/vault.lock"))
	require.NoError(t, os.Symlink(outside, dir+"/vault.lock"))
	require.ErrorContains(t, open.Save(t.Context(), "a", "y", keys()), "cannot be locked")
	require.NoFileExists(t, outside)
}

// steps are the names of a change's steps, found by making one.
func steps(t *testing.T) []string {
	s, _ := made(t)
	var names []string
	s.vault.step = func(name string, do func() error) error {
		names = append(names, name)
		return do()
	}
	require.NoError(t, s.Save(t.Context(), "a", "y", keys()))
	require.NotEmpty(t, names)
	return names
}

// Any step can fail, before or after it did its work: an error means the old
// content, no error the new one, and nothing is left lying about.
func TestVaultWhenAStepFails(t *testing.T) {
	names := steps(t)
	boom := fmt.Errorf("no space left on device")
	for n, name := range names {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s after=%v", name, after), func(t *testing.T) {
				s, dir := made(t)
				i := 0
				s.vault.step = func(_ string, do func() error) error {
					i++
					if i-1 != n {
						return do()
					}
					if after {
						require.NoError(t, do())
					}
					return boom
				}
				err := s.Save(t.Context(), "a", "y", keys())
				if name == "clean" {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, boom)
					require.ErrorContains(t, err, "what was in it before is unchanged")
				}
				for _, session := range []*Store{s, opened(t, dir)} {
					has(t, session, "x")
					_, lerr := session.Load(t.Context(), "a", "y")
					if err == nil {
						require.NoError(t, lerr)
					} else {
						require.ErrorIs(t, lerr, ErrNotFound)
					}
				}
				if name != "clean" || after {
					require.Equal(t, []string{"vault.age", "vault.lock"}, inFolder(t, dir))
				}
				s.vault.step = newVault(dir).step
				require.NoError(t, s.Save(t.Context(), "a", "z", keys()))
				has(t, opened(t, dir), "z")
				require.Equal(t, []string{"vault.age", "vault.lock"}, inFolder(t, dir))
			})
		}
	}
}

// A new vault whose making fails is not there afterwards.
func TestVaultMakingFails(t *testing.T) {
	for n := range 4 {
		dir := t.TempDir()
		s := vaultStore(t, dir)
		require.NoError(t, s.Save(t.Context(), "a", "x", keys()))
		i := 0
		s.vault.step = func(_ string, do func() error) error {
			if i++; i-1 == n {
				return fs.ErrPermission
			}
			return do()
		}
		require.ErrorIs(t, s.CreateVault([]byte(phrase)), fs.ErrPermission)
		require.False(t, s.VaultExists())
		require.Equal(t, Session, s.Where().Kind)
		has(t, s, "x")
	}
}

// F23: the session dies before or after any step.
func TestVaultWhenTheSessionDies(t *testing.T) {
	names := steps(t)
	for n, name := range names {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s after=%v", name, after), func(t *testing.T) {
				s, dir := made(t)
				i := 0
				s.vault.step = func(_ string, do func() error) error {
					i++
					if i-1 != n {
						return do()
					}
					if after {
						require.NoError(t, do())
					}
					runtime.Goexit()
					return nil
				}
				dead := make(chan struct{})
				go func() {
					defer close(dead)
					_ = s.Save(t.Context(), "a", "y", keys())
				}()
				<-dead
				next := opened(t, dir)
				has(t, next, "x")
				require.NoError(t, next.Save(t.Context(), "a", "z", keys()))
				has(t, opened(t, dir), "x")
				require.Equal(t, []string{"vault.age", "vault.lock"}, inFolder(t, dir))
			})
		}
	}
}

// A power cut may leave the new file short on disks that lie: its copy is
// still there and comes back.
func TestVaultComesBackFromItsCopy(t *testing.T) {
	for name, spoil := range map[string]func(whole []byte) []byte{
		"cut":    func(whole []byte) []byte { return whole[:len(whole)/2] },
		"zeroes": func(whole []byte) []byte { return make([]byte, len(whole)) },
		"header": func(whole []byte) []byte { b := bytes.Clone(whole); b[40] ^= 1; return b },
		"empty":  func([]byte) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			_, dir := made(t)
			path := filepath.Join(dir, "vault.age")
			whole, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path+".bak", whole, 0o600))
			require.NoError(t, os.WriteFile(path, spoil(whole), 0o600))
			refused(t, vaultStore(t, dir).Unlock([]byte("not the passphrase")), "wrong passphrase", 0)
			require.FileExists(t, path+".bak")
			has(t, opened(t, dir), "x")
			require.Equal(t, []string{"vault.age", "vault.lock"}, inFolder(t, dir))
		})
	}
}

// F25, in one process and in several.
func TestSessionsSavingTogether(t *testing.T) {
	first, dir := made(t)
	sessions := []*Store{first, opened(t, dir), opened(t, dir)}
	var group sync.WaitGroup
	for n, s := range sessions {
		group.Go(func() {
			for i := range 8 {
				if err := s.Save(t.Context(), "a", fmt.Sprintf("in-%d-%d", n, i), keys()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range 3 {
		group.Go(func() {
			cmd := saver(dir, fmt.Sprintf("out-%d", n), 8)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	group.Wait()
	for _, s := range append(sessions, opened(t, dir)) {
		has(t, s, "x")
		for n := range 3 {
			for i := range 8 {
				has(t, s, fmt.Sprintf("in-%d-%d", n, i))
				has(t, s, fmt.Sprintf("out-%d-%d", n, i))
			}
		}
	}
}

// saver is a session in a process of its own that saves n bundles, writing
// each name once it is saved.
func saver(dir, name string, n int) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=saver:%s %s %d", roleVar, dir, name, n))
	return cmd
}

func playSaver(args string) int {
	var dir, name string
	var n int
	if _, err := fmt.Sscan(args, &dir, &name, &n); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	s := open(context.Background(), Options{Dir: dir}, found(NoBus))
	if err := s.Unlock([]byte(phrase)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for i := range n {
		vendor := fmt.Sprintf("%s-%d", name, i)
		if err := s.Save(context.Background(), "a", vendor, keys()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(vendor)
	}
	return 0
}

// kill -9 while saving: whatever was reported as saved is there.
func TestVaultSurvivesKills(t *testing.T) {
	_, dir := made(t)
	saved := []string{"x"}
	for round := range 15 {
		cmd := saver(dir, fmt.Sprintf("r%d", round), 1000)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for range 1 + round%4 {
			require.True(t, lines.Scan())
			saved = append(saved, lines.Text())
		}
		require.NoError(t, cmd.Process.Kill())
		for lines.Scan() {
			saved = append(saved, lines.Text())
		}
		require.Error(t, cmd.Wait())
		s := opened(t, dir)
		for _, vendor := range saved {
			has(t, s, vendor)
		}
	}
	s := opened(t, dir)
	require.NoError(t, s.Save(t.Context(), "a", "last", keys()))
	require.Equal(t, []string{"vault.age", "vault.lock"}, inFolder(t, dir))
}

func TestVaultHeldByAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, dir := made(t)
		release, err := lockFolder(t.Context(), dir)
		require.NoError(t, err)
		start := time.Now()
		require.ErrorIs(t, s.Save(t.Context(), "a", "y", keys()), ErrBusy)
		require.Equal(t, busyLimit, time.Since(start))
		has(t, s, "x")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, s.Save(ctx, "a", "y", keys()), context.Canceled)
		release()
		require.NoError(t, s.Save(t.Context(), "a", "y", keys()))
	})
}

func TestVaultReplacedByAnother(t *testing.T) {
	s, dir := made(t)
	require.NoError(t, os.Remove(filepath.Join(dir, "vault.age")))
	_, err := s.Load(t.Context(), "a", "x")
	require.ErrorIs(t, err, ErrNoVault)
	require.ErrorIs(t, s.Save(t.Context(), "a", "y", keys()), ErrNoVault)
	require.NoError(t, vaultStore(t, dir).CreateVault([]byte("another passphrase")))
	_, err = s.Load(t.Context(), "a", "x")
	require.ErrorIs(t, err, ErrLocked)
	require.True(t, s.Where().Locked)
	require.NoError(t, s.Unlock([]byte("another passphrase")))
	_, err = s.Load(t.Context(), "a", "x")
	require.ErrorIs(t, err, ErrNotFound)
}

// Where answers while the vault works on a passphrase.
func TestWhereDoesNotWait(t *testing.T) {
	s, _ := made(t)
	s.vault.mu.Lock()
	defer s.vault.mu.Unlock()
	require.Equal(t, "keys: sealed vault", s.Where().Sentence)
	require.True(t, s.VaultExists())
}

// Whatever sessions do, the vault holds what the last change left.
func TestVaultAgreesWithAMap(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		require.NoError(rt, vaultStore(t, dir).CreateVault([]byte(phrase)))
		sessions := []*Store{opened(t, dir), opened(t, dir)}
		want := map[string]Bundle{}
		vendor := rapid.SampledFrom([]string{"x", "y", "z"})
		for range rapid.IntRange(1, 8).Draw(rt, "changes") {
			s, v := rapid.SampledFrom(sessions).Draw(rt, "by"), vendor.Draw(rt, "vendor")
			if rapid.Bool().Draw(rt, "save") {
				b := Bundle{"key": rapid.String().Draw(rt, "key")}
				require.NoError(rt, s.Save(t.Context(), "a", v, b))
				want[v] = b
			} else if err := s.Forget(t.Context(), "a", v); want[v] != nil {
				require.NoError(rt, err)
				delete(want, v)
			} else {
				require.ErrorIs(rt, err, ErrNotFound)
			}
			for _, s := range sessions {
				for _, v := range []string{"x", "y", "z"} {
					b, err := s.Load(t.Context(), "a", v)
					if want[v] == nil {
						require.ErrorIs(rt, err, ErrNotFound)
					} else {
						require.NoError(rt, err)
						require.True(rt, b.same(want[v]), v)
					}
				}
			}
		}
	})
}

func FuzzUnseal(f *testing.F) {
	sealed, err := seal(map[string]Bundle{"a/x": keys()}, []byte(phrase))
	require.NoError(f, err)
	f.Add(sealed)
	slow := regexp.MustCompile(`scrypt \S+ \d\d`) // up to 2^20 is allowed: right, but not a million times
	f.Fuzz(func(t *testing.T, data []byte) {
		if slow.Match(data) {
			return
		}
		if _, err := unseal(data, []byte(phrase)); err != nil {
			refused(t, err, "fuzzed", 0)
		}
	})
}
