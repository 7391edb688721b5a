package stories_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/wiring"
)

// TestPast tests what an operator can do with past events, on a few observations that have ended.
func TestPast(t *testing.T) {
	if os.Getenv("TROUPE_ENDPOINT") != "" {
		t.Skip("other endpoints need not have archives, logs and functions")
	}
	p := newPast(t)
	for _, chapter := range []struct {
		name string
		test func(*past)
	}{{"replay", (*past).replayAll}, {"replay to one", (*past).replayToOne}, {"rebuild", (*past).rebuild}} {
		t.Run(chapter.name, func(t *testing.T) {
			p.t, p.replay.t, p.mark = t, t, time.Now()
			chapter.test(p)
		})
	}
}

// replayAll checks that a replay of everything changes nothing.
func (p *past) replayAll() {
	before, published := p.state(), p.published()
	p.says(0, []string{"-dry-run"}, "observation.requested.v1", "slot.refused.v1", "observation.announced.v1 receive them again", "dry run")
	p.says(0, []string{"-dry-run", "-json", "-service", "scheduling"}, `"observation.requested.v1": 4`, `"observation.withdrawn.v1": 3`, `"total": 7`)
	p.says(2, nil, "you did not type yes") // stdin is empty
	p.says(2, []string{"-service", "dome"}, "dome subscribes to nothing on the bus")
	if steps := p.since(); len(steps) > 0 {
		p.t.Fatalf("before the replay there were %d steps: %+v", len(steps), steps[0])
	}
	p.says(0, []string{"-yes"}, "scheduling: 5 repeated", "herald: 5 repeated", "desk: ")
	p.allRepeated()
	if after := p.state(); after != before {
		p.t.Errorf("the replay changed the state\nbefore:\n%s\nafter:\n%s", before, after)
	}
	if after := p.published(); !slices.Equal(after, published) {
		p.t.Errorf("the replay published other events: %d, before %d", len(after), len(published))
	}
}

// replayToOne checks that a replay for one service reaches no other service. The service publishes its events again,
// which their subscribers also treat as repeats.
func (p *past) replayToOne() {
	p.says(0, []string{"-yes", "-service", "scheduling"}, "scheduling: 5 repeated")
	p.allRepeated()
	for _, step := range p.since() {
		if step.Service != "scheduling" && step.EventType == "observation.requested.v1" {
			p.t.Errorf("%s got a request that was for scheduling", step.Service)
		}
	}
}

// rebuild rebuilds the state of scheduling by the steps in terraform/REBUILD.md.
func (p *past) rebuild() {
	before, published := p.documents("scheduling"), p.published()
	start := p.stop("scheduling")
	p.says(0, []string{"-yes", "-service", "scheduling", "-watch", "0"}, "Replay "+stack.Project+"-local-")
	p.empty("scheduling")
	start()
	for _, id := range p.requests {
		p.find(func(s events.Step) bool {
			return s.Service == "scheduling" && s.EventID == id && s.Outcome == events.Handled && s.StartedAt.After(p.mark)
		})
	}
	p.settle(true)
	if after := p.documents("scheduling"); after != before {
		p.t.Errorf("the state is another\nbefore:\n%s\nafter:\n%s", before, after)
	}
	if after := p.published(); !slices.Equal(after, published) {
		p.t.Errorf("the events are others: %d, before %d", len(after), len(published))
	}
	for _, step := range p.since() {
		if step.Service != "scheduling" && step.Outcome != events.Repeated {
			p.t.Errorf("%s took %s again: %s", step.Service, step.EventType, step.Outcome)
		}
	}
}

// past is a few observations that have ended.
type past struct {
	t        *testing.T
	ctx      context.Context
	at       *stack.Stack
	replay   command
	began    time.Time
	requests []string  // IDs of the events that requested them
	mark     time.Time // everything before it is the past
}

// newPast requests observations: two that are completed, one that clouds prevent, and one on a fully booked night.
// Then it withdraws one of the first by hand.
func newPast(t *testing.T) *past {
	at := own(t)
	p := &past{t: t, at: at, replay: buildCommand(t, at, "replay"), began: time.Now()}
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	t.Cleanup(cancel)
	p.ctx = ctx
	var subject string
	for _, other := range []map[string]any{{"sky": "cloudy"}, {"site": "attic"}, {}, {}} {
		message := example(t, at, "observation.requested.v1", other)
		publish(ctx, t, at, message)
		p.requests, subject = append(p.requests, message.Envelope.Metadata.ID), message.Envelope.Metadata.Subject
		p.settle(false)
	}
	publish(ctx, t, at, example(t, at, "observation.withdrawn.v1", map[string]any{"observationId": subject, "reason": "undecided"}))
	p.settle(true)
	return p
}

// settle waits until everything is handled, with reminders also until none is due.
func (p *past) settle(reminders bool) {
	p.t.Helper()
	w := p.at.Watch()
	w.IgnoreDelayed = !reminders
	if _, err := w.Wait(p.ctx); err != nil {
		p.t.Fatal(err)
	}
}

