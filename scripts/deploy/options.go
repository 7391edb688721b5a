package main

import (
	"fmt"
	"slices"
	"strings"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

// options are the command line's flags.
type options struct {
	command string
	env     string
	service string // "" means all
	yes     bool
	noSmoke bool
	story   string // "" means the first of the demo
	force   bool
	noLock  bool
}

var commands = []string{"build", "plan", "deploy", "destroy", "migrate-state"}

func parse(arguments []string, declared *stack.Declared, t cli.Terminal) (o options, err error) {
	_, service := declared.Example()
	flags := cli.NewFlags("deploy", fmt.Sprintf(examples, service), t)
	flags.StringVar(&o.env, "env", "dev", "the `environment`: its settings are terraform/env/<environment>.tfvars")
	flags.StringVar(&o.service, "service", "", "only build, plan and deploy this `service`")
	flags.BoolVar(&o.yes, "yes", false, "don't ask")
	flags.BoolVar(&o.noSmoke, "no-smoke", false, "don't play a story afterwards")
	flags.StringVar(&o.story, "story", "", "play this `story` of services/stories afterwards (default: the first in demo)")
	flags.BoolVar(&o.force, "force", false, "destroy even if queues hold messages")
	flags.BoolVar(&o.noLock, "no-lock", false, "plan without locking the state, if you may only read it")
	if len(arguments) > 0 && slices.Contains(commands, arguments[0]) {
		o.command, arguments = arguments[0], arguments[1:]
	}
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	switch {
	case o.command == "":
		return o, cli.Usage("name a command: %s", strings.Join(commands, ", "))
	case o.story != "" && (o.command != "deploy" || o.noSmoke):
		return o, cli.Usage("-story %s is for deploy, without -no-smoke", o.story)
	case o.noLock && o.command != "plan":
		return o, cli.Usage("-no-lock is only for plan: other commands must lock the state")
	case o.command == "destroy" && o.service != "":
		return o, cli.Refuse("destroy removes a whole environment; to remove one service, delete its folder and deploy")
	}
	return o, nil
}
