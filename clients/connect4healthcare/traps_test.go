package connect4healthcare

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/vendortest"
)

// C4-1: a GET that creates is sent once, on a connection of its own, and
// nothing of it is told.
func TestC4_1_CreatingIsSentOnce(t *testing.T) {
	var log bytes.Buffer
	for name, change := range map[string]func(*Config){"GET": func(*Config) {}, "POST": byPost} {
		s := newCare(t)
		s.On(allTickets, http.StatusOK, document(t, "tickets.json"))
		s.Do(create, hangUp)
		s.Do(createPost, hangUp)
		c := s.client(t, change, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		for n := 1; n <= 3; n++ {
			_, err := c.Tickets(t.Context()) // leaves a connection to be used again
			require.NoError(t, err)
			_, err = c.CreateTicket(t.Context(), fall())
			e := requireKind(t, err, rest.KindTransport, "Ada", "fell", "title", "34333")
			require.True(t, e.Ambiguous)
			require.Contains(t, e.UserMessage(), "may have been carried out. Check before sending again.")
			require.Len(t, s.To(map[string]string{"GET": create, "POST": createPost}[name]), n)
		}
	}
	for _, secret := range []string{"Ada", "34333", fakeKey, fakeSecret, fakeToken, "http://", "title="} {
		require.NotContains(t, log.String(), secret)
	}
	require.Contains(t, log.String(), "{token}/create_ticket")
}

func TestC4_1_TheQueryIsTheDocuments(t *testing.T) {
	c, s := start(t, create, created)
	n := fall()
	n.Comments, n.State = "Hi welcome!", Yes
	n.Categories = []NewCategory{{12, Issue, "There are few comments."}, {13, NoIssue, ""}, {16, PotentialIssue, ""}}
	id, err := c.CreateTicket(t.Context(), n)
	require.NoError(t, err)
	require.EqualValues(t, 46, id)
	r := s.Only(t, create)
	require.Equal(t, url.Values{
		"title": {"Ada Example fell"}, "resident_id": {"34333"}, "urgency_status": {"Exception"}, "ticket_status": {"New"},
		"general_comments": {"Hi welcome!"}, "state": {"true"},
		"category_12": {"Issue"}, "category_comments_12": {"There are few comments."},
		"category_13": {"No Issue"}, "category_16": {"Potential Issue"},
	}, r.Query)
	require.Equal(t, "no-store", r.Header.Get("Cache-Control"))
	require.Equal(t, "close", r.Header.Get("Connection"))
	require.Empty(t, r.Body)
}

func TestC4_1_PostKeepsTheAddressClean(t *testing.T) {
	c, s := start(t, createPost, created, byPost)
	_, err := c.CreateTicket(t.Context(), fall())
	require.NoError(t, err)
	r := s.Only(t, createPost)
	require.Empty(t, r.Query)
	require.Equal(t, "application/x-www-form-urlencoded", r.Header.Get("Content-Type"))
	form, err := url.ParseQuery(r.Body)
	require.NoError(t, err)
	require.Equal(t, fall().values(), form)
}

func TestC4_1_AttachmentsNeedPost(t *testing.T) {
	n := fall()
	n.Attachments = []File{{Name: "note.txt", Type: "text/plain", Data: []byte("fake")}, {Name: "x.bin", Data: []byte{0}}}
	c, s := start(t, create, created)
	_, err := c.CreateTicket(t.Context(), n)
	require.Contains(t, requireKind(t, err, rest.KindValidation).UserMessage(), "switch creating tickets to POST")
	require.Empty(t, s.All())

	c, s = start(t, createPost, created, byPost)
	require.True(t, c.CreatesByPost())
	_, err = c.CreateTicket(t.Context(), n)
	require.NoError(t, err)
	r := s.Only(t, createPost)
	require.Empty(t, r.Query)
	kind, p, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/form-data", kind)
	form, err := multipart.NewReader(strings.NewReader(r.Body), p["boundary"]).ReadForm(1 << 20)
	require.NoError(t, err)
	require.Equal(t, map[string][]string(fall().values()), form.Value)
	require.Equal(t, "note.txt", form.File["attachment_1"][0].Filename)
	require.Equal(t, "text/plain", form.File["attachment_1"][0].Header.Get("Content-Type"))
	f, err := form.File["attachment_2"][0].Open()
	require.NoError(t, err)
	b, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Equal(t, []byte{0}, b)

	n.Attachments[1].Name = ""
	_, err = c.CreateTicket(t.Context(), n)
	require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, "attachment_2")
}

