package safe

import (
	"math"
	"strings"
	"unicode/utf8"
)

// CSVCell returns s on one line, uncut, and with a leading apostrophe where a
// spreadsheet would take it for a formula. Quoting for CSV is left to
// encoding/csv.
func CSVCell(s string) string {
	cell := shape(s, math.MaxInt32, false).String()
	// Importers trim blanks, and some read the full-width signs as well. The
	// mark of a line break counts as a blank: the break was one.
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell, " "+lineBreak))
	if strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + cell
	}
	return cell
}
