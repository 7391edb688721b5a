package stack

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/localcloud/tap"
	"example.com/troupe/events/bus"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/topology"
)

// Topology returns the topology that was created.
func (s *Stack) Topology() *topology.Topology { return s.topology }

// Contracts returns the events of the checkout.
func (s *Stack) Contracts() []schema.Event { return s.declared.Contracts }

// Declared returns what the checkout says about itself.
func (s *Stack) Declared() *Declared { return s.declared }

// Tap returns the tap of the local cloud, or nil at another endpoint.
func (s *Stack) Tap() *tap.Tap {
	if s.cloud == nil {
		return nil
	}
	return s.cloud.server.Tap
}

// Config returns a configuration that reaches the endpoint with all permissions.
func (s *Stack) Config() aws.Config { return s.cfg }

// As returns a configuration that reaches the endpoint with the permissions of one service.
func (s *Stack) As(ctx context.Context, service string) (aws.Config, error) {
	for _, declared := range s.topology.Services {
		if declared.Name == service {
			taken, err := s.wirer.Take(ctx, declared.Role)
			cfg := s.cfg.Copy()
			cfg.Credentials = credentials.StaticCredentialsProvider{Value: taken}
			return cfg, err
		}
	}
	return aws.Config{}, fmt.Errorf("there is no service %s", service)
}

// Publisher returns a publisher for the events of one producer. It has the permissions of cfg.
func (s *Stack) Publisher(cfg aws.Config, producer string) *bus.Bus {
	names := s.topology.Names
	return bus.New(bus.Config{
		EventBridge: eventbridge.NewFromConfig(cfg), BusName: names.Prefix(),
		SNS: sns.NewFromConfig(cfg), TopicARNPrefix: names.ARN("sns", names.Prefix()+"-"),
		SQS: sqs.NewFromConfig(cfg), QueueURL: s.wired.Services[producer].Queue,
	})
}
