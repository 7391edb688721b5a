package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/hashicorp/terraform-exec/tfexec"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/target"
)

// destroy removes an environment, unless messages would be lost.
func (d *deployment) destroy(ctx context.Context) error {
	if err := d.check(ctx); err != nil {
		return err
	}
	if err := d.initialise(ctx); err != nil {
		return err
	}
	out, err := d.outputs(ctx)
	if err != nil {
		return err
	}
	if err := d.checkQueues(ctx, out); err != nil {
		return err
	}
	p, err := d.plan(ctx, tfexec.Destroy(true))
	if err != nil {
		return err
	}
	defer p.Close()
	d.summarise(p)
	if p.empty() {
		return nil
	}
	if err := d.guard(p); err != nil {
		return err
	}
	if err := d.confirm("Destroy all of "+d.env+"?", true); err != nil {
		return err
	}
	return d.apply(ctx, p.actions(), tfexec.DirOrPlan(p.file))
}

// depths are the attributes with a queue's numbers of messages.
var depths = []types.QueueAttributeName{
	types.QueueAttributeNameApproximateNumberOfMessages,
	types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
	types.QueueAttributeNameApproximateNumberOfMessagesDelayed,
}

// checkQueues returns an error if queues hold messages, unless -force was given.
func (d *deployment) checkQueues(ctx context.Context, out target.Outputs) error {
	cfg := d.cfg.Copy()
	cfg.Region = out.Region
	client := sqs.NewFromConfig(cfg)
	var held []string
	for _, service := range slices.Sorted(maps.Keys(out.Queues)) {
		of := out.Queues[service]
		for _, queue := range []struct{ what, url string }{{"", of.Main}, {" (dead letters)", of.DeadLetter}, {" (undelivered)", of.Undelivered}} {
			n, err := depth(ctx, client, queue.url)
			if err != nil {
				return cli.Refuse("count the messages of %s: %w", service, err)
			}
			if n > 0 {
				held = append(held, fmt.Sprintf("\n  %s%s: %d", service, queue.what, n))
			}
		}
	}
	if len(held) == 0 || d.force {
		return nil
	}
	return cli.Refuse("queues hold messages, which would be lost:%s\nLet the services handle them, or use -force", fmt.Sprint(held))
}

// depth returns the number of messages in a queue, or 0 if the queue doesn't exist.
func depth(ctx context.Context, client *sqs.Client, url string) (total int, err error) {
	counted, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: depths})
	if _, gone := errors.AsType[*types.QueueDoesNotExist](err); gone {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for _, value := range counted.Attributes {
		n, err := strconv.Atoi(value)
		if err != nil {
			return 0, fmt.Errorf("%q is not a count: %w", value, err)
		}
		total += n
	}
	return total, nil
}
