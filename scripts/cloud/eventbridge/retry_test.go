package eventbridge_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/localcloud/delivery"
	"example.com/localcloud/eventbridge"
	"example.com/localcloud/wire"
)

// failing creates a rule whose target fails as the function says, and publishes an event.
func failing(t *testing.T, target eventbridge.Target, fail func() error) (*eventbridge.Service, *targets) {
	service, kept, _ := start(t)
	kept.fail = func(d delivery.Delivery) error {
		if d.To == queueARN {
			return fail()
		}
		return nil
	}
	target.Id, target.Arn = "t", queueARN
	if _, err := service.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: "r", EventPattern: everything}); err != nil {
		t.Fatal(err)
	}
	if _, err := service.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: "r", Targets: []eventbridge.Target{target}}); err != nil {
		t.Fatal(err)
	}
	out, err := service.PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []eventbridge.Entry{{Source: "app", DetailType: "t", Detail: `{"n":1}`}}})
	if err != nil || out.FailedEntryCount != 0 {
		t.Fatal(out, err)
	}
	return service, kept
}

// policy returns a target with a retry policy and a dead-letter queue.
func policy(attempts, seconds int) eventbridge.Target {
	return eventbridge.Target{
		RetryPolicy:      &eventbridge.RetryPolicy{MaximumRetryAttempts: &attempts, MaximumEventAgeInSeconds: &seconds},
		DeadLetterConfig: &eventbridge.DeadLetterConfig{Arn: dlqARN},
	}
}

func TestDeadLetters(t *testing.T) {
	withDLQ := eventbridge.Target{DeadLetterConfig: &eventbridge.DeadLetterConfig{Arn: dlqARN}}
	badTemplate := withDLQ
	badTemplate.InputTransformer = &eventbridge.InputTransformer{InputPathsMap: map[string]string{"d": "$.detail"}, InputTemplate: `{"text":"<d>"}`}
	for name, c := range map[string]struct {
		target eventbridge.Target
		err    error
		want   map[string]string
	}{
		"no permission": {withDLQ, wire.Errorf("AccessDenied", "no"), map[string]string{"ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": "no", "RETRY_ATTEMPTS": "0"}},
		"no resource":   {withDLQ, wire.Errorf("QueueDoesNotExist", "gone"), map[string]string{"ERROR_CODE": "NO_RESOURCE", "ERROR_MESSAGE": "gone", "RETRY_ATTEMPTS": "0"}},
		"bad template":  {badTemplate, nil, map[string]string{"ERROR_CODE": "INVALID_JSON", "ERROR_MESSAGE": "the input transformer's template did not become valid JSON", "RETRY_ATTEMPTS": "0"}},
		"no retries":    {policy(0, 60), errors.New("down"), map[string]string{"ERROR_CODE": "ERROR_FROM_TARGET", "ERROR_MESSAGE": "down", "RETRY_ATTEMPTS": "0", "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts"}},
		"some retries":  {policy(3, 3600), wire.Errorf("ThrottlingException", "slow"), map[string]string{"ERROR_CODE": "THROTTLING", "ERROR_MESSAGE": "slow", "RETRY_ATTEMPTS": "3", "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts"}},
		"too old":       {policy(185, 60), errors.New("down"), map[string]string{"ERROR_CODE": "ERROR_FROM_TARGET", "ERROR_MESSAGE": "down", "EXHAUSTED_RETRY_CONDITION": "MaximumEventAgeInSeconds"}},
		"all retries":   {withDLQ, errors.New("down"), map[string]string{"ERROR_CODE": "ERROR_FROM_TARGET", "ERROR_MESSAGE": "down"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, kept := failing(t, c.target, func() error { return c.err })
				time.Sleep(25 * time.Hour) // virtual
				arrived := kept.take()
				if len(arrived) != 1 || arrived[0].To != dlqARN || decode(t, string(arrived[0].Body))["source"] != "app" {
					t.Fatalf("%+v", arrived)
				}
				got := map[string]string{}
				for name, a := range arrived[0].Attributes {
					got[name] = a.StringValue
				}
				c.want["RULE_ARN"], c.want["TARGET_ARN"] = "arn:aws:events:us-east-1:000000000000:rule/r", queueARN
				for name := range got {
					if c.want[name] == "" { // jitter determines how many attempts fit into the time
						delete(got, name)
					}
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestRetrySucceeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		_, kept := failing(t, policy(185, 86400), func() error {
			if calls++; calls < 4 {
				return errors.New("down")
			}
			return nil
		})
		began := time.Now()
		for len(kept.take()) == 0 {
			time.Sleep(100 * time.Millisecond) // virtual
		}
		// Three delays that double from 1 s, each between half of it and all of it.
		if waited := time.Since(began); waited < 3500*time.Millisecond || waited > 7100*time.Millisecond {
			t.Errorf("delivered after %v", waited)
		}
		time.Sleep(25 * time.Hour)
		if more := kept.take(); len(more) != 0 || calls != 4 {
			t.Errorf("%d calls, and then %v", calls, more)
		}
	})
}

// TestCloseEndsRetries would leave a goroutine in the bubble, which synctest reports, if Close did not stop it.
func TestCloseEndsRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service, kept := failing(t, eventbridge.Target{}, func() error { return errors.New("down") })
		service.Close()
		if arrived := kept.take(); len(arrived) != 0 {
			t.Errorf("%+v", arrived)
		}
	})
}
