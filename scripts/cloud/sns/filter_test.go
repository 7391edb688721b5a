package sns_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/localcloud/delivery"
	"example.com/localcloud/sns"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// TestFilterPolicies follows the examples of the Amazon SNS Developer Guide ("String value matching", "Numeric value
// matching", "Attribute key matching", "AND/OR logic").
func TestFilterPolicies(t *testing.T) {
	for _, test := range []struct {
		policy string
		body   bool
		pass   []string // attributes, or bodies
		stop   []string
	}{
		{`{"i": ["rugby", "tennis"]}`, false,
			[]string{`{"i": "rugby"}`, `{"i": ["golf", "tennis"]}`, `{"i": "rugby", "more": "x"}`}, []string{`{"i": "baseball"}`, `{"i": "Rugby"}`, `{"i": []}`, `{}`}},
		{`{"i": [{"anything-but": ["rugby", "tennis"]}]}`, false,
			[]string{`{"i": "baseball"}`, `{"i": ["rugby", "baseball"]}`}, []string{`{"i": "rugby"}`, `{"i": ["rugby"]}`, `{}`}},
		{`{"i": [null, {"anything-but": "whatever"}]}`, false, []string{`{"i": "x"}`}, []string{`{}`, `{"i": "whatever"}`}},
		{`{"e": [{"anything-but": {"prefix": "order-"}}]}`, false, []string{`{"e": "data"}`, `{"e": "order_"}`}, []string{`{"e": "order-x"}`}},
		{`{"e": [{"anything-but": {"suffix": "ball"}}]}`, false, []string{`{"e": "rugby"}`}, []string{`{"e": "football"}`}},
		{`{"e": [{"anything-but": [100, 5]}]}`, false, []string{`{"e": 101}`}, []string{`{"e": 100}`, `{"e": 5.000001}`}},
		{`{"i": [{"equals-ignore-case": "tennis"}]}`, false, []string{`{"i": "TeNNis"}`}, []string{`{"i": "tenni"}`}},
		{`{"ip": [{"cidr": "10.0.0.0/24"}]}`, false, []string{`{"ip": "10.0.0.255"}`}, []string{`{"ip": "10.1.1.0"}`, `{"ip": "x"}`}},
		{`{"i": [{"prefix": "bas"}]}`, false, []string{`{"i": "baseball"}`}, []string{`{"i": "rugby"}`}},
		{`{"i": [{"suffix": "ball"}]}`, false, []string{`{"i": "baseball"}`}, []string{`{"i": "ballet"}`}},
		{`{"i": [{"wildcard": "b*b*ll"}]}`, false, []string{`{"i": "baseball"}`, `{"i": "bbll"}`}, []string{`{"i": "ball"}`}},
		{`{"i": [{"wildcard": "a\\*"}]}`, false, []string{`{"i": "a*"}`}, []string{`{"i": "ab"}`}},
		{`{"n": [100]}`, false, []string{`{"n": 100}`, `{"n": 1e2}`, `{"n": 100.000001}`}, []string{`{"n": 101}`, `{"n": "100"}`, `{"n": 100.00001}`}},
		{`{"n": [{"numeric": ["=", 301.5]}]}`, false, []string{`{"n": 301.5}`}, []string{`{"n": 301}`}},
		{`{"n": [{"numeric": [">", 0, "<=", 150]}]}`, false, []string{`{"n": 150}`, `{"n": 0.00001}`}, []string{`{"n": 0}`, `{"n": 151}`, `{"n": "5"}`}},
		{`{"n": [{"numeric": ["<", 5]}, {"numeric": [">=", 10]}]}`, false, []string{`{"n": 4}`, `{"n": 10}`}, []string{`{"n": 5}`, `{"n": 9}`}},
		{`{"i": [{"exists": true}]}`, false, []string{`{"i": "x"}`}, []string{`{}`}},
		{`{"i": [{"exists": false}]}`, false, []string{`{"j": "x"}`}, []string{`{"i": "x"}`}},
		{`{"a": ["1"], "b": ["2"]}`, false, []string{`{"a": "1", "b": "2"}`}, []string{`{"a": "1"}`, `{"b": "2"}`}},
		{`{"source": ["s"], "$or": [{"a": ["1"]}, {"b": ["2"]}]}`, false,
			[]string{`{"source": "s", "a": "1"}`, `{"source": "s", "b": "2"}`}, []string{`{"source": "s"}`, `{"a": "1"}`}},
		{`{"$or": ["a"]}`, true, []string{`{"$or": "a"}`}, []string{`{"a": "a"}`}},
		{`{"i": [true, null]}`, false, []string{`{"i": [true]}`, `{"i": [null]}`}, []string{`{"i": "true"}`, `{}`}},

		{`{"i": ["rugby"]}`, true, []string{`{"i": "rugby"}`, `{"i": ["golf", ["rugby"]]}`}, []string{`{"i": "golf"}`, `[]`, `no JSON`, `{"i": {"x": "rugby"}}`}},
		{`{"a": {"b": {"c": ["1"]}}}`, true, []string{`{"a": {"b": {"c": "1"}}}`, `{"a": [{"b": [{"c": "0"}, {"c": "1"}]}]}`}, []string{`{"a": {"b": {"c": "2"}}}`, `{"a": {"c": "1"}}`, `{"a": "1"}`}},
		{`{"r": {"k": [{"prefix": "auto-"}], "e": [{"prefix": "Created"}]}}`, true,
			[]string{`{"r": [{"k": "home-", "e": "Removed"}, {"k": "auto-1", "e": "Created"}]}`}, []string{`{"r": [{"k": "auto-1", "e": "Removed"}, {"k": "home-", "e": "Created"}]}`}},
		{`{"a": {"b": [{"exists": false}]}}`, true, []string{`{}`, `{"a": {}}`, `{"a": []}`}, []string{`{"a": {"b": 1}}`, `{"a": {"b": null}}`}},
		{`{"data": {"region": ["eu", "us"]}}`, true, []string{`{"metadata": {}, "data": {"region": "us"}}`}, []string{`{"data": {"region": "asia"}}`}},
		{`{"a": [true], "b": [null]}`, true, []string{`{"a": true, "b": null}`}, []string{`{"a": "true", "b": null}`, `{"a": true}`}},
		// LocalStack's test_filter_policy_on_message_body_dot_attribute, validated against AWS: dots are levels.
		{`{"a.b": ["v"]}`, true,
			[]string{`{"a": {"b": "v"}}`, `{"a.b": "v"}`, `{"a": [{"b": "x"}, {"b": "v"}]}`, `{"a": {"b": "x"}, "a.b": "v"}`},
			[]string{`{"a": {"b": "x"}}`, `{"a": "v"}`, `{"a.c": "v"}`, `{"b": "v"}`}},
		{`{"a": {"b": ["v"]}}`, true, []string{`{"a.b": "v"}`, `{"a.b": ["x", "v"]}`}, []string{`{"a.b": "x"}`, `{"a.b.c": "v"}`}},
		{`{"a.b.c": ["v"]}`, true,
			[]string{`{"a": {"b": {"c": "v"}}}`, `{"a.b.c": "v"}`, `{"a.b": {"c": "v"}}`, `{"a": {"b.c": "v"}}`}, []string{`{"a": {"b": {"c": "x"}}}`, `{"a.b": {"d": "v"}}`}},
		{`{"a.b": [1], "a": {"c": [2]}}`, true, []string{`{"a": {"b": 1, "c": 2}}`, `{"a": [{"b": 1, "c": 2}]}`}, []string{`{"a": [{"b": 1}, {"c": 2}]}`}},
		{`{"$or": [{"a.b": [1]}, {"c": {"d.e": [2]}}]}`, true, []string{`{"a": {"b": 1}}`, `{"c.d": {"e": 2}}`}, []string{`{"a": {"b": 2}}`, `{"c": {"d": 2}}`}},
		{`{"a.b": [{"exists": false}]}`, true, []string{`{}`, `{"a": {}}`, `{"a.c": 1}`}, []string{`{"a": {"b": 1}}`, `{"a.b": 1}`}},
		{`{"a": {"b": [{"exists": true}]}}`, true, []string{`{"a.b": 1}`, `{"a.b": null}`}, []string{`{"a.c": 1}`, `{"a.b.c": 1}`}},
		{`{"a": [1], "a.b": [2]}`, true, []string{`{"a": 1, "a.b": 2}`}, []string{`{"a": 1}`, `{"a.b": 2}`}},
		{`{"a.b": ["v"]}`, false, []string{`{"a.b": "v"}`}, []string{`{"a": "v"}`}}, // an attribute's name has no levels

		{`{"o": {"$or": [{"x": [1]}, {"y": [2]}]}}`, true, []string{`{"o": {"x": 1}}`, `{"o": {"y": 2}}`}, []string{`{"o": {"x": 2}}`}},
	} {
		t.Run(test.policy, func(t *testing.T) {
			for _, text := range test.pass {
				if kind, note := filtered(t, test.policy, test.body, text); kind != tap.Matched {
					t.Errorf("%s is stopped: %s", text, note)
				}
			}
			for _, text := range test.stop {
				if kind, note := filtered(t, test.policy, test.body, text); kind != tap.Skipped || note == "" {
					t.Errorf("%s passes", text)
				}
			}
		})
	}
}

