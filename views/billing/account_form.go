package billing

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/clients/updox"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// accountForm is an account being made or overwritten.
type accountForm struct {
	dialog  *ui.FormDialog
	present updox.Account // not Known: a new one
	next    updox.Account
}

// accountWords are the labels and rules of the fields.
var accountWords = map[string][2]string{
	"accountId":             {"Account id", "Your own, for good: PRACTICE-1. It cannot be changed later."},
	"name":                  {"Name", "The only field Updox requires."},
	"address1":              {"Street", ""},
	"address2":              {"Street, second line", ""},
	"city":                  {"City", ""},
	"state":                 {"State", "One of the fifty states, DC or a territory."},
	"postal":                {"ZIP", "Five or nine digits; blanks and dashes are taken out."},
	"phone":                 {"Phone", "Ten digits, in any writing."},
	"fax":                   {"Fax", "Ten digits, in any writing."},
	"active":                {"Active", "An inactive account is refused like wrong credentials."},
	"timeZone":              {"Time zone", "Updox takes nine; without one the account is in Zulu time."},
	"websiteAddress":        {"Website label", ""},
	"directDomain":          {"Direct domain", ""},
	"directAddress":         {"Direct address", "For direct messages to the whole account."},
	"metadata":              {"Metadata", ""},
	"protocol":              {"Protocol", blindHelp},
	"ipAddress":             {"IP address", blindHelp},
	"port":                  {"Port", blindHelp},
	"path":                  {"Path", blindHelp},
	"practiceSpecialtyCode": {"Specialty code", blindHelp},
	"practiceNpi":           {"NPI", blindHelp},
	"defaultConsentMethods": {"Consent methods", blindHelp},
}

const blindHelp = "Updox never shows it: left empty, an update clears whatever it holds."

// label is a field's name for people; one nobody documented keeps its own.
func label(name string) string {
	if w, ok := accountWords[name]; ok {
		return w[0]
	}
	return name
}

// accountFields are all documented fields with their rules.
func (a *accounts) accountFields(present updox.Account) []form.Field {
	var all []form.Field
	for _, name := range updox.Fields() {
		words := accountWords[name]
		switch name {
		case "accountId":
			if !present.Known() {
				all = append(all, form.Text(name, words[0]).Required().Max(64).Help(words[1]))
			}
		case "name":
			all = append(all, form.Text(name, words[0]).Required().Max(120).Help(words[1]))
		case "state":
			all = append(all, form.Combo(name, words[0], withPresent(stateOptions(), present.State.Raw())...).Help(words[1]))
		case "timeZone":
			var zones []form.Option
			for _, z := range updox.Zones() {
				zones = append(zones, form.Option{Value: z})
			}
			all = append(all, form.Combo(name, words[0], withPresent(zones, present.TimeZone.Raw())...).Help(words[1]))
		case "active":
			all = append(all, form.Toggle(name, words[0]).Help(words[1]))
		case "protocol":
			all = append(all, form.Text(name, words[0]).Help(words[1]).Section("Never shown by Updox"))
		default:
			all = append(all, form.Text(name, words[0]).Max(200).Help(words[1]))
		}
	}
	return all
}

// withPresent keeps a value the vendor has and no list knows (UX-12).
func withPresent(all []form.Option, value string) []form.Option {
	for _, o := range all {
		if o.Value == value || value == "" {
			return all
		}
	}
	return append(all, form.Option{Value: value})
}

// filled is an account with what a form holds.
func filled(a updox.Account, values map[string]string) updox.Account {
	for name, value := range values {
		if a.Value(name).Raw() != value {
			a = a.With(name, value)
		}
	}
	return a
}

