package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// suite makes the subcommands that do the console's work.
type suite struct {
	ground func(context.Context) (Ground, error)
}

// Work is the console's work as subcommands. ground is asked once a command
// has read its flags.
func Work(ground func(context.Context) (Ground, error)) []*cobra.Command {
	s := &suite{ground}
	all := []*cobra.Command{s.slots(), s.prospects(), s.kb(), s.products(), s.me(), s.tickets(), s.billing(), s.enroll(), s.outbox()}
	for _, c := range all {
		c.GroupID = WorkGroup
	}
	return all
}

// WorkGroup is under which group of the help the work stands.
const WorkGroup = "work"

// group is a command that only has others below it.
func group(use, short string, below ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	c.AddCommand(below...)
	return c
}

// A deed is one subcommand.
type deed struct {
	use, short, long string
	example          string
	args             cobra.PositionalArgs
	json             string // the shape of --json; "": none
	personal         bool   // shows personal data: has --reveal
	dry              bool   // has --dry-run alone
	writes           bool   // has --dry-run and --yes
	forGood          bool   // has --confirm instead of --yes
	from             string // what -F brings; "": no -F
	flags            func(*cobra.Command)
	do               func(*run, []string) error
	// ids completes the arguments by a cheap read.
	ids func(*run, []string) ([]string, error)
}

// command makes the subcommand.
func (s *suite) command(d deed) *cobra.Command {
	var f flags
	c := &cobra.Command{Use: d.use, Short: d.short, Long: d.long, Example: d.example, Args: usage(d.args)}
	if d.long == "" {
		c.Long = d.short + "."
	}
	o := c.Flags()
	if d.json != "" {
		o.BoolVar(&f.json, "json", false, "write "+d.json)
	}
	if d.personal {
		o.BoolVar(&f.reveal, "reveal", false, "show birth dates, phones and e-mail addresses in full; this goes on the audit trail")
	}
	if d.dry || d.writes || d.forGood {
		o.BoolVar(&f.dry, "dry-run", false, "show what would be sent and send nothing")
	}
	if d.writes || d.forGood {
		c.Long += "\n\nIt is sent once and cannot be taken back: without a screen there is no undo window."
	}
	if d.writes {
		o.BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	}
	if d.forGood {
		o.StringVar(&f.confirm, "confirm", "", "the id of what this is done to, instead of being asked for it")
	}
	if d.from != "" {
		o.StringVarP(&f.from, "file", "F", "", d.from+`, from a file; "-" is the standard input`)
	}
	if d.flags != nil {
		d.flags(c)
	}
	c.PreRunE = func(cmd *cobra.Command, _ []string) error { // before cobra says it in a way that is no wrong call
		if err := errors.Join(cmd.ValidateRequiredFlags(), cmd.ValidateFlagGroups()); err != nil {
			return Usage(err)
		}
		return nil
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		g, err := s.ground(cmd.Context())
		if err != nil {
			return err
		}
		r, err := begin(cmd.Context(), g, f)
		if err != nil {
			return err
		}
		defer r.end()
		return d.do(r, args)
	}
	if d.ids != nil {
		c.ValidArgsFunction = s.complete(d.ids)
	}
	return c
}

// usage makes a wrong number of arguments a wrong call.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check == nil {
			check = cobra.NoArgs
		}
		if err := check(cmd, args); err != nil {
			return Usage(errors.New(strings.TrimSpace(err.Error()) + ": " + cmd.UseLine()))
		}
		return nil
	}
}

// completeWithin is how long a person waits for completions.
const completeWithin = 2 * time.Second

// complete offers ids from a read, or nothing: nobody is asked anything.
func (s *suite) complete(ids func(*run, []string) ([]string, error)) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, start string) ([]cobra.Completion, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(context.WithValue(cmd.Context(), silent{}, true), completeWithin)
		defer cancel()
		g, err := s.ground(ctx)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		r, err := begin(ctx, g, flags{})
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		defer r.end()
		found, err := ids(r, args)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var fit []string
		for _, id := range found {
			if strings.HasPrefix(id, start) {
				fit = append(fit, id)
			}
		}
		return fit, cobra.ShellCompDirectiveNoFileComp
	}
}

// silent marks a context in which nobody is to be asked.
type silent struct{}

// first completes the first argument only.
func first(ids func(*run) ([]string, error)) func(*run, []string) ([]string, error) {
	return func(r *run, args []string) ([]string, error) {
		if len(args) > 0 {
			return nil, nil
		}
		return ids(r)
	}
}

// hinted is an id with words behind it, as shells show them.
func hinted(id, words string) string {
	if words == "" {
		return id
	}
	return fmt.Sprintf("%s\t%s", id, oneLine(words))
}
