package wiring

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"example.com/troupe/scripts/internal/topology"
)

// logGroup creates a service's log group. An endpoint for workers only may lack CloudWatch Logs; its services then
// log to this machine alone.
func (w *Wirer) logGroup(ctx context.Context, s topology.Service, made *Service) error {
	err := w.createLogGroup(ctx, s.LogGroup)
	if err != nil && w.WorkersOnly {
		return ctx.Err()
	}
	made.LogGroup = s.LogGroup
	return err
}

// createLogGroup creates a log group if it doesn't exist.
func (w *Wirer) createLogGroup(ctx context.Context, name string) error {
	_, err := w.logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name}, func(o *cloudwatchlogs.Options) {
		if w.WorkersOnly {
			o.RetryMaxAttempts = 1 // retrying doesn't help if the endpoint lacks CloudWatch Logs
		}
	})
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); exists {
		return nil
	}
	return making("log group", name, err)
}
