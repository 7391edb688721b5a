// Package delivery defines how one AWS service of the local cloud delivers messages to another: a rule to a queue, a
// topic to a function.
package delivery

import (
	"context"
	"fmt"
	"strings"

	"example.com/localcloud/wire"
)

// Attribute is a message attribute of SQS or SNS.
type Attribute struct {
	DataType    string
	StringValue string
	BinaryValue []byte
}

// Delivery is a message from one service to another.
type Delivery struct {
	To         string // ARN of the queue, topic, function, bus or log group
	Service    string // the delivering principal: "events.amazonaws.com"
	Source     string // ARN of the rule, topic or schedule, for aws:SourceArn
	Body       []byte
	Attributes map[string]Attribute
	GroupID    string // FIFO
	DedupID    string // FIFO

	// Authorized says that the sender acts for a role that may do this, so the target asks no policy of its own.
	Authorized bool
}

// Target accepts deliveries for the resources of one AWS service. A *wire.Error says why it rejected one. The sender
// decides whether to retry.
type Target interface {
	Deliver(ctx context.Context, d Delivery) error
}

// Router maps the service in an ARN to its target: "sqs", "sns", "lambda", …
type Router map[string]Target

// Deliver passes a delivery to the target for the service in its ARN.
func (r Router) Deliver(ctx context.Context, d Delivery) error {
	parts := strings.SplitN(d.To, ":", 4)
	if len(parts) < 4 || r[parts[2]] == nil {
		return &wire.Error{Code: "ValidationException", Message: fmt.Sprintf("the local cloud cannot deliver to %s", d.To)}
	}
	if _, err := wire.Local(parts[2], "", d.To); err != nil {
		return &wire.Error{Code: "ResourceNotFoundException", Message: err.Error()}
	}
	return r[parts[2]].Deliver(ctx, d)
}
