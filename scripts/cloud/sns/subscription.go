package sns

import (
	"maps"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// subscription is a subscription. It is replaced, never changed.
type subscription struct {
	arn        string
	topic      string // ARN
	protocol   string
	endpoint   string
	host       string            // of the local cloud, for links back to it
	token      string            // confirms the subscription; empty once confirmed
	attributes map[string]string // as set

	raw        bool
	filter     *filter // nil accepts every message
	body       bool    // the filter applies to the message's body instead of its attributes
	deadLetter string  // ARN of a queue
	retry      retry   // over HTTP
}

func (sub *subscription) pending() bool { return sub.token != "" }

// set validates attributes and returns the subscription with them applied. An empty text removes a policy.
func (sub *subscription) set(attributes map[string]string) (*subscription, error) {
	changed := *sub
	changed.attributes = maps.Clone(sub.attributes)
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if !slices.Contains([]string{"RawMessageDelivery", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "DeliveryPolicy"}, name) {
			return nil, errInvalid("%s: the local cloud supports RawMessageDelivery, FilterPolicy, FilterPolicyScope, RedrivePolicy and DeliveryPolicy", name)
		}
		changed.attributes[name] = attributes[name]
		if attributes[name] == "" && name != "RawMessageDelivery" && name != "FilterPolicyScope" {
			delete(changed.attributes, name)
		}
	}
	return &changed, changed.parse()
}

func (sub *subscription) parse() error {
	raw, given := sub.attributes["RawMessageDelivery"]
	if given && !isFlag(strings.ToLower(raw)) {
		return errInvalid("RawMessageDelivery: Invalid value [%s]. Must be true or false.", raw)
	}
	sub.raw = strings.EqualFold(raw, "true")
	if sub.raw && sub.protocol != "sqs" && !isHTTP(sub.protocol) {
		return errInvalid("Delivery protocol [%s] does not support raw message delivery.", sub.protocol)
	}
	scope, given := sub.attributes["FilterPolicyScope"]
	if given && scope != "MessageBody" && scope != "MessageAttributes" {
		return errInvalid("FilterPolicyScope: Invalid value [%s]. Please use either MessageBody or MessageAttributes", scope)
	}
	sub.body = scope == "MessageBody"
	var err error
	if sub.filter, err = compileFilter(sub.attributes["FilterPolicy"], sub.body); err != nil {
		return err
	}
	if sub.retry, err = parseDeliveryPolicy(sub.attributes["DeliveryPolicy"]); err != nil {
		return err
	}
	return sub.parseRedrive()
}

func (sub *subscription) parseRedrive() error {
	sub.deadLetter = ""
	text := sub.attributes["RedrivePolicy"]
	if text == "" {
		return nil
	}
	var redrive struct {
		DeadLetterTargetArn string `json:"deadLetterTargetArn"`
	}
	if err := wire.DecodeDocument(text, &redrive); err != nil {
		return errInvalid("RedrivePolicy: failed to parse JSON. %v", err)
	}
	if _, err := wire.Local("sqs", "", redrive.DeadLetterTargetArn); err != nil {
		return errInvalid("RedrivePolicy: deadLetterTargetArn is an invalid arn: %v", err)
	}
	sub.deadLetter = redrive.DeadLetterTargetArn
	return nil
}

func isFIFO(arn string) bool { return strings.HasSuffix(arn, ".fifo") }

func isHTTP(protocol string) bool { return protocol == "http" || protocol == "https" }

func (sub *subscription) describe() map[string]string {
	all := maps.Clone(sub.attributes)
	all["SubscriptionArn"] = sub.arn
	all["TopicArn"] = sub.topic
	all["Protocol"] = sub.protocol
	all["Endpoint"] = sub.endpoint
	all["Owner"] = wire.Account
	all["ConfirmationWasAuthenticated"] = flag(!sub.pending())
	all["PendingConfirmation"] = flag(sub.pending())
	all["RawMessageDelivery"] = flag(sub.raw)
	if sub.filter != nil && all["FilterPolicyScope"] == "" {
		all["FilterPolicyScope"] = "MessageAttributes"
	}
	if isHTTP(sub.protocol) {
		all["EffectiveDeliveryPolicy"] = sub.retry.effective()
	}
	return all
}

func flag(on bool) string {
	if on {
		return "true"
	}
	return "false"
}
