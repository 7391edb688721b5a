// Package target finds a troupe that runs somewhere, to send events to and to follow
// executions at: on this machine, or on AWS by what Terraform knows of it.
package target

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/events/bus"
)

// Queues are the URLs of a service's queues.
type Queues struct {
	Main        string `json:"main"`
	DeadLetter  string `json:"dead_letter"`
	Undelivered string `json:"undelivered"`
}

// Target is a troupe that runs.
type Target struct {
	Config         aws.Config
	BusName        string
	TopicARNPrefix string
	Queues         map[string]Queues // by service
	LogGroups      []string
	API            string // URL of the HTTP API; "" where it is not known
}

// Publisher returns a publisher for the facts of one producer.
func (t *Target) Publisher(producer string) *bus.Bus {
	return bus.New(bus.Config{
		EventBridge: eventbridge.NewFromConfig(t.Config), BusName: t.BusName,
		SNS: sns.NewFromConfig(t.Config), TopicARNPrefix: t.TopicARNPrefix,
		SQS: sqs.NewFromConfig(t.Config), QueueURL: t.Queues[producer].Main,
	})
}
