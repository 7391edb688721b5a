package manifest_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

const harbour = `{
  "name": "harbour",
  "description": "Warns ships of storms.",
  "runtime": "lambda",
  "subscribes": [{"event": "wave.measured.v1"}, {"event": "lamp.lit.v1", "where": {"data": {"sea": ["north"]}}}],
  "publishes": ["storm.warned.v1"],
  "queue": {"batch": 5},
  "config": {"BERTHS": "12"}
}`

func TestParseFillsTheDefaultsIn(t *testing.T) {
	m, err := manifest.Parse("service.json", []byte(harbour))
	if err != nil {
		t.Fatal(err)
	}
	if want := (manifest.Queue{VisibilitySeconds: 60, MaxReceives: 20, Concurrency: 10, MaxFunctions: 10, Batch: 5, AcceptableDelaySeconds: 60}); m.Queue != want {
		t.Errorf("the queue is %+v, not %+v", m.Queue, want)
	}
	if m.TimeoutSeconds != 10 || m.MemoryMB != 256 || m.Store != manifest.None || m.Rate != 0 || m.Config["BERTHS"] != "12" {
		t.Errorf("got %+v", m)
	}
	if m.Subscribes[0].Where != nil || string(m.Subscribes[1].Where) != `{"data": {"sea": ["north"]}}` {
		t.Errorf("it subscribes to %+v", m.Subscribes)
	}
	if !m.SubscribesTo("wave.measured.v1") || m.SubscribesTo("storm.warned.v1") || !m.MayPublish("storm.warned.v1") || m.MayPublish("wave.measured.v1") || !m.HasQueue() {
		t.Error("what it subscribes to and publishes is mixed up")
	}
}

