package store

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/state/store/pgtest"
)

const serverNotes = `CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT, words TEXT NOT NULL);
CREATE TABLE note_number (last INTEGER NOT NULL);
INSERT INTO note_number VALUES (0);
--pg CREATE SEQUENCE note_number_seq;`

var schemas atomic.Int64

// served is a server's database with notes, at the address that through makes
// of the server's.
func served(t *testing.T, through func(url string) string) (*DB, *pgtest.Cluster) {
	t.Helper()
	c, err := pgtest.Shared()
	if err != nil {
		t.Skip("no server is tested here: " + err.Error())
	}
	o := Options{Server: &Server{URL: c.URL, Schema: fmt.Sprint("notes", schemas.Add(1))}, Migrations: []string{serverNotes}}
	_, _, err = Migrate(t.Context(), o)
	require.NoError(t, err)
	if through != nil {
		o.Server.URL = through(c.URL)
	}
	d, err := Open(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { d.Close() })
	return d, c
}

func TestServerKeepsWhatWasWritten(t *testing.T) {
	d, _ := served(t, nil)
	require.NoError(t, add(d, "one"))
	require.Equal(t, 1, count(t, d))
	own := errors.New("ours")
	require.Equal(t, own, d.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO note (words) VALUES (?)", "no")
		require.NoError(t, err)
		return own
	}))
	require.PanicsWithValue(t, "p", func() { _ = d.Write(t.Context(), func(*Tx) error { panic("p") }) })
	require.Error(t, d.Read(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO note (words) VALUES ('no')")
		return err
	}), "a read cannot write")
	gone, cancel := context.WithCancel(t.Context())
	require.ErrorIs(t, d.Write(gone, func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO note (words) VALUES ('no')")
		cancel()
		return err
	}), context.Canceled)
	require.ErrorIs(t, d.Write(gone, func(*Tx) error { panic("not run") }), context.Canceled)
	require.Equal(t, 1, count(t, d))
	require.Empty(t, d.Trouble())
	for n := range 3 {
		require.NoError(t, d.Write(t.Context(), func(tx *Tx) error {
			got, err := tx.Next("note_number")
			require.EqualValues(t, n+1, got)
			return err
		}))
	}
}

func TestServerSettings(t *testing.T) {
	d, _ := served(t, nil)
	for name, want := range map[string]string{
		"statement_timeout": "5s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "10s",
		"synchronous_commit": "on", "application_name": "frontdesk",
	} {
		var got string
		require.NoError(t, d.Read(t.Context(), func(tx *Tx) error { return tx.One("SHOW "+name, nil, &got) }))
		require.Equal(t, want, got, name)
	}
	require.Equal(t, poolSize, d.writer.Stats().MaxOpenConnections)
}

func TestServerTimeNeverGoesBack(t *testing.T) {
	d, _ := served(t, nil)
	var first, second time.Time
	read := func(into *time.Time) {
		require.NoError(t, d.Write(t.Context(), func(tx *Tx) error { *into = tx.Now; return nil }))
	}
	read(&first)
	require.WithinDuration(t, time.Now(), first, 5*time.Second)
	_, err := d.writer.Exec("UPDATE store_clock SET host_ms = host_ms + 10800000, now_ms = now_ms + 60000")
	require.NoError(t, err)
	read(&second)
	require.False(t, second.Before(first.Add(55*time.Second)))
	read(&first)
	require.False(t, first.Before(second))
}

// Tables are made once, whoever asks at the same time; other versions are
// refused at the door.
func TestServerMigrates(t *testing.T) {
	_, c := served(t, nil)
	o := Options{Server: &Server{URL: c.URL, Schema: "moves"}, Migrations: []string{serverNotes}}
	_, err := Open(t.Context(), o)
	require.ErrorContains(t, err, "Run frontdesk migrate once")
	var group sync.WaitGroup
	var made atomic.Int64
	for range 4 {
		group.Go(func() {
			from, to, err := Migrate(t.Context(), o)
			if err != nil || to != 1 {
				t.Error(to, err)
			}
			if from == 0 {
				made.Add(1)
			}
		})
	}
	group.Wait()
	require.EqualValues(t, 1, made.Load())
	d, err := Open(t.Context(), o)
	require.NoError(t, err)
	require.NoError(t, add(d, "kept"))
	d.Close()
	two := o
	two.Migrations = append(two.Migrations, "CREATE TABLE more (id INTEGER PRIMARY KEY);")
	_, err = Open(t.Context(), two)
	require.ErrorContains(t, err, "Run frontdesk migrate once")
	bad := o
	bad.Migrations = append(bad.Migrations, "CREATE TABLE half (id INTEGER PRIMARY KEY); CREATE nonsense;")
	_, _, err = Migrate(t.Context(), bad)
	require.Error(t, err)
	from, to, err := Migrate(t.Context(), two)
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, []int{from, to})
	_, err = Open(t.Context(), o)
	require.ErrorContains(t, err, "migrated by a newer frontdesk (version 2, this one knows 1)")
	_, _, err = Migrate(t.Context(), o)
	require.ErrorContains(t, err, "newer frontdesk")
	d, err = Open(t.Context(), two)
	require.NoError(t, err)
	defer d.Close()
	require.Equal(t, 1, count(t, d))
}

