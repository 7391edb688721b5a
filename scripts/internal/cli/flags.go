package cli

import (
	"errors"
	"flag"
	"fmt"
	"strings"
)

// Flags are the flags of a command.
type Flags struct{ *flag.FlagSet }

// NewFlags returns flags whose help is a text (what the command is for, and examples), the flags and the exit codes.
func NewFlags(name, help string, t Terminal) *Flags {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(t.Err)
	flags.Usage = func() {
		fmt.Fprint(t.Err, help)
		flags.PrintDefaults()
		fmt.Fprint(t.Err, exitCodes)
	}
	return &Flags{flags}
}

// Parse reads a command line: flags, and after them one argument for each of those that are wanted.
func (f *Flags) Parse(arguments []string, wanted ...string) error {
	if err := f.FlagSet.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return &ExitError{Code: ExitUsage} // flag has told the user
	}
	switch {
	case f.NArg() == len(wanted):
		return nil
	case len(wanted) == 0:
		return Usage("%q is no flag", f.Arg(0))
	}
	return Usage("name %s (got %q)", strings.Join(wanted, " and "), f.Args())
}
