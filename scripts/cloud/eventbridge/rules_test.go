package eventbridge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awseb "github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/google/go-cmp/cmp"
)

const everything = `{"source":[{"exists":true}]}`

func TestBusesRulesAndTargets(t *testing.T) {
	client, _, _ := serve(t)
	ctx := t.Context()
	bus, err := client.CreateEventBus(ctx, &awseb.CreateEventBusInput{Name: aws.String("lamps"), Description: aws.String("d"), Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}})
	if err != nil || *bus.EventBusArn != "arn:aws:events:us-east-1:000000000000:event-bus/lamps" {
		t.Fatal(bus, err)
	}
	buses, err := client.ListEventBuses(ctx, &awseb.ListEventBusesInput{})
	if err != nil || len(buses.EventBuses) != 2 || *buses.EventBuses[0].Name != "default" {
		t.Error(buses, err)
	}
	arn := rule(t, client, "lamps", "r1", everything, target("a", queueARN), target("b", queueARN))
	if arn != "arn:aws:events:us-east-1:000000000000:rule/lamps/r1" {
		t.Error(arn)
	}
	rule(t, client, *bus.EventBusArn, "r2", everything, target("a", dlqARN))
	rules, err := client.ListRules(ctx, &awseb.ListRulesInput{EventBusName: aws.String("lamps"), Limit: aws.Int32(1)})
	if err != nil || len(rules.Rules) != 1 || *rules.Rules[0].Name != "r1" || *rules.Rules[0].EventPattern != everything {
		t.Fatal(rules, err)
	}
	rules, err = client.ListRules(ctx, &awseb.ListRulesInput{EventBusName: aws.String("lamps"), NextToken: rules.NextToken, NamePrefix: aws.String("r")})
	if err != nil || len(rules.Rules) != 1 || *rules.Rules[0].Name != "r2" || rules.NextToken != nil {
		t.Error(rules, err)
	}
	names, err := client.ListRuleNamesByTarget(ctx, &awseb.ListRuleNamesByTargetInput{EventBusName: aws.String("lamps"), TargetArn: aws.String(queueARN)})
	if err != nil || !cmp.Equal(names.RuleNames, []string{"r1"}) {
		t.Error(names, err)
	}
	targets, err := client.ListTargetsByRule(ctx, &awseb.ListTargetsByRuleInput{EventBusName: aws.String("lamps"), Rule: aws.String("r1")})
	if err != nil || len(targets.Targets) != 2 {
		t.Error(targets, err)
	}
	tags, err := client.ListTagsForResource(ctx, &awseb.ListTagsForResourceInput{ResourceARN: bus.EventBusArn})
	if err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Value != "v" {
		t.Error(tags, err)
	}
	_, err = client.DeleteRule(ctx, &awseb.DeleteRuleInput{EventBusName: aws.String("lamps"), Name: aws.String("r1")})
	if errorText(err) != "ValidationException: Rule can't be deleted since it has targets." {
		t.Error(errorText(err))
	}
	if _, err = client.DeleteEventBus(ctx, &awseb.DeleteEventBusInput{Name: aws.String("lamps")}); !strings.Contains(errorText(err), "since it has rules") {
		t.Error(errorText(err))
	}
	removed, err := client.RemoveTargets(ctx, &awseb.RemoveTargetsInput{EventBusName: aws.String("lamps"), Rule: aws.String("r1"), Ids: []string{"a", "b", "none"}})
	if err != nil || removed.FailedEntryCount != 1 || *removed.FailedEntries[0].TargetId != "none" {
		t.Error(removed, err)
	}
	if _, err = client.DeleteRule(ctx, &awseb.DeleteRuleInput{EventBusName: aws.String("lamps"), Name: aws.String("r1")}); err != nil {
		t.Error(err)
	}
	_, err = client.DescribeRule(ctx, &awseb.DescribeRuleInput{EventBusName: aws.String("lamps"), Name: aws.String("r1")})
	if errorText(err) != "ResourceNotFoundException: Rule r1 does not exist on EventBus lamps." {
		t.Error(errorText(err))
	}
}

