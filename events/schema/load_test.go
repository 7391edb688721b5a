package schema_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

const act = `{"x-event": {"type": "act.ended.v1", "producer": "stage", "channel": "sns", "subject": "actId", "outcome": "failure"},
	"title": "ActEnded", "description": "ActEnded states that an act is over."}`

func TestLoadReadsAFolder(t *testing.T) {
	loaded, err := schema.Load(fstest.MapFS{
		"stage/act.ended.v1.schema.json":         {Data: []byte(act)},
		"stage/act.ended.v1.tragic.example.json": {Data: []byte(`{"actId": "2"}`)},
		"stage/act.ended.v1.example.json":        {Data: []byte(`{"actId": "1"}`)},
		"manifest/service.schema.json":           {Data: []byte(`{}`)},
	})
	if err != nil || len(loaded) != 1 {
		t.Fatalf("loaded %+v: %v", loaded, err)
	}
	event := loaded[0]
	if event.Type != "act.ended.v1" || event.Channel != events.SNS || event.Subject != "actId" || event.Outcome != schema.Failure || event.Title != "ActEnded" {
		t.Errorf("got %+v", event)
	}
	if e := event.Examples; len(e) != 2 || e[0].Name != "" || e[1].Name != "tragic" || string(e[1].Data) != `{"actId": "2"}` {
		t.Errorf("got the examples %+v", e)
	}
}

func TestLoadRefusesWhatDisagrees(t *testing.T) {
	cases := map[string]struct{ file, schema, problem string }{
		"folder":     {"hall/act.ended.v1", act, "1:14: /x-event/type must be that of this file, which stage/act.ended.v1.schema.json is not"},
		"file name":  {"stage/act.began.v1", act, "stage/act.ended.v1.schema.json"},
		"channel":    {"stage/act.ended.v1", strings.Replace(act, "sns", "post", 1), `1:59: /x-event/channel must be eventbridge, sns or queue, not "post"`},
		"outcome":    {"stage/act.ended.v1", strings.Replace(act, "failure", "tragic", 1), `outcome "tragic": it must be success or failure`},
		"a typo":     {"stage/act.ended.v1", strings.Replace(act, "outcome", "outcom", 1), `"outcom"`},
		"not JSON":   {"stage/act.ended.v1", `{`, "json:1:1: it must be a JSON document: unexpected end"},
		"no example": {"stage/act.ended.v1", act, "every event has an example"},
	}
	for name, c := range cases {
		_, err := schema.Load(fstest.MapFS{c.file + ".schema.json": {Data: []byte(c.schema)}})
		if err == nil || !strings.Contains(err.Error(), c.problem) || !strings.HasPrefix(err.Error(), c.file) {
			t.Errorf("%s: got %v, want %s: … %s", name, err, c.file, c.problem)
		}
	}
}
