package slots

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/ui"
)

// twins looks for people who are there already while one is being added. It
// warns with its evidence and blocks nothing.
type twins struct {
	v     *View
	ask   *ui.Call[[]naturaesoft.Prospect]
	gen   int
	typed map[string]string
	found []naturaesoft.Prospect
}

// twinsMsg is the rest in typing after which the EMR is asked.
type twinsMsg struct{ gen int }

func newTwins(v *View) *twins {
	return &twins{v: v, ask: ui.NewCall[[]naturaesoft.Prospect](v.env, "look for duplicates")}
}

func (t *twins) changed(values map[string]string) tea.Cmd {
	t.typed = values
	t.gen++
	return t.v.env.After(settle, twinsMsg{t.gen})
}

func (t *twins) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case twinsMsg:
		if msg.gen == t.gen {
			return t.search()
		}
	case ui.Result[[]naturaesoft.Prospect]:
		if t.ask.Accept(msg) && msg.Err == nil {
			t.found = msg.Value
		}
	}
	return nil
}

func (t *twins) search() tea.Cmd {
	emr, typed := t.v.emr, t.typed
	return t.ask.Latest(func(ctx ctx) ([]naturaesoft.Prospect, error) {
		return lookalikes(ctx, emr, typed)
	})
}

// lookalikes asks by phone, e-mail and last name and keeps those that share
// the phone, the e-mail or the whole name.
func lookalikes(ctx ctx, emr EMR, typed map[string]string) ([]naturaesoft.Prospect, error) {
	var all []naturaesoft.Prospect
	seen := map[naturaesoft.ID]bool{}
	for _, word := range []string{typed["Phone"], typed["EMail"], typed["LastName"]} {
		if len([]rune(strings.TrimSpace(word))) < leastSearch {
			continue
		}
		page, err := emr.Prospects(ctx, naturaesoft.ProspectQuery{Search: word, Limit: 50})
		if err != nil {
			return nil, err
		}
		for _, p := range page.Items {
			if !seen[p.ID] && evidence(typed, p) != "" {
				seen[p.ID] = true
				all = append(all, p)
			}
		}
	}
	return all, nil
}

// evidence says what a person shares with what was typed, or "".
func evidence(typed map[string]string, p naturaesoft.Prospect) string {
	var same []string
	phone := digits(typed["Phone"])
	for _, t := range []string{p.Phone.Raw(), p.CellPhone.Raw(), p.SMSPhone.Raw()} {
		if d := digits(t); len(phone) >= 7 && len(d) >= 7 && (strings.HasSuffix(d, phone) || strings.HasSuffix(phone, d)) {
			same = append(same, "phone")
			break
		}
	}
	if e := typed["EMail"]; e != "" && strings.EqualFold(e, p.EMail.Raw()) {
		same = append(same, "e-mail")
	}
	if strings.EqualFold(typed["FirstName"]+" "+typed["LastName"], p.FirstName.Raw()+" "+p.LastName.Raw()) && typed["LastName"] != "" {
		same = append(same, "name")
	}
	return strings.Join(same, " and ")
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func (t *twins) view(width int) string {
	th := t.v.env.Theme
	var lines []string
	for _, p := range t.found[:min(3, len(t.found))] {
		if e := evidence(t.typed, p); e != "" {
			lines = append(lines, th.Truncate(th.Warn.Render(th.Glyph.Warn+" same "+e+": ")+p.Name().String()+"  "+t.v.known(p), width))
		}
	}
	if len(lines) > 0 {
		lines = append(lines, th.Muted.Render("Already there? Press esc, then p to pick them."))
	}
	return strings.Join(lines, "\n")
}

// createPerson adds somebody and reads the row back, by the ID the answer
// named or else by what was sent.
func createPerson(ctx ctx, emr EMR, edits naturaesoft.Edits) (naturaesoft.Prospect, error) {
	id, err := emr.CreateProspect(ctx, edits)
	if err != nil {
		return naturaesoft.Prospect{}, err
	}
	p, found, err := findCreated(ctx, emr, id, edits)
	if !found {
		return p, &createdError{err}
	}
	return p, nil
}

// findCreated looks for somebody who was added, by id or else by what was sent.
// Not found without an error means that every search was answered.
func findCreated(ctx ctx, emr EMR, id naturaesoft.ID, edits naturaesoft.Edits) (naturaesoft.Prospect, bool, error) {
	var last error
	for _, word := range []string{edits["EMail"], edits["Phone"], edits["LastName"]} {
		if len([]rune(word)) < leastSearch {
			continue
		}
		page, err := emr.Prospects(ctx, naturaesoft.ProspectQuery{Search: word, Limit: 100})
		if err != nil {
			last = err
		}
		for _, p := range page.Items {
			if id != "" && p.ID == id || id == "" && created(p, edits) {
				return p, true, nil
			}
		}
	}
	return naturaesoft.Prospect{}, false, last
}

// created reports that a row holds exactly what was sent.
func created(p naturaesoft.Prospect, edits naturaesoft.Edits) bool {
	return p.FirstName.Raw() == edits["FirstName"] && p.LastName.Raw() == edits["LastName"] &&
		p.EMail.Raw() == edits["EMail"] && digits(p.Phone.Raw()) == digits(edits["Phone"])
}

// createdError tells that the person was added and could not be read back.
type createdError struct{ cause error }

func (e *createdError) Error() string { return "prospect created, row not found again" }
func (e *createdError) Unwrap() error { return e.cause }

// Landed reports that the write itself is done.
func (e *createdError) Landed() bool { return true }

// UserMessage keeps the desk from adding the person twice.
func (e *createdError) UserMessage() string {
	return "The person was added, but the EMR does not list them yet. Do not add them again: press esc, then p to search."
}

// complaints are the vendor's, by wire name.
func complaints(err error) map[string]string {
	words := map[string]string{}
	var e *rest.Error
	if errors.As(err, &e) {
		for name, text := range e.Fields {
			words[name] = text.String()
		}
	}
	return words
}