func TestRefusals(t *testing.T) {
	client, _, _ := serve(t)
	ctx := t.Context()
	rule(t, client, "default", "r", everything)
	manyTargets := make([]types.Target, 6)
	for i := range manyTargets {
		manyTargets[i] = target(fmt.Sprint("t", i), queueARN)
	}
	putTarget := func(change func(*types.Target)) func() error {
		made := target("t", queueARN)
		change(&made)
		return func() error {
			_, err := client.PutTargets(ctx, &awseb.PutTargetsInput{Rule: aws.String("r"), Targets: []types.Target{made}})
			return err
		}
	}
	putRule := func(in awseb.PutRuleInput) func() error {
		return func() error { _, err := client.PutRule(ctx, &in); return err }
	}
	for want, call := range map[string]func() error{
		"ResourceAlreadyExistsException: Event bus default already exists.": func() error {
			_, err := client.CreateEventBus(ctx, &awseb.CreateEventBusInput{Name: aws.String("default")})
			return err
		},
		"ValidationException: Event bus name must not contain '/'.": func() error {
			_, err := client.CreateEventBus(ctx, &awseb.CreateEventBusInput{Name: aws.String("a/b")})
			return err
		},
		"ValidationException: Cannot delete event bus default.": func() error {
			_, err := client.DeleteEventBus(ctx, &awseb.DeleteEventBusInput{Name: aws.String("default")})
			return err
		},
		"ResourceNotFoundException: Event bus none does not exist.": putRule(awseb.PutRuleInput{EventBusName: aws.String("none"), Name: aws.String("r"), EventPattern: aws.String(everything)}),
		"ResourceNotFoundException: Rule none does not exist on EventBus default.": func() error {
			_, err := client.PutTargets(ctx, &awseb.PutTargetsInput{Rule: aws.String("none"), Targets: manyTargets[:1]})
			return err
		},
		"LimitExceededException: The requested resource exceeds the maximum number allowed.": func() error {
			_, err := client.PutTargets(ctx, &awseb.PutTargetsInput{Rule: aws.String("r"), Targets: manyTargets})
			return err
		},
		"InvalidEventPatternException: Event pattern is not valid. Reason: Empty arrays are not allowed":                                                                            putRule(awseb.PutRuleInput{Name: aws.String("r"), EventPattern: aws.String(`{"source":[]}`)}),
		"ValidationException: The local cloud has no schedules: ScheduleExpression is not supported.":                                                                               putRule(awseb.PutRuleInput{Name: aws.String("r"), ScheduleExpression: aws.String("rate(1 minute)")}),
		"ValidationException: 1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+": putRule(awseb.PutRuleInput{Name: aws.String("a b"), EventPattern: aws.String(everything)}),
		"ValidationException: Parameter x is not valid. Reason: Provided Arn is not in correct format.":                                                                             putTarget(func(t *types.Target) { t.Arn = aws.String("x") }),
		"ValidationException: Parameter(s) SqsParameters must be specified for target: t.":                                                                                          putTarget(func(t *types.Target) { t.Arn = aws.String(queueARN + ".fifo") }),
		"ValidationException: JSON syntax error in input for target t.":                                                                                                             putTarget(func(t *types.Target) { t.Input = aws.String("{") }),
		"ValidationException: Only one of Input, InputPath, or InputTransformer must be provided for target t.":                                                                     putTarget(func(t *types.Target) { t.Input, t.InputPath = aws.String("{}"), aws.String("$.detail") }),
		"ValidationException: InputTemplate for target t contains invalid placeholder x.":                                                                                           putTarget(func(t *types.Target) { t.InputTransformer = &types.InputTransformer{InputTemplate: aws.String("<x>")} }),
		"ValidationException: MaximumRetryAttempts must be between 0 and 185.":                                                                                                      putTarget(func(t *types.Target) { t.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(186)} }),
		"ValidationException: DeadLetterConfig of target t must name a standard SQS queue, not " + queueARN + ".fifo" + ".": putTarget(func(t *types.Target) {
			t.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(queueARN + ".fifo")}
		}),
		"SerializationException: unknown field \"EcsParameters\"": putTarget(func(t *types.Target) { t.EcsParameters = &types.EcsParameters{TaskDefinitionArn: aws.String("x")} }),
	} {
		if got := errorText(call()); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestPermissionsAndTags(t *testing.T) {
	client, _, _ := serve(t)
	ctx := t.Context()
	for _, sid := range []string{"one", "two"} {
		if _, err := client.PutPermission(ctx, &awseb.PutPermissionInput{StatementId: &sid, Principal: aws.String("111122223333"), Action: aws.String("events:PutEvents")}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.RemovePermission(ctx, &awseb.RemovePermissionInput{StatementId: aws.String("one")}); err != nil {
		t.Fatal(err)
	}
	bus, err := client.DescribeEventBus(ctx, &awseb.DescribeEventBusInput{})
	if err != nil {
		t.Fatal(err)
	}
	statements := decode(t, *bus.Policy)["Statement"].([]any)
	if len(statements) != 1 || statements[0].(map[string]any)["Sid"] != "two" {
		t.Error(*bus.Policy)
	}
	if _, err := client.TagResource(ctx, &awseb.TagResourceInput{ResourceARN: bus.Arn, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.UntagResource(ctx, &awseb.UntagResourceInput{ResourceARN: bus.Arn, TagKeys: []string{"a"}}); err != nil {
		t.Fatal(err)
	}
	tags, err := client.ListTagsForResource(ctx, &awseb.ListTagsForResourceInput{ResourceARN: bus.Arn})
	if err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Key != "b" {
		t.Error(tags, err)
	}
}