func TestC4_1_ALongAddressIsWarnedOf(t *testing.T) {
	s := newCare(t)
	long, short := fall(), fall()
	long.Comments = long4k()
	require.Contains(t, s.client(t).Warning(long), "5 KB")
	require.Empty(t, s.client(t).Warning(short))
	require.Empty(t, s.client(t, byPost).Warning(long))
}

func TestC4_1_OneCreateAtATime(t *testing.T) {
	s := newCare(t)
	arrived, answer := make(chan struct{}), make(chan struct{})
	s.Do(create, func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-answer
		_, _ = io.WriteString(w, created)
	})
	c := s.client(t)
	var all sync.WaitGroup
	var first error
	all.Go(func() { _, first = c.CreateTicket(t.Context(), fall()) })
	<-arrived
	_, err := c.CreateTicket(t.Context(), fall())
	require.Equal(t, rest.NotSent, requireKind(t, err, rest.KindConflict).Phase)
	close(answer)
	all.Wait()
	require.NoError(t, first)
	s.On(create, http.StatusOK, created)
	_, err = c.CreateTicket(t.Context(), fall())
	require.NoError(t, err, "the next one may go")
	require.Len(t, s.To(create), 2)
}

// C4-2: never both spellings; the other one after a definite refusal only.
func TestC4_2_HeaderSpellings(t *testing.T) {
	hyphensOnly := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Api-Key") != fakeKey || r.Header.Get("Api-Secret") != fakeSecret {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, badKey)
			return
		}
		_, _ = io.WriteString(w, signedIn)
	}
	spelt := func(r vendortest.Sent) string {
		return fmt.Sprint(len(r.Header["Api_key"]), len(r.Header["Api-Key"]), len(r.Header["Api_secret"]), len(r.Header["Api-Secret"]))
	}
	const under, hyphen = "1 0 1 0", "0 1 0 1"

	s := newCare(t)
	s.Do(authorize, hyphensOnly)
	s.On(allTickets, http.StatusOK, document(t, "tickets.json"))
	c := s.client(t)
	_, err := c.Tickets(t.Context())
	require.NoError(t, err)
	require.Equal(t, under, spelt(s.To(authorize)[0]))
	require.Equal(t, hyphen, spelt(s.To(authorize)[1]))
	require.Equal(t, hyphen, spelt(s.Only(t, allTickets)))
	c.Reset()
	_, err = c.Tickets(t.Context())
	require.NoError(t, err)
	require.Len(t, s.To(authorize), 3, "what worked is tried first")
	require.Equal(t, hyphen, spelt(s.To(authorize)[2]))

	for spelling, want := range map[Spelling]string{Underscores: under, Hyphens: hyphen} {
		s := newCare(t)
		s.On(authorize, http.StatusOK, badKey) // a definite no, whatever the status
		_, err := s.client(t, func(c *Config) { c.Headers = spelling }).Tickets(t.Context())
		requireKind(t, err, rest.KindAuth)
		require.Equal(t, want, spelt(s.Only(t, authorize)))
	}

	s = newCare(t)
	s.On(authorize, http.StatusBadGateway, "")
	_, err = s.client(t).Tickets(t.Context())
	requireKind(t, err, rest.KindServer)
	for _, r := range s.To(authorize) {
		require.Equal(t, under, spelt(r), "an outage says nothing of the spelling")
	}
}

