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
	once := func(o *cloudwatchlogs.Options) {
		if w.WorkersOnly {
			o.RetryMaxAttempts = 1 // a service that is not there does not come with patience
		}
	}
	_, err := w.logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &s.LogGroup}, once)
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); exists {
		err = nil
	}
	if err != nil && w.WorkersOnly {
		return ctx.Err()
	}
	made.LogGroup = s.LogGroup
	return making("log group", s.LogGroup, err)
}
