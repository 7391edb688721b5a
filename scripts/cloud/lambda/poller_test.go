package lambda

import (
	"slices"
	"testing"

	"example.com/localcloud/sqs"
)

// TestFailures checks how the response of a function to a batch of two messages is read (developer guide,
// "Implementing partial batch responses").
func TestFailures(t *testing.T) {
	batch := []sqs.Message{{MessageId: "a"}, {MessageId: "b"}}
	report := []string{reportItems}
	for _, test := range []struct {
		name, response string
		types          []string
		failed         []string
		ok             bool
	}{
		{"one failed", `{"batchItemFailures": [{"itemIdentifier": "b"}]}`, report, []string{"b"}, true},
		{"none failed", `{"batchItemFailures": []}`, report, nil, true},
		{"null list", `{"batchItemFailures": null}`, report, nil, true},
		{"empty response", ``, report, nil, true},
		{"null", `null`, report, nil, true},
		{"a message of another batch", `{"batchItemFailures": [{"itemIdentifier": "c"}]}`, report, nil, false},
		{"an empty name", `{"batchItemFailures": [{"itemIdentifier": ""}]}`, report, nil, false},
		{"no name", `{"batchItemFailures": [{}]}`, report, nil, false},
		{"no JSON", `oops`, report, nil, false},
		{"a list", `[]`, report, nil, false},
		{"a name in other letters", `{"batchItemFailures": [{"ItemIdentifier": "b"}]}`, report, nil, false},
		{"the mapping does not ask", `{"batchItemFailures": [{"itemIdentifier": "b"}]}`, nil, nil, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			failed, ok := failures([]byte(test.response), test.types, batch)
			var names []string
			for _, m := range batch {
				if failed[m.MessageId] {
					names = append(names, m.MessageId)
				}
			}
			if ok != test.ok || !slices.Equal(names, test.failed) {
				t.Errorf("failed = %v, %v; want %v, %v", names, ok, test.failed, test.ok)
			}
		})
	}
}

func TestMappingSettings(t *testing.T) {
	for _, test := range []struct {
		name          string
		batch, window int
		concurrency   *int
		types         []string
		ok            bool
	}{
		{"the defaults", 10, 0, nil, nil, true},
		{"a large batch needs a window", 11, 0, nil, nil, false},
		{"a large batch with a window", 10_000, 1, nil, nil, true},
		{"too large a batch", 10_001, 1, nil, nil, false},
		{"too long a window", 10, 301, nil, nil, false},
		{"too little concurrency", 10, 0, new(1), nil, false},
		{"the least concurrency", 10, 0, new(2), nil, true},
		{"another response", 10, 0, nil, []string{"Everything"}, false},
		{"no concurrency", 10, 0, new(0), nil, false},
		{"a response twice", 10, 0, nil, []string{reportItems, reportItems}, false},
	} {
		m := &Mapping{MappingSettings: MappingSettings{
			BatchSize: &test.batch, MaximumBatchingWindowInSeconds: &test.window,
			ScalingConfig: &ScalingConfig{test.concurrency}, FunctionResponseTypes: test.types,
		}}
		if err := m.check(); (err == nil) != test.ok {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