func TestSkippedSaysWhy(t *testing.T) {
	for _, test := range []struct {
		policy string
		body   bool
		text   string
		want   string
	}{
		{`{"colour": ["red", {"prefix": "bl"}]}`, false, `{"colour": "green"}`, `the attribute colour is "green", wanted ["red",{"prefix":"bl"}]`},
		{`{"data": {"region": ["eu"]}}`, true, `{"data": {}}`, `data.region is absent, wanted ["eu"]`},
		{`{"$or": [{"a": [1]}, {"b": [2]}]}`, true, `{"a": 2}`, `a is 2, wanted [1], and b is absent, wanted [2]`},
		{`{"a": [1]}`, true, `text`, `the message is no JSON object`},
	} {
		if _, note := filtered(t, test.policy, test.body, test.text); note != test.want {
			t.Errorf("%s for %s, want %s", note, test.text, test.want)
		}
	}
}

// filtered publishes a message to a subscription with the policy. It returns the kind and note of the hop that the
// tap reports.
func filtered(t *testing.T, policy string, body bool, text string) (tap.Kind, string) {
	t.Helper()
	hops := new(tap.Tap)
	listener := hops.Listen(10)
	service := sns.New(hops, delivery.Router{"sqs": &queues{}}, nil)
	defer service.Close()
	subscribe(t, service, policy, body)
	in := sns.Publishing{Message: "text"}
	if body {
		in.Message = text
	} else {
		in.MessageAttributes = attributesOf(t, text)
	}
	if _, err := service.Publish(t.Context(), &sns.PublishInput{TopicArn: topicARN, Publishing: in}); err != nil {
		t.Fatal(err)
	}
	<-listener.C // published
	hop := <-listener.C
	return hop.Kind, hop.Note
}

