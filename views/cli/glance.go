package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/state/desk"
	"frontdesk/state/store"
)

// completeWithin is how long a person waits for completions.
const completeWithin = 2 * time.Second

// Contexts tell how a command is run.
type (
	completing struct{} // to complete a command line
	unasked    struct{} // nobody is asked for a passphrase
)

// Completing reports that the program only completes a command line: nobody is
// asked anything, and nothing is made that was not there.
func Completing(ctx context.Context) bool { return ctx.Value(completing{}) != nil }

// ids are completions by a cheap read. args are the arguments before.
type ids func(r *run, args []string) ([]string, error)

// complete offers what a read brings, or nothing. Lists separated by commas go
// on after the last one.
func (s *suite) complete(read ids) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, start string) ([]cobra.Completion, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(context.WithValue(cmd.Context(), completing{}, true), completeWithin)
		defer cancel()
		r, err := s.glance(ctx)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		defer r.end()
		found, err := read(r, args)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		before := start[:strings.LastIndexByte(start, ',')+1]
		var fit []string
		for _, id := range found {
			if strings.HasPrefix(before+id, start) {
				fit = append(fit, before+id)
			}
		}
		return fit, cobra.ShellCompDirectiveNoFileComp
	}
}

// glance is a run that only looks: it opens no desk, writes no log and no
// trail, makes no file and says nothing.
func (s *suite) glance(ctx context.Context) (*run, error) {
	g, err := s.ground(ctx)
	if err != nil {
		return nil, err
	}
	g.Log, g.Head = nil, nil
	r := &run{Ground: g, ctx: ctx, in: strings.NewReader(""), out: io.Discard, err: io.Discard}
	r.to, err = Dial(Dialling{Profile: g.Profile, Credentials: g.Credentials})
	if err != nil {
		return nil, err
	}
	r.shut = append(r.shut, r.to.Close)
	return r, nil
}

// errNotThere tells a glance that a file is not there yet.
var errNotThere = errors.New("the file is not there yet")

// completeFlags completes the values of flags. One without a read of its own
// offers nothing, but for those that name files.
func (s *suite) completeFlags(c *cobra.Command, reads map[string]ids, files ...string) {
	for _, f := range flagsOf(c) {
		switch read, ok := reads[f]; {
		case ok:
			_ = c.RegisterFlagCompletionFunc(f, s.complete(read))
		case !slices.Contains(files, f):
			_ = c.RegisterFlagCompletionFunc(f, cobra.NoFileCompletions)
		}
	}
}

// fixed completes from words.
func fixed(words ...string) ids {
	return func(*run, []string) ([]string, error) { return words, nil }
}

// argument completes what has to be said twice.
func argument(_ *run, args []string) ([]string, error) { return args, nil }

// first completes the first argument only.
func first(read ids) ids {
	return func(r *run, args []string) ([]string, error) {
		if len(args) > 0 {
			return nil, nil
		}
		return read(r, args)
	}
}

// hinted is an id with words behind it, as shells show them.
func hinted(id, words string) string {
	if words == "" {
		return id
	}
	return id + "\t" + oneLine(words)
}

// distinct are the words of records, each once, in order.
func distinct[T any](all []T, word func(T) string) []string {
	var words []string
	for _, v := range all {
		if w := word(v); w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return words
}

// outboxItems reads the entries of this account.
func (r *run) outboxItems(f desk.Filter) ([]desk.Item, error) {
	if r.desk != nil {
		return r.desk.Outbox.List(r.ctx, f)
	}
	db, err := r.database(store.Options{Path: filepath.Join(r.State, "desk.db"), Migrations: desk.Migrations})
	if err != nil {
		return nil, err
	}
	return desk.Glance(db, desk.Options{Who: desk.Here()}).Outbox.List(r.ctx, f)
}

// thereFor refuses a glance a file that would have to be made.
func thereFor(ctx context.Context, path string) error {
	if _, err := os.Stat(path); Completing(ctx) && err != nil {
		return errNotThere
	}
	return nil
}
