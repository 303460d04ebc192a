package sandbox

import (
	"maps"
	"net/http"
	"slices"

	"github.com/golang-sql/civil"
)

// planMetadata is POST /plan_metadata.
func (a *anglehealth) planMetadata(given map[string]any) (any, error) {
	p := a.plans[text(given, "plan_name")]
	if p == nil {
		return nil, refusal{http.StatusNotFound, "plan not found"}
	}
	return p, nil
}

// memberSnapshot is POST /member_snapshot. The social security number goes out
// whole, as in the document.
func (a *anglehealth) memberSnapshot(given map[string]any) (any, error) {
	m := a.members[text(given, "id")]
	if m == nil {
		return nil, noMember
	}
	r := maps.Clone(m.fields)
	delete(r, plantedKey)
	delete(r, "middle_name")
	delete(r, "suffix")
	r["medical"], r["dental"], r["vision"] = a.shown(m, "medical"), a.shown(m, "dental"), ""
	r["member_type"] = a.coverageOf(m)["member_type"]
	r["id"], r["group_id"], r["parent"], r["relationship"] = m.id, m.group, m.parent, m.relation
	maps.Copy(r, m.planted())
	return r, nil
}

// shown is the plan of a line that a snapshot has.
func (a *anglehealth) shown(m *insured, line string) string {
	c := m.cover[line]
	if c == nil {
		return ""
	}
	if c.over && (!a.lingers || a.srv.local().Date.After(civil.DateOf(c.end))) {
		return ""
	}
	return c.plan
}

// groupSnapshot is POST /group_snapshot.
func (a *anglehealth) groupSnapshot(given map[string]any) (any, error) {
	g := a.groups[text(given, "group_id")]
	if g == nil {
		return nil, refusal{http.StatusNotFound, "group not found"}
	}
	r := maps.Clone(g)
	if r["members"] == nil {
		r["members"] = append([]string{}, slices.Clone(a.rosters[text(given, "group_id")])...)
	}
	return r, nil
}
