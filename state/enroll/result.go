package enroll

import (
	"slices"
	"strings"

	"frontdesk/clients/anglehealth"
)

// Result is how far one member of a family is, in words: "waiting to be sent",
// "enrolled, data on its way" ...
type Result struct {
	ID   anglehealth.ID
	Word string
}

// Results are the members of the job in the order of sending.
func (j Job) Results() []Result {
	var all []Result
	for _, id := range j.Hire.Members() {
		all = append(all, Result{id, j.word(id)})
	}
	return all
}

func (j Job) word(id anglehealth.ID) string {
	switch {
	case j.State == Mismatch && !slices.ContainsFunc(j.Doubts, func(d string) bool { return strings.HasSuffix(d, " of "+string(id)) }):
		return Verified.Word()
	case j.State == Verified || j.State == Mismatch || j.Step == Checking || j.Step == Enrolling:
		return j.State.Word()
	case j.Step == Verifying:
		return "enrolled, not yet verified"
	}
	i := slices.IndexFunc(j.People, func(d anglehealth.Demographics) bool { return d.ID == id })
	switch {
	case i < 0 && j.Lost:
		return "enrolled, data lost"
	case i < 0:
		return "enrolled"
	case i < j.Person:
		return "enrolled, data recorded"
	case i > j.Person || j.State == Accepted:
		return "enrolled, data waiting"
	case j.State == Sent:
		return "enrolled, data on its way"
	case j.State == Unknown:
		return "enrolled, data UNKNOWN (it may have landed)"
	}
	return "enrolled, data not recorded"
}
