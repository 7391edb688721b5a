//go:build chaos && linux

package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/localcloud/faults"
	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/lab/always"
	"example.com/troupe/scripts/lab/overlay"
	"example.com/troupe/services/kit/invariant"
)

// linked reports that this binary contains services/invariants. Package overlay's generated file sets it and domain.
var linked bool

// domain contains the functions of services/invariants.
var domain struct {
	Check func(*invariant.World) []invariant.Violation
	Reset func()
}

func TestMain(m *testing.M) {
	if !linked {
		os.Exit(overlay.Again("./chaos", "-tags=chaos"))
	}
	os.Exit(m.Run())
}

// scenario is one kind of failure.
type scenario struct {
	name   string
	breaks func(context.Context) error // called while customers are active
}

// TestNothingIsLost runs all services under load and breaks one thing after the other.
func TestNothingIsLost(t *testing.T) {
	p := start(t)
	for _, s := range p.scenarios() {
		if !t.Run(s.name, func(t *testing.T) { p.play(t, s.breaks) }) {
			return // later scenarios would fail for the same reason
		}
	}
}

// scenarios returns everything that can break in this system.
func (p *system) scenarios() []scenario {
	scenarios := []scenario{
		{"nothing but a poisonous event", p.poison},
		{"1 per cent of the calls fail", p.failCalls},
		{"an outage of DynamoDB", func(ctx context.Context) error { return p.outage(ctx, faults.Fault{Service: "dynamodb"}) }},
		{"an outage of PutEvents", func(ctx context.Context) error {
			return p.outage(ctx, faults.Fault{Service: "events", Operation: "PutEvents"})
		}},
	}
	if len(p.of(manifest.Lambda)) > 0 {
		scenarios = append(scenarios, scenario{"functions are killed", p.killFunctions}, scenario{"functions crash in an invocation", p.crashFunctions})
	}
	for _, m := range p.Declared().Manifests {
		if m.HasQueue() {
			scenarios = append(scenarios, scenario{m.Name + " is ten times too slow", func(ctx context.Context) error { return p.slow(ctx, m) }})
			break
		}
	}
	for _, worker := range p.of(manifest.Worker) {
		scenarios = append(scenarios, scenario{"the worker " + worker.Name + " is killed", func(ctx context.Context) error { return p.killWorker(ctx, worker) }})
		if worker.HasQueue() {
			scenarios = append(scenarios, scenario{"the drain of the worker " + worker.Name + " is ended", func(ctx context.Context) error { return p.endDrain(ctx, worker) }})
		}
	}
	if p.database != nil {
		scenarios = append(scenarios, scenario{"PostgreSQL is killed", p.killPostgres})
	}
	return scenarios
}

// of returns the services with a runtime.
func (p *system) of(runtime manifest.Runtime) (services []*manifest.Manifest) {
	for _, m := range p.Declared().Manifests {
		if m.Runtime == runtime {
			services = append(services, m)
		}
	}
	return services
}

// play breaks something under load, waits until everything is handled, and checks the result.
func (p *system) play(t *testing.T, breaks func(context.Context) error) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	began, steps := time.Now(), p.Steps.Count()
	plays, err := p.load(ctx, breaks)
	if err != nil {
		t.Fatal(err)
	}
	loaded := time.Since(began)
	if _, err := p.watch().Wait(ctx); err != nil {
		t.Fatal(err)
	}
	settled := time.Since(began)
	struck, err := p.removeFaults(ctx)
	if err != nil {
		t.Fatal(err)
	}
	letters, err := p.check(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if broken := p.takeBroken(); len(broken) > 0 {
		t.Error(strings.Join(broken, "\n"))
	}
	t.Logf("%d plays in %.1f s, settled after %.1f s; faults struck %v; %d steps, %d events of services so far, %d dead letters",
		plays, loaded.Seconds(), settled.Seconds(), struck, p.Steps.Count()-steps, p.log.Caused(), letters)
	if p.Steps.Count() == steps {
		t.Error("no service did anything: the load says nothing; is there a story, or an event that somebody subscribes to?")
	}
}

// removeFaults removes all faults. If none of them was applied, they prove nothing.
func (p *system) removeFaults(ctx context.Context) (struck map[string]int, err error) {
	listed, err := p.faults.List(ctx)
	struck = map[string]int{}
	total := 0
	for _, f := range listed {
		struck[f.Id] = f.Strikes
		total += f.Strikes
		err = errors.Join(err, p.faults.Delete(ctx, f.Id))
	}
	if len(listed) > 0 && total == 0 {
		err = errors.Join(err, errors.New("no fault ever struck"))
	}
	return struck, err
}

// inject injects a fault into a service.
func (p *system) inject(ctx context.Context, service *manifest.Manifest, f faults.Fault) error {
	fault, err := inject.Into(p.Topology().Names, service, f)
	if err != nil {
		return err
	}
	return p.faults.Put(ctx, fault)
}

// striking waits until every fault was applied, but not for long, because some services are seldom called.
func (p *system) striking(ctx context.Context) error {
	return p.soon(ctx, func() (bool, error) {
		listed, err := p.faults.List(ctx)
		for _, f := range listed {
			if f.Strikes == 0 {
				return false, err
			}
		}
		return true, err
	})
}

// poison publishes an event that breaks its contract.
func (p *system) poison(ctx context.Context) error {
	poison, ok := always.NewPoison(p.Contracts(), p.Declared().Manifests, events.NewID(), p.chance.IntN)
	if !ok {
		return nil
	}
	p.log.Poisoned(poison)
	return p.stage.Target.Publisher(poison.Message.Envelope.Metadata.Producer).Publish(ctx, poison.Message)
}

