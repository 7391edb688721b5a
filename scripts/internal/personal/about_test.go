package personal_test

import (
	"encoding/json"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/personal"
	"example.com/troupe/scripts/internal/stack"
)

func declared(t *testing.T) *personal.Declared {
	t.Helper()
	loaded, err := stack.Load(fixture.Root(t))
	if err != nil {
		t.Fatal(err)
	}
	d, err := personal.Of(loaded)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func message(eventType, subject, data string) events.Message {
	return events.Message{Envelope: events.Envelope{Metadata: events.Metadata{Type: eventType, Subject: subject}, Data: json.RawMessage(data)}}
}

func TestEraseRecord(t *testing.T) {
	d := declared(t)
	ahab := message("ship.docked.v1", "s-1", `{"shipId":"s-1","berth":"e","captain":"Ahab"}`)
	nemo := message("ship.docked.v1", "s-2", `{"shipId":"s-2","berth":"e","captain":"Nemo"}`)
	storm := message("storm.warned.v1", "s-1", `{"sea":"s-1","force":9}`) // nothing personal
	record := func(messages []events.Message, answered string) []byte {
		kept := map[string]any{"fingerprint": "f"}
		if messages != nil {
			kept["messages"] = messages
		}
		if answered != "" {
			encoded, _ := json.Marshal(map[string]any{"status": 200, "header": map[string]any{}, "body": []byte(answered)})
			kept["response"] = encoded
		}
		text, err := json.Marshal(kept)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	const answered, hidden = `{"berth":"e","captain":"Ahab"}`, `{"berth":"e","captain":"[personal]"}`
	for name, c := range map[string]struct {
		before, after []byte
		subject       string
	}{
		"by the event's subject":    {record([]events.Message{nemo, ahab}, ""), record([]events.Message{nemo}, ""), "s-1"},
		"by a personal value":       {record([]events.Message{ahab, nemo}, ""), record([]events.Message{nemo}, ""), "Ahab"},
		"nobody's":                  {record([]events.Message{ahab, nemo}, answered), nil, "Flint"},
		"an event without personal": {record([]events.Message{storm}, ""), nil, "s-1"},
		"with its response":         {record([]events.Message{storm, ahab}, answered), record([]events.Message{storm}, hidden), "s-1"},
		"only a response":           {record(nil, answered), record(nil, hidden), "Ahab"},
		"erased before":             {record(nil, hidden), nil, "Ahab"},
	} {
		want := c.after
		if want == nil {
			want = c.before
		}
		if got, err := d.EraseRecord("harbour", c.before, c.subject); err != nil || canonical(t, got) != canonical(t, want) {
			t.Errorf("%s: %v\n got %s\nwant %s", name, err, got, want)
		}
	}
	if got, err := d.EraseRecord("harbour", nil, "s-1"); len(got) > 0 || err != nil {
		t.Errorf("a record of a unit that runs becomes %s: %v", got, err)
	}
}

// canonical returns a record with its response as text.
func canonical(t *testing.T, record []byte) string {
	t.Helper()
	var kept map[string]any
	var response struct{ Response []byte }
	if err := json.Unmarshal(record, &kept); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(record, &response)
	var answer struct{ Body []byte }
	_ = json.Unmarshal(response.Response, &answer)
	kept["response"] = string(answer.Body)
	text, _ := json.Marshal(kept)
	return strings.Replace(string(text), `"messages":null,`, "", 1)
}

func TestEraseDocument(t *testing.T) {
	d := declared(t)
	for _, c := range []struct{ service, key, body, subject, want string }{
		{"pilot", "ship/s-1", `{"captain":"Ahab","berth":"e"}`, "s-1", `{"berth":"e","captain":null}`},
		{"pilot", "s-1", `{"list":[{"captain":"Ahab"}]}`, "s-1", `{"list":[{"captain":null}]}`},
		{"pilot", "ship/s-10", `{"captain":"Ahab","berth":"e"}`, "s-1", ""},
		{"pilot", "ships", `{"captain":["Ahab","Nemo"]}`, "Ahab", `{"captain":[null,"Nemo"]}`},
		{"pilot", "ships", `{"berth":"Ahab"}`, "Ahab", ""},
		{"pilot", "ship/s-1", `{"captain":null}`, "s-1", ""},
		{"gull", "ship/s-1", `{"captain":"Ahab"}`, "s-1", ""}, // it has nothing to do with captains
	} {
		want := c.want
		if want == "" {
			want = c.body
		}
		if got, err := d.EraseDocument(c.service, c.key, []byte(c.body), c.subject); err != nil || string(got) != want {
			t.Errorf("%s of %s without %s is %s (%v), want %s", c.key, c.service, c.subject, got, err, want)
		}
	}
}

func TestAboutMessage(t *testing.T) {
	d := declared(t)
	docked := `{"metadata":{"id":"e","type":"ship.docked.v1","subject":"s-1","correlationId":"c","producer":"harbour","occurredAt":"2026-01-01T00:00:00Z"},"data":{"shipId":"s-1","berth":"e","captain":"Ahab"}}`
	for _, c := range []struct {
		body, subject string
		want          bool
	}{
		{docked, "s-1", true}, {docked, "Ahab", true}, {docked, "Nemo", false}, {docked, "e", false},
		{strings.Replace(docked, "ship.docked.v1", "ship.lost.v1", 1), "Ahab", true}, {"about s-10", "s-1", false}, {"about s-1.", "s-1", true},
		{strings.Replace(docked, "ship.docked.v1", "storm.warned.v1", 1), "s-1", false},
	} {
		if got := d.AboutMessage([]byte(c.body), c.subject); got != c.want {
			t.Errorf("%s is about %s: %t", c.body, c.subject, got)
		}
	}
}
