package console

import (
	"fmt"
	"net/http"
	"os"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/console/record"
)

// TestHubIsBounded checks that a flood results in few frames of limited size, and that a browser that doesn't read
// loses some and learns how many.
func TestHubIsBounded(t *testing.T) {
	h := newHub()
	h.take(record.Change{Execution: "before"}) // nobody is connected
	w := h.watch()
	const flood = 2000
	for i := range flood {
		h.take(record.Change{Execution: fmt.Sprint(i), Type: "lamp.lit.v1", Kind: record.Published})
	}
	since, any := h.gather()
	if !any || len(since.changed) != mostGathered || since.more != flood-mostGathered || len(since.pulses) != 1 {
		t.Errorf("gathered %d, more %d, pulses %d", len(since.changed), since.more, len(since.pulses))
	}
	if _, any := h.gather(); any {
		t.Error("gathered twice")
	}
	for range framesKept + 3 {
		h.send("a frame")
	}
	if len(w.frames) != framesKept || h.missed(w) != 3 || h.missed(w) != 0 {
		t.Errorf("%d frames wait", len(w.frames))
	}
	h.leave(w)
	if h.watched() {
		t.Error("it is watched though nobody does")
	}
}

// TestHandlers checks that handlers of events and requests are found anywhere in a service's folder.
func TestHandlers(t *testing.T) {
	root := fstest.MapFS{
		"services/harbour/main.go": {Data: []byte("package main\n\nfunc main() {\n\trt.Handle(\"GET /ships/{id}\", show)\n}\n")},
		"services/harbour/internal/pier/pier.go": {Data: []byte(`package pier

func (p *Pier) Sighted(ctx context.Context, tx *eventing.Tx, lit lighthouse.LampLit) error { return nil }

func Storm(ctx context.Context, tx *eventing.Tx, warned buoy.StormWarned) error { return nil }

func helper(ctx context.Context, count int, lit lighthouse.LampLit) error { return nil }
`)},
		"services/harbour/internal/pier/pier_test.go": {Data: []byte("package pier\n\nconst route = \"PUT /ships/{id}\"\n")},
		"services/harbour/broken.go":                  {Data: []byte("nonsense")},
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, root); err != nil {
		t.Fatal(err)
	}
	harbour := &manifest.Manifest{
		Name: "harbour", HTTP: []string{"GET /ships/{id}", "PUT /ships/{id}"},
		Subscribes: []manifest.Subscription{{Event: "lamp.lit.v1"}, {Event: "storm.warned.v1"}, {Event: "fog.seen.v1"}},
	}
	found := findHandlers(folder, []*manifest.Manifest{harbour, {Name: "gone"}})
	want := map[string]map[string]handler{"gone": {}, "harbour": {
		"lamp.lit.v1":     {"Pier.Sighted", "services/harbour/internal/pier/pier.go:3"},
		"storm.warned.v1": {"Storm", "services/harbour/internal/pier/pier.go:5"},
		"GET /ships/{id}": {"", "services/harbour/main.go:4"},
	}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error("(-want +got)\n" + diff)
	}
}

// TestAssets checks that every file has the right content type.
func TestAssets(t *testing.T) {
	files, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range files {
		if file.kind == "" || len(file.content) == 0 || http.DetectContentType(file.content) == "application/octet-stream" {
			t.Errorf("%s is of kind %q, %d bytes", name, file.kind, len(file.content))
		}
	}
}
