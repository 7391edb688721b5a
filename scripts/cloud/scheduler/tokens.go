package scheduler

import (
	"encoding/json"
	"time"
)

// tokenAge is how long a ClientToken is remembered. AWS doesn't document it; clients retry within seconds.
const tokenAge = 10 * time.Minute

// tokens remembers the requests that have been answered, by operation and ClientToken. The zero value is ready to use. It
// doesn't survive the process.
type tokens struct {
	known map[string]answered
	order []string // the keys, oldest first
}

type answered struct {
	at      time.Time
	request string
}

// repeats reports whether a request about a resource has been answered before. The token of another request is a
// ConflictException.
func (t *tokens) repeats(operation, token, arn string, in any) (bool, error) {
	known, found := t.known[operation+" "+token]
	if token == "" || !found || time.Since(known.at) > tokenAge {
		return false, nil
	}
	if known.request != text(arn, in) {
		return false, conflict("The ClientToken %s was used for another request.", token)
	}
	return true, nil
}

func (t *tokens) remember(operation, token, arn string, in any) {
	if token == "" {
		return
	}
	for len(t.order) > 0 && time.Since(t.known[t.order[0]].at) > tokenAge {
		delete(t.known, t.order[0])
		t.order = t.order[1:]
	}
	if t.known == nil {
		t.known = map[string]answered{}
	}
	key := operation + " " + token
	t.known[key] = answered{time.Now(), text(arn, in)}
	t.order = append(t.order, key)
}

// text returns what makes a request the same as another.
func text(arn string, in any) string {
	raw, _ := json.Marshal(in) // structs of text and numbers
	return arn + string(raw)
}
