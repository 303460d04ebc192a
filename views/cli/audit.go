package cli

import (
	"context"
	"fmt"
	"io"

	"frontdesk/state/desk"
)

// AuditVerify reads the whole trail and names the first line that is not as it
// was written.
func AuditVerify(ctx context.Context, d *Desk, out io.Writer) error {
	report, err := d.Audit.Verify(ctx)
	if err != nil {
		return err
	}
	if report.Bad != nil {
		return &brokenTrail{*report.Bad}
	}
	_, err = fmt.Fprintf(out, "%d lines, none changed, removed, reordered, inserted or cut off.\n", report.Lines)
	return err
}

type brokenTrail struct{ bad desk.Bad }

func (e *brokenTrail) Error() string { return e.bad.String() }

// UserMessage names the line.
func (e *brokenTrail) UserMessage() string { return "The audit trail is not whole: " + e.bad.String() }

// AuditShow writes the trail: text for people, JSON with one object per line,
// or CSV for a spreadsheet.
func AuditShow(ctx context.Context, d *Desk, out io.Writer, format string) error {
	lines, err := d.Audit.Read(ctx, desk.Search{})
	if err != nil {
		return err
	}
	switch format {
	case "json":
		return desk.WriteJSON(out, lines)
	case "csv":
		return desk.WriteCSV(out, lines)
	}
	for _, l := range lines {
		record := ""
		if l.Record != "" {
			record = " record " + l.Record[:min(8, len(l.Record))]
		}
		if _, err := fmt.Fprintf(out, "%s  %s@%s %s  %s %s%s: %s\n",
			l.T, l.User, l.Host, l.TTY, l.Vendor, l.Op, record, l.Outcome); err != nil {
			return err
		}
	}
	return nil
}
