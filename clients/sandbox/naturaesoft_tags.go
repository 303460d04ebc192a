package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"

	"frontdesk/assets"
)

func tagRows() *table {
	t := &table{key: "TagID"}
	for _, name := range assets.Tags() {
		t.add(row{"Tag": name})
	}
	return t
}

// listTags is GET /v1/{PPass}/tags.
func (n *naturaesoft) listTags(*call) (reply, error) { return whole(n.tags.rows), nil }

// assignTag is POST /v1/{PPass}/tags/prospects/{id}. A tag assigned twice is
// assigned once.
func (n *naturaesoft) assignTag(c *call) (reply, error) {
	id, who, err := n.tagged(c)
	if err != nil {
		return reply{}, err
	}
	given, err := c.object()
	if err != nil {
		return reply{}, err
	}
	number, _ := given["tagId"].(json.Number) // documented as a number
	tag, err := strconv.Atoi(number.String())
	if err != nil {
		return reply{}, refusal{400, "tagId must be a number."}
	}
	if _, ok := n.tags.at(tag); !ok {
		return reply{}, refusal{404, "Tag not found."}
	}
	if !slices.Contains(who.tags, tag) {
		who.tags = append(slices.Clone(who.tags), tag)
		n.people.keep(id, who)
	}
	return data(map[string]int{"ProspectID": id, "TagID": tag}), nil
}

// removeTag is DELETE /v1/{PPass}/tags/prospects/{id}/{tagId}.
func (n *naturaesoft) removeTag(c *call) (reply, error) {
	id, who, err := n.tagged(c)
	if err != nil {
		return reply{}, err
	}
	tag, err := c.number("tagId")
	if err != nil {
		return reply{}, err
	}
	at := slices.Index(who.tags, tag)
	if at < 0 {
		return reply{}, refusal{404, "The prospect does not have this tag."}
	}
	who.tags = slices.Delete(slices.Clone(who.tags), at, at+1)
	n.people.keep(id, who)
	return data(map[string]int{"ProspectID": id, "TagID": tag}), nil
}

// removeAllTags is DELETE /v1/{PPass}/tags/prospects/{id}, and what is left of
// removeTag when the tag's number is empty.
func (n *naturaesoft) removeAllTags(c *call) (reply, error) {
	id, who, err := n.tagged(c)
	if err != nil {
		return reply{}, err
	}
	removed := len(who.tags)
	who.tags = nil
	n.people.keep(id, who)
	return data(map[string]int{"ProspectID": id, "Removed": removed}), nil
}

func (n *naturaesoft) tagged(c *call) (int, person, error) {
	id, err := c.number("id")
	if err != nil {
		return 0, person{}, err
	}
	who, ok := n.people.at(id)
	if !ok {
		return 0, person{}, refusal{404, "Prospect not found."}
	}
	return id, who, nil
}
