package host

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"example.com/troupe/events"
	"example.com/troupe/events/bus"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/unit"
)

// The clinic asks its patients to come again: it reminds itself a day after a visit, unless they have come already.
const clinic = `{
	"name": "clinic", "description": "Asks patients to come again.", "runtime": "worker", "store": "sql",
	"subscribes": [{"event": "visit.ended.v1"}, {"event": "visit.began.v1"}, {"event": "visit.due.v1"}],
	"publishes": ["visit.due.v1"]
}`

type (
	ended struct{ visit }
	began struct{ visit }
	due   struct{ visit }
	visit struct {
		Patient string `json:"patient"`
	}
	patient struct {
		Name, Reminder string
		Asked          int
	}
)

func visitContract(eventType string, channel events.Channel) *events.Contract {
	return &events.Contract{Type: eventType, Producer: "clinic", Channel: channel, Schema: []byte(`{"type": "object"}`)}
}

var endedContract, beganContract, dueContract = visitContract("visit.ended.v1", events.EventBridge), visitContract("visit.began.v1", events.EventBridge), visitContract("visit.due.v1", events.Queue)

func (visit) Subject() string            { return "ann" }
func (ended) Contract() *events.Contract { return endedContract }
func (began) Contract() *events.Contract { return beganContract }
func (due) Contract() *events.Contract   { return dueContract }
func (p *patient) Key() string           { return "patient/" + p.Name }

// edit changes the patient.
func edit(ctx context.Context, tx *eventing.Tx, name string, change func(*patient)) error {
	p := &patient{Name: name}
	if _, err := tx.Load(ctx, p); err != nil {
		return err
	}
	change(p)
	tx.Save(p)
	return nil
}

func onEnded(ctx context.Context, tx *eventing.Tx, e ended) error {
	return edit(ctx, tx, e.Patient, func(p *patient) { p.Reminder = tx.Remind(24*time.Hour, due(e)) })
}

func onBegan(ctx context.Context, tx *eventing.Tx, e began) error {
	return edit(ctx, tx, e.Patient, func(p *patient) { tx.Cancel(p.Reminder); p.Reminder = "" })
}

func onDue(ctx context.Context, tx *eventing.Tx, e due) error {
	return edit(ctx, tx, e.Patient, func(p *patient) {
		if p.Reminder != "" { // what was cancelled may come all the same
			p.Asked++
		}
	})
}

// almanac is a scheduler in memory, which fails as told.
type almanac struct {
	fails []error
	kept  map[string]string // bodies, by name
	calls []string
}

func (a *almanac) fail(call string) error {
	if a.calls = append(a.calls, call); len(a.fails) == 0 {
		return nil
	}
	err := a.fails[0]
	a.fails = a.fails[1:]
	return err
}

func (a *almanac) Schedule(_ context.Context, name string, _ time.Time, body string) error {
	err := a.fail("schedule " + name)
	if err == nil || errors.Is(err, errLost) {
		a.kept[name] = body
	}
	return err
}

func (a *almanac) Cancel(_ context.Context, name string) error {
	err := a.fail("cancel " + name)
	if err == nil {
		delete(a.kept, name)
	}
	return err
}

var (
	errCrash = errors.New("kill -9")              // before the call
	errLost  = errors.New("the response is lost") // after it

	throttling = &smithy.GenericAPIError{Code: "ThrottlingException", Message: "as scripted"}
)

// surgery is the clinic at work.
type surgery struct {
	*service
	*almanac
	store *eventingtest.Memory
	log   *tower.Logbook
	queue *memoryQueue
}

