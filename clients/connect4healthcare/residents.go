package connect4healthcare

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var opResidents = rest.Op{Name: "list residents", Method: http.MethodGet, Path: "/{token}/all_residents"}

// Resident is somebody tickets are about. The vendor may leave any field out:
// texts are then empty, DOB and times zero, flags Unknown.
type Resident struct {
	ID, Provider, Type  ID
	FirstName, LastName safe.Text
	DOB                 civil.Date
	State               safe.Text // of the record: "active"
	Location            safe.Text // "Assisted Living Apt. 204"

	Phone, Fax, Email                                    safe.Text
	HomeAddress1, HomeAddress2, HomeCity, HomeState, Zip safe.Text
	InHomeCare, Demo                                     Flag
	AccountNumber, CustomerNumber, Caretracker           safe.Text
	LastStatusUpdate, NextStatusUpdate, ReviewUpdates    safe.Text // no example
	CreatedAt, UpdatedAt                                 time.Time
}

// Name is first and last name, as far as they are given.
func (r Resident) Name() safe.Text {
	return safe.Line(strings.TrimSpace(strings.TrimSpace(r.FirstName.Raw()) + " " + strings.TrimSpace(r.LastName.Raw())))
}

// A wireResident is a resident in the vendor's form.
type wireResident struct {
	ID          ID    `json:"id"`
	Provider    ID    `json:"provider_id"`
	Type        ID    `json:"resident_type_id"`
	First       loose `json:"first_name"`
	Last        loose `json:"last_name"`
	DOB         day   `json:"dob"`
	State       loose `json:"state"`
	Location    loose `json:"location"`
	Phone       loose `json:"phone_number"`
	Fax         loose `json:"fax_number"`
	Email       loose `json:"email"`
	Address1    loose `json:"home_address1"`
	Address2    loose `json:"home_address2"`
	City        loose `json:"home_city"`
	HomeState   loose `json:"home_state"`
	Zip         loose `json:"home_zip"`
	InHomeCare  Flag  `json:"in_home_care"`
	Demo        Flag  `json:"demo"`
	Account     loose `json:"account_number"`
	Customer    loose `json:"customer_number"`
	Caretracker loose `json:"caretracker_id"`
	LastUpdate  loose `json:"last_status_update"`
	NextUpdate  loose `json:"next_status_update"`
	Review      loose `json:"review_updates"`
	Created     stamp `json:"created_at"`
	Updated     stamp `json:"updated_at"`
}

// record refuses a resident without an id.
func (in wireResident) record() (Resident, error) {
	if in.ID <= 0 {
		return Resident{}, errors.New("a resident has no id")
	}
	return Resident{
		ID: in.ID, Provider: in.Provider, Type: in.Type,
		FirstName: in.First.Text, LastName: in.Last.Text, DOB: in.DOB.Date,
		State: in.State.Text, Location: in.Location.Text,
		Phone: in.Phone.Text, Fax: in.Fax.Text, Email: in.Email.Text,
		HomeAddress1: in.Address1.Text, HomeAddress2: in.Address2.Text,
		HomeCity: in.City.Text, HomeState: in.HomeState.Text, Zip: in.Zip.Text,
		InHomeCare: in.InHomeCare, Demo: in.Demo,
		AccountNumber: in.Account.Text, CustomerNumber: in.Customer.Text, Caretracker: in.Caretracker.Text,
		LastStatusUpdate: in.LastUpdate.Text, NextStatusUpdate: in.NextUpdate.Text, ReviewUpdates: in.Review.Text,
		CreatedAt: in.Created.Time, UpdatedAt: in.Updated.Time,
	}, nil
}

// Residents lists all residents of the provider.
// GET /{token}/all_residents.
func (c *Client) Residents(ctx context.Context) ([]Resident, error) {
	a, err := rest.Do[residentList](ctx, c.transport, opResidents, rest.Call{})
	return a, err
}

type residentList []Resident

// UnmarshalJSON reads {"residents": [...]}.
func (l *residentList) UnmarshalJSON(raw []byte) error {
	var in struct {
		Residents list[wireResident] `json:"residents"`
	}
	if json.Unmarshal(raw, &in) != nil {
		return errors.New("the residents cannot be read")
	}
	all, err := rows(in.Residents)
	*l = all
	return err
}
