package pattern

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// conformance is a pattern, an event and the expected result. A pattern or event that is a JSON string holds the text
// itself, such as malformed JSON.
type conformance struct {
	ID             string
	Pattern, Event json.RawMessage
	Expect         any    // true, false, or anything else for an error
	Message        string // of an error from AWS's rule engine
	AWSMessage     string `json:"aws_message"`
	Contested      []string
}

// generated holds random cases over the whole language. Their results are those of AWS's open-source rule engine
// (event-ruler 2.0.1). recorded holds responses of AWS from a public test suite, which is not part of this
// repository.
var (
	generated = filepath.Join("testdata", "event_patterns.ndjson.gz")
	recorded  = filepath.FromSlash("../../../../../shared/conformance/event_patterns_recorded.ndjson.gz")
)

func readCases(t testing.TB, path string) []conformance {
	t.Helper()
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not on this machine", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []conformance
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c conformance
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		c.Pattern, c.Event = asText(c.Pattern), asText(c.Event)
		cases = append(cases, c)
	}
	if lines.Err() != nil || len(cases) == 0 {
		t.Fatalf("%d cases in %s: %v", len(cases), path, lines.Err())
	}
	return cases
}

func asText(raw json.RawMessage) json.RawMessage {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return json.RawMessage(s)
	}
	return raw
}

// verdict returns true, false or "error", and the error.
func (c *conformance) verdict() (any, error) {
	p, err := Compile(c.Pattern)
	if err != nil {
		return "error", err
	}
	match, err := p.Match(c.Event)
	if err != nil {
		return "error", err
	}
	return match, nil
}

func (c *conformance) wanted() any {
	if _, ok := c.Expect.(bool); ok {
		return c.Expect
	}
	return "error"
}

func TestGeneratedCases(t *testing.T) {
	contested, agreed := map[string]int{}, map[string]int{}
	for _, c := range readCases(t, generated) {
		got, err := c.verdict()
		if len(c.Contested) == 0 {
			if got != c.wanted() {
				t.Errorf("%s: %v (%v), want %v\n%s\n%s", c.ID, got, err, c.wanted(), c.Pattern, c.Event)
			}
			if got == "error" && json.Valid(c.Pattern) && err.Error() != "Event pattern is not valid. Reason: "+c.Message {
				t.Errorf("%s: %v, want %s", c.ID, err, c.Message)
			}
			continue
		}
		for _, quirk := range append(c.Contested, "all") {
			contested[quirk]++
			if got == c.wanted() {
				agreed[quirk]++
			}
		}
	}
	for quirk, n := range contested {
		t.Logf("contested, %s: agrees with the rule engine on %d of %d", quirk, agreed[quirk], n)
	}
}

func TestRecordedCases(t *testing.T) {
	for _, c := range readCases(t, recorded) {
		got, err := c.verdict()
		if got != c.wanted() {
			t.Errorf("%s: %v (%v), want %v\n%s\n%s", c.ID, got, err, c.wanted(), c.Pattern, c.Event)
		}
		if got == "error" && json.Valid(c.Pattern) && err.Error() != c.AWSMessage {
			t.Errorf("%s: %v, want %s", c.ID, err, c.AWSMessage)
		}
	}
}

