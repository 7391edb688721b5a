package transform

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

const job = `{"version":"0","id":"e1","detail-type":"job.done","source":"app","account":"1","time":"2026-01-02T03:04:05Z","region":"r","resources":["arn:a","arn:b"],
	"detail":{"id":7,"note":"say \"hi\"","nothing":null,"odd name":true,"lines":[{"sku":"A","n":1},{"sku":"B"}],"more": {"x": 1.50}}}`

func TestApply(t *testing.T) {
	paths := map[string]string{"id": "$.detail.id", "note": "$.detail.note", "none": "$.detail.none", "null": "$.detail.nothing", "odd": "$.detail['odd name']",
		"sku": "$.detail.lines[1].sku", "skus": "$.detail.lines[*].sku", "far": "$.detail.lines[9]", "arn": "$.resources[0]", "more": "$.detail.more", "all": "$"}
	for template, want := range map[string]string{
		`{"id":<id>,"as text":"<id>","odd":<odd>,"null":<null>}`:        `{"id":7,"as text":"7","odd":true,"null":null}`,
		`{"note":<note>,"in":"note: <note>"}`:                           `{"note":"say \"hi\"","in":"note: say \"hi\""}`,
		`{"none":<none>,"in":"<none>"}`:                                 `{"none":"","in":""}`,
		`{"one":<sku>,"all":<skus>,"far":<far>,"arn":<arn>}`:            `{"one":"B","all":["A","B"],"far":"","arn":"arn:a"}`,
		`[<id>, "<not a placeholder>"]`:                                 `[7, "<not a placeholder>"]`,
		`<more>`:                                                        `{"x": 1.50}`,
		`"job <id> of <skus>: <more>"`:                                  `"job 7 of [A,B]: {x:1.50}"`,
		`{"rule":<aws.events.rule-name>,"arn":"<aws.events.rule-arn>"}`: `{"rule":"r1","arn":"arn:rule"}`,
		`{"at":<aws.events.event.ingestion-time>}`:                      `{"at":"2026-01-03T00:00:00Z"}`,
		`{"skus":"<skus>"}`:                                             "", // its quotation marks break the string
		`{"id":<id>`:                                                    "",
		`plain <id>`:                                                    "",
	} {
		transformer, err := Parse(paths, template)
		if err != nil {
			t.Fatal(err)
		}
		got, err := transformer.Apply([]byte(job), Rule{"arn:rule", "r1", time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC)})
		if string(got) != want || errors.Is(err, ErrInvalid) != (want == "") {
			t.Errorf("%s:\n got %s (%v)\nwant %s", template, got, err, want)
		}
	}
}

func TestWholeEvent(t *testing.T) {
	transformer, err := Parse(nil, `{"whole":<aws.events.event.json>,"head":<aws.events.event>}`)
	if err != nil {
		t.Fatal(err)
	}
	body, err := transformer.Apply([]byte(job), Rule{})
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Whole, Head map[string]any }
	if err := json.Unmarshal(body, &got); err != nil || got.Whole["detail"] == nil || got.Head["detail"] != nil || got.Head["source"] != "app" {
		t.Errorf("%s: %v", body, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ path, template string }{
		{"$.a", "{\"x\":<y>}"}, {"a", "<x>"}, {"$a", "<x>"}, {"$.a[", "<x>"}, {"$.a[x]", "<x>"}, {"$..a", "<x>"}, {"", "<x>"},
	} {
		if _, err := Parse(map[string]string{"x": c.path}, c.template); err == nil {
			t.Errorf("%q with path %q is accepted", c.template, c.path)
		}
	}
}

// TestRecorded compares with AWS's responses from a public test suite, which is not part of this repository.
func TestRecorded(t *testing.T) {
	file, err := os.Open(filepath.FromSlash("../../../../../shared/conformance/input_transformers_recorded.ndjson.gz"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the recorded cases are not on this machine")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for lines := bufio.NewScanner(text); lines.Scan(); n++ {
		var c struct {
			ID, Template string
			PathsMap     map[string]string
			Event        json.RawMessage
			Expect       any
			ExpectText   string `json:"expect_text"`
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		transformer, err := Parse(c.PathsMap, c.Template)
		if err != nil {
			t.Fatal(err)
		}
		got, err := transformer.Apply(c.Event, Rule{})
		var body any
		switch {
		case c.Expect == "dropped":
			if !errors.Is(err, ErrInvalid) {
				t.Errorf("%s: %s (%v), want it dropped", c.ID, got, err)
			}
		case c.ExpectText != "":
			if string(got) != c.ExpectText {
				t.Errorf("%s: %s (%v), want %s", c.ID, got, err, c.ExpectText)
			}
		case json.Unmarshal(got, &body) != nil || !reflect.DeepEqual(body, c.Expect):
			t.Errorf("%s: %s (%v), want %v", c.ID, got, err, c.Expect)
		}
	}
	if n != 23 {
		t.Errorf("%d cases, want 23", n)
	}
}

func FuzzApply(f *testing.F) {
	f.Add("$.detail.lines[*].sku", `{"x":<x>}`, []byte(job))
	f.Add("$", `"<x>`, []byte(`"`))
	f.Add("$['a b'][3]", `"<x> <aws.events.event>"`, []byte(`{"a b":[1,2,3,{}]}`))
	f.Fuzz(func(t *testing.T, path, template string, event []byte) {
		transformer, err := Parse(map[string]string{"x": path}, template)
		if err != nil {
			return
		}
		if body, err := transformer.Apply(event, Rule{}); err == nil && !transformer.text && !json.Valid(body) {
			t.Errorf("%q with %q makes %q", template, event, body)
		}
	})
}
