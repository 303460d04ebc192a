package enrollment

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// edited is a change of one person as the outbox keeps it, sealed: the client's
// own type writes a social security number masked, and no day has no JSON that
// can be read back. Days are YYYY-MM-DD.
type edited struct {
	ID                   anglehealth.ID
	Fields               map[string]string
	Hired, DOB, Sex, SSN string
}

func (e edited) demographics() anglehealth.Demographics {
	d := anglehealth.Demographics{ID: e.ID, Fields: e.Fields, Hired: date(e.Hired), DOB: date(e.DOB), Sex: e.Sex}
	if e.SSN != "" {
		d.SSN, _ = anglehealth.ParseSSN(e.SSN) // it was checked in the form
	}
	return d
}

// names are the wire names of what is changed, in order.
func (e edited) names() []string {
	all := slices.Sorted(maps.Keys(e.Fields))
	for name, on := range map[string]bool{"hire_date": e.Hired != "", "dob_change": e.DOB != "", "sex_change": e.Sex != "", "ssn_change": e.SSN != ""} {
		if on {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// corrected is a person's snapshot after a change, and what differs.
type corrected struct {
	edited edited
	after  anglehealth.Member
	diffs  []anglehealth.Difference
	unseen []string
}

// changing edits a person's data. Only what was changed is sent.
type changing struct {
	v      *View
	write  *ui.Sender[edited, corrected]
	before anglehealth.Member
	form   *ui.FormDialog
}

func newChanging(v *View) *changing {
	angle, book := v.angle, v.book
	return &changing{v: v, write: ui.NewSender(v.env, ui.Write[edited, corrected]{
		Vendor: vendorName, Op: "change person", Words: "change the person's data",
		Send: func(ctx ctx, e edited) (corrected, error) {
			c := corrected{edited: e}
			if err := angle.ChangeDemographics(ctx, e.demographics()); err != nil {
				return c, err
			}
			m, err := angle.Member(ctx, e.ID)
			if err == nil {
				err = book.Keep(ctx, m)
			}
			if err != nil {
				return c, &unread{err}
			}
			c.after = m
			c.diffs, c.unseen = e.demographics().Compare(m)
			return c, nil
		},
		ReadBack: func(ctx ctx, e edited, since time.Time) (ui.Landing, error) {
			f, err := angle.DemographicsLanded(ctx, e.demographics())
			return v.landing(f, err, since)
		},
	})}
}

// shown is what a snapshot has for a field of the form.
func shown(m anglehealth.Member, name string) string {
	switch name {
	case "first_name":
		return m.FirstName.Raw()
	case "last_name":
		return m.LastName.Raw()
	case "home_address":
		return m.HomeAddress.Text.Raw()
	case "mailing_address":
		return m.MailingAddress.Text.Raw()
	case "dob_change", "hire_date":
		d, ok := m.DOB.Day, m.DOB.Known
		if name == "hire_date" {
			d, ok = anglehealth.ParseDay(strings.TrimSpace(m.Employment.Part(name).Raw()))
		}
		if !ok {
			return ""
		}
		return d.String()
	case "sex_change":
		return m.Sex.Raw()
	case "ssn_change":
		return m.SSN.String()
	}
	if s := m.Contact.Part(name).Raw(); s != "" {
		return s
	}
	return m.Employment.Part(name).Raw()
}

// clean is the same for a line of text.
func clean(m anglehealth.Member, name string) string { return safe.Clean(shown(m, name)) }

// ask opens the form. What it shows in full is on the trail.
func (c *changing) ask(m anglehealth.Member) {
	c.before = m
	c.v.env.Trace("reveal", string(m.ID))
	text := func(name, label string) *form.TextField {
		return form.Text(name, label).Default(shown(m, name)).Max(200)
	}
	ssn := form.NewSecret("ssn_change", "New SSN").Check(checkSSN).Help("empty leaves it as it is; never shown, and not kept in the draft")
	f := form.New(c.v.env.Theme,
		text("first_name", "First name").Section("Name"), text("middle_name", "Middle name"), text("last_name", "Last name"), text("suffix", "Suffix"),
		text("home_address", "Home").Section("Address"), text("mailing_address", "Mailing"),
		text("home_phone", "Home phone").Section("Contact"), text("work_phone", "Work phone"),
		text("email_address", "E-mail").Check(address), text("email_address_type", "E-mail type"),
		form.Date("dob_change", "Born").Today(c.v.today).Until(c.v.today()).Default(shown(m, "dob_change")).Section("Person"),
		form.Choice("sex_change", "Sex", form.Option{Value: "F"}, form.Option{Value: "M"}).Default(shown(m, "sex_change")),
		ssn, form.NewSecret("again", "SSN once more").Against(ssn, differ),
		form.Date("hire_date", "Hired").Today(c.v.today).Default(shown(m, "hire_date")).Section("Employment"),
		text("employment_status", "Status"), text("occupation", "Occupation"), text("hours_worked", "Hours"),
	)
	c.form = ui.NewFormDialog(c.v.env, "Change data of "+name(m), f, func(values map[string]string) tea.Cmd { return c.submit(f.Changes(), values) })
	c.form.Busy = c.write.Out
	c.form.Keep("enrollment.person", string(m.ID))
	c.v.env.Open(c.form)
}

func address(s string) string {
	if s == "" {
		return ""
	}
	at := strings.LastIndexByte(s, '@')
	if at < 1 || !strings.Contains(s[at:], ".") || strings.ContainsAny(s, " \t") {
		return "E-mail: that is not an address. Type one like ann@example.com or leave it as it was."
	}
	return ""
}

// submit shows what will be sent, by the groups of the document.
func (c *changing) submit(changes, values map[string]string) tea.Cmd {
	wrong := map[string]string{}
	ssn := twice(values, "ssn_change", "again", wrong)
	if len(wrong) > 0 {
		c.form.SetErrors(wrong)
		return nil
	}
	e := edited{ID: c.before.ID, Fields: map[string]string{}, SSN: ssn.Expose()}
	for name, s := range changes {
		switch {
		case name == "dob_change":
			e.DOB = s
		case name == "hire_date":
			e.Hired = s
		case name == "sex_change":
			e.Sex = s
		case slices.Contains(anglehealth.DemographicFields(), name):
			e.Fields[name] = strings.TrimSpace(s)
		}
	}
	if e.demographics().Empty() {
		c.form.Sent()
		return c.v.env.Say("Nothing was changed, so nothing was sent.")
	}
	var text []string
	for _, name := range e.names() {
		text = append(text, fmt.Sprintf("%s: %s -> %s", label(name), told(clean(c.before, name)), told(c.sent(e, name))))
	}
	if words := c.v.unsure.warning(e.ID); words != "" {
		text = append(text, "", c.v.env.Theme.Glyph.Warn+" "+words)
	}
	c.v.env.Open(ui.NewConfirm(c.v.env, "Change the data of "+named(name(c.before), c.before.ID)+"?", strings.Join(text, "\n"), "Send",
		func() tea.Cmd { return c.write.Start(string(e.ID), e, nil) }))
	return nil
}

// label is a wire name as people read it.
func label(name string) string {
	name = strings.TrimSuffix(name, "_change")
	switch name {
	case "ssn":
		return "SSN"
	case "dob":
		return "born"
	}
	return strings.ReplaceAll(name, "_", " ")
}

// sent is what is sent for a field; a social security number is masked.
func (c *changing) sent(e edited, name string) string {
	switch name {
	case "dob_change":
		return e.DOB
	case "hire_date":
		return e.Hired
	case "sex_change":
		return e.Sex
	case "ssn_change":
		return e.demographics().SSN.String()
	}
	return e.Fields[name]
}

func (c *changing) update(msg tea.Msg) tea.Cmd {
	r, ok := msg.(ui.Result[corrected])
	if !ok || !c.write.Accept(r) {
		return nil
	}
	var later *unread
	switch {
	case errors.As(r.Err, &later):
		c.form.Sent()
		c.v.env.Fail(later.UserMessage())
		return c.v.member.again()
	case r.Err != nil:
		if lost, cmd := c.v.lost(r.Err, c.form); lost {
			return cmd
		}
		c.form.SetErrors(byField(rest.Complaints(r.Err)))
		return c.v.fail(r.Err)
	}
	c.form.Sent()
	c.v.met[r.Value.after.ID] = r.Value.after
	c.v.env.Open(ui.NewReader(c.v.env, "Data of "+name(r.Value.after), c.told(r.Value)))
	return tea.Batch(c.v.member.again(), c.v.roster.reload())
}

// byField drops the group from the vendor's names: address_change.home_address.
func byField(all map[string]string) map[string]string {
	out := map[string]string{}
	for name, words := range all {
		out[name[strings.LastIndexByte(name, '.')+1:]] = words
	}
	return out
}

// told is the snapshot before and after, field by field.
func (c *changing) told(r corrected) string {
	th := c.v.env.Theme
	var all []string
	for _, name := range r.edited.names() {
		was, is := told(clean(c.before, name)), told(clean(r.after, name))
		i := slices.IndexFunc(r.diffs, func(d anglehealth.Difference) bool { return d.What == name })
		switch {
		case slices.Contains(r.unseen, name):
			all = append(all, th.Glyph.Unknown+" "+label(name)+": recorded; snapshots do not show it, so it is not verified")
		case i >= 0:
			all = append(all, fmt.Sprintf("%s %s: MISMATCH. Sent %s, but Angle Health shows %s", th.Glyph.Differs, label(name), r.diffs[i].Want, r.diffs[i].Got))
		default:
			all = append(all, fmt.Sprintf("%s %s: %s -> %s", th.Glyph.Ok, label(name), was, is))
		}
	}
	if len(r.diffs) == 0 && len(r.unseen) == 0 {
		all = append(all, "", "Verified by a snapshot.")
	}
	return strings.Join(all, "\n")
}
