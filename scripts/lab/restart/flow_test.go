//go:build restart

package restarttest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/follow"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
	"example.com/troupe/scripts/lab/fixture"
)

// patience is the time for all flows together: messages of a killed function become visible again after a minute.
const patience = 10 * time.Minute

// customers play the customers' parts of a demo's stories with an API that is sometimes down.
type customers struct {
	stage        *stories.Stage
	parts        []*stories.Story
	acknowledged atomic.Int64 // requests
	enough       atomic.Bool
}

// TestFlowsGoOn kills a whole system except its data folder twice while stories are played. It checks that each story
// whose request was acknowledged ends as it says, that every message is handled once, that all queues are empty, and
// that each life's console shows what happened in the lives before it.
func TestFlowsGoOn(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	root := fixture.Tree(t, "observatory")
	cloud, api, page, folder := freeAddress(t), freeAddress(t), freeAddress(t), filepath.Join(t.TempDir(), "data")
	c := newCustomers(t, root, "http://"+api)
	start := func() *process {
		p := run(ctx, t, root, "http://"+cloud, "up", "-data", folder, "-cloud", cloud, "-api", api, "-console", page, "-quiet")
		eventually(ctx, t, "the API answers", func() bool {
			response, err := http.Get("http://" + api)
			if err == nil {
				response.Body.Close()
			}
			return err == nil
		})
		return p
	}
	began := time.Now()
	p := start()
	var playing sync.WaitGroup
	for i := range 4 {
		playing.Go(func() { c.play(ctx, t, i) })
	}
	for range 2 {
		wanted := c.acknowledged.Load() + 10 + rand.Int64N(20)
		eventually(ctx, t, "requests are acknowledged", func() bool { return c.acknowledged.Load() > wanted })
		p.kill()
		killed := time.Now()
		p = start()
		eventually(ctx, t, "the console shows the past", func() bool { return shown(t, page, killed) > 0 })
	}
	wanted := c.acknowledged.Load() + 10
	eventually(ctx, t, "requests are acknowledged by the last life", func() bool { return c.acknowledged.Load() > wanted })
	c.enough.Store(true)
	playing.Wait()
	checkEnd(ctx, t, root, "http://"+cloud, began)
	t.Logf("%d requests were acknowledged in three lives", c.acknowledged.Load())
}

// shown returns how many executions a console lists that began before a time.
func shown(t *testing.T, page string, before time.Time) int {
	t.Helper()
	response, err := http.Get("http://" + page + "/api/executions?to=" + before.UTC().Format(time.RFC3339Nano))
	if err != nil {
		return 0 // it hasn't started
	}
	defer response.Body.Close()
	var list struct{ Executions []struct{} }
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	return len(list.Executions)
}

// newCustomers reads the demo's stories and reduces each to what its customer sees.
func newCustomers(t *testing.T, root, api string) *customers {
	t.Helper()
	c := &customers{}
	all, err := stories.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, story := range all {
		if !story.Demo() {
			continue
		}
		story.Lines = slices.DeleteFunc(story.Lines, func(l stories.Line) bool {
			return !slices.Contains([]string{"request", "status", "answer", "until"}, l.Verb)
		})
		c.parts = append(c.parts, story)
	}
	if len(c.parts) < 3 {
		t.Fatalf("the demo has %d stories", len(c.parts))
	}
	c.stage = &stories.Stage{API: api, Patience: patience, Every: 50 * time.Millisecond, Unready: func(r *http.Response, err error) bool {
		unready := err != nil || r.StatusCode >= http.StatusInternalServerError
		if !unready {
			c.acknowledged.Add(1)
		}
		return unready
	}}
	return c
}

// play plays one story after the other, each to its end.
func (c *customers) play(ctx context.Context, t *testing.T, customer int) {
	for i := customer; !c.enough.Load(); i++ {
		if _, err := c.stage.Play(ctx, c.parts[i%len(c.parts)]); err != nil {
			t.Error(err)
			return
		}
	}
}

// checkEnd waits until all queues are empty except for reminders, and checks that dead-letter queues are empty too
// and that no service handled a message more than once.
func checkEnd(ctx context.Context, t *testing.T, root, url string, began time.Time) {
	t.Helper()
	declared, err := stack.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	at, err := target.Local(ctx, declared, url)
	if err != nil {
		t.Fatal(err)
	}
	watch := at.Watch()
	watch.Interval, watch.IgnoreDelayed = 100*time.Millisecond, true
	report, err := watch.Wait(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, dead := range report.DeadLetters {
		if !dead.Empty() {
			t.Errorf("%s", dead)
		}
	}
	steps := &trace.Collector{}
	logs := follow.NewLogs(at, began, steps)
	if err := logs.Poll(ctx); err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, step := range steps.All() {
		if step.Outcome == events.Handled {
			times[fmt.Sprintf("%s %s %s", step.Service, step.EventType, step.EventID)]++
		}
	}
	services := map[string]bool{}
	for what, n := range times {
		service, _, _ := strings.Cut(what, " ")
		services[service] = true
		if n > 1 {
			t.Errorf("handled %d times: %s", n, what)
		}
	}
	if len(services) != len(declared.Manifests) {
		t.Errorf("of %d services these handled something: %v", len(declared.Manifests), services)
	}
}
