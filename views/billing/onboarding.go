package billing

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/state/onboard"
	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/table"
)

// onboarding is the page of practices on their way into both vendors: the jobs
// above, the checklist of the one under the cursor below.
type onboarding struct {
	*list[onboard.Job]
	sent    string                // the job last gone on with
	begin   *ui.Call[onboard.Job] // begins, amends, closes and declares: nothing of it is sent to a vendor
	dialog  *ui.FormDialog
	then    func(onboard.Job) tea.Cmd
	full    int
	listing int
}

func newOnboarding(v *View) *onboarding {
	o := &onboarding{begin: ui.NewCall[onboard.Job](v.env, "write the job down")}
	type row = onboard.Job
	step := func(name string) func(row) string {
		return func(j row) string { return string(j.Step(name).State) }
	}
	t := table.New(v.env.Theme, func(j row) string { return j.ID },
		table.Column[row]{Title: "Practice", Min: 18, Cell: jobName},
		table.Column[row]{Title: "Account", Min: 12, Max: 16, Cell: func(j row) string { return j.Account }},
		table.Column[row]{Title: "Updox", Min: 8, Max: 9, Cell: step(onboard.AccountStep)},
		table.Column[row]{Title: "Inbox Health", Min: 12, Max: 12, Cell: step(onboard.EnterpriseStep)},
		table.Column[row]{Title: "Job", Min: 6, Max: 6, Cell: jobState},
		table.Column[row]{Title: "By", Min: 10, Drop: 1, Cell: func(j row) string { return j.Owner }},
	)
	o.list = newList(v, "list onboarding jobs", t)
	o.head = func() string {
		return v.env.Theme.Strong.Render("Onboarding") + "  one form, an Updox account and an Inbox Health enterprise"
	}
	o.act = o.do
	o.keys = func() []key.Binding {
		k := v.keys
		o.needRow(&k.GoOn, &k.Look, &k.Correct, &k.Happened, &k.GiveUp)
		if j, some := t.Selected(); some { // what can be done about this one
			over := !j.Closed.IsZero()
			k.GoOn.SetEnabled(!over && !j.Doubtful())
			k.Correct.SetEnabled(!over)
			k.Look.SetEnabled(j.Doubtful())
			k.Happened.SetEnabled(j.Doubtful())
		}
		return []key.Binding{k.New, k.GoOn, k.Look, k.Correct, k.Happened, k.GiveUp}
	}
	jobs := v.jobs
	o.fetch = func(c ctx) ([]row, error) { return jobs.List(c) }
	t.SetEmpty("No practice is on its way. Press n to take one in.")
	return o
}

func jobName(j onboard.Job) string {
	if j.Form.Name == "" {
		return j.Account
	}
	return j.Form.Name
}

func jobState(j onboard.Job) string {
	switch {
	case !j.Closed.IsZero():
		return "over"
	case j.Doubtful():
		return "UNSURE"
	}
	return "open"
}

// enter reads the jobs each time: colleagues work on them too.
func (o *onboarding) enter() tea.Cmd { return o.list.reload() }

func (o *onboarding) Resize(width, height int) {
	o.full = height
	o.listing = max(3, height-checklistLines)
	o.list.Resize(width, o.listing)
}

// checklistLines stand below the jobs.
const checklistLines = 9

func (o *onboarding) View() string {
	lines := strings.Split(o.list.View(), "\n")
	for len(lines) < o.listing {
		lines = append(lines, "")
	}
	below := strings.Split(o.checklist(), "\n")
	return strings.Join(append(lines, below[:min(len(below), o.full-o.listing)]...), "\n")
}

// stepTitles are the steps in words.
var stepTitles = map[string]string{onboard.AccountStep: "Updox account", onboard.EnterpriseStep: "Inbox Health enterprise and practices"}

