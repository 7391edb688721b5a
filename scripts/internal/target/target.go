// Package target finds a running troupe, so that commands can send events to it and follow its executions: on this
// machine, or on AWS by Terraform's outputs.
package target

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/events"
	"example.com/troupe/events/bus"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/settle"
	"example.com/troupe/scripts/internal/stack"
)

// Queues are the URLs of a service's queues.
type Queues struct {
	Main        string `json:"main"`
	DeadLetter  string `json:"dead_letter"`
	Undelivered string `json:"undelivered"`
}

// Rules are the ARNs of a service's rules, by event type.
type Rules map[string]string

// Target is a running troupe.
type Target struct {
	Config         aws.Config
	BusName        string
	TopicARNPrefix string
	Queues         map[string]Queues // by service
	LogGroups      []string          // of the services and the journal
	Journal        string            // log group that holds the bus's events
	Archive        string            // ARN of the archive of the bus's events
	Rules          map[string]Rules  // by service
	Tables         map[string]string // names, by service; only services with the store dynamodb
	API            string            // URL of the HTTP API; "" if unknown

	// Outsiders are the contracts of events from outside.
	Outsiders []*events.Contract
}

// Find finds the troupe of an environment: the local one at an endpoint, others on AWS.
func Find(ctx context.Context, declared *stack.Declared, env, endpoint string) (*Target, error) {
	if env == stack.Env {
		return Local(ctx, declared, endpoint)
	}
	return deployed(ctx, declared, env)
}

// tables returns the names of the services' tables.
func tables(declared *stack.Declared, prefix string) map[string]string {
	names := map[string]string{}
	for _, m := range declared.Manifests {
		if m.Store == manifest.DynamoDB {
			names[m.Name] = prefix + "-" + m.Name
		}
	}
	return names
}

// Watch returns a watch that waits until everything is handled. Its queues are named after their services.
func (t *Target) Watch() settle.Watch {
	w := settle.Watch{Client: sqs.NewFromConfig(t.Config), Interval: time.Second, Queues: map[string]string{}, DeadLetters: map[string]string{}}
	for service, urls := range t.Queues {
		w.Queues[service] = urls.Main
		w.DeadLetters[service+" dead-letter queue"] = urls.DeadLetter
		w.DeadLetters[service+" undelivered"] = urls.Undelivered
	}
	return w
}

// Publisher publishes events. A *bus.PublishError says which of them were not accepted.
type Publisher interface {
	Publish(context.Context, ...events.Message) error
}

// Publisher returns a publisher for the events of one producer. Those from outside are played, which works only in a
// local cloud: elsewhere, publishing one is an *OutsideError.
func (t *Target) Publisher(producer string) Publisher {
	if slices.ContainsFunc(t.Outsiders, func(c *events.Contract) bool { return c.Producer == producer }) {
		return outside{t}
	}
	return bus.New(bus.Config{
		EventBridge: eventbridge.NewFromConfig(t.Config), BusName: t.BusName,
		SNS: sns.NewFromConfig(t.Config), TopicARNPrefix: t.TopicARNPrefix,
		SQS: sqs.NewFromConfig(t.Config), QueueURL: t.Queues[producer].Main,
	})
}
