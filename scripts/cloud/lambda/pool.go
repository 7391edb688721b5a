package lambda

import (
	"context"
	"sync"
	"time"
)

// idleTimeout is how long an environment stays idle before it is closed. AWS does not document its value.
const idleTimeout = 5 * time.Minute

// pool holds the environments of one revision of a function.
type pool struct {
	service  *Service
	name     string
	settings Settings
	code     *code

	mu      sync.Mutex
	idle    []*instance // the most recently used is last
	users   int         // invocations in progress
	retired bool
}

func newPool(s *Service, f *function) *pool {
	return &pool{service: s, name: f.name, settings: f.settings, code: f.code.retain()}
}

// enter keeps the code from being removed until leave.
func (p *pool) enter() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users++
}

func (p *pool) leave() {
	p.mu.Lock()
	p.users--
	over := p.retired && p.users == 0
	p.mu.Unlock()
	if over {
		p.code.release()
	}
}

// take returns an idle environment or starts a new one. It returns the environment even with an error, so that the
// error can be logged in its stream.
func (p *pool) take(ctx context.Context) (in *instance, err error) {
	for {
		in := p.pop()
		if in == nil {
			break
		}
		in.reaper.Stop()
		if in.Alive() {
			return in, nil
		}
		in.close()
	}
	in = newInstance(p)
	return in, in.start(ctx)
}

func (p *pool) pop() *instance {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.idle)
	if n == 0 {
		return nil
	}
	in := p.idle[n-1]
	p.idle = p.idle[:n-1]
	return in
}

// give returns an environment to the pool.
func (p *pool) give(in *instance, spent bool) {
	if spent || !p.push(in) {
		in.close()
	}
}

func (p *pool) push(in *instance) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.retired {
		return false
	}
	p.idle = append(p.idle, in)
	in.reaper = time.AfterFunc(idleTimeout, func() { p.service.launch(func() { p.reap(in) }) })
	return true
}

// reap closes an environment if it is still idle.
func (p *pool) reap(in *instance) {
	p.mu.Lock()
	for i, other := range p.idle {
		if other == in {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			p.mu.Unlock()
			in.close()
			return
		}
	}
	p.mu.Unlock()
}

// retire closes the idle environments. The others are closed when they are returned.
func (p *pool) retire() {
	p.mu.Lock()
	idle := p.idle
	over := !p.retired && p.users == 0
	p.idle, p.retired = nil, true
	p.mu.Unlock()
	var ending sync.WaitGroup
	for _, in := range idle {
		in.reaper.Stop()
		ending.Go(in.close)
	}
	ending.Wait()
	if over {
		p.code.release()
	}
}
