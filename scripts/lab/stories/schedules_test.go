package stories_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/lab/fixture"
)

// night is a running system with schedules and reminders.
type night struct {
	*testing.T
	ctx    context.Context
	stack  *stack.Stack
	client *scheduler.Client
	group  string
}

// TestSchedules runs the watch, whose role has no more permissions than on AWS.
func TestSchedules(t *testing.T) {
	if os.Getenv("TROUPE_ENDPOINT") != "" {
		t.Skip("other endpoints need not have EventBridge Scheduler")
	}
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	root := fixture.Tree(t, "watch")
	s, err := stack.Start(ctx, stack.Options{Root: root, Log: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStack(t, s)
	n := &night{t, ctx, s, scheduler.NewFromConfig(s.Config()), s.Topology().Names.Service("watch")}

	n.fires("round-due-v1", "watch-round-due-v1-", "ridge")
	n.fires("lamp-due-v1", "watch-lamp-due-v1-", "gate & path")
	n.publishesNow()
	n.reminds()
	n.changes(root)
}

// fires makes a one-time copy of a schedule, twice, and checks that it has its effect under the identity of its time.
func (n *night) fires(name, id, subject string) {
	n.Helper()
	declared, err := n.client.GetSchedule(n.ctx, &scheduler.GetScheduleInput{GroupName: &n.group, Name: &name})
	if err != nil {
		n.Fatal(err)
	}
	at := time.Now().UTC().Add(2 * time.Second).Truncate(time.Second)
	for _, copied := range []string{"copy", "again"} {
		_, err := n.client.CreateSchedule(n.ctx, &scheduler.CreateScheduleInput{
			GroupName: &n.group, Name: aws.String(name + copied), ScheduleExpression: aws.String(at.Format("at(2006-01-02T15:04:05)")),
			FlexibleTimeWindow: declared.FlexibleTimeWindow, Target: declared.Target, ActionAfterCompletion: types.ActionAfterCompletionDelete,
		})
		if err != nil {
			n.Fatal(err)
		}
	}
	want := id + at.Format(time.RFC3339)
	for _, outcome := range []events.Outcome{events.Handled, events.Repeated} {
		step, err := n.stack.Steps.Find(n.ctx, func(step events.Step) bool { return step.EventID == want && step.Outcome == outcome })
		if err != nil || step.Subject != subject || step.CorrelationID != want {
			n.Errorf("%s %s: %+v, %v", want, outcome, step, err)
		}
	}
}

// publishesNow publishes scheduled events as make publish does.
func (n *night) publishesNow() {
	n.Helper()
	command := buildCommand(n.T, n.stack, "publish")
	for eventType, subject := range map[string]string{"round.due.v1": "ridge", "lamp.due.v1": "gate & path"} {
		code, out := command.run(n.ctx, "-follow", eventType)
		if code != 0 || !strings.Contains(out, "on the schedule ") || !strings.Contains(out, "subject "+subject) || !strings.Contains(out, "Watch.") {
			n.Errorf("publish %s: exit %d\n%s", eventType, code, out)
		}
	}
}

// reminds lets two guests arrive, of which one leaves.
func (n *night) reminds() {
	n.Helper()
	guests := map[string]string{} // name of the reminder, by guest
	for _, guest := range []string{"guest-a", "guest-b"} {
		message := example(n.T, n.stack, "guest.arrived.v1", map[string]any{"guestId": guest, "stays": "night"})
		publish(n.ctx, n.T, n.stack, message)
		step, err := n.stack.Steps.Find(n.ctx, func(step events.Step) bool { return step.EventID == message.Envelope.Metadata.ID })
		if err != nil || len(step.Published) != 1 || time.Until(step.Published[0].Due) < 23*time.Hour {
			n.Fatalf("the step is %+v, %v", step, err)
		}
		guests[guest] = step.Published[0].ID
	}
	n.wantSchedules("both are reminded of", append(slices.Collect(maps.Values(guests)), "lamp-due-v1", "round-due-v1")...)
	publish(n.ctx, n.T, n.stack, example(n.T, n.stack, "guest.left.v1", map[string]any{"guestId": "guest-a"}))
	n.wantSchedules("one has left", guests["guest-b"], "lamp-due-v1", "round-due-v1")
}

// changes changes the schedules in service.json: the reminder stays.
func (n *night) changes(root string) {
	n.Helper()
	var reminder string
	for _, name := range n.schedules() {
		if !strings.Contains(name, "-v1") {
			reminder = name
		}
	}
	file := filepath.Join(root, "services", "watch", "service.json")
	text, err := os.ReadFile(file)
	if err != nil {
		n.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, "round.due.v1\", \"timezone\"") })
	changed := strings.Replace(strings.Join(lines, "\n"), "rate(6 hours)", "rate(7 hours)", 1)
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		n.Fatal(err)
	}
	if replaced, _, err := n.stack.Update(n.ctx); err != nil || !slices.Equal(replaced, []string{"watch"}) {
		n.Fatalf("replaced %q: %v", replaced, err)
	}
	n.wantSchedules("one schedule is left", reminder, "lamp-due-v1")
	now, err := n.client.GetSchedule(n.ctx, &scheduler.GetScheduleInput{GroupName: &n.group, Name: aws.String("lamp-due-v1")})
	if err != nil || aws.ToString(now.ScheduleExpression) != "rate(7 hours)" {
		n.Errorf("it is %+v, %v", now, err)
	}
}

// wantSchedules waits until these schedules are there.
func (n *night) wantSchedules(when string, names ...string) {
	n.Helper()
	slices.Sort(names)
	for {
		got := n.schedules()
		if slices.Equal(got, names) {
			return
		}
		if !pause.For(n.ctx, 50*time.Millisecond) {
			n.Fatalf("%s: there are %q, want %q", when, got, names)
		}
	}
}

func (n *night) schedules() (names []string) {
	n.Helper()
	out, err := n.client.ListSchedules(n.ctx, &scheduler.ListSchedulesInput{GroupName: &n.group})
	if err != nil {
		n.Fatal(err)
	}
	for _, s := range out.Schedules {
		names = append(names, aws.ToString(s.Name))
	}
	slices.Sort(names)
	return names
}
