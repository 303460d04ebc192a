package connections

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/rest"
)

// View is the list and, below it, the vendor under the cursor.
func (p *vendorPage) View() string {
	lines := strings.Split(p.table.View(), "\n")
	r, ok := p.table.Selected()
	room := p.height - len(lines)
	if !ok || room < 2 {
		return strings.Join(lines, "\n")
	}
	lines = append(lines, "")
	lines = append(lines, p.facts(r)...)
	if left := p.height - len(lines) - 1; left > 2 {
		fails := p.fails(r, left/2)
		ops := p.operations(r, left-len(fails))
		lines = append(lines, ops...)
		lines = append(lines, fails...)
	}
	for i, l := range lines {
		lines[i] = p.v.env.Theme.Truncate(l, p.width)
	}
	return strings.Join(lines[:min(len(lines), p.height)], "\n")
}

// label is the words before a fact.
func (p *vendorPage) label(words string) string {
	return " " + p.v.env.Theme.Muted.Render(p.v.env.Theme.Pad(words, 9)) + " "
}

func (p *vendorPage) facts(r *vendorRow) []string {
	th := p.v.env.Theme
	dot := " " + th.Glyph.Bullet + " "
	health := p.tint(r.health.Word).Render(r.health.Word)
	if !r.health.Since.IsZero() {
		health += " since " + p.v.clock(r.health.Since)
	}
	if r.health.LastGood.IsZero() {
		health += dot + "no answer in this session yet"
	} else {
		health += dot + "last answer " + p.v.clock(r.health.LastGood) + dot + skew(r.health)
	}
	out := []string{" " + th.Title.Render(r.Title), p.label("Address") + r.Base,
		p.label("Secret") + p.secret(r), p.label("Health") + health}
	words := "not tested in this session; t makes one cheap read"
	switch {
	case r.test.Out():
		words = "asking..."
	case r.bad:
		words = th.Glyph.Cross + " " + r.last
	case r.last != "":
		words = th.Glyph.Ok + " " + r.last
	}
	for i, l := range strings.Split(ansi.Wrap(words, max(20, p.width-12), " "), "\n") {
		if r.bad {
			l = th.Danger.Render(l)
		}
		if i == 0 {
			out = append(out, p.label("Test")+l)
		} else {
			out = append(out, p.label("")+l)
		}
	}
	return out
}

// secret says whether one is stored, and where.
func (p *vendorPage) secret(r *vendorRow) string {
	th := p.v.env.Theme
	where := ""
	if p.v.opt.Keep != nil {
		where = " " + th.Glyph.Bullet + " " + p.v.opt.Keep.Where().Sentence
	}
	switch r.secret {
	case stored:
		return th.Good.Render(th.Glyph.Ok+" stored") + where
	case missing:
		return th.Warn.Render(th.Glyph.Warn+" none is stored") + "; n enters one" + where
	case asking:
		return "looking for it..." + where
	}
	return th.Danger.Render(th.Glyph.Cross + " " + r.secret)
}

// operations are the busiest ones, in at most so many lines with their header.
func (p *vendorPage) operations(r *vendorRow, most int) []string {
	if most < 3 || len(r.stats) == 0 {
		return nil
	}
	th := p.v.env.Theme
	name := min(30, max(16, p.width-54))
	out := []string{"", " " + th.Title.Render(fmt.Sprintf("%s %6s %7s %8s %8s", th.Pad("Operation", name), "Calls", "Errors", "Retries", "Mean"))}
	for _, s := range r.stats[:min(len(r.stats), most-2)] {
		out = append(out, fmt.Sprintf(" %s %6d %7d %8d %8s  %s", th.Pad(s.Op, name), s.Calls, s.Errors, s.Retries, mean(s),
			spark(s.Recent, sparkCells, th.Options().ASCII)))
	}
	return out
}

// fails are the newest errors, a line each.
func (p *vendorPage) fails(r *vendorRow, most int) []string {
	if most < 3 || len(r.fails) == 0 {
		return nil
	}
	th := p.v.env.Theme
	out := []string{"", " " + th.Title.Render("Last errors") + th.Muted.Render("  e reads them in full")}
	for _, f := range r.fails[:min(len(r.fails), most-2)] {
		out = append(out, " "+p.v.clock(f.At)+"  "+th.Danger.Render(f.Op)+"  "+kind(f)+": "+f.Sentence)
	}
	return out
}

// errors are all that are kept, in full.
func (p *vendorPage) errors(r *vendorRow) string {
	if len(r.fails) == 0 {
		return "No call of " + r.Title + " has failed in this session."
	}
	var b strings.Builder
	for _, f := range r.fails {
		fmt.Fprintf(&b, "%s  %s  %s, %s\n%s\n\n", p.v.clock(f.At), f.Op, kind(f), f.Phase, f.Sentence)
	}
	return strings.TrimRight(b.String(), "\n")
}

func kind(f rest.Failure) string {
	if f.Status != 0 {
		return fmt.Sprintf("%s %d", f.Kind, f.Status)
	}
	return f.Kind.String()
}