var topicARN = wire.ARN("sns", "topic")

func subscribe(t testing.TB, service *sns.Service, policy string, body bool) {
	t.Helper()
	if err := trySubscribe(t, service, policy, body); err != nil {
		t.Fatal(err)
	}
}

func trySubscribe(t testing.TB, service *sns.Service, policy string, body bool) error {
	t.Helper()
	if _, err := service.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: "topic"}); err != nil {
		t.Fatal(err)
	}
	scope := "MessageAttributes"
	if body {
		scope = "MessageBody"
	}
	_, err := service.Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: topicARN, Protocol: "sqs", Endpoint: wire.ARN("sqs", "queue"),
		Attributes: map[string]string{"FilterPolicy": policy, "FilterPolicyScope": scope},
	})
	return err
}

// attributesOf converts a JSON object to message attributes.
func attributesOf(t *testing.T, text string) map[string]delivery.Attribute {
	t.Helper()
	var values map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		t.Fatal(err)
	}
	attributes := map[string]delivery.Attribute{}
	for name, raw := range values {
		switch raw[0] {
		case '"':
			attributes[name] = delivery.Attribute{DataType: "String", StringValue: strings.Trim(string(raw), `"`)}
		case '[':
			attributes[name] = delivery.Attribute{DataType: "String.Array", StringValue: string(raw)}
		default:
			attributes[name] = delivery.Attribute{DataType: "Number", StringValue: string(raw)}
		}
	}
	return attributes
}

func many(n int) string {
	list := []string{}
	for i := range n {
		list = append(list, fmt.Sprintf("%q", fmt.Sprint(i)))
	}
	return "[" + strings.Join(list, ",") + "]"
}

