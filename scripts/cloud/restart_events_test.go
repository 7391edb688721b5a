package cloud_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

// rule creates a rule on the bus "lamps" with one target.
func (l *life) rule(t *testing.T, name, pattern string, target types.Target) {
	t.Helper()
	must(l.bus.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: &name, EventBusName: aws.String("lamps"), EventPattern: &pattern}))(t)
	target.Id = aws.String("target")
	out := must(l.bus.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: &name, EventBusName: aws.String("lamps"), Targets: []types.Target{target}}))(t)
	if out.FailedEntryCount > 0 {
		t.Fatal(*out.FailedEntries[0].ErrorMessage)
	}
}

func (l *life) put(t *testing.T, detail string) {
	t.Helper()
	out := must(l.bus.PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		EventBusName: aws.String("lamps"), Source: aws.String("test"), DetailType: aws.String("tested"), Detail: &detail}}}))(t)
	if out.FailedEntryCount > 0 {
		t.Fatal(*out.Entries[0].ErrorMessage)
	}
}

func (l *life) makeBus(t *testing.T) {
	t.Helper()
	must(l.bus.CreateEventBus(t.Context(), &eventbridge.CreateEventBusInput{Name: aws.String("lamps"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}}}))(t)
}

const all = `{"source":["test"]}`

func rulesStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	l.makeBus(t)
	q := l.queue(t, "jobs", map[string]string{"Policy": open})
	l.rule(t, "on", all, types.Target{Arn: aws.String(arnOf("sqs", "jobs")), InputTransformer: &types.InputTransformer{
		InputPathsMap: map[string]string{"n": "$.detail.n"}, InputTemplate: aws.String(`"got <n>"`)}})
	l.rule(t, "off", all, types.Target{Arn: aws.String(arnOf("sqs", "jobs"))})
	must(l.bus.DisableRule(ctx, &eventbridge.DisableRuleInput{Name: aws.String("off"), EventBusName: aws.String("lamps")}))(t)
	l.rule(t, "gone", all, types.Target{Arn: aws.String(arnOf("sqs", "jobs"))})
	must(l.bus.RemoveTargets(ctx, &eventbridge.RemoveTargetsInput{Rule: aws.String("gone"), EventBusName: aws.String("lamps"), Ids: []string{"target"}}))(t)
	must(l.bus.DeleteRule(ctx, &eventbridge.DeleteRuleInput{Name: aws.String("gone"), EventBusName: aws.String("lamps")}))(t)
	must(l.bus.PutPermission(ctx, &eventbridge.PutPermissionInput{EventBusName: aws.String("lamps"), Action: aws.String("events:PutEvents"), Principal: aws.String("*"), StatementId: aws.String("one")}))(t)
	must(l.bus.CreateArchive(ctx, &eventbridge.CreateArchiveInput{ArchiveName: aws.String("kept"), EventSourceArn: aws.String(arnOf("events", "event-bus/lamps")), RetentionDays: aws.Int32(3)}))(t)
	l.put(t, `{"n":1}`)
	bus := func() *eventbridge.DescribeEventBusOutput {
		return must(l.bus.DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{Name: aws.String("lamps")}))(t)
	}
	archive := func() *eventbridge.DescribeArchiveOutput {
		return must(l.bus.DescribeArchive(ctx, &eventbridge.DescribeArchiveInput{ArchiveName: aws.String("kept")}))(t)
	}
	busBefore, archiveBefore := bus(), archive()

	l = again(l)
	same(t, *busBefore.Policy, *bus().Policy)
	same(t, *archiveBefore.CreationTime, *archive().CreationTime)
	same(t, archiveBefore.EventCount, archive().EventCount)
	same(t, archiveBefore.SizeBytes, archive().SizeBytes)
	same(t, "team", *must(l.bus.ListTagsForResource(ctx, &eventbridge.ListTagsForResourceInput{ResourceARN: busBefore.Arn}))(t).Tags[0].Key)
	rules := must(l.bus.ListRules(ctx, &eventbridge.ListRulesInput{EventBusName: aws.String("lamps")}))(t).Rules
	same(t, 2, len(rules))
	same(t, types.RuleStateDisabled, rules[0].State)
	l.put(t, `{"n":2}`)
	same(t, []string{`"got 1"`, `"got 2"`}, bodies(l.receive(t, q, 600)))
	same(t, int64(2), archive().EventCount)
}