// TestSetAgrees compares one set of all patterns with each pattern alone.
func TestSetAgrees(t *testing.T) {
	cases := readCases(t, generated)
	var patterns []*Pattern
	for _, c := range cases {
		if p, err := Compile(c.Pattern); err == nil {
			patterns = append(patterns, p)
		}
	}
	set := NewSet(patterns)
	for _, c := range cases[:25] {
		found, err := set.Match(c.Event, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range patterns {
			alone, _ := p.Match(c.Event)
			among := len(found) > 0 && found[0] == i
			if among {
				found = found[1:]
			}
			if alone != among {
				t.Fatalf("%s with pattern %d: %t alone, %t in the set\n%s", c.ID, i, alone, among, c.Event)
			}
			if reason := p.Explain(c.Event); (reason == "") != alone {
				t.Fatalf("%s with pattern %d: matches is %t, explained as %q", c.ID, i, alone, reason)
			}
		}
	}
}

// TestPaths checks that keys with dots and empty keys have the same path in patterns and events.
func TestPaths(t *testing.T) {
	for _, c := range []struct {
		pattern, event string
		want           bool
	}{
		{`{"a":{"b":{"c":["x"]}}}`, `{"a.b":{"c":"x"}}`, true},
		{`{"a.b.c":["x"]}`, `{"a":{"b":{"c":"x"}}}`, true},
		{`{"a.b.c":["x"]}`, `{"a":{"b.c":["y",["x"]]}}`, true},
		{`{"":{"a":["x"]}}`, `{"":{"a":"x"}}`, true},
		{`{"":{"a":["x"]}}`, `{"a":"x"}`, false},
		{`{"a.":["x"]}`, `{"a":{"":"x"}}`, true},
		{`{"a":["x"]}`, `{"\u0061":"\u0078"}`, true},
		{`{"a":["\ud83d\ude00"]}`, `{"a":"😀"}`, true},
		{`{"a":["😀"]}`, `{"a":"\ud83d\ude00"}`, true},
	} {
		p, err := Compile([]byte(c.pattern))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Match([]byte(c.event)); got != c.want || err != nil {
			t.Errorf("%s with %s: %t %v", c.pattern, c.event, got, err)
		}
	}
}

// TestIndependentArrays would not end if each array multiplied the work of the others.
func TestIndependentArrays(t *testing.T) {
	var pattern, event []string
	for i := range 12 {
		pattern = append(pattern, fmt.Sprintf(`"a%d":{"x":["1"],"y":["1"]}`, i))
		event = append(event, fmt.Sprintf(`"a%d":[%s{"x":"1","y":"1"}]`, i, strings.Repeat(`{"x":"1","y":"1"},`, 30)))
	}
	pattern, event = append(pattern, `"z":{"x":["1"],"y":["1"]}`), append(event, `"z":[{"x":"1"},{"y":"1"}]`)
	p, err := Compile([]byte("{" + strings.Join(pattern, ",") + "}"))
	if err != nil {
		t.Fatal(err)
	}
	if match, err := p.Match([]byte("{" + strings.Join(event, ",") + "}")); match || err != nil {
		t.Error(match, err)
	}
}

func TestMalformedPatterns(t *testing.T) {
	for _, text := range []string{
		"", "{", `{"a"`, `{"a":`, `{"a":["x"]`, `{"a":["x"]}}`, `{"a":["x"],}`, `["a"]`, `"a"`, "{}", "null", "7",
		`{"a":` + strings.Repeat(`{"a":`, 1000) + `["x"]` + strings.Repeat("}", 1001),
		`{"$or":[` + strings.Repeat(`{"$or":[{"a":["x"]},{"b":["x"]}]},`, 501) + `{"c":["x"]}]}`,
	} {
		if _, err := Compile([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), "Event pattern is not valid. Reason: ") {
			t.Errorf("%.60s: %v", text, err)
		}
	}
}

func TestMalformedEvents(t *testing.T) {
	p, err := Compile([]byte(`{"a":{"b":["x"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"", "null", "7", `"a"`, "[]", "{", "}", "{}}", `{"a"`, `{"a":`, `{"a":{`, `{"a":{"b":`, `{"a":{"b":"x"}`, `{"a":{"b":x}}`, `{"a":{"b":"x\`,
		`{"a":{"b":["x"}}`, `{a:1}`, `{"a":1,}`, `{"c":[1}`, `{"a":` + strings.Repeat("[", 1e6),
	} {
		if match, err := p.Match([]byte(text)); match || !errors.Is(err, ErrEvent) {
			t.Errorf("%.60s: %t %v", text, match, err)
		}
	}
}
