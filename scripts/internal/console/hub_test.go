package console

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/console/record"
)

// TestHubIsBounded: a flood becomes few frames of a bounded size, and a browser that does not read loses some and is
// told how many.
func TestHubIsBounded(t *testing.T) {
	h := newHub()
	h.take(record.Change{Execution: "before"}) // nobody watches
	w := h.watch()
	const flood = 2000
	for i := range flood {
		h.take(record.Change{Execution: fmt.Sprint(i), Type: "order.placed.v1", Kind: record.Published})
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

// TestHandlers: what takes an event or a request is found in the source.
func TestHandlers(t *testing.T) {
	manifests, err := manifest.Load(os.DirFS("../../.."))
	if err != nil {
		t.Fatal(err)
	}
	found := findHandlers("../../..", append(manifests, &manifest.Manifest{Name: "gone"}))
	for _, test := range []struct{ service, takes, handler, file string }{
		{"payments", "order.placed.v1", "Desk.Authorize", "services/payments/internal/payment/"},
		{"orders", "stock.rejected.v1", "Book.Rejected", "services/orders/internal/order/"},
		{"checkout", "POST /orders", "", "services/checkout/"},
	} {
		if got := found[test.service][test.takes]; got.Handler != test.handler || !strings.HasPrefix(got.File, test.file) {
			t.Errorf("%s of %s is taken by %+v", test.takes, test.service, got)
		}
	}
	for _, m := range manifests {
		if len(found[m.Name]) != len(m.Subscribes)+len(m.HTTP) {
			t.Errorf("%s: found %v", m.Name, found[m.Name])
		}
	}
	if len(found["gone"]) != 0 {
		t.Errorf("a service that is not there has %v", found["gone"])
	}
}

// TestAssets: every file has the kind that a browser takes it for.
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
