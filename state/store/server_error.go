package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// SQLSTATEs after which a transaction may be run once more: it lost against
// another one and nothing of it is left.
const (
	serialization = "40001"
	deadlock      = "40P01"
)

const (
	closedWords = "cannot be reached. Nothing can be held, booked or claimed until it answers; looking works. " +
		"Try again, or tell whoever runs the server"
	busyWords    = "is in use by other sessions and did not become free in time. Nothing was saved by this step; try again"
	tablesWords  = "has no tables of frontdesk that this version can use. Run frontdesk migrate once"
	signWords    = "does not let this role in. Run frontdesk login ledger, or correct PGPASSFILE or pg_hba.conf"
	standbyWords = "takes no changes: it is a standby. Name the primary in the address of the ledger"
	deniedWords  = "does not allow this role to do that. Give it the tables: see the README on ledgers"
)

// states are the sentences by SQLSTATE, or by its class of two characters.
var states = map[string]string{
	serialization: "was changed by others at the same moment. Nothing was saved by this step; try again",
	deadlock:      "was changed by others at the same moment. Nothing was saved by this step; try again",
	"55P03":       busyWords,
	"57014":       busyWords,
	"53":          "takes no more work at the moment. Nothing was saved by this step; try again",
	"25P03":       "ended this step because it stood still for too long. Nothing was saved by it; try again",
	"53100":       "cannot grow: its disk is full. Nothing was saved by this step; tell whoever runs the server",
	"28":          signWords,
	"3D000":       "has no such database. Correct the address of the ledger",
	"3F000":       tablesWords,
	"42P01":       tablesWords,
	"42501":       deniedWords,
	"25006":       standbyWords,
	"23P01":       "refused a second claim of the same time. Nothing was saved by this step; reload and choose again",
	"57P":         closedWords,
	"08":          closedWords,
}

// explain turns an error of the driver or the network into an *Error. A time
// limit of ours that ran out is a server that is away; a caller who gave up is
// sorted out by said.
func (s *server) explain(err error) error {
	var told *pgconn.PgError
	var unknown x509.UnknownAuthorityError
	var standby *pgconn.NotPreferredError
	var unverified *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &told):
		return s.told(told)
	case errors.As(err, &unknown), errors.As(err, &unverified):
		return s.fault("showed a certificate that could not be verified, so nothing was sent. "+
			"Correct sslrootcert, or the name of the host", err)
	case errors.As(err, &standby):
		return s.fault(standbyWords, err)
	case strings.Contains(err.Error(), "refused TLS") && !ended(err):
		// Where it may be done without, the second try is what failed.
		return s.fault("offers no TLS, so nothing was sent. Turn ssl on at the server", err)
	case lostLine(err):
		e := s.fault(closedWords, err)
		e.Away = true
		return e
	}
	return s.fault("did not do what was asked", err)
}

// told is the sentence for what the server itself said.
func (s *server) told(err *pgconn.PgError) *Error {
	words := "did not do what was asked (SQLSTATE " + err.Code + ")"
	for n := 2; n <= len(err.Code); n++ {
		if known, ok := states[err.Code[:n]]; ok {
			words = known
		}
	}
	e := s.fault(words, err)
	e.Away = words == closedWords
	e.Busy = strings.HasSuffix(words, "try again")
	return e
}

// lostLine reports that nobody answered, or stopped to.
func lostLine(err error) bool {
	var connect *pgconn.ConnectError
	return ended(err) || errors.As(err, &connect)
}

// ended reports a connection that ended, or a wait that did.
func ended(err error) bool {
	var network net.Error
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, driver.ErrBadConn, sql.ErrConnDone, sql.ErrTxDone,
		pgconn.ErrConnClosed, net.ErrClosed, context.DeadlineExceeded} {
		if errors.Is(err, end) {
			return true
		}
	}
	return errors.As(err, &network)
}

// fault is a sentence about the server.
func (s *server) fault(words string, cause error) *Error { return refused(s.name, words, cause) }

func refused(name, words string, cause error) *Error {
	return &Error{Path: name, server: true, words: words, cause: cause}
}

// away reports that the server cannot be reached.
func away(err error) bool {
	var own *Error
	return errors.As(err, &own) && own.Away
}

// said is err as the caller of a transaction gets it, and what Trouble says
// from now on. A caller who gave up is told so, not that the server is away.
func (d *DB) said(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		if err != nil && (away(err) || errors.Is(err, context.DeadlineExceeded)) && !unclear(err) {
			return ctx.Err()
		}
		return d.explain(err)
	}
	err = d.keep(err)
	d.server.mu.Lock()
	defer d.server.mu.Unlock()
	switch {
	case away(err):
		d.server.away = err.Error()
	case err == nil:
		d.server.away = ""
	}
	return err
}

// keep is explain, for the driver's errors only: what fn returned comes back
// unchanged.
func (d *DB) keep(err error) error {
	var own *Error
	var told *pgconn.PgError
	if err == nil || errors.As(err, &own) || !errors.As(err, &told) && !lostLine(err) {
		return err
	}
	return d.explain(err)
}

func unclear(err error) bool {
	var own *Error
	return errors.As(err, &own) && own.Unclear
}