// retryStory has a target whose input is empty, so its deliveries fail and are retried until they become dead
// letters.
func retryStory(t *testing.T, l *life, again func(*life) *life) {
	l.makeBus(t)
	l.queue(t, "jobs", map[string]string{"Policy": open})
	dead := l.queue(t, "dead", map[string]string{"Policy": open})
	l.rule(t, "on", all, types.Target{
		Arn: aws.String(arnOf("sqs", "jobs")), InputPath: aws.String("$.detail.missing"),
		RetryPolicy: &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(2)}, DeadLetterConfig: &types.DeadLetterConfig{Arn: aws.String(arnOf("sqs", "dead"))},
	})
	l.put(t, `{"n":1}`)

	l = again(l)
	same(t, "0", l.attributes(t, dead)["ApproximateNumberOfMessages"])
	eventually(t, "the event is a dead letter", func() bool { return l.attributes(t, dead)["ApproximateNumberOfMessages"] == "1" })
	l = again(l)
	letters := l.receive(t, dead, 600)
	same(t, 1, len(letters))
	for name, want := range map[string]string{"RETRY_ATTEMPTS": "2", "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts", "ERROR_CODE": "ERROR_FROM_TARGET"} {
		same(t, want, aws.ToString(letters[0].MessageAttributes[name].StringValue))
	}
}

// replayStory restarts the cloud during a replay.
func replayStory(t *testing.T, l *life, again func(*life) *life) {
	const events = 2000
	ctx := t.Context()
	l.makeBus(t)
	must(l.bus.CreateArchive(ctx, &eventbridge.CreateArchiveInput{ArchiveName: aws.String("kept"), EventSourceArn: aws.String(arnOf("events", "event-bus/lamps"))}))(t)
	for i := range events / 10 {
		var entries []types.PutEventsRequestEntry
		for j := range 10 {
			entries = append(entries, types.PutEventsRequestEntry{EventBusName: aws.String("lamps"), Source: aws.String("test"), DetailType: aws.String("tested"),
				Detail: aws.String(`{"n":` + strconv.Itoa(10*i+j) + `}`)})
		}
		must(l.bus.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: entries}))(t)
	}
	q := l.queue(t, "jobs", map[string]string{"Policy": open})
	l.rule(t, "on", all, types.Target{Arn: aws.String(arnOf("sqs", "jobs"))})
	start := &eventbridge.StartReplayInput{
		ReplayName: aws.String("again"), EventSourceArn: aws.String(arnOf("events", "archive/kept")), Destination: &types.ReplayDestination{Arn: aws.String(arnOf("events", "event-bus/lamps"))},
		EventStartTime: aws.Time(time.Now().Add(-time.Hour)), EventEndTime: aws.Time(time.Now().Add(time.Hour)),
	}
	must(l.bus.StartReplay(ctx, start))(t)

	l = again(l)
	eventually(t, "the replay is completed", func() bool {
		return must(l.bus.DescribeReplay(ctx, &eventbridge.DescribeReplayInput{ReplayName: aws.String("again")}))(t).State == types.ReplayStateCompleted
	})
	count, err := strconv.Atoi(l.attributes(t, q)["ApproximateNumberOfMessages"])
	ok(t, err)
	if count < events || count > events+1 {
		t.Errorf("%d events were replayed, want %d, of which one may have come twice", count, events)
	}
	_, err = l.bus.StartReplay(ctx, start)
	wantCode(t, err, "ResourceAlreadyExistsException")
}
