package stories_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
	"github.com/google/go-cmp/cmp"
)

func parse(t *testing.T, text string) *stories.Story {
	t.Helper()
	s, err := stories.Parse("services/stories/lamp.txtar", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParse(t *testing.T) {
	s := parse(t, "# A lamp is lit,\n# and goes out.\n\n! request POST /lamps lamp.json 'X-A=b c' # a comment\nset a 'it''s'\n\n-- lamp.json --\n{}\n")
	want := []stories.Line{
		{Number: 4, Text: "! request POST /lamps lamp.json 'X-A=b c' # a comment", Not: true, Verb: "request", Args: []string{"POST", "/lamps", "lamp.json", "X-A=b c"}},
		{Number: 5, Text: "set a 'it''s'", Verb: "set", Args: []string{"a", "it's"}},
	}
	if diff := cmp.Diff(want, s.Lines); diff != "" {
		t.Error(diff)
	}
	if s.Name != "lamp" || s.Title != "A lamp is lit, and goes out." || s.Files["lamp.json"] != "{}\n" || s.Demo() {
		t.Errorf("%+v", s)
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"# nothing\n":                         "lamp.txtar:1: the story has no verb; known are answer, config,",
		"settle\nlook up\n":                   `lamp.txtar:2: look up: there is no verb "look"; known are answer, config,`,
		"!\n":                                 `lamp.txtar:1: !: "!" must be followed by a verb`,
		"set a 'b\n":                          "lamp.txtar:1: set a 'b: a quotation mark is not closed",
		"request POST\n":                      "lamp.txtar:1: request POST: usage: request METHOD PATH [FILE] [Header=value …]",
		"request POST /a b.json\n":            `the story has no file "b.json": add it below as -- b.json --`,
		"until GET /a .state\n":               "usage: until METHOD PATH .member VALUE …",
		"until GET /a state lit\n":            `"state" is not a member: write .state`,
		"answer .a b .c\n":                    "members and values come in pairs",
		"config lamps BRIGHT\n":               "usage: config SERVICE NAME=VALUE",
		"only aws\n":                          "usage: only local",
		"publish -to x lamp.lit.v1\n":         "flag provided but not defined: -to; usage: publish",
		"publish lamp.lit.v1 a.json b.json\n": "usage: publish",
	} {
		_, err := stories.Parse("services/stories/lamp.txtar", []byte(text))
		if found, ok := errors.AsType[*stories.Error](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v (%+v), not %q", text, err, found, want)
		}
	}
}

func TestCheck(t *testing.T) {
	for text, want := range map[string]string{
		"saw lamps lamp.lit.v1 published=lamp.out.v1\npublish lamp.lit.v1\nqueue lamps": "",
		"request GET /lamps?hue=red&after=$next watt=5":                                 "",
		"saw lamp lamp.lit.v1":                             `lamp.txtar:1: saw lamp lamp.lit.v1: there is no service "lamp"; known are lamps`,
		"publish lamp.lit.v2":                              `there is no event "lamp.lit.v2"; known are lamp.lit.v1, lamp.out.v1`,
		"saw lamps lamp.lit.v1 published=lamp.v1":          `there is no event "lamp.v1"`,
		"set x lamps\nsaw $x lamp.lit.v1\ndead-letter lit": `lamp.txtar:3: dead-letter lit: there is no service "lit"`,
	} {
		err := parse(t, text).Check([]string{"lamps"}, []string{"lamp.lit.v1", "lamp.out.v1"})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
	}
}

func TestSettings(t *testing.T) {
	one, other, contrary := parse(t, "config lamps WATT=5"), parse(t, "config lamps WATT=5\nconfig lamps HUE=red"), parse(t, "config lamps WATT=6")
	got, err := stories.Settings([]*stories.Story{one, other})
	if diff := cmp.Diff(map[string]map[string]string{"lamps": {"WATT": "5", "HUE": "red"}}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if _, err := stories.Settings([]*stories.Story{one, contrary}); err == nil || !strings.Contains(err.Error(), "services/stories/lamp.txtar:1 wants 5") {
		t.Error(err)
	}
}

func TestLoad(t *testing.T) {
	root := t.TempDir()
	if all, err := stories.Load(root); err != nil || len(all) > 0 {
		t.Errorf("without a folder: %v, %v", all, err)
	}
	for name, text := range map[string]string{"b.txtar": "settle", "a.txtar": "settle", "demo/z.txtar": "settle", "notes.md": "no story"} {
		file := filepath.Join(root, stories.Folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := stories.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range all {
		names = append(names, fmt.Sprint(s.Name, s.Demo()))
	}
	if diff := cmp.Diff([]string{"demo/ztrue", "afalse", "bfalse"}, names); diff != "" {
		t.Error(diff)
	}
}

// lamps is an API that lights lamps: the third GET finds a lamp lit.
func lamps(t *testing.T, steps *trace.Collector) *stories.Stage {
	looks := 0
	mux := http.NewServeMux()
	mux.HandleFunc("POST /lamps", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Idempotency-Key") == "" || !json.Valid(body) {
			w.WriteHeader(http.StatusBadRequest)
		}
		w.Header().Set("X-Key", r.Header.Get("Idempotency-Key"))
		step, _ := json.Marshal(map[string]any{"msg": events.StepMessage, "step": events.Step{
			Service: "lamps", EventType: "http", Outcome: events.Handled, CorrelationID: r.Header.Get("X-Correlation-Id"),
			Published: []events.Published{{ID: "1", Type: "lamp.lit.v1"}},
		}})
		steps.Line(step)
		_, _ = fmt.Fprintf(w, `{"lampId": "l-1", "watt": 1.50, "on": true, "body": %q, "rooms": [{"name": "hall"}]}`, body)
	})
	mux.HandleFunc("GET /lamps/l-1", func(w http.ResponseWriter, _ *http.Request) {
		if looks++; looks < 3 {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, `{"state": "lit"}`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return &stories.Stage{API: server.URL, Target: &target.Target{}, Steps: steps, Patience: 200 * time.Millisecond, Every: time.Millisecond}
}

func TestPlay(t *testing.T) {
	const head, files = "request POST /lamps lamp.json\n", "\n-- lamp.json --\n{\"of\": \"$$5 $story\"}\n"
	for name, c := range map[string]struct{ text, want string }{
		"members become variables":     {head + "until GET /lamps/$lampId .state lit\nanswer .state lit", ""},
		"an answer's members":          {head + "answer .watt 1.50 .on true .rooms.0.name hall .lampId *", ""},
		"a key of its own":             {"set key k-$story\nrequest POST /lamps lamp.json Idempotency-Key=$key\nheader X-Key $key", ""},
		"a step":                       {head + "saw lamps http published=lamp.lit.v1\npublished lamps lamp.lit.v1\n! saw lamps lamp.lit.v1", ""},
		"what must fail":               {"! request GET /nothing\nerror 404", ""},
		"another member":               {head + "answer .watt 2", `lamp.txtar:2: answer .watt 2: .watt is "1.50", not "2"`},
		"no member":                    {head + "answer .hue red", "there is no member hue in .hue; there are body, lampId, on, rooms, watt"},
		"no element":                   {head + "answer .rooms.1.name x", "there is no element 1 in .rooms.1.name: the list has 1"},
		"another status":               {head + "status 202", "lamp.txtar:2: status 202: status 200: {"},
		"a request that is refused":    {"request GET /nothing", "lamp.txtar:1: request GET /nothing: status 404"},
		"a state that never comes":     {head + "until GET /lamps/$lampId .state dark", `until GET /lamps/$lampId .state dark: after 200ms: .state is "lit", not "dark"`},
		"a variable that nobody set":   {"request GET /lamps/$lampid", "there is no variable $lampid; known are story"},
		"a step that did not happen":   {head + "saw lamps http repeated", "0 such steps, not 1, among these of lamps in this story:\n  http handled published=lamp.lit.v1"},
		"a step that must not be":      {head + "! saw lamps http", "it happened, 1 time:"},
		"events that were not counted": {head + "published lamps lamp.lit.v1 count=2", "1 such events, not 2"},
		"what should have failed":      {"! " + head, "it should have failed"},
		"another error":                {"! request GET /nothing\nerror 500", `error 500: it is "status 404`},
		"a header that is missing":     {head + "header X-Hue red", "the answer has no such header; it has Content-Length, "},
		"no request before":            {"status 200", "there was no request before"},
		"no queue":                     {"dead-letter lamps", "the service has no queue"},
		"no table":                     {"state lamps lamp/1 .a b", "only documents of services with the store dynamodb can be read"},
		"no permissions to take":       {"publish -as lamps lamp.lit.v1", `there is no event "lamp.lit.v1"`},
	} {
		t.Run(name, func(t *testing.T) {
			result, err := lamps(t, &trace.Collector{}).Play(t.Context(), parse(t, c.text+files))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, not %q", err, c.want)
			}
			if posts := strings.Count(c.text, "request POST"); len(result.Executions) < posts {
				t.Errorf("executions %q", result.Executions)
			}
		})
	}
}

func TestOnlyLocal(t *testing.T) {
	stage := lamps(t, &trace.Collector{})
	if result, err := stage.Play(t.Context(), parse(t, "only local\nrequest GET /nothing")); err != nil || result.Skipped == "" {
		t.Errorf("%+v, %v", result, err)
	}
	stage.Local = true
	if result, err := stage.Play(t.Context(), parse(t, "only local\nrequest GET /nothing")); err == nil || result.Skipped != "" {
		t.Errorf("%+v, %v", result, err)
	}
}

// TestUnready checks that a request is repeated, with the same idempotency key, while the API is not ready.
func TestUnready(t *testing.T) {
	stage := lamps(t, &trace.Collector{})
	tries := 0
	stage.Unready = func(response *http.Response, err error) bool { tries++; return err == nil && tries < 3 }
	if _, err := stage.Play(t.Context(), parse(t, "request POST /lamps a\n-- a --\n{}\n")); err != nil || tries != 3 {
		t.Errorf("after %d tries: %v", tries, err)
	}
}

func TestRequests(t *testing.T) {
	const body = "\n-- a.json --\n{\"it\": \"is on\",\n \"for\": \"$story\"}\n"
	offered := stories.Requests([]*stories.Story{
		parse(t, "# Light it.\nset room hall\nrequest POST /lamps/$room a.json\nrequest GET /lamps/$lampId"+body),
		parse(t, "publish lamp.lit.v1\nuntil GET /lamps/1 .state lit"),
		parse(t, "request GET /lamps/$lampId"),
		parse(t, "request GET /lamps"), parse(t, "request GET /lamps"),
	})
	if len(offered) != 2 || offered[0].Story != "Light it." || offered[0].Method != "POST" || offered[0].Path != "/lamps/hall" || offered[1].Path != "/lamps" {
		t.Fatalf("%+v", offered)
	}
	if got := offered[0].Curl("http://api"); !strings.HasPrefix(got, `curl -i -X POST http://api/lamps/hall -d '{"it": "is on", "for": "s-`) {
		t.Error(got)
	}
	if got := offered[1].Curl("http://api"); got != "curl -i http://api/lamps" {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("# A\nrequest POST /a b.json X=y\n! saw 'a b' c\n-- b.json --\n{}\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := stories.Parse("services/stories/a.txtar", []byte(text))
		if err != nil {
			if _, ok := errors.AsType[*stories.Error](err); !ok {
				t.Errorf("%v is not an *Error", err)
			}
			return
		}
		if _, err := stories.Settings([]*stories.Story{s}); err != nil {
			_ = err.Error()
		}
		stories.Requests([]*stories.Story{s})
	})
}
