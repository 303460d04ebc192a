package updox

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// Everything is a POST; what a repeat would do is in the effect. The document
// names the first three, the others belong to the same API (UX-3).
var (
	opCreate = rest.Op{Name: "create practice account", Method: http.MethodPost, Path: "/PracticeCreate", Effect: rest.Create}
	opUpdate = rest.Op{Name: "update practice account", Method: http.MethodPost, Path: "/PracticeUpdate", Effect: rest.Create}
	opSave   = rest.Op{Name: "save practice account", Method: http.MethodPost, Path: "/PracticeSave", Effect: rest.Create}
	opRead   = rest.Op{Name: "read practice account", Method: http.MethodPost, Path: "/PracticeGet"}
	opList   = rest.Op{Name: "list practice accounts", Method: http.MethodPost, Path: "/PracticeList"}
)

// Saved is what a write left behind.
type Saved struct {
	Account Account // what was sent, now Known
	Action  string  // "update", or the vendor's word for a creation; "" when it says none
}

// Account reads an account. PracticeGet. A missing one is KindNotFound with
// NoAccount; see Unread for a vendor that does not have the method.
func (c *Client) Account(ctx context.Context, id string) (Account, error) {
	if id == "" {
		return Account{}, refuseFields(opRead, map[string]string{accountID: "Enter the account's id."})
	}
	// This one takes the application's credentials alone, so the id stands in
	// auth only where the vendor is known to read it there, or misses it.
	if c.placement == InAuth {
		return c.account(ctx, id, id)
	}
	a, err := c.account(ctx, id, "")
	if c.placement == InBoth && CodeOf(err) == NoAccountID {
		return c.account(ctx, id, id)
	}
	return a, err
}

func (c *Client) account(ctx context.Context, id, inAuth string) (Account, error) {
	call, err := c.call(ctx, opRead, map[string]any{accountID: id}, inAuth, "")
	if err != nil {
		return Account{}, err
	}
	return ask(ctx, c, opRead, call, func(a answer) (Account, error) {
		got, err := decodeAccount(a.find("practice"), time.Now())
		switch {
		case err != nil:
			return Account{}, errors.New("it holds no account")
		case got.ID.Raw() != id:
			return Account{}, errors.New("it is about another account than the one asked for")
		}
		return got, nil
	})
}

// Accounts lists the accounts of the application. PracticeList.
func (c *Client) Accounts(ctx context.Context) ([]Account, error) {
	call, err := c.call(ctx, opList, nil, "", "")
	if err != nil {
		return nil, err
	}
	return ask(ctx, c, opList, call, func(a answer) ([]Account, error) {
		var rows []json.RawMessage
		list := a.find("practiceList")
		if list == nil || json.Unmarshal(list, &rows) != nil {
			return nil, errors.New("it holds no list of accounts")
		}
		all := make([]Account, len(rows))
		for i, row := range rows {
			var err error
			if all[i], err = decodeAccount(row, time.Now()); err != nil {
				return nil, err
			}
		}
		return all, nil
	})
}

// Create makes an account under a.ID. PracticeCreate, sent once. An id in use
// is KindConflict with AccountExists; when the error is Ambiguous, Settle
// tells what became of it.
func (c *Client) Create(ctx context.Context, a Account) (Saved, error) {
	a = Normal(a)
	if wrong := Check(a); len(wrong) > 0 {
		return Saved{}, refuseFields(opCreate, wrong)
	}
	return c.write(ctx, opCreate, a)
}

// Update overwrites the account present with next: every field, and what next
// leaves empty is cleared, for which see Diff. PracticeUpdate, sent once.
//
// Present must be Known and is read again just before (UX-15): when it is not
// what the vendor has now, nothing is sent and the error is KindConflict. Only
// a vendor without PracticeGet, or an account that is denied reading, is known
// to be inactive and shall be active again, is overwritten without that.
func (c *Client) Update(ctx context.Context, present, next Account) (Saved, error) {
	next, err := c.ready(ctx, opUpdate, present, next)
	if err != nil {
		return Saved{}, err
	}
	return c.write(ctx, opUpdate, next)
}

