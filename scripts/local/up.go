package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/internal/trace"
)

const upExamples = `  go run ./scripts/local up                                            # ports 4566, 8080 and 8090
  go run ./scripts/local up -data .troupe/data                         # continue where the last run ended
  go run ./scripts/local up -without reminders                         # run it by hand: see run
  go run ./scripts/local up -cloud 127.0.0.1:0 -api 127.0.0.1:0 -console 127.0.0.1:0   # free ports
`

func up(ctx context.Context, flags *cli.Flags, arguments []string, out io.Writer) (err error) {
	cloud := flags.String("cloud", defaultCloud, "serve AWS at this `address`")
	api := flags.String("api", defaultAPI, "serve the HTTP API at this `address`")
	page := flags.String("console", defaultConsole, "serve the console at this `address`")
	data := flags.String("data", "", dataUsage)
	leave := flags.String("without", "", "leave these `services` out, by commas, to be run by hand")
	lines := newScreen(out)
	flags.BoolVar(&lines.quiet, "quiet", false, "don't print the services' steps")
	flags.StringVar(&lines.logs, "logs", "", logsUsage)
	personal := flags.Bool("personal", false, "show personal data in steps, logs and the console: what schemas mark with x-personal")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if err := stack.Free(map[string]string{"cloud": *cloud, "api": *api, "console": *page}); err != nil {
		return err
	}
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	played, err := stories.Load(root)
	if err != nil {
		return err
	}
	steps, shown := &trace.Collector{Forget: true}, &show{address: *page, personal: *personal}
	steps.OnStep = func(step events.Step) {
		shown.step(step)
		lines.step(step)
	}
	source, err := watchSource(root) // before the first build reads it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.events.Close()) }()
	s, err := stack.Start(ctx, stack.Options{
		Root: root, CloudAddr: *cloud, APIAddr: *api, Data: *data, Log: lines.Out, Steps: steps, Without: split(*leave), Personal: *personal,
		KeepGoing: true, Problem: lines.problem, Line: func(service string, line []byte) { shown.line(service, line); lines.line(service, line) },
	})
	if err != nil {
		return cleanly(ctx, err)
	}
	defer func() { err = cleanly(ctx, errors.Join(err, shown.close(), s.Close())) }()
	if err := shown.start(ctx, s); err != nil {
		return err
	}
	fmt.Fprint(lines.Out, howToUse(s, shown.url(), played))
	return rebuild(ctx, s, source, lines.Out, shown)
}

// split returns the names in a list with commas.
func split(list string) []string {
	return strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' })
}

// cleanly returns nil if the error follows from an interruption by the user.
func cleanly(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// rebuild rebuilds and replaces what changes until the context ends.
func rebuild(ctx context.Context, s *stack.Stack, source *watcher, out io.Writer, shown *show) error {
	for {
		services, err := source.next(ctx)
		if err != nil {
			return err
		}
		began := time.Now()
		replaced, removed, err := s.Update(ctx, services...)
		if len(removed) > 0 {
			fmt.Fprintln(out, stack.Removed(removed))
		}
		_, refused := errors.AsType[*stack.StartError](err)
		if refused {
			err = nil // the stack has told it
		}
		if refused || len(replaced)+len(removed) > 0 {
			err = errors.Join(err, shown.update(ctx, s))
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			fmt.Fprintf(out, "%s\nThe previous version keeps running.\n", err)
		case len(replaced)+len(removed) == 0 && !refused:
			fmt.Fprintln(out, "built: nothing has changed")
		case len(replaced) > 0:
			fmt.Fprintf(out, "replaced %s in %.1f s\n", strings.Join(replaced, ", "), time.Since(began).Seconds())
		}
	}
}
