package archive_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"example.com/localcloud"
	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/target"
)

// TestCountSaysWhatIsMissing counts events of which the archive and the log group have let some go.
func TestCountSaysWhatIsMissing(t *testing.T) {
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	server.EventBridge.ArchiveBytes, server.Logs.Budget = 20_000, 10_000
	at := &target.Target{
		Config: endpoint.At(server.Endpoint), BusName: "sea", Journal: "/sea/journal", Archive: "arn:aws:events:us-east-1:000000000000:archive/sea",
		Rules: map[string]target.Rules{"harbour": {"lamp.lit.v1": "a rule"}},
	}
	bus, groups := eventbridge.NewFromConfig(at.Config), cloudwatchlogs.NewFromConfig(at.Config)
	made, err := bus.CreateEventBus(t.Context(), &eventbridge.CreateEventBusInput{Name: &at.BusName})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bus.CreateArchive(t.Context(), &eventbridge.CreateArchiveInput{ArchiveName: aws.String("sea"), EventSourceArn: made.EventBusArn}); err != nil {
		t.Fatal(err)
	}
	if _, err := groups.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &at.Journal}); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: aws.String("journal"), EventBusName: &at.BusName, EventPattern: aws.String(`{"source":["sea"]}`)}); err != nil {
		t.Fatal(err)
	}
	group := "arn:aws:logs:us-east-1:000000000000:log-group:" + at.Journal
	if _, err := bus.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: aws.String("journal"), EventBusName: &at.BusName, Targets: []types.Target{{Id: aws.String("log"), Arn: &group}}}); err != nil {
		t.Fatal(err)
	}
	put := func(n int) {
		t.Helper()
		for range n {
			_, err := bus.PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
				EventBusName: &at.BusName, Source: aws.String("sea"), DetailType: aws.String("lamp.lit.v1"),
				Detail: aws.String(`{"metadata":{"id":"1"},"data":"` + strings.Repeat("x", 700) + `"}`),
			}}})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	count := func() archive.Contents {
		t.Helper()
		within := archive.Range{From: time.Now().Add(-time.Hour).Truncate(time.Second), To: time.Now().Add(time.Hour)}
		found, err := archive.Of(at).Count(t.Context(), within, "", func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	put(3)
	if found := count(); found.Total != 3 || len(found.Missing) != 0 {
		t.Errorf("of 3 events: %+v", found)
	}
	put(50)
	found := count()
	if found.Total == 0 || found.Total > 20 || len(found.Missing) != 2 ||
		!strings.HasPrefix(found.Missing[0], "log group /sea/journal: local cloud: ") || !strings.HasPrefix(found.Missing[1], "archive sea: ") {
		t.Errorf("of 53 events: %d, %q", found.Total, found.Missing)
	}
}
