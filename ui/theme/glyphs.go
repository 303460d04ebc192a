package theme

// Glyphs are the signs that carry a meaning where colour cannot. Each is one
// cell wide, and no two that can stand in the same place look alike. Apart
// from Ellipsis none is of ambiguous width in East Asian terminals, and most
// are in the fonts of old terminal programs.
type Glyphs struct {
	Cursor   string // the row, field or option the keyboard acts on
	Mark     string // marked for a bulk action; a box that is ticked
	Unmarked string // the blank in its place
	Unread   string

	// States of a visit.
	Held, Requested, Seen, Confirmed   string
	Partial, Unknown, Differs, Overdue string
	Lost, Vanished, Expired            string
	Released, Cancelled                string

	Ok, Warn, Cross, Info string // it worked, look here, it failed, for your eyes
	Free, Busy            string // time in a grid

	SortUp, SortDown      string // ascending, descending
	Up, Down, Left, Right string // there is more that way
	Bullet                string // list items and the gap between short facts
	Ellipsis              string // text was cut

	Spinner []string // one frame after the other; no Braille
}

var spinner = []string{"|", "/", "-", `\`}

var unicode = Glyphs{
	Cursor: "►", Mark: "▪", Unmarked: " ", Unread: "◉",

	Held: "◊", Requested: "»", Seen: "=", Confirmed: "✓",
	Partial: "%", Unknown: "?", Differs: "#", Overdue: "!",
	Lost: "✗", Vanished: "∅", Expired: "◌", Released: "◄", Cancelled: "-",

	Ok: "✓", Warn: "!", Cross: "✗", Info: "i",
	Free: "◦", Busy: "▬",

	SortUp: "▴", SortDown: "▾",
	Up: "▴", Down: "▾", Left: "◄", Right: "►",
	Bullet: "∙", Ellipsis: "…", Spinner: spinner,
}

var ascii = Glyphs{
	Cursor: ">", Mark: "*", Unmarked: " ", Unread: "o",

	Held: "@", Requested: "^", Seen: "=", Confirmed: "+",
	Partial: "%", Unknown: "?", Differs: "#", Overdue: "!",
	Lost: "x", Vanished: "0", Expired: "_", Released: "<", Cancelled: "-",

	Ok: "+", Warn: "!", Cross: "x", Info: "i",
	Free: ".", Busy: "B",

	SortUp: "^", SortDown: "v",
	Up: "^", Down: "v", Left: "<", Right: ">",
	Bullet: "-", Ellipsis: "~", Spinner: spinner,
}
