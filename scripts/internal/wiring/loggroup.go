package wiring

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"example.com/troupe/scripts/internal/topology"
)

// logGroup makes the log group of a service. An endpoint for workers only may have no
// CloudWatch Logs: the lines of its services are then seen on this machine alone.
func (w *Wirer) logGroup(ctx context.Context, s topology.Service, made *Service) error {
	err := w.createLogGroup(ctx, s.LogGroup)
	if err != nil && w.WorkersOnly {
		return ctx.Err()
	}
	made.LogGroup = s.LogGroup
	return err
}

// createLogGroup makes a log group, if it is not there.
func (w *Wirer) createLogGroup(ctx context.Context, name string) error {
	_, err := w.logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name}, func(o *cloudwatchlogs.Options) {
		if w.WorkersOnly {
			o.RetryMaxAttempts = 1 // a service that is not there does not come with patience
		}
	})
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); exists {
		return nil
	}
	return making("log group", name, err)
}