func TestParseSaysWhereAndWhatIsAllowed(t *testing.T) {
	cases := map[string]struct{ old, new, want string }{
		"typo":              {`"subscribes"`, `"haers"`, `service.json:5:3: /haers must be left out: known here are $schema, config, description, http, indexes, memory_mb, name, owner, permissions, personal, publishes,`},
		"old name":          {`"subscribes"`, `"hears"`, `service.json:5:3: /hears must be renamed to subscribes`},
		"other old name":    {`"publishes"`, `"says"`, `service.json:6:3: /says must be renamed to publishes`},
		"typo inside":       {`"batch": 5`, `"bacth": 5`, `service.json:7:13: /queue/bacth must be left out: known here are acceptable_delay_seconds, batch, concurrency, max_functions,`},
		"value":             {`"lambda"`, `"lamda"`, `service.json:4:3: /runtime must be one of lambda, worker`},
		"missing":           {`  "runtime": "lambda",`, ``, `service.json:1:1: /runtime must be given`},
		"event":             {`wave.measured.v1`, `WaveMeasured`, `service.json:5:19: /subscribes/0/event must be text that matches`},
		"twice":             {`wave.measured.v1`, `lamp.lit.v1`, `service.json:5:45: /subscribes/1/event must be named once`},
		"pattern":           {`["north"]`, `"north"`, `/subscribes/1/where/data/sea must be of type array or object, not string`},
		"where":             {`{"data"`, `{"detail"`, `/subscribes/1/where/detail must be left out: known here are data, metadata`},
		"empty where":       {`{"data": {"sea": ["north"]}}`, `{}`, `/subscribes/1/where must be as the schema's minProperties asks`},
		"syntax":            {`"lambda",`, `"lambda"`, `service.json:5:3: it must be a JSON document`},
		"range":             {`"batch": 5`, `"max_receives": 0`, `/queue/max_receives must be at least 1`},
		"visibility":        {`"batch": 5`, `"visibility_seconds": 59`, `service.json:7:13: /queue/visibility_seconds must be at least 60, six times timeout_seconds`},
		"default too low":   {`"queue"`, `"timeout_seconds": 11, "queue"`, `/queue/visibility_seconds must be at least 66`},
		"batch":             {`"batch": 5`, `"batch": 11`, `/queue/batch must be at most 10 without`},
		"functions":         {`"batch": 5`, `"max_functions": 1`, `/queue/max_functions must be at least 2`},
		"rate of a lambda":  {`"queue"`, `"rate": 5, "queue"`, `/rate must be left out`},
		"one letter":        {`BERTHS`, `B`, `/config/B must be left out: known here are ^[A-Z][A-Z0-9_]+$`},
		"of AWS":            {`BERTHS`, `AWS_REGION`, `service.json:8:14: /config/AWS_REGION must be named otherwise`},
		"of Troupe":         {`BERTHS`, `TABLE_NAME`, `/config/TABLE_NAME must be named otherwise`},
		"long":              {`Warns ships of storms.`, strings.Repeat("storm ", 43), `/description must be`},
		"trailing slash":    {`"queue"`, `"http": ["GET /ships/"], "queue"`, `service.json:7:12: /http/0 must be text that matches`},
		"half a variable":   {`"queue"`, `"http": ["GET /ships/{id}.json"], "queue"`, `/http/0 must be text that matches`},
		"part of a part":    {`"queue"`, `"http": ["GET /a{b}"], "queue"`, `/http/0 must be text that matches`},
		"an index's name":   {`"queue"`, `"store": "dynamodb", "indexes": ["Sea"], "queue"`, `service.json:7:36: /indexes/0 must be text that matches`},
		"no store to index": {`"queue"`, `"indexes": ["sea"], "queue"`, `/indexes must be left out without a store`},
		"secret of Troupe":  {`"config": {"BERTHS": "12"}`, `"secrets": {"SECRETS_PREFIX": "x"}`, `service.json:8:15: /secrets/SECRETS_PREFIX must be named otherwise`},
		"secret, setting":   {`"config": {"BERTHS": "12"}`, `"config": {"BERTHS": "12"}, "secrets": {"BERTHS": "x"}`, `/secrets/BERTHS must be named otherwise: it is a setting in "config" too`},
		"all of a product":  {`"config": {"BERTHS": "12"}`, `"permissions": [{"actions": ["s3:*"], "resources": ["*"]}]`, `/permissions/0/actions/0 must be text that matches`},
		"no ARN":            {`"config": {"BERTHS": "12"}`, `"permissions": [{"actions": ["s3:GetObject"], "resources": ["charts"]}]`, `/permissions/0/resources/0 must be text that matches`},
		"placeholder":       {`"config": {"BERTHS": "12"}`, `"permissions": [{"actions": ["s3:GetObject"], "resources": ["arn:{partition}:s3:::{name}-charts"]}]`, `/permissions/0/resources/0 must be without {name}: the placeholders are {partition} {region}`},
		"setting":           {`BERTHS`, `berths`, `service.json:8:14: /config/berths must be left out: known here are ^[A-Z][A-Z0-9_]+$`},
		"owner":             {`"runtime"`, `"owner": "", "runtime"`, `/owner must be`},
	}
	for name, c := range cases {
		_, err := manifest.Parse("service.json", []byte(strings.Replace(harbour, c.old, c.new, 1)))
		if _, typed := errors.AsType[*schema.FileError](err); !typed || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v\nnot %s", name, err, c.want)
		}
	}
}

