// Command erase says where a person's data still is, on this machine or on AWS, and removes what can be removed. See go
// run ./scripts/erase -h.
package main

import (
	"context"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
)

const examples = `erase says where personal data of a subject still is, and removes what can be removed.

  go run ./scripts/erase -subject <id or value> [flags]

A subject is the ID that events are about, their metadata.subject, or the value of a member that a schema marks with
"x-personal": true. An ID and an address of the same person are two subjects: erase both, the address first.

Examples:
  go run ./scripts/erase -subject visit-17                # say where it is, ask, and remove it
  go run ./scripts/erase -subject visit-17 -json          # only say where it is
  go run ./scripts/erase -subject ann@example.com -yes -env dev
  go run ./scripts/erase -subject visit-17 -data .troupe/data   # with the databases of make up DATA=.troupe/data

Erased are: dead letters, events with personal data in idempotency records, personal members of the responses there, and
personal members of documents whose key ends with the subject, or that have it as a value. Events in the archive, in queues
and in logs can't be removed one by one: the command says until when they are there. events/PERSONAL.md explains it.
It may be interrupted and run again. If you answer anything but yes, nothing is removed, and the exit code is 2.

Flags:
`

// options are the command line's flags.
type options struct {
	subject  string
	yes      bool
	json     bool
	data     string
	env      string
	endpoint string
}

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	o, err := parse(arguments, t)
	if err != nil {
		return err
	}
	declared, err := stack.Here()
	if err != nil {
		return err
	}
	return erase(ctx, o, declared, t)
}

func parse(arguments []string, t cli.Terminal) (o options, err error) {
	flags := cli.NewFlags("erase", examples, t)
	flags.StringVar(&o.subject, "subject", "", "the `ID` or value of whom to erase")
	flags.BoolVar(&o.yes, "yes", false, "remove it without asking")
	flags.BoolVar(&o.json, "json", false, "print JSON; without -yes, nothing is removed")
	flags.StringVar(&o.data, "data", "", "the `folder` of make up DATA=…, for the databases of services with SQL")
	flags.StringVar(&o.env, "env", stack.Env, "environment: local, or one deployed on AWS")
	flags.StringVar(&o.endpoint, "endpoint", endpoint.Default(), "AWS-compatible endpoint `URL` for the environment local")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	if len(o.subject) < shortest {
		return o, cli.Usage("name a subject of at least %d characters: -subject visit-17 (make erase SUBJECT=visit-17)", shortest)
	}
	if o.data != "" && o.env != stack.Env {
		return o, cli.Usage("-data is for the environment %s: the databases of %s are on AWS", stack.Env, o.env)
	}
	return o, nil
}

// shortest is the least length of a subject, in bytes: shorter texts are everywhere.
const shortest = 3
