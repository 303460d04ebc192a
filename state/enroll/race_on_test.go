//go:build race

package enroll

// raced: the race detector makes SQLite several times as slow.
const raced = true
