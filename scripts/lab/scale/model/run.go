package model

import "math"

// Tick is a step of the virtual time, in seconds.
const Tick = 0.1

// Load is the requests that arrive.
type Load struct {
	Rate    float64 // requests a second
	Seconds float64 // how long they arrive
	Until   float64 // when the model gives up waiting for the rest, in seconds
}

// world is the state of a run.
type world struct {
	flow     Flow
	limits   Limits
	now      float64
	services []*service
	bus      queue // events that wait for their delivery
	gateway  *bucket
	puts     *bucket
	targets  *bucket
	notices  *bucket
	causes   [][]int // by step: the steps that it causes
	result   Result
}

// service is the state of a service.
type service struct {
	*Service
	queue     queue
	tables    *bucket
	direct    float64 // instances that serve requests
	pollers   float64 // instances that the queue may use
	tasks     float64
	starting  []start
	alarmed   float64 // how long the backlog has been too large, in seconds
	requested float64 // instances busy with requests in this tick
	polled    float64 // instances busy with messages in this tick
}

// start is tasks that begin to poll at a time.
type start struct{ at, tasks float64 }

// Run carries a load through a flow. Its error is that of Flow.Check.
func Run(flow Flow, limits Limits, load Load) (*Result, error) {
	if err := flow.Check(); err != nil {
		return nil, err
	}
	w := newWorld(flow, limits)
	for tick := 0; ; tick++ {
		w.now = float64(tick) * Tick
		if tick%samples == 0 {
			w.sample()
		}
		if w.now >= load.Until || w.now >= load.Seconds && w.idle() {
			break
		}
		arriving := 0.0
		if w.now < load.Seconds-Tick/2 {
			arriving = load.Rate * Tick
		}
		w.tick(arriving)
	}
	w.finish(load)
	return &w.result, nil
}

func newWorld(flow Flow, limits Limits) *world {
	w := &world{
		flow: flow, limits: limits, causes: make([][]int, len(flow.Steps)),
		gateway: newBucket(limits.Requests, limits.RequestBurst),
		puts:    newBucket(limits.Puts, limits.Puts*Tick),
		targets: newBucket(limits.Invocations, limits.Invocations*Tick),
		notices: newBucket(limits.Notices, limits.Notices*Tick),
	}
	w.result.Handled = make([]float64, len(flow.Steps))
	for i := range flow.Services {
		s := &flow.Services[i]
		w.services = append(w.services, &service{
			Service: s, tables: newBucket(limits.Writes, limits.Writes*Tick), tasks: s.MinTasks,
			pollers: min(s.Functions, limits.FirstPollers), direct: limits.Scaling * 10,
		})
		w.result.Services = append(w.result.Services, ServiceResult{Name: s.Name})
	}
	for i, s := range flow.Steps {
		if s.Cause != Client {
			w.causes[s.Cause] = append(w.causes[s.Cause], i)
		}
	}
	return w
}

// idle reports whether nothing waits anywhere.
func (w *world) idle() bool {
	waiting := w.bus.waiting
	for _, s := range w.services {
		waiting += s.queue.waiting
	}
	return waiting < 0.5
}

// tick advances by one step of time.
func (w *world) tick(arriving float64) {
	for _, s := range w.services {
		s.queue.reveal(w.now)
		s.scale(w.now, w.limits)
	}
	attempts := append(w.requests(arriving), w.messages()...)
	w.settle(attempts)
	w.deliver()
	for i, s := range w.services {
		w.result.Services[i].note(s)
		s.tables.refill()
	}
	for _, b := range []*bucket{w.gateway, w.puts, w.targets, w.notices} {
		b.refill()
	}
}

// requests admits requests and hands them to functions. What is refused here, the client has to repeat.
func (w *world) requests(arriving float64) (attempts []cohort) {
	left := w.limits.Concurrency
	for _, s := range w.services {
		s.requested = 0
	}
	for i, step := range w.flow.Steps {
		if !step.Request() || arriving == 0 {
			continue
		}
		w.result.Arrived += arriving
		admitted := w.gateway.take(arriving)
		w.result.Refused.Gateway += arriving - admitted
		s := w.services[step.Service]
		possible := min(left, s.direct-s.requested) * Tick / step.Seconds
		served := min(admitted, possible)
		w.result.Refused.Functions += admitted - served
		busy := served * step.Seconds / Tick
		s.requested += busy
		left -= busy
		attempts = append(attempts, cohort{step: i, count: served})
	}
	return attempts
}

// messages takes messages from the queues, as many as concurrency and rates allow.
func (w *world) messages() (attempts []cohort) {
	left, wanted := w.limits.Concurrency, 0.0
	seconds := func(step int) float64 { return w.flow.Steps[step].Seconds }
	for _, s := range w.services {
		left -= s.requested
		if !s.Worker {
			enough := s.pollers * s.Concurrency * Tick
			s.polled = s.queue.work(seconds, enough) / Tick / s.Concurrency
			wanted += s.polled
		}
	}
	part := 1.0
	if wanted > left {
		part = max(0, left) / wanted
	}
	for _, s := range w.services {
		s.polled *= part
		attempts = append(attempts, s.receive(seconds)...)
	}
	return attempts
}

