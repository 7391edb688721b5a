package cli

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Flags are the flags of a command.
type Flags struct {
	*flag.FlagSet
	help  func()
	usage string // how the command is called
}

// called matches how a command is called, in its help.
var called = regexp.MustCompile(`go (-C \S+ )?run \S+( [a-z-]+)?`)

// NewFlags returns flags whose usage text is help (the command's purpose and examples), followed by the flags and the
// exit codes.
func NewFlags(name, help string, t Terminal) *Flags {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(t.Err)
	return &Flags{FlagSet: flags, usage: cmp.Or(called.FindString(help), name), help: func() {
		fmt.Fprint(t.Err, help)
		flags.PrintDefaults()
		fmt.Fprint(t.Err, exitCodes)
	}}
}

// Parse parses a command line: flags, followed by exactly the wanted arguments.
func (f *Flags) Parse(arguments []string, wanted ...string) error {
	out := f.Output()
	f.Usage = func() {}
	f.SetOutput(io.Discard) // flag prints an error and then the whole help
	err := f.FlagSet.Parse(arguments)
	f.SetOutput(out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		f.help()
		return err
	case err != nil:
		return Refuse("%w\nusage: %s [flags]%s; -h lists the flags", err, f.usage, strings.Repeat(" …", len(wanted)))
	case f.NArg() == len(wanted):
		return nil
	case len(wanted) == 0:
		return Usage("unexpected argument %q", f.Arg(0))
	}
	return Usage("name %s (got %q)", strings.Join(wanted, " and "), f.Args())
}