// C4-3: the token is in the address and nowhere else.
func TestC4_3_TheTokenIsNeverTold(t *testing.T) {
	var log bytes.Buffer
	s := newCare(t)
	c := s.client(t, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	for _, h := range []http.HandlerFunc{hangUp, http.NotFound, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:1"+r.URL.Path, http.StatusTemporaryRedirect)
	}} {
		for _, route := range []string{oneTicket, create, update, comments} {
			s.Do(route, h)
		}
		_, e1 := c.TicketDetail(t.Context(), 1)
		_, e2 := c.CreateTicket(t.Context(), fall())
		for _, err := range []error{e1, e2, c.UpdateStatus(t.Context(), 1, "New"), c.Comment(t.Context(), 1, "x")} {
			require.Error(t, err)
			for told := err; told != nil; {
				require.NotContains(t, fmt.Sprintf("%v %+v", told, rest.UserMessage(told)), fakeToken)
				inner, ok := told.(interface{ Unwrap() error })
				if !ok {
					break
				}
				told = inner.Unwrap()
			}
		}
	}
	require.NotContains(t, log.String(), fakeToken)
	require.NotEmpty(t, log.String())
}

// C4-4: the misspelt name, and the right one where it is absent.
func TestC4_4_SentToPrimary(t *testing.T) {
	for body, want := range map[string]string{
		`{"id":1,"sentsent_to_primary":"yes"}`:                             "yes",
		`{"id":1,"sent_to_primary":true}`:                                  "true",
		`{"id":1,"sentsent_to_primary":null,"sent_to_primary":"x"}`:        "x",
		`{"id":1,"sentsent_to_primary":{"a":1},"sent_to_family":["b"]}`:    `{"a":1}`,
		`{"id":1,"sentsent_to_primary":[],"sent_to_healthcare_pro":false}`: "",
	} {
		c, _ := start(t, allTickets, `{"status":true,"ticket":[`+body+`]}`)
		all, err := c.Tickets(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, all[0].SentToPrimary.String())
	}
}

// C4-5: what is read is a number, what is sent a word; neither becomes the
// other.
func TestC4_5_Urgencies(t *testing.T) {
	c, _ := start(t, allTickets, `{"status":true,"ticket":[{"id":1,"urgency_status_id":3},{"id":2,"urgency_status_id":"7"},{"id":3}]}`)
	all, err := c.Tickets(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"#3", "#7", ""}, []string{all[0].Urgency.String(), all[1].Urgency.String(), all[2].Urgency.String()})
	for _, word := range append(Urgencies(), "Somebody's Own") {
		c, s := start(t, create, created)
		n := fall()
		n.Urgency = word
		_, err := c.CreateTicket(t.Context(), n)
		require.NoError(t, err)
		require.Equal(t, word, s.Only(t, create).Query.Get("urgency_status"))
	}
	require.Equal(t, []string{"No Issue", "Exception"}, Urgencies())
}

// C4-6: the same status in three spellings.
func TestC4_6_Marks(t *testing.T) {
	for text, want := range map[string]Mark{
		" No Issue": NoIssue, "no issue": NoIssue, "NO  ISSUE": NoIssue, "issue": Issue, "Issue ": Issue,
		"Potential Issue": PotentialIssue, "potential\tissue": PotentialIssue, "": 0, "resolved": 0, "No Issue / Exception": 0,
	} {
		require.Equal(t, want, ParseMark(text), text)
		if want != 0 {
			require.Equal(t, want, ParseMark(want.String()))
		}
	}
}

