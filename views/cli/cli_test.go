package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/booking"
	"frontdesk/state/config"
	"frontdesk/state/desk"
	"frontdesk/state/secrets"
	"frontdesk/state/store"
)

func TestExitCodes(t *testing.T) {
	for want, err := range map[int]error{
		0:   nil,
		1:   errors.New("anything"),
		2:   fmt.Errorf("wrapped: %w", Usage(errors.New("no such flag"))),
		3:   config.ErrNoProfile,
		4:   ErrNotSignedIn,
		5:   &rest.Error{Kind: rest.KindTransport},
		6:   &rest.Error{Kind: rest.KindTransport, Ambiguous: true},
		130: context.Canceled,
	} {
		require.Equal(t, want, ExitCode(err), "%v", err)
	}
	require.Equal(t, 4, ExitCode(&rest.Error{Kind: rest.KindAuth}))
	require.Equal(t, 1, ExitCode(&rest.Error{Kind: rest.KindValidation}))
	require.Equal(t, 5, ExitCode(&rest.Error{Kind: rest.KindDecode}), "an answer that cannot be used is no refusal")
	require.Equal(t, 6, ExitCode(&rest.Error{Kind: rest.KindDecode, Ambiguous: true}))
	require.Equal(t, 4, ExitCode(fmt.Errorf("opening: %w", secrets.ErrWrongPassphrase)))
	require.Equal(t, 5, ExitCode(fmt.Errorf("held: %w", &store.Error{Away: true})))
	require.Equal(t, 6, ExitCode(&store.Error{Unclear: true}))
	require.Equal(t, 3, ExitCode(&store.Error{Path: "/damaged"}))
	require.Equal(t, 1, ExitCode(&store.Error{Busy: true}))
}

// A vault that others could exchange is a machine that is not fit, not a refusal.
func TestAVaultOpenToOthersEndsWithThree(t *testing.T) {
	dir := t.TempDir()
	s := secrets.Open(t.Context(), secrets.Options{Dir: dir, KeyringOff: true})
	pass := []byte("twelve characters")
	require.NoError(t, s.CreateVault(pass))
	for at, mode := range map[string]os.FileMode{dir: 0o777, filepath.Join(dir, "vault.age"): 0o644} {
		was, err := os.Stat(at)
		require.NoError(t, err)
		require.NoError(t, os.Chmod(at, mode))
		err = secrets.Open(t.Context(), secrets.Options{Dir: dir, KeyringOff: true}).Unlock(pass)
		require.Equal(t, 3, ExitCode(err), "%v", err)
		require.Contains(t, Sentence(err), "open to other accounts. Use: chmod")
		require.NotContains(t, Sentence(err), "(")
		require.NoError(t, os.Chmod(at, was.Mode().Perm()))
	}
}

func TestSentencesAreForNobodyAtAScreen(t *testing.T) {
	require.Equal(t, "The ledger has no such record.", Sentence(&booking.MissingError{}))
	err := rest.Refusal("EMR", "save", rest.KindValidation, "Some fields cannot be sent as they are: correct the marked ones.")
	err.Fields = map[string]safe.Text{"Zip": safe.Line("Enter five digits."), "City": safe.Line("Enter a city.")}
	require.Equal(t, "Some fields cannot be sent as they are.\nCity: Enter a city.\nZip: Enter five digits.", Sentence(err))
}

func TestWhatWasInterruptedIsNotSaidToHaveDoneNothing(t *testing.T) {
	for _, err := range []error{context.Canceled, fmt.Errorf("reading: %w", context.DeadlineExceeded)} {
		out := ended(err)
		require.Equal(t, desk.Unknown, out.State)
		require.Contains(t, out.Words, "may have landed")
	}
}

func TestNothingOfAFileIsLeftOut(t *testing.T) {
	var v struct{ A string }
	require.NoError(t, unmarshal([]byte("{\"A\":\"x\"} \n"), &v))
	require.Equal(t, 2, ExitCode(unmarshal([]byte(`{"A":"x"}{"A":"y"}`), &v)))
	for _, text := range []string{`{"City":"x"}{"City":"y"}`, "City=x\nCity=y"} {
		_, err := pairs([]byte(text))
		require.Equal(t, 2, ExitCode(err), text)
	}
}

