package billing

import (
	"errors"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/state/onboard"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// running goes on with an onboarding job, or takes it back.
type running struct{ Job, Account string }

// onboardFields are the form for both vendors; the names are state/onboard's.
func onboardFields() []form.Field {
	var zones []form.Option
	for _, z := range onboard.Zones() {
		zone, _ := onboard.ZoneOf(z)
		zones = append(zones, form.Option{Value: z, Detail: zone.InboxHealth})
	}
	all := []form.Field{
		form.Text("Name", "Practice").Required().Max(120),
		form.Text("AccountID", "Account id").Required().Max(64).Help("Your own for Updox, for good: PRACTICE-1."),
		form.Text("Address1", "Street").Max(120),
		form.Text("Address2", "Street, second line").Max(120),
		form.Text("City", "City").Max(80),
		form.Combo("State", "State", stateOptions()...),
		form.Text("Zip", "ZIP").Check(zip),
		form.Phone("Phone", "Phone"),
		form.Phone("Fax", "Fax"),
		form.Combo("Zone", "Time zone", zones...).Required().Help("The zones both vendors know."),
		form.Text("Website", "Website label").Max(63).Help("https://LABEL.myupdox.com; empty for none. It is unique over all of Updox."),
		form.Text("DirectAddress", "Direct address").Max(120),
		form.Text("StatementDescriptor", "On bank statements").Max(60).Section("Letters and payments"),
		form.Text("QuickPay", "Quick payments are for").Placeholder("Copay").Max(60),
		form.Toggle("ColorStatements", "Letters in colour"),
		form.Toggle("FirstClass", "First class"),
		form.Toggle("ReturnEnvelope", "Return envelope"),
		form.Toggle("Perforation", "Perforation"),
	}
	for i := range placeSlots {
		at := "Places." + strconv.Itoa(i) + "."
		all = append(all,
			form.Text(at+"Name", "Practice inside").Max(120).Section("Building "+strconv.Itoa(i+1)).Help("Without any, Inbox Health makes one from the practice itself."),
			form.Text(at+"Address1", "Street").Max(120),
			form.Text(at+"City", "City").Max(80),
			form.Combo(at+"State", "State", stateOptions()...),
			form.Combo(at+"Zone", "Time zone", zones...))
	}
	return all
}

// onboardForm is what was typed as state/onboard takes it.
func onboardForm(v map[string]string) onboard.Form {
	f := onboard.Form{
		AccountID: v["AccountID"], Name: v["Name"], Address1: v["Address1"], Address2: v["Address2"], City: v["City"], State: v["State"],
		Zip: onboard.Digits(v["Zip"]), Phone: v["Phone"], Fax: v["Fax"], Zone: v["Zone"], Website: v["Website"], DirectAddress: v["DirectAddress"],
		StatementDescriptor: v["StatementDescriptor"], QuickPay: v["QuickPay"],
		ColorStatements: v["ColorStatements"] == "true", FirstClass: v["FirstClass"] == "true",
		ReturnEnvelope: v["ReturnEnvelope"] == "true", Perforation: v["Perforation"] == "true",
	}
	for i := range placeSlots {
		at := "Places." + strconv.Itoa(i) + "."
		p := onboard.Place{Name: v[at+"Name"], Address1: v[at+"Address1"], City: v[at+"City"], State: v[at+"State"], Zone: v[at+"Zone"]}
		if p != (onboard.Place{}) {
			f.Places = append(f.Places, p)
		}
	}
	return f
}

// onboardValues is the way back, for correcting a job.
func onboardValues(f onboard.Form) map[string]string {
	on := strconv.FormatBool
	v := map[string]string{
		"AccountID": f.AccountID, "Name": f.Name, "Address1": f.Address1, "Address2": f.Address2, "City": f.City, "State": f.State,
		"Zip": f.Zip, "Phone": f.Phone, "Fax": f.Fax, "Zone": f.Zone, "Website": f.Website, "DirectAddress": f.DirectAddress,
		"StatementDescriptor": f.StatementDescriptor, "QuickPay": f.QuickPay, "ColorStatements": on(f.ColorStatements),
		"FirstClass": on(f.FirstClass), "ReturnEnvelope": on(f.ReturnEnvelope), "Perforation": on(f.Perforation),
	}
	for i, p := range f.Places[:min(len(f.Places), placeSlots)] {
		at := "Places." + strconv.Itoa(i) + "."
		v[at+"Name"], v[at+"Address1"], v[at+"City"], v[at+"State"], v[at+"Zone"] = p.Name, p.Address1, p.City, p.State, p.Zone
	}
	return v
}

// compose opens the form of a new job, or of one to be corrected.
func (o *onboarding) compose(j onboard.Job) {
	fresh := j.ID == ""
	given, title, draft := j.Form, "Correct "+jobName(j), j.ID
	if fresh {
		given = onboard.Form{Zone: o.v.env.Zone.String(), ColorStatements: true, FirstClass: true, ReturnEnvelope: true, Perforation: true}
		title, draft = "Take a practice in", "new"
	}
	f := form.New(o.v.env.Theme, onboardFields()...)
	for name, value := range onboardValues(given) {
		f.Set(name, value)
	}
	jobs := o.v.jobs
	var d *ui.FormDialog
	d = ui.NewFormDialog(o.v.env, title, f, func(values map[string]string) tea.Cmd {
		typed := onboardForm(values)
		if fresh {
			o.sure(typed, d)
			return nil
		}
		return o.write(func(c ctx) (onboard.Job, error) { return jobs.Amend(c, j.ID, typed) }, d, nil)
	})
	d.Below = func(int) string {
		return "\nFirst the Updox account, then the Inbox Health enterprise; each is sent once."
	}
	d.Busy = o.begin.Out
	o.v.env.Open(d.Keep("billing.onboard", draft))
}

// sure asks before two vendors get a practice that neither lets anybody
// delete. What is wrong with the form is said before that.
func (o *onboarding) sure(f onboard.Form, d *ui.FormDialog) {
	if wrong := onboard.Check(f); len(wrong) > 0 {
		d.SetErrors(wrong)
		return
	}
	words := f.Name + " (" + f.AccountID + ") gets an account at Updox and an enterprise at Inbox Health, one after the other. " +
		"An account can be deactivated and an enterprise cannot be taken back; neither can be deleted."
	jobs := o.v.jobs
	o.v.env.Open(ui.NewConfirm(o.v.env, "Take the practice in?", words, "Send to both", func() tea.Cmd {
		return o.write(func(c ctx) (onboard.Job, error) { return jobs.Begin(c, f) }, d, o.run)
	}))
}

// complain puts what is wrong into the form, which would lie over a notice.
func (o *onboarding) complain(err error, d *ui.FormDialog) {
	var bad *onboard.InvalidError
	switch {
	case d == nil:
		o.v.env.Fail(rest.UserMessage(err))
	case errors.As(err, &bad):
		d.SetErrors(bad.Fields)
	default:
		d.SetErrors(map[string]string{"": rest.UserMessage(err)})
	}
}

func (v *View) declareOnboarding() {
	jobs := v.jobs
	v.write.run = declare(v, ui.Write[running, outcome]{
		Vendor: onboardName, Op: "take the practice in", Words: "take the practice in",
		Send: func(c ctx, r running) (outcome, error) {
			j, err := jobs.Run(c, r.Job)
			return outcome{Words: "Both vendors have " + r.Account + ": enterprise " + j.Step(onboard.EnterpriseStep).VendorID + "."}, err
		},
		ReadBack: func(c ctx, r running, _ time.Time) (ui.Landing, error) {
			j, err := jobs.Settle(c, r.Job)
			return settledJob(j, err, j.Complete())
		},
	})
	v.write.undo = declare(v, ui.Write[running, outcome]{
		Vendor: onboardName, Op: "deactivate the account", Class: deactivation, Words: "deactivate the account",
		Send: func(c ctx, r running) (outcome, error) {
			_, err := jobs.Undo(c, r.Job)
			return outcome{Words: "The account " + r.Account + " is deactivated. What Inbox Health has stays."}, err
		},
		ReadBack: func(c ctx, r running, _ time.Time) (ui.Landing, error) {
			j, err := jobs.Settle(c, r.Job)
			return settledJob(j, err, j.Step(onboard.AccountStep).State == onboard.Undone)
		},
	})
}

// settledJob is what the job's own book says, which looked at the vendor. What
// did not arrive waits on its page.
func settledJob(_ onboard.Job, err error, done bool) (ui.Landing, error) {
	var unclear *onboard.UnknownError
	switch {
	case errors.As(err, &unclear):
		return ui.CannotTell, nil
	case err != nil:
		return ui.CannotTell, err
	case done:
		return ui.Landed, nil
	}
	return ui.Reopened, nil
}