// C4-7 and C4-8: comments go to create_comment, in the body; a status goes into
// the query.
func TestC4_7_CommentsNeverSetAStatus(t *testing.T) {
	c, s := start(t, comments, commented)
	require.NoError(t, c.Comment(t.Context(), 12, "Hi! Welcome & so on"))
	require.NoError(t, c.CommentCategory(t.Context(), 12, 2, "In this one"))
	require.Empty(t, s.To(update))
	got := s.To(comments)
	require.Len(t, got, 2)
	for i, want := range []url.Values{
		{"ticket_id": {"12"}, "comment": {"Hi! Welcome & so on"}},
		{"ticket_id": {"12"}, "comment": {"In this one"}, "category_id": {"2"}},
	} {
		form, err := url.ParseQuery(got[i].Body)
		require.NoError(t, err)
		require.Equal(t, want, form)
	}
}

func TestC4_8_WhereParametersStand(t *testing.T) {
	c, s := start(t, update, updated)
	s.On(comments, http.StatusOK, commented)
	require.NoError(t, c.UpdateStatus(t.Context(), 202, "Reopen"))
	r := s.Only(t, update)
	require.Equal(t, url.Values{"id": {"202"}, "status": {"Reopen"}}, r.Query)
	require.Empty(t, r.Body)
	require.NoError(t, c.Comment(t.Context(), 202, "Ada Example fell"))
	r = s.Only(t, comments)
	require.Empty(t, r.Query, "what was typed stands in no address")
	require.Equal(t, "application/x-www-form-urlencoded", r.Header.Get("Content-Type"))
}

// C4-9: the host is the configured one, over https.
func TestC4_9_OneBase(t *testing.T) {
	s := newCare(t)
	for base, ok := range map[string]bool{
		"http://connecticket.example/api": false, "http://localhost:1/api": false, "ftp://127.0.0.1/api": false,
		"https://connecticket.example/api": true, s.URL + "/api/": true,
	} {
		c, err := New(Config{Base: base, Credentials: s.client(t).credentials})
		require.Equal(t, ok, err == nil, base)
		if err == nil {
			c.Close()
		} else {
			requireKind(t, err, rest.KindConfig, base)
		}
	}
}

// C4-10: a list under a singular name, or a single one; a status in words.
func TestC4_10_ShapesOfLists(t *testing.T) {
	for _, body := range []string{
		`{"status":true,"ticket":[{"id":5}]}`, `{"status":"Success","tickets":[{"id":"5"}]}`, `{"status":"true","ticket":{"id":5}}`,
		`{"status":1,"ticket":[{"id":5}]}`, `{"ticket":[{"id":5}]}`, "\xEF\xBB\xBF" + `{"status":true,"ticket":[{"id":5}]}`,
	} {
		c, _ := start(t, allTickets, body)
		all, err := c.Tickets(t.Context())
		require.NoError(t, err, body)
		require.Len(t, all, 1, body)
		require.EqualValues(t, 5, all[0].ID)
	}
	for _, status := range []string{`false`, `"false"`, `"Failure"`, `0`, `"error"`} {
		c, _ := start(t, allTickets, `{"status":`+status+`,"ticket":[{"id":5}]}`)
		_, err := c.Tickets(t.Context())
		requireKind(t, err, rest.KindValidation)
	}
}

// C4-11: the document asks for 201 and shows 202.
func TestC4_11_AnotherTicketThanAsked(t *testing.T) {
	c, _ := start(t, oneTicket, document(t, "ticket_detail.json"))
	d, err := c.TicketDetail(t.Context(), 201)
	require.NoError(t, err)
	require.True(t, d.Foreign())
	require.EqualValues(t, 201, d.Asked)
	require.EqualValues(t, 202, d.ID)
	require.Equal(t, CannotTell, FindComment(d, 6, "comment 1", moment), "and nothing is concluded from it")
}

