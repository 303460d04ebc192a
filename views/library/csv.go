package library

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"frontdesk/clients/safe"
)

// Limits of a file. What is larger is not a price list.
const (
	mostBytes = 10 << 20
	mostRows  = 20_000
)

// csvFile is a file of comma-separated values with a header.
type csvFile struct {
	name   string
	header []string
	rows   []csvRow
}

// csvRow is one record, the line it begins on and what is wrong with its
// shape, or "".
type csvRow struct {
	line  int
	cells []string
	wrong string
}

// cell is a cell without the apostrophe that keeps spreadsheets from reading
// it as a formula; files saved here have one.
func (r csvRow) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	s := strings.TrimSpace(r.cells[i])
	if rest, ok := strings.CutPrefix(s, "'"); ok && safe.CSVCell(rest) != rest {
		return rest
	}
	return s
}

// badFile is a sentence about a file that cannot be used.
type badFile string

func (b badFile) Error() string { return string(b) }

// openCSV reads a file; its errors are sentences.
func openCSV(path string) (csvFile, error) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Join(home, rest)
		}
	}
	file, err := os.Open(path)
	if err != nil {
		return csvFile{}, badFile("CSV file: it cannot be opened. Type the path of a file that is there and that you may read.")
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, mostBytes+1))
	switch {
	case err != nil:
		return csvFile{}, badFile("CSV file: it cannot be read. Type the path of a file, not of a folder.")
	case len(data) > mostBytes:
		return csvFile{}, badFile("CSV file: it has more than 10 MB. Split it.")
	}
	f, err := readCSV(data)
	f.name = safe.Clean(filepath.Base(path))
	return f, err
}

// readCSV takes commas, semicolons or tabs, whichever the header has most of.
func readCSV(data []byte) (csvFile, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return csvFile{}, badFile("CSV file: it is not in UTF-8. Save it as “CSV UTF-8” in the spreadsheet.")
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.Comma = -1, separator(data)
	header, err := r.Read()
	if err != nil {
		return csvFile{}, badFile("CSV file: its first line is not a header. The first line must name the columns.")
	}
	f := csvFile{header: header}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return f, nil
		}
		row := csvRow{cells: cells}
		var bad *csv.ParseError
		switch {
		case errors.As(err, &bad):
			row.line, row.wrong = bad.StartLine, "a quotation mark stands where none may be"
		case err != nil:
			return f, badFile("CSV file: it cannot be read to its end. Save it anew as CSV.")
		default:
			row.line, _ = r.FieldPos(0)
		}
		if row.wrong == "" && len(cells) > len(header) && strings.Join(cells[len(header):], "") != "" {
			row.wrong = fmt.Sprintf("it has %d cells and the header has %d", len(cells), len(header))
		}
		if row.wrong == "" && strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		if f.rows = append(f.rows, row); len(f.rows) > mostRows {
			return f, badFile(fmt.Sprintf("CSV file: it has more than %d rows. Split it.", mostRows))
		}
	}
}

func separator(data []byte) rune {
	head, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(head, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}
