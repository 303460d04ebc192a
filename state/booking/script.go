package booking

import (
	"strings"
	"text/template"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
)

// DefaultScript is read back to the caller when the practice has no script of
// its own.
const DefaultScript = `{{.Day}}, {{.Time}} {{.Zone}}, {{.Length}} with {{.With}}. Is that right?`

// Spoken is what a script may use, in words to be read aloud.
type Spoken struct {
	Day       string // Tuesday, March 10th
	Year      int
	Time      string // nine in the morning
	Clock     string // 09:00
	Zone      string // Eastern
	Length    string // 30 minutes
	Minutes   int
	With      string // Jane Smith, PA-C
	Provider  string // Jane Smith
	Title     string // PA-C
	Specialty string
	VisitType string
	Practice  string
	Code      string // 7K3Q
}

// Spoken puts a visit with its provider into words.
func (b *Book) Spoken(r Booking, p naturaesoft.Provider) Spoken {
	return Spoken{
		Day: spokenDay(r.Date), Year: r.Date.Year, Time: spokenTime(r.Time), Clock: clock(r.Time),
		Zone: ZoneWords(r.Start().In(b.o.Zone)), Length: length(r.Duration), Minutes: r.Duration,
		With: with(p), Provider: p.Name.String(), Title: p.Title.String(), Specialty: p.Specialty.String(),
		VisitType: r.VisitType, Practice: b.o.Practice, Code: r.Code,
	}
}

// with names a provider with their title.
func with(p naturaesoft.Provider) string {
	name := p.Name.String()
	if name == "" {
		name = "provider " + string(p.ID)
	}
	if !p.Title.Empty() {
		name += ", " + p.Title.String()
	}
	return name
}

// Script fills a text/template with s. A script that cannot be used gives the
// default one and an error whose sentence says what is wrong with it.
func Script(script string, s Spoken) (string, error) {
	if strings.TrimSpace(script) == "" {
		script = DefaultScript
	}
	text, err := fill(script, s)
	if err == nil {
		return text, nil
	}
	text, _ = fill(DefaultScript, s)
	return text, refuse("The practice's read-back script cannot be used, so the usual one is shown. Correct it in the profile: %s",
		safe.Clean(err.Error()))
}

func fill(script string, s Spoken) (string, error) {
	t, err := template.New("script").Parse(script)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = t.Execute(&out, s)
	return safe.Paragraphs(out.String()).String(), err
}
