// Package tty is what stands between the program and the terminal: a reader
// that puts together keys a slow line took apart, a painter that sends what
// changed when it changed, and a wall that lets only the control functions of
// our own screen out. It knows no tab, no vendor and no theme.
package tty
