package sandbox

import "maps"

// A row is a record as it goes over the wire.
type row = map[string]any

// A table keeps rows under numbers from 1 on. Rows are replaced, never changed
// in place, since an answer may still be made from one.
type table struct {
	key  string // the field with the number
	rows []row
}

// add gives the row the next number.
func (t *table) add(fields row) int {
	r := maps.Clone(fields)
	id := len(t.rows) + 1
	r[t.key] = id
	t.rows = append(t.rows, r)
	return id
}

func (t *table) at(id int) (row, bool) {
	if id < 1 || id > len(t.rows) {
		return nil, false
	}
	return t.rows[id-1], true
}

// lay puts fields over the row.
func (t *table) lay(id int, fields row) row {
	r := maps.Clone(t.rows[id-1])
	maps.Copy(r, fields)
	r[t.key] = id
	t.rows[id-1] = r
	return r
}

// where returns the rows that are wanted.
func (t *table) where(want func(row) bool) []row {
	list := []row{}
	for _, r := range t.rows {
		if want(r) {
			list = append(list, r)
		}
	}
	return list
}

// lacking returns the rows without one of their fields.
func lacking(field string, rows []row) []row {
	short := make([]row, len(rows))
	for i, r := range rows {
		short[i] = maps.Clone(r)
		delete(short[i], field)
	}
	return short
}
