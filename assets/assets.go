// Package assets holds the hand-written material built into the program: the
// invented people, places, providers, articles and tickets the sandbox is
// peopled with, and the list of states used by forms.
//
// It must not know who uses it: no vendor's wire format and no screen. Every
// name is made up, every phone number built from it lies in the range reserved
// for fiction and every e-mail address under example.com or example.org.
//
// Each accessor decodes anew and returns values of the caller's own.
package assets

import (
	"embed"
	"encoding/json"
)

//go:embed seed
var seed embed.FS

// NameGroup is the names of one language, given and family names separately.
type NameGroup struct {
	Script      string   // Unicode script, "Latin", "Han" ...
	Language    string   // English name of the language
	Share       int      // weight among the groups; all shares add up to 100
	Given       []string // never empty
	Family      []string // never empty
	FamilyFirst bool     // full names put the family name first
	Joined      bool     // full names have no space in them
}

// Names returns the groups of personal names, the most frequent first.
func Names() []NameGroup { return decode[[]NameGroup]("names.json") }

// Nicknames returns what people are called besides their names.
func Nicknames() []string { return decode[[]string]("nicknames.json") }

// City is an invented town in a real state, with the five-digit ZIP and the
// three-digit telephone area code that go with it.
type City struct{ City, State, Zip, Area string }

// Places is where people live.
type Places struct {
	Streets []string // without house numbers
	Cities  []City
}

// Addresses returns the streets and towns.
func Addresses() Places { return decode[Places]("places.json") }

// State is one of the United States, the District of Columbia or a territory.
type State struct {
	Code string // two letters as the postal service writes them
	Name string
}

// States returns the states, then the territories, each part by name.
func States() []State { return decode[[]State]("states.json") }

// Provider is somebody patients are seen by.
type Provider struct{ Name, Title, Specialty string }

// Providers returns more than thirty providers; the first is Jane Smith, PA-C,
// of the EMR vendor's own examples.
func Providers() []Provider { return decode[[]Provider]("providers.json") }

// VisitType is a kind of visit and how long it usually takes.
type VisitType struct {
	Code    string // as schedules carry it, "FOLLOWUP"
	Name    string // for people
	Minutes int
}

// VisitTypes returns the kinds of visits, the commonest first.
func VisitTypes() []VisitType { return decode[[]VisitType]("visits.json") }

// Tags returns the names of the tags a practice puts on its prospects.
func Tags() []string { return decode[[]string]("tags.json") }

// Notes returns remarks as a receptionist leaves them on a prospect.
func Notes() []string { return decode[[]string]("notes.json") }

// Product is something sold at the desk.
type Product struct {
	VendorCode, ProductCode, Product string
	RetailPrice                      json.Number // dollars, as written in the list
}

// Products returns the price list.
func Products() []Product { return decode[[]Product]("products.json") }

// Article is a page of the knowledge base about work at the front desk.
type Article struct {
	File, Title, Category, Type string
	Tags                        string // separated by comma and space
	Active                      bool
	Body                        string // Markdown
}

// Articles returns the knowledge base, including one article switched off.
func Articles() []Article {
	articles := decode[[]Article]("articles.json")
	for i := range articles {
		articles[i].Body = string(read("kb/" + articles[i].File))
	}
	return articles
}

// Comment is one entry under a ticket.
type Comment struct {
	Text, Author string
	AgeHours     int // written so long before now
}

// Ticket is a support case of the practice.
type Ticket struct {
	Subject, Description, Status, Priority, Category, AssignedTo string
	AgeHours                                                     int // opened so long before now
	Comments                                                     []Comment
}

// Tickets returns the support cases, oldest comments first within each.
func Tickets() []Ticket { return decode[[]Ticket]("tickets.json") }

// Reply is an answer somebody at a desk gives often. {person}, {number},
// {subject}, {operator}, {practice} and {today} stand for what is known where
// it is used.
type Reply struct{ Title, Text string }

// Replies returns the usual answers to tickets.
func Replies() []Reply { return decode[[]Reply]("replies.json") }

// decode panics on a broken file: the files are built in and read by a test,
// so a broken one cannot leave the workshop.
func decode[T any](file string) T {
	var v T
	if err := json.Unmarshal(read(file), &v); err != nil {
		panic("assets: " + file + ": " + err.Error())
	}
	return v
}

func read(file string) []byte {
	b, err := seed.ReadFile("seed/" + file)
	if err != nil {
		panic("assets: " + err.Error())
	}
	return b
}