func (a *accounts) create() {
	f := &accountForm{}
	f.dialog = ui.NewFormDialog(a.v.env, "New practice account", form.New(a.v.env.Theme, a.accountFields(updox.Account{})...), func(values map[string]string) tea.Cmd {
		next := updox.Normal(filled(updox.Account{}, values))
		wrong := updox.Check(next)
		if other, taken := updox.LabelTaken(next.WebsiteAddress.Raw(), next.ID.Raw(), a.table.Rows()); taken {
			wrong["websiteAddress"] = "Website label: " + other.ID.String() + " has it. Labels are unique over all of Updox; choose another."
		}
		if len(wrong) > 0 {
			f.dialog.SetErrors(wrong)
			return nil
		}
		return start(a.v, a.v.write.account, next.ID.Raw(), newAccount{fieldsOf(next)}, composer{dialog: f.dialog,
			refused: func(err error) bool { return a.exists(f, next.ID.Raw(), err) }}, false)
	})
	f.dialog.Set("active", "true")
	f.dialog.Set("timeZone", "")
	f.dialog.Below = func(int) string { return portalLine(f.dialog.Value("websiteAddress")) }
	f.dialog.Busy = a.v.sending(f.dialog)
	a.form = f
	a.v.env.Open(f.dialog.Keep("billing.account", "new"))
}

// portalLine is the address a label makes.
func portalLine(typed string) string {
	if typed == "" {
		return "\nWithout a website label there is no patient portal."
	}
	return "\nPatient portal: " + updox.PortalURL(updox.Normal(updox.Account{}.With("websiteAddress", typed)).WebsiteAddress.String())
}

// exists offers to open the account that is in the way.
func (a *accounts) exists(f *accountForm, id string, err error) bool {
	if updox.CodeOf(err) != updox.AccountExists {
		return false
	}
	f.dialog.SetErrors(map[string]string{"accountId": "Account id: it is in use already. Choose another, or open that account."})
	a.v.env.Open(ui.NewConfirm(a.v.env, "The account exists", "Updox has an account under the id "+id+" already. Nothing was changed. Open it? What you typed stays as a draft of the new one.", "Open it",
		func() tea.Cmd {
			a.v.env.Close(f.dialog)
			return tea.Batch(a.reload(), a.load(updox.Account{}.With("accountId", id), false))
		}))
	return true
}

// edit opens the account over what Updox has now.
func (a *accounts) edit(present updox.Account) {
	f := &accountForm{present: present}
	f.dialog = ui.NewFormDialog(a.v.env, "Change "+present.ID.String()+" "+present.Name.String(), form.New(a.v.env.Theme, a.accountFields(present)...), func(values map[string]string) tea.Cmd {
		return a.submit(f, values)
	})
	for _, name := range updox.Fields() {
		f.dialog.Set(name, present.Value(name).Raw())
	}
	f.dialog.Below = func(int) string {
		return portalLine(f.dialog.Value("websiteAddress")) + "\nAn update replaces the whole account: what is empty here is erased there."
	}
	f.dialog.Busy = func() bool { return a.again.Out() || a.v.sending(f.dialog)() }
	a.form = f
	a.v.env.Open(f.dialog.Keep("billing.account", present.ID.Raw()))
}

// submit reads the account once more: an update on old values would erase what
// somebody else wrote meanwhile.
func (a *accounts) submit(f *accountForm, values map[string]string) tea.Cmd {
	f.next = filled(f.present, values)
	wrong := updox.CheckUpdate(f.present, f.next)
	if other, taken := updox.LabelTaken(f.next.WebsiteAddress.Raw(), f.next.ID.Raw(), a.table.Rows()); taken {
		wrong["websiteAddress"] = "Website label: " + other.ID.String() + " has it. Labels are unique over all of Updox; choose another."
	}
	if len(wrong) > 0 {
		f.dialog.SetErrors(wrong)
		return nil
	}
	f.dialog.Stop = a.again.Cancel
	client, jobs, present := a.v.updox, a.v.jobs, f.present
	return a.again.Latest(func(c ctx) (updox.Account, error) {
		now, err := client.Account(c, present.ID.Raw())
		if updox.IsDenied(err) && present.Deactivated {
			return present, nil // inactive, and not readable for that
		}
		return now, recalled(c, jobs, present.ID.Raw(), err)
	})
}

