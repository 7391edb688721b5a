package sqs

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// systemAttributes lists the names of all system attributes (API reference, ReceiveMessage).
var systemAttributes = []string{
	"SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "AWSTraceHeader",
	"DeadLetterQueueSourceArn", "MessageGroupId", "MessageDeduplicationId", "SequenceNumber",
}

// system returns the system attributes that were requested under either member name.
func (m *message) system(older, names []string) map[string]string {
	if len(older)+len(names) == 0 {
		return nil
	}
	all := slices.Contains(older, "All") || slices.Contains(names, "All")
	chosen := map[string]string{}
	choose := func(name, value string) {
		if value != "" && (all || slices.Contains(older, name) || slices.Contains(names, name)) {
			chosen[name] = value
		}
	}
	choose("SenderId", m.sender)
	choose("SentTimestamp", milliseconds(m.sent))
	choose("ApproximateReceiveCount", strconv.Itoa(m.receives))
	choose("ApproximateFirstReceiveTimestamp", milliseconds(m.first))
	choose("AWSTraceHeader", m.trace)
	choose("DeadLetterQueueSourceArn", m.source)
	choose("MessageGroupId", m.group)
	choose("MessageDeduplicationId", m.dedup)
	if m.sequence > 0 {
		choose("SequenceNumber", m.sequenceNumber())
	}
	return chosen
}

func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// selectAttributes returns the message attributes that match the patterns: a name, a prefix such as "trace.*", or All
// or ".*" for all of them.
func selectAttributes(attributes map[string]MessageAttributeValue, patterns []string) map[string]MessageAttributeValue {
	chosen := map[string]MessageAttributeValue{}
	for name, v := range attributes {
		if slices.ContainsFunc(patterns, func(pattern string) bool {
			prefix, isPrefix := strings.CutSuffix(pattern, "*")
			return pattern == "All" || pattern == name || pattern == ".*" ||
				isPrefix && strings.HasPrefix(name, strings.TrimSuffix(prefix, "."))
		}) {
			chosen[name] = v
		}
	}
	return chosen
}
