package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"frontdesk/state/desk"
)

// kinds are all writes of the subcommands. Some of them are the screen's too.
func kinds() []kind {
	return []kind{requestVisit, finishVisit, cancelReplaced, createPerson, updatePerson, tagPerson, importFile, saveProducts, addComment, setStatus, openTicket,
		bill, pay, takeOn, sendFamily, sendCensus, endCoverage, reportEvent, changeMember, registerGroup}
}

// kindOf finds the write an entry is of.
func kindOf(it desk.Item) (kind, bool) {
	all := kinds()
	i := slices.IndexFunc(all, func(k kind) bool { return k.is(it.Vendor, it.Op) })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// item is an entry of the outbox, without what is in it.
type item struct {
	ID      string `json:"id" head:"entry"`
	State   string `json:"state" head:"state"`
	Vendor  string `json:"vendor" head:"vendor"`
	Op      string `json:"operation" head:"operation"`
	Record  string `json:"record" head:"record"`
	Created moment `json:"created" head:"created"`
	Waiting bool   `json:"waiting" head:"waits for you"`
	Lost    bool   `json:"lost" head:"lost"`
	Words   string `json:"words" head:"words"`
}

func itemOf(it desk.Item) item {
	return item{it.ID, string(it.State), it.Vendor, it.Op, it.Record, stamp(it.Created), it.Waiting, it.Lost, keyless(it.Words)}
}

func (s *suite) outbox() *cobra.Command {
	return group("outbox", "Writes whose outcome is not known, or that wait for you",
		"frontdesk outbox list\nfrontdesk outbox settle\nfrontdesk outbox settle 0190... --did-not",
		s.outboxList(), s.outboxSettle(), s.outboxSend(), s.outboxDrop())
}

func (s *suite) outboxList() *cobra.Command {
	var all bool
	return s.command(deed{
		use: "list", short: "List entries that want somebody", json: shape[item]("outbox", true),
		flags: func(c *cobra.Command) { c.Flags().BoolVar(&all, "all", false, "those that are over, too") },
		do: func(r *run, _ []string) error {
			found, err := r.desk.Outbox.Recover(r.ctx)
			if err != nil {
				return err
			}
			if all {
				if found, err = r.desk.Outbox.List(r.ctx, desk.Filter{}); err != nil {
					return err
				}
			}
			var rows []item
			for _, it := range found {
				rows = append(rows, itemOf(it))
			}
			return list(r, "outbox", rows)
		},
	})
}

// entryIDs completes an entry that wants somebody, from this disk.
func entryIDs(r *run, _ []string) ([]string, error) {
	all, err := r.outboxItems(desk.Filter{States: desk.Unsettled()})
	var ids []string
	for _, it := range all {
		ids = append(ids, hinted(it.ID, string(it.State)+" "+it.Op))
	}
	return ids, err
}

func (s *suite) outboxSettle() *cobra.Command {
	var landed, didNot bool
	return s.command(deed{
		use: "settle [entry...]", short: "Find out what became of writes whose answer was lost", args: cobra.ArbitraryArgs,
		long: "settle reads back what became of each write that is UNKNOWN, or of those named, and sends nothing. Where reading\n" +
			"back cannot tell, look at the vendor and say --landed or --did-not for one entry. What did not land waits\n" +
			"in the outbox: send it with frontdesk outbox send, or drop it. It ends with 6 while one stays UNKNOWN.",
		json: shape[item]("outbox", true), ids: entryIDs,
		flags: func(c *cobra.Command) {
			c.Flags().BoolVar(&landed, "landed", false, "a person saw that it is there")
			c.Flags().BoolVar(&didNot, "did-not", false, "a person saw that it is not there")
			c.MarkFlagsMutuallyExclusive("landed", "did-not")
		},
		do: func(r *run, args []string) error {
			if _, err := r.desk.Outbox.Recover(r.ctx); err != nil {
				return err
			}
			if landed || didNot {
				if len(args) != 1 {
					return Usage(errors.New("--landed and --did-not want one entry"))
				}
				return r.declare(args[0], landed)
			}
			return r.settleAll(args)
		},
	})
}

// declare takes a person's word for what became of an entry.
func (r *run) declare(id string, landed bool) error {
	found, err := r.entries([]string{id})
	if err != nil {
		return err
	}
	it, finding := found[0], desk.DidNot
	if landed {
		finding = desk.Landed
	}
	if k, ok := kindOf(it); ok && it.State == desk.Unknown {
		err := k.declare(r.ctx, r, it, landed)
		if rest := (*halfDone)(nil); errors.As(err, &rest) {
			r.say("%s", Sentence(err))
			finding, err = desk.DidNot, nil
		}
		if err != nil {
			return err
		}
	}
	if it, err = r.desk.Outbox.Resolve(r.ctx, id, finding); err != nil {
		return err
	}
	return list(r, "outbox", []item{itemOf(it)})
}

// settleAll reads back and writes each entry as it is then.
func (r *run) settleAll(ids []string) error {
	found, err := r.entries(ids)
	if err != nil {
		return err
	}
	var rows []item
	left := 0
	for i, it := range found {
		r.progress("%d of %d", i+1, len(found))
		now, why := r.settle(it)
		r.over()
		if why != "" {
			r.say("%s: %s", it.ID, why)
		}
		if now.State == desk.Unknown {
			left++
		}
		rows = append(rows, itemOf(now))
	}
	if err := list(r, "outbox", rows); err != nil {
		return err
	}
	if left > 0 {
		return &stillUnknown{left}
	}
	return nil
}

// entries are those of the ids, or all that are UNKNOWN.
func (r *run) entries(ids []string) ([]desk.Item, error) {
	all, err := r.desk.Outbox.List(r.ctx, desk.Filter{})
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return slices.DeleteFunc(all, func(it desk.Item) bool { return it.State != desk.Unknown }), nil
	}
	var found []desk.Item
	for _, id := range ids {
		i := slices.IndexFunc(all, func(it desk.Item) bool { return it.ID == id })
		if i < 0 {
			return nil, desk.ErrNoItem
		}
		found = append(found, all[i])
	}
	return found, nil
}

