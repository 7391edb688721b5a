package eventbridge

import (
	"context"
	"sync"

	"example.com/localcloud/delivery"
	"example.com/localcloud/journal"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// Service is Amazon EventBridge. Create it with New and stop it with Close.
type Service struct {
	// ArchiveBytes is the most that an archive holds, in bytes. Set it before use; New sets MaxArchiveBytes.
	ArchiveBytes int

	router  delivery.Target
	tap     *tap.Tap
	journal *journal.Journal // nil: nothing survives the process

	mu       sync.RWMutex
	buses    map[string]*bus
	archives map[string]*archive
	replays  map[string]*replay
	tags     map[string]map[string]string // by ARN

	background sync.WaitGroup // retries and replays
	retrying   chan struct{}  // holds one element for each delivery being retried
	closing    context.Context
	close      context.CancelFunc
}

// New returns a service with the default bus. It delivers through the router and reports to the tap.
func New(router delivery.Target, t *tap.Tap) *Service {
	s := &Service{
		ArchiveBytes: MaxArchiveBytes,

		router:   router,
		tap:      t,
		buses:    map[string]*bus{},
		archives: map[string]*archive{},
		replays:  map[string]*replay{},
		tags:     map[string]map[string]string{},
		retrying: make(chan struct{}, MaxRetrying),
	}
	s.closing, s.close = context.WithCancel(context.Background())
	s.buses[defaultBus] = newBus(defaultBus, "")
	return s
}

// Close stops retries and replays, and waits for them to end.
func (s *Service) Close() {
	s.close()
	s.background.Wait()
}

// Wire returns the table of operations.
func (s *Service) Wire() *wire.Service {
	return &wire.Service{
		Name:    "events",
		Target:  "AWSEvents",
		Version: "1.1",
		Shapes:  "com.amazonaws.events",
		Operations: []wire.Operation{
			wire.Op("PutEvents", s.PutEvents, (*PutEventsInput).access),
			wire.Op("TestEventPattern", s.TestEventPattern, need("TestEventPattern", func(*TestEventPatternInput) string { return "*" })),

			wire.Op("CreateEventBus", s.CreateEventBus, need("CreateEventBus", (*CreateEventBusInput).arn)),
			wire.Op("DeleteEventBus", s.DeleteEventBus, need("DeleteEventBus", (*EventBusInput).arn)),
			wire.Op("DescribeEventBus", s.DescribeEventBus, need("DescribeEventBus", (*EventBusInput).arn)),
			wire.Op("ListEventBuses", s.ListEventBuses, need("ListEventBuses", func(*ListInput) string { return "*" })),
			wire.Op("PutPermission", s.PutPermission, need("PutPermission", (*PutPermissionInput).arn)),
			wire.Op("RemovePermission", s.RemovePermission, need("RemovePermission", (*RemovePermissionInput).arn)),

			wire.Op("PutRule", s.PutRule, need("PutRule", (*PutRuleInput).arn)),
			wire.Op("DeleteRule", s.DeleteRule, need("DeleteRule", (*RuleInput).arn)),
			wire.Op("DescribeRule", s.DescribeRule, need("DescribeRule", (*RuleInput).arn)),
			wire.Op("EnableRule", s.EnableRule, need("EnableRule", (*RuleInput).arn)),
			wire.Op("DisableRule", s.DisableRule, need("DisableRule", (*RuleInput).arn)),
			wire.Op("ListRules", s.ListRules, need("ListRules", (*ListRulesInput).arn)),
			wire.Op("ListRuleNamesByTarget", s.ListRuleNamesByTarget, need("ListRuleNamesByTarget", (*ListRuleNamesByTargetInput).arn)),
			wire.Op("PutTargets", s.PutTargets, need("PutTargets", (*PutTargetsInput).arn)),
			wire.Op("RemoveTargets", s.RemoveTargets, need("RemoveTargets", (*RemoveTargetsInput).arn)),
			wire.Op("ListTargetsByRule", s.ListTargetsByRule, need("ListTargetsByRule", (*ListTargetsByRuleInput).arn)),

			wire.Op("CreateArchive", s.CreateArchive, need("CreateArchive", (*CreateArchiveInput).arn)),
			wire.Op("UpdateArchive", s.UpdateArchive, need("UpdateArchive", (*UpdateArchiveInput).arn)),
			wire.Op("DeleteArchive", s.DeleteArchive, need("DeleteArchive", (*ArchiveInput).arn)),
			wire.Op("DescribeArchive", s.DescribeArchive, need("DescribeArchive", (*ArchiveInput).arn)),
			wire.Op("ListArchives", s.ListArchives, need("ListArchives", func(*ListArchivesInput) string { return archiveARN("*") })),
			wire.Op("StartReplay", s.StartReplay, need("StartReplay", (*StartReplayInput).arn)),
			wire.Op("CancelReplay", s.CancelReplay, need("CancelReplay", (*ReplayInput).arn)),
			wire.Op("DescribeReplay", s.DescribeReplay, need("DescribeReplay", (*ReplayInput).arn)),
			wire.Op("ListReplays", s.ListReplays, need("ListReplays", func(*ListReplaysInput) string { return replayARN("*") })),

			wire.Op("TagResource", s.TagResource, need("TagResource", (*TagResourceInput).arn)),
			wire.Op("UntagResource", s.UntagResource, need("UntagResource", (*UntagResourceInput).arn)),
			wire.Op("ListTagsForResource", s.ListTagsForResource, need("ListTagsForResource", (*ListTagsForResourceInput).arn)),
		},
	}
}

// need returns the permission that an input needs on its resource.
func need[In any](action string, arn func(*In) string) func(*In) []wire.Access {
	return func(in *In) []wire.Access {
		return []wire.Access{{Action: "events:" + action, Resource: arn(in)}}
	}
}
