package eventbridge_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awseb "github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"example.com/localcloud/delivery"
	"example.com/localcloud/eventbridge"
	"example.com/localcloud/journal"
	"example.com/localcloud/tap"
)

// opened returns a client of a service whose archives have a budget and whose state is in a folder, the deliveries of
// its rules, and what closes it.
func opened(t *testing.T, folder string, budget int) (*awseb.Client, *targets, func()) {
	t.Helper()
	kept, err := journal.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	delivered := &targets{}
	service := eventbridge.New(delivery.Router{"sqs": delivered}, &tap.Tap{})
	service.ArchiveBytes = budget
	if err := service.Restore(kept); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(service.Wire())
	client := awseb.New(awseb.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
	return client, delivered, func() {
		server.Close()
		service.Close()
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestArchiveLetsGo puts more events into an archive than it holds, one a second, and checks that the oldest are gone,
// that the archive and a replay say so, that the rest is whole, and that a restart brings nothing back.
func TestArchiveLetsGo(t *testing.T) {
	const budget, events = 40_000, 100
	began := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	folder := t.TempDir()
	client, kept, stop := opened(t, folder, budget)
	rule(t, client, "default", "all", everything, target("q", queueARN))
	if _, err := client.CreateArchive(t.Context(), &awseb.CreateArchiveInput{ArchiveName: aws.String("all"), EventSourceArn: aws.String(busARN)}); err != nil {
		t.Fatal(err)
	}
	for n := range events {
		_, err := client.PutEvents(t.Context(), &awseb.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
			Source: aws.String("app"), DetailType: aws.String("t"), Time: aws.Time(began.Add(time.Duration(n) * time.Second)),
			Detail: aws.String(fmt.Sprintf(`{"n":%d,"x":%q}`, n, strings.Repeat("x", 900))),
		}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	var again int
	replayed := func(client *awseb.Client, delivered *targets, from time.Time) (numbers []int, reason string) {
		t.Helper()
		delivered.take()
		again++
		name := fmt.Sprint("again-", again)
		out, err := client.StartReplay(t.Context(), &awseb.StartReplayInput{ReplayName: &name, EventSourceArn: aws.String(archiveARN + "all"),
			Destination: &types.ReplayDestination{Arn: aws.String(busARN)}, EventStartTime: &from, EventEndTime: aws.Time(began.Add(events * time.Second))})
		if err != nil {
			t.Fatal(err)
		}
		for {
			now, err := client.DescribeReplay(t.Context(), &awseb.DescribeReplayInput{ReplayName: &name})
			if err != nil || aws.ToString(now.StateReason) != aws.ToString(out.StateReason) {
				t.Fatal(now, err)
			}
			if now.State == types.ReplayStateCompleted {
				break
			}
		}
		for _, d := range delivered.take() {
			numbers = append(numbers, int(decode(t, string(d.Body))["detail"].(map[string]any)["n"].(float64)))
		}
		return numbers, aws.ToString(out.StateReason)
	}
	check := func(client *awseb.Client, delivered *targets, budget int64) int {
		t.Helper()
		held, err := client.DescribeArchive(t.Context(), &awseb.DescribeArchiveInput{ArchiveName: aws.String("all")})
		if err != nil || held.SizeBytes > budget || held.SizeBytes < budget/2 {
			t.Fatal(held, err)
		}
		gone := events - int(held.EventCount)
		want := fmt.Sprintf("%d events up to %s were let go: the local cloud keeps the last", gone, began.Add(time.Duration(gone-1)*time.Second).Format(time.RFC3339))
		if !strings.HasPrefix(aws.ToString(held.StateReason), want) {
			t.Errorf("the archive says %q, want %q", aws.ToString(held.StateReason), want)
		}
		numbers, reason := replayed(client, delivered, began)
		if reason != *held.StateReason || len(numbers) != events-gone {
			t.Errorf("a replay of all says %q and sends %d events, want %d", reason, len(numbers), events-gone)
		}
		for i, n := range numbers {
			if n != gone+i {
				t.Fatalf("event %d of the replay is %d, want %d", i, n, gone+i)
			}
		}
		if numbers, reason := replayed(client, delivered, began.Add(time.Duration(gone)*time.Second)); reason != "" || len(numbers) != events-gone {
			t.Errorf("a replay of what is kept says %q and sends %d events", reason, len(numbers))
		}
		return gone
	}
	before := check(client, kept, budget)
	stop()
	client, kept, stop = opened(t, folder, budget)
	if after := check(client, kept, budget); after != before {
		t.Errorf("%d events are gone after a restart, and %d before", after, before)
	}
	stop()
	client, kept, stop = opened(t, folder, budget/2)
	defer stop()
	if after := check(client, kept, budget/2); after <= before {
		t.Errorf("with half the budget, %d events are gone, and %d with all of it", after, before)
	}
}
