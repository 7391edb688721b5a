package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
)

// names are the names of make up's resources.
var names = topology.Names{Project: stack.Project, Env: stack.Env}

// apply injects a fault, removes faults, or lists them.
func apply(ctx context.Context, o options, declared *stack.Declared, out io.Writer) error {
	if err := endpoint.Reachable(ctx, o.endpoint); err != nil {
		return fmt.Errorf("%w; make up starts the local cloud", err)
	}
	client := inject.New(endpoint.At(o.endpoint))
	service, err := find(declared, o.service)
	switch {
	case err != nil:
		return err
	case o.off:
		return off(ctx, client, o, out)
	case o.fault.Kind == "":
		return list(ctx, client, out)
	}
	f := inject.Named("all", o.fault)
	if service != nil {
		if f, err = inject.Into(names, service, o.fault); err != nil {
			return err
		}
	}
	if err := client.Put(ctx, f); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is active; make fault lists what it does, and make fault OFF=1 removes it\n", f.Id)
	return nil
}

// find returns a service's manifest, or nil if name is empty.
func find(declared *stack.Declared, service string) (*manifest.Manifest, error) {
	if service == "" {
		return nil, nil
	}
	for _, m := range declared.Manifests {
		if m.Name == service {
			return m, nil
		}
	}
	return nil, cli.Refuse("there is no service %q: the services are %s", service, strings.Join(declared.Services(), ", "))
}

// off removes the faults of a service and a kind.
func off(ctx context.Context, client *inject.Client, o options, out io.Writer) error {
	listed, err := client.List(ctx)
	if err != nil {
		return err
	}
	n := 0
	for _, f := range listed {
		if o.service != "" && inject.Service(names, f.Fault) != o.service || o.fault.Kind != "" && f.Kind != o.fault.Kind {
			continue
		}
		if err := client.Delete(ctx, f.Id); err != nil {
			return fmt.Errorf("remove %s: %w", f.Id, err)
		}
		fmt.Fprintf(out, "%s removed; it was applied %s\n", f.Id, cli.Count(f.Strikes, "time"))
		n++
	}
	if n == 0 {
		fmt.Fprintln(out, "no such fault is active")
	}
	return nil
}

func list(ctx context.Context, client *inject.Client, out io.Writer) error {
	listed, err := client.List(ctx)
	if err != nil {
		return err
	}
	if len(listed) == 0 {
		fmt.Fprintln(out, "no active faults; make help CMD=fault shows how to inject one")
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "FAULT\tSTRIKES\tWHAT")
	for _, f := range listed {
		fmt.Fprintf(table, "%s\t%d\t%s\n", f.Id, f.Strikes, inject.Describe(names, f))
	}
	return table.Flush()
}
