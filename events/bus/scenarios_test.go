package bus_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.com/troupe/events/bus"
)

// scenario is something that every kind of bus must do.
type scenario struct {
	script func(k kind, call int, entries []sent) reply
	sizes  []int // text size of each message in bytes; nil means three small ones
	limit  time.Duration

	calls  [][]string // IDs in each call; nil if only the outcome counts
	failed []string   // IDs in the *PublishError
	cause  func(error) bool
	took   [2]time.Duration // minimum and maximum
}

func code(want string) func(error) bool {
	return func(err error) bool {
		rejected, ok := errors.AsType[*bus.RejectedError](err)
		return ok && rejected.Code == want
	}
}

var all = []string{"e-0", "e-1", "e-2"}

var scenarios = map[string]scenario{
	"accepted": {
		script: func(kind, int, []sent) reply { return reply{} },
		calls:  [][]string{all},
	},
	"partial failure: only failed entries are sent again": {
		script: func(_ kind, call int, _ []sent) reply {
			return [...]reply{{entries: []string{"", internal}}, {}}[call]
		},
		calls: [][]string{all, {"e-1"}},
	},
	"throttled, then accepted": {
		script: func(k kind, call int, entries []sent) reply {
			if call < 3 {
				return reply{entries: slices.Repeat([]string{k.throttled}, len(entries))}
			}
			return reply{}
		},
		calls: [][]string{all, all, all, all},
		took:  [2]time.Duration{1, 700 * time.Millisecond},
	},
	"throttled for ever": {
		script: func(k kind, _ int, entries []sent) reply {
			return reply{entries: []string{"", "", k.throttled}[3-len(entries):]}
		},
		calls:  [][]string{all, {"e-2"}, {"e-2"}, {"e-2"}, {"e-2"}, {"e-2"}},
		failed: []string{"e-2"},
		cause:  func(err error) bool { return strings.Contains(err.Error(), "Throttl") },
		took:   [2]time.Duration{1, 3100 * time.Millisecond},
	},
	"rejected permanently": {
		script: func(_ kind, call int, _ []sent) reply { return reply{entries: []string{denied, "", denied}} },
		calls:  [][]string{all},
		failed: []string{"e-0", "e-2"},
		cause:  code(denied),
	},
	"some permanently, some transiently": {
		script: func(_ kind, call int, _ []sent) reply {
			return [...]reply{{entries: []string{denied, internal, ""}}, {}}[call]
		},
		calls:  [][]string{all, {"e-1"}},
		failed: []string{"e-0"},
		cause:  code(denied),
	},
	"an entry missing from the response doesn't count as published": {
		script: func(_ kind, _ int, entries []sent) reply {
			return reply{entries: []string{unmentioned, "", ""}}
		},
		calls:  [][]string{all, {"e-0"}, {"e-0"}, {"e-0"}, {"e-0"}, {"e-0"}},
		failed: []string{"e-0"},
		cause:  func(err error) bool { return strings.Contains(err.Error(), "does not mention") },
	},
	"the call fails, then succeeds": {
		script: func(_ kind, call int, _ []sent) reply {
			if call < 4 { // more often than the SDK retries
				return reply{status: http.StatusInternalServerError, code: internal}
			}
			return reply{}
		},
		calls: [][]string{all, all, all, all, all},
	},
	"the call fails for ever": {
		script: func(kind, int, []sent) reply { return reply{status: http.StatusServiceUnavailable, code: internal} },
		failed: all,
		cause:  func(err error) bool { return strings.Contains(err.Error(), internal) },
		took:   [2]time.Duration{1, time.Minute},
	},
	"the call is throttled, then succeeds": {
		script: func(k kind, call int, _ []sent) reply {
			if call < 4 {
				return reply{status: http.StatusBadRequest, code: k.throttled}
			}
			return reply{}
		},
	},
	"the call is denied": {
		script: func(kind, int, []sent) reply { return reply{status: http.StatusBadRequest, code: denied} },
		calls:  [][]string{all},
		failed: all,
		cause:  func(err error) bool { return strings.Contains(err.Error(), denied) },
	},
	"the call hangs until the context ends": {
		script: func(kind, int, []sent) reply { return reply{hang: true} },
		limit:  2 * time.Second,
		calls:  [][]string{all},
		failed: all,
		cause:  func(err error) bool { return errors.Is(err, context.DeadlineExceeded) },
		took:   [2]time.Duration{2 * time.Second, 2 * time.Second},
	},
	"the context ends between tries": {
		script: func(k kind, _ int, _ []sent) reply {
			return reply{entries: []string{k.throttled, k.throttled, k.throttled}}
		},
		limit:  time.Nanosecond,
		failed: all,
		cause:  func(err error) bool { return errors.Is(err, context.DeadlineExceeded) },
		took:   [2]time.Duration{time.Nanosecond, time.Nanosecond},
	},
	"ten entries a call": {
		sizes:  slices.Repeat([]int{1}, 23),
		script: func(kind, int, []sent) reply { return reply{} },
		calls:  [][]string{ids(0, 10), ids(10, 20), ids(20, 23)},
	},
	"a lost batch does not lose the next": {
		sizes: slices.Repeat([]int{1}, 12),
		script: func(_ kind, call int, _ []sent) reply {
			return [...]reply{{status: http.StatusBadRequest, code: denied}, {}}[call]
		},
		calls:  [][]string{ids(0, 10), ids(10, 12)},
		failed: ids(0, 10),
	},
}

func ids(from, to int) (list []string) {
	for i := from; i < to; i++ {
		list = append(list, fmt.Sprint("e-", i))
	}
	return list
}
