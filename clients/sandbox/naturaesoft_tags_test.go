package sandbox

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	tagPath       = "/v1/DemoOffice/tags/prospects/5"
	removeAllTags = "DELETE /v1/{ppass}/tags/prospects/{id}"
	removeOneTag  = "DELETE /v1/{ppass}/tags/prospects/{id}/{tagId}"
)

func (d *desk) tagsOf(id int) []int {
	d.Helper()
	p, ok := d.s.Prospect(id)
	require.True(d, ok)
	tags := []int{}
	shown, _ := p["Tags"].([]row)
	for _, t := range shown {
		n, _ := t["TagID"].(int)
		tags = append(tags, n)
	}
	return tags
}

func (d *desk) wantStatus(want int, method, path, body string) {
	d.Helper()
	status, v := d.do(method, path, body)
	require.Equal(d, want, status, "%s %s: %v", method, path, v)
}

func TestTags(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	d.wantStatus(200, "DELETE", tagPath, "")
	require.Empty(t, d.tagsOf(5))

	for range 2 { // twice is once
		d.wantStatus(200, "POST", tagPath, `{"tagId":3}`)
	}
	d.wantStatus(200, "POST", tagPath, `{"tagId":1}`)
	require.Equal(t, []int{3, 1}, d.tagsOf(5))

	d.wantStatus(200, "DELETE", tagPath+"/3", "")
	d.wantStatus(404, "DELETE", tagPath+"/3", "")
	require.Equal(t, []int{1}, d.tagsOf(5))

	for body, want := range map[string]int{
		`{"tagId":"3"}`: 400, `{"TagID":3}`: 400, `{}`: 400, `{"tagId":3.5}`: 400, `{"tagId":999}`: 404,
	} {
		d.wantStatus(want, "POST", tagPath, body)
	}
	d.wantStatus(404, "POST", "/v1/DemoOffice/tags/prospects/99999", `{"tagId":3}`)
	d.wantStatus(404, "POST", "/v1/DemoOffice/prospects/5/tags", `{"tagId":3}`)
	require.Equal(t, []int{1}, d.tagsOf(5))
}

// The two ways in which removing no tag in particular removes them all.
func TestRemovingAnEmptyTagRemovesThemAll(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	assign := func() {
		d.wantStatus(200, "POST", tagPath, `{"tagId":3}`)
		d.wantStatus(200, "POST", tagPath, `{"tagId":4}`)
	}
	assign()
	d.wantStatus(200, "DELETE", tagPath+"/", "")
	require.Empty(t, d.tagsOf(5))
	require.Equal(t, 1, d.s.Executions(removeAllTags))
	require.Zero(t, d.s.Requests(removeOneTag))

	// tag 5 of the prospect "" becomes everything of prospect 5
	assign()
	noFollow := *d.http
	noFollow.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := noFollow.Do(d.request("DELETE", "/v1/DemoOffice/tags/prospects//5", ""))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusTemporaryRedirect, resp.StatusCode)
	require.Len(t, d.tagsOf(5), 2)
	d.wantStatus(200, "DELETE", "/v1/DemoOffice/tags/prospects//5", "")
	require.Empty(t, d.tagsOf(5))
}