func TestSecretsFromAPipe(t *testing.T) {
	b, err := fromJSON(strings.NewReader(`{"apiKey":" made-up-key ","other":"ignored"}`), "naturaesoft")
	require.NoError(t, err)
	require.Equal(t, "made-up-key", b["apiKey"])
	require.Len(t, b, 1)
	for _, text := range []string{"", "made-up-key", `{"apiKey":""}`, `{"apikey2":"x"}`, `["made-up-key"]`, `{"apiKey":5}`} {
		_, err := fromJSON(strings.NewReader(text), "naturaesoft")
		require.Equal(t, 2, ExitCode(err), text)
		require.NotContains(t, Sentence(err), "made-up-key")
	}
}

func TestEveryVendorsSecretsFromAPipe(t *testing.T) {
	want := map[string][]string{ // as the vendors' documents name them
		"naturaesoft": {"apiKey"}, "connect4healthcare": {"api_key", "api_secret"}, "inboxhealth": {"api_key"},
		"updox": {"applicationId", "applicationPassword"}, "anglehealth": {"client_id", "client_secret"},
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(want)), Vendors())
	for vendor, names := range want {
		given := map[string]string{}
		for _, n := range names {
			given[n] = "made-up-" + n
		}
		text, err := json.Marshal(given)
		require.NoError(t, err)
		b, err := fromJSON(bytes.NewReader(text), vendor)
		require.NoError(t, err)
		require.Equal(t, given, map[string]string(b))
		for _, n := range names {
			less := maps.Clone(given)
			delete(less, n)
			text, err := json.Marshal(less)
			require.NoError(t, err)
			_, err = fromJSON(bytes.NewReader(text), vendor)
			require.Equal(t, 2, ExitCode(err))
			require.Contains(t, Sentence(err), n, "the sentence names what is missing")
			require.NotContains(t, Sentence(err), "made-up-")
		}
		_, err = fromJSON(strings.NewReader("made-up-key"), vendor)
		require.ErrorContains(t, err, `"`+names[len(names)-1]+`":"..."`, "the sentence shows the whole shape")
	}
}

func TestStoredSecrets(t *testing.T) {
	ctx := t.Context()
	s := secrets.Open(ctx, secrets.Options{Dir: t.TempDir(), KeyringOff: true})
	get := Stored(s, "one", "updox")
	_, err := get(ctx)
	require.ErrorIs(t, err, ErrNotSignedIn)
	require.NoError(t, s.Save(ctx, "one", "updox", secrets.Bundle{"applicationId": "a", "applicationPassword": "b"}))
	b, err := get(ctx)
	require.NoError(t, err, "asked again at each sign-in")
	require.Equal(t, "b", b["applicationPassword"])

	get = orElse(Stored(s, "one", "inboxhealth"), secrets.Bundle{"api_key": "typed"})
	b, err = get(ctx)
	require.NoError(t, err)
	require.Equal(t, "typed", b["api_key"])
	require.NoError(t, s.Save(ctx, "one", "inboxhealth", secrets.Bundle{"api_key": "newer"}))
	b, err = get(ctx)
	require.NoError(t, err)
	require.Equal(t, "newer", b["api_key"], "what was stored meanwhile wins")
	require.NoError(t, s.Forget(ctx, "one", "inboxhealth"))
	_, err = get(ctx)
	require.ErrorIs(t, err, ErrNotSignedIn, "forgotten is forgotten")
}

