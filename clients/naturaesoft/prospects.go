package naturaesoft

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var (
	opProspects = rest.Op{Name: "list prospects", Method: http.MethodGet,
		Path: tenant("/prospects")}
	opCreateProspect = rest.Op{Name: "create prospect", Method: http.MethodPost,
		Path: tenant("/prospects"), Effect: rest.Create}
	opUpdateProspect = rest.Op{Name: "update prospect", Method: http.MethodPut,
		Path: tenant("/prospects/{id}"), Effect: rest.Create}
)

// Prospect is a person as the EMR's list tells it. DOB is text: the document
// names no format. Prospect is 1 for a prospect, 0 for a patient and -1 when
// the row left it out. Tags mean something only when TagsKnown: no route lists
// a person's tags, so they are known when the row carried them (NS-6).
//
// A Prospect that came from this client also holds the documented fields
// exactly as they were sent, which is what UpdateProspect sends back.
type Prospect struct {
	ID ID

	FirstName, MI, LastName, FullName, NickName       safe.Text
	Gender, DOB, LifeStage, Pronouns, SexualIdentity  safe.Text
	PrimaryLanguage, Type                             safe.Text
	Phone, CellPhone, SMSPhone, EMail                 safe.Text
	Address, Unit, City, State, Zip, Country          safe.Text
	ProviderID                                        ID
	Prospect                                          int
	ShName, ShAddress, ShUnit, ShCity, ShState, ShZip safe.Text
	ShCountry                                         safe.Text
	Notes                                             safe.Long

	Tags      []Tag
	TagsKnown bool

	// fields are the documented fields of the row, PtImg only as whether there
	// was one: it is neither kept nor sent (NS-24).
	fields map[string]json.RawMessage
	image  bool
}

// Name is the person's FullName, else first name, middle initial and last name.
func (p Prospect) Name() safe.Text {
	if !p.FullName.Empty() {
		return p.FullName
	}
	return joined(p.FirstName, p.MI, p.LastName)
}

// Value is what a documented field held, by its wire name; empty for a field
// that was missing, null or PtImg. Long text is cut as a line: use Notes for it.
func (p Prospect) Value(field string) safe.Text {
	var t safe.Text
	if raw := p.fields[field]; raw == nil || json.Unmarshal(raw, &t) != nil {
		return safe.Text{}
	}
	return t
}

// texts are the places of the one-line fields by wire name.
func (p *Prospect) texts() map[string]*safe.Text {
	return map[string]*safe.Text{
		"FirstName": &p.FirstName, "MI": &p.MI, "LastName": &p.LastName,
		"FullName": &p.FullName, "NickName": &p.NickName, "Gender": &p.Gender,
		"DOB": &p.DOB, "LifeStage": &p.LifeStage, "Pronouns": &p.Pronouns,
		"SexualIdentity": &p.SexualIdentity, "PrimaryLanguage": &p.PrimaryLanguage,
		"Type": &p.Type, "Phone": &p.Phone, "CellPhone": &p.CellPhone,
		"SMSPhone": &p.SMSPhone, "EMail": &p.EMail, "Address": &p.Address,
		"Unit": &p.Unit, "City": &p.City, "State": &p.State, "Zip": &p.Zip,
		"Country": &p.Country, "Sh_Name": &p.ShName, "Sh_Address": &p.ShAddress,
		"Sh_Unit": &p.ShUnit, "Sh_City": &p.ShCity, "Sh_State": &p.ShState,
		"Sh_Zip": &p.ShZip, "Sh_Country": &p.ShCountry,
	}
}

// ProspectQuery asks for one page of people. Search is empty or at least two
// characters. Page counts from 1; Limit 0 means 25. Without Patients only
// prospects are asked for (prospect=true, NS-16).
type ProspectQuery struct {
	Search      string
	Page, Limit int
	Patients    bool
}

