// Command deploy deploys the troupe to AWS: it builds the artifacts, and plans, applies and destroys environments
// with Terraform. See go run ./scripts/deploy -h.
//
// Terraform decides what has to change, and changes it. This command adds checks before anything changes, a short
// summary of the plan, the push of workers' images between build and apply, and a story that is played afterwards.
package main

import (
	"context"
	"errors"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

// exitDeclined is the exit code if the user answered no; nothing was changed.
const exitDeclined = 3

const examples = `deploy deploys the troupe to AWS: go run ./scripts/deploy <command> [flags]

Commands:
  build          build zips and images for AWS into bin/
  plan           show what a deployment would change
  deploy         build, plan, ask, apply, then play a story
  destroy        destroy an environment and all its data
  migrate-state  move an environment's local state to the backend in terraform/backend.tf

Examples:
  go run ./scripts/deploy build
  go run ./scripts/deploy plan -env dev
  go run ./scripts/deploy deploy -env dev
  go run ./scripts/deploy deploy -env dev -story <story>
  go run ./scripts/deploy deploy -env dev -service %[1]s
  go run ./scripts/deploy deploy -env prod -yes -no-smoke   # without questions
  go run ./scripts/deploy destroy -env dev

It also exits with 2 if something must be fixed first, and with 3 if the answer was no. The story is the first of
services/stories/demo by default. If the API requires a token, set API_TOKEN.

Flags:
`

// errDeclined reports that the user answered no.
var errDeclined = &cli.ExitError{Code: exitDeclined, Err: errors.New("nothing was changed")}

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	declared, nowhere := stack.Here()
	o, err := parse(arguments, declared, t)
	if err != nil {
		return err
	}
	if nowhere != nil {
		return cli.Refuse("%w", nowhere)
	}
	d := &deployment{options: o, Terminal: t, root: declared.Root, declared: declared}
	if d.services, err = d.selected(); err != nil {
		return err
	}
	if o.command == "deploy" && !o.noSmoke {
		if err := d.chooseStory(); err != nil {
			return err
		}
	}
	switch o.command {
	case "build":
		return d.build(ctx)
	case "destroy":
		return d.destroy(ctx)
	case "migrate-state":
		return d.migrateState(ctx)
	default:
		return d.deploy(ctx)
	}
}
