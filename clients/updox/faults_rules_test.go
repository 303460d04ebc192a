package updox_test

import (
	"net/http"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/sandbox"
)

// foreign is an answer nobody can read, in place of the call.
var foreign = faulttest.Unreadable(0)

// troubles are the common ones and this vendor's envelope. There is no session
// to renew.
var troubles = faulttest.Without(faulttest.Troubles(
	faulttest.Trouble{Name: "200 and an error", Fault: faulttest.Says(`{"error":"Not possible."}`), Rule: foreign},
	faulttest.Trouble{Name: "200 and no code", Fault: faulttest.Says(`{"successful":true}`), Rule: foreign},
	faulttest.Trouble{Name: "200 and a code alone", Fault: faulttest.Says(`{"responseCode":2000}`), Rule: foreign},
	faulttest.Trouble{Name: "200 and a contradiction", Fault: faulttest.Says(`{"successful":true,"responseCode":4130}`), Rule: foreign},
	faulttest.Trouble{Name: "200 and a list", Fault: faulttest.Says(`[]`), Rule: foreign},
	faulttest.Trouble{Name: "200 and a refusal", Fault: faulttest.Says(`{"successful":false,"responseCode":4060,"responseMessage":"phone is invalid"}`),
		Rule: faulttest.Refused(rest.KindValidation)},
	faulttest.Trouble{Name: "200 and denied", Fault: faulttest.Says(`{"successful":false,"responseCode":4010,"responseMessage":"Unauthorized"}`),
		Rule: faulttest.Refused(rest.KindAuth)},
	faulttest.Trouble{Name: "200 and a failure", Fault: faulttest.Says(`{"successful":false,"responseCode":5000}`), Rule: faulttest.VendorFailed},
	faulttest.Trouble{Name: "200 and a failure after", Fault: sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: http.StatusOK,
		Body: `{"successful":false,"responseCode":5110}`}, Rule: faulttest.VendorFailedLate, Wire: true},
	faulttest.Trouble{Name: "200 and an unheard-of code", Fault: faulttest.Says(`{"successful":false,"responseCode":9010}`), Rule: faulttest.VendorFailed},
	faulttest.Trouble{Name: "401", Fault: sandbox.Fault{Kind: sandbox.FaultUnauthorized}, Rule: faulttest.Refused(rest.KindAuth)},
), "401 once")

// exceptions are the cells the rules do not tell, by trouble and operation.
var exceptions = faulttest.Exceptions{
	// An answer that names no account, or another one, is not about the one
	// asked for. A write whose answer names none is done all the same.
	"nulls": faulttest.These(faulttest.Fails(rest.KindDecode, rest.Done, 1, 1), "Account", "Settle", "Update reading", "Save reading"),
	"hostile": faulttest.With(faulttest.These(faulttest.Fails(rest.KindDecode, rest.Done, 1, 1), "Account", "Settle", "Update reading", "Save reading"),
		faulttest.These(faulttest.Fails(rest.KindDecode, rest.Unknown, 1, 1), "Create", "Update", "Save", "Save new")),
}
