package unit_test

import (
	"context"
	"errors"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/unit"
	"github.com/google/go-cmp/cmp"
)

// prefetching is a store that notes what it is asked to prefetch.
type prefetching struct {
	*eventingtest.Memory
	fail error
	keys []string
}

func (p *prefetching) Prefetch(_ context.Context, records, documents []string) (inbox.Prefetched, error) {
	p.keys = append(records, documents...)
	return p, p.fail
}

func (p *prefetching) Share(string, []string) inbox.Prefetched { return p }

func (p *prefetching) Fresh() inbox.Driver { return p.Memory }

// TestPrefetchExpectsTheDocumentsOfTheLastEvent handles one bell after another.
func TestPrefetchExpectsTheDocumentsOfTheLastEvent(t *testing.T) {
	tower.CaptureLog(t)
	declared, err := manifest.Parse("service.json", []byte(tower.Declaration))
	if err != nil {
		t.Fatal(err)
	}
	store := &prefetching{Memory: eventingtest.NewMemory()}
	runner := unit.New(declared, store, &tower.Bus{}, false)
	for _, step := range []struct {
		name, id, bell string
		fail           error
		want           []string
	}{
		{"the documents are not known yet", "a", "tom", nil, []string{"bell.rung.v1/a"}},
		{"like the first", "b", "tim", nil, []string{"bell.rung.v1/b", "bell/tim"}},
		{"a repeat", "b", "tim", nil, []string{"bell.rung.v1/b", "bell/tim"}},
		{"after a failure each reads for itself", "c", "tam", errors.New("denied"), []string{"bell.rung.v1/c", "bell/tam"}},
	} {
		store.fail = step.fail
		about := events.Metadata{ID: step.id, Type: "bell.rung.v1", Subject: step.bell}
		u := unit.Unit{Key: unit.Key(about), Cause: eventing.Cause{Event: events.Envelope{Metadata: about}, Handler: about.Type}}
		u.Store = runner.Prefetch(t.Context(), []events.Metadata{about})[0]
		u.Work = func(ctx context.Context, tx *eventing.Tx) error {
			return (&tower.Tower{}).Ring(ctx, tx, tower.Rung{Bell: step.bell, Times: 1})
		}
		if _, err := runner.Run(t.Context(), u, &events.Step{}); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		if diff := cmp.Diff(step.want, store.keys); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}
