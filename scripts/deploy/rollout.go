package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/target"
)

// RolledBackError says that a worker runs something else than what was deployed.
type RolledBackError struct {
	Service, Reason string
}

func (e *RolledBackError) Error() string {
	return fmt.Sprintf("%s was not deployed and runs its previous version: %s\nSee its log group and its events in ECS", e.Service, e.Reason)
}

// rollOut waits until the tasks of every worker are those that were planned. A deployment that does not come up goes back by
// itself, which Terraform takes for a success.
func (d *deployment) rollOut(ctx context.Context, out target.Outputs, pace pace) error {
	client := ecs.NewFromConfig(d.cfg, func(o *ecs.Options) { o.Region = out.Region })
	for _, service := range d.workers() {
		for began := time.Now(); ; {
			name, cluster := out.EventBusName+"-"+service, out.EventBusName
			found, err := client.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &cluster, Services: []string{name}})
			if err != nil {
				return fmt.Errorf("look at the tasks of %s: %w", service, err)
			}
			if len(found.Services) != 1 {
				return fmt.Errorf("ECS knows no service %s in the cluster %s", name, cluster)
			}
			there, err := rolledOut(service, out.TaskDefinitions[service], found.Services[0])
			if err != nil {
				return err
			}
			if there {
				break
			}
			if time.Since(began) > pace.patience {
				return fmt.Errorf("the new tasks of %s did not start within %s: see its events in ECS", service, pace.patience)
			}
			if !pause.For(ctx, pace.every) {
				return ctx.Err()
			}
		}
	}
	return nil
}

// rolledOut reports whether a service runs a task definition, and nothing else.
func rolledOut(name, wanted string, s ecstypes.Service) (bool, error) {
	if now := aws.ToString(s.TaskDefinition); now != wanted {
		reason := "ECS runs " + now
		for _, deployment := range s.Deployments {
			if aws.ToString(deployment.TaskDefinition) == wanted && deployment.RolloutStateReason != nil {
				reason = *deployment.RolloutStateReason
			}
		}
		return false, &RolledBackError{Service: name, Reason: reason}
	}
	for _, deployment := range s.Deployments {
		switch {
		case aws.ToString(deployment.TaskDefinition) != wanted: // the tasks of before, which still end
			return false, nil
		case deployment.RolloutState == ecstypes.DeploymentRolloutStateFailed:
			return false, &RolledBackError{Service: name, Reason: aws.ToString(deployment.RolloutStateReason)}
		case deployment.RolloutState != ecstypes.DeploymentRolloutStateCompleted:
			return false, nil
		}
	}
	return true, nil
}

// sayConcurrency says where queues ask for more functions at a time than the account may run: a new one often may ten.
func (d *deployment) sayConcurrency(ctx context.Context, p *plan) {
	asked := 0
	for _, r := range p.ResourceChanges {
		after, _ := r.Change.After.(map[string]any)
		scaling, _ := after["scaling_config"].([]any)
		if r.Type != "aws_lambda_event_source_mapping" || len(scaling) != 1 {
			continue
		}
		config, _ := scaling[0].(map[string]any)
		most, _ := config["maximum_concurrency"].(float64)
		asked += int(most)
	}
	if asked == 0 {
		return
	}
	settings, err := lambda.NewFromConfig(d.cfg).GetAccountSettings(ctx, nil)
	if err != nil || settings.AccountLimit == nil {
		fmt.Fprintf(d.Out, "\nThe account's limit of concurrent functions could not be read: %v\n", err)
		return
	}
	if limit := int(settings.AccountLimit.ConcurrentExecutions); asked > limit {
		fmt.Fprintf(d.Out, "\nLambda runs %s at a time in this account, and the queues may ask for %d: above the limit, messages wait.\n"+
			"Ask AWS for more (Service Quotas, Lambda, concurrent executions), or lower max_functions in overrides.\n", cli.Count(limit, "function"), asked)
	}
}
