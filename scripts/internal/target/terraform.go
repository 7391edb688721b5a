package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-exec/tfexec"

	"example.com/troupe/scripts/internal/endpoint"
)

// outputs are those of Terraform's root module that a target is made of.
type outputs struct {
	Region         string
	EventBusName   string
	TopicARNPrefix string
	QueueURLs      map[string]Queues
	LogGroups      map[string]string // by service; "events" is the journal
	ArchiveARN     string
	RuleARNs       map[string]Rules
	API            string // "" where no service has routes
}

// NotDeployedError says that Terraform knows of no such environment.
type NotDeployedError struct {
	Env, Reason string
}

func (e *NotDeployedError) Error() string {
	return fmt.Sprintf("the environment %s is not deployed from here: %s; make deploy ENV=%s deploys it", e.Env, e.Reason, e.Env)
}

// Deployed finds the troupe of an environment on AWS, by the outputs of the Terraform code in a folder.
// A *NotDeployedError says that there is none.
func Deployed(ctx context.Context, folder, env string) (*Target, error) {
	program, err := exec.LookPath("terraform")
	if err != nil {
		return nil, fmt.Errorf("find the environment %s by Terraform's outputs: %w", env, err)
	}
	terraform, err := tfexec.NewTerraform(folder, program)
	if err != nil {
		return nil, fmt.Errorf("read Terraform's outputs: %w", err)
	}
	found, err := terraform.Output(ctx)
	if err != nil && strings.Contains(err.Error(), "terraform init") { // there is no typed error for it
		return nil, &NotDeployedError{Env: env, Reason: "Terraform is not initialised"}
	}
	if err != nil {
		return nil, fmt.Errorf("read Terraform's outputs: %w", err)
	}
	o, err := decode(found)
	if err != nil {
		return nil, err
	}
	switch {
	case o.EventBusName == "":
		return nil, &NotDeployedError{Env: env, Reason: "Terraform's state has no outputs"}
	case !strings.HasSuffix(o.EventBusName, "-"+env):
		return nil, &NotDeployedError{Env: env, Reason: "Terraform's state here is that of " + o.EventBusName}
	}
	cfg, err := endpoint.AWS(ctx, o.Region)
	if err != nil {
		return nil, err
	}
	return &Target{
		Config: cfg, BusName: o.EventBusName, TopicARNPrefix: o.TopicARNPrefix, Queues: o.QueueURLs,
		LogGroups: slices.Sorted(maps.Values(o.LogGroups)), API: o.API,
		Journal: o.LogGroups["events"], Archive: o.ArchiveARN, Rules: o.RuleARNs,
	}, nil
}

func decode(found map[string]tfexec.OutputMeta) (outputs, error) {
	var o outputs
	var failures []error
	for name, field := range map[string]any{
		"region": &o.Region, "event_bus_name": &o.EventBusName, "topic_arn_prefix": &o.TopicARNPrefix,
		"queue_urls": &o.QueueURLs, "log_groups": &o.LogGroups, "api_url": &o.API,
		"archive_arn": &o.ArchiveARN, "rule_arns": &o.RuleARNs,
	} {
		output, there := found[name]
		if !there {
			continue // of an environment that is not deployed
		}
		if err := json.Unmarshal(output.Value, field); err != nil {
			failures = append(failures, fmt.Errorf("read Terraform's output %s: %w", name, err))
		}
	}
	return o, errors.Join(failures...)
}
