package ui

import "strconv"

// Count is a number of things in words, such as 1 family or 2 families. Only
// one takes the singular.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
