package library

import (
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// steep is the change in per cent from which a row is pointed out.
const steep = 50

func (b *bulk) what(p planned) string {
	g := b.v.env.Theme.Glyph
	sign := map[verdict]string{wrong: g.Cross, same: "=", changed: "~", fresh: "+", done: g.Ok, unsure: g.Unknown}[p.verdict]
	return sign + " " + verdictWords[p.verdict]
}

// told is the product's name, or what is wrong with the row.
func (b *bulk) told(p planned) string {
	if p.verdict == wrong {
		return p.why()
	}
	return safe.Clean(p.send.Product)
}

func (b *bulk) now(p planned) string {
	if p.send.Was == nil {
		return ""
	}
	return b.v.price(p.was)
}

func (b *bulk) then(p planned) string {
	if p.verdict == wrong {
		return ""
	}
	return "$" + form.Dollars(p.send.Cents)
}

func (b *bulk) change(p planned) string {
	if p.send.Was == nil || p.verdict == wrong || p.verdict == same || !p.was.PriceKnown {
		return ""
	}
	if p.was.RetailPrice == p.send.Cents {
		return "name"
	}
	if p.was.RetailPrice == 0 {
		return ""
	}
	words := perCent(p.was.RetailPrice, p.send.Cents)
	if r := p.ratio(); r > 1+steep/100.0 || r < 1-steep/100.0 {
		return b.v.env.Theme.Glyph.Warn + words
	}
	return words
}

// whole is one row with everything that is known of it.
func (b *bulk) whole(p planned) string {
	lines := []string{verdictWords[p.verdict]}
	for _, f := range p.faults {
		lines = append(lines, "- "+f.String())
	}
	lines = append(lines, "", "In the file:")
	for i, h := range b.file.header {
		lines = append(lines, "  "+safe.Clean(h)+": "+safe.Clean(p.cell(i)))
	}
	if p.send.Was != nil {
		lines = append(lines, "", "At the EMR now: "+p.was.Name.String()+", "+b.v.price(p.was))
	}
	if p.verdict == changed || p.verdict == fresh {
		lines = append(lines, "Would be sent:  "+safe.Clean(p.send.Product)+", $"+form.Dollars(p.send.Cents))
	}
	return strings.Join(lines, "\n")
}

func (b *bulk) View() string {
	th, t := b.v.env.Theme, count(b.rows)
	head := th.Strong.Render(" Products from "+b.file.name+" ") + b.v.badge() + th.Muted.Render(" "+bulkShows[b.show].words)
	words := fmt.Sprintf(" %s, %d new, %d as they are, %d with errors", ui.Count(t.changed, "change", "changes"), t.fresh, t.same, t.wrong)
	if t.done > 0 {
		words = fmt.Sprintf(" %d sent,", t.done) + words
	}
	if t.least != "" {
		words += "; prices " + t.span()
	}
	switch {
	case b.stopped != "":
		words = th.Danger.Render(" " + th.Glyph.Warn + " " + b.stopped)
	case b.sending:
		words = th.Info.Render(fmt.Sprintf(" sending: %d of %d are saved", t.done, t.done+len(b.out)+len(b.queue)))
	}
	return th.Truncate(head, b.width) + "\n" + th.Truncate(words, b.width) + "\n" +
		th.Truncate(b.about(), b.width) + "\n" + b.table.View()
}

// about says of the row under the cursor what its columns have no room for.
func (b *bulk) about() string {
	th := b.v.env.Theme
	p, ok := b.table.Selected()
	switch {
	case !ok:
		return ""
	case p.verdict == wrong:
		return th.Danger.Render(fmt.Sprintf(" %s line %d: %s", th.Glyph.Cross, p.line, p.why()))
	case p.verdict == changed && p.send.Product != p.was.Name.Raw():
		return fmt.Sprintf(" line %d renames “%s” to “%s”", p.line, p.was.Name, safe.Clean(p.send.Product))
	}
	return th.Muted.Render(fmt.Sprintf(" line %d: %s", p.line, verdictWords[p.verdict]))
}

// ask puts the question before every practice sees it; the answer is typed.
func (b *bulk) ask() {
	t := count(b.rows)
	if b.stopped != "" {
		b.v.env.Fail("Not all of it went through. Press r first, to see what the EMR has now.")
		return
	}
	if t.toSend() == 0 {
		b.v.env.Fail("No row of the file changes anything at the EMR, so there is nothing to send.")
		return
	}
	words := "GLOBAL: this sends " + ui.Count(t.toSend(), "product", "products") + " for every practice at once, not only for " + b.v.env.Practice + ": " +
		ui.Count(t.changed, "change", "changes") + " and " + fmt.Sprint(t.fresh) + " new."
	if t.least != "" {
		words += " Prices change by " + t.span() + "."
	}
	if t.wrong > 0 {
		words += " Not sent: " + ui.Count(t.wrong, "row", "rows") + " with errors."
	}
	b.v.env.Open(ui.NewTyped(b.v.env, "Change it for every practice?", words, "GLOBAL", b.begin))
}

// begin queues exactly the rows of the preview that change something.
func (b *bulk) begin() tea.Cmd {
	b.queue = nil
	for i, p := range b.rows {
		if p.verdict == changed || p.verdict == fresh {
			b.queue = append(b.queue, i)
		}
	}
	return b.next()
}

// next sends the next part.
func (b *bulk) next() tea.Cmd {
	n := min(part, len(b.queue))
	b.out, b.queue = b.queue[:n], b.queue[n:]
	if n == 0 {
		b.sending = false
		return tea.Batch(b.v.products.reload(), b.v.env.Say("Saved "+ui.Count(count(b.rows).done, "product", "products")+". Every practice sees it now."))
	}
	var s sentProducts
	for _, i := range b.out {
		s.Rows = append(s.Rows, b.rows[i].send)
	}
	cmd := b.v.saveProducts.Start(ui.Count(n, "product", "products"), s, nil)
	if b.sending = cmd != nil; !b.sending {
		b.queue, b.out = nil, nil
		b.v.env.Fail("Another change of products is still on its way. Wait for its answer, then press r and send this one.")
	}
	return cmd
}

// sent notes what became of a part. After one that failed nothing more goes.
func (b *bulk) sent(r ui.Result[int]) tea.Cmd {
	if r.Err != nil {
		left := len(b.out) + len(b.queue)
		b.doubt(r.Err)
		b.v.doubted(r.Err)
		b.sending, b.queue, b.out = false, nil, nil
		b.stopped = fmt.Sprintf("Stopped: %d saved, %d open. Press r to compare with the EMR again.", count(b.rows).done, left)
		b.refill()
		b.v.env.Fail(rest.UserMessage(r.Err))
		return b.v.products.reload()
	}
	for _, i := range b.out {
		b.rows[i].verdict = done
	}
	b.refill()
	return b.next()
}

// doubt marks the rows of a part that may have landed.
func (b *bulk) doubt(err error) {
	var e *rest.Error
	if errors.As(err, &e) && !e.Ambiguous {
		return
	}
	for _, i := range b.out {
		b.rows[i].verdict = unsure
	}
}

// leaving says what would be left half done.
func (b *bulk) leaving() string {
	if !b.sending || len(b.queue) == 0 {
		return ""
	}
	return ui.Count(len(b.queue), "product of the file has", "products of the file have") + " not been sent yet. Compare the file again later: what landed counts as no change then."
}