func (a *accounts) readAgain(r ui.Result[updox.Account]) tea.Cmd {
	f := a.form
	if r.Err != nil {
		f.dialog.SetErrors(map[string]string{"name": "What Updox has now could not be read, so an update is refused: it would clear what is left out. " + a.explained(f.present.ID.Raw(), r.Err)})
		return nil
	}
	if moved := movedOn(f.present, r.Value); len(moved) > 0 {
		f.dialog.SetErrors(moved)
		a.v.env.Fail("Somebody changed this account at Updox meanwhile, so nothing was sent. Press esc, then e to begin with the present values.")
		return nil
	}
	changes, err := updox.Diff(r.Value, f.next)
	if err != nil {
		f.dialog.SetErrors(map[string]string{"name": rest.UserMessage(err)})
		return nil
	}
	if !changes.Any() { // it would do nothing but clear what cannot be seen
		f.dialog.Sent()
		return a.v.env.Say("Nothing was changed.")
	}
	a.ask(f, r.Value, changes)
	return nil
}

// movedOn are complaints about fields that are not as they were read.
func movedOn(was, now updox.Account) map[string]string {
	moved := map[string]string{}
	for _, name := range updox.Fields() {
		if was.Shown(name) && now.Shown(name) && was.Value(name) != now.Value(name) {
			moved[name] = label(name) + ": Updox has " + orDash(now.Value(name).String()) + " by now."
		}
	}
	return moved
}

// ask shows the difference. What is cleared wants a word, what shuts the
// practice out its name.
func (a *accounts) ask(f *accountForm, present updox.Account, changes updox.Changes) {
	words, title := difference(changes), "Overwrite "+present.ID.String()+"?"
	send := func() tea.Cmd {
		u := updating{ID: present.ID.Raw(), Present: fieldsOf(present), Next: fieldsOf(f.next)}
		if f.next.Deactivated && !present.Deactivated {
			return start(a.v, a.v.write.deactivate, u.ID, u, composer{dialog: f.dialog}, true)
		}
		return start(a.v, a.v.write.update, u.ID, u, composer{dialog: f.dialog}, false)
	}
	switch {
	case f.next.Deactivated && !present.Deactivated:
		a.v.env.Open(ui.NewTyped(a.v.env, "Deactivate "+present.ID.String()+"?",
			"Its name: "+present.Name.String()+"\n\n"+words+"\n\n"+offSays, present.Name.String(), send))
	case len(changes.Of(updox.Cleared)) > 0:
		a.v.env.Open(ui.NewTyped(a.v.env, title, words, "CLEAR", send))
	default:
		a.v.env.Open(ui.NewConfirm(a.v.env, title, words, "Overwrite", send))
	}
}

const offSays = "Nobody of this practice can use Updox then: everything is refused, with the same words as wrong credentials. D activates it again."

// difference is what an update does, the dangerous first.
func difference(changes updox.Changes) string {
	var b strings.Builder
	for _, fate := range []updox.Fate{updox.Cleared, updox.Changed, updox.Added} {
		for _, c := range changes.Of(fate) {
			switch fate {
			case updox.Cleared:
				fmt.Fprintf(&b, "WILL BE CLEARED  %s: %s\n", label(c.Field), c.Before)
			case updox.Changed:
				fmt.Fprintf(&b, "changed  %s: %s becomes %s\n", label(c.Field), orDash(c.Before.String()), c.After)
			default:
				fmt.Fprintf(&b, "added  %s: %s\n", label(c.Field), c.After)
			}
		}
	}
	b.WriteString("kept  " + ui.Count(len(changes.Of(updox.Kept)), "field", "fields"))
	if blind := changes.Of(updox.Blind); len(blind) > 0 {
		var names []string
		for _, c := range blind {
			names = append(names, label(c.Field))
		}
		fmt.Fprintf(&b, "\nCANNOT BE SEEN, so whatever they hold is cleared: %s", strings.Join(names, ", "))
	}
	return b.String()
}

// turn deactivates an active account, or activates an inactive one.
func (a *accounts) turn(present updox.Account) tea.Cmd {
	f := &accountForm{present: present, next: present}
	f.next.Deactivated = !present.Deactivated
	changes, err := updox.Diff(present, f.next)
	if err != nil {
		return a.v.fail(err)
	}
	a.ask(f, present, changes)
	return nil
}
