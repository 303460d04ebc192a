package ui

// Person is the subject of a GoMsg that is about somebody: what a tab knows of
// them, for another tab to find them by. Fields may be empty.
type Person struct {
	ID    string // at the vendor of the tab that sent it
	First string
	Last  string
	DOB   string // as that vendor writes it
	Phone string
	EMail string
}

// Ticket is the subject of a GoMsg that is about a ticket.
type Ticket struct{ Source, ID string }

// Article is the subject of a GoMsg that is about an article of the knowledge
// base.
type Article struct{ ID string }
