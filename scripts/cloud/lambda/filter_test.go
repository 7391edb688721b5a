package lambda

import "testing"

// TestFilter holds filters to the bodies that they let through (developer guide, "Using event filtering with an Amazon
// SQS event source", whose table says that a body and a filter of different formats do not match; LocalStack's
// test_sqs_event_filter has recorded most of the others).
func TestFilter(t *testing.T) {
	for _, test := range []struct{ pattern, matches, differs string }{
		{`{"body": {"key": ["value"]}}`, `{"key": "value", "other": 1}`, `{"key": "other"}`},
		{`{"body": {"key": ["one", "two"]}}`, `{"key": "two"}`, `{"key": "three"}`},
		{`{"body": {"a": ["1"], "b": ["2"]}}`, `{"a": "1", "b": "2"}`, `{"a": "1"}`},
		{`{"body": {"$or": [{"a": ["1"]}, {"b": ["2"]}]}}`, `{"b": "2"}`, `{"a": "2", "b": "1"}`},
		{`{"body": {"a": {"b": ["c"]}}}`, `{"a": {"b": "c"}}`, `{"b": "c"}`},
		{`{"body": {"key": [{"exists": true}]}}`, `{"key": 1}`, `{"other": 1}`},
		{`{"body": {"key": [{"exists": false}]}}`, `{"other": 1}`, `{"key": 1}`},
		{`{"body": {"n": [{"numeric": [">=", 100, "<", 200]}]}}`, `{"n": 100}`, `{"n": 200}`},
		{`{"body": {"key": [{"prefix": "yes"}]}}`, `{"key": "yes-value"}`, `{"key": "no"}`},
		{`{"body": {"key": [{"suffix": ".png"}]}}`, `{"key": "a.png"}`, `{"key": "a.jpg"}`},
		{`{"body": {"key": [{"anything-but": ["a"]}]}}`, `{"key": "b"}`, `{"key": "a"}`},
		{`{"body": {"key": [{"equals-ignore-case": "A"}]}}`, `{"key": "a"}`, `{"key": "b"}`},
		{`{"body": {"key": [null, ""]}}`, `{"key": null}`, `{"key": "null"}`},
		{`{"body": {"key": ["value"]}}`, `{"key": ["value", "other"]}`, `key: value`}, // no JSON
		{`{"body": {"key": [{"exists": false}]}}`, `{}`, ``},
		{`{"body": ["plain \"text\""]}`, `plain "text"`, `"plain \"text\""`}, // JSON
		{`{"body": [{"prefix": "plain"}]}`, `plain text`, `["plain text"]`},
		{`{"body": [12]}`, `12`, `12`},
	} {
		f, err := compileFilter(test.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if test.matches != test.differs && !f.matches(test.matches) {
			t.Errorf("%s does not match %s", test.pattern, test.matches)
		}
		if f.matches(test.differs) {
			t.Errorf("%s matches %s", test.pattern, test.differs)
		}
	}
}