// Who logs out without having logged in is where they wanted to be.
func TestLogoutWithNothingStored(t *testing.T) {
	ctx, p := t.Context(), config.Profile{Name: "one"}
	open := func(dir string) *secrets.Store { return secrets.Open(ctx, secrets.Options{Dir: dir, KeyringOff: true}) }
	require.NoError(t, Logout(ctx, open(t.TempDir()), p, "updox"))
	s := open(t.TempDir())
	require.NoError(t, s.CreateVault([]byte("a made-up passphrase")))
	require.NoError(t, Logout(ctx, s, p, "updox"))
	require.NoError(t, s.Save(ctx, "one", "updox", secrets.Bundle{"applicationId": "a"}))
	require.NoError(t, Logout(ctx, s, p, "updox"))
	_, err := s.Load(ctx, "one", "updox")
	require.ErrorIs(t, err, secrets.ErrNotFound)
	require.Equal(t, 2, ExitCode(Logout(ctx, s, p, "nobody")))
}

// A keyring that cannot be asked may hold the secret all the same.
func TestLogoutClaimsNothingOfAKeyringItCannotAsk(t *testing.T) {
	err := error(&unaskedError{why: "The OS keyring is locked."})
	require.Equal(t, 4, ExitCode(err))
	require.Equal(t, "Nothing was forgotten. The OS keyring is locked.", Sentence(err))
}

func TestAFileThatCannotBeOpenedIsNamed(t *testing.T) {
	r := &run{}
	r.from = filepath.Join(t.TempDir(), "absent.json")
	_, err := r.input()
	require.Equal(t, 2, ExitCode(err))
	require.Contains(t, Sentence(err), "absent.json")
}

// TestDeskKeepsWhatWasTyped closes a desk without dropping a form and finds it
// again under the same keys, sealed on the disk.
func TestDeskKeepsWhatWasTyped(t *testing.T) {
	dir, keys, ctx := t.TempDir(), NewKeys(), context.Background()
	open := func(k Keys) *Desk {
		d, err := OpenDesk(ctx, dir, k, Choices{})
		require.NoError(t, err)
		return d
	}
	d := open(keys)
	d.Note("slots.person", "", map[string]string{"LastName": "Needle-Testperson"})
	d.Did("reveal", "7")
	require.NoError(t, d.Allow(ctx, "x", "y"))
	d.Done(ctx, "Naturaesoft EMR", "update prospect", "7", "transport outcome unknown")
	d.Shut()

	require.NoError(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			data, readErr := os.ReadFile(path)
			require.NoError(t, readErr)
			require.NotContains(t, string(data), "Needle-Testperson", path)
		}
		return err
	}))
	d = open(keys)
	values, ok := d.Kept("slots.person", "")
	require.True(t, ok)
	require.Equal(t, "Needle-Testperson", values["LastName"])
	_, again := d.Kept("slots.person", "")
	require.False(t, again, "offered once")
	d.Drop("slots.person", "")
	report, err := d.Audit.Verify(ctx)
	require.NoError(t, err)
	require.Nil(t, report.Bad)
	require.GreaterOrEqual(t, report.Lines, 2)
	d.Shut()

	d = open(keys)
	_, ok = d.Kept("slots.person", "")
	require.False(t, ok, "dropped on purpose")
	require.Empty(t, d.Trouble())
	d.Shut()
	d = open(Keys{})
	require.Contains(t, d.Trouble(), "this session only")
	d.Shut()
}

func TestWhereOnlyASCIICanBeDrawn(t *testing.T) {
	for _, c := range []struct {
		asked bool
		env   map[string]string
		want  bool
	}{
		{false, nil, false}, {true, nil, true}, {true, map[string]string{"LANG": "C.UTF-8"}, true},
		{false, map[string]string{"LANG": "C.UTF-8"}, false}, {false, map[string]string{"LANG": "en_US.utf8"}, false},
		{false, map[string]string{"LANG": "C"}, true}, {false, map[string]string{"LC_CTYPE": "de_DE.ISO8859-1", "LANG": "C.UTF-8"}, true},
		{false, map[string]string{"LC_ALL": "C", "LC_CTYPE": "C.UTF-8", "LANG": "C.UTF-8"}, true},
		{false, map[string]string{"LC_ALL": "C.UTF-8", "LANG": "C"}, false}, {false, map[string]string{"TERM": "linux", "LANG": "C.UTF-8"}, true},
	} {
		require.Equal(t, c.want, Plain(c.asked, func(name string) string { return c.env[name] }), "%v", c)
	}
}
