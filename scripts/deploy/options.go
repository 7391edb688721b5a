package main

import (
	"slices"

	"example.com/troupe/scripts/internal/cli"
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

func parse(arguments []string, t cli.Terminal) (o options, err error) {
	flags := cli.NewFlags("deploy", examples, t)
	flags.StringVar(&o.env, "env", "dev", "the `environment`: its settings are terraform/env/<environment>.tfvars")
	flags.StringVar(&o.service, "service", "", "build, plan and deploy one `service` only")
	flags.BoolVar(&o.yes, "yes", false, "do not ask")
	flags.BoolVar(&o.noSmoke, "no-smoke", false, "send no order afterwards")
	flags.BoolVar(&o.force, "force", false, "destroy although queues hold messages")
	if len(arguments) > 0 && slices.Contains(commands, arguments[0]) {
		o.command, arguments = arguments[0], arguments[1:]
	}
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	switch {
	case o.command == "":
		flags.Usage()
		return o, cli.Refuse("\nsay what to do: one of %v", commands)
	case o.command == "destroy" && o.service != "":
		return o, cli.Refuse("an environment is destroyed as a whole: to remove one service, delete its folder and deploy")
	}
	return o, nil
}