// newSurgery returns the clinic, which links a scheduler unless that is nil.
func newSurgery(t *testing.T, a *almanac) *surgery {
	t.Helper()
	s := &surgery{almanac: a, store: eventingtest.NewMemory(), log: tower.CaptureLog(t), queue: newMemoryQueue()}
	options := []Option{WithStore(openMemory)}
	if a != nil {
		options = append(options, WithReminders(func(_ aws.Config, in bus.Schedules) bus.Scheduler {
			if want := (bus.Schedules{Group: "clinic", Role: "role", Queue: "queue", DeadLetters: "undelivered"}); in != want {
				t.Errorf("the schedules are in %+v, not %+v", in, want)
			}
			return a
		}))
	}
	environment := map[string]string{"SCHEDULE_GROUP": "clinic", "SCHEDULE_ROLE_ARN": "role", "QUEUE_ARN": "queue", "UNDELIVERED_QUEUE_ARN": "undelivered"}
	rt, err := newRuntime([]byte(clinic), func(name string) string { return testEnvironment[name] + environment[name] }, options...)
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.setUp(func(rt *Runtime) error {
		eventing.On(rt, onEnded)
		eventing.On(rt, onBegan)
		eventing.On(rt, onDue)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	config := bus.Config{SQS: noQueue{}, QueueURL: "queue"}
	if rt.reminders != nil {
		config.Scheduler = rt.reminders(aws.Config{}, rt.env.schedules)
	}
	s.service = newService(rt, unit.New(rt.manifest, s.store, bus.New(config), false), s.queue)
	return s
}

// noQueue is SQS, which takes everything.
type noQueue struct{}

func (noQueue) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	out := &sqs.SendMessageBatchOutput{}
	for _, e := range in.Entries {
		out.Successful = append(out.Successful, types.SendMessageBatchResultEntry{Id: e.Id})
	}
	return out, nil
}

// deliver delivers an event of Ann's, and returns what became of it.
func (s *surgery) deliver(t *testing.T, id string, event events.Event) events.Step {
	t.Helper()
	sealed, err := events.Seal(event, events.Metadata{ID: id, CorrelationID: "c", OccurredAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(sealed.Envelope)
	if err != nil {
		t.Fatal(err)
	}
	s.consumer.deliver(t.Context(), received("m-"+id, string(body), 1))
	steps := s.log.Steps(t)
	return steps[len(steps)-1]
}

// ring delivers what is kept, as Scheduler does once it is due, and returns how often Ann was asked.
func (s *surgery) ring(t *testing.T) int {
	t.Helper()
	for name, body := range s.kept {
		s.consumer.deliver(t.Context(), received("m-"+name, body, 1))
		s.consumer.deliver(t.Context(), received("m-"+name, body, 2)) // twice
	}
	p := &patient{Name: "ann"}
	body, _, err := s.store.Read(t.Context(), p.Key())
	if err == nil && body != nil {
		err = json.Unmarshal(body, p)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p.Asked
}

// TestLongReminders: whatever fails on the way, Ann is asked once, or not at all if she has come.
func TestLongReminders(t *testing.T) {
	ann := visit{"ann"}
	name := events.DeriveID("1", "clinic/visit.ended.v1", 0)
	schedule, cancel := "schedule "+name, "cancel "+name
	over, came := ended{ann}, began{ann}
	type act struct {
		id      string
		event   events.Event
		outcome events.Outcome
	}
	for _, c := range []struct {
		name  string
		fails []error
		acts  []act
		calls []string
		asked int
	}{
		{"a day later", nil, []act{{"1", over, events.Handled}}, []string{schedule}, 1},
		{"a crash before the call", []error{errCrash}, []act{{"1", over, events.Retried}, {"1", over, events.Repeated}}, []string{schedule, schedule}, 1},
		{"a response that is lost", []error{errLost}, []act{{"1", over, events.Retried}, {"1", over, events.Repeated}}, []string{schedule, schedule}, 1},
		{"a repeat", nil, []act{{"1", over, events.Handled}, {"1", over, events.Repeated}}, []string{schedule, schedule}, 1},
		{"she has come", nil, []act{{"1", over, events.Handled}, {"2", came, events.Handled}}, []string{schedule, cancel}, 0},
		{"a crash before it is cancelled", []error{nil, errCrash}, []act{{"1", over, events.Handled}, {"2", came, events.Retried}, {"2", came, events.Repeated}}, []string{schedule, cancel, cancel}, 0},
		{"cancelled before it is there", []error{errCrash}, []act{{"1", over, events.Retried}, {"2", came, events.Handled}, {"1", over, events.Repeated}}, []string{schedule, cancel, schedule}, 0},
		{"throttled", []error{throttling, throttling}, []act{{"1", over, events.Handled}}, []string{schedule, schedule, schedule}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSurgery(t, &almanac{kept: map[string]string{}, fails: c.fails})
				for i, act := range c.acts {
					if step := s.deliver(t, act.id, act.event); step.Outcome != act.outcome {
						t.Errorf("delivery %d: %s, want %s: %s", i+1, step.Outcome, act.outcome, step.Error)
					} else if act.event == came && act.outcome != events.Retried && !slices.Equal(step.Cancelled, []string{name}) {
						t.Errorf("delivery %d: the step says that it cancelled %q", i+1, step.Cancelled)
					}
				}
				if !slices.Equal(s.calls, c.calls) {
					t.Errorf("the calls were %q, want %q", s.calls, c.calls)
				}
				if asked := s.ring(t); asked != c.asked {
					t.Errorf("Ann was asked %d times, want %d", asked, c.asked)
				}
			})
		})
	}
}

// TestALongReminderThatNothingKeeps: nothing is committed, and the reason says what to link.
func TestALongReminderThatNothingKeeps(t *testing.T) {
	s := newSurgery(t, nil)
	step := s.deliver(t, "1", ended{visit{"ann"}})
	if step.Outcome != events.DeadLettered || step.Reason != "unpublishable-event" || !strings.Contains(step.Error, "host.WithReminders(reminders.Open)") {
		t.Errorf("%s, %s: %s", step.Outcome, step.Reason, step.Error)
	}
	if body, _, _ := s.store.Read(t.Context(), "patient/ann"); body != nil {
		t.Errorf("%s was committed", body)
	}
	rt, err := newRuntime([]byte(clinic), func(name string) string { return testEnvironment[name] }, WithStore(openMemory), WithReminders(func(aws.Config, bus.Schedules) bus.Scheduler { return nil }))
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.setUp(func(*Runtime) error { return nil }); err == nil || !strings.Contains(err.Error(), "set SCHEDULE_GROUP in the environment") {
		t.Errorf("without its variables it says: %v", err)
	}
}
