package tour

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/localcloud"
)

// client is an SDK or a command-line tool.
type client interface {
	call(ctx context.Context, service, operation string, input any) (*reply, error)
	close() error
}

// reply is a client's view of a response: an output or an exception.
type reply struct {
	Output    any    // for an exception too, its members, if the client has them
	Exception string // from the client's own model; "" if it has none
	Code      string
	Message   string
}

// judge is a client to compare with the Go SDK.
type judge struct {
	name  string
	start func(t *testing.T, endpoint string) client
	old   bool // its models are of 2023
}

// result is the result of a step.
type result struct {
	Output any
	Fails  string // the exception or code that the story names
}

// patience is the time limit for a step with until.
const patience = 20 * time.Second

func TestTour(t *testing.T) {
	others := judges(t)
	for name, story := range stories(t) {
		reference := take(t, story, judge{name: "go", start: func(_ *testing.T, endpoint string) client { return newGo(endpoint) }})
		if t.Failed() {
			t.Fatalf("the Go SDK does not get through %s", name)
		}
		for _, other := range others {
			t.Run(name+"/"+other.name, func(t *testing.T) {
				t.Parallel()
				for i, got := range take(t, story, other) {
					if diff := cmp.Diff(other.expects(story[i], reference[i]), got); diff != "" {
						t.Errorf("%s: %s gets another result than the Go SDK (-):\n%s", story[i].at, story[i].operation, diff)
					}
				}
			})
		}
	}
}

// take runs a story with a client in a new cloud. It stops at the first step that fails.
func take(t *testing.T, story []*step, by judge) (results []result) {
	t.Helper()
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	c := by.start(t, server.Endpoint)
	defer c.close()
	variables := map[string]string{
		"url": server.Endpoint + "/000000000000", "arn": "us-east-1:000000000000",
		"before": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), "after": time.Now().Add(time.Hour).UTC().Format(time.RFC3339),
		"now": fmt.Sprint(time.Now().UnixMilli()), "zip": deployment(t, story), "mebibyte": strings.Repeat("x", 1<<20),
	}
	for _, s := range story {
		if s.today && by.old {
			results = append(results, result{})
			continue
		}
		r, err := s.take(t.Context(), c, variables)
		if err != nil {
			t.Fatalf("%s: %s: %s %s: %v", s.at, by.name, s.service, s.operation, err)
		}
		results = append(results, *r)
	}
	return results
}

// take makes the call, and repeats it if the step waits for a result.
func (s *step) take(ctx context.Context, c client, variables map[string]string) (*result, error) {
	input, err := with(s.input, variables)
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(patience); ; {
		r, err := c.call(ctx, s.service, s.operation, input)
		if err != nil {
			return nil, err
		}
		got, err := s.judge(r, variables)
		if err == nil || !s.until || time.Now().After(deadline) {
			return got, err
		}
	}
}

// judge compares a reply with the step.
func (s *step) judge(r *reply, variables map[string]string) (*result, error) {
	if s.fails != nil || r.Exception+r.Code != "" {
		return s.judgeFailure(r, variables)
	}
	got := normal(r.Output)
	if err := s.wants(got, variables); err != nil {
		return nil, err
	}
	for name, path := range s.saves {
		is, err := member(r.Output, path)
		if err != nil {
			return nil, err
		}
		variables[name] = is
	}
	return &result{Output: got}, nil
}

// wants compares an output with what the story expects.
func (s *step) wants(got any, variables map[string]string) error {
	if s.want == "" {
		return nil
	}
	want, err := with(s.want, variables)
	if err != nil {
		return err
	}
	if missing := lacks(normal(want), got, ""); missing != "" {
		text, _ := json.Marshal(got)
		return fmt.Errorf("%s in %.2000s", missing, text)
	}
	return nil
}

// judgeFailure expects the exception if the client has one for this error, and otherwise one of the codes. It expects
// members only from clients that have them: the command line prints only a code and a message.
func (s *step) judgeFailure(r *reply, variables map[string]string) (*result, error) {
	said := r.Exception
	if said == "" && slices.Contains(s.fails, r.Code) {
		said = r.Code
	}
	if len(s.fails) == 0 || said != s.fails[0] && !(r.Exception == "" && said != "") {
		return nil, fmt.Errorf("it raises %q with code %q (%s), want %q", r.Exception, r.Code, r.Message, strings.Join(s.fails, " or "))
	}
	if !strings.Contains(r.Message, s.says) {
		return nil, fmt.Errorf("it says %q, want %q", r.Message, s.says)
	}
	if members := normal(r.Output); members != nil {
		if err := s.wants(members, variables); err != nil {
			return nil, err
		}
	}
	return &result{Fails: s.fails[0]}, nil
}

// newer lists members, of any operation or of a single one, that clients of 2023 drop from outputs because their
// models lack them.
var newer = map[string][]string{
	"":                 {"LoggingConfig", "LogGroupArn", "LogGroupClass", "ScalingConfig"},
	"DescribeEventBus": {"CreationTime", "LastModifiedTime"},
	"ListEventBuses":   {"CreationTime", "LastModifiedTime"},
	"DeleteFunction":   {"StatusCode"},
}

// expects returns the result that the judge must get if the Go SDK got r.
func (j judge) expects(s *step, r result) result {
	switch {
	case j.old && s.today:
		return result{}
	case j.old:
		r.Output = without(r.Output, append(newer[s.operation], newer[""]...))
	}
	return r
}

// without removes members, at any depth.
func without(value any, names []string) any {
	switch v := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, member := range v {
			if !slices.Contains(names, name) {
				kept[name] = without(member, names)
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case []any:
		kept := make([]any, len(v))
		for i := range v {
			kept[i] = without(v[i], names)
		}
		return kept
	}
	return value
}
