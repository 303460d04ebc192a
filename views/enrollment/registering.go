package enrollment

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// enrolled is the answer to a registration with what differs from it.
type enrolled struct {
	registration anglehealth.Registration
	diffs        []anglehealth.Difference
	answer       anglehealth.Answer[anglehealth.Covered]
}

// registering is the wizard for a new group with its first family. Everybody
// else follows as a new hire or in a census.
type registering struct {
	v     *View
	check *ui.Call[anglehealth.Registration]
	write *ui.Sender[anglehealth.Registration, enrolled]
	form  *ui.FormDialog
	ids   []anglehealth.ID        // of the first family, made when the form opened
	noted map[anglehealth.ID]bool // ids that are in the book
}

func newRegistering(v *View) *registering {
	angle, book := v.angle, v.book
	return &registering{v: v, noted: map[anglehealth.ID]bool{}, check: ui.NewCall[anglehealth.Registration](v.env, "look up the group"),
		write: ui.NewSender(v.env, ui.Write[anglehealth.Registration, enrolled]{
			Vendor: vendorName, Op: "register group", Words: "register the group",
			Send: func(ctx ctx, r anglehealth.Registration) (enrolled, error) {
				a, err := angle.RegisterGroup(ctx, r)
				if err != nil {
					return enrolled{registration: r}, err
				}
				_ = book.KeepDays(ctx, a) // it is done; a history with a gap says that it does not know
				return enrolled{r, r.Compare(a), a}, nil
			},
			ReadBack: func(ctx ctx, r anglehealth.Registration, since time.Time) (ui.Landing, error) {
				f, err := angle.GroupLanded(ctx, r)
				return v.landing(f, err, since)
			},
		})}
}

// ask opens the form of a new group.
func (g *registering) ask() tea.Cmd {
	v := g.v
	g.ids = nil
	for range maxDependents + 1 {
		g.ids = append(g.ids, anglehealth.NewID())
	}
	var counts []form.Option
	for n := range maxDependents + 1 {
		counts = append(counts, form.Option{Value: strconv.Itoa(n)})
	}
	f := form.New(v.env.Theme,
		form.Text("group_name", "Name").Required().Max(120).Section("Group"),
		form.Text("group_address", "Address").Required().Max(200),
		form.Text("group_id", "Id").Required().Max(100).Default(string(anglehealth.NewID())).Check(func(s string) string {
			if s == "" {
				return ""
			}
			return anglehealth.ID(s).Problem()
		}).Help("made here and kept for ever; another one of your own may be typed"),
		headed(v.plans.field("medical", "Medical", anglehealth.Medical, ""), "First employee"),
		v.plans.field("dental", "Dental", anglehealth.Dental, ""),
		form.Choice("dependents", "Dependents", counts...).Default("0").Help("with the same plans; the others follow as new hires or in a census"),
	)
	g.form = ui.NewFormDialog(v.env, "Register a group", f, g.submit)
	g.form.Busy = func() bool { return g.check.Out() || g.write.Out() }
	g.form.Keep("enrollment.group", "")
	v.env.Open(g.form)
	return nil
}

// built is the form as a registration.
func (g *registering) built(values map[string]string) (anglehealth.Registration, map[string]choice) {
	chosen := map[string]choice{}
	r := anglehealth.Registration{Group: anglehealth.ID(values["group_id"]),
		Name: strings.TrimSpace(values["group_name"]), Address: strings.TrimSpace(values["group_address"])}
	n, _ := strconv.Atoi(values["dependents"])
	var family []anglehealth.Elected
	for i := range n + 1 {
		e := anglehealth.Elected{ID: g.ids[i], Plans: map[anglehealth.Line]string{}}
		for _, l := range anglehealth.Lines() {
			if s := strings.TrimSpace(values[string(l)]); s != "" {
				e.Plans[l] = s
				chosen[string(l)] = choice{l, s}
			}
		}
		family = append(family, e)
	}
	r.Families = []anglehealth.Household{{Employee: family[0], Dependents: family[1:]}}
	return r, chosen
}

