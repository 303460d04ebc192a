package sandbox

import (
	"fmt"
	"maps"
)

// updoxSeed are the accounts that are there from the start: PRACTICE-101 to
// PRACTICE-124. The last is inactive, and every fifth has no website.
func updoxSeed() []row {
	towns := []struct{ city, state, postal, zone string }{
		{"Sample Haven", "CT", "065120000", "America/New_York"},
		{"Mockville", "IL", "60699", "America/Chicago"},
		{"Fakeridge", "CO", "80299", "America/Denver"},
		{"Demo Springs", "AZ", "85099", "America/Phoenix"},
		{"Port Example", "WA", "98199", "America/Los_Angeles"},
		{"Testanchor", "AK", "99599", "America/Anchorage"},
		{"Nonesuch Bay", "HI", "96899", "Pacific/Honolulu"},
		{"San Ejemplo", "PR", "00999", "America/Puerto_Rico"},
	}
	kinds := []string{"Family Practice", "Pediatrics", "Dermatology"}
	var all []row
	for i := range len(towns) * len(kinds) {
		t, n := towns[i%len(towns)], 101+i
		a := row{
			"accountId": fmt.Sprintf("PRACTICE-%d", n), "active": i != len(towns)*len(kinds)-1, "vetted": i%2 == 0,
			"name":     fmt.Sprintf("%s %s (made up)", t.city, kinds[i/len(towns)]),
			"address1": fmt.Sprintf("%d Placeholder Street", n), "city": t.city, "state": t.state, "postal": t.postal,
			"phone": fmt.Sprintf("555555%04d", n), "fax": fmt.Sprintf("555556%04d", n), "timeZone": t.zone,
		}
		if i%5 != 4 {
			a["websiteAddress"] = fmt.Sprintf("made-up-%d", n)
		}
		if i%6 == 0 {
			a["practiceNpi"] = fmt.Sprintf("1%09d", n)
		}
		all = append(all, a)
	}
	return all
}

// PutUpdoxAccount plants an account with any fields and values whatever,
// unchecked, under their accountId. Fields of an account that is there are
// laid over it.
func (s *Server) PutUpdoxAccount(fields map[string]any) {
	u := s.updox
	u.mu.Lock()
	defer u.mu.Unlock()
	laid := row{"active": true, "vetted": false, "timeZone": "Zulu"}
	if a, ok := u.accounts[textIn(fields, "accountId")]; ok {
		laid = maps.Clone(a)
	}
	maps.Copy(laid, fields)
	u.keep(laid)
}

// UpdoxAccount returns all that is stored of an account, what is never shown
// too; false when there is none of this id.
func (s *Server) UpdoxAccount(id string) (map[string]any, bool) {
	s.updox.mu.RLock()
	defer s.updox.mu.RUnlock()
	a, ok := s.updox.accounts[id]
	return maps.Clone(a), ok
}

// SetUpdoxShutsInactive makes reading an inactive account fail like wrong
// credentials do. The document allows this reading as well as the other one.
func (s *Server) SetUpdoxShutsInactive(on bool) {
	s.updox.mu.Lock()
	defer s.updox.mu.Unlock()
	s.updox.shuts = on
}

// SetUpdoxSeedOnly leaves only PracticeCreate, PracticeUpdate and
// PracticeSave: the methods the document names.
func (s *Server) SetUpdoxSeedOnly(on bool) {
	s.updox.mu.Lock()
	defer s.updox.mu.Unlock()
	s.updox.seedOnly = on
}