// C4-12: ids that repeat, categories in any shape, comments under made-up names.
func TestC4_12_Categories(t *testing.T) {
	c, _ := start(t, categories, document(t, "provider_categories.json"))
	all, err := c.Categories(t.Context(), 0)
	require.NoError(t, err)
	require.Len(t, all, 4, "rows are kept although their ids repeat")

	for _, empty := range []string{`{}`, `[]`, `null`, ` { } `} {
		c, _ := start(t, oneTicket, `{"status":true,"ticket_with_details":{"ticket":{"id":1},"categories":`+empty+`}}`)
		d, err := c.TicketDetail(t.Context(), 1)
		require.NoError(t, err)
		require.Empty(t, d.Categories)
	}
	c, _ = start(t, oneTicket, `{"status":true,"ticket_with_details":{"ticket":{"id":1},"categories":{
		"9":{"title":"Sleep","status":" No Issue",
			"comment12":{"title":"third","commented_on":"2016/02/12 03:00:34 -0800"},
			"comment9":{"title":"second","commented_on":"2016/02/12 03:00:34 -0800"},
			"comment40":{"title":"first","commented_on":"2016/02/12 03:00:33 -0800"},
			"commented":{"title":"no comment"},"comments":7,"comment7":"no object"},
		"x":{"title":"Odd"}}}}`)
	d, err := c.TicketDetail(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, []string{"Sleep", "Odd"}, []string{d.Categories[0].Title.String(), d.Categories[1].Title.String()})
	require.Zero(t, d.Categories[1].ID)
	var said []string
	for _, k := range d.Categories[0].Comments {
		said = append(said, k.ID.String()+" "+k.Text.String())
	}
	require.Equal(t, []string{"40 first", "9 second", "12 third"}, said)
}

// C4-13: general comments are not in the document's answer.
func TestC4_13_GeneralComments(t *testing.T) {
	for more, want := range map[string][]string{
		``: nil,
		`,"comments":{"comment2":{"title":"b"},"comment1":{"title":"a"}}`: {"a", "b"},
		`,"general_comments":[{"id":1,"comment":"a"},"b"]`:                {"a", "b"},
		`,"comments":[],"general_comments":["a"]`:                         {"a"},
		`,"comments":["a"],"general_comments":"b"`:                        {"a", "b"},
		`,"comments":[]`:         {},
		`,"comments":null`:       nil,
		`,"comments":[[1]]`:      nil,
		`,"comments":3`:          nil,
		`,"general_comments":""`: nil,
		`,"comments":[{"title":"late","commented_on":"2016/02/13 00:00:00 -0800"},{"title":"early","commented_on":"2016/02/12 00:00:00 -0800"}]`: {"early", "late"},
	} {
		c, _ := start(t, oneTicket, `{"status":true,"ticket_with_details":{"ticket":{"id":1}`+more+`}}`)
		d, err := c.TicketDetail(t.Context(), 1)
		require.NoError(t, err, more)
		require.Equal(t, want != nil, d.CommentsKnown, more)
		require.Len(t, d.Comments, len(want), more)
		for i, k := range d.Comments {
			require.Equal(t, want[i], k.Text.String())
		}
	}
	c, _ := start(t, oneTicket, `{"status":true,"ticket_with_details":{"ticket":{"id":1,"general_comments":"inside"},"ticket_attachments":["a.pdf",{"attachment_file_name":"b.pdf"},{"x":1}]}}`)
	d, err := c.TicketDetail(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, "inside", d.Comments[0].Text.String())
	require.False(t, d.CommentsKnown, "it may be all that the ticket was created with")
	require.Equal(t, CannotTell, FindComment(d, 0, "said later", moment))
	require.Equal(t, "a.pdf b.pdf ", d.Attachments[0].String()+" "+d.Attachments[1].String()+" "+d.Attachments[2].String())
}