// submit finds out that neither the group nor its ids are there, and writes the
// ids down before anything is sent.
func (g *registering) submit(values map[string]string) tea.Cmd {
	r, chosen := g.built(values)
	if len(chosen) == 0 {
		g.form.SetErrors(map[string]string{"medical": "Medical: the first employee needs a plan. Choose a medical or a dental one."})
		return nil
	}
	if wrong := r.Problems(); len(wrong) > 0 {
		g.form.SetErrors(wrong)
		return nil
	}
	angle, book := g.v.angle, g.v.book
	var fresh []anglehealth.ID
	for _, id := range r.Members() {
		if !g.noted[id] {
			fresh = append(fresh, id)
		}
	}
	return g.check.Once(func(ctx ctx) (anglehealth.Registration, error) {
		wrong, err := vet(ctx, angle, chosen, civil.Date{})
		if err != nil {
			return r, err
		}
		if _, err := angle.Group(ctx, r.Group); err == nil {
			wrong["group_id"] = "Angle Health has a group of this id already. Add it with a on the first page, or take another id."
		} else if !anglehealth.NotFound(err) {
			return r, err
		}
		if len(wrong) > 0 {
			return r, wrongError(wrong)
		}
		if err := book.AddGroup(ctx, r.Group, r.Name); err != nil {
			return r, err
		}
		return r, book.AddMembers(ctx, r.Group, r.Families[0].Employee.ID, fresh...)
	})
}

func (g *registering) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[anglehealth.Registration]:
		return g.checked(msg)
	case ui.Result[enrolled]:
		return g.done(msg)
	}
	return nil
}

func (g *registering) checked(r ui.Result[anglehealth.Registration]) tea.Cmd {
	if !g.check.Accept(r) || !g.form.Shown() {
		return nil
	}
	var wrong wrongError
	switch {
	case errors.As(r.Err, &wrong):
		g.form.SetErrors(wrong)
		return nil
	case r.Err != nil:
		return g.v.fail(r.Err)
	}
	reg := r.Value
	for _, id := range reg.Members() {
		g.noted[id] = true
	}
	first := reg.Families[0].Employee
	g.v.env.Open(ui.NewConfirm(g.v.env, "Register this group?", fmt.Sprintf(
		"%s\n%s\nid %s\n\nFirst employee with %s: medical %s, dental %s. Their names follow as changes of each person.",
		reg.Name, reg.Address, reg.Group, ui.Count(len(reg.Families[0].Dependents), "dependent", "dependents"), plan(first.Plans[anglehealth.Medical]), plan(first.Plans[anglehealth.Dental])),
		"Register", func() tea.Cmd { return g.write.Start(string(reg.Group), reg, nil) }))
	return nil
}

func (g *registering) done(r ui.Result[enrolled]) tea.Cmd {
	if !g.write.Accept(r) {
		return nil
	}
	if r.Err != nil {
		if lost, cmd := g.v.lost(r.Err, g.form); lost {
			return tea.Batch(cmd, g.v.groups.reload())
		}
		words := rest.Complaints(r.Err)
		if len(words) == 0 {
			words["group_id"] = rest.UserMessage(r.Err)
		}
		g.form.SetErrors(words)
		return tea.Batch(g.v.fail(r.Err), g.v.groups.reload())
	}
	g.form.Sent()
	cmds := []tea.Cmd{g.v.roster.open(r.Value.registration.Group), g.v.groups.reload()}
	if len(r.Value.diffs) == 0 {
		return tea.Batch(append(cmds, g.v.env.Say("Registered as asked. Open a member and press e to enter who they are."))...)
	}
	var text []string
	for _, d := range r.Value.diffs {
		text = append(text, g.v.env.Theme.Glyph.Differs+" "+string(d.ID)+", "+d.String())
	}
	g.v.env.Open(ui.NewReader(g.v.env, "Registered, but not as expected", strings.Join(text, "\n")))
	return tea.Batch(cmds...)
}