// receive takes messages from a service's queue.
func (s *service) receive(seconds func(int) float64) []cohort {
	if !s.Worker {
		return s.queue.take(s.polled*s.Concurrency*Tick, seconds)
	}
	cost := seconds // of a slot's time; with a rate, of what it admits
	budget := s.tasks * s.Concurrency * Tick
	if s.Rate > 0 {
		cost = func(step int) float64 { return max(1/s.Rate, seconds(step)/s.Concurrency) }
		budget = s.tasks * Tick
	}
	return s.queue.take(budget, cost)
}

// settle commits what was handled and publishes its events, as far as tables and the bus admit it. The rest is answered
// with an error or comes again.
func (w *world) settle(attempts []cohort) {
	writes := make([]float64, len(w.services))
	for _, a := range attempts {
		step := w.flow.Steps[a.step]
		writes[step.Service] += a.count * step.Writes
	}
	admitted := make([]float64, len(w.services))
	for i, s := range w.services {
		admitted[i] = 1
		if s.Table {
			admitted[i] = s.tables.share(writes[i])
		}
	}
	var puts, notices float64 // after the commit
	for _, a := range attempts {
		step := w.flow.Steps[a.step]
		puts += a.count * admitted[step.Service] * step.Puts
		notices += a.count * admitted[step.Service] * step.Notices
	}
	published, noticed := w.puts.share(puts), w.notices.share(notices)
	for _, a := range attempts {
		step := &w.flow.Steps[a.step]
		r := &w.result.Services[step.Service]
		done := a.count
		refuse := func(admitted float64, count *float64) {
			*count += done * (1 - admitted)
			done *= admitted
		}
		refuse(admitted[step.Service], &r.Throttled.Table)
		if step.Puts > 0 {
			refuse(published, &r.Throttled.Bus)
		}
		if step.Notices > 0 {
			refuse(noticed, &r.Throttled.Topics)
		}
		w.fail(a, a.count-done)
		w.succeed(a.step, done)
		r.Handled += done
		w.result.Handled[a.step] += done
		r.Seconds += a.count * step.Seconds
	}
}

// fail sends messages back to their queue, or to its dead-letter queue.
func (w *world) fail(a cohort, count float64) {
	if count <= 0 {
		return
	}
	step := &w.flow.Steps[a.step]
	s, r := w.services[step.Service], &w.result.Services[step.Service]
	if step.Request() {
		w.result.Refused.Throttled += count
		return
	}
	a.count, a.receives = count, a.receives+1
	if a.receives >= s.MaxReceives {
		r.DeadLetters += count
		return
	}
	ceiling := min(longestBackoff, firstBackoff*math.Exp2(float64(a.receives-1)))
	a.due = w.now + 0.75*ceiling
	s.queue.add(a, w.now)
}

// succeed publishes what a step publishes.
func (w *world) succeed(step int, count float64) {
	if count <= 0 {
		return
	}
	s := &w.flow.Steps[step]
	w.bus.add(cohort{step: logTarget, count: count * s.Facts, sent: w.now, due: w.now}, w.now)
	for _, next := range w.causes[step] {
		target := &w.flow.Steps[next]
		c := cohort{step: next, count: count, sent: w.now, due: w.now + target.Delay}
		if onBus(target.Channel) {
			w.bus.add(c, w.now)
		} else {
			c.sent = c.due // a reminder isn't late before it is due
			w.services[target.Service].queue.add(c, w.now)
		}
	}
}

// logTarget stands for the rule that writes every event to the bus's log group, a target like any other.
const logTarget = -1

// deliver delivers the bus's events to the queues, as fast as its quota allows.
func (w *world) deliver() {
	one := func(int) float64 { return 1 }
	delivered := w.bus.take(w.targets.tokens, one)
	for _, c := range delivered {
		w.targets.tokens -= c.count
		if c.step != logTarget {
			w.services[w.flow.Steps[c.step].Service].queue.add(c, w.now)
		}
	}
	w.result.Bus.note(w.bus.waiting, 0)
}

// scale adds instances and tasks. None are taken away: a run is one burst.
func (s *service) scale(now float64, limits Limits) {
	s.direct += limits.Scaling * Tick
	if !s.Worker {
		if s.queue.waiting > 0 {
			s.pollers = min(s.Functions, s.pollers+limits.Polling*Tick)
		}
		return
	}
	for len(s.starting) > 0 && s.starting[0].at <= now {
		s.tasks += s.starting[0].tasks
		s.starting = s.starting[1:]
	}
	coming := s.tasks
	for _, n := range s.starting {
		coming += n.tasks
	}
	if s.queue.waiting <= s.TaskBacklog*s.tasks {
		s.alarmed = 0
		return
	}
	if s.alarmed += Tick; s.alarmed < scalingDelay {
		return
	}
	s.alarmed = scalingDelay - scalingPeriod // looks again in a minute
	if wanted := min(s.MaxTasks, math.Ceil(s.queue.waiting/s.TaskBacklog)); wanted > coming {
		s.starting = append(s.starting, start{now + taskStart, wanted - coming})
	}
}
