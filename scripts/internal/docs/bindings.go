package docs

import (
	"encoding/json"
	"fmt"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/topology"
)

type server struct {
	Host        string               `json:"host"`
	Protocol    string               `json:"protocol"`
	Description string               `json:"description"`
	Variables   map[string]parameter `json:"variables,omitempty"`
	Tags        []tag                `json:"tags"`
}

type operation struct {
	Action   string         `json:"action"`
	Channel  reference      `json:"channel"`
	Title    string         `json:"title"`
	Summary  string         `json:"summary,omitempty"`
	Messages []reference    `json:"messages"`
	Tags     []tag          `json:"tags"`
	Traits   []reference    `json:"traits,omitempty"`
	Bindings map[string]any `json:"bindings,omitempty"`
	Rule     any            `json:"x-eventbridge,omitempty"`
}

// trait is what a service's operations share: the queues in which it receives.
type trait struct {
	Bindings map[string]any `json:"bindings"`
}

// protocols are AsyncAPI's names of the channels, which are also those in the hosts of AWS's endpoints, but for the bus.
var protocols = map[events.Channel]string{events.EventBridge: "eventbridge", events.SNS: "sns", events.Queue: "sqs"}

// servers returns the endpoints of the protocols that channels use, in each environment.
func (s *system) servers(channels map[string]channel) map[string]server {
	made, used := map[string]server{}, map[string]bool{}
	for _, c := range channels {
		for _, to := range c.Servers {
			used[strings.TrimPrefix(to.Ref, "#/servers/")] = true
		}
	}
	for _, env := range s.Environments {
		for _, protocol := range protocols {
			id := env.Name + "-" + protocol
			if !used[id] {
				continue
			}
			name := strings.Replace(protocol, "eventbridge", "events", 1)
			to := server{Protocol: protocol, Tags: []tag{{Name: "env:" + env.Name}}}
			to.Host, to.Description = name+".{region}.amazonaws.com", "The environment "+env.Name+" on AWS."
			to.Variables = map[string]parameter{"region": {Default: env.Region, Description: "The AWS region."}}
			if env == s.Environments[0] {
				to.Host, to.Description, to.Variables = strings.TrimPrefix(endpoint.Local, "http://"), "The local cloud, while make up runs.", nil
			}
			made[id] = to
		}
	}
	return made
}

func (s *system) channel(e *event) channel {
	c := channel{Address: s.Address(e), Title: e.Type, Messages: map[string]reference{}}
	protocol := protocols[e.Channel]
	for _, env := range s.Environments {
		c.Servers = append(c.Servers, reference{"#/servers/" + env.Name + "-" + protocol})
	}
	switch e.Channel {
	case events.EventBridge:
		c.Description = fmt.Sprintf("The event bus %s, where rules route events by their detail-type. The message is the event's detail.", s.Bus)
		source, detailType := e.Producer, e.Type
		if e.Outside != nil {
			source, detailType = e.Outside.Source, e.Outside.DetailType
		}
		c.EventBridge = map[string]string{"bus": s.Bus, "source": source, "detail-type": detailType}
		return c
	case events.SNS:
		c.Description = "The event's own SNS topic."
		c.Bindings = map[string]any{"sns": object{{"name", c.Address}, {"bindingVersion", snsBinding}}}
	case events.Queue:
		c.Title = "The queue of " + e.Producer
		c.Description = "Reminders of " + e.Producer + " to itself: nobody else sends to its queue directly."
		if e.Publisher != nil && e.Publisher.Resources.Queue != nil {
			own := e.Publisher.Resources
			c.Bindings = map[string]any{"sqs": object{
				{"queue", queue(own.Queue, own.DeadLetters)},
				{"deadLetterQueue", queue(own.DeadLetters, nil)},
				{"bindingVersion", sqsBinding},
			}}
		}
	}
	c.Parameters = map[string]parameter{"env": {Description: "The environment. In bindings, {env} stands for it too."}}
	environment := c.Parameters["env"]
	for _, env := range s.Environments {
		environment.Enum = append(environment.Enum, env.Name)
	}
	c.Parameters["env"] = environment
	return c
}