// Save creates or updates, as the vendor finds the id. PracticeSave, sent once.
// A present that is not Known means that the account shall be new, and Save
// looks first that it is; else everything said of Update holds. A vendor that
// did the other of the two (UX-9) is an error of KindConflict in phase Done.
func (c *Client) Save(ctx context.Context, present, next Account) (Saved, error) {
	var err error
	if present.Known() {
		next, err = c.ready(ctx, opSave, present, next)
	} else {
		next, err = c.vacant(ctx, next)
	}
	if err != nil {
		return Saved{}, err
	}
	saved, err := c.write(ctx, opSave, next)
	// "update" is the only word the document shows: any other one is a creation.
	if err != nil || saved.Action == "" || strings.EqualFold(saved.Action, "update") == present.Known() {
		return saved, err
	}
	words := "Updox had no account with this id and created a second one instead of updating. Check the id; deactivate the new account if it was mistyped."
	if !present.Known() {
		words = "Updox had an account with this id already and overwrote it instead of creating one. Open it and put its fields right."
	}
	e := refuse(opSave, rest.KindConflict, words)
	e.Phase = rest.Done
	return saved, e
}

// vacant makes sure that nobody has the id.
func (c *Client) vacant(ctx context.Context, a Account) (Account, error) {
	a = Normal(a)
	if wrong := Check(a); len(wrong) > 0 {
		return a, refuseFields(opSave, wrong)
	}
	_, err := c.Account(ctx, a.ID.Raw())
	switch {
	case absent(err):
		return a, nil
	case err == nil:
		m := AccountExists.meaning()
		e := refuse(opSave, m.kind, m.says+" Nothing was sent. "+m.do)
		e.Code, e.Fields = AccountExists.wire(), map[string]safe.Text{accountID: safe.Line(m.says)}
		return a, e
	}
	return a, err
}

// ready checks an overwrite and looks that the vendor still has what it was
// compared with.
func (c *Client) ready(ctx context.Context, op rest.Op, present, next Account) (Account, error) {
	if _, err := Diff(present, next); err != nil {
		return next, err
	}
	if next.ID != present.ID {
		return next, refuseFields(op, map[string]string{accountID: "The id of an account cannot be changed: open the account with the other id instead."})
	}
	if wrong := CheckUpdate(present, next); len(wrong) > 0 {
		return next, refuseFields(op, wrong)
	}
	next = normal(present, next)
	now, err := c.Account(ctx, present.ID.Raw())
	switch {
	case err == nil:
	case Unread(err) && present.Source == Written, IsDenied(err) && present.Deactivated && !next.Deactivated:
		return next, nil
	default:
		return next, err
	}
	if names := differing(present, now); len(names) > 0 {
		return next, refuse(op, rest.KindConflict, "Somebody changed the account at Updox meanwhile ("+
			strings.Join(names, ", ")+"). Nothing was sent. Press r to reload and compare.")
	}
	return next, nil
}

// Unread reports that the vendor does not know the method that was asked for,
// as one that has only what the document names would answer PracticeGet.
func Unread(err error) bool {
	e, ok := errors.AsType[*rest.Error](err)
	return ok && e.Vendor == vendor && e.Code == "" && e.Status >= 400 &&
		(e.Kind == rest.KindNotFound || e.Kind == rest.KindConfig)
}

// write sends an account once.
func (c *Client) write(ctx context.Context, op rest.Op, a Account) (Saved, error) {
	id, body := a.ID.Raw(), a.fields()
	if c.placement != InAuth {
		body[accountID] = id
	}
	inAuth := id
	if c.placement == AtTop {
		inAuth = ""
	}
	call, err := c.call(ctx, op, body, inAuth, "")
	if err != nil {
		return Saved{}, err
	}
	call.Record = id
	return ask(ctx, c, op, call, func(got answer) (Saved, error) {
		if about := got.text(accountID).Raw(); about != "" && about != id {
			return Saved{}, errors.New("it is about another account than the one sent")
		}
		return Saved{Vouched(a, time.Now()), got.text("action").String()}, nil
	})
}

// call makes the body of a call: the fields and, at the last moment, auth.
func (c *Client) call(ctx context.Context, op rest.Op, body map[string]any, account, user string) (rest.Call, error) {
	signed, err := c.signed(ctx, op, account, user)
	if err != nil {
		return rest.Call{}, err
	}
	all := map[string]any{}
	maps.Copy(all, body)
	all["auth"] = signed // last: nothing that came from the vendor replaces it
	return rest.Call{Body: all, Secrets: []string{string(signed.ApplicationPassword)}}, nil
}
