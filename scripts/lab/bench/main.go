package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/lab/bench/null"
)

const examples = `bench measures the local cloud, and a flow through the services of the checkout, on this machine.

  go -C scripts/lab run ./bench [flags]

Examples:
  go -C scripts/lab run ./bench                    # everything, into scripts/lab/bench/REPORT.md: about six minutes
  go -C scripts/lab run ./bench -quick             # a short run that only prints the report
  go -C scripts/lab run ./bench -only sqs,sns      # only these parts; prints the report
  go -C scripts/lab run ./bench -only flow -story demo/NAME

Flags:
`

// options are the command line's flags.
type options struct {
	quick bool
	only  []string // names of parts; empty means all
	story string   // name; "" means the demo's first
	out   string   // file; "" means standard output
}

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	if len(arguments) == 2 && arguments[0] == nullCommand {
		return null.Serve(ctx, arguments[1], t.Out)
	}
	o, err := parse(arguments, t)
	if err != nil {
		return err
	}
	return bench(ctx, o, t.Out, t.Err)
}

func parse(arguments []string, t cli.Terminal) (o options, err error) {
	flags := cli.NewFlags("bench", examples, t)
	flags.BoolVar(&o.quick, "quick", false, "measure too little for meaningful results, within a minute")
	only := flags.String("only", "", "only measure these `parts`: "+strings.Join(partNames(), ", "))
	flags.StringVar(&o.story, "story", "", "measure the flow of this `story` of services/stories (default the first of demo)")
	flags.StringVar(&o.out, "o", "", "write the report to this `file`, relative to the root of the checkout; - is standard output (default scripts/lab/bench/REPORT.md for a whole run, else -)")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	for _, name := range o.only {
		if !slices.Contains(partNames(), name) {
			return o, cli.Usage("there is no part %q: there are %s", name, strings.Join(partNames(), ", "))
		}
	}
	return o, nil
}

// bench measures and writes the report.
func bench(ctx context.Context, o options, out, problems io.Writer) error {
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	if o.out == "" && !o.quick && len(o.only) == 0 {
		o.out = "scripts/lab/bench/REPORT.md"
	}
	r, err := measure(ctx, root, o, problems)
	if err != nil {
		return err
	}
	text, err := r.render()
	if err != nil {
		return err
	}
	if o.out == "" || o.out == "-" {
		_, err = out.Write(text)
		return err
	}
	if !filepath.IsAbs(o.out) {
		o.out = filepath.Join(root, o.out)
	}
	fmt.Fprintf(problems, "wrote %s\n", o.out)
	return os.WriteFile(o.out, text, 0o644)
}
