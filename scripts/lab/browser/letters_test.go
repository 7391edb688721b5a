//go:build browser

package browsertest_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// TestTooManyReceives checks that a letter that SQS moved shows the error that the execution knows, that reasons filter,
// and that one message can be redriven alone.
func TestTooManyReceives(t *testing.T) {
	restore := receives(t, "scheduling", "1")
	poison(t) // stays where it is
	execution := begin(t, "retried")
	b := open(t, "/dead-letters")
	b.sees(".letters summary", "too many receives")
	b.sees(".letters summary", "the forecast is unavailable")
	one := `[...document.querySelectorAll(".letters details")].find((e) => e.querySelector('a[href="` + of(execution) + `"]'))`
	b.until(one)
	restore()

	b.pick("reason", "too many receives")
	b.until(`location.search === "?reason=too%20many%20receives"`)
	b.until(`[...document.querySelectorAll(".letters summary")].every((e) => e.textContent.includes("too many receives"))`)
	b.picture("dead-letters-filtered")
	b.until(one)
	eval[bool](b, `(`+one+`.open = true, [...`+one+`.querySelectorAll("button")].at(-1).click(), true)`)
	b.sees(`[role="status"]`, "1 message on the way back to scheduling")
	b.until("!" + one)
	b.pick("reason", "bad-contract")
	b.sees(".letters h2", "scheduling")
	b.visit(of(execution))
	b.box("ran", "scheduling Calendar.Assign")
}

// receives sets how often a message of a service is received before it is dead.
func receives(t *testing.T, service, most string) (restore func()) {
	t.Helper()
	client, url := sqs.NewFromConfig(at.Config), at.Queues[service].Main
	name := types.QueueAttributeNameRedrivePolicy
	out, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{name}})
	if err != nil {
		t.Fatal(err)
	}
	set := func(policy string) {
		ctx := context.WithoutCancel(t.Context()) // the test may have ended
		if _, err := client.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{string(name): policy}}); err != nil {
			t.Error(err)
		}
	}
	before := out.Attributes[string(name)]
	var policy map[string]any
	if err := json.Unmarshal([]byte(before), &policy); err != nil {
		t.Fatal(err)
	}
	policy["maxReceiveCount"] = most
	changed, _ := json.Marshal(policy) // encoding plain data can't fail
	set(string(changed))
	t.Cleanup(func() { set(before) })
	return func() { set(before) }
}