func TestParseKnowsWhatOnlyOneRuntimeDoes(t *testing.T) {
	worker := strings.Replace(harbour, "lambda", "worker", 1)
	cases := map[string]struct {
		document, old, new string
		valid              bool
	}{
		"a worker has a rate":        {worker, `"queue"`, `"rate": 0.5, "queue"`, true},
		"a worker may go one by one": {worker, `"batch": 5`, `"concurrency": 1`, true},
		"one function after another": {harbour, `"batch": 5`, `"concurrency": 1, "max_functions": 2`, true},
		"a worker is no function":    {worker, `"batch": 5`, `"max_functions": 10`, false},
		"a worker has no window":     {worker, `"batch": 5`, `"window_seconds": 1`, false},
		"a worker's batch is ten":    {worker, `"batch": 5`, `"batch": 11`, false},
		"a window fills a batch":     {harbour, `"batch": 5`, `"batch": 500, "window_seconds": 2`, true},
	}
	for name, c := range cases {
		_, err := manifest.Parse("service.json", []byte(strings.Replace(c.document, c.old, c.new, 1)))
		if (err == nil) != c.valid {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestLoadReadsEveryService(t *testing.T) {
	pilot := strings.Replace(harbour, "harbour", "pilot", 1)
	root := fstest.MapFS{
		"services/pilot/service.json":    {Data: []byte(pilot)},
		"services/harbour/service.json":  {Data: []byte(harbour)},
		"services/kit/host/service.json": {Data: []byte(`{}`)},
	}
	loaded, err := manifest.Load(root)
	if err != nil || len(loaded) != 2 || loaded[0].Name != "harbour" || loaded[1].Name != "pilot" {
		t.Fatalf("loaded %+v, %v", loaded, err)
	}
	root["services/quay/service.json"] = root["services/pilot/service.json"]
	want := "services/quay/service.json:2:3: /name must be quay, as its folder"
	if _, err := manifest.Load(root); err == nil || err.Error() != want {
		t.Errorf("got %v, not %s", err, want)
	}
}

func TestVerifyHoldsManifestsToTheContracts(t *testing.T) {
	var contracts []schema.Event
	for _, c := range []events.Contract{
		{Type: "battery.checked.v1", Producer: "buoy", Channel: events.Queue},
		{Type: "wave.measured.v1", Producer: "buoy", Channel: events.EventBridge},
		{Type: "ship.docked.v1", Producer: "harbour", Channel: events.EventBridge},
		{Type: "storm.warned.v1", Producer: "harbour", Channel: events.SNS},
		{Type: "fog.seen.v1", Producer: "lighthouse", Channel: events.SNS},
		{Type: "lamp.lit.v1", Producer: "lighthouse", Channel: events.EventBridge},
		{Type: "tide.turned.v1", Producer: "moon", Channel: events.EventBridge, Outside: &events.Outside{Source: "com.example.moon", DetailType: "Tide"}},
	} {
		contracts = append(contracts, schema.Event{Contract: c})
	}
	cases := map[string]struct{ old, new, want string }{
		"as it is":             {"", "", ""},
		"unknown":              {"wave.measured.v1", "wave.measurde.v1", "services/harbour/service.json:5:19: /subscribes/0/event must be one of wave.measured.v1, ship.docked.v1, storm.warned.v1, fog.seen.v1, lamp.lit.v1, tide.turned.v1; did you mean wave.measured.v1?"},
		"not its own":          {"storm.warned.v1", "fog.seen.v1", "services/harbour/service.json:6:17: /publishes/0 must be one of ship.docked.v1, storm.warned.v1"},
		"a worker with routes": {`"lambda"`, `"worker", "http": ["GET /"]`, "services/harbour/service.json:4:24: /http must be left out with the runtime worker"},
		"a function with SQL":  {`"publishes"`, `"store": "sql", "publishes"`, "services/harbour/service.json:6:3: /store must be dynamodb or none"},
		"from outside":         {"wave.measured.v1", "tide.turned.v1", ""},
		"not its publisher":    {"storm.warned.v1", "tide.turned.v1", "services/harbour/service.json:6:17: /publishes/0 must be left out: tide.turned.v1 comes from outside, and only com.example.moon publishes it"},
		"not for them":         {"wave.measured.v1", "battery.checked.v1", "/subscribes/0/event must be one of"},
	}
	for name, c := range cases {
		document := strings.Replace(harbour, c.old, c.new, 1)
		manifests, err := manifest.Load(fstest.MapFS{"services/harbour/service.json": {Data: []byte(document)}})
		if err != nil {
			t.Fatal(err)
		}
		err = manifest.Verify(manifests, contracts)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, not %q", name, err, c.want)
		}
	}
}

func TestTheServicesOfThisRepositoryAgreeWithItsContracts(t *testing.T) {
	contracts, err := schema.Load(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	manifests, err := manifest.Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if err := manifest.Verify(manifests, contracts); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(harbour))
	f.Add([]byte(`{"name": "a", "queue": {"batch": 1e1}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := manifest.Parse("service.json", data)
		if err == nil && (m.Name == "" || m.Queue.VisibilitySeconds < 6*m.TimeoutSeconds) {
			t.Errorf("took %s as %+v", data, m)
		}
		file, typed := errors.AsType[*schema.FileError](err)
		if !typed {
			return
		}
		for _, p := range file.Problems {
			if p.Line < 1 || p.Column < 1 || p.Line > strings.Count(string(data), "\n")+1 {
				t.Errorf("a place outside of the file: %+v", p)
			}
		}
	})
}
