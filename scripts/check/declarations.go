package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
)

// declarations holds what the services declare to what AWS takes, under the names of every environment.
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
			problems = append(problems, fmt.Errorf("%s: %w", env, err))
		}
	}
	return errors.Join(problems...)
}
