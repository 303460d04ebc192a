package prospects

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/people"
	"frontdesk/ui"
)

// exported is a list that was written out.
type exported struct {
	path string
	n    int
}

// tracedEach is up to how many people an export is traced one by one.
const tracedEach = 50

// askExport asks before people are written into a file.
func (v *View) askExport() tea.Cmd {
	rows := v.list.table().Marked()
	which := "marked"
	if len(rows) == 0 {
		rows, which = slices.Collect(v.list.shown()), "shown"
	}
	if len(rows) == 0 {
		return v.env.Say("There is nobody to export.")
	}
	body := fmt.Sprintf("%s read again and written with all fields into a file that is not sealed, in %s: everybody %s. The trail notes it.", ui.Count(len(rows), "person is", "people are"), v.opt.Dir, which)
	if v.list.more && v.list.text() == "" && which == "shown" {
		body += " Not everybody is loaded: press A first for the whole list."
	}
	v.env.Open(ui.NewConfirm(v.env, "Export people?", body, "Export", func() tea.Cmd { return v.startExport(rows) }))
	return nil
}

func (v *View) startExport(rows []row) tea.Cmd {
	if len(rows) <= tracedEach {
		for _, r := range rows {
			v.env.Trace("export", string(r.id()))
		}
	} else {
		v.env.Trace("export", fmt.Sprintf("list of %d", len(rows)))
	}
	emr, patients := v.emr, v.list.patients
	path := filepath.Join(v.opt.Dir, "people-"+v.env.PracticeNow().Format("20060102-150405")+".csv")
	return v.export.Latest(func(ctx ctx) (exported, error) {
		now, err := fetch(ctx, emr, rows, patients)
		if err != nil {
			return exported{}, err
		}
		return exported{path, len(rows)}, writePeople(path, rows, now)
	})
}

// few is up to how many people are read one by one.
const few = 20

// fetch reads rows from the EMR as they are now: what is in memory can be older
// than a colleague's change. Who is not found is left out.
func fetch(ctx ctx, emr EMR, rows []row, patients bool) (map[id]whole, error) {
	now := make(map[id]whole, len(rows))
	if len(rows) <= few {
		for _, r := range rows {
			p, err := emr.Reread(ctx, r.seed())
			if err != nil {
				return nil, err
			}
			now[r.id()] = p
		}
		return now, nil
	}
	wanted := make(map[id]bool, len(rows))
	for _, r := range rows {
		wanted[r.id()] = true
	}
	for page := 1; len(wanted) > 0; page++ {
		got, err := emr.Prospects(ctx, naturaesoft.ProspectQuery{Page: page, Limit: 500, Patients: patients})
		if err != nil {
			return nil, err
		}
		for _, p := range got.Items {
			if wanted[p.ID] {
				now[p.ID] = p
				delete(wanted, p.ID)
			}
		}
		if !got.More || len(got.Items) == 0 {
			break
		}
	}
	return now, nil
}

// writePeople writes the documented fields but the picture, so that no cell
// can be a formula.
func writePeople(path string, rows []row, known map[id]whole) error {
	fields := people.Targets()
	header := append([]string{"ProspectID"}, append(fields, "Tags")...)
	return writeCSV(path, header, func(put func([]string) error) error {
		for _, r := range rows {
			p, ok := known[r.id()]
			if !ok {
				return fileFault("Somebody on the list is not in the EMR any more: press r to read it again, then export.")
			}
			cells := []string{string(p.ID)}
			for _, f := range fields {
				cells = append(cells, p.Value(f).Raw())
			}
			all := p.Tags
			if all == nil { // the EMR's list does not carry them
				all, _ = r.tags()
			}
			var tags []string
			for _, t := range all {
				tags = append(tags, t.Name.Raw())
			}
			if err := put(append(cells, strings.Join(tags, "; "))); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeCSV writes a file for this account only, every cell harmless to a
// spreadsheet. A file that could not be written whole is taken away.
func writeCSV(path string, header []string, rows func(put func([]string) error) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return noFile(path)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return noFile(path)
	}
	w := csv.NewWriter(f)
	put := func(cells []string) error {
		for i, c := range cells {
			cells[i] = safe.CSVCell(c)
		}
		return w.Write(cells)
	}
	if err = put(header); err == nil {
		err = rows(put)
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	if bad := f.Close(); err == nil {
		err = bad
	}
	if err != nil {
		_ = os.Remove(path)
		if _, ours := err.(fileFault); !ours {
			err = noFile(path)
		}
	}
	return err
}

func noFile(path string) error {
	return fileFault("The file " + cleaned(path) + " could not be written: is the disk full or the folder closed?")
}

func (v *View) exportDone(r ui.Result[exported]) tea.Cmd {
	if !v.export.Accept(r) {
		return nil
	}
	if r.Err != nil {
		v.env.Fail("Nothing was exported. " + rest.UserMessage(r.Err))
		return nil
	}
	return v.env.Say(ui.Count(r.Value.n, "person is", "people are") + " in " + r.Value.path)
}

// copyCard puts what is on the card on the clipboard, through the terminal and
// without the notes.
func (v *View) copyCard(p whole) tea.Cmd {
	if !v.card.full {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s (number %s)\n", p.Name().String(), p.ID)
	for _, f := range people.Targets() {
		if t := p.Value(f).String(); t != "" && f != "Notes" {
			fmt.Fprintf(&b, "%s: %s\n", label(f), t)
		}
	}
	return v.env.Copy(string(p.ID), b.String())
}
