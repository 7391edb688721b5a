package eventbridge

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/localcloud/wire"
)

// Nothing is the output of operations that return nothing.
type Nothing struct{}

// Time is a time that JSON represents as seconds since 1970, with a fraction.
type Time struct{ time.Time }

// MarshalJSON encodes the time as a number.
func (t Time) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "%.3f", float64(t.UnixMilli())/1000), nil
}

// UnmarshalJSON decodes a number.
func (t *Time) UnmarshalJSON(raw []byte) error {
	var seconds float64
	if err := json.Unmarshal(raw, &seconds); err != nil {
		return err
	}
	t.Time = time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()
	return nil
}

func now() Time { return Time{time.Now().UTC()} }

func validation(format string, args ...any) error {
	return wire.Errorf("ValidationException", format, args...)
}

func notFound(format string, args ...any) error {
	return wire.Errorf("ResourceNotFoundException", format, args...)
}

func exists(format string, args ...any) error {
	return wire.Errorf("ResourceAlreadyExistsException", format, args...)
}

// nameForm matches the names of rules, archives and replays. A bus's name may contain slashes, but only a partner's
// does.
var nameForm = regexp.MustCompile(`^[.\-_A-Za-z0-9]+$`)

// checkName validates the name of a resource. limit is its maximum length.
func checkName(member, name string, limit int) error {
	if len(name) > limit || name == "" {
		return validation("1 validation error detected: Value '%.300s' at '%s' failed to satisfy constraint: Member must have length between 1 and %d", name, member, limit)
	}
	if !nameForm.MatchString(name) {
		return validation("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+", name, member)
	}
	return nil
}

// checkLength validates the length of an optional text, in characters.
func checkLength(member, text string, limit int) error {
	if utf8.RuneCountInString(text) > limit {
		return validation("1 validation error detected: Value '%.300s' at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", text, member, limit)
	}
	return nil
}

// maxDescription is the maximum length of a description (API reference of PutRule, CreateEventBus, StartReplay …).
const maxDescription = 512

// checkState validates a state to list, which may be any of AWS's.
func checkState(state string, states ...string) error {
	if state != "" && !slices.Contains(states, state) {
		return validation("1 validation error detected: Value '%.100s' at 'state' failed to satisfy constraint: Member must satisfy enum value set: %v", state, states)
	}
	return nil
}

// Limit is the number of entries on a page: 1 to 100, or 0 if it isn't given.
type Limit int

const maxLimit = 100

// UnmarshalJSON rejects a number that is not allowed.
func (l *Limit) UnmarshalJSON(raw []byte) error {
	n, err := strconv.Atoi(string(raw))
	if err != nil || n < 1 || n > maxLimit {
		return validation("1 validation error detected: Value '%.20s' at 'limit' failed to satisfy constraint: Member must have value between 1 and %d", raw, maxLimit)
	}
	*l = Limit(n)
	return nil
}

// ListInput selects a page of resources by name.
type ListInput struct {
	NamePrefix string
	NextToken  string
	Limit      Limit
}

// pageOf returns a page of entries in order of name, and the token for the next page: the last name of this one.
func pageOf[T any](all map[string]T, in ListInput, keep func(T) bool) (page []T, next string) {
	most := int(cmp.Or(in.Limit, maxLimit))
	last := ""
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if name <= in.NextToken || !strings.HasPrefix(name, in.NamePrefix) || keep != nil && !keep(all[name]) {
			continue
		}
		if len(page) == most {
			return page, last
		}
		page, last = append(page, all[name]), name
	}
	return page, ""
}
