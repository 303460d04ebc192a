package naturaesoft

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// The routes are global: the knowledge base is shared by all practices (NS-8).
var (
	opArticles = rest.Op{Name: "list articles", Method: http.MethodGet,
		Path: global("/kb"), Scope: "KB"}
	opArticle = rest.Op{Name: "read article", Method: http.MethodGet,
		Path: global("/kb/{id}"), Scope: "KB"}
	opUpdateArticle = rest.Op{Name: "update article", Method: http.MethodPut,
		Path: global("/kb/{id}"), Effect: rest.Create, Scope: "KB"}
)

// articleFields are the documented fields that can be edited.
var articleFields = []string{"Title", "Article", "Category", "Type", "Tags", "Active"}

// Article is a page of the knowledge base. Rows of a list may come without
// Text. Active means something only when ActiveKnown.
type Article struct {
	ID                          ID // KBID
	Title, Category, Type, Tags safe.Text
	Text                        safe.Long // the field Article
	Active, ActiveKnown         bool

	row rest.Object
}

// ArticleQuery narrows a list of articles; empty fields do not.
type ArticleQuery struct{ Search, Category, Type string }

// Articles lists the articles of the knowledge base.
// GET /v1/kb?search&category&type, scope KB.
func (c *Client) Articles(ctx context.Context, q ArticleQuery) ([]Article, error) {
	v := url.Values{}
	for name, value := range map[string]string{"search": q.Search, "category": q.Category, "type": q.Type} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return ask(ctx, c, opArticles, rest.Call{Query: v}, decodeArticles)
}

// Article reads one article; KindNotFound if there is none, KindDecode if the
// answer is another one or holds none.
// GET /v1/kb/{id}, scope KB.
func (c *Client) Article(ctx context.Context, id ID) (Article, error) {
	if err := checkIDs(opArticle, "article", id); err != nil {
		return Article{}, err
	}
	return ask(ctx, c, opArticle, rest.Call{Path: map[string]string{"id": string(id)}},
		func(raw json.RawMessage) (Article, error) {
			o, _, err := one(raw, "kb", "article")
			if err != nil {
				return Article{}, err
			}
			a, err := decodeArticle(o)
			switch {
			case err == nil && a.ID != "" && a.ID != id:
				err = errors.New("the answer is another article than the one asked for")
			case err == nil && !holds(o, append([]string{"KBID", "ID"}, articleFields...)...):
				err = errors.New("the answer holds no article")
			}
			a.ID = id
			return a, err
		})
}

// UpdateArticle saves edits of Title, Article, Category, Type, Tags and Active
// ("1", "0", "true" or "false") for every practice: ask first. The article is
// read once more and sent whole with the edits, since a PUT may clear what it
// leaves out; a field edited here that has meanwhile changed there is
// KindConflict, and nothing is sent.
// PUT /v1/kb/{id}, scope KB.
func (c *Client) UpdateArticle(ctx context.Context, a Article, e Edits) error {
	if err := checkIDs(opUpdateArticle, "article", a.ID); err != nil {
		return err
	}
	if err := checkArticle(e); err != nil {
		return err
	}
	now, err := c.Article(ctx, a.ID)
	if err != nil {
		return err
	}
	if err := conflict(opUpdateArticle, a.row, now.row, e); err != nil {
		return err
	}
	body := map[string]json.RawMessage{}
	for _, name := range articleFields {
		if raw := now.row.Find(name); raw != nil {
			body[name] = raw
		}
	}
	for name, value := range e {
		if body[name] = quote(value); name == "Active" {
			active, _ := rest.YesNo(quote(value))
			body[name] = truth(now.row.Find(name), active)
		}
	}
	return c.tell(ctx, opUpdateArticle, rest.Call{Path: map[string]string{"id": string(a.ID)}, Body: body})
}

func checkArticle(e Edits) error {
	wrong := unknownFields(e, articleFields, "The EMR has no such field for an article.")
	if v, edited := e["Active"]; edited {
		if _, ok := rest.YesNo(quote(v)); !ok {
			wrong["Active"] = safe.Line("Active must be yes or no.")
		}
	}
	switch {
	case len(wrong) > 0:
		return refuseFields(opUpdateArticle, wrong)
	case len(e) == 0:
		return refuse(opUpdateArticle, "Nothing was changed, so nothing was sent to the Naturaesoft EMR.")
	}
	return nil
}

func decodeArticles(raw json.RawMessage) ([]Article, error) {
	rows, _, err := list(raw, "kb", "articles")
	if err != nil {
		return nil, err
	}
	out := make([]Article, len(rows))
	for i, o := range rows {
		if out[i], err = decodeArticle(o); err == nil && out[i].ID == "" {
			err = errors.New("it has no id")
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d of articles: %w", i+1, err)
		}
	}
	return out, nil
}

func decodeArticle(o rest.Object) (Article, error) {
	r := reader{o: o}
	a := Article{
		ID: r.id("KBID", "ID"), Title: r.text("Title"), Text: r.long("Article"),
		Category: r.text("Category"), Type: r.text("Type"), Tags: r.loose("Tags"),
		row: o,
	}
	a.Active, a.ActiveKnown = r.flag("Active")
	return a, r.err
}
