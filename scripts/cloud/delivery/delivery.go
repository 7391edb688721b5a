// Package delivery is how one AWS service of the local cloud hands something to
// another: a rule to a queue, a topic to a function.
package delivery

import (
	"context"
	"fmt"
	"strings"

	"example.com/localcloud/wire"
)

// Attribute is a message attribute, as SQS and SNS carry them.
type Attribute struct {
	DataType    string
	StringValue string
	BinaryValue []byte
}

// Delivery is one message on its way from one service to another.
type Delivery struct {
	To         string // ARN of the queue, topic, function, bus or log group
	Service    string // the principal that delivers: "events.amazonaws.com"
	Source     string // ARN of the rule or topic it comes from: aws:SourceArn
	Body       []byte
	Attributes map[string]Attribute
	GroupID    string // FIFO
	DedupID    string // FIFO
}

// Target takes deliveries to the resources of one AWS service. A *wire.Error tells
// why one was not accepted; whether to try again is the sender's policy.
type Target interface {
	Deliver(ctx context.Context, d Delivery) error
}

// Router finds the target by the service in the ARN: "sqs", "sns", "lambda", …
type Router map[string]Target

// Deliver hands a delivery to the service that its ARN names.
func (r Router) Deliver(ctx context.Context, d Delivery) error {
	parts := strings.SplitN(d.To, ":", 4)
	if len(parts) == 4 && r[parts[2]] != nil {
		return r[parts[2]].Deliver(ctx, d)
	}
	return &wire.Error{Code: "ValidationException", Message: fmt.Sprintf("the local cloud delivers nothing to %s", d.To)}
}
