package web_test

import (
	"net/http"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/unit"
	"example.com/troupe/services/kit/web"
)

// TestStepOfARefusal: without payloads, too, a step says why a request was refused, and what the request was about.
func TestStepOfARefusal(t *testing.T) {
	h := newHouse(t)
	declared, err := manifest.Parse("service.json", []byte(tower.Declaration))
	if err != nil {
		t.Fatal(err)
	}
	h.router = web.NewRouter(unit.New(declared, h.store, h.bus, false), []web.Route{
		{Pattern: "POST /bells", Handler: h.tower.Post, Unit: true},
		{Pattern: "DELETE /bells/{name}", Unit: true, Handler: func(_ *eventing.Tx, w http.ResponseWriter, _ *http.Request) error {
			web.Problem(w, http.StatusConflict, "It is ringing", "Wait for Tom.", nil)
			return nil
		}},
	})
	const ring = `{"bell":"tom","times":2}`
	for _, c := range []struct {
		method, path, body, key string
		want                    events.Step
	}{
		{"DELETE", "/bells/tom", "", "a", events.Step{Status: 409, Reason: "It is ringing", Subject: "tom", Outcome: events.Refused}},
		{"POST", "/bells", ring, "b", events.Step{Status: 202, Subject: "tom", Outcome: events.Handled}},
		{"POST", "/bells", `{"bell":"tim","times":2}`, "b", events.Step{Status: 422, Reason: "The idempotency key is taken", Outcome: events.Refused}},
	} {
		h.log.Reset()
		ask(t, h, c.method, c.path, c.body, "Idempotency-Key: "+c.key)
		got := h.log.Steps(t)[0]
		if got.Status != c.want.Status || got.Reason != c.want.Reason || got.Subject != c.want.Subject || got.Outcome != c.want.Outcome {
			t.Errorf("%s %s: the step is %+v, want %+v", c.method, c.path, got, c.want)
		}
	}
}
