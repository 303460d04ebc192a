package connect4healthcare_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	care "frontdesk/clients/connect4healthcare"
	"frontdesk/clients/rest"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/safe"
	"frontdesk/clients/sandbox"
)

// The connection is cut after the ticket was created: there is one ticket, the
// caller is told that it may be there, and a reading finds it.
func TestACreateThatLostItsAnswerIsFound(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.FaultKind{sandbox.FaultFinAfter, sandbox.FaultResetAfter, sandbox.FaultCutBody, sandbox.FaultGarbage} {
		for route, change := range map[string]func(*care.Config){createByGet: func(*care.Config) {}, createPost: byPost} {
			d := newDesk(t, change)
			n := d.complete("Lost on the way")
			d.SetFault(route, sandbox.Fault{Kind: kind})
			start := time.Now()
			_, err := d.c.CreateTicket(t.Context(), n)
			var e *rest.Error
			require.ErrorAs(t, err, &e)
			require.True(t, e.Ambiguous)
			require.Equal(t, 1, d.Requests(route))
			require.Equal(t, 1, d.Executions(route))
			require.Equal(t, tickets+1, d.Connect4Healthcare().Tickets())

			d.ClearFaults()
			all, err := d.c.Tickets(t.Context())
			require.NoError(t, err)
			found, evidence := care.FindTicket(all, n, d.c.Since(start))
			require.Equal(t, care.Present, evidence)
			require.Equal(t, "Lost on the way", found[0].Title.String())
			other := n
			other.Title = "Never sent"
			_, evidence = care.FindTicket(all, other, d.c.Since(start))
			require.Equal(t, care.Absent, evidence)
		}
	}
}

func TestWhatIsSettledByReading(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	start := time.Now()
	read := func() care.Detail {
		detail, err := d.c.TicketDetail(t.Context(), d.ticket)
		require.NoError(t, err)
		return detail
	}
	for _, cut := range []bool{true, false} {
		kind, want, text := sandbox.FaultFinBefore, care.Absent, "Never arrived"
		if cut {
			kind, want, text = sandbox.FaultFinAfter, care.Present, "Arrived"
		}
		d.SetFault(addComment, sandbox.Fault{Kind: kind, Times: 2})
		require.Error(t, d.c.CommentCategory(t.Context(), d.ticket, 6, text))
		require.Error(t, d.c.Comment(t.Context(), d.ticket, text))
		since := d.c.Since(start)
		require.Equal(t, want, care.FindComment(read(), 6, text, since))
		require.Equal(t, care.CannotTell, care.FindComment(read(), 0, text, since), "the vendor shows none")
		d.Connect4Healthcare().ShowComments(true)
		require.Equal(t, want, care.FindComment(read(), 0, text, since))
		d.Connect4Healthcare().ShowComments(false)

		d.SetFault(setStatus, sandbox.Fault{Kind: kind, Times: 1})
		require.Error(t, d.c.UpdateStatus(t.Context(), d.ticket, text))
		require.Equal(t, want, care.StatusSet(read().Ticket, text))
	}
}

// TestWritesAreExecutedAtMostOnce makes many writes with words of their own
// while connection, vendor and session fail by lot, and reads in between, so
// that there is a connection net/http would repeat a GET on. What the vendor
// holds afterwards tells how often each was done. FRONTDESK_SOAK=1 makes 1,000
// of each.
func TestWritesAreExecutedAtMostOnce(t *testing.T) {
	t.Parallel()
	const shards = 4
	calls := 60
	if faulttest.Soak {
		calls = 1000
	}
	deeds := map[string]struct {
		route string
		do    func(*desk, context.Context, care.NewTicket, string) error
		left  func(*desk) []string
	}{
		"create by GET":  {createByGet, createNamed, titles},
		"create by POST": {createPost, createNamed, titles},
		"comment": {addComment, func(d *desk, ctx context.Context, _ care.NewTicket, words string) error {
			return d.c.Comment(ctx, d.ticket, words)
		}, func(d *desk) []string { return d.Connect4Healthcare().Comments(int(d.ticket), 0) }},
		"category comment": {addComment, func(d *desk, ctx context.Context, _ care.NewTicket, words string) error {
			return d.c.CommentCategory(ctx, d.ticket, 6, words)
		}, func(d *desk) []string { return d.Connect4Healthcare().Comments(int(d.ticket), 6) }},
		"status": {setStatus, func(d *desk, ctx context.Context, _ care.NewTicket, words string) error {
			return d.c.UpdateStatus(ctx, d.ticket, words)
		}, nil},
	}
	var jobs []func()
	for name, deed := range deeds {
		for shard := range uint64(shards) {
			jobs = append(jobs, func() {
				t.Run(fmt.Sprint(name, " ", shard), func(t *testing.T) {
					d := newDesk(t, func(c *care.Config) { c.CreateByPost = deed.route == createPost })
					d.Connect4Healthcare().Always200(shard%2 == 0)
					n, lot := d.complete(""), rand.New(rand.NewPCG(shard, 1))
					done := 0
					for call := range calls / shards {
						words := fmt.Sprintf("soak %d", call)
						done += d.once(deed.route, lot, func(ctx context.Context) error { return deed.do(d, ctx, n, words) })
					}
					require.NotZero(t, done)
					if deed.left == nil {
						return
					}
					left := slices.DeleteFunc(deed.left(d), func(s string) bool { return !strings.HasPrefix(s, "soak") })
					require.Len(t, left, done)
					slices.Sort(left)
					require.Len(t, slices.Compact(left), done, "something was left behind twice")
				})
			})
		}
	}
	faulttest.AtOnce(10, jobs)
}

