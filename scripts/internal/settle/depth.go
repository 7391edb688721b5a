package settle

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Depth is how many messages a queue holds.
type Depth struct {
	Queue    string `json:"queue"`
	Visible  int    `json:"visible"`
	InFlight int    `json:"inFlight"`
	Delayed  int    `json:"delayed"`
}

// Empty reports whether the queue holds no messages at all.
func (d Depth) Empty() bool { return d.Visible+d.InFlight+d.Delayed == 0 }

func (d Depth) String() string {
	return fmt.Sprintf("%s: %d waiting, %d in flight, %d delayed", d.Queue, d.Visible, d.InFlight, d.Delayed)
}

// depths asks one queue after the other. There are few, and the delay between the first and the last makes the second
// look meaningful.
func (w Watch) depths(ctx context.Context, queues map[string]string) ([]Depth, error) {
	depths := make([]Depth, 0, len(queues))
	for _, name := range slices.Sorted(maps.Keys(queues)) {
		d, err := w.depth(ctx, name, queues[name])
		if err != nil {
			return nil, fmt.Errorf("get the depth of queue %s: %w", name, err)
		}
		depths = append(depths, d)
	}
	return depths, nil
}

func (w Watch) depth(ctx context.Context, name, url string) (Depth, error) {
	out, err := w.Client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &url,
		AttributeNames: []types.QueueAttributeName{
			types.QueueAttributeNameApproximateNumberOfMessages,
			types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
			types.QueueAttributeNameApproximateNumberOfMessagesDelayed,
		},
	})
	if err != nil {
		return Depth{}, err
	}
	d := Depth{Queue: name}
	for attribute, field := range map[types.QueueAttributeName]*int{
		types.QueueAttributeNameApproximateNumberOfMessages:           &d.Visible,
		types.QueueAttributeNameApproximateNumberOfMessagesNotVisible: &d.InFlight,
		types.QueueAttributeNameApproximateNumberOfMessagesDelayed:    &d.Delayed,
	} {
		if *field, err = strconv.Atoi(out.Attributes[string(attribute)]); err != nil {
			return Depth{}, fmt.Errorf("attribute %s: %w", attribute, err)
		}
	}
	return d, nil
}