// killFunctions kills all running functions three times.
func (p *system) killFunctions(ctx context.Context) error {
	for range 3 {
		if err := p.progress(ctx); err != nil {
			return err
		}
		if err := until(ctx, "a function that runs", func() (bool, error) {
			killed, err := killProcesses(p.Endpoint)
			return killed > 0, err
		}); err != nil {
			return err
		}
	}
	return nil
}

// crashFunctions kills functions at points of an invocation that don't depend on the load.
func (p *system) crashFunctions(ctx context.Context) error {
	for i, service := range p.of(manifest.Lambda) {
		half := 0.5
		if err := p.inject(ctx, service, faults.Fault{Kind: faults.Crash, Rate: &half, Count: 4, LatencyMs: 2 + 4*(i%4)}); err != nil {
			return err
		}
	}
	return p.striking(ctx)
}

func (p *system) killWorker(ctx context.Context, worker *manifest.Manifest) error {
	for range 2 {
		if err := p.busy(ctx, worker); err != nil {
			return err
		}
		if err := errors.Join(p.Crash(worker.Name), p.Resume(ctx, worker.Name)); err != nil {
			return err
		}
	}
	return nil
}

// busy waits until a worker has work, but not for long: the worker may handle it before anyone can see it.
func (p *system) busy(ctx context.Context, worker *manifest.Manifest) error {
	return p.soon(ctx, func() (bool, error) {
		report, err := p.watch().Look(ctx)
		for _, depth := range report.Queues {
			if depth.Queue == worker.Name && !depth.Empty() {
				return true, nil
			}
		}
		return false, err
	})
}

func (p *system) killPostgres(ctx context.Context) error {
	for _, m := range p.Declared().Manifests {
		if m.Store != manifest.SQL || !m.HasQueue() {
			continue
		}
		if err := p.busy(ctx, m); err != nil {
			return err
		}
		p.database.end(syscall.SIGKILL)
		if err := p.database.start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// endDrain lets a worker's backlog grow, and stops the worker twice while it handles the backlog.
func (p *system) endDrain(ctx context.Context, worker *manifest.Manifest) error {
	if err := p.Drain(worker.Name); err != nil {
		return err
	}
	for range 3 {
		if err := p.progress(ctx); err != nil {
			return err
		}
	}
	for range 2 {
		if err := p.Resume(ctx, worker.Name); err != nil {
			return err
		}
		if err := errors.Join(p.busy(ctx, worker), p.Drain(worker.Name)); err != nil {
			return err
		}
	}
	return p.Resume(ctx, worker.Name)
}

// slow makes each call of a service take ten times as long and more.
func (p *system) slow(ctx context.Context, service *manifest.Manifest) error {
	if err := p.inject(ctx, service, faults.Fault{Kind: faults.Slow, LatencyMs: 200, JitterMs: 100}); err != nil {
		return err
	}
	return p.striking(ctx)
}

// failCalls makes calls of all services fail or lose their responses, and messages arrive twice.
func (p *system) failCalls(ctx context.Context) error {
	one, ten := 0.01, 0.1
	for _, f := range []faults.Fault{{Kind: faults.Fail, Rate: &one}, {Kind: faults.Lose, Rate: &one}} {
		if err := p.faults.Put(ctx, inject.Named("all", f)); err != nil {
			return err
		}
	}
	for _, service := range p.Declared().Manifests {
		if !service.HasQueue() {
			continue
		}
		if err := p.inject(ctx, service, faults.Fault{Kind: faults.Duplicate, Rate: &ten}); err != nil {
			return err
		}
	}
	return p.striking(ctx)
}

// blackout is how long an outage lasts: a thirtieth of the quarter of an hour that the defaults of service.json are made for,
// with back-offs that are not scaled. Half of it was too much for five receives.
const blackout = 30 * time.Second

// outage lets every call of a kind fail, whoever calls. Messages that come meanwhile must not be dead letters after it.
func (p *system) outage(ctx context.Context, f faults.Fault) error {
	f.Kind = faults.Fail
	f = inject.Named("all", f)
	if err := p.faults.Put(ctx, f); err != nil {
		return err
	}
	select {
	case <-time.After(blackout):
	case <-ctx.Done():
		return ctx.Err()
	}
	listed, err := p.faults.List(ctx)
	if err == nil && (len(listed) != 1 || listed[0].Strikes == 0) {
		err = fmt.Errorf("the outage struck nothing: %v", listed)
	}
	return errors.Join(err, p.faults.Delete(ctx, f.Id))
}

// until waits until something holds.
func until(ctx context.Context, what string, holds func() (bool, error)) error {
	for {
		done, err := holds()
		if done || err != nil {
			return err
		}
		if !pause.For(ctx, lookGap) {
			return fmt.Errorf("waited for %s: %w", what, ctx.Err())
		}
	}
}

// soon waits until a condition holds, but only for a limited time.
func (p *system) soon(ctx context.Context, holds func() (bool, error)) error {
	limited, cancel := context.WithTimeout(ctx, soonEnough)
	defer cancel()
	err := until(limited, "it", holds)
	if limited.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}

// progress waits until services have completed some more steps.
func (p *system) progress(ctx context.Context) error {
	const steps = 20
	from := p.Steps.Count()
	return until(ctx, fmt.Sprintf("%d steps", steps), func() (bool, error) { return p.Steps.Count() >= from+steps, nil })
}
