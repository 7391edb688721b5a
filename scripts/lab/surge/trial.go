package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"example.com/localcloud"
	"example.com/troupe/events"
	"example.com/troupe/events/bus"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/surge"
)

// A trial publishes a number of events as fast as they are accepted. The surge gets a share of the rate reached,
// because then the worker and its twin also run on this machine, and a queue fills.
const (
	trialEvents = 3000
	trialShare  = 0.6
)

// trial returns how many events per second this machine can publish to a topic and deliver over HTTP, in a cloud of
// its own. Other channels reach about the same rate.
func trial(ctx context.Context, about *subject) (reachable float64, err error) {
	messages, err := about.events(trialEvents)
	if err != nil {
		return 0, err
	}
	for i := range messages {
		messages[i].Channel = events.SNS
	}
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	var delivered atomic.Int64
	all := make(chan struct{})
	hook, err := newWebhook(server.Endpoint, func(string, []byte) int {
		if delivered.Add(1) == trialEvents {
			close(all)
		}
		return http.StatusNoContent
	})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, hook.Close()) }()
	client := sns.NewFromConfig(endpoint.At(server.Endpoint))
	topic, err := client.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String(dashed(about.contract.Type))})
	if err != nil {
		return 0, err
	}
	if _, err := subscribe(ctx, client, *topic.TopicArn, hook, surge.Retry{Times: 3, Seconds: 20}); err != nil {
		return 0, err
	}
	to := bus.New(bus.Config{SNS: client, TopicARNPrefix: strings.TrimSuffix(*topic.TopicArn, dashed(about.contract.Type))})
	began := time.Now()
	if err := publish(ctx, to, messages, 0, func(int, int) error { return nil }); err != nil {
		return 0, err
	}
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-all:
		return trialEvents / time.Since(began).Seconds(), nil
	}
}

// dashed returns an event type as it appears in the name of its topic.
func dashed(eventType string) string { return strings.ReplaceAll(eventType, ".", "-") }

// rounded rounds a rate to two digits; a trial is no more precise.
func rounded(rate float64) float64 {
	unit := 1.0
	for rate/unit >= 100 {
		unit *= 10
	}
	return max(1, float64(int(rate/unit))*unit)
}
