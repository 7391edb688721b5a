package eventbridge_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awseb "github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

// refused checks the beginning of an error's "Code: message", and a part of it.
func refused(t *testing.T, err error, code, part string) {
	t.Helper()
	if got := errorText(err); !strings.HasPrefix(got, code+": ") || !strings.Contains(got, part) {
		t.Errorf("%q, want %s with %q", got, code, part)
	}
}

// TestLengths checks texts at their limits, of the API reference (PutRule, CreateEventBus, Target, PutEventsRequestEntry).
func TestLengths(t *testing.T) {
	client, _, _ := serve(t)
	ctx := t.Context()
	rule(t, client, "default", "r", everything)
	putTarget := func(change func(*types.Target, string)) func(string) error {
		return func(text string) error {
			made := target("t", queueARN)
			change(&made, text)
			_, err := client.PutTargets(ctx, &awseb.PutTargetsInput{Rule: aws.String("r"), Targets: []types.Target{made}})
			return err
		}
	}
	for name, test := range map[string]struct {
		limit int
		call  func(text string) error
	}{
		"description": {512, func(text string) error {
			_, err := client.PutRule(ctx, &awseb.PutRuleInput{Name: aws.String("r"), EventPattern: aws.String(everything), Description: &text})
			return err
		}},
		"description ": {512, func(text string) error {
			_, err := client.CreateEventBus(ctx, &awseb.CreateEventBusInput{Name: aws.String("bus"), Description: &text})
			return err
		}},
		"traceHeader": {500, func(text string) error {
			_, err := client.PutEvents(ctx, &awseb.PutEventsInput{Entries: []types.PutEventsRequestEntry{
				{Source: aws.String("s"), DetailType: aws.String("t"), Detail: aws.String("{}"), TraceHeader: &text}}})
			return err
		}},
		"input":     {8192, putTarget(func(t *types.Target, text string) { t.Input = aws.String(`"` + text[2:] + `"`) })},
		"inputPath": {256, putTarget(func(t *types.Target, text string) { t.InputPath = aws.String("$." + text[2:]) })},
		"inputTemplate": {8192, putTarget(func(t *types.Target, text string) {
			t.InputTransformer = &types.InputTransformer{InputTemplate: aws.String(`"` + text[2:] + `"`)}
		})},
	} {
		if err := test.call(strings.Repeat("x", test.limit)); err != nil {
			t.Errorf("%s at its limit: %v", name, err)
		}
		refused(t, test.call(strings.Repeat("x", test.limit+1)), "ValidationException", strings.TrimSpace(name)+"' failed to satisfy constraint: Member must have length less than or equal to ")
	}
}

// TestLongDetailType fails an entry, not the call: that is what segmentio/action-destinations#2828 met.
func TestLongDetailType(t *testing.T) {
	client, kept, _ := serve(t)
	rule(t, client, "default", "r", everything, target("q", queueARN))
	out, err := client.PutEvents(t.Context(), &awseb.PutEventsInput{Entries: []types.PutEventsRequestEntry{
		{Source: aws.String("s"), DetailType: aws.String(strings.Repeat("é", 128)), Detail: aws.String("{}")},
		{Source: aws.String("s"), DetailType: aws.String(strings.Repeat("t", 129)), Detail: aws.String("{}")},
	}})
	if err != nil || out.FailedEntryCount != 1 || aws.ToString(out.Entries[1].ErrorCode) != "InvalidArgument" || !strings.Contains(aws.ToString(out.Entries[1].ErrorMessage), "DetailType") {
		t.Errorf("%+v, %v", out, err)
	}
	if n := len(kept.take()); n != 1 {
		t.Errorf("%d deliveries", n)
	}
}

// elsewhere lists ARNs of a resource that must not be taken for the local one.
func elsewhere(resource string) []string {
	return []string{
		"arn:aws:events:us-east-1:111111111111:" + resource, "arn:aws:events:eu-west-1:000000000000:" + resource,
		"arn:aws-cn:events:us-east-1:000000000000:" + resource, "arn:aws:sqs:us-east-1:000000000000:" + resource,
	}
}

