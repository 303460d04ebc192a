package desk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"time"
)

// Line is one line of the trail, and its JSON. Record is a keyed hash; no
// field holds a name or a value of a patient.
type Line struct {
	Seq     int64  `json:"seq"`
	T       string `json:"t"` // UTC, RFC 3339 with milliseconds
	UID     int    `json:"uid"`
	User    string `json:"user"`
	Host    string `json:"host"`
	TTY     string `json:"tty"`
	SSH     string `json:"ssh"`
	Session string `json:"session"`
	Vendor  string `json:"vendor"`
	Op      string `json:"op"`
	Record  string `json:"record"`
	Outcome string `json:"outcome"`
	Prev    string `json:"prev"`
	H       string `json:"h"`
}

// stamp is the format of T.
const stamp = "2006-01-02T15:04:05.000Z"

// Time is T; zero when it is none.
func (l Line) Time() time.Time {
	t, _ := time.Parse(stamp, l.T)
	return t
}

// seal sets H to SHA-256(prev ‖ the line without h), in hex.
func (l *Line) seal() {
	bare := struct {
		Line
		H string `json:"h,omitempty"` // hides Line's
	}{Line: *l}
	sum := sha256.New()
	sum.Write([]byte(l.Prev))
	sum.Write(encode(bare))
	l.H = hex.EncodeToString(sum.Sum(nil))
}

// bytes is the line as it stands in the file, without its line end.
func (l Line) bytes() []byte { return encode(l) }

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // strings and integers: cannot fail
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// parse reads a line that is exactly as it was written; false for any other.
func parse(raw []byte) (Line, bool) {
	var l Line
	if json.Unmarshal(raw, &l) != nil || !bytes.Equal(l.bytes(), raw) {
		return l, false
	}
	want := l
	want.seal()
	return l, want.H == l.H && l.Seq > 0
}

// Head is the end of a trail: how many lines were acknowledged, and the hash
// of the last one. Kept outside the files it shows a tail that was cut off.
type Head struct {
	Seq   int64  `json:"seq"`
	H     string `json:"h"`
	Count int64  `json:"count"` // lines in all files together
}

// Event is what is put on the trail. Vendor may be empty; Op and Outcome are
// names of 1 to 64 characters of a-z 0-9 . _ : - and space, never values.
// Record is hashed.
type Event struct {
	Vendor, Op, Record, Outcome string
}

const longestName = 64

var event = regexp.MustCompile(`^[a-z0-9 ._:-]+$`)

func (e Event) check() error {
	fits := func(s string) bool { return len(s) <= longestName && event.MatchString(s) }
	if e.Vendor != "" && !fits(e.Vendor) || !fits(e.Op) || !fits(e.Outcome) {
		return refuse("What was done has no name that may stand in the audit trail, so it was not written. This is a fault of the program.")
	}
	return nil
}
