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
	j := t.Journal
	if err := w.log(ctx, t, j.Rule, j.Pattern, nil); err != nil {
		return err
	}
	if j.Hiding == nil {
		return w.removeHiding(ctx, t)
	}
	return w.log(ctx, t, j.Hiding.Rule, j.Hiding.Pattern, &types.InputTransformer{InputPathsMap: j.Hiding.Paths, InputTemplate: &j.Hiding.Template})
}

// log creates a rule that writes events to the journal's log group, as they are or transformed.
func (w *Wirer) log(ctx context.Context, t *topology.Topology, rule string, pattern []byte, as *types.InputTransformer) error {
	_, err := w.bus.PutRule(ctx, &eventbridge.PutRuleInput{
		Name: &rule, EventBusName: &t.Bus, EventPattern: aws.String(string(pattern)), State: types.RuleStateEnabled,
	})
	if err != nil {
		return making("rule", rule, err)
	}
	return making("target of rule", rule, w.target(ctx, t.Bus, rule, types.Target{Id: aws.String(logTarget), Arn: &t.Journal.ARN, InputTransformer: as}))
}

// removeHiding removes the rule for events with personal data, of which there were some before.
func (w *Wirer) removeHiding(ctx context.Context, t *topology.Topology) error {
	rule := topology.HidingRule(t.Names)
	_, err := w.bus.RemoveTargets(ctx, &eventbridge.RemoveTargetsInput{Rule: &rule, EventBusName: &t.Bus, Ids: []string{logTarget}})
	if err == nil {
		_, err = w.bus.DeleteRule(ctx, &eventbridge.DeleteRuleInput{Name: &rule, EventBusName: &t.Bus})
	}
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
		return nil
	}
	return making("rule", rule, err)
}

// logTarget is the ID of the only target of the journal's rules.
const logTarget = "log"
