package updox

import (
	"errors"
	"net/http"
	"strconv"

	"frontdesk/clients/rest"
)

// Code is a responseCode, the vendor's own answer inside every answer. 0 is
// none.
type Code int

// The codes the vendor names. Those of users and direct messages cannot come
// from the methods used here, and are named all the same.
const (
	OK                  Code = 2000
	BadRequest          Code = 4000
	Unauthorized        Code = 4010
	AccountDenied       Code = 4011
	UserDenied          Code = 4012
	NoToken             Code = 4013
	Denied              Code = 4014
	TooLarge            Code = 4020
	BadDate             Code = 4021
	Invalid             Code = 4060
	NoAccountID         Code = 4110
	AccountExists       Code = 4130
	NoAccount           Code = 4131
	HasAccountID        Code = 4132
	WebsiteTaken        Code = 4140
	DomainTaken         Code = 4150
	DomainInvalid       Code = 4160
	WebsiteInvalid      Code = 4161
	IPInvalid           Code = 4162
	DomainUnavailable   Code = 4163
	PortInvalid         Code = 4165
	NoUserID            Code = 4210
	UserExists          Code = 4230
	NoUser              Code = 4231
	PasswordRequired    Code = 4232
	PasswordInvalid     Code = 4233
	NoUserUsePractice   Code = 4240
	UserIDReserved      Code = 4241
	BirthDateInvalid    Code = 4250
	NPIInvalid          Code = 4251
	TaxonomyInvalid     Code = 4252
	AddressTaken        Code = 4610
	AddressNotInDomain  Code = 4620
	AddressNotVendors   Code = 4621
	NoDirectDomain      Code = 4630
	DirectMessage       Code = 4640 // to 4652
	ServerError         Code = 5000
	ServerErrorInner    Code = 5100
	ServerErrorInternal Code = 5110
)

// lastDirectMessage ends the range that DirectMessage begins.
const lastDirectMessage Code = 4652

// A meaning is what a code says: the vendor's name for it, and our sentences.
type meaning struct {
	name     string
	kind     rest.Kind
	says, do string
	field    string // the wire name it is about
}

// CodeOf is the code an error of this client carries; 0 is none.
func CodeOf(err error) Code {
	e, ok := errors.AsType[*rest.Error](err)
	if !ok || e.Vendor != vendor {
		return 0
	}
	n, _ := strconv.Atoi(e.Code)
	return Code(n)
}

// IsDenied reports the answer that means wrong credentials or an inactive
// account: Updox keeps it open which of the two (UX-7).
func IsDenied(err error) bool {
	c := CodeOf(err)
	return c >= Unauthorized && c <= Denied && !failed(err)
}

// absent reports the answer that there is no such account.
func absent(err error) bool { return CodeOf(err) == NoAccount && !failed(err) }

// failed reports an answer with a status that says that the vendor broke down:
// whatever code it carries decides nothing (UX-1).
func failed(err error) bool {
	e, ok := errors.AsType[*rest.Error](err)
	return ok && e.Status >= http.StatusInternalServerError
}

// class is the first digit: 2 is yes, 4 is the caller's fault, 5 the vendor's.
func (c Code) class() int { return int(c) / 1000 }

// meaning explains every code. One that is not named is judged by its class; of
// a class nobody documented it cannot be told whether something was done.
func (c Code) meaning() meaning {
	if m, ok := meanings[c]; ok {
		return m
	}
	switch {
	case c > DirectMessage && c <= lastDirectMessage:
		return meanings[DirectMessage]
	case c == 0 || c.class() == 2:
		return meaning{}
	case c.class() == 4:
		return meaning{"", rest.KindValidation, "Updox refused the request (code " + c.wire() + ", which its document does not explain).", "", ""}
	}
	return meaning{"", rest.KindServer, "Updox failed on its side (code " + c.wire() + ", which its document does not explain).", "", ""}
}

const (
	deniedSays = "Updox refused the credentials, or the account is inactive: it gives the same answer for both."
	deniedDo   = "Check whether the account was deactivated (an update with active on brings it back); only if it was not, store the application's id and password again: frontdesk login updox."
	serverSays = "Updox failed on its side."
)

func wrong(name, says, do, field string) meaning {
	return meaning{name, rest.KindValidation, says, do, field}
}

func exists(name, says, do, field string) meaning {
	return meaning{name, rest.KindConflict, says, do, field}
}