// operations adds what a service sends and receives.
func (s *system) operations(d *document, m *service) {
	add := func(action, verb string, e *event) operation {
		d.Components.Messages[e.Type] = message{} // exchange describes it
		return operation{
			Action: action, Title: m.Name + " " + verb + " " + e.Type,
			Channel:  reference{"#/channels/" + channelID(e)},
			Messages: []reference{{"#/channels/" + channelID(e) + "/messages/" + e.Type}},
			Tags:     []tag{{Name: m.Name}},
		}
	}
	for _, e := range m.Publishes {
		d.Operations[m.Name+".send."+e.Type] = add("send", "sends", e)
	}
	for _, wanted := range m.Subscribes {
		received := add("receive", "receives", wanted.Event)
		if wanted.Where != nil {
			received.Summary = "Only where " + strings.Join(where(wanted.Where), ", and ") + "."
		}
		s.delivery(&received, wanted)
		d.Operations[m.Name+".receive."+wanted.Event.Type] = received
	}
	if own := m.Resources; own.Queue != nil {
		d.Components.OperationTraits[m.Name] = trait{map[string]any{"sqs": object{
			{"queues", []any{queue(own.Queue, own.DeadLetters), queue(own.DeadLetters, nil), queue(own.Undelivered, nil)}},
			{"bindingVersion", sqsBinding},
		}}}
	}
}

// delivery describes how an event comes into the subscriber's queue.
func (s *system) delivery(o *operation, wanted subscription) {
	own := wanted.Service.Resources
	if wanted.Event.Channel != events.Queue {
		o.Traits = []reference{{"#/components/operationTraits/" + own.Name}}
	}
	switch wanted.Event.Channel {
	case events.EventBridge:
		for _, rule := range own.Rules {
			if rule.Pattern.DetailType[0] == wanted.Event.Type {
				o.Rule = struct {
					Rule            string           `json:"rule"`
					Pattern         topology.Pattern `json:"pattern"`
					Target          string           `json:"target"`
					DeadLetterQueue string           `json:"deadLetterQueue"`
				}{rule.Name, rule.Pattern, own.Queue.Name, own.Undelivered.Name}
			}
		}
	case events.SNS:
		consumer := object{{"protocol", "sqs"}, {"endpoint", named(own.Queue)}, {"rawMessageDelivery", true}}
		if wanted.Where != nil {
			consumer = append(consumer, member{"filterPolicy", json.RawMessage(wanted.Where)}, member{"filterPolicyScope", "MessageBody"})
		}
		consumer = append(consumer, member{"redrivePolicy", object{{"deadLetterQueue", named(own.Undelivered)}}})
		o.Bindings = map[string]any{"sns": object{
			{"topic", object{{"name", s.Address(wanted.Event)}}},
			{"consumers", []any{consumer}},
			{"bindingVersion", snsBinding},
		}}
	case events.Queue: // the channel's own binding says it
	}
}

func named(q *topology.Queue) object { return object{{"name", q.Name}} }

// queue returns a queue as the SQS binding describes it; one without dead letters has no redrive policy.
func queue(q, deadLetters *topology.Queue) object {
	made := object{
		{"name", q.Name}, {"fifoQueue", false},
		{"visibilityTimeout", q.VisibilitySeconds},
		{"receiveMessageWaitTime", q.LongPollSeconds},
		{"messageRetentionPeriod", q.RetentionSeconds},
	}
	if deadLetters != nil {
		made = append(made, member{"redrivePolicy", object{{"deadLetterQueue", named(deadLetters)}, {"maxReceiveCount", q.Redrive.MaxReceiveCount}}})
	}
	return made
}