// A deadlock that the caller's own locks make is run once more and not twice.
func TestLostTransactionIsRunOnceMore(t *testing.T) {
	d, _ := served(t, nil)
	var runs atomic.Int64
	var meet, group sync.WaitGroup
	meet.Add(2)
	for n := range 2 {
		group.Go(func() {
			first := true
			err := d.Write(t.Context(), func(tx *Tx) error {
				runs.Add(1)
				if err := tx.Lock([]string{"a", "b"}[n]); err != nil {
					return err
				}
				if first {
					first = false
					meet.Done()
					meet.Wait()
				}
				return tx.Lock([]string{"b", "a"}[n])
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.EqualValues(t, 3, runs.Load())
	runs.Store(0)
	err := d.Write(t.Context(), func(tx *Tx) error {
		runs.Add(1)
		_, err := tx.Exec("DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '40001'; END $$")
		return err
	})
	var own *Error
	require.ErrorAs(t, err, &own)
	require.True(t, own.Busy)
	require.NotContains(t, err.Error(), "planted")
	require.EqualValues(t, 2, runs.Load())
}

// Who holds a lock for too long keeps others out for three seconds each.
func TestLockThatDoesNotComeIsSaid(t *testing.T) {
	d, _ := served(t, nil)
	require.NoError(t, d.Write(t.Context(), func(tx *Tx) error {
		require.NoError(t, tx.Lock("a"))
		begun := time.Now()
		err := d.Write(t.Context(), func(tx *Tx) error { return tx.Lock("a", "b") })
		var own *Error
		require.ErrorAs(t, err, &own)
		require.True(t, own.Busy)
		require.False(t, own.Away)
		require.Less(t, time.Since(begun), 5*time.Second)
		return d.Write(t.Context(), func(tx *Tx) error { return tx.Lock("b") })
	}))
}

// line carries bytes to a server, and cuts the connection at a commit: before
// it gets there, or after, before the answer.
type line struct {
	to     atomic.Value // the server's host and port
	before atomic.Bool
	after  atomic.Bool
	dead   atomic.Bool // nobody gets through
}

// open listens and returns the address to use instead of the server's.
func (l *line) open(t *testing.T) func(url string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var group sync.WaitGroup
	t.Cleanup(func() { listener.Close(); group.Wait() })
	group.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			group.Go(func() { l.carry(c) })
		}
	})
	return func(url string) string {
		to := url[strings.Index(url, "@")+1 : strings.LastIndex(url, "/")]
		l.to.Store(to)
		return strings.Replace(url, to, listener.Addr().String(), 1)
	}
}

func (l *line) carry(c net.Conn) {
	defer c.Close()
	if l.dead.Load() {
		return
	}
	s, err := net.Dial("tcp", l.to.Load().(string))
	if err != nil {
		return
	}
	defer s.Close()
	var mute atomic.Bool
	go func() {
		buf := make([]byte, 1<<16)
		for {
			n, err := s.Read(buf)
			if mute.Load() || err != nil {
				c.Close()
				return
			}
			_, _ = c.Write(buf[:n])
		}
	}()
	buf := make([]byte, 1<<16)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		if bytes.Contains(buf[:n], []byte("\x0bcommit\x00")) {
			if l.before.Load() {
				return
			}
			mute.Store(l.after.Load())
		}
		if _, err := io.Copy(s, bytes.NewReader(buf[:n])); err != nil {
			return
		}
	}
}

func TestLostCommitIsReadBack(t *testing.T) {
	l := &line{}
	d, _ := served(t, l.open(t))
	require.NoError(t, add(d, "before"))
	for n := range 20 {
		l.before.Store(n%2 == 0)
		l.after.Store(n%2 == 1)
		err := d.Write(t.Context(), func(tx *Tx) error {
			_, err := tx.Exec("INSERT INTO note (words) VALUES (?)", fmt.Sprint(n))
			return err
		})
		l.before.Store(false)
		l.after.Store(false)
		if n%2 == 0 {
			require.ErrorContains(t, err, "Nothing was saved by this step")
		} else {
			require.NoError(t, err, "it was saved, only the answer was lost")
		}
		require.Equal(t, 1+(n+1)/2, count(t, d))
	}
}

// A commit whose outcome cannot be read back is neither done nor undone in
// words.
func TestLostCommitOfAServerThatStaysAway(t *testing.T) {
	l := &line{}
	d, _ := served(t, l.open(t))
	err := d.Write(t.Context(), func(tx *Tx) error {
		l.dead.Store(true)
		l.before.Store(true)
		_, err := tx.Exec("INSERT INTO note (words) VALUES ('lost')")
		return err
	})
	var own *Error
	require.ErrorAs(t, err, &own)
	require.True(t, own.Unclear)
	require.ErrorContains(t, err, "nobody knows yet whether this step was saved")
	require.NotEmpty(t, d.Trouble())
}

// A server that dies without a word while desks write: each says what became
// of its step, and is right.
func TestServerKilledWhileDesksWrite(t *testing.T) {
	_, err := pgtest.Shared()
	if err != nil {
		t.Skip("no server is tested here: " + err.Error())
	}
	c, err := pgtest.Start()
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	o := Options{Server: &Server{URL: c.URL}, Migrations: []string{serverNotes}}
	_, _, err = Migrate(t.Context(), o)
	require.NoError(t, err)
	d, err := Open(t.Context(), o)
	require.NoError(t, err)
	defer d.Close()
	var mu sync.Mutex
	saved, open := map[string]bool{}, map[string]bool{}
	var group sync.WaitGroup
	var done atomic.Int64
	started := make(chan struct{})
	for n := range 3 {
		group.Go(func() {
			for m := range 400 {
				words := fmt.Sprint(n, "-", m)
				err := add(d, words)
				mu.Lock()
				var own *Error
				switch {
				case err == nil:
					saved[words] = true
				case errors.As(err, &own) && own.Unclear:
					open[words] = true
				}
				mu.Unlock()
				if done.Add(1) == 60 {
					close(started)
				}
			}
		})
	}
	<-started
	c.Down(true)
	require.NoError(t, c.Up())
	group.Wait()
	there := map[string]bool{}
	require.NoError(t, d.Read(t.Context(), func(tx *Tx) error {
		return tx.Query(func(scan func(...any) error) error {
			var words string
			err := scan(&words)
			require.False(t, there[words], "saved twice")
			there[words] = true
			return err
		}, "SELECT words FROM note")
	}))
	for words := range saved {
		require.True(t, there[words], words)
	}
	for words := range there {
		require.True(t, saved[words] || open[words], words)
	}
	require.Empty(t, d.Trouble())
	t.Logf("%d of 1200 saved, %d of open outcome", len(saved), len(open))
}

func TestServerThatIsAwayIsNoReasonNotToStart(t *testing.T) {
	d, err := Open(t.Context(), Options{Server: &Server{URL: "postgres://r@127.0.0.1:1/f"}, Migrations: []string{serverNotes}})
	require.NoError(t, err)
	defer d.Close()
	require.Contains(t, d.Trouble(), "The ledger server 127.0.0.1:1/f cannot be reached.")
	err = add(d, "x")
	var own *Error
	require.ErrorAs(t, err, &own)
	require.True(t, own.Away)
}

func TestServerAddresses(t *testing.T) {
	const planted = "obviously-fake-1234"
	dir := t.TempDir()
	service := filepath.Join(dir, "services")
	require.NoError(t, os.WriteFile(service, []byte("[weak]\nhost=db.example.invalid\nsslmode=disable\n"), 0o600))
	t.Setenv("PGSERVICEFILE", service)
	loose := filepath.Join(dir, "loose")
	require.NoError(t, os.WriteFile(loose, []byte("*:*:*:*:"+planted+"\n"), 0o644))
	require.NoError(t, os.Chmod(loose, 0o644))
	for url, want := range map[string]string{
		"mysql://db/f": "has no usable address",
		"postgres://r:" + planted + "@db.example.invalid/f":           "has a password in its address",
		"postgres://r@db.example.invalid/f?password=" + planted:       "has a password in its address",
		"postgres://r@db.example.invalid/f?sslmode=require":           "is on another machine, so its certificate has to be verified",
		"postgres://r@db.example.invalid/f?sslmode=verify-ca":         "is on another machine",
		"postgres://r@localhost/f?sslmode=prefer":                     "is on another machine",
		"postgres://r@127.0.0.1,db.example.invalid/f?sslmode=disable": "is on another machine",
		"postgres:///f?service=weak&sslmode=disable":                  "is on another machine",
		"postgres://r@127.0.0.1/f?passfile=" + loose:                  "is open to other accounts. Use: chmod 0600",
		"postgres://r@127.0.0.1/f?sslmode=" + planted:                 "has no usable address",
	} {
		_, err := Open(t.Context(), Options{Server: &Server{URL: url}})
		require.ErrorContains(t, err, want, url)
		require.NotContains(t, err.Error(), planted)
		require.NotContains(t, fmt.Sprintf("%+v", err), planted)
	}
	t.Setenv("PGSSLMODE", "disable")
	for _, url := range []string{"postgres://r@db.example.invalid/f", "postgres:///f?service=weak"} {
		c, err := Server{URL: url}.config()
		require.NoError(t, err)
		require.False(t, c.TLSConfig.InsecureSkipVerify)
		require.Equal(t, "db.example.invalid", c.TLSConfig.ServerName)
		for _, f := range c.Fallbacks {
			require.NotNil(t, f.TLSConfig)
		}
	}
}

func TestServerPasswordIsAskedAndNeverShown(t *testing.T) {
	d, c := served(t, nil)
	d.Close()
	const planted = "obviously-fake-1234"
	asked := 0
	s := Server{URL: c.URL, Schema: d.server.schema, Password: func(context.Context) (string, error) { asked++; return planted, nil }}
	d, err := Open(t.Context(), Options{Server: &s, Migrations: []string{serverNotes}})
	require.NoError(t, err)
	defer d.Close()
	require.NoError(t, add(d, "one"))
	require.Positive(t, asked)
	s.Password = func(context.Context) (string, error) { return "", errors.New(planted) }
	_, err = Open(t.Context(), Options{Server: &s})
	require.ErrorContains(t, err, "frontdesk login ledger")
	require.NotContains(t, err.Error(), planted)
	s.URL, s.Password = strings.Replace(c.URL, "frontdesk@", "nobody_here@", 1), nil
	_, err = Open(t.Context(), Options{Server: &s})
	require.ErrorContains(t, err, "does not let this role in")
}

// A name is no proof, even that of this machine: a server reached by name has
// to show a certificate for it.
func TestServerHasToProveItsName(t *testing.T) {
	if _, err := pgtest.Shared(); err != nil {
		t.Skip("no server is tested here: " + err.Error())
	}
	c, err := pgtest.Start()
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	o := Options{Server: &Server{URL: c.URL}, Migrations: []string{serverNotes}}
	_, _, err = Migrate(t.Context(), o)
	require.NoError(t, err)
	named := strings.Replace(c.URL, "127.0.0.1", "localhost", 1)
	o.Server.URL = named
	_, err = Open(t.Context(), o)
	require.ErrorContains(t, err, "offers no TLS, so nothing was sent")

	dir := t.TempDir()
	right, wrong := filepath.Join(dir, "right.pem"), filepath.Join(dir, "wrong.pem")
	_, _, elsewhere := certificate(t, "localhost")
	require.NoError(t, os.WriteFile(wrong, elsewhere, 0o600))
	for _, other := range []bool{true, false} {
		host := "localhost"
		if other {
			host = "db.example.invalid"
		}
		cert, key, root := certificate(t, host)
		require.NoError(t, os.WriteFile(right, root, 0o600))
		require.NoError(t, c.Secure(cert, key))
		for _, root := range []string{"", wrong, right} {
			o.Server.URL = named
			if root != "" {
				o.Server.URL += "?sslrootcert=" + root
			}
			// The server takes the certificate up a moment after it was told.
			var d *DB
			require.Eventually(t, func() bool {
				d, err = Open(t.Context(), o)
				return err == nil || !strings.Contains(err.Error(), "offers no TLS")
			}, 5*time.Second, 50*time.Millisecond)
			if root != right || other {
				require.ErrorContains(t, err, "certificate that could not be verified, so nothing was sent")
				continue
			}
			require.NoError(t, err)
			require.NoError(t, add(d, "sealed"))
			d.Close()
		}
	}
}

// certificate is one for a host, its key, and the root that signed it.
func certificate(t *testing.T, host string) (cert, key, root []byte) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &private.PublicKey, private)
	require.NoError(t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	cert = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return cert, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), cert
}

// A server on this machine that has no TLS and then stops answering is away; it
// is not asked for TLS.
func TestServerThatStopsAfterTLSIsAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			var head [8]byte
			if _, err := io.ReadFull(c, head[:]); err == nil && binary.BigEndian.Uint32(head[4:]) == 80877103 { // asks for TLS
				_, _ = c.Write([]byte("N"))
			}
			_ = c.Close()
		}
	}()
	d, err := Open(t.Context(), Options{Server: &Server{URL: "postgres://desk@" + l.Addr().String() + "/frontdesk"}, Migrations: []string{serverNotes}})
	require.NoError(t, err, "one that is away may come back")
	defer d.Close()
	err = add(d, "nothing")
	var away *Error
	require.ErrorAs(t, err, &away)
	require.True(t, away.Away, err)
	require.NotContains(t, err.Error(), "TLS")
}
