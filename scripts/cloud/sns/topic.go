package sns

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"example.com/localcloud/policy"
	"example.com/localcloud/wire"
)

// topic is a topic. It is replaced, never changed, except for its memory.
type topic struct {
	arn           string
	fifo          bool
	attributes    map[string]string // as set
	policy        *policy.Document  // nil for the default policy
	tags          map[string]string
	subscriptions []*subscription
	deleted       int     // number of deleted subscriptions
	memory        *memory // FIFO
}

// with returns a copy of the topic with a change applied.
func (t *topic) with(change func(*topic)) *topic {
	changed := *t
	change(&changed)
	return &changed
}

// settable maps the attributes that can be set to a validator of their values.
var settable = map[string]func(string) bool{
	"DisplayName":               func(v string) bool { return len(v) <= 100 },
	"Policy":                    func(v string) bool { return v != "" }, // set parses it
	"KmsMasterKeyId":            func(v string) bool { return true },
	"SignatureVersion":          func(v string) bool { return v == "1" || v == "2" },
	"TracingConfig":             func(v string) bool { return v == "PassThrough" || v == "Active" },
	"ContentBasedDeduplication": isFlag,
	"FifoTopic":                 isFlag,
	"FifoThroughputScope":       func(v string) bool { return v == "Topic" || v == "MessageGroup" },
}

func isFlag(v string) bool { return v == "true" || v == "false" }

func checkAttributes(attributes map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		check, known := settable[name]
		if !known {
			return errInvalid("Attributes Reason: Unknown attribute: %s", name)
		}
		if !check(attributes[name]) {
			return errInvalid("Attributes Reason: %s: Invalid value [%s]", name, attributes[name])
		}
	}
	return nil
}

// set validates attributes and applies them to the topic.
func (t *topic) set(attributes map[string]string) error {
	if err := checkAttributes(attributes); err != nil {
		return err
	}
	if !t.fifo && (attributes["ContentBasedDeduplication"] == "true" || attributes["FifoThroughputScope"] != "") {
		return errInvalid("Attributes Reason: ContentBasedDeduplication and FifoThroughputScope can only be set for FIFO topics")
	}
	changed := maps.Clone(t.attributes)
	maps.Copy(changed, attributes)
	if text := changed["Policy"]; text != "" {
		document, err := policy.Parse(text)
		if err != nil {
			return errInvalid("Policy Error: %v", err)
		}
		t.policy = &document
	}
	t.attributes = changed
	return nil
}

// describe returns all attributes.
func (t *topic) describe() map[string]string {
	all := maps.Clone(t.attributes)
	pending := 0
	for _, sub := range t.subscriptions {
		if sub.pending() {
			pending++
		}
	}
	all["TopicArn"] = t.arn
	all["Owner"] = wire.Account
	all["SubscriptionsConfirmed"] = strconv.Itoa(len(t.subscriptions) - pending)
	all["SubscriptionsPending"] = strconv.Itoa(pending)
	all["SubscriptionsDeleted"] = strconv.Itoa(t.deleted)
	all["EffectiveDeliveryPolicy"] = defaultRetry.effective()
	if all["Policy"] == "" {
		all["Policy"] = t.defaultPolicy()
	}
	if t.fifo && all["ContentBasedDeduplication"] == "" {
		all["ContentBasedDeduplication"] = "false"
	}
	return all
}

// defaultPolicy allows everything to the account and nothing to anybody else.
func (t *topic) defaultPolicy() string {
	actions := []string{
		"SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission",
		"SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish",
	}
	text, _ := json.Marshal(map[string]any{ // strings always marshal
		"Version": "2008-10-17", "Id": "__default_policy_ID",
		"Statement": []any{map[string]any{
			"Sid": "__default_statement_ID", "Effect": "Allow", "Principal": map[string]string{"AWS": "*"},
			"Action": actions, "Resource": t.arn,
			"Condition": map[string]any{"StringEquals": map[string]string{"AWS:SourceOwner": wire.Account}},
		}},
	})
	return string(text)
}

func (t *topic) contentDedup() bool { return t.attributes["ContentBasedDeduplication"] == "true" }

// add returns the topic with a subscription, which replaces one with the same ARN.
func (t *topic) add(sub *subscription) *topic {
	return t.with(func(t *topic) {
		t.subscriptions = append(without(t.subscriptions, sub.arn), sub)
		slices.SortFunc(t.subscriptions, byARN)
	})
}

func byARN(a, b *subscription) int { return strings.Compare(a.arn, b.arn) }

func without(subscriptions []*subscription, arn string) []*subscription {
	return slices.DeleteFunc(slices.Clone(subscriptions), func(sub *subscription) bool { return sub.arn == arn })
}
