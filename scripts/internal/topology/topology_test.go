package topology_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/topology"
)

// contracts are one event of each channel.
var contracts = map[string]string{"sale.made.v1": "eventbridge", "parcel.wanted.v1": "sns", "sale.deadline.v1": "queue"}

// services are those of the golden file; a test overrides one of them.
var services = map[string]string{
	"shop":  `"runtime": "lambda", "http": ["POST /sales"], "subscribes": [{"event": "sale.deadline.v1"}], "publishes": ["sale.made.v1", "parcel.wanted.v1", "sale.deadline.v1"], "store": "dynamodb", "config": {"DEADLINE": "10m"}`,
	"depot": `"runtime": "worker", "subscribes": [{"event": "sale.made.v1", "where": {"data": {"paid": [true]}}}, {"event": "parcel.wanted.v1", "where": {"data": {"region": ["eu"]}}}], "store": "sql"`,
}

func build(t *testing.T, override map[string]string, env string) (*topology.Topology, error) {
	t.Helper()
	repository, folder := fstest.MapFS{}, fstest.MapFS{}
	for event, channel := range contracts {
		folder["shop/"+event+".schema.json"] = &fstest.MapFile{Data: fmt.Appendf(nil,
			`{"$schema": "https://json-schema.org/draft/2020-12/schema", "x-event": {"type": %q, "producer": "shop", "channel": %q, "subject": "id"}, "title": "T", "description": "D.", "type": "object", "required": ["id"], "properties": {"id": {"description": "I.", "type": "string"}}}`, event, channel)}
		folder["shop/"+event+".example.json"] = &fstest.MapFile{Data: []byte(`{"id": "1"}`)}
	}
	for name, body := range services {
		if other, ok := override[name]; ok {
			body = other
		}
		repository["services/"+name+"/service.json"] = &fstest.MapFile{Data: fmt.Appendf(nil, `{"name": %q, "description": "For the test.", %s}`, name, body)}
	}
	loaded, err := schema.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	manifests, err := manifest.Load(repository)
	if err != nil {
		t.Fatal(err)
	}
	return topology.New(loaded, manifests, topology.Names{Project: "troupe", Env: env, Region: "us-east-1", Account: "000000000000"})
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

func TestWhatDoesNotFit(t *testing.T) {
	for _, c := range []struct{ name, service, body, want string }{
		{"nobody says it", "shop", `"runtime": "lambda", "publishes": ["parcel.wanted.v1"]`,
			`services/depot/service.json: hears sale.made.v1, and nobody says it: add it to "publishes" of services/shop/service.json`},
		{"a reminder for nobody", "shop", `"runtime": "lambda", "publishes": ["sale.made.v1", "parcel.wanted.v1", "sale.deadline.v1"]`,
			`services/shop/service.json: says sale.deadline.v1 to its own queue and does not hear it`},
		{"a filtered reminder", "shop", `"runtime": "lambda", "subscribes": [{"event": "sale.deadline.v1", "where": {"data": {"id": ["1"]}}}], "publishes": ["sale.made.v1", "parcel.wanted.v1", "sale.deadline.v1"]`,
			`services/shop/service.json: hears sale.deadline.v1 with "where"`},
		{"another's reminder", "depot", `"runtime": "worker", "subscribes": [{"event": "sale.deadline.v1"}]`, "services/depot/service.json"},
		{"another's event", "depot", `"runtime": "worker", "publishes": ["sale.made.v1"]`, "services/depot/service.json"},
		{"one route, two services", "depot", `"runtime": "lambda", "http": ["POST /sales"]`,
			`services/shop/service.json: answers POST /sales, which depot answers too`},
		{"a pattern that is too long", "depot", `"runtime": "worker", "subscribes": [{"event": "sale.made.v1", "where": {"data": {"x": ["` + strings.Repeat("y", 2048) + `"]}}}]`,
			`"where" of rule troupe-local-depot-sale-made-v1 has 2`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := build(t, map[string]string{c.service: c.body}, "local")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v\nwant it to say: %s", err, c.want)
			}
		})
	}
	if _, err := build(t, nil, strings.Repeat("x", 50)); err == nil || !strings.Contains(err.Error(), "AWS takes 64") {
		t.Errorf("error = %v, want a name that is too long", err)
	}
}
