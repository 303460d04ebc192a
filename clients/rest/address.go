package rest

import (
	"net/netip"
	"net/url"
	"strings"
)

// parseBase accepts https, and http to a literal loopback address: a name such
// as localhost can be made to lead elsewhere. The error never quotes the text,
// which may hold a password.
func parseBase(s string) (*url.URL, reason) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return nil, "is not a web address; it must look like https://host/path"
	case !secure(u):
		return nil, "must start with https:// (http:// is for 127.0.0.1 and [::1] only)"
	case u.User != nil:
		return nil, "must not hold a user name or password"
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(s, "#"):
		return nil, "must end with its path, without ? or #"
	case strings.ContainsAny(u.Path, "{}\\"):
		return nil, "holds a character that does not belong in a path"
	}
	for part := range strings.SplitSeq(u.Path, "/") {
		if part == "." || part == ".." {
			return nil, "must not hold . or .. in its path"
		}
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, ""
}

// secure reports whether secrets and patient data may be sent to u.
func secure(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && loopback(u)
}

func loopback(u *url.URL) bool {
	a, err := netip.ParseAddr(u.Hostname())
	return err == nil && a.IsLoopback() && !a.Is4In6() && a.Zone() == ""
}

// tokenElement is where the session token goes in a template.
const tokenElement = "{token}"

// expand fills a template's names with escaped values; {token} stays. An empty
// value would aim the call at another route, so it is refused like a missing
// one, and so is a value nobody asked for.
func expand(template string, values map[string]string) ([]string, reason) {
	if !strings.HasPrefix(template, "/") {
		return nil, "its path does not start with a slash"
	}
	var path []string
	used := 0
	for part := range strings.SplitSeq(template[1:], "/") {
		name, opened := strings.CutPrefix(part, "{")
		name, closed := strings.CutSuffix(name, "}")
		switch {
		case part == tokenElement || !strings.ContainsAny(part, "{}"):
			path = append(path, part)
			continue
		case !opened || !closed || strings.ContainsAny(name, "{}"):
			return nil, "its path has a stray brace"
		}
		value, ok := values[name]
		if !ok || value == "" {
			return nil, reason("the value for " + name + " is missing")
		}
		if dotted(value) {
			return nil, reason("the value for " + name + " cannot be part of an address")
		}
		used++
		path = append(path, url.PathEscape(value))
	}
	if used != len(values) {
		return nil, "a value was given that its path does not use, or uses twice"
	}
	return path, ""
}

// dotted finds values that a server might resolve to another route.
func dotted(value string) bool {
	for part := range strings.FieldsFuncSeq(value, func(r rune) bool {
		return r == '/' || r == '\\'
	}) {
		if part == "." || part == ".." {
			return true
		}
	}
	return false
}
