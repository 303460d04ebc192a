package guard

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// reset is everything that makes a terminal whole after a program died on its
// alternate screen. Its parts are in the order they must have: a string or
// frame that was being sent ends, the screen is emptied while it is still the
// program's, then it is left.
func reset(lines int) string {
	var b strings.Builder
	b.WriteString("\x1b\\\x1b[?2026l")                                    // end a string, show what is held
	b.WriteString("\x0f\x1b(B\x1b]8;;\x1b\\\x1b[0m\x1b[4l\x1b[?7h\x1b[r") // letters, link, colours, insert, wrap, margins
	b.WriteString(EraseLines(lines))
	b.WriteString("\x1b[<1u\x1b[>4m")                                              // keys
	b.WriteString("\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l")       // mouse
	b.WriteString("\x1b[?1004l\x1b[?2004l\x1b[?2027l\x1b[?1049l\x1b[?25h\x1b[0 q") // focus, paste, widths, screen, cursor
	b.WriteString("\x1b]2;\x1b\\\x1b[0m\r")                                        // title
	if os.Getenv("TERM") == "linux" || os.Getenv("STY") != "" {
		// These may have no alternate screen: the history held the program's.
		b.WriteString("\x1b[3J")
	}
	return b.String()
}

// EraseLines empties n lines one by one and ends in the corner. Erasing all at
// once would move the text into the history of some terminals.
func EraseLines(n int) string {
	var b strings.Builder
	for y := range max(1, n) {
		b.WriteString("\x1b[" + strconv.Itoa(y+1) + ";1H\x1b[2K")
	}
	return b.String() + "\x1b[H"
}

// Height is how many lines the terminal has; 0 when it does not tell.
func Height(f *os.File) int {
	_, h, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return h
}
