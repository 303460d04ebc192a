package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// suite makes the subcommands that do the console's work.
type suite struct {
	ground func(context.Context) (Ground, error)
}

// Work is the console's work as subcommands. ground is asked once a command
// has read its flags.
func Work(ground func(context.Context) (Ground, error)) []*cobra.Command {
	s := &suite{ground}
	all := []*cobra.Command{s.slots(), s.prospects(), s.kb(), s.products(), s.me(), s.tickets(), s.billing(), s.enroll(), s.outbox(), s.audit()}
	for _, c := range all {
		c.GroupID = WorkGroup
	}
	return all
}

// WorkGroup is under which group of the help the work stands.
const WorkGroup = "work"

// group is a command that only has others below it. example shows the usual
// ones.
func group(use, short, example string, below ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Example: indented(example), Args: Args(cobra.NoArgs),
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
	ids              ids            // complete the arguments
	values           map[string]ids // complete the values of flags
	quiet            bool           // asks for no passphrase
}

// command makes the subcommand.
func (s *suite) command(d deed) *cobra.Command {
	var f flags
	c := &cobra.Command{Use: d.use, Short: d.short, Example: indented(d.example), Args: Args(d.args)}
	if c.Long = fitted(d.long); d.long == "" {
		c.Long = d.short + "."
	}
	d.common(c, &f)
	if d.flags != nil {
		d.flags(c)
	}
	if d.json != "" {
		c.Annotations = map[string]string{Shape: d.json}
		c.Long += withJSON(d.json)
	}
	c.PreRunE = func(cmd *cobra.Command, _ []string) error { // before cobra says it in a way that is no wrong call
		if err := errors.Join(cmd.ValidateRequiredFlags(), cmd.ValidateFlagGroups(), negative(cmd)); err != nil {
			return Usage(err)
		}
		return nil
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if d.quiet {
			ctx = context.WithValue(ctx, unasked{}, true)
		}
		g, err := s.ground(ctx)
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
	c.ValidArgsFunction = cobra.NoFileCompletions
	if d.ids != nil {
		c.ValidArgsFunction = s.complete(d.ids)
	}
	s.completeFlags(c, d.values, "file", "rejects")
	return c
}

// negative refuses a number below zero, which no flag of a subcommand means.
func negative(c *cobra.Command) (err error) {
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Changed && strings.HasPrefix(f.Value.Type(), "int") && strings.HasPrefix(f.Value.String(), "-") {
			err = fmt.Errorf("--%s wants a number that is not below zero", f.Name)
		}
	})
	return err
}

func jsonFlag(c *cobra.Command, asJSON *bool) {
	c.Flags().BoolVar(asJSON, "json", false, "write one line of JSON; frontdesk help json tells what the words of its shape mean")
}

// common adds the flags that many subcommands share, and what they mean for it.
func (d deed) common(c *cobra.Command, f *flags) {
	o := c.Flags()
	if d.json != "" {
		jsonFlag(c, &f.json)
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
		o.StringVar(&f.confirm, "confirm", "", "the `id` of what this is done to, instead of being asked for it")
	}
	if d.from != "" {
		o.StringVarP(&f.from, "file", "F", "", d.from+", from a `file`; \"-\" is the standard input")
	}
}

// Args makes a wrong number of arguments a wrong call.
func Args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check == nil {
			check = cobra.NoArgs
		}
		if check(cmd, args) != nil {
			return Usage(errors.New(wrongArgs(cmd, args)))
		}
		return nil
	}
}

// wrongArgs is a sentence about arguments that do not fit, and what would.
func wrongArgs(cmd *cobra.Command, args []string) string {
	if !cmd.HasAvailableSubCommands() || len(args) == 0 {
		what := "these arguments do not fit"
		if len(args) == 0 {
			what = "arguments are missing"
		}
		return what + "; call it as " + cmd.UseLine()
	}
	if cmd.SuggestionsMinimumDistance == 0 {
		cmd.SuggestionsMinimumDistance = 2
	}
	words := fmt.Sprintf("%s has no subcommand %q", cmd.CommandPath(), args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return words + "; the nearest is " + strings.Join(near, " or ")
	}
	return words + "; " + cmd.CommandPath() + " --help lists what there is"
}

// flagsOf are the names of a command's own flags.
func flagsOf(c *cobra.Command) []string {
	var names []string
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// fitted breaks lines that are longer than the help is wide.
func fitted(words string) string {
	const width = 116
	var lines []string
	for line := range strings.SplitSeq(words, "\n") {
		if len(line) > width {
			lines = append(lines, wrapped(line, width)...)
		} else {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func indented(example string) string {
	if example == "" {
		return ""
	}
	return "  " + strings.ReplaceAll(example, "\n", "\n  ")
}
