package prospects

import (
	"fmt"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// start reads the list from its beginning.
func (l *list) start() tea.Cmd {
	l.loaded, l.more, l.total, l.size = 0, true, -1, pageRows
	l.browse.SetLoading("asking the EMR...")
	return l.next()
}

// next asks for the next page of the list.
func (l *list) next() tea.Cmd {
	if l.load.Out() || !l.more {
		return nil
	}
	emr, q := l.v.emr, naturaesoft.ProspectQuery{Page: l.loaded + 1, Limit: l.size, Patients: l.patients}
	return l.load.Latest(func(ctx ctx) (pageMsg, error) {
		page, err := emr.Prospects(ctx, q)
		return pageMsg{page, newRows(page.Items)}, err
	})
}

// paged takes a page in.
func (l *list) paged(r ui.Result[pageMsg]) tea.Cmd {
	if !l.load.Accept(r) {
		return nil
	}
	if r.Err != nil {
		l.every = false
		l.browse.SetFailed(rest.Then(r.Err, "Press r to read the list again."))
		return nil
	}
	var sorts tea.Cmd
	page, before := r.Value.page, len(l.browse.Rows())
	if !l.every { // whoever loads everybody looks at few of them
		l.v.seen.put(page.Items...)
	}
	if l.loaded == 0 {
		before = 0
		l.browse.Set(r.Value.rows)
	} else {
		sorts = l.browse.Append(r.Value.rows...)
		l.browse.SetLoading("")
	}
	l.loaded++
	l.total, l.more = page.Total, page.More && len(l.browse.Rows()) > before
	return tea.Batch(sorts, l.onwards())
}

// onwards asks for a further page when everybody is wanted, or when the cursor
// is near the end of what there is.
func (l *list) onwards() tea.Cmd {
	at, of := l.browse.Place()
	if !l.every && of-at > max(nearEnd, l.high) || !l.more {
		if !l.more && l.every {
			l.every = false
			return giveBack
		}
		return nil
	}
	if l.every {
		l.browse.SetLoading(fmt.Sprintf("loading everybody, esc stops: %s", l.progress()))
	}
	return l.next()
}

// giveBack gives the system back what loading everybody took for a moment.
func giveBack() tea.Msg {
	debug.FreeOSMemory()
	return nil
}

func (l *list) progress() string {
	have := len(l.browse.Rows())
	if l.total < 0 {
		return fmt.Sprint(have)
	}
	return fmt.Sprintf("%d of %d", have, l.total)
}

// renew puts a row that was read or written elsewhere in the place of the old
// one, wherever it is shown.
func (l *list) renew(p whole) {
	l.v.seen.put(p)
	l.put(newRow(p))
}

// retag shows somebody with other tags, also when only the list still knows
// them.
func (l *list) retag(i id, change func([]naturaesoft.Tag) []naturaesoft.Tag) {
	if p, ok := l.v.seen.rows[i]; ok {
		p.Tags = change(p.Tags)
		l.renew(p)
		return
	}
	if r, ok := l.by(i); ok {
		tags, _ := r.tags()
		l.put(r.tagged(change(tags)))
	}
}

// put puts a row in the place of the old one. What the filter no longer lets
// through is not listed any more.
func (l *list) put(r row) {
	for _, t := range []*table.Table[row]{l.browse, l.hits} {
		if _, ok := t.Row(string(r.id())); ok {
			t.Upsert(r)
		}
	}
}

// everybody goes on with large pages. One of them may overlap what is there:
// rows are merged by id.
func (l *list) everybody() tea.Cmd {
	if l.size != wholeRows {
		l.load.Cancel()
		l.loaded, l.size = l.loaded*l.size/wholeRows, wholeRows
	}
	return l.onwards()
}

// reached asks for the next page when a key has led near the end.
func (l *list) reached() tea.Cmd {
	if l.text() != "" {
		return l.further()
	}
	return l.onwards()
}

// added puts somebody new on the list.
func (l *list) added(p whole) {
	l.v.seen.put(p)
	l.browse.Upsert(newRow(p))
	if l.total >= 0 {
		l.total++
	}
}
