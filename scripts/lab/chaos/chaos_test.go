//go:build chaos && linux

package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/localcloud/faults"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/topology"
)

// TestNothingIsLost breaks one thing after the other in a troupe under load.
func TestNothingIsLost(t *testing.T) {
	p := start(t)
	for _, scenario := range []struct {
		name    string
		breaks  func(context.Context) error // while orders come in
		letters int                         // that lie dead afterwards, as they should
	}{
		{"nothing but a poisonous event", p.poison, 3}, // payments, inventory and orders hear it
		{"functions are killed", p.killFunctions, 0},
		{"functions crash in an invocation", p.crashFunctions, 0},
		{"the warehouse is killed", p.killWarehouse, 0},
		{"PostgreSQL is killed", p.killPostgres, 0},
		{"SIGTERM during a drain", p.endDrain, 0},
		{"a consumer ten times too slow", p.slowWarehouse, 0},
		{"1 per cent of the calls fail", p.failCalls, 0},
	} {
		if !t.Run(scenario.name, func(t *testing.T) { p.play(t, scenario.breaks, scenario.letters) }) {
			return // what comes after it would fail for the same reason
		}
	}
}

// play breaks something under load, lets everything settle, and looks whether all is as it must be.
func (p *troupe) play(t *testing.T, breaks func(context.Context) error, letters int) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	began := time.Now()
	group, loading := errgroup.WithContext(ctx)
	group.Go(func() error { return p.load(loading) })
	group.Go(func() error { return breaks(loading) })
	if err := group.Wait(); err != nil {
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
	world, err := p.look(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := world.Check(); err != nil {
		t.Error(err)
	}
	if len(world.DeadLetters) != letters {
		t.Errorf("%d dead letters, want %d", len(world.DeadLetters), letters)
	}
	states := map[string]int{}
	for _, order := range world.Orders {
		states[order.State]++
	}
	t.Logf("%.1f s of load, settled after %.1f s; faults struck %v; orders so far: %v; %d events, %d dead letters",
		loaded.Seconds(), settled.Seconds(), struck, states, len(world.Published), len(world.DeadLetters))
	if states["shipped"] == 0 || states["cancelled"] == 0 {
		t.Error("no order was shipped, or none was cancelled: the load says nothing")
	}
}

// mend takes every fault off; one that never struck proves nothing.
func (p *troupe) mend(ctx context.Context) (struck map[string]int, err error) {
	listed, err := p.faults.List(ctx)
	struck = map[string]int{}
	for _, f := range listed {
		struck[f.Id] = f.Strikes
		if f.Strikes == 0 {
			err = errors.Join(err, fmt.Errorf("the fault %s never struck", f.Id))
		}
		err = errors.Join(err, p.faults.Delete(ctx, f.Id))
	}
	return struck, err
}

// hurt puts a fault into a service.
func (p *troupe) hurt(ctx context.Context, service string, f faults.Fault) error {
	for _, m := range p.Declared().Manifests {
		if m.Name != service {
			continue
		}
		fault, err := inject.Into(p.names(), m, f)
		if err != nil {
			return err
		}
		return p.faults.Put(ctx, fault)
	}
	return fmt.Errorf("there is no service %s", service)
}

func (p *troupe) names() topology.Names { return p.Topology().Names }

// killFunctions kills all functions that run, thrice.
func (p *troupe) killFunctions(ctx context.Context) error {
	for range 3 {
		if err := p.progress(ctx, 30); err != nil {
			return err
		}
		killed, err := killProcesses(p.Endpoint)
		if err != nil {
			return err
		}
		if killed == 0 {
			return errors.New("no function ran to be killed")
		}
	}
	return nil
}

// crashFunctions kills functions at points of an invocation that the load does not choose.
func (p *troupe) crashFunctions(ctx context.Context) error {
	for i, service := range []string{"checkout", "payments", "inventory", "orders"} {
		half := 0.5
		if err := p.hurt(ctx, service, faults.Fault{Kind: faults.Crash, Rate: &half, Count: 4, LatencyMs: 2 + 4*i}); err != nil {
			return err
		}
	}
	return nil
}

func (p *troupe) killWarehouse(ctx context.Context) error {
	for range 2 {
		if err := p.shipping(ctx); err != nil {
			return err
		}
		if err := errors.Join(p.Crash("warehouse"), p.Resume(ctx, "warehouse")); err != nil {
			return err
		}
	}
	return nil
}

// shipping waits until the warehouse has work.
func (p *troupe) shipping(ctx context.Context) error {
	return until(ctx, "work of the warehouse", func() (bool, error) {
		report, err := p.watch().Look(ctx)
		for _, depth := range report.Queues {
			if depth.Queue == "warehouse" && !depth.Empty() {
				return true, nil
			}
		}
		return false, err
	})
}

func (p *troupe) killPostgres(ctx context.Context) error {
	if err := p.shipping(ctx); err != nil {
		return err
	}
	p.database.end(syscall.SIGKILL)
	return p.database.start(ctx)
}

// endDrain lets a backlog come up before the warehouse, and ends it twice while it works that off.
func (p *troupe) endDrain(ctx context.Context) error {
	if err := p.Drain("warehouse"); err != nil {
		return err
	}
	if err := p.progress(ctx, 150); err != nil {
		return err
	}
	for range 2 {
		if err := p.Resume(ctx, "warehouse"); err != nil {
			return err
		}
		if err := errors.Join(p.shipping(ctx), p.Drain("warehouse")); err != nil {
			return err
		}
	}
	return p.Resume(ctx, "warehouse")
}

// slowWarehouse makes each call of the warehouse take as long as ten take otherwise, and more.
func (p *troupe) slowWarehouse(ctx context.Context) error {
	return p.hurt(ctx, "warehouse", faults.Fault{Kind: faults.Slow, LatencyMs: 200, JitterMs: 100})
}

// failCalls makes calls fail, lose their answers and messages come twice, whoever calls.
func (p *troupe) failCalls(ctx context.Context) error {
	one, ten := 0.01, 0.1
	for _, f := range []faults.Fault{{Kind: faults.Fail, Rate: &one}, {Kind: faults.Lose, Rate: &one}} {
		if err := p.faults.Put(ctx, inject.Named("all", f)); err != nil {
			return err
		}
	}
	for _, service := range []string{"payments", "inventory", "orders", "warehouse", "notifications"} {
		if err := p.hurt(ctx, service, faults.Fault{Kind: faults.Duplicate, Rate: &ten}); err != nil {
			return err
		}
	}
	return nil
}
