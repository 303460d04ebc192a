package sandbox

import (
	"slices"
	"strings"
)

// An inboxTable keeps the records of one kind under numbers from 1 on. Rows are
// replaced, never changed in place.
type inboxTable struct {
	one, many string
	rows      map[int]row
	order     []int // of those not deleted
	under     map[inboxKey][]int
	last      int
	fields    map[string]inboxField // what may be written
	filter    string                // the attribute a list can be filtered by
}

func (t *inboxTable) add(fields row) int {
	t.last++
	fields["id"] = t.last
	t.order = append(t.order, t.last)
	t.set(t.last, fields)
	return t.last
}

// set puts a row in the place of another one, or of none.
func (t *inboxTable) set(id int, r row) {
	t.forget(id)
	t.rows[id] = r
	for name, v := range r {
		if n, ok := v.(int); ok && strings.HasSuffix(name, "_id") {
			k := inboxKey{name, n}
			at, _ := slices.BinarySearch(t.under[k], id)
			t.under[k] = slices.Insert(t.under[k], at, id)
		}
	}
}

func (t *inboxTable) forget(id int) {
	for name, v := range t.rows[id] {
		if n, ok := v.(int); ok && strings.HasSuffix(name, "_id") {
			k := inboxKey{name, n}
			if at, found := slices.BinarySearch(t.under[k], id); found {
				t.under[k] = slices.Delete(t.under[k], at, at+1)
			}
		}
	}
	delete(t.rows, id)
}

func (t *inboxTable) remove(id int) {
	t.forget(id)
	t.order = slices.DeleteFunc(t.order, func(n int) bool { return n == id })
}

// where are the numbers of the rows that name a record of another table.
func (t *inboxTable) where(field string, value int) []int {
	return slices.Clone(t.under[inboxKey{field, value}])
}

// An inboxKey is a reference from one record to another.
type inboxKey struct {
	field string
	value int
}
