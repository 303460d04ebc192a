package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/updox"
)

func two(context.Context) (string, string, error) { return "fake-id", "fake-secret", nil }

func one(context.Context) (string, error) { return "fake-key", nil }

// bases are the vendors: what an address ends in, where the first request then
// goes, and how it is made.
var bases = map[string]struct {
	end, first string
	call       func(ctx context.Context, base string) error
}{
	"naturaesoft": {"", "/v1/DemoOffice/auth/token", func(ctx context.Context, base string) error {
		c, err := naturaesoft.New(naturaesoft.Config{Base: base, PPass: "DemoOffice", Key: one})
		if err != nil {
			return err
		}
		defer c.Close()
		_, err = c.Tags(ctx)
		return err
	}},
	"connect4healthcare": {"/api", "/authorize", func(ctx context.Context, base string) error {
		c, err := connect4healthcare.New(connect4healthcare.Config{Base: base, Credentials: two})
		if err != nil {
			return err
		}
		defer c.Close()
		_, err = c.Tickets(ctx)
		return err
	}},
	"inboxhealth": {"/api/partner/v2", "/patients/7", func(ctx context.Context, base string) error {
		c, err := inboxhealth.New(inboxhealth.Config{Base: base, Key: one})
		if err != nil {
			return err
		}
		defer c.Close()
		_, err = c.Patient(ctx, 7)
		return err
	}},
	"updox": {"/api/io", "/PingWithApplicationAuth", func(ctx context.Context, base string) error {
		c, err := updox.New(updox.Config{Base: base, Credentials: two})
		if err != nil {
			return err
		}
		defer c.Close()
		return c.PingApplication(ctx)
	}},
	"anglehealth": {"/broker", "/auth", func(ctx context.Context, base string) error {
		c, err := anglehealth.New(anglehealth.Config{Base: base, Credentials: two})
		if err != nil {
			return err
		}
		defer c.Close()
		_, err = c.Plan(ctx, "silver_ppo")
		return err
	}},
}

// Every vendor's address may end in a slash or not and may stand behind others.
func TestBases(t *testing.T) {
	for name, v := range bases {
		t.Run(name, func(t *testing.T) {
			var first string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if first == "" {
					first = r.URL.EscapedPath()
				}
				w.WriteHeader(http.StatusNotFound)
			}))
			defer s.Close()
			for _, before := range []string{"", "/gateway", "/a%20b/c"} {
				for _, slash := range []string{"", "/", "//"} {
					first = ""
					require.Error(t, v.call(t.Context(), s.URL+before+v.end+slash))
					require.Equal(t, before+v.end+v.first, first, "%q %q", before, slash)
				}
			}
			for _, base := range []string{
				"http://vendor.example", "http://localhost:1", "http://127.0.0.1.vendor.example", "http://10.0.0.1",
				"https://user:fake@vendor.example", "ftp://127.0.0.1", "vendor.example", "//vendor.example", "",
			} {
				err := v.call(t.Context(), base+v.end)
				var e *rest.Error
				require.ErrorAs(t, err, &e, base)
				require.Equal(t, rest.KindConfig.String(), e.Kind.String(), base)
				require.NotContains(t, e.UserMessage(), "fake")
			}
		})
	}
}
