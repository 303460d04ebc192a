package sandbox

import (
	"fmt"
	"strconv"
)

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

// person works out the whole row of one of those the practice began with.
func (g *generator) person(id int) person {
	t := g.traits(id)
	d := roll(streamDetails, id)
	fields := emptyProspect()
	g.name(fields, &t, &d)
	g.life(fields, &d)
	g.reach(fields, id, &t, &d)
	if d.in(70) {
		fields["ProviderID"] = 1 + d.pick(g.providers)
	}
	if t.prospect {
		fields["Prospect"] = 1
	}
	if d.in(12) {
		fields["PtImg"] = fmt.Sprintf("prospect-%d.jpg", id)
	}
	if d.in(25) {
		fields["Notes"] = oneOf(&d, g.notes)
	}
	who := person{fields: fields}
	for tag := 1 + d.pick(6); tag <= g.tags && d.in(60); tag += 1 + d.pick(6) {
		who.tags = append(who.tags, tag)
	}
	return who
}

func (g *generator) name(fields row, t *traits, d *dice) {
	names := &g.groups[t.group]
	fields["FirstName"] = names.Given[t.given]
	fields["LastName"] = names.Family[t.family]
	fields["FullName"] = names.fullName(t)
	fields["PrimaryLanguage"] = names.Language
	if t.initial != 0 {
		fields["MI"] = string(rune(t.initial))
	}
	if t.nickname >= 0 {
		fields["NickName"] = g.nicknames[t.nickname]
	}
	fields["Gender"] = oneOf(d, []string{"f", "f", "f", "m", "m", "m", "o", "u"})
	if d.in(30) {
		fields["Pronouns"] = map[string]string{"f": "she/her", "m": "he/him", "o": "they/them", "u": ""}[text(fields, "Gender")]
	}
}

// life is what goes with a person's age.
func (g *generator) life(fields row, d *dice) {
	age := d.pick(95)
	fields["DOB"] = fmt.Sprintf("%04d-%02d-%02d", g.year-age, 1+d.pick(12), 1+d.pick(28))
	fields["LifeStage"] = lifeStage(age)
	fields["Type"] = oneOf(d, []string{"Patient", "Patient", "Cash", "Insurance", "Insurance", "Guarantor"})
	if age < 18 {
		fields["Type"] = "Child"
		return
	}
	if d.in(10) {
		fields["SexualIdentity"] = oneOf(d, []string{"straight", "gay", "lesbian", "bisexual", "prefers not to say"})
	}
}

func lifeStage(age int) string {
	for _, stage := range []struct {
		below int
		name  string
	}{{1, "Infant"}, {4, "Toddler"}, {12, "Child"}, {18, "Adolescent"}, {30, "EarlyAdult"}, {65, "Adult"}} {
		if age < stage.below {
			return stage.name
		}
	}
	return "Senior"
}

// reach is where a person lives and how to call or write.
func (g *generator) reach(fields row, id int, t *traits, d *dice) {
	city := g.cities[t.city]
	fields["Phone"] = phone(d.pick(len(phoneForms)), city.Area, t.phone)
	if t.cell >= 0 {
		fields["CellPhone"] = phone(d.pick(len(phoneForms)), city.Area, t.cell)
		if d.in(80) {
			fields["SMSPhone"] = fields["CellPhone"]
		}
	}
	fields["EMail"] = g.address(id, t)
	fields["Address"] = fmt.Sprintf("%d %s", 1+d.pick(899), oneOf(d, g.streets))
	if d.in(25) {
		fields["Unit"] = fmt.Sprintf("Apt %d%c", 1+d.pick(9), 'A'+d.pick(6))
	}
	fields["City"], fields["State"], fields["Zip"], fields["Country"] = city.City, city.State, city.Zip, "US"
	if d.in(15) { // sends parcels elsewhere
		other := oneOf(d, g.cities)
		fields["Sh_Name"] = fields["FullName"]
		fields["Sh_Address"] = fmt.Sprintf("%d %s", 1+d.pick(899), oneOf(d, g.streets))
		fields["Sh_City"], fields["Sh_State"], fields["Sh_Zip"], fields["Sh_Country"] = other.City, other.State, other.Zip, "US"
	}
}

// phoneForms are the spellings found in a practice's records.
var phoneForms = []string{"(%s) 555-01%02d", "%s-555-01%02d", "%s55501%02d", "+1 %s 555 01%02d", "%s.555.01%02d"}

// phone is a number in the range kept free for fiction.
func phone(form int, area string, last int16) string {
	return fmt.Sprintf(phoneForms[form], area, last)
}