// checklist is the job under the cursor, step by step.
func (o *onboarding) checklist() string {
	th := o.v.env.Theme
	j, some := o.table.Selected()
	if !some {
		return ""
	}
	out := []string{th.Muted.Render(strings.Repeat("-", max(0, o.width-2))),
		th.Strong.Render(jobName(j)) + "  account " + j.Account + ", begun " + o.v.at(j.Created) + " by " + j.Owner}
	for _, s := range j.Steps {
		mark := map[onboard.State]string{onboard.Done: th.Glyph.Ok, onboard.Refused: th.Glyph.Cross, onboard.Undone: th.Glyph.Cross,
			onboard.Waiting: th.Glyph.Bullet}[s.State]
		if mark == "" {
			mark = th.Glyph.Unknown
		}
		line := mark + " " + stepTitles[s.Name] + ": " + string(s.State)
		if s.VendorID != "" {
			line += ", number " + s.VendorID
		}
		if s.Attempt > 1 {
			line += fmt.Sprintf(", tried %d times", s.Attempt)
		}
		out = append(out, line)
		if s.Words != "" {
			for _, l := range strings.Split(ansi.Wrap(s.Words, max(10, o.width-5), " "), "\n") {
				out = append(out, "   "+l)
			}
		}
	}
	next := nextStep(j)
	if j.ID == o.sent && o.v.write.run.out(0) {
		next = "It is on its way. How each step went is shown when the answers are in."
	}
	out = append(out, th.Muted.Render(next))
	for i, l := range out {
		out[i] = th.Truncate(" "+l, o.width)
	}
	return strings.Join(out, "\n")
}

// nextStep says what can be done about a job.
func nextStep(j onboard.Job) string {
	switch {
	case j.Complete() && j.Closed.IsZero():
		return "Both vendors have the practice. Press enter to end the job."
	case j.Complete():
		return "Both vendors have the practice."
	case !j.Closed.IsZero():
		return "This job was closed as it is."
	case j.Doubtful():
		return "Press u to find out what happened; nothing is sent again before that."
	case refused(j):
		return "enter tries again what failed, e corrects the form, X takes back what can be."
	}
	return "Press enter to go on."
}

func refused(j onboard.Job) bool {
	return slices.ContainsFunc(j.Steps, func(s onboard.Step) bool { return s.State == onboard.Refused })
}

func (o *onboarding) Update(msg tea.Msg) tea.Cmd {
	if r, ok := msg.(ui.Result[onboard.Job]); ok {
		return o.wrote(r)
	}
	return o.list.Update(msg)
}

func (o *onboarding) do(msg tea.KeyPressMsg, j onboard.Job, some bool) (tea.Cmd, bool) {
	k := o.v.keys
	switch {
	case key.Matches(msg, k.New):
		o.compose(onboard.Job{})
		return nil, true
	case !some:
		return nil, false
	case key.Matches(msg, k.GoOn):
		return o.run(j), true
	case key.Matches(msg, k.Look):
		return o.look(j), true
	case key.Matches(msg, k.Correct):
		if !j.Closed.IsZero() {
			o.v.env.Fail("This job is over, and its form is forgotten. Press n to take in another practice.")
			return nil, true
		}
		o.compose(j)
	case key.Matches(msg, k.Happened):
		o.declare(j)
	case key.Matches(msg, k.GiveUp):
		o.giveUp(j)
	default:
		return nil, false
	}
	return nil, true
}

// run goes on with a job: only what is not done is sent.
func (o *onboarding) run(j onboard.Job) tea.Cmd {
	if !j.Closed.IsZero() {
		o.v.env.Fail("This job is over. Press n to take in another practice.")
		return nil
	}
	if o.v.write.run.out(0) {
		o.v.env.Fail("A practice is being taken in. Wait for the answers before the next.")
		return nil
	}
	o.sent = j.ID
	return start(o.v, o.v.write.run, j.Account, running{j.ID, j.Account}, composer{}, false)
}

// look finds out what became of the steps nobody knows about, and sends
// nothing.
func (o *onboarding) look(j onboard.Job) tea.Cmd {
	jobs := o.v.jobs
	return o.write(func(c ctx) (onboard.Job, error) { return jobs.Settle(c, j.ID) }, nil, nil)
}