var meanings = map[Code]meaning{
	OK:         {name: "OK", says: "Updox carried the request out."},
	BadRequest: wrong("Bad Request", "Updox could not make sense of the request.", "", ""),

	Unauthorized:  {"Unauthorized", rest.KindAuth, deniedSays, deniedDo, ""},
	AccountDenied: {"Unauthorized [Practice does not exist or is inactive]", rest.KindForbidden, deniedSays, deniedDo, ""},
	UserDenied:    {"Unauthorized [User does not exist or is inactive]", rest.KindForbidden, deniedSays, deniedDo, ""},
	NoToken:       {"No token found", rest.KindAuth, deniedSays, deniedDo, ""},
	Denied:        {"Unauthorized", rest.KindAuth, deniedSays, deniedDo, ""},

	TooLarge: wrong("request likely too large", "Updox found the request too large.", "Shorten the texts and try again.", ""),
	BadDate:  wrong("invalid date format", "Updox could not read a date in the request.", "", ""),
	Invalid:  wrong("validation error", "Updox did not accept some of the fields.", "Correct them and try again.", ""),

	NoAccountID:   wrong("no practice ID", "Updox missed the id of the account.", "Enter the account's id; if it is there, change the placement of the id in the configuration.", "accountId"),
	AccountExists: exists("account already exists", "An account with this id exists at Updox already.", "Open it to see whether it is the same practice, or choose another id.", "accountId"),
	NoAccount:     {"account does not exist", rest.KindNotFound, "Updox has no account with this id.", "Check the id, or create the account.", "accountId"},
	HasAccountID:  exists("account already has an accountId", "This account has another id at Updox already.", "Use the id it has.", "accountId"),

	WebsiteTaken:      exists("web address is already taken", "The website label is taken by another Updox account.", "Choose another label.", "websiteAddress"),
	DomainTaken:       exists("direct domain is already taken", "The direct domain is taken by another Updox account.", "Choose another domain.", "directDomain"),
	DomainInvalid:     wrong("direct domain is invalid", "Updox does not accept the direct domain.", "Correct it and try again.", "directDomain"),
	WebsiteInvalid:    wrong("web address is invalid", "Updox does not accept the website label.", "Use letters, digits and dashes only.", "websiteAddress"),
	IPInvalid:         wrong("ip is invalid", "Updox does not accept the IP address.", "Correct it and try again.", "ipAddress"),
	DomainUnavailable: wrong("direct domain is unavailable", "The direct domain cannot be had at Updox.", "Choose another domain.", "directDomain"),
	PortInvalid:       wrong("port is invalid", "Updox does not accept the port.", "Correct it and try again.", "port"),

	NoUserID:          wrong("no user ID", "Updox missed the id of the user.", "Enter the user's id.", "userId"),
	UserExists:        exists("user already exists", "A user with this id exists at Updox already.", "Choose another id.", "userId"),
	NoUser:            {"user does not exist", rest.KindNotFound, "Updox has no user with this id.", "Check the id.", "userId"},
	PasswordRequired:  wrong("password required", "Updox wants a password for this user.", "Enter one.", "loginPassword"),
	PasswordInvalid:   wrong("password invalid", "Updox does not accept this user's password.", "Use 8 to 30 letters, large and small, with a digit or sign.", "loginPassword"),
	NoUserUsePractice: {"user does not exist; use Practice methods instead", rest.KindNotFound, "Updox has no such user: the id belongs to an account.", "Use the account's own form.", "userId"},
	UserIDReserved:    wrong("user ids starting '@' are reserved", "Updox keeps user ids that begin with @ for itself.", "Choose another id.", "userId"),
	BirthDateInvalid:  wrong("user dob invalid", "Updox does not accept the user's date of birth.", "Correct it and try again.", "dob"),
	NPIInvalid:        wrong("invalid NPI", "Updox does not accept the NPI.", "Enter its ten digits again.", "practiceNpi"),
	TaxonomyInvalid:   wrong("invalid taxonomy", "Updox does not accept the taxonomy code.", "Correct it and try again.", "providerTaxonomyCode"),

	AddressTaken:       exists("direct address taken", "The direct address is taken at Updox.", "Choose another address.", "directAddress"),
	AddressNotInDomain: wrong("domain does not match the account's direct domain", "The direct address does not belong to the account's direct domain.", "Use an address of that domain.", "directAddress"),
	AddressNotVendors:  wrong("domain does not match the vendor's direct domain", "The direct address does not belong to the application's direct domain.", "Use an address of that domain.", "directAddress"),
	NoDirectDomain:     wrong("account has no direct domain", "The account has no direct domain, so it can have no direct address.", "Leave the direct address empty, or ask Updox for a domain.", "directAddress"),
	DirectMessage:      wrong("direct message error", "Updox could not handle a direct message.", "", ""),

	ServerError:         {"unknown error", rest.KindServer, serverSays, "", ""},
	ServerErrorInner:    {"unknown server error", rest.KindServer, serverSays, "", ""},
	ServerErrorInternal: {"unknown server error", rest.KindServer, serverSays, "", ""},
}