func (p *past) find(holds func(events.Step) bool) {
	p.t.Helper()
	if _, err := p.at.Steps.Find(p.ctx, holds); err != nil {
		p.t.Fatal(err)
	}
}

// says runs replay and checks its exit code and its output.
func (p *past) says(code int, arguments []string, parts ...string) {
	p.t.Helper()
	span := []string{"-from", p.began.Format(time.RFC3339), "-to", "now"}
	got, printed := p.replay.run(p.ctx, append(span, arguments...)...)
	if got != code {
		p.t.Errorf("replay %q: exit %d, want %d\n%s", arguments, got, code, printed)
	}
	for _, part := range parts {
		if !strings.Contains(printed, part) {
			p.t.Errorf("replay %q does not say %q:\n%s", arguments, part, printed)
		}
	}
}

// since returns the steps after the mark.
func (p *past) since() []events.Step {
	return p.at.Steps.Where(func(s events.Step) bool { return s.StartedAt.After(p.mark) })
}

func (p *past) allRepeated() {
	p.t.Helper()
	p.settle(true)
	steps := p.since()
	if len(steps) == 0 {
		p.t.Error("nothing was replayed")
	}
	for _, step := range steps {
		if step.Outcome != events.Repeated {
			p.t.Errorf("%s: %s was %s", step.Service, step.EventType, step.Outcome)
		}
	}
}

// published returns the IDs of all published events, sorted.
func (p *past) published() []string {
	seen := map[string]bool{}
	for _, step := range p.at.Steps.All() {
		for _, event := range step.Published {
			seen[event.ID] = true
		}
	}
	ids := make([]string, 0, len(seen))
	for id := range seen {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// state returns the content of the services' tables.
func (p *past) state() string {
	var all []string
	for _, s := range p.at.Topology().Services {
		if s.Table != nil {
			all = append(all, p.items(s.Table.Name, func(item map[string]types.AttributeValue) string {
				return fmt.Sprint(text(item["pk"]), number(item["version"]), text(item["body"]))
			}))
		}
	}
	return strings.Join(all, "\n")
}

// voided matches a released slot without details: an observation that is withdrawn first has no slot to release, and
// events arrive in any order.
var voided = regexp.MustCompile(`"state":"released"[^}]*`)

// documents returns the documents of a service, without inbox records and write counts.
func (p *past) documents(service string) string {
	return p.items(p.at.Topology().Names.Service(service), func(item map[string]types.AttributeValue) string {
		if strings.HasPrefix(text(item["pk"]), "inbox#") {
			return ""
		}
		return text(item["pk"]) + " " + voided.ReplaceAllString(text(item["body"]), `"state":"voided"`)
	})
}

// items describes the items of a table, sorted; it omits items without a description.
func (p *past) items(table string, describe func(map[string]types.AttributeValue) string) string {
	p.t.Helper()
	var lines []string
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(p.at.Config()), &dynamodb.ScanInput{TableName: &table})
	for pages.HasMorePages() {
		page, err := pages.NextPage(p.ctx)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, item := range page.Items {
			if line := describe(item); line != "" {
				lines = append(lines, line)
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func text(value types.AttributeValue) string {
	if s, ok := value.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

func number(value types.AttributeValue) string {
	if n, ok := value.(*types.AttributeValueMemberN); ok {
		return n.Value
	}
	return ""
}

// stop disables the event source mapping of a service's function and returns a function that enables it.
func (p *past) stop(service string) (start func()) {
	p.t.Helper()
	client, name := lambda.NewFromConfig(p.at.Config()), p.at.Topology().Names.Service(service)
	found, err := client.ListEventSourceMappings(p.ctx, &lambda.ListEventSourceMappingsInput{FunctionName: &name})
	if err != nil || len(found.EventSourceMappings) != 1 {
		p.t.Fatalf("mappings of %s: %+v, %v", name, found, err)
	}
	enable := func(on bool, state string) {
		out, err := client.UpdateEventSourceMapping(p.ctx, &lambda.UpdateEventSourceMappingInput{UUID: found.EventSourceMappings[0].UUID, Enabled: &on})
		for err == nil && *out.State != state && p.ctx.Err() == nil {
			pause.For(p.ctx, pollEvery)
			var now *lambda.GetEventSourceMappingOutput
			if now, err = client.GetEventSourceMapping(p.ctx, &lambda.GetEventSourceMappingInput{UUID: out.UUID}); err == nil {
				out.State = now.State
			}
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	enable(false, "Disabled")
	return func() { enable(true, "Enabled") }
}

// empty deletes the table of a service and creates it again, as a deployment would.
func (p *past) empty(service string) {
	p.t.Helper()
	name := p.at.Topology().Names.Service(service)
	if _, err := dynamodb.NewFromConfig(p.at.Config()).DeleteTable(p.ctx, &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
		p.t.Fatal(err)
	}
	wirer := wiring.New(p.at.Config())
	wirer.WorkersOnly = true // leaves the function unchanged
	if _, err := wirer.Wire(p.ctx, p.at.Topology(), service); err != nil {
		p.t.Fatal(err)
	}
}
