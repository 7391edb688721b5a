package host

import (
	"fmt"
	"strconv"
	"time"
)

// Config returns a setting by its name: from the environment, else the default in
// service.json. Only names in service.json can be asked for, so that it lists all that can
// be set.
func (rt *Runtime) Config(name string) string {
	declared, known := rt.manifest.Config[name]
	if !known {
		rt.refuse("the code asks for the setting %s, which is not in service.json: add it to \"config\" with its default", name)
		return ""
	}
	if value := rt.getenv(name); value != "" {
		return value
	}
	return declared
}

// ConfigInt returns a setting that is a whole number.
func (rt *Runtime) ConfigInt(name string) int {
	return parse(rt, name, "a whole number like 500", strconv.Atoi)
}

// ConfigDuration returns a setting that is a duration.
func (rt *Runtime) ConfigDuration(name string) time.Duration {
	return parse(rt, name, "a duration like 90s, 10m or 1h30m", time.ParseDuration)
}

func parse[T any](rt *Runtime, name, expected string, parse func(string) (T, error)) T {
	known := len(rt.problems)
	text := rt.Config(name)
	if len(rt.problems) > known {
		return *new(T)
	}
	value, err := parse(text)
	if err != nil {
		rt.refuse("the setting %s is %q: it must be %s", name, text, expected)
	}
	return value
}

// ConfigError lists everything that keeps a service from starting and that its owner must
// change: in service.json, in its code or in its environment.
type ConfigError struct {
	Service  string
	Problems []string
}

func (e *ConfigError) Error() string {
	text := e.Service + " is not set up right:"
	for _, problem := range e.Problems {
		text += "\n  - " + problem
	}
	return text
}

// refuse notes what keeps the service from starting.
func (rt *Runtime) refuse(format string, args ...any) {
	rt.problems = append(rt.problems, fmt.Sprintf(format, args...))
}
