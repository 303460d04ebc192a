package main

import (
	"fmt"
	"strings"

	"github.com/muesli/mango"
	mcobra "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"frontdesk/views/cli"
)

func manCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "man",
		Short:   "Write the page of the manual",
		Example: "  frontdesk man | man -l -",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			page, err := manual(cmd.Root())
			if err != nil {
				return err
			}
			_, err = fmt.Print(page.Build(roff.NewDocument()))
			return err
		},
	}
}

// manual is the page of the manual: every command, its flags as they are
// written, and the exit codes.
func manual(root *cobra.Command) (*mango.ManPage, error) {
	page, err := mcobra.NewManPage(1, root)
	if err != nil {
		return nil, err
	}
	spell(&page.Root, root)
	page.WithLongDescription(strings.Join(strings.Fields(root.Long), " "))
	return page.WithSection("Exit status", cli.Codes).
		WithSection("Shapes of --json", "frontdesk help json lists them; --help of each command has its own."), nil
}

// spell writes the flags of a page's command as they are typed: -m, --minutes
// minutes.
func spell(c *mango.Command, from *cobra.Command) {
	flag := func(f *pflag.Flag) {
		value, usage := pflag.UnquoteUsage(f)
		name := "-" + f.Name // of which the page puts the other dash
		if f.Shorthand != "" {
			name = f.Shorthand + ", --" + f.Name
		}
		c.Flags[f.Name] = mango.Flag{Name: strings.TrimSpace(name + " " + value), Usage: usage}
	}
	from.LocalFlags().VisitAll(flag)
	for _, below := range from.Commands() {
		if c := c.Commands[below.Name()]; c != nil {
			spell(c, below)
		}
	}
}
