package naturaesoft

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// The routes begin with tags, not with prospects (NS-5). Like every write of this
// package these are sent once, PUT and DELETE too: whether assigning a tag twice
// is harmless is not documented, and a colleague may have changed the record
// between a lost answer and a repeat.
var (
	opTags = rest.Op{Name: "list tags", Method: http.MethodGet,
		Path: tenant("/tags")}
	opAssignTag = rest.Op{Name: "assign tag", Method: http.MethodPost,
		Path: tenant("/tags/prospects/{id}"), Effect: rest.Create}
	opRemoveTag = rest.Op{Name: "remove tag", Method: http.MethodDelete,
		Path: tenant("/tags/prospects/{id}/{tagId}"), Effect: rest.Create}
	opRemoveAllTags = rest.Op{Name: "remove all tags", Method: http.MethodDelete,
		Path: tenant("/tags/prospects/{id}"), Effect: rest.Create}
)

// Tag is a label of the practice.
type Tag struct {
	ID   ID // "" only on a person's row that named no id
	Name safe.Text
}

// Tags lists the tags there are. No route lists the tags of one person; see
// Prospect.Tags (NS-6).
// GET /v1/{PPass}/tags.
func (c *Client) Tags(ctx context.Context) ([]Tag, error) {
	return ask(ctx, c, opTags, rest.Call{Path: c.path()}, decodeTags)
}

// AssignTag gives a person a tag. It is sent once; when the outcome is unknown
// the error is Ambiguous and the person's row may tell.
// POST /v1/{PPass}/tags/prospects/{id} {"tagId": 123}.
func (c *Client) AssignTag(ctx context.Context, prospect, tag ID) error {
	if err := checkTagging(opAssignTag, prospect, tag); err != nil {
		return err
	}
	return c.tell(ctx, opAssignTag, rest.Call{
		Path: c.path("id", string(prospect)),
		Body: map[string]json.RawMessage{"tagId": tag.wire()},
	})
}

// RemoveTag takes one tag from a person. It is sent once; when the outcome is
// unknown the error is Ambiguous and the person's row may tell. A tag that is
// not there is KindNotFound.
// DELETE /v1/{PPass}/tags/prospects/{id}/{tagId}.
func (c *Client) RemoveTag(ctx context.Context, prospect, tag ID) error {
	if err := checkTagging(opRemoveTag, prospect, tag); err != nil {
		return err
	}
	return c.tell(ctx, opRemoveTag, rest.Call{Path: c.path("id", string(prospect), "tagId", string(tag))})
}

// RemoveAllTags takes every tag from a person. It cannot be undone: ask first.
// DELETE /v1/{PPass}/tags/prospects/{id}.
func (c *Client) RemoveAllTags(ctx context.Context, prospect ID) error {
	if err := checkIDs(opRemoveAllTags, "person", prospect); err != nil {
		return err
	}
	return c.tell(ctx, opRemoveAllTags, rest.Call{Path: c.path("id", string(prospect))})
}

// checkTagging refuses an id that would make a path mean all tags (NS-4).
func checkTagging(op rest.Op, prospect, tag ID) error {
	if err := checkIDs(op, "person", prospect); err != nil {
		return err
	}
	return checkIDs(op, "tag", tag)
}

func decodeTags(raw json.RawMessage) ([]Tag, error) {
	rows, _, err := list(raw, "tags")
	if err != nil {
		return nil, err
	}
	out := make([]Tag, len(rows))
	for i, o := range rows {
		if out[i], err = decodeTag(o); err == nil && out[i].ID == "" {
			err = errors.New("it has no id")
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d of tags: %w", i+1, err)
		}
	}
	return out, nil
}

func decodeTag(o rest.Object) (Tag, error) {
	r := reader{o: o}
	t := Tag{ID: r.id("TagID", "ID"), Name: r.text("Tag", "Name", "TagName", "Title", "Label")}
	return t, r.err
}

// rowTags reads the tags on a person's row: records, or bare names. The field
// is not documented, so a shape that is not understood means "not known" and
// does not spoil the row.
func rowTags(o rest.Object) ([]Tag, bool) {
	var items []json.RawMessage
	if raw := o.Find("Tags"); isNull(raw) || json.Unmarshal(raw, &items) != nil {
		return nil, false
	}
	out := make([]Tag, len(items))
	for i, item := range items {
		row, err := rest.ParseObject(item)
		if err == nil {
			out[i], err = decodeTag(row)
		} else if first(item) == '"' {
			err = json.Unmarshal(item, &out[i].Name)
		} else {
			err = json.Unmarshal(item, &out[i].ID)
		}
		if err != nil || out[i] == (Tag{}) {
			return nil, false
		}
	}
	return out, true
}
