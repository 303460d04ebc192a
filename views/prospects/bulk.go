package prospects

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// job is one change of a bulk action.
type job struct {
	key   string
	name  string
	t     tagging
	tag   string
	state jobState
	words string // what went wrong
}

type jobState uint8

const (
	waits jobState = iota
	sent
	done
	failed  // the EMR said no, or nothing was sent
	unknown // the answer was lost
)

func newJob(p whole, name, do string, tag naturaesoft.Tag) *job {
	return &job{
		key: string(p.ID) + " " + do + " " + string(tag.ID), name: name, tag: tag.Name.String(),
		t: tagging{Do: do, Prospect: p.ID, Tag: tag.ID, Find: finding(p)},
	}
}

// bulk works a list of changes one after the other, with a result per row.
type bulk struct {
	v     *View
	title string
	jobs  []*job
	now   *job              // the one that is out
	from  *table.Table[row] // where they were marked; nil: nowhere
	stop  bool
	table *table.Table[*job]
	look  *ui.Call[looked]
	wide  int
}

// looked is what reading back said, by job.
type looked map[string]ui.Landing

func newBulk(v *View) *bulk {
	b := &bulk{v: v, look: ui.NewCall[looked](v.env, "read back")}
	b.table = table.New(v.env.Theme, func(j *job) string { return j.key },
		table.Column[*job]{Title: "Result", Min: 12, Max: 12, Cell: b.state, Style: b.tint},
		table.Column[*job]{Title: "Person", Min: 18, Max: 30, Cell: func(j *job) string { return j.name }},
		table.Column[*job]{Title: "Tag", Min: 12, Max: 24, Drop: 1, Cell: func(j *job) string { return j.tag }},
		table.Column[*job]{Title: "What the EMR said", Min: 20, Cell: func(j *job) string { return j.words }},
	).WithoutMarks()
	return b
}

func (b *bulk) state(j *job) string {
	g := b.v.env.Theme.Glyph
	switch j.state {
	case sent:
		return g.Requested + " sending"
	case done:
		return g.Ok + " done"
	case failed:
		return g.Cross + " failed"
	case unknown:
		return g.Unknown + " unknown"
	}
	return "  waits"
}

func (b *bulk) tint(j *job) lipgloss.Style {
	th := b.v.env.Theme
	switch j.state {
	case done:
		return th.Good
	case failed:
		return th.Danger
	case unknown:
		return th.Warn
	}
	return th.Muted
}

// running reports that the write that is out belongs to a bulk action.
func (b *bulk) running() bool { return b.now != nil }

// start begins a bulk action and shows it. Whoever is done loses the mark in
// from; the others keep it.
func (b *bulk) start(title string, jobs []*job, from *table.Table[row]) tea.Cmd {
	if b.running() {
		b.v.env.Fail("Another list is still being worked on. Wait for it, or press s there to stop it.")
		b.v.Open(b)
		return nil
	}
	b.title, b.jobs, b.from, b.stop = title, jobs, from, false
	b.draw()
	b.v.Open(b)
	return b.next()
}

func (b *bulk) draw() { b.table.Set(b.jobs) }

// next sends the first that waits.
func (b *bulk) next() tea.Cmd {
	for _, j := range b.jobs {
		if j.state != waits || b.stop {
			continue
		}
		cmd := b.v.startTag(j.t)
		if cmd == nil {
			return nil
		}
		j.state, b.now = sent, j
		b.draw()
		return cmd
	}
	if b.count(failed)+b.count(unknown) > 0 {
		b.v.env.Fail(b.words() + ".")
		return nil
	}
	return b.v.env.Say(b.words() + ".")
}

// result notes how a row ended and goes on.
func (b *bulk) result(err error) tea.Cmd {
	j := b.now
	b.now = nil
	switch {
	case err == nil:
		b.did(j)
	case lost(err):
		j.state, j.words = unknown, "the answer was lost; u finds out"
	default:
		j.state, j.words = failed, cleaned(rest.UserMessage(err))
	}
	b.draw()
	return b.next()
}

// did notes that a row is done.
func (b *bulk) did(j *job) {
	j.state, j.words = done, ""
	if b.from != nil {
		b.from.Unmark(string(j.t.Prospect))
	}
}