func createNamed(d *desk, ctx context.Context, n care.NewTicket, words string) error {
	n.Title = words
	_, err := d.c.CreateTicket(ctx, n)
	return err
}

func titles(d *desk) (all []string) {
	list, err := d.c.Tickets(d.Context())
	require.NoError(d, err)
	for _, t := range list {
		all = append(all, t.Title.Raw())
	}
	return all
}

// once is one write under a trouble drawn by lot; it tells how often the vendor
// carried it out, which must fit what the caller is told.
func (d *desk) once(route string, lot *rand.Rand, do func(context.Context) error) int {
	tr := troubles[lot.IntN(len(troubles))]
	for tr.Large || tr.Gives != faulttest.Endless {
		tr = troubles[lot.IntN(len(troubles))]
	}
	_, err := d.c.Categories(d.Context(), 0) // leaves a connection behind
	require.NoError(d, err)
	allowed := 2 // after a refusal of the session
	if lot.IntN(5) == 0 {
		d.ExpireTokens()
	}
	d.ResetCounts()
	d.SetFault(route, tr.Fault)
	err = do(d.Context())
	executed := d.Executions(route)
	require.LessOrEqual(d, d.Requests(route), allowed, tr.Name)
	require.LessOrEqual(d, executed, 1, tr.Name)
	var e *rest.Error
	switch {
	case err == nil:
		require.Equal(d, 1, executed, "a success that was not executed: %s", tr.Name)
	case errors.As(err, &e) && executed == 1:
		require.True(d, e.Ambiguous, "executed, and told otherwise: %s", tr.Name)
	}
	d.ClearFaults()
	d.c.Reset()
	return executed
}

// A session that ended is renewed once by all callers together, however the
// vendor says so.
func TestFiftyCallersSignInOnce(t *testing.T) {
	t.Parallel()
	for _, mode := range []bool{false, true} {
		d := newDesk(t, func(c *care.Config) { c.Concurrency = 50 })
		d.Connect4Healthcare().Always200(mode)
		_, err := d.c.Tickets(t.Context())
		require.NoError(t, err)
		d.Connect4Healthcare().ExpireTokens()
		d.ResetCounts()
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				var err error
				switch i % 4 {
				case 0:
					_, err = d.c.Tickets(t.Context())
				case 1:
					_, err = d.c.TicketDetail(t.Context(), 202)
				case 2:
					err = d.c.Comment(t.Context(), d.ticket, "At once")
				default:
					err = d.c.UpdateStatus(t.Context(), d.ticket, "In Progress")
				}
				if err != nil {
					t.Errorf("call %d: %v", i, err)
				}
			})
		}
		all.Wait()
		require.Equal(t, 1, d.Requests(authorize))
		require.Len(t, d.Connect4Healthcare().Comments(int(d.ticket), 0), 12+general(d), "each comment once")
	}
}

// general counts what the generated ticket was born with.
func general(d *desk) (n int) {
	for _, text := range d.Connect4Healthcare().Comments(int(d.ticket), 0) {
		if text != "At once" {
			n++
		}
	}
	return n
}

