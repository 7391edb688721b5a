package simulation

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"example.com/localcloud"
	"example.com/localcloud/delivery"
	"example.com/localcloud/sqs"
	"example.com/localcloud/wire"
	"example.com/troupe/scripts/lab/sim/stage"
	checkout "example.com/troupe/services/checkout/wiring"
	inventory "example.com/troupe/services/inventory/wiring"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/kit/inbox"
	notifications "example.com/troupe/services/notifications/wiring"
	orders "example.com/troupe/services/orders/wiring"
	payments "example.com/troupe/services/payments/wiring"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

// root is the repository, as seen from this folder.
const root = "../../.."

type (
	wiredService = stage.Service
	depth        = sqs.Depth
)

var serviceNames = []string{"checkout", "inventory", "notifications", "orders", "payments", "warehouse"}

// setup returns how an instance of a service is put together.
func (w *world) setup(in *instance) func(*host.Runtime) error {
	switch in.service.name {
	case "checkout":
		return checkout.Wire
	case "inventory":
		return inventory.Wire
	case "notifications":
		return notifications.Wire
	case "orders":
		return orders.Wire
	case "payments":
		return func(rt *host.Runtime) error { return payments.WireTo(rt, &gateway{w.ledger, in}) }
	}
	return w.shop.wire
}

// declared is what the repository says about the six.
type declared struct {
	manifests map[string][]byte
	topology  *stage.Topology
}

var declarations = sync.OnceValues(func() (*declared, error) {
	d := &declared{manifests: map[string][]byte{}}
	for _, name := range serviceNames {
		text, err := os.ReadFile(filepath.Join(root, "services", name, "service.json"))
		if err != nil {
			return nil, err
		}
		d.manifests[name] = text
	}
	var err error
	d.topology, err = stage.Load(root, stage.Names{Project: "troupe", Env: "sim", Region: wire.Region, Account: wire.Account}, serviceNames...)
	return d, err
})

// open makes the cloud, wires it as `make up` does, and starts the services.
func (w *world) open(t *testing.T) {
	d, err := declarations()
	if err != nil {
		t.Fatal(err)
	}
	w.cloud = cloud.New("http://cloud", func(router delivery.Target) delivery.Target {
		w.targets = router
		return hops{w}
	})
	if w.wired, err = stage.Wire(t.Context(), w.config(nil), d.topology); err != nil {
		t.Fatal(err)
	}
	if err := w.archive(t.Context(), d.topology); err != nil {
		t.Fatal(err)
	}
	if w.shop, err = openDatabase(t, w); err != nil {
		t.Fatal(err)
	}
	for _, s := range d.topology.Services {
		made := &service{name: s.Name, outages: map[string]time.Time{}}
		if s.Queue != nil {
			made.queue, made.url = s.Queue.Name, w.wired[s.Name].Queue
			made.deadLetters, made.undelivered = s.DeadLetters.Name, s.Undelivered.Name
		}
		w.services = append(w.services, made)
		w.start(made)
		if w.plan.twins[s.Name] {
			w.start(made)
		}
	}
}

// embed sets an instance up.
func (w *world) embed(ctx context.Context, in *instance) (*host.Embedded, error) {
	d, err := declarations()
	if err != nil {
		return nil, err
	}
	variables := w.wired[in.service.name].Environment
	getenv := func(name string) string {
		switch name {
		case "HTTP_ADDR", "DATABASE_URL":
			return "none"
		case "DEADLINE":
			return w.plan.deadline.String()
		case "TRACE_PAYLOADS":
			return ""
		}
		return variables[name]
	}
	store := func(context.Context, string) (inbox.Driver, error) { return &store{w.shop.driver, w, in}, nil }
	return host.Embed(ctx, d.manifests[in.service.name], getenv, w.config(in), w.setup(in), host.WithStore(store))
}

func (w *world) service(name string) *service {
	for _, s := range w.services {
		if s.name == name {
			return s
		}
	}
	panic("no service " + name)
}

// hops takes what the cloud's services hand to each other: it is delivered when the scheduler
// says so.
type hops struct{ *world }

// Deliver accepts a delivery.
func (h hops) Deliver(_ context.Context, d delivery.Delivery) error {
	h.enqueue(&item{hop: &d, op: "deliver", body: d.Body, key: key(nil, d.Source+" → "+d.To, d.Body)})
	return nil
}

const archiveName = "simulation"

// archive keeps all that goes over the bus.
func (w *world) archive(ctx context.Context, t *stage.Topology) error {
	_, err := eventbridge.NewFromConfig(w.config(nil)).CreateArchive(ctx, &eventbridge.CreateArchiveInput{
		ArchiveName: new(archiveName), EventSourceArn: new(t.Names.BusARN()),
	})
	return err
}

// replay lets the latest part of the archive come again.
func (w *world) replay(ctx context.Context) {
	d, err := declarations()
	if err != nil {
		w.violate("the archive can be replayed", "", "%v", err)
		return
	}
	from, end := w.facts.first.Truncate(time.Second), w.facts.last.Add(time.Second)
	from = end.Add(-time.Duration(float64(end.Sub(from)) * w.plan.replay))
	w.replays++
	w.trace.event(none, "replay from "+from.Format(time.TimeOnly)+" to "+end.Format(time.TimeOnly))
	_, err = eventbridge.NewFromConfig(w.config(nil)).StartReplay(ctx, &eventbridge.StartReplayInput{
		ReplayName: new("again"), EventSourceArn: new(d.topology.Names.ARN("events", "archive/"+archiveName)),
		EventStartTime: &from, EventEndTime: &end, Destination: &types.ReplayDestination{Arn: new(d.topology.Names.BusARN())},
	})
	if err != nil {
		w.violate("the archive can be replayed", "", "%v", err)
	}
}
