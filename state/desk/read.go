package desk

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"frontdesk/clients/safe"
)

// Search narrows what is read of the trail; empty fields do not.
type Search struct {
	From, To            time.Time // from included, to not
	Vendor, Op, Outcome string
	Session             string
	Record              string // a record's id at Vendor, as it was given to Append
	Text                string // in operation, outcome, vendor, user, host or terminal
	Last                int    // only the last so many
}

// Read is the lines of this account that match, in order. Lines that are
// damaged are left out: Verify names them.
func (a *Audit) Read(ctx context.Context, s Search) ([]Line, error) {
	hash := a.Hash(s.Vendor, s.Record)
	var found []Line
	err := a.each(ctx, func(_ string, _ int, raw []byte, _ bool) {
		if l, ok := parse(raw); ok && s.matches(l) && fits(hash, l.Record) {
			found = append(found, l)
		}
	})
	if n := len(found) - s.Last; s.Last > 0 && n > 0 {
		found = found[n:]
	}
	return found, err
}

func (s Search) matches(l Line) bool {
	t := l.Time()
	if !s.From.IsZero() && t.Before(s.From) || !s.To.IsZero() && !t.Before(s.To) {
		return false
	}
	return fits(s.Vendor, l.Vendor) && fits(s.Op, l.Op) && fits(s.Outcome, l.Outcome) && fits(s.Session, l.Session) &&
		strings.Contains(strings.ToLower(strings.Join([]string{l.Op, l.Outcome, l.Vendor, l.User, l.Host, l.TTY}, "\n")), strings.ToLower(s.Text))
}

// each hands over every line of every month, in order; whole is false for a
// last one without line end. raw is valid during the call.
func (a *Audit) each(ctx context.Context, fn func(month string, n int, raw []byte, whole bool)) error {
	f := &folder{dir: a.dir, stem: a.stem(), step: a.d.step}
	months, err := f.months()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, month := range months {
		if err == nil {
			err = f.lines(ctx, month, fn)
		}
	}
	if err != nil && ctx.Err() == nil {
		return &Error{words: "The audit trail cannot be read. " + sentence(err, "Check the folder: "+a.dir+"."), cause: err}
	}
	return err
}

func (f *folder) lines(ctx context.Context, month string, fn func(string, int, []byte, bool)) error {
	file, err := f.open(month, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, 64<<10)
	for n := 1; ; n++ {
		raw, err := r.ReadBytes('\n')
		line, whole := bytes.CutSuffix(raw, []byte("\n"))
		if len(raw) > 0 {
			fn(month, n, line, whole)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
	}
}

// WriteCSV writes a header and the lines for a spreadsheet; no cell is a
// formula.
func WriteCSV(w io.Writer, lines []Line) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"seq", "t", "uid", "user", "host", "tty", "ssh", "session", "vendor", "op", "record", "outcome", "prev", "h"}}
	for _, l := range lines {
		row := []string{strconv.FormatInt(l.Seq, 10), l.T, strconv.Itoa(l.UID), l.User, l.Host, l.TTY, l.SSH,
			l.Session, l.Vendor, l.Op, l.Record, l.Outcome, l.Prev, l.H}
		for i := range row {
			row[i] = safe.CSVCell(row[i])
		}
		rows = append(rows, row)
	}
	return out.WriteAll(rows)
}
