package console_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	bridge "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/record"
)

// TestPayloadsOff checks that nothing from an event's data reaches a page if services trace no payloads, although the
// local cloud's tap, its rules' reasons and the dead letters contain it.
func TestPayloadsOff(t *testing.T) {
	t.Parallel()
	const note, sea = "secret@example.com", "secret" // which harbour's rule doesn't match
	p := play(t, func(o *console.Options) { o.Payloads = false })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	streamed := p.listen(ctx)
	detail := `{"metadata": {"id": "e", "type": "wave.measured.v1", "subject": "b-1", "correlationId": "c", "producer": "buoy", "occurredAt": "2026-01-01T00:00:00Z"},
		"data": {"buoyId": "b-1", "centimetres": 310, "note": "` + note + `", "sea": "` + sea + `"}}`
	if _, err := eventbridge.NewFromConfig(p.target.Config).PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []bridge.PutEventsRequestEntry{{
		EventBusName: &p.target.BusName, Source: aws.String("buoy"), DetailType: aws.String("wave.measured.v1"), Detail: &detail,
	}}}); err != nil {
		t.Fatal(err)
	}
	dead := p.target.Queues["harbour"].DeadLetter
	if _, err := sqs.NewFromConfig(p.target.Config).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &dead, MessageBody: &detail}); err != nil {
		t.Fatal(err)
	}
	p.source.Step(events.Step{Service: "pilot", EventID: "e", EventType: "wave.measured.v1", CorrelationID: "c", StartedAt: time.Now(), Outcome: events.Handled})
	p.execution("c", func(e record.Execution) bool {
		return e.Steps == 1 && len(e.Events) == 1 && len(e.Events[0].Parts) == 2 && e.Skipped == 1 && !e.Payloads
	})
	for _, path := range []string{
		"/api/executions", "/api/executions?q=c", "/api/executions/c", "/api/executions/c?download", "/api/executions/c/diagram.svg",
		"/api/dead-letters/harbour/dead", "/api/queues", "/api/map.svg", "/api/faults", "/api/surge",
		"/api/replay?from=-1h&to=now",
	} {
		p.keepsSecret(path, p.text(path), note, sea)
	}
	p.keepsSecret("the stream", streamed(), note, sea)
	if p.text("/api/executions?q="+note) != p.text("/api/executions?q=nothing") {
		t.Error("a search reveals what an event contains")
	}
}

func (p *playing) keepsSecret(where, text string, secrets ...string) {
	p.t.Helper()
	if text == "" {
		p.t.Errorf("%s is empty", where)
	}
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			p.t.Errorf("%s reveals %s: %s", where, secret, text)
		}
	}
}

// text returns the response to a request.
func (p *playing) text(path string) string {
	p.t.Helper()
	response, err := http.Get(p.URL + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(body)
}

// listen opens the stream and returns a function that reads it until an execution appears.
func (p *playing) listen(ctx context.Context) func() string {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/api/stream", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = response.Body.Close() })
	lines := bufio.NewScanner(response.Body)
	return func() string {
		var text strings.Builder
		for lines.Scan() {
			text.WriteString(lines.Text())
			if strings.Contains(lines.Text(), `"steps":1`) {
				return text.String()
			}
		}
		p.t.Fatal(lines.Err())
		return ""
	}
}
