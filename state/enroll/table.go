package enroll

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/safe"
)

// Limits of a census file.
const (
	maxBytes = 32 << 20
	maxRows  = 50_000
)

// Table is a census file as it was read. Nothing of it is on the disk.
type Table struct {
	Header []string
	Rows   []Row

	// Group is the one of every row where no column holds it.
	Group anglehealth.ID
}

func (t Table) group(m Mapping, r Row) anglehealth.ID {
	if _, told := m[FieldGroup]; told {
		return anglehealth.ID(m.cell(r, FieldGroup))
	}
	return t.Group
}

// Row is one line of data. Line counts from 1 with the header, as an editor
// does.
type Row struct {
	Line  int
	Cells []string
}

// Read reads a census: CSV in UTF-8 with a header, separated by commas,
// semicolons or tabs. The error is a sentence that quotes nothing of the file.
func Read(from io.Reader) (Table, error) {
	raw, err := io.ReadAll(io.LimitReader(from, maxBytes+1))
	switch {
	case err != nil:
		return Table{}, refuse("The file cannot be read. Nothing was taken from it.")
	case len(raw) > maxBytes:
		return Table{}, refuse("The file is larger than 32 MB. Split it and import the parts.")
	}
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	if bytes.HasPrefix(raw, []byte("\xFF\xFE")) || bytes.HasPrefix(raw, []byte("\xFE\xFF")) || bytes.IndexByte(raw, 0) >= 0 {
		return Table{}, refuse("The file is no CSV in UTF-8. Save it again from the spreadsheet as “CSV UTF-8”.")
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator(raw), -1, false
	var t Table
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return Table{}, refuse("Line %d of the file has a quotation mark in the wrong place, so that nobody can tell where its columns end. Correct it and read the file again.", bad.Line)
		} else if err != nil {
			return Table{}, refuse("The file cannot be read as CSV.")
		}
		if strings.Join(cells, "") == "" {
			continue
		}
		if t.Header == nil {
			t.Header = trimmed(cells)
			continue
		}
		if len(t.Rows) == maxRows {
			return Table{}, refuse("The file has more than 50,000 rows. Split it and import the parts.")
		}
		line, _ := r.FieldPos(0)
		t.Rows = append(t.Rows, Row{line, trimmed(cells)})
	}
	if len(t.Rows) == 0 {
		return Table{}, refuse("The file has no rows below its header.")
	}
	return t, nil
}

// separator is the mark the header has most of.
func separator(raw []byte) rune {
	header, _, _ := bytes.Cut(raw, []byte("\n"))
	best, most := ',', 0
	for _, mark := range ",;\t" {
		if n := strings.Count(string(header), string(mark)); n > most {
			best, most = mark, n
		}
	}
	return best
}

// trimmed are the cells in one line, as an address typed in several is, without
// blanks around them, and without the apostrophe our own rejects file puts
// before what looks like a formula.
func trimmed(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		c = strings.TrimSpace(strings.Join(strings.FieldsFunc(c, func(r rune) bool { return r == '\n' || r == '\r' }), " "))
		if bare, ok := strings.CutPrefix(c, "'"); ok && safe.CSVCell(bare) == c {
			c = bare
		}
		out[i] = c
	}
	return out
}

// plain reports text that means what it shows: UTF-8, one line, nothing hidden.
func plain(s string) bool {
	return utf8.ValidString(s) && !safe.Line(s).Altered()
}
