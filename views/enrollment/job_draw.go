package enrollment

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/anglehealth"
	"frontdesk/state/enroll"
	"frontdesk/ui/theme"
)

func (p *jobPage) Resize(width, height int) { p.width, p.scroll.height = width, max(1, height-3) }

func (p *jobPage) View() string {
	th, j := p.v.env.Theme, p.job
	head := th.Strong.Render(" New hire of "+p.v.who(j.Hire.Employee.ID)) + "  " + p.v.tint(j.State).Render(p.v.state(j.State))
	line := fmt.Sprintf(" %s, starts %s", p.v.groups.title(j.Hire.Group), j.Hire.Start)
	if !j.Wanted.IsZero() {
		line += ", coverage from " + j.Wanted.String()
	}
	body := p.steps()
	if said := p.said(); len(said) > 0 {
		body = append(append(body, ""), said...)
	}
	body = append(append(body, ""), p.members()...)
	body = append(body, p.doubts()...)
	for i, l := range body {
		body[i] = th.Truncate(l, p.width)
	}
	return th.Truncate(head, p.width) + "\n" + th.Truncate(line, p.width) + "\n\n" + p.scroll.window(body)
}

// said is what the book and the vendor say of it, whole: it tells what to do. A
// family that is verified has nothing to do, whatever went wrong before.
func (p *jobPage) said() []string {
	var all []string
	gone := ""
	if p.job.Lost && p.job.State == enroll.Draft {
		gone = "Who these people are is not on this desk any more, so this cannot be sent. Press e to enter it again, or X to throw it away."
		if p.job.Census != "" {
			gone = "Who these people are is not on this desk any more, so this cannot be sent. Press X to throw it away, and import the row again."
		}
	}
	for _, words := range []string{gone, p.again(), p.job.Note, p.job.Words} {
		if words == "" || p.job.State == enroll.Verified {
			continue
		}
		for l := range strings.SplitSeq(ansi.Wordwrap(words, max(20, p.width-2), ""), "\n") {
			all = append(all, " "+l)
		}
	}
	return all
}

// again warns of a draft of people who were enrolled from here before. It is no
// refusal: who comes back is a new hire.
func (p *jobPage) again() string {
	if p.job.State != enroll.Draft || len(p.job.Again) == 0 {
		return ""
	}
	var who []string
	for _, id := range p.job.Again {
		who = append(who, p.v.who(id))
	}
	return p.v.env.Theme.Glyph.Warn + " Enrolled from this desk before, or waiting to be: " + strings.Join(who, ", ") +
		". Who comes back is a new hire; anybody else would be enrolled twice."
}

// steps are what is done, what is next and what it waits for.
func (p *jobPage) steps() []string {
	j, th := p.job, p.v.env.Theme
	over := j.State == enroll.Verified || j.State == enroll.Mismatch
	at := map[enroll.Step]int{enroll.Checking: 1, enroll.Enrolling: 1, enroll.Naming: 2, enroll.Verifying: 3}[j.Step]
	words := []string{
		"ids made and stored",
		"family enrolled, one request",
		fmt.Sprintf("data of each person recorded: %d of %d", min(j.Person, len(j.People)), len(j.People)),
		"snapshots compared with what was sent",
	}
	if j.State == enroll.Verified || j.Lost { // what was recorded is forgotten then
		words[2] = "data of each person recorded"
	}
	var all []string
	for i, w := range words {
		sign := " "
		switch {
		case i < at || over && j.State == enroll.Verified:
			sign = th.Good.Render(th.Glyph.Ok)
		case i == at && j.State == enroll.Draft:
			sign = th.Glyph.Cursor
		case i == at:
			sign = p.v.tint(j.State).Render(strings.SplitN(p.v.state(j.State), " ", 2)[0])
			w += ": " + j.State.Word()
		}
		all = append(all, fmt.Sprintf(" %s %d %s", sign, i+1, w))
	}
	return all
}

