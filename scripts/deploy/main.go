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
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"example.com/troupe/scripts/internal/stack"
)

// The exit codes.
const (
	exitFailed   = 1
	exitRefused  = 2 // the command line is wrong, or something has to be put right first: nothing was changed
	exitDeclined = 3 // the user, asked, said no: nothing was changed
)

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

A built binary ends with 1 when something failed, 2 when something has to be put right
first, 3 when the answer was no (go run makes 1 of all).
Where the API wants a token, the order is sent with that of the variable API_TOKEN.

Flags:
`

// terminal is what the user sees and types.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], terminal{os.Stdin, os.Stdout, os.Stderr}))
}

// refusal is an error that came before anything was changed, and that says what to put right.
type refusal struct{ error }

func refuse(format string, args ...any) error { return refusal{fmt.Errorf(format, args...)} }

// Unwrap returns the error itself.
func (r refusal) Unwrap() error { return r.error }

// errDeclined says that the user does not want what was asked.
var errDeclined = errors.New("nothing was changed")

func run(ctx context.Context, arguments []string, term terminal) int {
	err := execute(ctx, arguments, term)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if ctx.Err() != nil {
		fmt.Fprintln(term.err, "interrupted")
	}
	fmt.Fprintln(term.err, err)
	if _, refused := errors.AsType[refusal](err); refused {
		return exitRefused
	}
	if errors.Is(err, errDeclined) {
		return exitDeclined
	}
	return exitFailed
}

func execute(ctx context.Context, arguments []string, term terminal) error {
	o, err := parse(arguments, term.err)
	if err != nil {
		return err
	}
	root, err := stack.Root(".")
	if err != nil {
		return refusal{err}
	}
	declared, err := stack.Load(root)
	if err != nil {
		return refusal{err}
	}
	d := &deployment{options: o, terminal: term, root: root, declared: declared}
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