func TestHeaderSpellingsOnThePlayedVendor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		spelling care.Spelling
		drops    bool
		ok       bool
		signIns  int
	}{
		{care.Either, false, true, 1}, {care.Either, true, true, 2},
		{care.Underscores, false, true, 1}, {care.Underscores, true, false, 1},
		{care.Hyphens, false, true, 1}, {care.Hyphens, true, true, 1},
	} {
		for _, mode := range []bool{false, true} {
			d := newDesk(t, func(cfg *care.Config) { cfg.Headers = c.spelling })
			d.Connect4Healthcare().DropUnderscoreHeaders(c.drops)
			d.Connect4Healthcare().Always200(mode)
			_, err := d.c.Tickets(t.Context())
			require.Equal(t, c.ok, err == nil, "%+v %v", c, err)
			require.Equal(t, c.signIns, d.Requests(authorize))
			if !c.ok {
				require.Equal(t, rest.KindAuth.String(), faulttest.KindOf(t, err))
			}
		}
	}
}

// Whatever happens to signing in, the write behind it was not sent, or done
// once. What a reading does with the kinds that wait is in the matrix.
func TestSigningInGoesWrong(t *testing.T) {
	t.Parallel()
	var jobs []func()
	for _, tr := range troubles {
		if tr.Large {
			continue
		}
		jobs = append(jobs, func() {
			t.Run(tr.Name, func(t *testing.T) {
				d := newDesk(t)
				d.SetFault(authorize, tr.Fault)
				_, err := faulttest.Give(d, faulttest.Quietly(func(ctx context.Context) error {
					return d.c.Comment(ctx, d.ticket, "Called back.")
				}), authorize, tr.Gives, tr.Rule.Read)
				said := slices.DeleteFunc(d.Connect4Healthcare().Comments(int(d.ticket), 0), func(s string) bool { return s != "Called back." })
				if err == nil {
					require.Len(t, said, 1)
				} else {
					var e *rest.Error
					require.ErrorAs(t, err, &e)
					require.Equal(t, rest.NotSent.String(), e.Phase.String(), e)
					require.False(t, e.Ambiguous)
					require.Empty(t, said)
				}
				d.ClearFaults()
				d.c.Reset()
				require.NoError(t, d.c.Comment(t.Context(), d.ticket, "Again."))
			})
		})
	}
	faulttest.AtOnce(24, jobs)
}

// journal is a trail.
type journal struct{ lines []string }

func (*journal) Allow(context.Context, string, string) error { return nil }
func (j *journal) Done(_ context.Context, vendor, op, record, outcome string) {
	j.lines = append(j.lines, strings.Join([]string{vendor, op, record, outcome}, "|"))
}

func TestWritesLeaveATrail(t *testing.T) {
	t.Parallel()
	j := &journal{}
	d := newDesk(t, byPost, func(c *care.Config) { c.Trail = j })
	n := d.complete("With a file")
	n.SMS = true
	n.Attachments = []care.File{{Name: "fake note.txt", Data: []byte("nothing")}}
	n.Comments = "Hi welcome!"
	id, err := d.c.CreateTicket(t.Context(), n)
	require.NoError(t, err)
	require.NoError(t, d.c.UpdateStatus(t.Context(), id, "In Progress"))
	require.NoError(t, d.c.Comment(t.Context(), id, "One"))
	require.NoError(t, d.c.CommentCategory(t.Context(), id, 6, "Two"))
	require.Equal(t, "not found", faulttest.KindOf(t, d.c.Comment(t.Context(), 99999, "Three")))
	who, number := n.Resident.String(), id.String()
	require.Equal(t, []string{
		"Connect4Healthcare|create ticket|" + who + "|done",
		"Connect4Healthcare|update ticket status|" + number + "|done",
		"Connect4Healthcare|comment on ticket|" + number + "|done",
		"Connect4Healthcare|comment on category|" + number + "|done",
		"Connect4Healthcare|comment on ticket|99999|not found refused",
	}, j.lines)
	held, _ := d.Connect4Healthcare().Ticket(int(id))
	require.Equal(t, true, held["sms"])
	require.Nil(t, held["email"])
	require.Equal(t, []string{"Hi welcome!", "One"}, d.Connect4Healthcare().Comments(int(id), 0))
	detail, err := d.c.TicketDetail(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "fake note.txt", detail.Attachments[0].String())
	require.Equal(t, "In Progress", detail.Status.String())
	require.False(t, detail.CommentsKnown)
}

