package source_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"example.com/localcloud"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/endpoint"
)

// TestThePast: a console begins with what an earlier run logged, in order of time, and reports what is logged while it
// starts once.
func TestThePast(t *testing.T) {
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	client := cloudwatchlogs.NewFromConfig(endpoint.At(server.Endpoint))
	now := time.Now().UTC()
	step := func(service, event string, at time.Time) events.Step {
		return events.Step{Service: service, EventID: event, StartedAt: at}
	}
	put := func(group, line string, at time.Time) {
		t.Helper()
		name := &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: aws.String("s")}
		_, _ = client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group}) // it may exist already
		_, _ = client.CreateLogStream(t.Context(), name)
		if _, err := client.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{
			LogGroupName: &group, LogStreamName: name.LogStreamName,
			LogEvents: []types.InputLogEvent{{Message: &line, Timestamp: aws.Int64(at.UnixMilli())}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	putStep := func(group string, s events.Step) {
		t.Helper()
		encoded, err := json.Marshal(map[string]any{"msg": events.StepMessage, "step": s})
		if err != nil {
			t.Fatal(err)
		}
		put(group, string(encoded), s.StartedAt)
	}
	putStep("a", step("pilot", "later", now.Add(-time.Hour)))
	putStep("b", step("harbour", "first", now.Add(-2*time.Hour)))
	put("b", `{"msg":"a storm is coming","service":"harbour","eventId":"first","time":"`+now.Format(time.RFC3339Nano)+`"}`, now.Add(-2*time.Hour))
	put("b", `{"msg":"ready","service":"harbour"}`, now.Add(-3*time.Hour))
	twice := step("pilot", "twice", now)
	putStep("a", twice)

	local := source.NewLocal(nil, wired(t))
	local.Remember(&source.CloudWatch{Client: client, Groups: []string{"a", "b", "missing"}})
	local.Step(twice)
	local.Step(step("pilot", "new", now.Add(time.Second)))
	local.Line(fmt.Appendf(nil, `{"msg":"hold on","service":"pilot","eventId":"new"}`))
	want := []string{"step harbour first", "line harbour first a storm is coming", "step pilot later", "step pilot twice", "step pilot new", "line pilot new hold on"}
	if diff := cmp.Diff(want, newNotes().read(t, local, len(want))); diff != "" {
		t.Error("(-want +got)\n" + diff)
	}
}
