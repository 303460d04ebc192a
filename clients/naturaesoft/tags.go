package naturaesoft

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// The routes begin with tags, not with prospects (NS-5). None of these writes is
// left to the transport to repeat. Whether assigning a tag twice is harmless is
// not documented. Removing all tags is the same when repeated only until
// somebody assigns a new one in between. Removing one tag is repeated by
// RemoveTag, because only the one who repeats it knows what a 404 then means.
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

// RemoveTag takes one tag from a person. When the outcome of a try is unknown
// it is tried again, at most twice; a tag that is then not found is gone, as
// asked. A tag not found at the first try is KindNotFound.
// DELETE /v1/{PPass}/tags/prospects/{id}/{tagId}.
func (c *Client) RemoveTag(ctx context.Context, prospect, tag ID) error {
	if err := checkTagging(opRemoveTag, prospect, tag); err != nil {
		return err
	}
	call := rest.Call{Path: c.path("id", string(prospect), "tagId", string(tag))}
	for try := 0; ; try++ {
		var e *rest.Error
		err := c.tell(ctx, opRemoveTag, call)
		if !errors.As(err, &e) {
			return err
		}
		if try > 0 && e.Kind == rest.KindNotFound {
			return nil
		}
		if !e.Ambiguous || try == 2 {
			return stillUnknown(e, try > 0)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(250 * time.Millisecond << try):
		}
	}
}

// stillUnknown is the error of a repeated call: whatever became of the last
// try, an earlier one may have landed.
func stillUnknown(e *rest.Error, repeated bool) error {
	if repeated && !e.Ambiguous {
		again := *e
		again.Ambiguous, again.Phase = true, rest.Unknown
		return &again
	}
	return e
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

func decodeTag(o object) (Tag, error) {
	r := reader{o: o}
	t := Tag{ID: r.id("TagID", "ID"), Name: r.text("Tag", "Name", "TagName", "Title", "Label")}
	return t, r.err
}

// rowTags reads the tags on a person's row: records, or bare names. The field
// is not documented, so a shape that is not understood means "not known" and
// does not spoil the row.
func rowTags(o object) ([]Tag, bool) {
	var items []json.RawMessage
	if raw := o.find("Tags"); isNull(raw) || json.Unmarshal(raw, &items) != nil {
		return nil, false
	}
	out := make([]Tag, len(items))
	for i, item := range items {
		row, err := parseObject(item)
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
