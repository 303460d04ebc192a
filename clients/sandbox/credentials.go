package sandbox

import "maps"

// credentials are what signs in at the vendors, named as the program's login
// names them. They are made up, and the same in every sandbox, so that a desk
// can join one it did not start. The EMR's ppass is no secret and stands in the
// configuration.
var credentials = map[string]map[string]string{
	"naturaesoft":        {"apiKey": FakeEMRKey, "ppass": PracticeID},
	"connect4healthcare": {"api_key": FakeCareKey, "api_secret": FakeCareSecret},
	"inboxhealth":        {"api_key": FakeInboxKey},
	"updox":              {"applicationId": FakeUpdoxApplication, "applicationPassword": FakeUpdoxPassword},
	"anglehealth":        {"client_id": FakeAngleClient, "client_secret": FakeAngleSecret},
}

// Credentials returns what signs in at a vendor; nil for one that is not
// played.
func Credentials(vendor string) map[string]string { return maps.Clone(credentials[vendor]) }

// Base returns the base address a client of the vendor is given, in the sandbox
// at root, such as http://127.0.0.1:8080.
func Base(root, vendor string) string {
	below := map[string]string{"inboxhealth": "/partner/v2", "updox": "/api/io"}
	return root + "/" + vendor + below[vendor]
}
