package enrollment

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/enroll"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// opened is a file as it was read, with the columns as they were mapped before.
type opened struct {
	name    string
	table   enroll.Table
	mapping enroll.Mapping
}

// ask asks for the file, which may be of one group.
func (p *censusPage) ask(group anglehealth.ID) tea.Cmd {
	if p.run.Out() {
		p.v.Open(p)
		return nil
	}
	f := form.New(p.v.env.Theme, form.Text("path", "File").Required().Max(1000).
		Help("CSV in UTF-8 with a header: a row for each employee, each dependent below its employee"),
		form.Combo("group_id", "Group", p.v.groups.options()...).Default(string(group)).
			Help("of everybody in the file, where none of its columns holds the group"))
	p.ask1 = ui.NewFormDialog(p.v.env, "Import a census", f, func(values map[string]string) tea.Cmd {
		book, path, group := p.v.book, values["path"], anglehealth.ID(values["group_id"])
		return p.open.Once(func(ctx ctx) (opened, error) {
			t, err := read(path)
			if err != nil {
				return opened{}, err
			}
			t.Group = group
			m, err := book.Recall(ctx, t.Header)
			return opened{filepath.Base(path), t, m}, err
		})
	})
	p.ask1.Busy = p.open.Out
	p.ask1.Keep("enrollment.census", "")
	p.v.env.Open(p.ask1)
	return nil
}

// fileError is a file that cannot be opened.
type fileError struct{ words string }

func (e *fileError) Error() string { return "the census file cannot be opened" }

func (e *fileError) UserMessage() string { return e.words }

func read(path string) (enroll.Table, error) {
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(path, "~/") {
		path = filepath.Join(home, path[2:])
	}
	f, err := os.Open(path)
	if err != nil {
		return enroll.Table{}, &fileError{"File: it cannot be opened. Check the path, and that this account may read it."}
	}
	defer func() { _ = f.Close() }()
	if i, err := f.Stat(); err != nil || !i.Mode().IsRegular() {
		return enroll.Table{}, &fileError{"File: that is no file. Give the path of a CSV file."}
	}
	return enroll.Read(f)
}

func (p *censusPage) opened(r ui.Result[opened]) tea.Cmd {
	if !p.open.Accept(r) || !p.ask1.Shown() {
		return nil
	}
	if r.Err != nil {
		p.ask1.SetErrors(map[string]string{"path": rest.UserMessage(r.Err)})
		return nil
	}
	p.ask1.Sent()
	p.file, p.found, p.mapping = safe.Clean(r.Value.name), r.Value.table, r.Value.mapping
	p.id, p.checked, p.halted, p.census = "", false, "", enroll.Census{}
	p.table.Set(nil)
	p.table.SetEmpty("Nothing was checked yet: press m to say which column holds what.")
	p.v.Open(p)
	if len(p.found.Missing(p.mapping)) > 0 {
		p.columns()
		return nil
	}
	return p.vet()
}

// first are the fields everybody needs; the others follow in order of name.
var first = []enroll.Field{enroll.FieldType, enroll.FieldGroup, enroll.FieldStart, enroll.FieldMedical, enroll.FieldDental,
	enroll.FieldID, enroll.FieldEmployee, "first_name", "last_name", enroll.FieldDOB, enroll.FieldSSN}

// columns asks which column holds what; the answer is remembered for files with
// the same header.
func (p *censusPage) columns() {
	var opts []form.Option
	for i, h := range p.found.Header {
		opts = append(opts, form.Option{Value: strconv.Itoa(i), Label: fmt.Sprintf("%d %s", i+1, safe.Clean(h))})
	}
	var fields []form.Field
	seen := map[enroll.Field]bool{}
	for _, f := range append(first[:len(first):len(first)], enroll.Fields()...) {
		if seen[f] {
			continue
		}
		seen[f] = true
		field := form.Combo(string(f), label(string(f)), opts...)
		if f == enroll.FieldType || f == enroll.FieldStart { // of the group and the plans there is more to say
			field.Required()
		}
		if i, ok := p.mapping[f]; ok {
			field.Default(strconv.Itoa(i))
		}
		fields = append(fields, field)
	}
	p.ask2 = ui.NewFormDialog(p.v.env, "Which column holds what?", form.New(p.v.env.Theme, fields...), p.mapped)
	var missing []string
	for _, f := range p.found.Missing(p.mapping) {
		missing = append(missing, label(string(f)))
	}
	p.ask2.Below = func(int) string {
		words := "ctrl+g lists the columns. Empty: it is not in the file."
		if len(missing) > 0 {
			words = "Needed, and not found by its name: " + strings.Join(missing, ", ") + ".\n" + words
		}
		if g := p.found.Group; g != "" {
			words += "\nWithout a column of groups everybody is enrolled into " + p.v.groups.title(g) + "."
		}
		return words
	}
	p.v.env.Open(p.ask2)
}

func (p *censusPage) mapped(values map[string]string) tea.Cmd {
	m := enroll.Mapping{}
	for name, s := range values {
		if i, err := strconv.Atoi(s); err == nil {
			m[enroll.Field(name)] = i
		}
	}
	if missing := p.found.Missing(m); len(missing) > 0 {
		wrong := map[string]string{}
		for _, f := range missing {
			wrong[string(f)] = "Nobody can be enrolled without it. Choose the column that holds it."
		}
		if wrong[string(enroll.FieldGroup)] != "" {
			wrong[string(enroll.FieldGroup)] = "Nobody can be enrolled without it. Choose the column that holds it, or press esc and name the group with the file."
		}
		p.ask2.SetErrors(wrong)
		return nil
	}
	p.ask2.Sent()
	p.mapping = m
	return p.vet()
}

// vet checks every row; groups and plans the file names are asked about once.
func (p *censusPage) vet() tea.Cmd {
	book, t, m := p.v.book, p.found, p.mapping
	p.table.SetLoading("checking every row...")
	return p.check.Latest(func(ctx ctx) (enroll.Census, error) {
		if err := book.Remember(ctx, t.Header, m); err != nil {
			return enroll.Census{}, err
		}
		known, err := book.Known(ctx, t, m)
		if err != nil {
			return enroll.Census{}, err
		}
		return enroll.Check(t, m, known), nil
	})
}

func (p *censusPage) vetted(r ui.Result[enroll.Census]) tea.Cmd {
	if !p.check.Accept(r) {
		return nil
	}
	if r.Err != nil {
		p.table.SetFailed(rest.UserMessage(r.Err))
		return nil
	}
	p.census, p.checked = r.Value, true
	var rows []censusRow
	for i := range p.census.Rejects {
		rej := &p.census.Rejects[i]
		rows = append(rows, censusRow{id: fmt.Sprintf("line %d", rej.Row.Line), line: rej.Row.Line, reject: rej})
	}
	for _, plan := range p.census.Plans {
		p.v.meet(plan.People)
		rows = append(rows, censusRow{id: fmt.Sprintf("line %d", plan.Line), line: plan.Line, plan: plan})
	}
	p.table.Set(rows)
	return nil
}

// save writes the rejected rows into a file of their own.
func save(c enroll.Census, dir, stamp string) (path string, err error) {
	err = os.MkdirAll(dir, 0o700)
	for n := 1; err == nil || errors.Is(err, os.ErrExist) && n <= 100; n++ {
		path = filepath.Join(dir, fmt.Sprintf("census-rejects-%s-%d.csv", stamp, n))
		if err = c.SaveRejects(path); err == nil {
			return path, nil
		}
	}
	return "", &fileError{"The file of rejected rows cannot be written, so nothing was sent. Make room on the disk, or check the folder's rights."}
}
