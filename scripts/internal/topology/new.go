package topology

import (
	"cmp"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

// New derives the topology. It first checks the manifests against the contracts and against each other; the error
// lists every problem by file.
func New(contracts []schema.Event, manifests []*manifest.Manifest, names Names) (*Topology, error) {
	b := builder{names: names, contracts: map[string]schema.Event{}}
	for _, c := range contracts {
		b.contracts[c.Type] = c
	}
	if err := manifest.Verify(manifests, contracts); err != nil {
		return nil, err
	}
	if err := b.check(manifests); err != nil {
		return nil, err
	}
	t := &Topology{Names: names, Bus: names.Prefix(), Archive: archive(names), Journal: journal(names, contracts), Outside: b.outside(manifests), Outsiders: Outsiders(contracts)}
	for _, c := range contracts {
		if c.Channel == events.SNS {
			t.Topics = append(t.Topics, Topic{Name: names.Topic(c.Type), ARN: names.ARN("sns", names.Topic(c.Type)), Event: c.Type})
		}
	}
	for _, m := range manifests {
		t.Services = append(t.Services, b.service(m))
		for _, key := range m.HTTP {
			t.Routes = append(t.Routes, Route{Key: key, Service: m.Name})
		}
	}
	slices.SortFunc(t.Topics, func(a, b Topic) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(t.Services, func(a, b Service) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(t.Routes, func(a, b Route) int { return cmp.Compare(a.Key, b.Key) })
	if err := t.checkLimits(); err != nil {
		return nil, err
	}
	return t, nil
}

// archive returns the archive, which has the bus's name.
func archive(names Names) Archive {
	return Archive{Name: names.Prefix(), ARN: names.ARN("events", "archive/"+names.Prefix()), RetentionDays: archiveRetention}
}

// builder turns manifests into resources, one at a time.
type builder struct {
	names     Names
	contracts map[string]schema.Event
}

func (b builder) service(m *manifest.Manifest) Service {
	name := b.names.Service(m.Name)
	s := Service{
		Name: m.Name, Runtime: m.Runtime,
		HTTP: len(m.HTTP) > 0, SQL: m.Store == manifest.SQL,
		LogGroup: "/" + b.names.Project + "/" + b.names.Env + "/" + m.Name,
	}
	if m.Store == manifest.DynamoDB {
		s.Table = &Table{Name: name, ARN: b.names.ARN("dynamodb", "table/"+name), HashKey: "pk", TTLAttribute: "expires"}
		for _, index := range slices.Sorted(slices.Values(m.Indexes)) {
			s.Table.Indexes = append(s.Table.Indexes, TableIndex{Name: "by-" + index, HashKey: "by-" + index, RangeKey: "order-" + index})
		}
	}
	if m.HasQueue() {
		b.subscribe(&s, m)
	}
	if m.Runtime == manifest.Lambda {
		b.function(&s, m)
	}
	s.Scheduling = b.scheduling(s, m)
	s.Role = b.role(s, m)
	s.Environment = b.environment(s, m)
	return s
}

// subscribe gives a service its queues, rules and subscriptions.
func (b builder) subscribe(s *Service, m *manifest.Manifest) {
	name := b.names.Service(m.Name)
	s.Queue = b.queue(name, m.Queue.VisibilitySeconds, queueRetention)
	s.DeadLetters = b.queue(name+"-dlq", m.Queue.VisibilitySeconds, deadLetterRetention)
	s.Undelivered = b.queue(name+"-undelivered", m.Queue.VisibilitySeconds, deadLetterRetention)
	s.Queue.Redrive = &Redrive{DeadLetterTargetARN: s.DeadLetters.ARN, MaxReceiveCount: m.Queue.MaxReceives}
	s.DeadLetters.RedriveFrom = []string{s.Queue.ARN}

	var rules, topics []string
	for _, wanted := range m.Subscribes {
		switch contract := b.contracts[wanted.Event]; contract.Channel {
		case events.EventBridge:
			rule := b.rule(s, contract, wanted)
			s.Rules = append(s.Rules, rule)
			rules = append(rules, rule.ARN)
		case events.SNS:
			topic := b.names.ARN("sns", b.names.Topic(contract.Type))
			s.Subscriptions = append(s.Subscriptions, Subscription{Topic: topic, Endpoint: s.Queue.ARN, FilterPolicy: wanted.Where, DeadLetters: s.Undelivered.ARN})
			topics = append(topics, topic)
		case events.Queue: // sent directly to the queue
		}
	}
	s.Queue.Policy = b.admission(s.Queue, rules, topics)
	s.Undelivered.Policy = b.admission(s.Undelivered, rules, topics)
}

func (b builder) queue(name string, visibility, retention int) *Queue {
	return &Queue{
		Name: name, ARN: b.names.ARN("sqs", name),
		VisibilitySeconds: visibility, RetentionSeconds: retention, LongPollSeconds: longPoll,
	}
}

func (b builder) rule(s *Service, contract schema.Event, wanted manifest.Subscription) Rule {
	name := b.names.Rule(s.Name, contract.Type)
	return Rule{
		Name: name, ARN: b.names.ruleARN(name), Event: contract.Type, Pattern: pattern(contract, wanted.Where),
		Target: s.Queue.ARN, DeadLetters: s.Undelivered.ARN, MaxRetries: targetRetries, MaxAge: targetAge,
	}
}

// admission returns a queue's policy: only the service's own rules and topics may send to it.
func (b builder) admission(q *Queue, rules, topics []string) *Policy {
	var statements []Statement
	if len(rules) > 0 {
		statements = append(statements, admit("Rules", "events.amazonaws.com", q.ARN, rules))
	}
	if len(topics) > 0 {
		statements = append(statements, admit("Topics", "sns.amazonaws.com", q.ARN, topics))
	}
	if statements == nil {
		return nil
	}
	p := policy(statements...)
	return &p
}

func (b builder) function(s *Service, m *manifest.Manifest) {
	name := b.names.Service(m.Name)
	s.LogGroup = "/aws/lambda/" + name
	s.Function = &Function{
		Name: name, ARN: b.names.ARN("lambda", "function:"+name),
		Handler: "bootstrap", Runtime: "provided.al2023",
		TimeoutSeconds: m.TimeoutSeconds, MemoryMB: m.MemoryMB,
	}
	if s.Queue != nil {
		s.Mapping = &Mapping{
			Queue: s.Queue.ARN, Function: name,
			Batch: m.Queue.Batch, WindowSeconds: m.Queue.WindowSeconds, MaximumConcurrency: m.Queue.MaxFunctions,
			ResponseTypes: []string{"ReportBatchItemFailures"},
		}
	}
}
