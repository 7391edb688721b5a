package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/hashicorp/terraform-exec/tfexec"

	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
)

// Outputs are the outputs of Terraform's root module that commands use. Before the first deployment they are empty.
type Outputs struct {
	Region          string
	AccountID       string
	EventBusName    string
	TopicARNPrefix  string
	Queues          map[string]Queues // by service
	LogGroups       map[string]string // by service; "events" is the journal
	ArchiveARN      string
	RuleARNs        map[string]Rules
	API             string            // URL; "" where no service has routes
	TaskDefinitions map[string]string // ARNs of those that workers should run, by service
}

// NotDeployedError reports that Terraform's state doesn't contain an environment.
type NotDeployedError struct {
	Env, Reason string
}

func (e *NotDeployedError) Error() string {
	return fmt.Sprintf("the environment %s is not deployed from here: %s; make deploy ENV=%s deploys it", e.Env, e.Reason, e.Env)
}

// deployed finds the troupe of an environment on AWS by the Terraform outputs of a checkout. If there is none, it
// returns a *NotDeployedError.
func deployed(ctx context.Context, declared *stack.Declared, env string) (*Target, error) {
	program, err := exec.LookPath("terraform")
	if err != nil {
		return nil, fmt.Errorf("find the environment %s by Terraform's outputs: %w", env, err)
	}
	terraform, err := tfexec.NewTerraform(filepath.Join(declared.Root, "terraform"), program)
	if err != nil {
		return nil, fmt.Errorf("read Terraform's outputs: %w", err)
	}
	o, err := ReadOutputs(ctx, terraform)
	if err != nil && strings.Contains(err.Error(), "terraform init") { // tfexec has no typed error for this
		return nil, &NotDeployedError{Env: env, Reason: "Terraform is not initialised"}
	}
	switch {
	case err != nil:
		return nil, err
	case o.EventBusName == "":
		return nil, &NotDeployedError{Env: env, Reason: "Terraform's state has no outputs"}
	case !strings.HasSuffix(o.EventBusName, "-"+env):
		return nil, &NotDeployedError{Env: env, Reason: "Terraform's state here is that of " + o.EventBusName}
	}
	cfg, err := endpoint.AWS(ctx, o.Region)
	return o.Target(cfg, declared), err
}

// ReadOutputs reads the outputs of the state that Terraform was initialised with.
func ReadOutputs(ctx context.Context, terraform *tfexec.Terraform) (Outputs, error) {
	var o Outputs
	found, err := terraform.Output(ctx)
	if err != nil {
		return o, fmt.Errorf("read Terraform's outputs: %w", err)
	}
	var failures []error
	for name, field := range map[string]any{
		"region": &o.Region, "account_id": &o.AccountID, "event_bus_name": &o.EventBusName, "topic_arn_prefix": &o.TopicARNPrefix,
		"queue_urls": &o.Queues, "log_groups": &o.LogGroups, "api_url": &o.API,
		"archive_arn": &o.ArchiveARN, "rule_arns": &o.RuleARNs, "task_definitions": &o.TaskDefinitions,
	} {
		output, there := found[name]
		if !there {
			continue // the environment is not deployed
		}
		if err := json.Unmarshal(output.Value, field); err != nil {
			failures = append(failures, fmt.Errorf("read Terraform's output %s: %w", name, err))
		}
	}
	return o, errors.Join(failures...)
}

// Target returns the troupe that the outputs describe, with cfg set to their region.
func (o Outputs) Target(cfg aws.Config, declared *stack.Declared) *Target {
	return &Target{
		Config: cfg, BusName: o.EventBusName, TopicARNPrefix: o.TopicARNPrefix, Queues: o.Queues,
		LogGroups: slices.Sorted(maps.Values(o.LogGroups)), API: o.API, Tables: tables(declared, o.EventBusName),
		Journal: o.LogGroups["events"], Archive: o.ArchiveARN, Rules: o.RuleARNs, Outsiders: topology.Outsiders(declared.Contracts),
	}
}