// write runs what changes a job here; the dialog gets its complaints.
func (o *onboarding) write(do func(ctx) (onboard.Job, error), d *ui.FormDialog, then func(onboard.Job) tea.Cmd) tea.Cmd {
	if d != nil {
		d.Stop = func() { o.v.env.Fail("It is being written down. The form closes when that is done.") }
	}
	o.dialog, o.then = d, then
	return o.begin.Once(do)
}

func (o *onboarding) wrote(r ui.Result[onboard.Job]) tea.Cmd {
	if !o.begin.Accept(r) {
		return nil
	}
	d, then := o.dialog, o.then
	o.dialog, o.then = nil, nil
	if r.Err != nil {
		o.complain(r.Err, d)
		return o.list.reload()
	}
	if d != nil {
		d.Sent()
	}
	o.table.Upsert(r.Value)
	o.table.Select(r.Value.ID)
	if then != nil {
		return tea.Batch(then(r.Value), o.list.reload())
	}
	return o.list.reload()
}

// giveUp shows what would be left behind, and offers to take back what can be.
func (o *onboarding) giveUp(j onboard.Job) {
	var b strings.Builder
	undo := false
	for _, r := range onboard.Compensation(j) {
		b.WriteString(stepTitles[r.Step] + ": " + r.Words + "\n\n")
		undo = undo || r.Undo
	}
	if b.Len() == 0 {
		b.WriteString("Neither vendor has anything of this practice, so nothing is left behind.\n\n")
	}
	title := "Give up " + jobName(j) + "?"
	if j.Closed.IsZero() {
		b.WriteString("Closing the job changes nothing at the vendors and forgets its form but for the name.")
	} else {
		title = "What the vendors have of " + jobName(j)
	}
	actions := []ui.Action{}
	if undo {
		actions = append(actions, ui.Action{Key: ui.One("D", "deactivate the account..."), Do: func() (bool, tea.Cmd) {
			o.v.env.Open(ui.NewTyped(o.v.env, "Deactivate "+j.Account+"?", offSays, j.Account, func() tea.Cmd {
				return start(o.v, o.v.write.undo, j.Account, running{j.ID, j.Account}, composer{}, true)
			}))
			return true, nil
		}})
	}
	if j.Closed.IsZero() {
		actions = append(actions, ui.Action{Key: ui.One("C", "close the job as it is"), Do: func() (bool, tea.Cmd) {
			jobs := o.v.jobs
			return true, o.write(func(c ctx) (onboard.Job, error) { return jobs.Close(c, j.ID) }, nil, nil)
		}})
	}
	o.v.env.Open(ui.NewReader(o.v.env, title, strings.TrimSpace(b.String()), actions...))
}

// declare lets a person say what they saw at the vendor.
func (o *onboarding) declare(j onboard.Job) {
	for _, s := range j.Steps {
		if s.State != onboard.Unknown && s.State != onboard.Sending && s.State != onboard.Undoing {
			continue
		}
		f := form.New(o.v.env.Theme,
			form.Choice("happened", "It is there", form.Option{Value: "yes"}, form.Option{Value: "no"}).Required().
				Help("Look at the vendor's own page first: what you say here is believed."),
			form.Text("number", "Its number there").Max(64))
		var d *ui.FormDialog
		d = ui.NewFormDialog(o.v.env, stepTitles[s.Name]+" of "+jobName(j), f, func(values map[string]string) tea.Cmd {
			jobs := o.v.jobs
			return o.write(func(c ctx) (onboard.Job, error) {
				return jobs.Declare(c, j.ID, s.Name, values["happened"] == "yes", values["number"])
			}, d, nil)
		})
		d.Busy = o.begin.Out
		o.v.env.Open(d)
		return
	}
	o.v.env.Fail("Nothing of this job is in doubt.")
}

func (o *onboarding) Waiting(msg tea.Msg) bool { return o.begin.Out() || o.list.Waiting(msg) }
