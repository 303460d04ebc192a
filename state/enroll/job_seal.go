package enroll

import (
	"bytes"
	"encoding/json"

	"github.com/golang-sql/civil"

	"frontdesk/clients/anglehealth"
)

// person is demographics on their way to the disk: inside a seal alone, since
// it holds the whole social security number.
type person struct {
	ID         anglehealth.ID    `json:"id"`
	Fields     map[string]string `json:"fields,omitempty"`
	Hired, DOB string
	Sex, SSN   string
}

// inMemory stands on the disk for people that are not there.
var inMemory = []byte("memory")

// seal closes who the members are. Without a Sealer it is kept in memory.
func (b *Book) seal(job string, people []anglehealth.Demographics) ([]byte, error) {
	if len(people) == 0 {
		return nil, nil
	}
	if b.o.Sealer == nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.people[job] = people
		return inMemory, nil
	}
	var plain []person
	for _, d := range people {
		plain = append(plain, person{d.ID, d.Fields, day(d.Hired), day(d.DOB), d.Sex, d.SSN.Expose()})
	}
	raw, _ := json.Marshal(plain) // texts: cannot fail
	defer clear(raw)
	return b.o.Sealer.Seal(raw, "enroll job "+job)
}

func (b *Book) unseal(job string, sealed []byte) (people []anglehealth.Demographics, lost bool) {
	if sealed == nil {
		return nil, false
	}
	b.mu.Lock()
	kept, ok := b.people[job]
	b.mu.Unlock()
	if ok {
		return kept, false
	}
	if b.o.Sealer == nil || bytes.Equal(sealed, inMemory) {
		return nil, true
	}
	raw, err := b.o.Sealer.Open(sealed, "enroll job "+job)
	var plain []person
	if err != nil || json.Unmarshal(raw, &plain) != nil {
		return nil, true
	}
	defer clear(raw)
	for _, p := range plain {
		d := anglehealth.Demographics{ID: p.ID, Fields: p.Fields, Sex: p.Sex}
		d.Hired, _ = civil.ParseDate(p.Hired)
		d.DOB, _ = civil.ParseDate(p.DOB)
		d.SSN, _ = anglehealth.ParseSSN(p.SSN)
		people = append(people, d)
	}
	return people, false
}
