package topology_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/topology"
)

// build derives the topology of the fixture, with some manifests overridden, or removed by "".
func build(t *testing.T, override map[string]string, env string) (*topology.Topology, error) {
	t.Helper()
	root := fixture.FS()
	for name, body := range override {
		if body == "" {
			delete(root, "services/"+name+"/service.json")
			continue
		}
		root["services/"+name+"/service.json"] = &fstest.MapFile{Data: fmt.Appendf(nil, `{"name": %q, "description": "For the test.", %s}`, name, body)}
	}
	folder, err := fs.Sub(root, "events")
	if err != nil {
		t.Fatal(err)
	}
	contracts, err := schema.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	manifests, err := manifest.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	return topology.New(contracts, manifests, topology.Names{Project: "troupe", Env: env, Region: "us-east-1", Account: "000000000000"})
}

func TestTopology(t *testing.T) {
	made, err := build(t, nil, "local")
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(made, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/topology.json"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(string(want)), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}

func TestPayloadsAreNotTracedInProduction(t *testing.T) {
	for env, want := range map[string]string{"local": "true", "dev": "true", "prod": "false", "staging": "false"} {
		made, err := build(t, nil, env)
		if err != nil {
			t.Fatal(err)
		}
		if got := made.Services[0].Environment["TRACE_PAYLOADS"]; got != want {
			t.Errorf("in %s TRACE_PAYLOADS = %s, want %s", env, got, want)
		}
	}
}

// TestProducerElsewhere: a service may subscribe to what a service of another repository publishes.
func TestProducerElsewhere(t *testing.T) {
	made, err := build(t, map[string]string{"lighthouse": ""}, "dev")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range made.Services {
		if s.Name == "harbour" && slices.ContainsFunc(s.Subscriptions, func(sub topology.Subscription) bool { return strings.HasSuffix(sub.Topic, "fog-seen-v1") }) {
			return
		}
	}
	t.Error("harbour subscribes to nothing of the lighthouse")
}

func TestWhatDoesNotFit(t *testing.T) {
	for _, c := range []struct{ name, service, body, want string }{
		{"nobody publishes it", "lighthouse", `"runtime": "lambda", "publishes": ["lamp.lit.v1"]`,
			`services/harbour/service.json:10:6: /subscribes/2/event must be an event that somebody publishes: add it to "publishes" of services/lighthouse/service.json`},
		{"a reminder for nobody", "buoy", `"runtime": "worker", "publishes": ["wave.measured.v1", "battery.checked.v1"]`,
			`services/buoy/service.json:1:105: /publishes/1 must be in "subscribes" too: the service sends it to its own queue`},
		{"a filtered reminder", "buoy", `"runtime": "worker", "subscribes": [{"event": "battery.checked.v1", "where": {"data": {"buoyId": ["1"]}}}], "publishes": ["wave.measured.v1", "battery.checked.v1"]`,
			`services/buoy/service.json:1:118: /subscribes/0/where must be left out: nothing filters`},
		{"another's reminder", "pilot", `"runtime": "worker", "subscribes": [{"event": "battery.checked.v1"}]`, "services/pilot/service.json"},
		{"another's event", "pilot", `"runtime": "worker", "publishes": ["ship.docked.v1"]`, "services/pilot/service.json"},
		{"one route, two services", "gull", `"runtime": "lambda", "http": ["POST /lamps"]`,
			`services/lighthouse/service.json:6:12: /http/0 must be a route of its own: gull answers it too`},
		{"two names of a variable", "gull", `"runtime": "lambda", "http": ["GET /lamps/{name}"]`,
			`services/lighthouse/service.json:6:27: /http/1 must be a route of its own: gull answers it too`},
		{"a pattern that is too long", "pilot", `"runtime": "worker", "subscribes": [{"event": "ship.docked.v1", "where": {"data": {"berth": ["` + strings.Repeat("yyyy-yyyy\", \"", 170) + `y"]}}}]`,
			`"where" of rule troupe-local-pilot-ship-docked-v1 has 2`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := build(t, map[string]string{c.service: c.body}, "local")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v\nwant it to say: %s", err, c.want)
			}
		})
	}
	if _, err := build(t, nil, strings.Repeat("x", 42)); err == nil || !strings.Contains(err.Error(), "-pilot-execution has 65 characters") {
		t.Errorf("error = %v, want the name of a role that ECS takes", err)
	}
	if _, err := build(t, nil, strings.Repeat("x", 50)); err == nil || !strings.Contains(err.Error(), "AWS accepts up to 64") {
		t.Errorf("error = %v, want a name that is too long", err)
	}
}

// TestAPartnersBus holds what is forwarded from a bus that is named as its partner's event source, and that nothing is if nobody
// subscribes. (The rule's ARN: service authorization reference of EventBridge, rule-on-custom-event-bus.)
func TestAPartnersBus(t *testing.T) {
	const shop = "aws.partner/example.com/shop"
	paid := schema.Event{Contract: events.Contract{
		Type: "invoice.paid.v1", Producer: "shop", Channel: events.EventBridge, Outside: &events.Outside{Source: shop, DetailType: "paid", Subject: "/id", Bus: shop},
	}}
	names := topology.Names{Project: "clinic", Env: "dev", Region: "eu-central-1", Account: "123456789012"}
	for subscribes, want := range map[string]string{
		`[{"event": "invoice.paid.v1"}]`: "arn:aws:events:eu-central-1:123456789012:rule/" + shop + "/clinic-dev-invoice-paid-v1",
		`[]`:                             "",
	} {
		manifests, err := manifest.Load(fstest.MapFS{"services/desk/service.json": {Data: fmt.Appendf(nil, `{"name": "desk", "description": "For the test.", "runtime": "worker", "subscribes": %s}`, subscribes)}})
		if err != nil {
			t.Fatal(err)
		}
		made, err := topology.New([]schema.Event{paid}, manifests, names)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case want == "" && made.Outside != nil:
			t.Errorf("nobody subscribes, and %+v", made.Outside)
		case want != "" && (made.Outside == nil || made.Outside.Rules[0].ARN != want || made.Outside.Rules[0].Bus != shop || made.Outside.Rules[0].Target != names.BusARN()):
			t.Errorf("forwarded is %+v", made.Outside)
		}
	}
}