// TestInvalidFilterPolicies expects AWS's error texts (LocalStack's snapshots of test_sns_filter_policy).
func TestInvalidFilterPolicies(t *testing.T) {
	const prefix = "Invalid parameter: Attributes Reason: FilterPolicy: "
	for _, test := range []struct {
		policy string
		body   bool
		want   string
	}{
		{`{"key": [["value"]]}`, false, prefix + "Match value must be String, number, true, false, or null"},
		{`{"key": [{"wrong-operator": true}]}`, false, prefix + "Unrecognized match type wrong-operator"},
		{`{"key": [{"suffix": "value", "prefix": "value2"}]}`, false, prefix + "Only one key allowed in match expression"},
		{`{"key": [{"suffix": 100}]}`, false, prefix + "suffix match pattern must be a string"},
		{`{"key": [{"suffix": []}]}`, false, prefix + "suffix match pattern must be a string"},
		{`{"key": {"suffix": "value"}}`, true, prefix + `"suffix" must be an object or an array`},
		{`{"key": "value"}`, true, prefix + `"key" must be an object or an array`},
		{`{"key": []}`, true, prefix + "Empty arrays are not allowed"},
		{`{"key": [{"numeric": []}]}`, false, prefix + "Invalid member in numeric match: ]"},
		{`{"key": [{"numeric": ["operator"]}]}`, false, prefix + "Unrecognized numeric range operator: operator"},
		{`{"key": [{"numeric": [1, "<="]}]}`, false, prefix + "Invalid member in numeric match: 1"},
		{`{"key": [{"numeric": ["=", "000"]}]}`, false, prefix + "Value of equals must be numeric"},
		{`{"key": [{"numeric": [">="]}]}`, false, prefix + "Value of >= must be numeric"},
		{`{"key": [{"numeric": ["<", 100, ">", 10]}]}`, false, prefix + "Too many elements in numeric expression"},
		{`{"key": [{"numeric": [">=", 1, ">", 2]}]}`, false, prefix + "Bad numeric range operator: >"},
		{`{"key": [{"numeric": [">", 3, "<", 1]}]}`, false, prefix + "Bottom must be less than top"},
		{`{"key": [{"numeric": [">", 20, "<="]}]}`, false, prefix + "Value of <= must be numeric"},
		{`{"key": [{"numeric": [">", 20, 30]}]}`, false, prefix + "Bad value in numeric range: 30"},
		{`{"key": [{"numeric": [">", 20, "test"]}]}`, false, prefix + "Bad numeric range operator: test"},
		{`{"key": [{"numeric": [">", 20, "<", 30, "<", 50]}]}`, false, prefix + "Too many terms in numeric range expression"},
		{`{"key": [{"exists": "no"}]}`, false, prefix + "exists match pattern must be either true or false."},
		{`{"key": [10000000000]}`, false, prefix + "Match value 10000000000 must be between -1.0E9 and 1.0E9, inclusive"},
		{`{"key": ` + many(151) + `}`, false, prefix + "Filter policy is too complex"},
		{`{"a": ` + many(16) + `, "b": ` + many(10) + `}`, false, prefix + "Filter policy is too complex"},
		{`{"$or": [{"a": ` + many(76) + `}, {"b": ` + many(75) + `}]}`, false, prefix + "Filter policy is too complex"},
		{`{"a": {"b": {"c": ["1","2","3","4"]}}, "d": {"e": ["1","2","3"]}, "f": ["1","2","3"]}`, true, prefix + "Filter policy is too complex"},
		{`{"a":["1"],"b":["1"],"c":["1"],"d":["1"],"e":["1"],"f":["1"]}`, false, prefix + "Filter policy can not have more than 5 keys"},
		{`{"a": {"b": ["c"]}}`, false, "Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy"},
		{`{"a.b": ["v"], "a": {"b": ["w"]}}`, true, prefix + `the key "b" occurs twice: as a path with dots, and nested`},
		{`{`, false, prefix + "failed to parse JSON."},
	} {
		service := sns.New(new(tap.Tap), &queues{}, nil)
		err := trySubscribe(t, service, test.policy, test.body)
		service.Close()
		if e, ok := errors.AsType[*wire.Error](err); !ok || e.Code != "InvalidParameter" || e.Message != test.want {
			t.Errorf("%s: %v, want %s", test.policy, err, test.want)
		}
	}
	for _, policy := range []string{`{"key": ` + many(150) + `}`, `{"$or": [{"a": ` + many(75) + `}, {"b": ` + many(75) + `}]}`} {
		service := sns.New(new(tap.Tap), &queues{}, nil)
		if err := trySubscribe(t, service, policy, false); err != nil {
			t.Error(err)
		}
		service.Close()
	}
}

// FuzzFilterPolicy checks that no policy or message panics and that each message is either matched or skipped.
func FuzzFilterPolicy(f *testing.F) {
	f.Add(`{"a": [{"prefix": "b"}, 1, null], "$or": [{"c": [true]}, {"d": [{"numeric": [">", 1]}]}]}`, `{"a": ["b", {"c": []}]}`)
	f.Add(`{"a": {"b": [{"anything-but": {"wildcard": "*x\\*"}}, {"cidr": "::/0"}, {"exists": false}]}}`, `{"a": [[{"b": "yx*"}]]}`)
	f.Fuzz(func(t *testing.T, policy, text string) {
		if text == "" {
			return
		}
		hops := new(tap.Tap)
		listener := hops.Listen(10)
		service := sns.New(hops, &queues{}, nil)
		defer service.Close()
		if trySubscribe(t, service, policy, true) != nil {
			return
		}
		if _, err := service.Publish(t.Context(), &sns.PublishInput{TopicArn: topicARN, Publishing: sns.Publishing{Message: text}}); err != nil {
			return
		}
		listener.Close()
		kinds := []tap.Kind{}
		for hop := range listener.C {
			kinds = append(kinds, hop.Kind)
		}
		if !slices.Equal(kinds, []tap.Kind{tap.Published, tap.Matched}) && !slices.Equal(kinds, []tap.Kind{tap.Published, tap.Skipped}) {
			t.Errorf("hops %v", kinds)
		}
	})
}
