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
	"example.com/troupe/scripts/lab/always"
	"example.com/troupe/scripts/lab/overlay"
	"example.com/troupe/services/kit/invariant"
)

// linked says that this binary has services/invariants in it: see package overlay, whose generated file sets it and domain.
var linked bool

// domain is what services/invariants has.
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

// scenario is one thing that breaks.
type scenario struct {
	name   string
	breaks func(context.Context) error // while customers come
}

// TestNothingIsLost breaks one thing after the other in services under load.
func TestNothingIsLost(t *testing.T) {
	p := start(t)
	for _, s := range p.scenarios() {
		if !t.Run(s.name, func(t *testing.T) { p.play(t, s.breaks) }) {
			return // what comes after it would fail for the same reason
		}
	}
}

// scenarios are what can break in the services that there are.
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

// of returns the services of a runtime.
func (p *system) of(runtime manifest.Runtime) (services []*manifest.Manifest) {
	for _, m := range p.Declared().Manifests {
		if m.Runtime == runtime {
			services = append(services, m)
		}
	}
	return services
}

// play breaks something under load, lets everything settle, and looks whether all is as it must be.
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
	struck, err := p.mend(ctx)
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

// mend takes every fault off. Where none of them struck, they prove nothing.
func (p *system) mend(ctx context.Context) (struck map[string]int, err error) {
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

// hurt puts a fault into a service.
func (p *system) hurt(ctx context.Context, service *manifest.Manifest, f faults.Fault) error {
	fault, err := inject.Into(p.Topology().Names, service, f)
	if err != nil {
		return err
	}
	return p.faults.Put(ctx, fault)
}

// striking waits until every fault has struck, but not for long: some services are seldom called.
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

// killFunctions kills all functions that run, thrice.
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

// crashFunctions kills functions at points of an invocation that the load does not choose.
func (p *system) crashFunctions(ctx context.Context) error {
	for i, service := range p.of(manifest.Lambda) {
		half := 0.5
		if err := p.hurt(ctx, service, faults.Fault{Kind: faults.Crash, Rate: &half, Count: 4, LatencyMs: 2 + 4*(i%4)}); err != nil {
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

// busy waits until a worker has work, but not for long: it may do it faster than anybody can look.
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

// endDrain lets a backlog come up before a worker, and ends it twice while it works that off.
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

// slow makes each call of a service take as long as ten take otherwise, and more.
func (p *system) slow(ctx context.Context, service *manifest.Manifest) error {
	if err := p.hurt(ctx, service, faults.Fault{Kind: faults.Slow, LatencyMs: 200, JitterMs: 100}); err != nil {
		return err
	}
	return p.striking(ctx)
}

// failCalls makes calls fail, lose their answers and messages come twice, whoever calls.
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
		if err := p.hurt(ctx, service, faults.Fault{Kind: faults.Duplicate, Rate: &ten}); err != nil {
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
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited for %s: %w", what, ctx.Err())
		case <-time.After(lookGap):
		}
	}
}

// soon waits until something holds, but only so long.
func (p *system) soon(ctx context.Context, holds func() (bool, error)) error {
	limited, cancel := context.WithTimeout(ctx, soonEnough)
	defer cancel()
	err := until(limited, "it", holds)
	if limited.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}

// progress waits until services have done some steps more.
func (p *system) progress(ctx context.Context) error {
	const steps = 20
	from := p.Steps.Count()
	return until(ctx, fmt.Sprintf("%d steps", steps), func() (bool, error) { return p.Steps.Count() >= from+steps, nil })
}
