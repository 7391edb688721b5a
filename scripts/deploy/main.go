// Command deploy takes the troupe to AWS: it builds what AWS runs, and plans, applies and destroys
// environments with Terraform. See go run ./scripts/deploy -h.
//
// Terraform does the work and decides what has to change. What is here is around it: checks
// before anything is touched, a plan that can be read at a glance, the push of workers' images
// between build and apply, and an order afterwards that has to reach its end.
package main

import (
	"context"
	"errors"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

// exitDeclined is the exit code of what the user, asked, did not want: nothing was changed.
const exitDeclined = 3

const examples = `deploy takes the troupe to AWS: go run ./scripts/deploy <command> [flags]

Commands:
  build     build what AWS runs, into bin
  plan      show what a deploy would change
  deploy    build, show, ask, apply, and send an order through
  destroy   remove an environment and all that it keeps

Examples:
  go run ./scripts/deploy build
  go run ./scripts/deploy plan -env dev
  go run ./scripts/deploy deploy -env dev
  go run ./scripts/deploy deploy -env dev -service payments
  go run ./scripts/deploy deploy -env prod -yes -no-smoke   # where nobody can answer
  go run ./scripts/deploy destroy -env dev

It ends with 2, too, when something has to be put right first, and with 3 when the answer was no.
Where the API wants a token, the order is sent with that of the variable API_TOKEN.

Flags:
`

// errDeclined says that the user does not want what was asked.
var errDeclined = &cli.ExitError{Code: exitDeclined, Err: errors.New("nothing was changed")}

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	o, err := parse(arguments, t)
	if err != nil {
		return err
	}
	root, err := stack.Root(".")
	if err != nil {
		return cli.Refuse("%w", err)
	}
	declared, err := stack.Load(root)
	if err != nil {
		return cli.Refuse("%w", err)
	}
	d := &deployment{options: o, Terminal: t, root: root, declared: declared}
	if d.services, err = d.selected(); err != nil {
		return err
	}
	switch o.command {
	case "build":
		return d.build(ctx)
	case "destroy":
		return d.destroy(ctx)
	default:
		return d.deploy(ctx)
	}
}
