package sqs

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/localcloud/policy"
	"example.com/localcloud/wire"
)

// MaxMessage is the maximum size of a message's body and attributes together, and of all messages of a batch, in
// bytes. AWS raised it from 256 KiB in August 2025.
const MaxMessage = 1 << 20

// settings holds a queue's parsed attributes.
type settings struct {
	visibility, retention, delay, wait time.Duration

	maxMessage    int // bytes
	redrive       *redrivePolicy
	allow         *allowPolicy
	policy        *policy.Document
	contentDedup  bool
	dedupPerGroup bool
}

// redrivePolicy is the attribute RedrivePolicy.
type redrivePolicy struct {
	DeadLetterTargetArn string  `json:"deadLetterTargetArn"`
	MaxReceiveCount     flexInt `json:"maxReceiveCount"`

	text string // as received, because errors repeat it
}

// allowPolicy is the attribute RedriveAllowPolicy.
type allowPolicy struct {
	RedrivePermission string   `json:"redrivePermission"` // allowAll, denyAll, byQueue
	SourceQueueArns   []string `json:"sourceQueueArns,omitempty"`
}

// flexInt is a number that may be quoted. Consoles and older tools quote maxReceiveCount.
type flexInt int

// UnmarshalJSON accepts 3 and "3".
func (n *flexInt) UnmarshalJSON(raw []byte) error {
	number, err := strconv.Atoi(strings.Trim(string(raw), `"`))
	*n = flexInt(number)
	return err
}

// parseSettings parses attributes that change has already validated one by one.
func parseSettings(attributes map[string]string) (settings, error) {
	s := settings{
		visibility:    seconds(attributes["VisibilityTimeout"]),
		retention:     seconds(attributes["MessageRetentionPeriod"]),
		delay:         seconds(attributes["DelaySeconds"]),
		wait:          seconds(attributes["ReceiveMessageWaitTimeSeconds"]),
		contentDedup:  attributes["ContentBasedDeduplication"] == "true",
		dedupPerGroup: attributes["DeduplicationScope"] == "messageGroup",
	}
	s.maxMessage, _ = strconv.Atoi(attributes["MaximumMessageSize"])
	if attributes["KmsMasterKeyId"] != "" && attributes["SqsManagedSseEnabled"] == "true" {
		return s, wire.Errorf("InvalidAttributeName", "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.")
	}
	if attributes["FifoThroughputLimit"] == "perMessageGroupId" && !s.dedupPerGroup {
		return s, wire.Errorf("InvalidAttributeValue", "FifoThroughputLimit perMessageGroupId needs DeduplicationScope messageGroup.")
	}
	return s, s.parseDocuments(attributes)
}

func (s *settings) parseDocuments(attributes map[string]string) error {
	if text := attributes["Policy"]; text != "" {
		document, err := policy.Parse(text)
		if err != nil {
			return wire.Errorf("InvalidAttributeValue", "Invalid value for the parameter Policy. %v", err)
		}
		s.policy = &document
	}
	if text := attributes["RedrivePolicy"]; text != "" {
		s.redrive = &redrivePolicy{text: text}
		if err := wire.DecodeDocument(text, s.redrive); err != nil {
			return errParameter("RedrivePolicy", text, "Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount]. "+err.Error())
		}
		if s.redrive.MaxReceiveCount < 1 || s.redrive.MaxReceiveCount > 1000 {
			return errParameter("RedrivePolicy", text, "Invalid value for maxReceiveCount: it must be 1 to 1000.")
		}
		attributes["RedrivePolicy"] = compact(s.redrive)
	}
	if text := attributes["RedriveAllowPolicy"]; text != "" {
		s.allow = &allowPolicy{}
		if wire.DecodeDocument(text, s.allow) != nil || !s.allow.valid() {
			return errParameter("RedriveAllowPolicy", text, "redrivePermission must be allowAll, denyAll, or byQueue with 1 to 10 sourceQueueArns of this account and region.")
		}
		attributes["RedriveAllowPolicy"] = compact(s.allow)
	}
	return nil
}

func (p *allowPolicy) valid() bool {
	switch p.RedrivePermission {
	case "allowAll", "denyAll":
		return len(p.SourceQueueArns) == 0
	case "byQueue":
		return len(p.SourceQueueArns) >= 1 && len(p.SourceQueueArns) <= 10 && !slices.ContainsFunc(p.SourceQueueArns, func(arn string) bool { return nameIn(arn) == "" })
	default:
		return false
	}
}

// admits reports whether the queue with this policy may be the dead-letter queue of the source.
func (p *allowPolicy) admits(source string) bool {
	return p == nil || p.RedrivePermission == "allowAll" ||
		p.RedrivePermission == "byQueue" && slices.Contains(p.SourceQueueArns, source)
}

func compact(document any) string {
	text, _ := json.Marshal(document) // texts and numbers only
	return string(text)
}

func seconds(text string) time.Duration {
	number, _ := strconv.Atoi(text)
	return time.Duration(number) * time.Second
}
