package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
)

// options are what the command line says.
type options struct {
	command string
	env     string
	service string // "" is all
	yes     bool
	noSmoke bool
	force   bool
}

var commands = []string{"build", "plan", "deploy", "destroy"}

func parse(arguments []string, out io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("deploy", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		fmt.Fprint(out, examples)
		flags.PrintDefaults()
	}
	flags.StringVar(&o.env, "env", "dev", "the `environment`: its settings are terraform/env/<environment>.tfvars")
	flags.StringVar(&o.service, "service", "", "build, plan and deploy one `service` only")
	flags.BoolVar(&o.yes, "yes", false, "do not ask")
	flags.BoolVar(&o.noSmoke, "no-smoke", false, "send no order afterwards")
	flags.BoolVar(&o.force, "force", false, "destroy although queues hold messages")
	if len(arguments) > 0 && slices.Contains(commands, arguments[0]) {
		o.command, arguments = arguments[0], arguments[1:]
	}
	if err := flags.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		return o, err
	} else if err != nil {
		return o, refusal{errors.New("see go run ./scripts/deploy -h")} // flag has told the user what is wrong
	}
	switch {
	case flags.NArg() > 0:
		return o, refuse("%q is no flag: see go run ./scripts/deploy -h", flags.Arg(0))
	case o.command == "":
		flags.Usage()
		return o, refuse("\nsay what to do: one of %v", commands)
	case o.command == "destroy" && o.service != "":
		return o, refuse("an environment is destroyed as a whole: to remove one service, delete its folder and deploy")
	}
	return o, nil
}
