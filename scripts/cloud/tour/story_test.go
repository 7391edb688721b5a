package tour

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// step is a call and its expected result.
type step struct {
	at                 string // file and line
	service, operation string
	input              string // JSON with ${variables}
	want               string // JSON; empty if nothing is expected
	fails              []string
	says               string            // part of the error's message
	saves              map[string]string // variable → path of a member
	until              bool
	today              bool // Debian's clients, of 2023, don't know it
}

// stories returns all stories by name.
func stories(t *testing.T) map[string][]*step {
	t.Helper()
	files, err := filepath.Glob("testdata/*.tour")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no stories: %v", err)
	}
	all := map[string][]*step{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if all[strings.TrimSuffix(filepath.Base(file), ".tour")], err = parse(file, string(text)); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func parse(file, text string) (steps []*step, err error) {
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		at, line := fmt.Sprintf("%s:%d", file, i+1), lines[i]
		for i+1 < len(lines) && strings.HasPrefix(lines[i+1], "\t") {
			i++
			line += " " + strings.TrimSpace(lines[i])
		}
		kind, rest, _ := strings.Cut(line, " ")
		switch {
		case line == "" || kind == "#":
		case slices.Contains([]string{"=", "!", ">", "says"}, kind) && len(steps) == 0:
			err = fmt.Errorf("%s: there is no call before %s", at, line)
		case kind == "=":
			steps[len(steps)-1].want = rest
		case kind == "says":
			steps[len(steps)-1].says = rest
		case kind == "!":
			steps[len(steps)-1].fails = strings.Fields(rest)
		case kind == ">":
			name, path, _ := strings.Cut(rest, " ")
			steps[len(steps)-1].saves[name] = path
		default:
			var s *step
			s, err = parseCall(at, line)
			steps = append(steps, s)
		}
		if err != nil {
			return nil, err
		}
	}
	return steps, nil
}

func parseCall(at, line string) (*step, error) {
	s := &step{at: at, saves: map[string]string{}}
	line, s.today = strings.CutPrefix(line, "today ")
	line, s.until = strings.CutPrefix(line, "until ")
	var found bool
	s.service, line, _ = strings.Cut(line, " ")
	s.operation, s.input, found = strings.Cut(line, " ")
	if !found {
		return nil, fmt.Errorf("%s: %q is not a service, operation and input", at, line)
	}
	return s, nil
}

// with replaces the variables in JSON text and decodes it.
func with(text string, variables map[string]string) (value any, err error) {
	for name, is := range variables {
		text = strings.ReplaceAll(text, "${"+name+"}", is)
	}
	if strings.Contains(text, "${") {
		return nil, fmt.Errorf("a variable is not known in %.300s", text)
	}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return nil, fmt.Errorf("%w in %.300s", err, text)
	}
	return value, nil
}

// unmarked removes the marks of binary data and times: {"$bytes": "YQ=="} becomes "YQ==".
func unmarked(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for _, mark := range []string{"$bytes", "$time"} {
			if text, ok := v[mark]; ok {
				return text
			}
		}
		object := map[string]any{}
		for name, member := range v {
			object[name] = unmarked(member)
		}
		return object
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = unmarked(v[i])
		}
		return list
	}
	return value
}
