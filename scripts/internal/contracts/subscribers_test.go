package contracts_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	bridge "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"example.com/localcloud"
	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/contracts"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/target"
)

// TestSubscribersOnAWS finds subscribers that no service.json declares.
func TestSubscribersOnAWS(t *testing.T) {
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	at := &target.Target{Config: endpoint.At(server.Endpoint), BusName: "sea-dev"}
	bus, topics := eventbridge.NewFromConfig(at.Config), sns.NewFromConfig(at.Config)
	if _, err := bus.CreateEventBus(t.Context(), &eventbridge.CreateEventBusInput{Name: &at.BusName}); err != nil {
		t.Fatal(err)
	}
	const queue = "arn:aws:sqs:us-east-1:000000000000:sea-dev-harbour"
	for name, pattern := range map[string]string{
		"old":     `{"detail-type": ["lamp.lit.v1"], "detail": {"data": {"candelas": [1]}}}`,
		"all":     `{"source": [{"prefix": ""}]}`,
		"lamps":   `{"detail-type": [{"prefix": "lamp."}]}`,
		"new":     `{"detail-type": ["lamp.lit.v2"]}`,
		"another": `{"detail-type": ["wave.measured.v1"]}`,
	} {
		if _, err := bus.PutRule(t.Context(), &eventbridge.PutRuleInput{EventBusName: &at.BusName, Name: &name, EventPattern: &pattern}); err != nil {
			t.Fatal(err)
		}
		if _, err := bus.PutTargets(t.Context(), &eventbridge.PutTargetsInput{EventBusName: &at.BusName, Rule: &name, Targets: []bridge.Target{{Id: aws.String("1"), Arn: aws.String(queue)}}}); err != nil {
			t.Fatal(err)
		}
	}
	topic, err := topics.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("sea-dev-fog-seen-v1")})
	if err != nil {
		t.Fatal(err)
	}
	at.TopicARNPrefix = aws.ToString(topic.TopicArn)[:len(aws.ToString(topic.TopicArn))-len("fog-seen-v1")]
	if _, err := topics.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("sqs"), Endpoint: aws.String(queue)}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		events.Contract
		want []string
	}{
		{events.Contract{Type: "lamp.lit.v1", Channel: events.EventBridge}, []string{"rule lamps → " + queue, "rule old → " + queue}},
		{events.Contract{Type: "fog.seen.v1", Channel: events.SNS}, []string{"sqs " + queue}},
		{events.Contract{Type: "berth.checked.v1", Channel: events.Queue, Producer: "harbour"}, []string{"harbour itself: it is a reminder"}},
	} {
		found, err := contracts.Subscribers(t.Context(), at, schema.Event{Contract: c.Contract})
		slices.Sort(found)
		if err != nil || !slices.Equal(found, c.want) {
			t.Errorf("%s: got %v, %v; want %v", c.Type, found, err, c.want)
		}
	}
}