// C4-14: what the body says, with any status; what the status says, without a
// body.
func TestC4_14_Refusals(t *testing.T) {
	for _, give := range []struct {
		status int
		body   string
		kind   rest.Kind
		phase  rest.Phase
		says   string
	}{
		{200, `{"status":false,"message":"title/regarding required",}`, rest.KindValidation, rest.Refused, "title/regarding required"},
		{400, `{"status":false,"message":"title/regarding required"}`, rest.KindValidation, rest.Refused, "title/regarding required"},
		{200, `{"status":false,"message":"Message cannot be created because"}`, rest.KindValidation, rest.Refused, "cannot be created"},
		{200, `{"status":false,"message":"Invalid ticket id!!"}`, rest.KindValidation, rest.Refused, "Invalid ticket id!!"},
		{200, `{"status":false}`, rest.KindValidation, rest.Refused, ""},
		{404, ``, rest.KindNotFound, rest.Refused, ""},
		{403, `not json`, rest.KindForbidden, rest.Refused, ""},
		{405, `{"status":false,"message":"invalid method"}`, rest.KindConfig, rest.Refused, "invalid method"},
		{406, ``, rest.KindConfig, rest.Refused, ""},
		{429, `{"status":false}`, rest.KindRateLimited, rest.Refused, ""},
		{422, `{"message":"no"}`, rest.KindValidation, rest.Refused, "no"},
		{500, `{"status":false,"message":"Message cannot be created"}`, rest.KindServer, rest.Unknown, "cannot be created"},
		// A failing server may have done it first, whatever it says.
		{500, `{"status":false,"message":"Invalid Credentials"}`, rest.KindServer, rest.Unknown, ""},
		{503, `{"status":true}`, rest.KindServer, rest.Unknown, ""},
		// Body and status contradict each other: it may well have been done.
		{400, `{"status":true,"ticket_id":46}`, rest.KindDecode, rest.Unknown, ""},
		{401, `{"status":true,"ticket_id":46}`, rest.KindDecode, rest.Unknown, ""},
		{404, `{"status":"Success"}`, rest.KindDecode, rest.Unknown, ""},
		{200, `{"message":"Ticket Created Successfully!!"}`, rest.KindDecode, rest.Unknown, ""},
		{200, `{}`, rest.KindDecode, rest.Unknown, ""},
		{200, `{"status":"queued"}`, rest.KindDecode, rest.Unknown, ""},
		{200, ``, rest.KindDecode, rest.Unknown, ""},
		{200, `<html>login</html>`, rest.KindDecode, rest.Unknown, ""},
	} {
		name := fmt.Sprint(give.status, " ", give.body)
		s := newCare(t)
		for _, route := range []string{create, update, comments} {
			s.On(route, give.status, give.body)
		}
		c := s.client(t)
		_, err := c.CreateTicket(t.Context(), fall())
		e := requireKind(t, err, give.kind)
		require.Equal(t, give.phase.String(), e.Phase.String(), name)
		require.Equal(t, give.phase == rest.Unknown, e.Ambiguous, name)
		require.Contains(t, e.Message.String(), give.says, name)
		require.NotContains(t, e.Error(), "created", name)
		if strings.Contains(give.body, "title/") {
			require.Contains(t, e.Fields["title"].String(), "required")
		}
		if !strings.Contains(give.body, "ticket id") { // which means another thing there
			e = requireKind(t, c.UpdateStatus(t.Context(), 1, "New"), give.kind)
			require.Equal(t, give.phase.String(), e.Phase.String(), name)
			e = requireKind(t, c.Comment(t.Context(), 1, "x"), give.kind)
			require.Equal(t, give.phase.String(), e.Phase.String(), name)
		}
		require.Len(t, s.To(create), 1, name)
	}
	s := newCare(t)
	s.On(update, 200, "{\"status\": false,\n \"message\": \"Invalid Ticket ID/ Status is odd\",\n}")
	requireKind(t, s.client(t).UpdateStatus(t.Context(), 1, "x"), rest.KindValidation)
	s.On(update, 200, `{"status":false,"message":"invalid ticket ID"}`)
	requireKind(t, s.client(t).UpdateStatus(t.Context(), 1, "x"), rest.KindNotFound)
}

