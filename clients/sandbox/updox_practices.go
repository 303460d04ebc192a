package sandbox

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// updoxShown are the fields PracticeGet shows; updoxHidden can be written and
// are never shown.
var (
	updoxShown = []string{
		"name", "address1", "address2", "city", "state", "postal", "phone", "fax", "timeZone",
		"websiteAddress", "directDomain", "directAddress", "metadata",
	}
	updoxHidden = []string{
		"protocol", "ipAddress", "port", "path", "practiceSpecialtyCode", "practiceNpi", "defaultConsentMethods",
	}
)

// keep stores an account under its id.
func (u *updox) keep(fields row) {
	id, _ := fields["accountId"].(string)
	if _, there := u.accounts[id]; !there {
		u.order = append(u.order, id)
	}
	u.accounts[id] = fields
}

// create is PracticeCreate: the id of the request becomes the account's.
func (u *updox) create(c updoxCall) (row, error) {
	id, err := c.account()
	if err != nil {
		return nil, err
	}
	if _, there := u.accounts[id]; there {
		return nil, no(updoxExists)
	}
	return u.overwrite(id, c, "create")
}

// update is PracticeUpdate: every field gets the new value, and one that is not
// passed loses the one it had. It works on an inactive account.
func (u *updox) update(c updoxCall) (row, error) {
	id, err := c.account()
	if err != nil {
		return nil, err
	}
	if _, there := u.accounts[id]; !there {
		return nil, no(updoxMissing)
	}
	return u.overwrite(id, c, "update")
}

// save is PracticeSave: one or the other.
func (u *updox) save(c updoxCall) (row, error) {
	id, err := c.account()
	if err != nil {
		return nil, err
	}
	if _, there := u.accounts[id]; there {
		return u.update(c)
	}
	return u.create(c)
}

func (u *updox) overwrite(id string, c updoxCall, action string) (row, error) {
	next, err := updoxRead(id, c.body)
	if err != nil {
		return nil, err
	}
	for other, a := range u.accounts {
		taken := func(field string) bool {
			s, _ := next[field].(string)
			o, _ := a[field].(string)
			return other != id && s != "" && strings.EqualFold(s, o)
		}
		if taken("websiteAddress") {
			return nil, no(updoxWebsiteTaken)
		}
		if taken("directAddress") {
			return nil, no(updoxAddressTaken)
		}
	}
	u.keep(next)
	return row{"accountId": id, "action": action}, nil
}

// updoxRead takes the account out of a request and finds everything the
// document forbids.
func updoxRead(id string, body row) (row, error) {
	a := row{"accountId": id, "active": false, "vetted": false, "timeZone": "Zulu"}
	for _, name := range slices.Concat(updoxShown, updoxHidden) {
		if v, given := body[name]; given && v != nil && v != "" {
			a[name] = v
		}
	}
	switch body["active"] {
	case true, "true":
		a["active"] = true
	}
	var wrong []string
	if textIn(a, "name") == "" {
		wrong = append(wrong, "name is required")
	}
	for _, name := range slices.Sorted(maps.Keys(updoxRules)) {
		v, given := a[name]
		if given && !updoxRules[name]().MatchString(fmt.Sprint(v)) {
			wrong = append(wrong, name+" is invalid")
		}
	}
	if len(wrong) > 0 {
		return nil, updoxNo{updoxInvalid, strings.Join(wrong, "; ")}
	}
	return a, nil
}

var updoxRules = map[string]func() *regexp.Regexp{
	"postal": pattern(`^([0-9]{5}|[0-9]{9})$`),
	"phone":  pattern(`^[0-9]{10}$`),
	"fax":    pattern(`^[0-9]{10}$`),
	"state": pattern(`^(A[KLRSZ]|C[AOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEINOPST]|N[CDEHJMVY]|` +
		`O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY])$`),
	"timeZone": pattern(`^(America/(Anchorage|Chicago|Denver|New_York|Los_Angeles|Phoenix|Puerto_Rico)|` +
		`Pacific/Honolulu|Zulu)$`),
	"websiteAddress": pattern(`^[A-Za-z0-9-]+$`),
}

// get is PracticeGet. It names its account in the body; the document leaves
// open whether an inactive one may be read.
func (u *updox) get(c updoxCall) (row, error) {
	id, err := c.account()
	if err != nil {
		return nil, err
	}
	a, there := u.accounts[id]
	switch {
	case !there:
		return nil, no(updoxMissing)
	case u.shuts && a["active"] != true:
		return nil, no(updoxNoPractice)
	}
	return row{"practice": updoxView(a)}, nil
}

// list is PracticeList.
func (u *updox) list(updoxCall) (row, error) {
	rows := make([]row, len(u.order))
	for i, id := range u.order {
		rows[i] = updoxView(u.accounts[id])
	}
	return row{"practiceList": rows}, nil
}

// updoxView is an account as it is shown: null for what it has not, nothing of
// the hidden fields.
func updoxView(a row) row {
	v := maps.Clone(a)
	for _, name := range updoxHidden {
		delete(v, name)
	}
	for _, name := range updoxShown {
		if _, has := v[name]; !has {
			v[name] = nil
		}
	}
	return v
}