func TestResourcesElsewhere(t *testing.T) {
	client, kept, _ := serve(t)
	ctx := t.Context()
	const here = "arn:aws:events:us-east-1:000000000000:"
	rule(t, client, here+"event-bus/default", "r", everything, target("q", queueARN))
	if _, err := client.CreateArchive(ctx, &awseb.CreateArchiveInput{ArchiveName: aws.String("a"), EventSourceArn: aws.String(here + "event-bus/default")}); err != nil {
		t.Fatal(err)
	}
	for _, bus := range append(elsewhere("event-bus/default"), here+"rule/default", here+"event-bus/", "event-bus/default") {
		_, err := client.DescribeEventBus(ctx, &awseb.DescribeEventBusInput{Name: &bus})
		refused(t, err, "ResourceNotFoundException", bus)
		_, err = client.PutRule(ctx, &awseb.PutRuleInput{EventBusName: &bus, Name: aws.String("r"), EventPattern: aws.String(everything)})
		refused(t, err, "ResourceNotFoundException", bus)
		_, err = client.ListRules(ctx, &awseb.ListRulesInput{EventBusName: &bus})
		refused(t, err, "ResourceNotFoundException", bus)
		if !strings.HasPrefix(bus, "arn:") {
			continue
		}
		_, err = client.CreateArchive(ctx, &awseb.CreateArchiveInput{ArchiveName: aws.String("b"), EventSourceArn: &bus})
		refused(t, err, "ResourceNotFoundException", bus)
		out, err := client.PutEvents(ctx, &awseb.PutEventsInput{Entries: []types.PutEventsRequestEntry{
			{EventBusName: &bus, Source: aws.String("s"), DetailType: aws.String("t"), Detail: aws.String("{}")}}})
		if err != nil || aws.ToString(out.Entries[0].ErrorCode) != "InvalidArgument" {
			t.Errorf("an event for %s: %+v, %v", bus, out, err)
		}
	}
	if n := len(kept.take()); n > 0 {
		t.Errorf("%d events came to the local bus", n)
	}
	_, err := client.CreateArchive(ctx, &awseb.CreateArchiveInput{ArchiveName: aws.String("b"), EventSourceArn: aws.String("default")})
	refused(t, err, "ValidationException", "default")
	for _, arn := range elsewhere("rule/r") {
		_, err := client.ListTagsForResource(ctx, &awseb.ListTagsForResourceInput{ResourceARN: &arn})
		if got := errorText(err); !strings.Contains(got, "NotFound") && !strings.Contains(got, "is not the ARN") {
			t.Errorf("tags of %s: %s", arn, got)
		}
		_, err = client.StartReplay(ctx, &awseb.StartReplayInput{ReplayName: aws.String("x"), EventSourceArn: aws.String(here + "archive/a"), EventStartTime: aws.Time(time.Unix(1, 0)), EventEndTime: aws.Time(time.Unix(2, 0)),
			Destination: &types.ReplayDestination{Arn: aws.String(here + "event-bus/default"), FilterArns: []string{arn}}})
		refused(t, err, "ValidationException", "FilterArns")
	}
	for _, arn := range elsewhere("archive/a") {
		_, err := client.StartReplay(ctx, &awseb.StartReplayInput{ReplayName: aws.String("x"), EventSourceArn: &arn, EventStartTime: aws.Time(time.Unix(1, 0)), EventEndTime: aws.Time(time.Unix(2, 0)),
			Destination: &types.ReplayDestination{Arn: aws.String(here + "event-bus/default")}})
		refused(t, err, "ValidationException", "EventSourceArn")
	}
	for _, arn := range []string{
		"arn:aws:sqs:us-east-1:111111111111:jobs", "arn:aws:sqs:eu-west-1:000000000000:jobs", "arn:aws:lambda:us-east-1:000000000000:layer:f", "arn:aws:events:us-east-1:000000000000:rule/r",
		"arn:aws:logs:us-east-1:000000000000:destination:d", "arn:aws:kinesis:us-east-1:000000000000:stream/s", "arn:aws:states:us-east-1:000000000000:stateMachine:s",
	} {
		_, err := client.PutTargets(ctx, &awseb.PutTargetsInput{Rule: aws.String("r"), Targets: []types.Target{target("t", arn)}})
		refused(t, err, "ValidationException", "Parameter "+arn+" is not valid")
		dead := target("t", queueARN)
		dead.DeadLetterConfig = &types.DeadLetterConfig{Arn: &arn}
		_, err = client.PutTargets(ctx, &awseb.PutTargetsInput{Rule: aws.String("r"), Targets: []types.Target{dead}})
		refused(t, err, "ValidationException", "DeadLetterConfig")
	}
}