// C4-15: a session that ended is renewed once, and the call sent once more: the
// refusal came before anything else.
func TestC4_15_ARefusedTokenIsRenewedOnce(t *testing.T) {
	for _, status := range []int{200, 401} {
		for _, words := range []string{badCredentials, strings.ToLower(badCredentials), `{"status":false,"message":" invalid credentials!!"}`} {
			s := newCare(t)
			n := 0
			s.Do(create, func(w http.ResponseWriter, _ *http.Request) {
				if n++; n == 1 {
					w.WriteHeader(status)
					_, _ = io.WriteString(w, words)
					return
				}
				_, _ = io.WriteString(w, created)
			})
			_, err := s.client(t).CreateTicket(t.Context(), fall())
			require.NoError(t, err)
			require.Len(t, s.To(authorize), 2)
			require.Len(t, s.To(create), 2)
		}
		s := newCare(t)
		s.On(create, status, badCredentials)
		_, err := s.client(t).CreateTicket(t.Context(), fall())
		require.Equal(t, rest.Refused, requireKind(t, err, rest.KindAuth).Phase)
		require.Len(t, s.To(create), 2, "once more, and no further")
	}
}

// C4-16: any word for a status, shown and sent as it is.
func TestC4_16_Statuses(t *testing.T) {
	c, s := start(t, update, updated)
	s.On(allTickets, http.StatusOK, `{"status":true,"ticket":[{"id":1,"ticket_status":"Awaiting Family"}]}`)
	all, err := c.Tickets(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Awaiting Family", all[0].Status.String())
	require.NoError(t, c.UpdateStatus(t.Context(), 1, "Awaiting Family"))
	require.Equal(t, "Awaiting Family", s.Only(t, update).Query.Get("status"))
	require.Equal(t, []string{"New", "In Progress", "Reopen"}, Statuses())
}

// C4-17: the document's error bodies are not JSON.
func TestC4_17_TrailingCommas(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":1,}`: `{"a":1}`, "{\"a\":[1,\n],\n\t}": "{\"a\":[1\n]\n\t}", `{"a":",}","b":"\",]",}`: `{"a":",}","b":"\",]"}`,
		`{"a":"\\",}`: `{"a":"\\"}`, `,`: `,`, ``: ``, `{"a":1,"b":2}`: `{"a":1,"b":2}`,
	} {
		require.Equal(t, want, string(relaxed([]byte(in))))
	}
	c, _ := start(t, oneTicket, "{\"status\": false,\n\"message\": \"Invalid Ticket ID\",\n}")
	_, err := c.TicketDetail(t.Context(), 9)
	require.Equal(t, "Invalid Ticket ID", requireKind(t, err, rest.KindNotFound).Message.String())
}

// C4-18: nobody is notified unless somebody said so.
func TestC4_18_NotificationsAreOff(t *testing.T) {
	c, s := start(t, create, created)
	_, err := c.CreateTicket(t.Context(), fall())
	require.NoError(t, err)
	q := s.Only(t, create).Query
	require.False(t, q.Has("sms") || q.Has("email") || q.Has("state"))
	c, s = start(t, create, created)
	n := fall()
	n.SMS, n.Email, n.State = true, true, No
	_, err = c.CreateTicket(t.Context(), n)
	require.NoError(t, err)
	q = s.Only(t, create).Query
	require.Equal(t, "true true false", q.Get("sms")+" "+q.Get("email")+" "+q.Get("state"))
}

// C4-19: later versions want the resident.
func TestC4_19_CategoriesOfAResident(t *testing.T) {
	c, s := start(t, categories, `{"status":true,"categories":[]}`)
	all, err := c.Categories(t.Context(), 34333)
	require.NoError(t, err)
	require.Empty(t, all)
	require.Equal(t, url.Values{"resident_id": {"34333"}}, s.Only(t, categories).Query)
}
