package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestChoose reads lists of stories with their weights.
func TestChoose(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"demo/dusk", "demo/dawn", "storm"} {
		file := filepath.Join(root, "services/stories", name+".txtar")
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("# A lamp.\nrequest POST /lamps lamp.json\n-- lamp.json --\n{}\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for list, want := range map[string]string{
		"":                  "demo/dawn 0.5 demo/dusk 0.5",
		"storm":             "storm 1",
		"demo/dusk:3,storm": "demo/dusk 0.75 storm 0.25",
		"storm:0":           "-story storm:0: the weight must be a number above 0",
		"storm:many":        "the weight must be a number",
		"storm,squall":      `there is no story "squall"; there are demo/dawn, demo/dusk, storm`,
	} {
		chosen, err := choose(root, list)
		var got []string
		for _, one := range chosen {
			got = append(got, one.story.Name, figure(one.weight))
		}
		if err != nil {
			got = []string{err.Error()}
		}
		if text := strings.Join(got, " "); !strings.Contains(text, want) {
			t.Errorf("%q: %s, want %s", list, text, want)
		}
	}
}

func figure(n float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", n), "0"), ".")
}