// retry sends the failed once more, and nothing else.
func (b *bulk) retry() tea.Cmd {
	for _, j := range b.jobs {
		if j.state == failed {
			j.state, j.words = waits, ""
		}
	}
	b.stop = false
	if b.running() {
		return nil
	}
	return b.next()
}

// settle reads back those whose answer was lost. What did not land becomes
// failed, which can be tried again.
func (b *bulk) settle() tea.Cmd {
	emr := b.v.emr
	var open []*job
	for _, j := range b.jobs {
		if j.state == unknown {
			open = append(open, j)
		}
	}
	if len(open) == 0 {
		return nil
	}
	return b.look.Latest(func(ctx ctx) (looked, error) {
		out := looked{}
		for _, j := range open {
			l, err := lookTag(ctx, emr, j.t)
			if err != nil {
				return out, err
			}
			out[j.key] = l
		}
		return out, nil
	})
}

func (b *bulk) settled(r ui.Result[looked]) tea.Cmd {
	if !b.look.Accept(r) {
		return nil
	}
	for _, j := range b.jobs {
		l, ok := r.Value[j.key]
		switch {
		case !ok:
		case l == ui.Landed:
			b.did(j)
			b.v.retagged(j.t)
		case l == ui.DidNot:
			j.state, j.words = failed, "it did not land; r tries again"
		default:
			j.words = "it cannot be told: look in the EMR"
		}
	}
	b.draw()
	cmd := b.v.env.LookBack() // the outbox settles its own
	if r.Err != nil {
		return tea.Batch(cmd, b.v.fail(r.Err))
	}
	return cmd
}

func (b *bulk) count(s jobState) (n int) {
	for _, j := range b.jobs {
		if j.state == s {
			n++
		}
	}
	return n
}

// words says how far it is.
func (b *bulk) words() string {
	parts := []string{fmt.Sprintf("%d of %d done", b.count(done), len(b.jobs))}
	for _, s := range []struct {
		state jobState
		words string
	}{{failed, "failed"}, {unknown, "unknown"}, {waits, "not sent yet"}} {
		if n := b.count(s.state); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s.words))
		}
	}
	return strings.Join(parts, ", ")
}

func (b *bulk) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return b.press(msg)
	case ui.Result[looked]:
		return b.settled(msg)
	}
	_, cmd := b.table.Update(ui.Shift(msg, 0, headLines))
	return cmd
}

func (b *bulk) press(msg tea.KeyPressMsg) tea.Cmd {
	k := b.v.keys
	switch {
	case b.table.Filtering():
	case key.Matches(msg, k.Back) && b.table.Filter() == "":
		b.v.Back()
		return nil
	case b.count(failed)+b.count(waits) > 0 && !b.running() && key.Matches(msg, k.Retry):
		return b.retry()
	case b.count(unknown) > 0 && key.Matches(msg, k.Settle):
		return b.settle()
	case b.running() && key.Matches(msg, k.Stop):
		b.stop = true
		return nil
	}
	_, cmd := b.table.Update(msg)
	return cmd
}

func (b *bulk) Resize(width, height int) {
	b.wide = width
	b.table.Resize(width, max(1, height-headLines))
}

func (b *bulk) View() string {
	th := b.v.env.Theme
	said := ""
	if j, ok := b.table.Selected(); ok && j.words != "" {
		said = j.name + ": " + j.words
	}
	return th.Truncate(th.Strong.Render(" "+b.title)+"  "+b.words(), b.wide) + "\n" + th.Truncate(" "+said, b.wide) + "\n" + b.table.View()
}

func (b *bulk) Typing() bool         { return b.table.Filtering() }
func (b *bulk) Waiting(tea.Msg) bool { return false }
func (b *bulk) Cursor() *tea.Cursor  { return below(b.table.Cursor(), headLines) }

func (b *bulk) Groups() [][]key.Binding {
	k := b.v.keys
	if b.table.Filtering() {
		return [][]key.Binding{b.table.Keys()}
	}
	retry, settle, stop := k.Retry, k.Settle, k.Stop
	retry.SetEnabled(!b.running() && b.count(failed)+b.count(waits) > 0)
	settle.SetEnabled(b.count(unknown) > 0)
	stop.SetEnabled(b.running())
	return [][]key.Binding{{retry, settle, stop, k.Back}, b.table.Keys()}
}