// members are everybody who is sent, with what is sent of them.
func (p *jobPage) members() []string {
	j, th := p.job, p.v.env.Theme
	results := j.Results()
	rows, wide := [][]string{{"Member", "Medical", "Dental"}}, []int{0, 0, 0}
	for i, e := range append([]anglehealth.Elected{j.Hire.Employee}, j.Hire.Dependents...) {
		lead := ""
		if i > 0 {
			lead = "  " + th.Glyph.Bullet + " "
		}
		rows = append(rows, []string{lead + p.v.who(e.ID), plan(e.Plans[anglehealth.Medical]), plan(e.Plans[anglehealth.Dental])})
	}
	for _, cells := range rows {
		for i, most := range []int{24, 15, 15} {
			wide[i] = min(most, max(wide[i], theme.Width(cells[i])+2))
		}
	}
	var all []string
	for i, cells := range rows {
		line := " "
		for c, s := range cells {
			line += th.Pad(th.Truncate(s, wide[c]-1), wide[c])
		}
		if i == 0 {
			all = append(all, th.Muted.Render(line+"Result"))
			continue
		}
		r := results[i-1]
		if theme.Width(line+r.Word) <= p.width {
			all = append(all, line+r.Word)
		} else { // what became of it is not what may be cut
			all = append(all, line, "     "+r.Word)
		}
		if more := p.facts(p.data(r.ID)); more != "" {
			for l := range strings.SplitSeq(ansi.Wordwrap(more, max(20, p.width-6), ""), "\n") {
				all = append(all, th.Muted.Render("     "+l))
			}
		}
	}
	return all
}

func (p *jobPage) data(id anglehealth.ID) anglehealth.Demographics {
	for _, d := range p.job.People {
		if d.ID == id {
			return d
		}
	}
	return anglehealth.Demographics{}
}

// everybody is whose data this page tells, the employee first.
func (p *jobPage) everybody() []string {
	all := []string{string(p.job.Hire.Employee.ID)}
	for _, e := range p.job.Hire.Dependents {
		all = append(all, string(e.ID))
	}
	return all
}

// facts are a person's data as it is sent, masked.
func (p *jobPage) facts(d anglehealth.Demographics) string {
	env, of := p.v.env, string(d.ID)
	var all []string
	add := func(label, s string) {
		if s != "" {
			all = append(all, label+" "+s)
		}
	}
	if !d.DOB.IsZero() {
		add("born", env.Birth(of, d.DOB.String()))
	}
	add("sex", d.Sex)
	if d.SSN.Given() {
		add("SSN", env.Veil(of, d.SSN.String()))
	}
	add("phone", env.Ending(of, d.Fields["home_phone"]))
	add("e-mail", env.Mail(of, d.Fields["email_address"]))
	add("address", env.Veil(of, d.Fields["home_address"]))
	return strings.Join(all, ", ")
}

// doubts are where the vendor says something else than was sent.
func (p *jobPage) doubts() []string {
	j, th := p.job, p.v.env.Theme
	if len(j.Doubts) == 0 {
		return nil
	}
	all := []string{"", th.Danger.Render(" " + th.Glyph.Differs + " Not as expected:")}
	if len(j.Differences) == 0 { // of an earlier session: values are not kept
		for _, d := range j.Doubts {
			all = append(all, "   "+d)
		}
		return all
	}
	for _, d := range j.Differences {
		want, got := d.Want.String(), d.Got.String()
		if !strings.HasSuffix(d.What, "plan") && !strings.HasSuffix(d.What, "start") && d.What != "parent" && !strings.HasSuffix(d.What, " parent") {
			want, got = p.v.env.Veil(string(d.ID), want), p.v.env.Veil(string(d.ID), got)
		}
		all = append(all, fmt.Sprintf("   %s of %s: expected %s, but Angle Health says %s", d.What, p.v.who(d.ID), want, got))
	}
	return all
}
