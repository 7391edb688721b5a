package wiring

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"example.com/troupe/scripts/internal/topology"
)

// memory creates the archive and the journal. An endpoint for workers only may lack both; nothing can be replayed
// there.
func (w *Wirer) memory(ctx context.Context, t *topology.Topology) error {
	err := w.archive(ctx, t)
	if err == nil {
		err = w.journal(ctx, t)
	}
	if err != nil && w.WorkersOnly {
		return ctx.Err()
	}
	return err
}

func (w *Wirer) archive(ctx context.Context, t *topology.Topology) error {
	days := aws.Int32(int32(t.Archive.RetentionDays))
	_, err := w.bus.CreateArchive(ctx, &eventbridge.CreateArchiveInput{
		ArchiveName: &t.Archive.Name, EventSourceArn: aws.String(t.Names.BusARN()), RetentionDays: days,
	})
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); exists {
		_, err = w.bus.UpdateArchive(ctx, &eventbridge.UpdateArchiveInput{ArchiveName: &t.Archive.Name, RetentionDays: days})
	}
	return making("archive", t.Archive.Name, err)
}

func (w *Wirer) journal(ctx context.Context, t *topology.Topology) error {
	if err := w.createLogGroup(ctx, t.Journal.LogGroup); err != nil {
		return err
	}
	_, err := w.bus.PutRule(ctx, &eventbridge.PutRuleInput{
		Name: &t.Journal.Rule, EventBusName: &t.Bus, EventPattern: aws.String(string(t.Journal.Pattern)), State: types.RuleStateEnabled,
	})
	if err != nil {
		return making("rule", t.Journal.Rule, err)
	}
	return making("target of rule", t.Journal.Rule, w.target(ctx, t.Bus, t.Journal.Rule, types.Target{Id: aws.String("log"), Arn: &t.Journal.ARN}))
}
