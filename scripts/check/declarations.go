package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/codegen"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/usage"
)

// declarations holds what the services declare to what AWS takes, under the names of every environment, and to what
// their code and the examples say.
func declarations(context.Context) error { return declarationsOf(".") }

func declarationsOf(root string) error {
	declared, err := stack.Load(root)
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(root, "terraform/env/*.tfvars"))
	if err != nil {
		return err
	}
	envs := []string{stack.Env}
	for _, file := range files {
		envs = append(envs, strings.TrimSuffix(filepath.Base(file), ".tfvars"))
	}
	var problems []error
	for _, env := range envs {
		if _, err := declared.Topology(topology.Names{Project: stack.Project, Env: env, Region: "eu-central-1", Account: "123456789012"}, nil); err != nil {
			if problem := fmt.Errorf("%s: %w", env, err); len(problems) == 0 || !strings.HasSuffix(problems[0].Error(), err.Error()) { // the same everywhere
				problems = append(problems, problem)
			}
		}
	}
	problems = append(problems, examples(root, declared.Contracts), undeclared(root, declared))
	if err := errors.Join(problems...); err != nil {
		return err
	}
	return silence(declared)
}

// examples holds the examples to their schemas.
func examples(root string, contracts []schema.Event) error {
	var problems []error
	known := map[string]bool{}
	for _, event := range contracts {
		compiled, err := schema.Compile(event.File, event.Schema)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		for _, example := range event.Examples {
			known[example.File] = true
			problems = append(problems, schema.InFile("events/"+example.File, example.Data, compiled.Check(example.Data)))
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "events/*/*.example.json"))
	for _, file := range files {
		name, _ := filepath.Rel(filepath.Join(root, "events"), file)
		if name = filepath.ToSlash(name); !known[name] {
			problems = append(problems, fmt.Errorf("events/%s is no event's example: an example is named as its schema is, <type>.example.json or <type>.<name>.example.json", name))
		}
	}
	return errors.Join(append(problems, err)...)
}

// undeclared finds events that a service's code makes and its service.json does not publish. It would be refused when the
// handler runs.
func undeclared(root string, declared *stack.Declared) error {
	var problems []error
	for _, m := range declared.Manifests {
		functions, err := usage.Of(root, m.Name)
		problems = append(problems, err)
		for _, function := range functions {
			for _, made := range function.Types {
				at := slices.IndexFunc(declared.Contracts, func(e schema.Event) bool {
					return made.Literal && e.Producer == m.Name && e.Producer == made.Producer && e.Title == made.Name
				})
				if at >= 0 && !m.MayPublish(declared.Contracts[at].Type) {
					problems = append(problems, fmt.Errorf("%s: %s makes a %s: add %s to \"publishes\" of services/%s/service.json", made.At, function.Name, made.Name, declared.Contracts[at].Type, m.Name))
				}
			}
		}
	}
	return errors.Join(problems...)
}

// old says what keeps an event of which there is a later version.
func old(declared *stack.Declared, eventType string) string {
	var names []string
	for _, m := range declared.Manifests {
		if m.SubscribesTo(eventType) {
			names = append(names, m.Name)
		}
	}
	if names == nil {
		return fmt.Sprintf("nobody here subscribes to this one any more: ask make contracts EVENT=%s ENV=<env>, and then make remove EVENT=%[1]s", eventType)
	}
	return "to this one still subscribes " + strings.Join(names, ", ")
}

// silence returns a notice of the events that nobody publishes or nobody subscribes to, which may well be what is
// wanted: people and webhooks subscribe on AWS. It also lists versions that have a later one.
func silence(declared *stack.Declared) error {
	var told []string
	for _, event := range declared.Contracts {
		who := func(does func(*manifest.Manifest, string) bool) bool {
			return slices.ContainsFunc(declared.Manifests, func(m *manifest.Manifest) bool { return does(m, event.Type) })
		}
		later := slices.ContainsFunc(declared.Contracts, func(e schema.Event) bool { return e.Type == codegen.NextVersion(event.Type) })
		switch {
		case later:
			told = append(told, fmt.Sprintf("events/%s: there is %s; %s", event.File, codegen.NextVersion(event.Type), old(declared, event.Type)))
		case !who((*manifest.Manifest).MayPublish) && slices.Contains(declared.Services(), event.Producer):
			told = append(told, fmt.Sprintf("events/%s: no service publishes it", event.File))
		case !who((*manifest.Manifest).SubscribesTo):
			told = append(told, fmt.Sprintf("events/%s: no service subscribes to it", event.File))
		}
	}
	if told == nil {
		return nil
	}
	return notice(strings.Join(told, "\n"))
}
