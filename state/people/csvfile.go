package people

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// File is a CSV file of people: a header and its rows.
type File struct {
	Sum    string // of the content: the same file has the same
	Header []string
	Rows   []Line
}

// Line is one row of a file. Bad says what keeps it from being read.
type Line struct {
	Number int // of the line it begins on, from 1
	Cells  []string
	Bad    string
}

// MostRows is how many rows a file may have.
const MostRows = 100_000

// ReadFile takes a CSV file apart: with commas, semicolons or tabs, in UTF-8 or
// the usual Windows encoding. Errors are sentences.
func ReadFile(data []byte) (File, error) {
	sum := sha256.Sum256(data)
	f := File{Sum: hex.EncodeToString(sum[:])}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		data, _ = charmap.Windows1252.NewDecoder().Bytes(data)
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord = separator(data), -1
	header, err := r.Read()
	if err != nil {
		return f, fileError("The file has no line of column names, so it cannot be taken in. Its first line must name the columns.")
	}
	for _, h := range header {
		f.Header = append(f.Header, strings.TrimSpace(h))
	}
	for {
		line, err := f.next(r)
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, err
		}
		if f.Rows = append(f.Rows, line); len(f.Rows) > MostRows {
			return f, fileError("The file has more than 100,000 rows. Cut it into smaller ones.")
		}
	}
}

func (f *File) next(r *csv.Reader) (Line, error) {
	cells, err := r.Read()
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		return Line{Number: parse.StartLine, Cells: cells, Bad: "The quotes of this line do not match."}, nil
	case err != nil:
		return Line{}, err
	}
	number, _ := r.FieldPos(0)
	line := Line{Number: number, Cells: cells}
	if len(cells) != len(f.Header) {
		line.Bad = "The line has another number of columns than the first one."
	}
	for i, c := range line.Cells {
		line.Cells[i] = unguard(strings.TrimSpace(c))
	}
	return line, nil
}

// unguard takes away the apostrophe that keeps a spreadsheet from reading a
// cell as a formula.
func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@", rune(s[1])) {
		return s[1:]
	}
	return s
}

func separator(data []byte) rune {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', bytes.Count(first, []byte(","))
	for _, c := range ";\t" {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// fileError is a sentence about a file.
type fileError string

func (e fileError) Error() string       { return string(e) }
func (e fileError) UserMessage() string { return string(e) }
