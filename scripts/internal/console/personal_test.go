package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/console"
)

// TestPersonalData checks that the captain, whom ship.docked.v1 marks as personal, is only seen if asked for: in dead letters,
// documents and the bus's log. What is published and redriven keeps him.
func TestPersonalData(t *testing.T) {
	t.Parallel()
	const captain = "Ahab of Nantucket"
	const detail = `{"metadata": {"id": "e", "type": "ship.docked.v1", "subject": "s-1", "correlationId": "c", "producer": "harbour", "occurredAt": "2026-01-01T00:00:00Z"},
		"data": {"shipId": "s-1", "berth": "east-4", "captain": "` + captain + `"}}`
	for _, shown := range []bool{false, true} {
		p := play(t, func(o *console.Options) { o.Payloads, o.Personal = true, shown })
		if got := p.ask("POST", "/api/events/ship.docked.v1", `{"shipId": "s-1", "berth": "east-4", "captain": "`+captain+`"}`, nil); got != http.StatusAccepted {
			t.Fatalf("publish: status %d", got)
		}
		queues := sqs.NewFromConfig(p.target.Config)
		urls := p.target.Queues["pilot"]
		for _, body := range []string{detail, "about " + captain, `{"detail-type": "ship.docked.v1", "detail": ` + detail + `}`} {
			if _, err := queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &urls.DeadLetter, MessageBody: &body}); err != nil {
				t.Fatal(err)
			}
		}
		table := p.target.Tables["pilot"]
		if _, err := dynamodb.NewFromConfig(p.target.Config).PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "doc#ship/s-1"}, "version": &types.AttributeValueMemberN{Value: "1"},
			"body": &types.AttributeValueMemberS{Value: `{"berths":[{"captain":"` + captain + `","berth":"east-4"}]}`},
		}}); err != nil {
			t.Fatal(err)
		}
		for path, marks := range map[string]int{"/api/dead-letters/pilot/dead": 3, "/api/documents/pilot": 1} {
			text := p.text(path)
			if shown != strings.Contains(text, captain) || shown == (strings.Count(text, `"[personal]"`) == marks) || !shown && path != "/api/dead-letters/pilot/dead" && !strings.Contains(text, "east-4") {
				t.Errorf("shown is %t: %s is %s", shown, path, text)
			}
		}
		logged, err := cloudwatchlogs.NewFromConfig(p.target.Config).FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &p.target.Journal})
		if err != nil || len(logged.Events) != 1 {
			t.Fatalf("the bus's log has %d events: %v", len(logged.Events), err)
		}
		if line := aws.ToString(logged.Events[0].Message); strings.Contains(line, captain) || !strings.Contains(line, `"ship.docked.v1"`) {
			t.Errorf("the bus's log has %s", line)
		}
		if got := p.ask("POST", "/api/dead-letters/pilot/dead", "{}", nil); got != http.StatusAccepted {
			t.Fatalf("redrive: status %d", got)
		}
		whole := 0
		for whole < 4 && t.Context().Err() == nil {
			out, err := queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &urls.Main, MaxNumberOfMessages: 10, WaitTimeSeconds: 5})
			if err != nil || len(out.Messages) == 0 {
				t.Fatalf("%d messages arrived: %v", whole, err)
			}
			for _, m := range out.Messages {
				if whole++; !strings.Contains(*m.Body, captain) {
					t.Errorf("the pilot gets %s", *m.Body)
				}
			}
		}
	}
}
