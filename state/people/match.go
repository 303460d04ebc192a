package people

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Scores of what two persons share. They add up; a birth date that differs
// takes some away again.
const (
	scoreMail   = 40
	scorePhone  = 30
	scoreName   = 30
	scoreBirth  = 20
	scoreSounds = 20
	scoreOther  = -10

	// Worth is the score from which a likeness is worth showing.
	Worth = 20
	// Likely is the score from which two rows are probably one person.
	Likely = 50
)

// Likeness is how much two persons have in common and what that is, in words.
type Likeness struct {
	Score    int
	Evidence []string
}

// Words are the evidence as one phrase: same phone and name but another birth
// date.
func (l Likeness) Words() string {
	var shared, rest []string
	for _, e := range l.Evidence {
		if s, ok := strings.CutPrefix(e, "same "); ok {
			shared = append(shared, s)
		} else {
			rest = append(rest, e)
		}
	}
	words := ""
	if n := len(shared); n == 1 {
		words = "same " + shared[0]
	} else if n > 1 {
		words = "same " + strings.Join(shared[:n-1], ", ") + " and " + shared[n-1]
	}
	for _, r := range rest {
		switch {
		case words == "":
		case strings.HasPrefix(r, "but "):
			words += " "
		default:
			words += ", "
		}
		words += r
	}
	return words
}

func (l *Likeness) add(score int, words string) {
	l.Score += score
	l.Evidence = append(l.Evidence, words)
}

// Compare scores two persons with its evidence. It is the same both ways.
func Compare(a, b Person) Likeness { return trait(a).compare(trait(b)) }

// traits are a person made comparable once.
type traits struct {
	Person
	name, first, last string // folded
	soundF, soundL    string
	mail, born        string
	numbers           []string
}

func trait(p Person) traits {
	t := traits{
		Person: p, first: Fold(p.First), last: Fold(p.Last), mail: Fold(p.Mail), born: Birth(p.DOB),
		soundF: Sound(p.First), soundL: Sound(p.Last),
	}
	if t.name = strings.TrimSpace(t.first + " " + t.last); t.name == "" {
		t.name = Fold(p.Full)
	}
	for _, s := range p.Phones {
		t.numbers = append(t.numbers, number(s))
	}
	return t
}

func (a traits) compare(b traits) Likeness {
	var l Likeness
	if a.sharesNumber(b) {
		l.add(scorePhone, "same phone")
	}
	if a.mail != "" && a.mail == b.mail {
		l.add(scoreMail, "same e-mail")
	}
	named := true
	switch {
	case a.name != "" && a.name == b.name && strings.Contains(a.name, " "):
		l.add(scoreName, "same name")
	case a.soundF != "" && a.soundL != "" && a.soundF == b.soundF && a.soundL == b.soundL:
		l.add(scoreSounds, "name sounds alike")
	default:
		named = false
	}
	switch {
	case a.born == "" || b.born == "":
	case a.born == b.born && (named || a.last != "" && a.last == b.last):
		l.add(scoreBirth, "same birth date")
	case a.born != b.born && len(l.Evidence) > 0:
		l.add(scoreOther, "but another birth date")
	}
	l.Score = max(0, l.Score)
	return l
}

func (a traits) sharesNumber(b traits) bool {
	for _, x := range a.numbers {
		if slices.ContainsFunc(b.numbers, func(y string) bool { return sameNumber(x, y) }) {
			return true
		}
	}
	return false
}

var isoDay = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}`)

// Birth is a birth date as YYYY-MM-DD where it can be read, else as it came:
// the EMR's document names no format.
func Birth(s string) string {
	s = strings.TrimSpace(s)
	if d := isoDay.FindString(s); d != "" {
		return d
	}
	for _, layout := range []string{"1/2/2006", "1-2-2006", "2006/1/2", "January 2, 2006", "Jan 2, 2006", "20060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return s
}

// Twin is somebody who may be there already.
type Twin[P any] struct {
	Person P
	Likeness
}

// byScore puts the most alike first.
func byScore[P any](a, b Twin[P]) int { return cmp.Compare(b.Score, a.Score) }
