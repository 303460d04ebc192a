package connect4healthcare

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var opCategories = rest.Op{Name: "list categories", Method: http.MethodGet, Path: "/{token}/provider_categories"}

// Mark is the status of a category on a ticket; 0 is none of the known ones.
type Mark uint8

// The marks, from harmless to not.
const (
	NoIssue Mark = iota + 1
	PotentialIssue
	Issue
)

var markWords = map[Mark]string{NoIssue: "No Issue", PotentialIssue: "Potential Issue", Issue: "Issue"}

// String returns the mark as it is sent: "Issue", "No Issue" or "Potential
// Issue"; "" for none.
func (m Mark) String() string { return markWords[m] }

// ParseMark reads a mark in any case and spacing (C4-6); 0 when it is none.
func ParseMark(s string) Mark {
	s = squeezed(s)
	for m, word := range markWords {
		if strings.EqualFold(s, word) {
			return m
		}
	}
	return 0
}

// squeezed is s with single spaces between its words.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// Category is something every ticket of the provider is judged by. The ids of
// a list may repeat (C4-12), so rows are told apart by their place.
type Category struct {
	ID   ID
	Name safe.Text
}

// Categories lists the provider's categories. Resident, when not 0, is sent
// along, because later versions of the vendor want it (C4-19): choose the
// resident first.
// GET /{token}/provider_categories.
func (c *Client) Categories(ctx context.Context, resident ID) ([]Category, error) {
	call := rest.Call{}
	if resident > 0 {
		call.Query = url.Values{"resident_id": {resident.String()}}
	}
	a, err := rest.Do[categoryList](ctx, c.transport, opCategories, call)
	return a, err
}

type categoryList []Category

// UnmarshalJSON reads {"categories": [{"id", "name"}]}.
func (l *categoryList) UnmarshalJSON(raw []byte) error {
	var in struct {
		Categories list[wireCategory] `json:"categories"`
	}
	if json.Unmarshal(raw, &in) != nil {
		return errors.New("the categories cannot be read")
	}
	all, err := rows(in.Categories)
	*l = all
	return err
}

type wireCategory struct {
	ID    ID    `json:"id"`
	Name  loose `json:"name"`
	Title loose `json:"title"`
}

// record refuses a category without an id.
func (in wireCategory) record() (Category, error) {
	if in.ID <= 0 {
		return Category{}, errors.New("a category has no id")
	}
	name := in.Name.Text
	if name.Empty() {
		name = in.Title.Text
	}
	return Category{in.ID, name}, nil
}