// settle reads one entry back. why says what stands in the way.
func (r *run) settle(it desk.Item) (now desk.Item, why string) {
	if it.State != desk.Unknown {
		return it, "Its outcome is known: it is " + it.State.Word() + "."
	}
	k, ok := kindOf(it)
	if !ok {
		return it, "It was written on the screen: settle it there, or look at the vendor and say --landed or --did-not."
	}
	found, err := k.readBack(r.ctx, r, it)
	var visit *reopened
	var half *halfDone
	switch {
	case errors.As(err, &visit):
		if now, err = r.desk.Outbox.Resolve(r.ctx, it.ID, desk.DidNot); err == nil {
			now, err = r.desk.Outbox.TakeBack(r.ctx, it.ID)
		}
		why = visit.UserMessage()
	case errors.As(err, &half):
		now, err = r.desk.Outbox.Resolve(r.ctx, it.ID, desk.DidNot)
		why = half.UserMessage()
	case err == nil && found == desk.CannotTell:
		return it, "Reading back cannot tell: look at the vendor, then say --landed or --did-not."
	case err == nil:
		now, err = r.desk.Outbox.Found(r.ctx, it.ID, found)
	}
	if err != nil {
		return it, Sentence(err)
	}
	return now, why
}

// stillUnknown tells that writes may have landed.
type stillUnknown struct{ n int }

func (e *stillUnknown) Error() string { return "writes stay unknown" }

// UserMessage counts them.
func (e *stillUnknown) UserMessage() string {
	return fmt.Sprintf("%d may have landed.", e.n)
}

func (s *suite) outboxSend() *cobra.Command {
	return s.command(deed{
		use: "send <entry>", short: "Send an entry that is known not to have landed", args: cobra.ExactArgs(1), writes: true,
		json: shape[item]("outbox", true), ids: first(entryIDs),
		do: func(r *run, args []string) error {
			found, err := r.entries(args)
			if err != nil {
				return err
			}
			it := found[0]
			k, ok := kindOf(it)
			if !ok {
				return Usage(errors.New("this entry was written on the screen: send it there, or drop it and enter it anew"))
			}
			if r.dry {
				return write[item, any]{vendor: it.Vendor, op: it.Op, route: "as it was entered"}.dryRun(r, it.Record, itemOf(it))
			}
			if err := r.agree(strings.TrimSpace(fmt.Sprintf("Send %s %s?", it.Op, it.Record))); err != nil {
				return err
			}
			if err := k.again(r.ctx, r, it); err != nil {
				return err
			}
			return r.entryNow(it.ID)
		},
	})
}

func (s *suite) outboxDrop() *cobra.Command {
	return s.command(deed{
		use: "drop <entry>", short: "Take back an entry that was not sent", args: cobra.ExactArgs(1),
		json: shape[item]("outbox", true), ids: first(entryIDs),
		do: func(r *run, args []string) error {
			if _, err := r.desk.Outbox.TakeBack(r.ctx, args[0]); err != nil {
				return err
			}
			return r.entryNow(args[0])
		},
	})
}

// entryNow writes one entry as it is.
func (r *run) entryNow(id string) error {
	found, err := r.entries([]string{id})
	if err != nil {
		return err
	}
	return list(r, "outbox", []item{itemOf(found[0])})
}