// Page is one page of a list. Page and Limit are the vendor's where it states
// them, else what was asked for. Total is -1 when the vendor does not state it.
type Page[T any] struct {
	Items              []T
	Page, Limit, Total int
	More               bool // there is another page, as far as can be told
}

const defaultLimit = 25

// Prospects lists or searches people. A search of one character is refused
// (NS-23). A row that cannot be read fails the page; none is left out.
// GET /v1/{PPass}/prospects?search&page&limit&prospect=true.
func (c *Client) Prospects(ctx context.Context, q ProspectQuery) (Page[Prospect], error) {
	q.Search = strings.TrimSpace(q.Search)
	if utf8.RuneCountInString(q.Search) == 1 {
		return Page[Prospect]{}, refuseFields(opProspects, map[string]safe.Text{
			"search": safe.Line("Type at least two characters to search for a person."),
		})
	}
	q.Page = max(q.Page, 1)
	if q.Limit < 1 {
		q.Limit = defaultLimit
	}
	v := url.Values{"page": {strconv.Itoa(q.Page)}, "limit": {strconv.Itoa(q.Limit)}}
	if q.Search != "" {
		v.Set("search", q.Search)
	}
	if !q.Patients {
		v.Set("prospect", "true")
	}
	return ask(ctx, c, opProspects, rest.Call{Path: c.path(), Query: v},
		func(raw json.RawMessage) (Page[Prospect], error) { return decodeProspects(raw, q) })
}

func decodeProspects(raw json.RawMessage, q ProspectQuery) (Page[Prospect], error) {
	rows, n, err := list(raw, "prospects", "patients")
	if err != nil {
		return Page[Prospect]{}, err
	}
	items := make([]Prospect, len(rows))
	for i, o := range rows {
		if items[i], err = decodeProspect(o); err != nil {
			return Page[Prospect]{}, fmt.Errorf("entry %d of prospects: %w", i+1, err)
		}
	}
	return paged(items, n, q.Page, q.Limit), nil
}

// paged places a list among its pages. What the vendor states counts; without
// totals a full page means that there may be more (NS-17).
func paged[T any](items []T, n counts, page, limit int) Page[T] {
	p := Page[T]{Items: items, Page: page, Limit: limit, Total: n.total}
	if n.page > 0 {
		p.Page = n.page
	}
	if n.limit > 0 {
		p.Limit = n.limit
	}
	if p.Total >= 0 && p.Total < len(items) {
		p.Total = -1
	}
	switch {
	case n.pages > 0:
		p.More = p.Page < n.pages
	case p.Total >= 0:
		before := (p.Page - 1) * p.Limit
		if before+len(items) > p.Total { // pages are smaller than asked for
			before = (p.Page - 1) * len(items)
		}
		p.More = len(items) > 0 && before+len(items) < p.Total
	default:
		p.More = len(items) == p.Limit
	}
	return p
}

func decodeProspect(o rest.Object) (Prospect, error) {
	r := reader{o: o}
	p := Prospect{
		ID:         r.id("ProspectID", "PatientID", "ID"),
		ProviderID: r.id("ProviderID"),
		Prospect:   bit(&r),
		Notes:      r.long("Notes"),
		image:      !rest.Void(o.Find(image)),
		fields:     map[string]json.RawMessage{},
	}
	for name, place := range p.texts() {
		*place = r.text(name)
	}
	for _, name := range prospectFields {
		if raw := o.Find(name); raw != nil && name != image {
			p.fields[name] = raw
		}
	}
	if r.err == nil && p.ID == "" {
		return Prospect{}, errors.New("it has no id")
	}
	p.Tags, p.TagsKnown = rowTags(o)
	return p, r.err
}

// bit is the field Prospect: 1, 0 (also when written as a truth value), or -1
// when it is missing.
func bit(r *reader) int {
	raw := r.o.Find("Prospect")
	if rest.Void(raw) {
		return -1
	}
	if value, known := rest.YesNo(raw); known && !value {
		return 0
	} else if known {
		return 1
	}
	return r.number("Prospect")
}
