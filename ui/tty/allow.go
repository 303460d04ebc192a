package tty

import (
	"bytes"
	"strings"
)

// The modes our screen uses: wrapping, cursor, mouse, focus, alternate screen,
// paste, synchronized output, grapheme widths.
var modes = map[string]bool{
	"7": true, "25": true, "1000": true, "1002": true, "1003": true, "1004": true,
	"1006": true, "1049": true, "2004": true, "2026": true, "2027": true,
}

// csi decides about ESC [ ….
func (w *Wall) csi(b []byte) (int, verdict) {
	p := span(b, 2, 0x30, 0x3f)
	i := span(b, p, 0x20, 0x2f)
	switch {
	case i == len(b) && i < longestCSI:
		return 0, wait
	case i == len(b) || b[i] < 0x40 || b[i] > 0x7e:
		return i, drop
	}
	n := i + 1
	switch {
	case !allowed(string(b[2:p]), string(b[p:n])):
		return n, drop
	case string(b[:n]) == "\x1b[?1049l":
		was := w.alt
		w.alt = false
		if was {
			return n, wipe
		}
	case string(b[:n]) == "\x1b[?1049h":
		w.alt = true
	}
	return n, pass
}

// allowed is the list of control sequences, by parameters and by the bytes
// after them.
func allowed(params, final string) bool {
	private := params != "" && params[0] >= '<'
	if !private {
		return plain(params, final)
	}
	rest := params[1:]
	if strings.ContainsAny(rest, "<=>?:") {
		return false
	}
	switch params[:1] + final {
	case "?h", "?l":
		return each(rest, func(m string) bool { return modes[m] })
	case "?$p": // ask for a mode
		return modes[rest]
	case "?u", ">u", "<u", "=u": // kitty's keyboard protocol
		return len(rest) <= len("255;3")
	case ">m": // modifyOtherKeys
		return rest == "4" || strings.HasPrefix(rest, "4;")
	case ">q": // ask for the terminal's name
		return rest == "" || rest == "0"
	case "?W": // tab stops every eight columns
		return rest == "5"
	}
	return false
}

func plain(params, final string) bool {
	if final == "m" {
		return style(params)
	}
	if strings.Contains(params, ":") || len(params) > len("65535;65535") {
		return false
	}
	switch final {
	case "A", "B", "C", "D", "E", "F", "G", "H", "I", "Z", "`", "a", "d", "e", // moves
		"J", "K", "X", "@", "P", "L", "M", // erase, insert, delete
		"S", "T", "r", "b", // scroll, repeat
		" q": // cursor shape
		return params != "3" || final != "J" // the history is not ours
	case "h", "l": // insert mode
		return params == "4"
	case "n": // ask for the cursor
		return params == "6"
	case "c": // ask for the terminal's kind
		return params == "" || params == "0"
	}
	return false
}

func each(list string, ok func(string) bool) bool {
	for s := range strings.SplitSeq(list, ";") {
		if !ok(s) {
			return false
		}
	}
	return true
}

// style takes an SGR of at most 32 parameters (more kill some parsers) that
// neither conceals, blinks nor changes the font.
func style(params string) bool {
	if strings.Count(params, ";")+strings.Count(params, ":") >= 32 {
		return false
	}
	skip, colour := 0, false
	return each(params, func(s string) bool {
		attr, sub, joined := strings.Cut(s, ":")
		switch {
		case colour: // 38;5;n or 38;2;r;g;b
			colour = false
			skip = map[string]int{"5": 1, "2": 3}[s]
			return skip > 0
		case skip > 0:
			skip--
			return true
		case attr == "38" || attr == "48" || attr == "58":
			colour = !joined
			return !strings.Contains(sub, " ")
		}
		switch attr {
		case "5", "6", "8", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20":
			return false
		}
		return len(attr) <= 3
	})
}

// str decides about OSC, DCS, SOS, PM and APC.
func (w *Wall) str(b []byte) (int, verdict) {
	i := bytes.IndexAny(b[2:], "\a\x18\x1a\x1b")
	switch {
	case i < 0 && len(b) > longestString:
		return len(b), give
	case i < 0:
		return 0, wait
	}
	end := 2 + i
	body := string(b[2:end])
	switch {
	case b[end] == esc && end+1 == len(b):
		return 0, wait
	case b[end] == esc && b[end+1] != '\\':
		return end, drop
	case b[end] == esc:
		end++
	case b[end] != '\a' || b[1] != ']':
		return end + 1, drop
	}
	ok := false
	switch b[1] {
	case ']':
		ok = body == "2;" || body == "2;"+w.title || body == "10;?" || body == "11;?" || body == "12;?"
	case 'P': // ask for a capability
		hex, asks := strings.CutPrefix(body, "+q")
		ok = asks && strings.Trim(hex, "0123456789abcdefABCDEF;") == ""
	}
	if ok {
		return end + 1, pass
	}
	return end + 1, drop
}
