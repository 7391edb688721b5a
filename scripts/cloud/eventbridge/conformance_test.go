package eventbridge_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	awseb "github.com/aws/aws-sdk-go-v2/service/eventbridge"
)

// TestEventPatterns runs the cases of package pattern through the Go SDK and TestEventPattern.
func TestEventPatterns(t *testing.T) {
	client, _, _ := serve(t)
	for _, path := range []string{"pattern/testdata/event_patterns.ndjson.gz", "../../../../shared/conformance/event_patterns_recorded.ndjson.gz"} {
		t.Run(filepath.Base(path), func(t *testing.T) { testEventPatterns(t, client, filepath.FromSlash(path)) })
	}
}

func testEventPatterns(t *testing.T, client *awseb.Client, path string) {
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
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 1<<20)
	asked := 0
	for lines.Scan() {
		var c struct {
			ID             string
			Pattern, Event json.RawMessage
			Expect         any
			Contested      []string
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if len(c.Contested) > 0 {
			continue
		}
		asked++
		pattern, event := asText(c.Pattern), asText(c.Event)
		out, err := client.TestEventPattern(t.Context(), &awseb.TestEventPatternInput{EventPattern: &pattern, Event: &event})
		var got any = strings.HasPrefix(errorText(err), "InvalidEventPatternException: Event pattern is not valid. Reason: ")
		wanted, isBool := c.Expect.(bool)
		if err == nil {
			got = out.Result
		}
		if (err == nil) != isBool || isBool && got != wanted || !isBool && got != true {
			t.Errorf("%s: %v %v, want %v\n%s\n%s", c.ID, got, err, c.Expect, pattern, event)
		}
	}
	if lines.Err() != nil || asked < 163 {
		t.Fatalf("%d cases: %v", asked, lines.Err())
	}
}

// asText returns the content of a JSON string, or the JSON itself.
func asText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}
