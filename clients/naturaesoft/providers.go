package naturaesoft

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// scopeProviders is the permission for everything below availability.
const scopeProviders = "Providers"

var (
	opProviders = rest.Op{Name: "list providers", Method: http.MethodGet,
		Path: tenant("/availability/providers"), Scope: scopeProviders}
	opProvider = rest.Op{Name: "read provider", Method: http.MethodGet,
		Path: tenant("/availability/providers/{id}"), Scope: scopeProviders}
)

// Provider is a person who sees patients.
type Provider struct {
	ID                     ID
	Name, Title, Specialty safe.Text
}

// Providers lists the active providers.
// GET /v1/{PPass}/availability/providers, scope Providers.
func (c *Client) Providers(ctx context.Context) ([]Provider, error) {
	return ask(ctx, c, opProviders, rest.Call{Path: c.path()}, decodeProviders)
}

// Provider reads one provider; KindNotFound if there is none, KindDecode if the
// answer is about another one or holds none.
// GET /v1/{PPass}/availability/providers/{id}, scope Providers.
func (c *Client) Provider(ctx context.Context, id ID) (Provider, error) {
	if err := checkIDs(opProvider, "provider", id); err != nil {
		return Provider{}, err
	}
	return ask(ctx, c, opProvider, rest.Call{Path: c.path("id", string(id))},
		func(raw json.RawMessage) (Provider, error) {
			o, _, err := one(raw, "provider")
			if err != nil {
				return Provider{}, err
			}
			if !holds(o, "id", "ProviderID", "name", "FullName", "ProviderName", "FirstName", "LastName") {
				return Provider{}, errors.New("the answer holds no provider")
			}
			return decodeProvider(o, id)
		})
}

func decodeProviders(raw json.RawMessage) ([]Provider, error) {
	rows, _, err := list(raw, "providers")
	if err != nil {
		return nil, err
	}
	out := make([]Provider, len(rows))
	for i, o := range rows {
		if out[i], err = decodeProvider(o, ""); err == nil && out[i].ID == "" {
			err = errors.New("it has no id")
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d of providers: %w", i+1, err)
		}
	}
	return out, nil
}

var errOtherProvider = errors.New("the answer is about another provider")

// decodeProvider reads a provider; with asked set, it must be that one.
func decodeProvider(o rest.Object, asked ID) (Provider, error) {
	r := reader{o: o}
	p := Provider{
		ID:        r.id("id", "ProviderID"),
		Name:      r.text("name", "FullName", "ProviderName"),
		Title:     r.text("title"),
		Specialty: r.text("specialty", "speciality"),
	}
	if p.Name.Empty() {
		p.Name = joined(r.text("FirstName"), r.text("LastName"))
	}
	if asked != "" && p.ID == "" {
		p.ID = asked
	}
	if asked != "" && p.ID != asked && r.err == nil {
		r.err = errOtherProvider
	}
	return p, r.err
}

// joined puts words in a line, leaving out empty ones.
func joined(words ...safe.Text) safe.Text {
	var out []string
	for _, w := range words {
		if !w.Empty() {
			out = append(out, strings.TrimSpace(w.Raw()))
		}
	}
	return safe.Line(strings.Join(out, " "))
}
