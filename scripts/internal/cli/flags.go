package cli

import (
	"errors"
	"flag"
	"fmt"
	"strings"
)

// Flags are the flags of a command.
type Flags struct{ *flag.FlagSet }

// NewFlags returns flags whose usage text is help (the command's purpose and examples), followed by the flags and the
// exit codes.
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

// Parse parses a command line: flags, followed by exactly the wanted arguments.
func (f *Flags) Parse(arguments []string, wanted ...string) error {
	if err := f.FlagSet.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return &ExitError{Code: ExitUsage} // flag has already printed it
	}
	switch {
	case f.NArg() == len(wanted):
		return nil
	case len(wanted) == 0:
		return Usage("unexpected argument %q", f.Arg(0))
	}
	return Usage("name %s (got %q)", strings.Join(wanted, " and "), f.Args())
}
