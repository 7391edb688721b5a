package simulation

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"example.com/localcloud"
	"example.com/localcloud/delivery"
	"example.com/localcloud/sqs"
	"example.com/localcloud/wire"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/wiring"
	"example.com/troupe/scripts/lab/customer"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/kit/inbox"
)

// root is the checkout, relative to this folder.
const root = "../../.."

type depth = sqs.Depth

// declared contains what the checkout declares.
type declared struct {
	*stack.Declared
	topology *topology.Topology
	stories  []customer.Part
	settings map[string]map[string]string // required by stories
}

var declarations = sync.OnceValues(func() (*declared, error) {
	read, err := stack.Load(root)
	if err != nil {
		return nil, err
	}
	d := &declared{Declared: read}
	all, err := stories.Load(root)
	if err != nil {
		return nil, err
	}
	if err := stories.CheckAll(all, read); err != nil {
		return nil, err
	}
	if d.settings, err = stories.Settings(all); err != nil {
		return nil, err
	}
	d.stories = customer.Parts(all)
	d.topology, err = read.Local(topology.Names{Project: stack.Project, Env: "sim", Region: wire.Region, Account: wire.Account}, nil)
	if err != nil {
		return nil, err
	}
	return d, nil
})

// open creates the cloud, wires it as `make up` does, and starts the services.
func (w *world) open(t *testing.T) {
	w.cloud = cloud.New("http://cloud", func(router delivery.Target) delivery.Target {
		w.targets = router
		return hops{w}
	})
	wirer := wiring.New(w.config(nil))
	wirer.WorkersOnly = true
	wired, err := wirer.Wire(t.Context(), w.topology)
	if err != nil {
		t.Fatal(err)
	}
	w.wired = wired.Services
	if err := w.archive(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, p := range programs {
		w.openService(t, p)
	}
}

func (w *world) openService(t *testing.T, p *program) {
	made := &service{program: p, outages: map[string]time.Time{}}
	for _, s := range w.topology.Services {
		if s.Name == p.Name && s.Queue != nil {
			made.queue, made.url = s.Queue.Name, w.wired[s.Name].Queue
			made.deadLetters, made.undelivered = s.DeadLetters.Name, s.Undelivered.Name
		}
	}
	if p.open != nil {
		var err error
		if made.database, err = openDatabase(t, p); err != nil {
			t.Fatal(err)
		}
	}
	w.services = append(w.services, made)
	w.start(made)
	if w.plan.twins[p.Name] {
		w.start(made)
	}
}

// embed starts a service in an instance.
func (w *world) embed(ctx context.Context, in *instance) (*host.Embedded, error) {
	variables := w.wired[in.service.Name].Environment
	getenv := func(name string) string {
		if value, set := w.plan.settings[in.service.Name][name]; set {
			return value
		}
		switch name {
		case "HTTP_ADDR", "DATABASE_URL":
			return "none"
		case "TRACE_PAYLOADS":
			return ""
		}
		return variables[name]
	}
	var options []host.Option
	if database := in.service.database; database != nil {
		options = append(options, host.WithStore(func(context.Context, string, string) (inbox.Driver, error) {
			return &store{database.driver, w, in}, nil
		}))
	}
	return in.service.embed(ctx, getenv, w.config(in), options...)
}

// target returns the system as commands see it; their calls have no faults.
func (w *world) target() *target.Target {
	names := w.topology.Names
	t := &target.Target{
		Config: w.config(nil), BusName: w.topology.Bus, TopicARNPrefix: names.ARN("sns", names.Prefix()+"-"), Queues: map[string]target.Queues{},
		Outsiders: w.topology.Outsiders,
	}
	for _, s := range w.services {
		t.Queues[s.Name] = target.Queues{Main: s.url}
	}
	return t
}

func (w *world) service(name string) *service {
	for _, s := range w.services {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// hops receives what the cloud's services deliver to each other, which happens when the scheduler says so.
type hops struct{ *world }

// Deliver queues a delivery.
func (h hops) Deliver(_ context.Context, d delivery.Delivery) error {
	h.ring(d)
	h.enqueue(&item{hop: &d, op: "deliver", body: d.Body, key: key(nil, d.Source+" → "+d.To, d.Body)})
	return nil
}

const archiveName = "simulation"

// archive archives all events on the bus.
func (w *world) archive(ctx context.Context) error {
	_, err := eventbridge.NewFromConfig(w.config(nil)).CreateArchive(ctx, &eventbridge.CreateArchiveInput{
		ArchiveName: new(archiveName), EventSourceArn: new(w.topology.Names.BusARN()),
	})
	return err
}

// replay replays the latest part of the archive.
func (w *world) replay(ctx context.Context) {
	from, end := w.first.Truncate(time.Second), w.last.Add(time.Second)
	from = end.Add(-time.Duration(float64(end.Sub(from)) * w.plan.replay))
	w.replays++
	w.trace.event(none, "replay from "+from.Format(time.TimeOnly)+" to "+end.Format(time.TimeOnly))
	_, err := eventbridge.NewFromConfig(w.config(nil)).StartReplay(ctx, &eventbridge.StartReplayInput{
		ReplayName: new("again"), EventSourceArn: new(w.topology.Names.ARN("events", "archive/"+archiveName)),
		EventStartTime: &from, EventEndTime: &end, Destination: &types.ReplayDestination{Arn: new(w.topology.Names.BusARN())},
	})
	if err != nil {
		w.violate("the archive can be replayed", "", "%v", err)
	}
}