// TestUnknownIsRefusedByName sends what EventBridge does not know in each place where a name or a word selects a meaning.
func TestUnknownIsRefusedByName(t *testing.T) {
	client, _, _ := serve(t)
	ctx := t.Context()
	rule(t, client, "default", "r", everything)
	pattern := func(text string) func() error {
		return func() error {
			_, err := client.PutRule(ctx, &awseb.PutRuleInput{Name: aws.String("p"), EventPattern: &text})
			return err
		}
	}
	putTarget := func(arn string, change func(*types.Target)) func() error {
		return func() error {
			made := target("t", arn)
			change(&made)
			_, err := client.PutTargets(ctx, &awseb.PutTargetsInput{Rule: aws.String("r"), Targets: []types.Target{made}})
			return err
		}
	}
	permit := func(in awseb.PutPermissionInput) func() error {
		return func() error { _, err := client.PutPermission(ctx, &in); return err }
	}
	const topic = "arn:aws:sns:us-east-1:000000000000:t"
	for name, test := range map[string]struct {
		call       func() error
		code, part string
	}{
		"operator":                 {pattern(`{"source": [{"sounds-like": "a"}]}`), "InvalidEventPatternException", "sounds-like"},
		"operator in another case": {pattern(`{"source": [{"Prefix": "a"}]}`), "InvalidEventPatternException", "Prefix"},
		"operator in anything-but": {pattern(`{"source": [{"anything-but": {"cidr": "10.0.0.0/8"}}]}`), "InvalidEventPatternException", "cidr"},
		"operator in prefix":       {pattern(`{"source": [{"prefix": {"wildcard": "*"}}]}`), "InvalidEventPatternException", "wildcard"},
		"numeric operator":         {pattern(`{"source": [{"numeric": ["~", 1]}]}`), "InvalidEventPatternException", "~"},
		"state": {func() error {
			_, err := client.PutRule(ctx, &awseb.PutRuleInput{Name: aws.String("s"), EventPattern: aws.String(everything), State: "ASLEEP"})
			return err
		}, "ValidationException", "ASLEEP"},
		"state of archives": {func() error {
			_, err := client.ListArchives(ctx, &awseb.ListArchivesInput{State: "ASLEEP"})
			return err
		}, "ValidationException", "ASLEEP"},
		"state of replays": {func() error {
			_, err := client.ListReplays(ctx, &awseb.ListReplaysInput{State: "ASLEEP"})
			return err
		}, "ValidationException", "ASLEEP"},
		"two filters": {func() error {
			_, err := client.ListReplays(ctx, &awseb.ListReplaysInput{State: "RUNNING", NamePrefix: aws.String("a")})
			return err
		}, "ValidationException", "At most one filter"},
		"limit": {func() error {
			_, err := client.ListRules(ctx, &awseb.ListRulesInput{Limit: aws.Int32(101)})
			return err
		}, "ValidationException", "limit"},
		"limit of nothing": {func() error {
			_, err := client.ListTargetsByRule(ctx, &awseb.ListTargetsByRuleInput{Rule: aws.String("r"), Limit: aws.Int32(0)})
			return err
		}, "ValidationException", "limit"},
		"empty update": {func() error {
			_, err := client.UpdateArchive(ctx, &awseb.UpdateArchiveInput{ArchiveName: aws.String("a")})
			return err
		}, "ValidationException", "At least one of EventPattern, RetentionDays or Description must be provided."},
		"group of a topic": {putTarget(topic, func(t *types.Target) { t.SqsParameters = &types.SqsParameters{MessageGroupId: aws.String("g")} }), "ValidationException", "SqsParameters"},
		"path":             {putTarget(topic, func(t *types.Target) { t.InputPath = aws.String("$.detail[?(@.a)]") }), "ValidationException", "InputPath"},
		"template's name": {putTarget(topic, func(t *types.Target) {
			t.InputTransformer = &types.InputTransformer{InputTemplate: aws.String("<aws.events.colour>")}
		}), "ValidationException", "aws.events.colour"},
		"Kinesis": {putTarget(topic, func(t *types.Target) {
			t.KinesisParameters = &types.KinesisParameters{PartitionKeyPath: aws.String("p")}
		}), "SerializationException", "KinesisParameters"},
		"principal":         {permit(awseb.PutPermissionInput{StatementId: aws.String("s"), Action: aws.String("events:PutEvents"), Principal: aws.String("me")}), "ValidationException", "Principal"},
		"action":            {permit(awseb.PutPermissionInput{StatementId: aws.String("s"), Action: aws.String("events:PutRule"), Principal: aws.String("*")}), "ValidationException", "Action"},
		"condition":         {permit(awseb.PutPermissionInput{StatementId: aws.String("s"), Action: aws.String("events:PutEvents"), Principal: aws.String("*"), Condition: &types.Condition{Key: aws.String("k"), Type: aws.String("t"), Value: aws.String("v")}}), "SerializationException", "Condition"},
		"policy's member":   {permit(awseb.PutPermissionInput{Policy: aws.String(`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"events:PutEvents","Resource":"*","Wish":"x"}]}`)}), "ValidationException", "Wish"},
		"policy's effect":   {permit(awseb.PutPermissionInput{Policy: aws.String(`{"Statement":[{"Effect":"Perhaps","Principal":"*","Action":"events:PutEvents","Resource":"*"}]}`)}), "ValidationException", "Policy"},
		"policy and action": {permit(awseb.PutPermissionInput{Policy: aws.String(`{}`), Action: aws.String("events:PutEvents")}), "ValidationException", "either Policy"},
		"event": {func() error {
			_, err := client.TestEventPattern(ctx, &awseb.TestEventPatternInput{EventPattern: aws.String(everything), Event: aws.String(`"text"`)})
			return err
		}, "ValidationException", "Parameter Event is not valid."}, // LocalStack's test_plain_string_payload, validated against AWS
		"schedule": {func() error {
			_, err := client.PutRule(ctx, &awseb.PutRuleInput{Name: aws.String("s"), EventPattern: aws.String(everything), ScheduleExpression: aws.String("rate(1 day)")})
			return err
		}, "ValidationException", "ScheduleExpression"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, test.call(), test.code, test.part) })
	}
}
