package naturaesoft_test

import (
	"strconv"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/sandbox"
)

// troubles are the common ones, and how this vendor's answers differ then.
var troubles = faulttest.Troubles(
	faulttest.Trouble{Name: "200 and an error", Fault: faulttest.Says(`{"error":"Not possible."}`), Rule: faulttest.Refused(rest.KindValidation)},
	faulttest.Trouble{Name: "200 and success false", Fault: faulttest.Says(`{"success":false,"message":"no"}`), Rule: faulttest.Refused(rest.KindValidation)},
	faulttest.Trouble{Name: "empty", Fault: sandbox.Fault{Kind: sandbox.FaultEmpty}, Rule: faulttest.Wordless, Alters: unnamed},
	faulttest.Trouble{Name: "envelope bare", Fault: faulttest.Envelope("bare"), Rule: faulttest.Harmless, Alters: uncounted},
	faulttest.Trouble{Name: "envelope plain", Fault: faulttest.Envelope("plain"), Rule: faulttest.Harmless, Alters: uncounted},
	faulttest.Trouble{Name: "wrong-provider", Fault: sandbox.Fault{Kind: sandbox.FaultWrongProvider}, Rule: faulttest.Harmless, Alters: nextProvider},
)

// exceptions are the cells the rules do not tell, by trouble and operation.
var exceptions = faulttest.Exceptions{
	// What was asked about one provider is not answered about another. In a
	// list it cannot be seen.
	"wrong-provider": faulttest.These(faulttest.Fails(rest.KindDecode, rest.Done, 1, 1),
		"Provider", "Schedule", "Schedule without visits", "Check", "Slots", "NextSlot"),

	// What is to be edited is not there any more as it was seen. A profile is
	// not seen before it is edited. A token cannot be null or a sentence.
	"nulls": faulttest.With(faulttest.These(faulttest.Fails(rest.KindConflict, rest.NotSent, 1, 1), "UpdateArticle reading", "UpdateTicket reading"),
		faulttest.These(faulttest.Fails(rest.KindDecode, rest.NotSent, 1, 1), signIns...)),
	"hostile": faulttest.With(faulttest.These(faulttest.Fails(rest.KindConflict, rest.NotSent, 1, 1), "UpdateArticle reading", "UpdateTicket reading"),
		faulttest.These(faulttest.Fails(rest.KindDecode, rest.NotSent, 1, 1), signIns...)),

	// Nothing comes before signing in that could be renewed.
	"401":      faulttest.These(unsigned, signIns...),
	"401 once": faulttest.These(unsigned, signIns...),
}

var signIns = []string{"signing in to read", "signing in to create"}

// unsigned is a key refused at once.
var unsigned = faulttest.Outcome{Kind: rest.KindAuth, Phase: rest.NotSent, Requests: 1, Locks: true}

// unnamed is a person created without a word about her number.
func unnamed(key string, v any) any {
	if key == "named" {
		return false
	}
	return v
}

// uncounted is a page of a list whose length is not told.
func uncounted(_ string, v any) any {
	if page, ok := v.(map[string]any); ok && page["Items"] != nil {
		page["Total"] = -1.0
	}
	return v
}

func nextProvider(key string, v any) any {
	next := func(v any) any {
		if n, err := strconv.Atoi(v.(string)); err == nil {
			return strconv.Itoa(n + 1)
		}
		return v
	}
	if m, ok := v.(map[string]any); ok && m["Specialty"] != nil {
		m["ID"] = next(m["ID"])
	}
	if key == "ProviderID" {
		return next(v)
	}
	return v
}
