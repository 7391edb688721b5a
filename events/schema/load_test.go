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

const moved = `{"x-event": {"type": "object.created.v1", "producer": "s3", "channel": "eventbridge", "subject": "/object/key", "source": "aws.s3", "detail-type": "Object Created", "bus": "default"},
	"title": "ObjectCreated", "description": "ObjectCreated states that an object is there."}`

func TestLoadReadsWhatComesFromOutside(t *testing.T) {
	files := fstest.MapFS{
		"s3/object.created.v1.schema.json":  {Data: []byte(moved)},
		"s3/object.created.v1.example.json": {Data: []byte(`{}`)},
	}
	loaded, err := schema.Load(files)
	want := events.Outside{Source: "aws.s3", DetailType: "Object Created", Subject: "/object/key", Bus: "default"}
	if err != nil || len(loaded) != 1 || loaded[0].Outside == nil || *loaded[0].Outside != want || loaded[0].Subject != "/object/key" {
		t.Fatalf("loaded %+v: %v", loaded, err)
	}
	files["s3/object.made.v1.schema.json"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(moved, "object.created", "object.made"))}
	files["s3/object.made.v1.example.json"] = files["s3/object.created.v1.example.json"]
	if _, err := schema.Load(files); err == nil || !strings.Contains(err.Error(), `s3/object.made.v1.schema.json: the event "Object Created" of aws.s3 is object.created.v1 already`) {
		t.Errorf("the same event twice: %v", err)
	}
	for name, c := range map[string]struct{ old, new, problem string }{
		"no source":          {`"source": "aws.s3", `, ``, `1:2: /x-event must be with "source" too`},
		"no detail type":     {`"detail-type": "Object Created", `, ``, `1:2: /x-event must be with "detail-type" too`},
		"by another channel": {`eventbridge`, `sns`, `1:61: /x-event/channel must be eventbridge: an event from outside`},
		"somebody's bus":     {`"default"`, `"theirs"`, `/x-event/bus must be default (of AWS services) or a partner's bus`},
		"not a partner's":    {`"aws.s3"`, `"aws.partner/example.com/shop"`, `/x-event/source must be that of a partner`},
		"a partner's bus":    {`"default"`, `"aws.partner/example.com/shop"`, `/x-event/source must be that of a partner`},
		"AWS on our bus":     {`, "bus": "default"`, ``, `/x-event must be with "bus" too`},
		"a long detail type": {`Object Created`, strings.Repeat("Object", 22), `/x-event/detail-type must be of 128 characters at most`},
	} {
		file := fstest.MapFS{"s3/object.created.v1.schema.json": {Data: []byte(strings.Replace(moved, c.old, c.new, 1))}, "s3/object.created.v1.example.json": {Data: []byte(`{}`)}}
		if _, err := schema.Load(file); err == nil || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: got %v, want %s", name, err, c.problem)
		}
	}
}
