package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// plantedKey is where a member keeps what was planted; no vendor's field.
const plantedKey = "\x00planted"

// planted are a member's fields that stand in a snapshot as they were planted,
// whatever the insurer would say.
func (m *insured) planted() row {
	r, _ := m.fields[plantedKey].(row)
	return r
}

// PlantAngle lays fields over what a snapshot or plan_metadata says, any values
// whatever and unchecked: what is "members", "groups" or "plans", id the member,
// group or plan, which is made when it is not there. A planted member belongs to
// "fake-group-bakery" unless the fields say otherwise.
func (s *Server) PlantAngle(what, id string, fields map[string]any) {
	a := s.angle
	a.mu.Lock()
	defer a.mu.Unlock()
	switch what {
	case "groups", "plans":
		kept := map[string]map[string]row{"groups": a.groups, "plans": a.plans}[what]
		r := row{map[string]string{"groups": "group_id", "plans": "plan_name"}[what]: id}
		maps.Copy(r, kept[id])
		maps.Copy(r, fields)
		kept[id] = r
	case "members":
		a.plantMember(id, fields)
	default:
		panic(fmt.Sprintf("sandbox: %q is nothing that can be planted at Angle Health", what))
	}
}

func (a *anglehealth) plantMember(id string, fields row) {
	m := a.members[id]
	if m == nil {
		group := "fake-group-bakery"
		if g := text(fields, "group_id"); g != "" {
			group = g
		}
		m = &insured{id: id, group: group, employee: true, parent: id, fields: emptyInsured(), cover: map[string]*coverage{}}
		if p := text(fields, "parent"); p != "" {
			m.employee, m.parent = false, p
		}
		a.keep(m)
	}
	laid, over := maps.Clone(m.fields), maps.Clone(fields)
	if p := m.planted(); p != nil {
		over = maps.Clone(p)
		maps.Copy(over, fields)
	}
	laid[plantedKey] = over
	m.fields = laid
}

// SetRegisterPaths switches the two paths of register_group: the documented one
// with its prefix doubled, and the one with it once. The other answers 404.
func (s *Server) SetRegisterPaths(doubled, single bool) {
	s.angle.mu.Lock()
	defer s.angle.mu.Unlock()
	s.angle.paths[doubledPath], s.angle.paths[singlePath] = doubled, single
}

// SetAngleScheme sets the word wanted before a session token: "Bearer" as in
// the document's samples, or "Basic" as in its prose.
func (s *Server) SetAngleScheme(word string) {
	s.angle.mu.Lock()
	defer s.angle.mu.Unlock()
	s.angle.scheme = strings.ToLower(word)
}

// SetAngleTokenLife shortens the life of tokens given out from now on.
func (s *Server) SetAngleTokenLife(d time.Duration) {
	s.angle.mu.Lock()
	defer s.angle.mu.Unlock()
	s.angle.auth.life = d
}

// SetAngleLingers makes snapshots show ended coverage until its last day. The
// document allows this reading as well as the other one.
func (s *Server) SetAngleLingers(on bool) {
	s.angle.mu.Lock()
	defer s.angle.mu.Unlock()
	s.angle.lingers = on
}

// AngleMember is what a snapshot of the member says; false when there is none.
func (s *Server) AngleMember(id string) (map[string]any, bool) {
	s.angle.mu.Lock()
	defer s.angle.mu.Unlock()
	v, err := s.angle.memberSnapshot(row{"id": id})
	r, _ := v.(row)
	return r, err == nil
}

// AngleRoster is the ids of a group's members; false when there is none.
func (s *Server) AngleRoster(group string) ([]string, bool) {
	s.angle.mu.Lock()
	defer s.angle.mu.Unlock()
	_, ok := s.angle.groups[group]
	return slices.Clone(s.angle.rosters[group]), ok
}

// AngleEnrolled tells how many requests have enrolled a member, one who was
// there from the start none.
func (s *Server) AngleEnrolled(id string) int {
	s.angle.mu.Lock()
	defer s.angle.mu.Unlock()
	return s.angle.enrolled[id]
}