// What the vendor refuses is told by its own words, in both modes.
func TestRefusalsOfThePlayedVendor(t *testing.T) {
	t.Parallel()
	for _, mode := range []bool{false, true} {
		d := newDesk(t)
		d.Connect4Healthcare().Always200(mode)
		n := d.complete("Refused")
		missing, stranger, odd := n, n, n
		missing.Categories = n.Categories[1:]
		stranger.Resident = 1
		odd.Urgency = "Somewhat"
		for words, bad := range map[string]care.NewTicket{"Category status": missing, "Resident not found": stranger, "Urgency status": odd} {
			_, err := d.c.CreateTicket(t.Context(), bad)
			require.Equal(t, "validation", faulttest.KindOf(t, err))
			require.Contains(t, rest.UserMessage(err), words)
			require.NotContains(t, err.Error(), words)
		}
		_, err := d.c.TicketDetail(t.Context(), 99999)
		require.Equal(t, "not found", faulttest.KindOf(t, err))
		require.Equal(t, "not found", faulttest.KindOf(t, d.c.UpdateStatus(t.Context(), 99999, "New")))
		require.Equal(t, "validation", faulttest.KindOf(t, d.c.CommentCategory(t.Context(), d.ticket, 99999, "x")))
		require.Zero(t, d.Executions(createByGet))
		require.Equal(t, tickets, d.Connect4Healthcare().Tickets())
	}
}

// TestHostileTexts sends each hostile text through every text there is: what is
// shown is harmless, what is kept is what arrived.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../safe/testdata/hostile.json")
	require.NoError(t, err)
	var all []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(b, &all))
	require.Greater(t, len(all), 100)
	d := newDesk(t)
	play := d.Connect4Healthcare()
	play.ShowComments(true)
	const first = 1000 // beyond the generated ones
	for i, one := range all {
		fields := map[string]any{"id": first + i}
		for _, name := range []string{"title", "ticket_status", "ticket_type", "sms", "email", "sentsent_to_primary", "start_date", "first_name",
			"last_name", "location", "state", "home_zip", "phone_number", "account_number", "next_status_update", "name"} {
			fields[name] = one.Value
		}
		for _, what := range []string{"tickets", "residents", "categories"} {
			play.Plant(what, fields)
		}
		play.Say(first+i, 0, "", one.Value, one.Value)
		play.Say(first+i, 6, one.Value, one.Value, one.Value)
	}
	list, err := d.c.Tickets(t.Context())
	require.NoError(t, err)
	people, err := d.c.Residents(t.Context())
	require.NoError(t, err)
	kinds, err := d.c.Categories(t.Context(), 0)
	require.NoError(t, err)
	list, people, kinds = list[tickets:], people[len(people)-len(all):], kinds[len(kinds)-len(all):]
	for i, one := range all {
		detail, err := d.c.TicketDetail(t.Context(), care.ID(first+i))
		require.NoError(t, err, one.Name)
		line, long := safe.Line(wire(one.Value)), safe.Paragraphs(wire(one.Value))
		require.True(t, line == list[i].Title && line == people[i].Location && line == kinds[i].Name, one.Name)
		n := 0
		for _, v := range []any{list[i], people[i], kinds[i], detail} {
			harmless(t, reflect.ValueOf(v), line, long, &n)
		}
		require.Greater(t, n, 20)
	}
}

// wire is the text as JSON carries it.
func wire(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// harmless finds every text in a value: that of the attack in its safe form, or
// a plain one.
func harmless(t *testing.T, v reflect.Value, line safe.Text, long safe.Long, n *int) {
	switch x := v.Interface().(type) {
	case safe.Text:
		*n++
		require.True(t, x == line || !x.Altered() && len(x.Raw()) < 100, "a text in another form")
		return
	case safe.Long:
		*n++
		require.True(t, x == long, "a comment in another form")
		return
	case time.Time:
		return
	case string:
		t.Fatalf("a bare string: %q", x)
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			harmless(t, v.Field(i), line, long, n)
		}
	case reflect.Slice:
		for i := range v.Len() {
			harmless(t, v.Index(i), line, long, n)
		}
	}
}

func TestFiveThousandTickets(t *testing.T) {
	t.Parallel()
	s, err := sandbox.Start(sandbox.Options{Tickets: 5000, Prospects: 1, Providers: 1})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	c, err := care.New(care.Config{Base: s.URL(vendor), Credentials: func(context.Context) (string, string, error) {
		return sandbox.FakeCareKey, sandbox.FakeCareSecret, nil
	}})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	all, err := c.Tickets(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 5000)
	seen := map[care.ID]bool{}
	for _, ticket := range all {
		seen[ticket.ID] = true
		require.False(t, ticket.CreatedAt.IsZero() || ticket.Title.Empty() || ticket.Resident == 0)
	}
	require.Len(t, seen, 5000)
}
