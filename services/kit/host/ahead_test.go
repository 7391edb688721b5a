package host

import (
	"context"
	"errors"
	"testing"

	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/inbox"
	"github.com/google/go-cmp/cmp"
)

// spied is a database that notes what it is asked for.
type spied struct {
	*eventingtest.Memory
	fail  error
	calls []string
}

func (s *spied) ReadAhead(ctx context.Context, units []inbox.Expected) ([]inbox.Ahead, error) {
	for _, unit := range units {
		s.calls = append(s.calls, "ahead")
		s.calls = append(append(s.calls, unit.Key), unit.Documents...)
	}
	if s.fail != nil {
		return nil, s.fail
	}
	return s.Memory.ReadAhead(ctx, units)
}

func (s *spied) Find(ctx context.Context, key string) (*inbox.Record, error) {
	s.calls = append(s.calls, "find", key)
	return s.Memory.Find(ctx, key)
}

// TestWhatABatchNeedsIsReadAhead hears of one bell after another.
func TestWhatABatchNeedsIsReadAhead(t *testing.T) {
	h := newHouse(t, declaration)
	db := &spied{Memory: h.store}
	h.consumer = h.rt.connect(db, h.bus, h.queue)
	hear := func(id, bell string) {
		if failed := failures(t, t.Context(), h, batchOf(t, [2]string{id, envelope(id, rung{bell, 1})})); len(failed) > 0 {
			t.Errorf("%s failed", id)
		}
	}
	const kind = "bell.rung.v1/"
	for _, step := range []struct {
		name     string
		id, bell string
		fail     error
		calls    []string
	}{
		{"which documents is not known yet", "a", "tom", nil, []string{"ahead", kind + "a"}},
		{"the document of a first event is expected of the next", "b", "tim", nil, []string{"ahead", kind + "b", "bell/tim"}},
		{"a repeat is recognised", "b", "tim", nil, []string{"ahead", kind + "b", "bell/tim"}},
		{"where it fails, each reads for itself", "c", "tim", errors.New("denied"),
			[]string{"ahead", kind + "c", "bell/tim", "find", kind + "c"}},
	} {
		db.calls, db.fail = nil, step.fail
		hear(step.id, step.bell)
		if diff := cmp.Diff(step.calls, db.calls); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
	if runs := h.tower.runs.Load(); runs != 3 {
		t.Errorf("the handler ran %d times, want 3", runs)
	}
}
