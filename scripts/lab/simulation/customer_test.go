package simulation

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/lab/always"
	"example.com/troupe/scripts/lab/customer"
)

// visitor is a customer who plays one story.
type visitor struct {
	world *world
	rng   *rand.Rand
	name  string
}

// visit starts the customers, and someone who publishes poison.
func (w *world) visit(ctx context.Context) {
	for i := range w.customers {
		v := &visitor{world: w, rng: rand.New(rand.NewPCG(w.seed, uint64(100+i))), name: fmt.Sprintf("customer %d", i)}
		w.visiting.Go(func() { v.visit(ctx) })
	}
	w.visiting.Go(func() { w.poison(ctx) })
	w.running.Go(func() {
		w.visiting.Wait()
		w.visited = true
	})
}

func (v *visitor) visit(ctx context.Context) {
	if !v.pause(ctx, v.world.plan.visits) {
		return
	}
	if len(v.world.stories) == 0 {
		v.publish(ctx)
		return
	}
	part := pick(v.rng, v.world.stories...)
	v.world.order()
	v.world.trace.event(none, v.name+" plays "+part.Name)
	result, err := v.stage(ctx).Play(ctx, part.Story)
	for _, id := range result.Executions {
		v.world.log.Began(id, part.Ends)
	}
	v.world.order()
	if err != nil { // under faults a story may not end as it says
		v.world.trace.event(none, v.name+" leaves")
	}
}

// How long a customer waits for a story's conditions.
const (
	storyPatience = 2 * time.Minute
	storyEvery    = 5 * time.Second
)

func (v *visitor) stage(ctx context.Context) *stories.Stage {
	return &stories.Stage{
		Target: v.world.target(), Contracts: v.world.Contracts, API: "http://api", Patience: storyPatience, Every: storyEvery,
		Transport: &customer.Client{
			Log:    v.world.log,
			Send:   v.send,
			Pause:  func(longest time.Duration) bool { return v.pause(ctx, longest) },
			Chance: func(n int) bool { return v.rng.IntN(n) == 0 },
		},
	}
}

// send sends a request to one of a service's instances.
func (v *visitor) send(r *http.Request, body []byte) (status int, header http.Header, answer []byte) {
	v.world.order()
	name, _ := v.world.log.Route(r)
	s := v.world.service(name)
	if s == nil {
		return http.StatusNotFound, http.Header{}, nil // as an API without such a route responds
	}
	if len(s.instances) == 0 {
		return 0, nil, nil
	}
	to := pick(v.rng, s.instances...)
	ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
	defer cancel()
	request := httptest.NewRequestWithContext(ctx, r.Method, r.URL.RequestURI(), bytes.NewReader(body))
	request.Header = r.Header.Clone()
	w := httptest.NewRecorder()
	to.host.Handler().ServeHTTP(w, request)
	v.world.order()
	if to.dead {
		return 0, nil, nil
	}
	answer, _ = io.ReadAll(w.Result().Body) // it is in memory
	return w.Code, w.Result().Header, answer
}

// publish publishes an example of an event that has a subscriber, for a system without stories.
func (v *visitor) publish(ctx context.Context) {
	subscribed := customer.Subscribed(v.world.Contracts, v.world.Manifests)
	if len(subscribed) == 0 {
		return
	}
	message, err := customer.Example(subscribed, v.rng.IntN)
	if err == nil {
		err = v.world.target().Publisher(message.Envelope.Metadata.Producer).Publish(ctx, message)
	}
	if err != nil {
		v.world.violate("examples can be published", "", "%s: %v", message.Envelope.Metadata.Type, err)
	}
}

// pause waits for a random time, and reports whether the context lasted.
func (v *visitor) pause(ctx context.Context, longest time.Duration) bool {
	return pause.For(ctx, time.Duration(v.rng.Int64N(int64(longest))))
}

// poison publishes events that no service can handle.
func (w *world) poison(ctx context.Context) {
	v := &visitor{world: w, rng: rand.New(rand.NewPCG(w.seed, 3))}
	for i := range v.rng.IntN(3) {
		v.pause(ctx, w.plan.visits)
		poison, ok := always.NewPoison(w.Contracts, w.Manifests, events.DeriveID("poison", string(rune('a'+i)), 0), v.rng.IntN)
		if !ok {
			return
		}
		w.log.Poisoned(poison)
		message := poison.Message
		if err := w.target().Publisher(message.Envelope.Metadata.Producer).Publish(ctx, message); err != nil {
			w.violate("poison can be published", "", "%v", err)
		}
	}
}
