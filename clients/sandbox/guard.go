package sandbox

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
)

// onlyLoopback refuses requests sent under a foreign name. A web page whose
// name was re-pointed to 127.0.0.1 reaches the port, but its Host gives it
// away.
func onlyLoopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopbackHost(r.Host) {
			refusal{http.StatusMisdirectedRequest, "The sandbox answers on loopback addresses only."}.answer().write(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopbackHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]") // no port
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// connKey is where a connection keeps the number of its requests.
type connKey struct{}

func numberConn(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, new(atomic.Int64))
}

func countOnConn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n, ok := r.Context().Value(connKey{}).(*atomic.Int64); ok {
			n.Add(1)
		}
		next.ServeHTTP(w, r)
	})
}

// reused tells whether the connection has carried an earlier request.
func reused(r *http.Request) bool {
	n, ok := r.Context().Value(connKey{}).(*atomic.Int64)
	return ok && n.Load() > 1
}
